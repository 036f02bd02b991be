import Messages
import RPC
import TestKit
import TestRandom
import Testing

/// What the simulation's marketplace may offer, and what it knows of that.
struct MarketplaceModel {
  struct Allocation {
    var percent: Int64 = 100
    var keptBack: Int64 = 0
    var most: Int64?

    func offer(_ sku: String, free: Int64) -> Int64 {
      if ShopModel.made.contains(sku) { return most ?? 0 }
      let share = max(0, free - keptBack) * percent / 100
      return min(share, most ?? share)
    }

    var message: OrdersV1.StockAllocation {
      .init(shareMicros: percent * 10_000, keepBackUnits: keptBack, atMostUnits: most)
    }
  }

  var allocation = Allocation()
  var names: [String: (sku: String, allocation: Allocation?)] = [:]
  /// What it was told, by its code.
  var told: [String: Int64] = [:]
  var token = ""

  func offers(_ shop: ShopModel) -> [String: Int64] {
    var offers = told.mapValues { _ in Int64(0) }
    for (code, named) in names {
      offers[code] = (named.allocation ?? allocation).offer(named.sku, free: shop.free(named.sku))
    }
    return offers
  }
}

extension Workload {
  /// The marketplace names a product, forgets one, may offer more or less, or asks what it may.
  mutating func offerAbroad() async throws {
    let code = "x-\(random.number(1...4))"
    switch random.number(0...5) {
    case 0, 1:
      let sku = ["CHAIR", "LAMP", "TABLE"].randomElement(using: &random) ?? "CHAIR"
      let own = random.chance(50) ? randomAllocation() : nil
      _ = try await shop.marketplaces.upsertMarketplaces(
        .init(marketplaces: [marketplace]), options: shop.command())
      let named = try await shop.marketplaces.upsertMarketplaceProducts(
        .init(
          marketplaceCode: "MALL",
          products: [.init(externalSku: code, sku: sku, allocation: own?.message)]),
        options: shop.command())
      #expect(named.verdicts.allSatisfy { $0.outcome != .refused })
      abroad.names[code] = (sku, own)
    case 2 where !abroad.names.isEmpty:
      let done = try await shop.marketplaces.removeMarketplaceProducts(
        .init(marketplaceCode: "MALL", externalSkus: [code]), options: shop.command())
      let was = abroad.names.removeValue(forKey: code) != nil
      #expect(done.verdicts.map(\.outcome) == [was ? .removed : .unchanged])
    case 3:
      abroad.allocation = randomAllocation()
      _ = try await shop.marketplaces.upsertMarketplaces(
        .init(marketplaces: [marketplace]), options: shop.command())
    default: try await auditMarketplace()
    }
  }

  private var marketplace: OrdersV1.Marketplace {
    .init(
      code: "MALL", name: "商城", customerCode: "VIP", warehouseCode: "MAIN",
      allocation: abroad.allocation.message)
  }

  private mutating func randomAllocation() -> MarketplaceModel.Allocation {
    .init(
      percent: random.chance(50) ? 100 : random.number(0...99),
      keptBack: random.chance(50) ? 0 : random.number(1...4),
      most: random.chance(50) ? nil : random.number(0...6))
  }

  /// It asks for what has changed, in pages of any size, and then knows what it may offer.
  mutating func auditMarketplace() async throws {
    guard !abroad.names.isEmpty else { return }
    var answer = OrdersV1.ListMarketplaceStockResponse()
    repeat {
      answer = try await shop.marketplaces.listMarketplaceStock(
        .init(
          marketplaceCode: "MALL", pageSize: Int32(random.number(1...4)),
          resumeToken: abroad.token))
      abroad.token = answer.resumeToken
      for row in answer.rows {
        abroad.told[row.externalSku] = (row.quantity?.micros ?? 0) / 1_000_000
      }
    } while !answer.caughtUp
    #expect(abroad.told == abroad.offers(model))
  }
}
