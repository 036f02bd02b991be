private import Messages
private import RPC

/// One caller that asks what orders of 50 lines would cost, each of another product.
struct PriceLoad {
  static let lines = 50
  static let promotions = 10

  private let channel: RPCClient
  private let pricing: PricingV1.PricingServiceClient

  init(port: Int) {
    channel = RPCClient(.tcp(host: "127.0.0.1", port: port))
    pricing = PricingV1.PricingServiceClient(channel: channel)
  }

  /// Half of them take a share off some products, half give a pair of them a price; all add up.
  func runPromotions() async throws {
    let from = GoogleType.Date(year: 2020, month: 1, day: 1)
    let rows = (0..<Self.promotions).map { index -> PricingV1.Promotion in
      let skus = (0..<10).map { Company.sku(index * 10 + $0) }
      return index.isMultiple(of: 2)
        ? .init(
          code: "SHARE-\(index)", name: "减价", validFrom: from, items: skus.map { .init(sku: $0) },
          effect: .shareMicros(50_000))
        : .init(
          code: "PAIR-\(index)", name: "成套", validFrom: from,
          items: skus.prefix(2).map { .init(sku: $0, quantity: .init(micros: 1_000_000)) },
          set: true, effect: .setPrice(.init(currencyCode: "CNY", minorUnits: 15_000)))
    }
    _ = try await pricing.upsertPromotions(.init(promotions: rows), options: Company.command())
  }

  /// Seconds from each request to its answer.
  func ask(_ count: Int) async throws -> [Double] {
    var seconds: [Double] = []
    for number in 0..<count {
      let request = PricingV1.PriceOrderRequest(
        order: .init(
          channel: .store, customerCode: Company.customer(number % Company.customers),
          lines: (0..<Self.lines).map {
            .init(
              sku: Company.sku((number + $0) % Company.products),
              quantity: .init(micros: Int64(1 + $0 % 3) * 1_000_000))
          }, discountMicros: 30_000))
      let (reply, time) = try await withTaskExecutorPreference(channel.executor) {
        let start = ContinuousClock.now
        let reply = try await pricing.priceOrder(request)
        return (reply, (ContinuousClock.now - start).inSeconds)
      }
      seconds.append(time)
      guard reply.lines.count == Self.lines else { throw BenchFailure("not priced: \(reply)") }
    }
    return seconds
  }

  func close() async { await channel.close() }
}
