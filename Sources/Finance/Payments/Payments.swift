package import MasterData
package import Storage
package import Values

/// Questions about payments.
package enum Payments {
  package static func find(number: String, in snapshot: Snapshot) throws -> Payment? {
    try PaymentTable.find(number, in: snapshot)
  }

  /// The payment that a field of a request names; refuses an unknown one, and one out of
  /// scope.
  package static func require(
    number: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> Payment {
    guard let payment = try PaymentTable.seen(number, in: snapshot) else {
      throw FinanceRejection.unknownPayment(field: field(), number: number).ifNamed(number)
    }
    return payment
  }

  /// All of a customer, the oldest first, from the one after `id` on (nil: from the first).
  package static func list(
    of customer: Customer, after id: ID<Payment>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Payment] {
    try PaymentTable.list(of: customer.id, after: id ?? ID(0), limit: limit, in: snapshot).map {
      try PaymentTable.fetch($0, in: snapshot)
    }
  }

  /// A customer's, where it is in scope, the newest first.
  package static func newest(
    of customer: Customer, limit: Int, in snapshot: Snapshot
  ) throws -> [Payment] {
    try PaymentTable.newest(of: customer.id, limit: limit, in: snapshot).map {
      try PaymentTable.fetch($0, in: snapshot)
    }
  }

  /// All payments earmarked to a document, the oldest first; an order has few.
  package static func earmarked(
    to document: DocumentReference, in snapshot: Snapshot
  ) throws -> [Payment] {
    try PaymentTable.ofDocument(document, in: snapshot).map {
      try PaymentTable.fetch($0, in: snapshot)
    }
  }

  /// What a customer has paid and is not applied to an invoice, in the base currency.
  package static func unapplied(of customer: Customer, in snapshot: Snapshot) throws -> Money {
    Money(
      minor: try PaymentTable.unappliedMinor(of: customer.id, in: snapshot),
      currency: customer.creditLimit.currency)
  }

  // Money for a document is in its currency; nil stands for that of the books.

  /// What was received for a document, applied or not, less what was forfeited or given back.
  package static func received(
    for document: DocumentReference, _ currency: Currency? = nil, in snapshot: Snapshot
  ) throws -> Money {
    Money(
      minor: try PaymentTable.sums(of: document, in: snapshot).received,
      currency: try currency ?? Companies.current(in: snapshot).baseCurrency)
  }

  /// Of the earnest money for a document: what is left, and what was forfeited of it before.
  package static func earnest(
    for document: DocumentReference, _ currency: Currency, in snapshot: Snapshot
  ) throws -> (left: Money, forfeited: Money) {
    let (left, forfeited) = try PaymentUseTable.earnest(of: document, in: snapshot)
    return (
      Money(minor: left, currency: currency), Money(minor: forfeited, currency: currency)
    )
  }

  /// What of the money for a document was forfeited or given back.
  package static func used(
    _ kind: PaymentUseKind, of document: DocumentReference, _ currency: Currency? = nil,
    in snapshot: Snapshot
  ) throws -> Money {
    Money(
      minor: try PaymentUseTable.sum(kind, of: document, in: snapshot),
      currency: try currency ?? Companies.current(in: snapshot).baseCurrency)
  }

  /// What was paid for a document in one way, and is not given back.
  package static func held(
    _ method: PaymentMethod, for document: DocumentReference, in snapshot: Snapshot
  ) throws -> Money {
    let currency = try Companies.current(in: snapshot).baseCurrency
    return Money(
      minor: try PaymentTable.held(method, for: document, in: snapshot), currency: currency)
  }

  /// The payment for a document that the bank has not paid yet, the oldest; nil for none.
  package static func held(
    for document: DocumentReference, in snapshot: Snapshot
  ) throws -> Payment? {
    try PaymentTable.held(for: document, in: snapshot)
  }

  /// What was received for a document and is not applied to an invoice yet.
  package static func unapplied(
    earmark document: DocumentReference, _ currency: Currency? = nil, in snapshot: Snapshot
  ) throws -> Money {
    let (received, applied) = try PaymentTable.sums(of: document, in: snapshot)
    return Money(
      minor: received - applied,
      currency: try currency ?? Companies.current(in: snapshot).baseCurrency)
  }
}
