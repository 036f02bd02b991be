import Finance
import MasterData
import Values

/// What of a product is at a location: a cache of the sum of its moves, kept with them (law 5).
struct StockBalance: Hashable, Sendable {
  var onHand: Quantity
  var reserved: Quantity
  /// What the goods on hand cost. Value and quantity are kept, never an average (DOMAIN 5.12).
  var value: Money

  /// A hundred thousand million units, the most of one product that one place counts: a hundred
  /// requests of the largest size, and the sums over all places still fit. Where goods come from
  /// and go to, it is as many below zero.
  static let highest = Quantity(micros: 100_000_000_000_000_000)
  /// The most that they may cost, in minor units.
  static let highestValueMinor: Int64 = 100_000_000_000_000_000

  /// What can still be promised.
  var free: Quantity { Quantity(micros: onHand.micros - reserved.micros) }

  /// What `quantity` of these goods cost: round(V × q ÷ Q), and the last unit takes all the rest,
  /// so that no value stays where no goods are.
  func cost(of quantity: Quantity) throws -> Money {
    quantity == onHand ? value : try value.allocated(quantity, of: onHand)
  }

  /// What leaves when the mover knows the cost himself: his figure, as far as there is so much, and
  /// all the rest with the last unit.
  func cost(of quantity: Quantity, given: Money) -> Money {
    quantity == onHand || given.minor > value.minor ? value : given
  }
}
