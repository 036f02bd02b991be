package import MasterData
package import Values

/// How much of what is free a marketplace may offer.
package struct StockAllocation: Hashable, Sendable {
  /// Of what is free beyond what is kept back.
  package internal(set) var share: Rate
  /// Base units that are never offered.
  package internal(set) var keepBackUnits: Int64
  /// Base units that are offered at most; nil for no bound.
  package internal(set) var atMostUnits: Int64?

  package init(share: Rate, keepBackUnits: Int64 = 0, atMostUnits: Int64? = nil) {
    self.share = share
    self.keepBackUnits = keepBackUnits
    self.atMostUnits = atMostUnits
  }

  /// Whatever is free.
  package static let all = StockAllocation(share: .one)

  /// A thousand million.
  static let highestUnits: Int64 = 1_000_000_000

  /// What of a product may be offered when so much of it is free: rounded down, in whole units
  /// where it is sold in such, so that nobody is offered what is not there. What has no stock
  /// (it is made to order, or a service) is offered as often as is said, and raw material never.
  package func offer(of product: Product, free: Quantity) -> Quantity {
    let unit = Int128(Quantity.one.micros)
    let most = atMostUnits.map { Int128($0) * unit }
    var offered: Int128
    switch product.kind {
    case .stocked:
      offered = max(0, Int128(free.micros) - Int128(keepBackUnits) * unit)
      offered = offered * Int128(share.micros) / Int128(Rate.one.micros)
      offered = min(offered, most ?? offered)
    case .madeToOrder, .service: offered = most ?? 0
    case .rawMaterial: offered = 0
    }
    if product.countsInWholeUnits { offered -= offered % unit }
    // Between 0 and what is free, or a thousand million units.
    return Quantity(micros: Int64(offered))
  }
}

extension FieldCheck {
  mutating func allocation(_ given: StockAllocation) {
    range(given.share, "allocation.share_micros", .zero ... .one)
    range(
      given.keepBackUnits, "allocation.keep_back_units", 0...StockAllocation.highestUnits)
    if let most = given.atMostUnits {
      range(most, "allocation.at_most_units", 0...StockAllocation.highestUnits)
    }
  }
}
