import Messages
import RPC
import TestKit

extension Workload {
  /// Chairs are counted in twos as well, and lamps in threes, which have a price of their own: one
  /// of three comes to no whole number of millionths.
  static func packUp(_ shop: Shop) async throws {
    _ = try await shop.products.upsertProductUnits(
      .init(units: [
        .init(sku: "CHAIR", unitCode: "couple", baseQuantity: pieces(2)),
        .init(sku: "LAMP", unitCode: "trio", baseQuantity: pieces(3)),
      ]), options: shop.command())
    let price = TypeV1.UnitPrice(
      currencyCode: "CNY", micros: ShopModel.threeLamps * 10_000)
    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "RETAIL", sku: "LAMP", unitPrice: price, minimumQuantity: pieces(3),
          validFrom: .init(year: 2026, month: 1, day: 1), unitCode: "trio")
      ]), options: shop.command())
  }
}
