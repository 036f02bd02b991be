package import Inventory
package import MasterData
package import Values

/// How the goods of a line come to be.
package enum Sourcing: String, Hashable, Sendable, CaseIterable {
  case stock = "STOCK"
  /// By a work order of its own.
  case make = "MAKE"
  /// Nothing is moved.
  case service = "SERVICE"

  /// Nil for what is not sold.
  init?(_ kind: ProductKind) {
    switch kind {
    case .stocked: self = .stock
    case .madeToOrder: self = .make
    case .service: self = .service
    case .rawMaterial: return nil
    }
  }
}

/// One line of a sales order. Always ordered = shipped + cancelled + open, delivered ≤ shipped,
/// invoiced ≤ delivered. Price and tax are fixed when the order is submitted and belong to the
/// ordered quantity as a whole.
package struct SalesOrderLine: Hashable, Sendable {
  /// From 1, in the order of the draft.
  package internal(set) var number: Int
  /// Nil in a draft that was never submitted.
  package var product: ID<Product>?
  package let sku: String
  /// The product's name when the order was submitted.
  package var description: String
  /// Base unit of the product; in a draft as the caller gave it.
  package var unit: String
  /// Nil in a draft that was never submitted.
  package var sourcing: Sourcing?
  package internal(set) var ordered: Quantity
  /// What the caller asked for, where that was not in the base unit: 2 box.
  package internal(set) var asked: GivenQuantity?
  /// Its parts that are wanted on different days, in their order; none where all of it is wanted as
  /// the order is.
  package internal(set) var schedules: [LineSchedule] = []
  package var cancelled: Quantity = .zero
  package var shipped: Quantity = .zero
  package var delivered: Quantity = .zero
  package var invoiced: Quantity = .zero
  /// What is open of it a supplier brings straight to the customer: nothing of it is reserved.
  package internal(set) var isDropShipped = false
  /// What Inventory holds for this line now and has not left; not stored here.
  package var reserved: Quantity = .zero
  /// Of a line that waited once: what the customer was told, and when all of it is there as far as
  /// is known; not stored here, and only there where it was asked for.
  package internal(set) var promisedOn: Day?
  package internal(set) var expectedOn: Day?
  /// Before discount; with tax where the order's prices hold it.
  package var unitPrice: UnitPrice
  package internal(set) var discount: Rate
  /// What it costs less by rules and by discounts on the whole order, in the order of their turn.
  package var adjustments: [Adjustment] = []
  /// Of the ordered quantity, after all discounts.
  package var net: Money
  package var taxRate: Rate
  package var tax: Money
  package let note: String
  /// What the customer asks for about its goods; nil for nothing of its own.
  package internal(set) var instructions: OrderInstructions?
  /// Names the charge that the line is for, which follows from the rest of the order; empty for
  /// what the customer asked for.
  package var charge: String = ""
  package var priceExplanation: Explanation
  /// What the customer chose of a configurable product.
  package var choice: ChosenConfiguration?
  /// All that it comes to; fixed when the order is submitted.
  package var configuration: Configuration?

  /// The sum of the adjustments.
  package var reduction: Money {
    Money(minor: adjustments.reduce(0) { $0 + $1.amount.minor }, currency: net.currency)
  }

  // The quantities of a line are each at most what was ordered, which is bounded: no overflow here.

  /// Neither cancelled nor gone.
  package var open: Quantity {
    Quantity(micros: ordered.micros - cancelled.micros - shipped.micros)
  }
  /// Gone or not, but not cancelled and not yet at the customer's.
  package var undelivered: Quantity {
    Quantity(micros: ordered.micros - cancelled.micros - delivered.micros)
  }
  package var uninvoiced: Quantity { Quantity(micros: delivered.micros - invoiced.micros) }
  package var wanted: Quantity { Quantity(micros: ordered.micros - cancelled.micros) }
  /// Not ordered any more since a change: it costs nothing and counts for nothing.
  package var isTakenOut: Bool {
    !isAlive && priceExplanation.steps.first?.rule == Self.takenOutRule
  }
  static let takenOutRule = "TAKEN_OUT"

  /// Its goods leave our own shelves.
  var isServedFromStock: Bool { sourcing != .service && !isDropShipped }

  /// Something of it is not cancelled.
  var isAlive: Bool { cancelled < ordered }

  /// Net and tax of the first `quantity` units: the cumulative share by which parts always sum to
  /// the line (DOMAIN 5.8). Never price × quantity rounded again.
  func amount(upTo quantity: Quantity) throws(ArithmeticError) -> LineAmount {
    LineAmount(
      net: try net.allocated(quantity, of: ordered), tax: try tax.allocated(quantity, of: ordered))
  }

  /// Net and tax of the units after the first `done` up to `quantity`.
  func amount(from done: Quantity, upTo quantity: Quantity) throws(ArithmeticError) -> LineAmount {
    let (before, after) = (try amount(upTo: done), try amount(upTo: quantity))
    return LineAmount(net: try after.net - before.net, tax: try after.tax - before.tax)
  }
}

/// A part of a line's amounts.
struct LineAmount: Hashable {
  let net: Money
  let tax: Money

  func gross() throws(ArithmeticError) -> Money { try net + tax }
}
