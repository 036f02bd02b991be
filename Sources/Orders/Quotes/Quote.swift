package import Values

/// Where a quote stands. All but EXPIRED is stored; that follows from the calendar.
package enum QuoteState: String, Hashable, Sendable, CaseIterable {
  /// The customer may take it. Can transition to any other state.
  case open = "OPEN"
  /// Was valid until a day that is over. A revision makes it OPEN; otherwise LOST or LAPSED.
  case expired = "EXPIRED"
  /// There is an order. Final.
  case won = "WON"
  /// The customer refused it. Final.
  case lost = "LOST"
  /// It expired and nobody came back to it. Final.
  case lapsed = "LAPSED"
}

/// An offer to a customer. What is offered stands in its revisions, of which the newest counts.
package struct Quote: Hashable, Sendable {
  package var id: ID<Quote>
  /// "QU-2026-000123".
  package let number: String
  /// Counts the changes, from 1.
  package var version: Int64 = 1
  /// As it is stored: an expired quote is still OPEN here.
  var storedState: QuoteState = .open
  package let customerCode: String
  /// The customer's name when the quote was given.
  package let customerName: String
  /// Total with tax, of the variant that was taken, otherwise of the first.
  package var gross: Money
  /// How many there are, and the number of the newest.
  package var revisions: Int = 1
  /// The last day on which the newest revision can be taken.
  package var validUntil: Day
  /// The variant that became the order; nil while none has.
  package var wonVariant: Int?
  package var orderNumber: String?
  /// Why it was won or lost; empty when nobody said.
  package var reasonCode: String = ""
  package var comment: String = ""
  package let createdBy: String
  package let createdAt: Instant
  /// The day of `createdAt` at the company's site.
  package let createdOn: Day
  /// When it was won, lost or lapsed.
  package var decidedOn: Day?
  /// That it is an offer for; nil for none.
  package internal(set) var opportunityNumber: String?

  package var reference: DocumentReference { DocumentReference(.quote, number) }

  package func state(on day: Day) -> QuoteState {
    storedState == .open && validUntil < day ? .expired : storedState
  }

  /// Refuses a quote that somebody else has changed since the caller read it.
  func expect(version expected: Int64?) throws {
    try OrdersRejection.checkVersion(of: number, expected: expected, stored: version)
  }

  /// Refuses `action` in any other state: one that has its order says which, and one whose time is
  /// over until when it was valid.
  func expect(_ action: String, in states: Set<QuoteState>, on day: Day) throws {
    let state = state(on: day)
    guard !states.contains(state) else { return }
    if let orderNumber {
      throw QuoteRejection.alreadyConverted(quote: number, order: orderNumber)
    }
    if state == .expired {
      throw QuoteRejection.expired(quote: number, validUntil: validUntil, day: day)
    }
    throw QuoteRejection.stateForbids(quote: number, state: state, action: action)
  }
}

/// What was offered at one time. Only approvals are added to it later.
package struct QuoteRevision: Hashable, Sendable {
  /// From 1.
  package let revision: Int
  package let validUntil: Day
  package let note: String
  package let createdBy: String
  /// Of `createdBy` then: what they may give without asking, they have given.
  let roles: Set<String>
  package let createdAt: Instant
  /// Of its prices: the day of `createdAt` at the company's site.
  let createdOn: Day
  package internal(set) var variants: [QuoteVariant]
}

/// One of the alternatives that the customer can choose from.
package struct QuoteVariant: Hashable, Sendable {
  /// From 1.
  package let number: Int
  package let title: String
  /// The order that it becomes, with everything that submitting decides; without a number, and
  /// nothing of it is promised.
  package internal(set) var order: SalesOrder
  /// That somebody took off the price of a line, as approval rules judge it.
  let largestDiscount: Rate
}

/// A quote with one of its revisions.
package struct OfferedQuote: Hashable, Sendable {
  package internal(set) var quote: Quote
  package internal(set) var revision: QuoteRevision
}
