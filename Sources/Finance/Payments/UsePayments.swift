import MasterData
package import Storage
package import Values

/// Takes of the money that was received for a document, or for nothing in particular, what no
/// invoice has used: earnest money that is forfeited, or money that goes back to the customer, the
/// oldest first. What was paid with a
/// gift card goes back to the card, and what was paid with points comes back as points.
package struct UsePayments: Sendable {
  /// Of which the money is, or the payout that takes it off the account.
  package let document: DocumentReference
  package let kind: PaymentUseKind
  /// Zero for nothing.
  package let amount: Money
  private let payout: Payout?

  package init(of document: DocumentReference, for kind: PaymentUseKind, amount: Money) {
    self.document = document
    self.kind = kind
    self.amount = amount
    payout = nil
  }

  /// What is on account goes back.
  init(of payout: Payout) {
    document = payout.reference
    kind = .refunded
    amount = payout.amount
    self.payout = payout
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    var rest = amount
    while rest.minor > 0 {
      guard let payment = try oldest(in: tx) else { throw try missing(rest) }
      if kind == .refunded, payment.clearing == .held {
        throw FinanceRejection.notCleared(number: payment.number, method: payment.method)
      }
      let part = Money(minor: min(rest.minor, payment.unapplied.minor), currency: rest.currency)
      let worth = try worth(of: part, payment, in: tx, at: now)
      let gain = try worth.payment - worth.now
      let use = try PaymentUseTable.insert(
        part, worth: worth, of: payment.id, for: kind, payout: payout?.id, at: now, in: tx)
      let to = try settle(part, worth: worth, of: payment, use: use, in: tx, at: now)
      tx.record(
        DomainEvent(
          "payment.\(kind.words)", payment.reference, related: document,
          [Fact("amount", part), Fact("to", to)]
            + (gain.minor == 0 ? [] : [Fact("exchange_gain", gain)])))
      rest = try rest - part
    }
  }

  private func oldest(in tx: Transaction) throws -> Payment? {
    guard let payout else {
      return try PaymentUseTable.oldest(of: document, for: kind, in: tx)
    }
    return try PaymentTable.oldestOnAccount(
      of: payout.customer, in: payout.amount.currency, in: tx)
  }

  private func missing(_ rest: Money) throws -> FinanceRejection {
    guard let payout else {
      return .notThatMuchHeld(document: document, requested: amount, held: try amount - rest)
    }
    return .notThatMuchOnAccount(
      field: nil, customer: payout.customerCode, requested: amount, free: try amount - rest)
  }

  /// Posts a use; the number of the gift card or of the points that it went to, empty for neither.
  private func settle(
    _ part: Money, worth: (payment: Money, now: Money), of payment: Payment, use: Int64,
    in tx: Transaction, at now: Moment
  ) throws -> String {
    if kind == .refunded, payment.method == .points {
      let points = try Points.giveBack(part, of: payment, use: use, in: tx, at: now)
      return "\(points) points"
    }
    let card =
      kind == .refunded && payment.method == .giftCard
      ? try GiftCard.takeBack(part, of: payment, in: tx, at: now) : nil
    try PostEntry.paymentUsed(
      payment.number, for: kind, use: use, amount: part, worth: worth,
      customer: payment.customerCode, toGiftCard: card != nil
    )?.run(in: tx, at: now)
    return card?.number ?? ""
  }
}

extension UsePayments {
  /// In the base currency: what it was worth when it came in, and is now. What leaves the bank is
  /// worth what it is on that day.
  private func worth(
    of part: Money, _ payment: Payment, in tx: Transaction, at now: Moment
  ) throws -> (payment: Money, now: Money) {
    let before = try payment.worth(of: part)
    guard kind == .refunded, payment.rate != nil else { return (before, before) }
    let rate = try ExchangeRates.rate(
      of: part.currency, base: before.currency, on: now.day, field: "order_number", in: tx)
    return (before, try rate?.base(of: part) ?? before)
  }
}

