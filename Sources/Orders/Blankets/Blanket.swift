package import MasterData
package import Values

/// Where a blanket order stands. Only CLOSED is stored; the rest follows from the calendar.
package enum BlanketState: String, Hashable, Sendable, CaseIterable {
  /// Its first day is still to come.
  case upcoming = "UPCOMING"
  /// Orders may call off.
  case active = "ACTIVE"
  /// Its last day is over.
  case expired = "EXPIRED"
  /// Ended early. Final.
  case closed = "CLOSED"
}

/// What a customer has agreed to take over time, at which price, in one currency. It promises
/// nothing of stock or credit: each order that calls off does, at the exchange rate of its own day.
package struct Blanket: Hashable, Sendable {
  package var id: ID<Blanket>
  /// "BO-2026-000012".
  package let number: String
  /// Counts the changes, from 1.
  package var version: Int64 = 1
  package let customerCode: String
  /// The customer's name when it was agreed.
  package let customerName: String
  /// The first and the last day on which orders may call off.
  package let validFrom: Day
  package let validUntil: Day
  package let note: String
  /// Why it was ended early; nil when it was not.
  package var closeReason: String?
  package let createdBy: String
  package let createdAt: Instant
  package var lines: [BlanketLine] = []

  package var reference: DocumentReference { DocumentReference(.blanketOrder, number) }

  /// In which its prices are; orders that call off are in it. Nil without lines.
  var currency: Currency? { lines.first?.unitPrice.currency }

  package func state(on day: Day) -> BlanketState {
    if closeReason != nil { return .closed }
    return day < validFrom ? .upcoming : day > validUntil ? .expired : .active
  }
}

/// What is agreed of one product.
package struct BlanketLine: Hashable, Sendable {
  /// From 1.
  package let number: Int
  package let product: ID<Product>
  package let sku: String
  package let description: String
  package let unit: String
  package let agreed: Quantity
  /// What orders that are no drafts have of it and have not cancelled; not stored here.
  package var called: Quantity = .zero
  package let unitPrice: UnitPrice
  package let isTaxIncluded: Bool
  package let priceExplanation: Explanation

  /// What may still be called off. Both are at most what was agreed: no overflow.
  var left: Quantity { Quantity(micros: agreed.micros - called.micros) }
}