/// All SQL of `payment_use`: rows are written once and never changed.
enum PaymentUseTable {
  /// The id of the new row, which makes its journal entry unique.
  static func insert(
    _ amount: Money, worth: (payment: Money, now: Money), of payment: ID<Payment>,
    for kind: PaymentUseKind, carriedTo other: ID<Payment>? = nil, payout: ID<Payout>? = nil,
    at now: Moment, in tx: Transaction
  ) throws -> Int64 {
    let id: ID<PaymentUse> = try tx.insert(
      """
      INSERT INTO payment_use (payment_id, kind, amount_minor, currency, used_on, used_at,
        carried_to, payment_base_minor, used_base_minor, payout_id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, payment, kind, amount.minor, amount.currency, now.day, now.instant, other,
      worth.payment.minor, worth.now.minor, payout)
    try tx.execute(
      """
      UPDATE payment SET applied_minor = applied_minor + ?, settled_minor = settled_minor + ?,
        base_applied_minor = base_applied_minor + ?
      WHERE id = ?
      """, amount.minor, amount.minor, worth.payment.minor, payment)
    return id.value
  }

  static func ofPayment(
    _ payment: ID<Payment>, _ base: Currency, in snapshot: Snapshot
  ) throws -> [PaymentUse] {
    try snapshot.all(
      """
      SELECT u.kind, u.amount_minor, u.currency, u.used_on, p.number,
        u.payment_base_minor - u.used_base_minor
      FROM payment_use AS u LEFT JOIN payment AS p ON p.id = u.carried_to
      WHERE u.payment_id = ? ORDER BY u.id
      """, payment
    ) { row in
      PaymentUse(
        kind: try row.value(0), amount: row.money(1, 2), usedOn: row.day(3),
        exchangeGain: Money(minor: row.int64(5), currency: base),
        carriedTo: row.optionalText(4))
    }
  }

  /// The number of the payment that one was a part of; nil for one that came in by itself.
  static func source(of payment: ID<Payment>, in snapshot: Snapshot) throws -> String? {
    try snapshot.first(
      """
      SELECT p.number FROM payment_use AS u JOIN payment AS p ON p.id = u.payment_id
      WHERE u.carried_to = ?
      """, payment
    ) { $0.text(0) }
  }

  /// A payment and all that was carried from it, itself first.
  static func parts(of payment: ID<Payment>, in snapshot: Snapshot) throws -> [ID<Payment>] {
    try snapshot.all(
      """
      WITH RECURSIVE part (id) AS (
        SELECT ?
        UNION ALL
        SELECT u.carried_to FROM payment_use AS u JOIN part ON u.payment_id = part.id
        WHERE u.kind = 'CARRIED'
      )
      SELECT id FROM part ORDER BY id
      """, payment
    ) { $0.id(0) }
  }

  /// The payment that one came in with, and what was refunded of that and of all its parts.
  static func root(
    of payment: ID<Payment>, in snapshot: Snapshot
  ) throws -> (id: ID<Payment>, amount: Money, refunded: Money) {
    let found: (id: ID<Payment>, amount: Money, refunded: Money)? = try snapshot.first(
      """
      WITH RECURSIVE origin (id) AS (
        SELECT ?
        UNION ALL
        SELECT u.payment_id FROM payment_use AS u JOIN origin ON u.carried_to = origin.id
      ), root (id) AS (
        SELECT id FROM origin
        WHERE NOT EXISTS (SELECT 1 FROM payment_use AS u WHERE u.carried_to = origin.id)
      ), part (id) AS (
        SELECT id FROM root
        UNION ALL
        SELECT u.carried_to FROM payment_use AS u JOIN part ON u.payment_id = part.id
        WHERE u.kind = 'CARRIED'
      )
      SELECT p.id, p.amount_minor, p.currency, (
          SELECT COALESCE(SUM(u.amount_minor), 0)
          FROM part JOIN payment_use AS u ON u.payment_id = part.id WHERE u.kind = 'REFUNDED')
      FROM root JOIN payment AS p ON p.id = root.id
      """, payment
    ) { ($0.id(0), $0.money(1, 2), $0.money(3, 2)) }
    guard let found else { throw MissingRow("payment", payment.value) }
    return found
  }

  /// The oldest payment for a document with something left; only earnest money can be forfeited.
  static func oldest(
    of document: DocumentReference, for kind: PaymentUseKind, in snapshot: Snapshot
  ) throws -> Payment? {
    let id: ID<Payment>? = try snapshot.first(
      """
      SELECT id FROM payment
      WHERE earmark_kind = ? AND earmark_number = ? AND applied_minor < amount_minor
        AND (? = 0 OR kind = 'EARNEST')
      ORDER BY id LIMIT 1
      """, document.kind, document.number, kind == .forfeited
    ) { $0.id(0) }
    return try id.flatMap { try PaymentTable.header($0, in: snapshot) }
  }

  static func earnest(
    of document: DocumentReference, in snapshot: Snapshot
  ) throws -> (left: Int64, forfeited: Int64) {
    let left = try snapshot.first(
      """
      SELECT COALESCE(SUM(amount_minor - applied_minor), 0) FROM payment
      WHERE earmark_kind = ? AND earmark_number = ? AND kind = 'EARNEST'
      """, document.kind, document.number
    ) { $0.int64(0) }
    return (left ?? 0, try sum(.forfeited, of: document, in: snapshot))
  }

  static func sum(
    _ kind: PaymentUseKind, of document: DocumentReference, in snapshot: Snapshot
  ) throws -> Int64 {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(u.amount_minor), 0)
      FROM payment AS p JOIN payment_use AS u ON u.payment_id = p.id
      WHERE p.earmark_kind = ? AND p.earmark_number = ? AND u.kind = ?
      """, document.kind, document.number, kind
    ) { $0.int64(0) } ?? 0
  }
}

extension PaymentUseKind: Bindable {}
