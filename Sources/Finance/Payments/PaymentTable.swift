import MasterData
import Storage
import Values

/// All SQL of `payment`.
enum PaymentTable {
  static func find(_ number: String, in snapshot: Snapshot) throws -> Payment? {
    let id: ID<Payment>? = try snapshot.first(
      "SELECT id FROM payment WHERE number = ?", number
    ) { $0.id(0) }
    return try id.map { try fetch($0, in: snapshot) }
  }

  /// Nil when there is none of a customer in scope.
  static func seen(_ number: String, in snapshot: Snapshot) throws -> Payment? {
    let id: ID<Payment>? = try snapshot.first(
      """
      SELECT p.id FROM payment AS p JOIN view_customer_owner AS c ON c.id = p.customer_id
      WHERE p.number = ? AND in_scope(c.owner, c.store_code)
      """, number
    ) { $0.id(0) }
    return try id.map { try fetch($0, in: snapshot) }
  }

  /// The payment with its applications.
  static func fetch(_ id: ID<Payment>, in snapshot: Snapshot) throws -> Payment {
    guard var payment = try header(id, in: snapshot) else { throw MissingRow("payment", id.value) }
    let base = payment.baseAmount.currency
    payment.applications = try ApplicationTable.ofPayment(id, base, in: snapshot)
    payment.uses = try PaymentUseTable.ofPayment(id, base, in: snapshot)
    payment.carriedFrom = try PaymentUseTable.source(of: id, in: snapshot)
    payment.releases = try ReleaseTable.ofPayment(id, base, in: snapshot)
    return payment
  }

  static func header(_ id: ID<Payment>, in snapshot: Snapshot) throws -> Payment? {
    try snapshot.first(
      """
      SELECT id, number, customer_id, customer_code, amount_minor, currency,
        COALESCE(voucher, instrument, method), external_reference, earmark_kind, earmark_number,
        received_on,
        applied_minor, kind, rate_micros, rate_units, base_currency, base_amount_minor,
        base_applied_minor, clearing
      FROM payment WHERE id = ?
      """, id
    ) { row in
      let rate = row.exchangeRate(13, 14, 15, of: 5)
      let base = rate == nil ? 5 : 15
      let kind: DocumentKind? = try row.optionalValue(8)
      return Payment(
        id: row.id(0), number: row.text(1), customer: row.id(2), customerCode: row.text(3),
        amount: row.money(4, 5), method: try row.value(6), externalReference: row.optionalText(7),
        earmark: kind.map { DocumentReference($0, row.text(9)) }, receivedOn: row.day(10),
        kind: try row.value(12), rate: rate, baseAmount: row.money(16, base),
        baseApplied: row.money(17, base), applied: row.money(11, 5), applications: [],
        clearing: try row.optionalValue(18))
    }
  }

  /// The number of the payment that carries a reference; empty where its customer is out of scope.
  static func number(
    of method: PaymentMethod, reference: String, in snapshot: Snapshot
  ) throws -> String? {
    try snapshot.first(
      """
      SELECT CASE WHEN in_scope(c.owner, c.store_code) THEN p.number ELSE '' END
      FROM payment AS p JOIN view_customer_owner AS c ON c.id = p.customer_id
      WHERE p.method = ? AND p.external_reference = ?
      """, method.stored, reference
    ) { $0.text(0) }
  }

  /// The oldest payment of a document that the bank has not paid yet; nil for none.
  static func held(for earmark: DocumentReference, in snapshot: Snapshot) throws -> Payment? {
    let id: ID<Payment>? = try snapshot.first(
      """
      SELECT id FROM payment
      WHERE earmark_kind = ? AND earmark_number = ? AND clearing = 'HELD' ORDER BY id LIMIT 1
      """, earmark.kind, earmark.number
    ) { $0.id(0) }
    return try id.flatMap { try header($0, in: snapshot) }
  }

  static func set(clearing: Clearing, of id: ID<Payment>, in tx: Transaction) throws {
    try tx.execute("UPDATE payment SET clearing = ? WHERE id = ?", clearing, id)
  }

  /// The oldest payment in a currency with money left for an invoice of `order`: earmarked to it,
  /// or else for nothing in particular.
  static func oldestFree(
    for order: DocumentReference, of customer: ID<Customer>, in currency: Currency,
    _ snapshot: Snapshot
  ) throws -> Payment? {
    if let earmarked = try oldest(for: order, of: customer, in: snapshot) { return earmarked }
    return try oldestOnAccount(of: customer, in: currency, in: snapshot)
  }

  /// The oldest payment in a currency for nothing in particular with money left.
  static func oldestOnAccount(
    of customer: ID<Customer>, in currency: Currency, in snapshot: Snapshot
  ) throws -> Payment? {
    let free: ID<Payment>? = try snapshot.first(
      """
      SELECT id FROM payment
      WHERE customer_id = ? AND earmark_kind IS NULL AND applied_minor < amount_minor
        AND currency = ?
      ORDER BY id LIMIT 1
      """, customer, currency
    ) { $0.id(0) }
    return try free.flatMap { try header($0, in: snapshot) }
  }

  /// The oldest payment that is earmarked to `order`, and so in its currency, and has money left.
  static func oldest(
    for order: DocumentReference, of customer: ID<Customer>, in snapshot: Snapshot
  ) throws -> Payment? {
    let earmarked: ID<Payment>? = try snapshot.first(
      """
      SELECT id FROM payment
      WHERE earmark_kind = ? AND earmark_number = ? AND customer_id = ?
        AND applied_minor < amount_minor
      ORDER BY id LIMIT 1
      """, order.kind, order.number, customer
    ) { $0.id(0) }
    return try earmarked.flatMap { try header($0, in: snapshot) }
  }

  /// The oldest payment for nothing in particular with money left that an open invoice in its
  /// currency could use.
  static func oldestUseful(of customer: ID<Customer>, in snapshot: Snapshot) throws -> Payment? {
    let free: ID<Payment>? = try snapshot.first(
      """
      SELECT id FROM payment AS p
      WHERE customer_id = ? AND earmark_kind IS NULL AND applied_minor < amount_minor
        AND EXISTS (
          SELECT 1 FROM invoice AS i
          WHERE i.customer_id = p.customer_id AND i.currency = p.currency
            AND i.paid_minor < i.gross_minor)
      ORDER BY id LIMIT 1
      """, customer
    ) { $0.id(0) }
    return try free.flatMap { try header($0, in: snapshot) }
  }

  /// In minor units of the base currency.
  static func unappliedMinor(of customer: ID<Customer>, in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first(
      """
      SELECT coalesce(sum(base_amount_minor - base_applied_minor), 0) FROM payment
      WHERE customer_id = ? AND applied_minor < amount_minor
      """, customer
    ) { $0.int64(0) } ?? 0
  }

  static func list(
    of customer: ID<Customer>, after id: ID<Payment>, limit: Int, in snapshot: Snapshot
  ) throws -> [ID<Payment>] {
    try snapshot.all(
      "SELECT id FROM payment WHERE customer_id = ? AND id > ? ORDER BY id LIMIT ?", customer, id,
      limit
    ) { $0.id(0) }
  }

  static func newest(
    of customer: ID<Customer>, limit: Int, in snapshot: Snapshot
  ) throws -> [ID<Payment>] {
    try snapshot.all(
      """
      SELECT id FROM payment
      WHERE customer_id = ?
        AND EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.id = payment.customer_id AND in_scope(c.owner, c.store_code))
      ORDER BY id DESC LIMIT ?
      """, customer, limit
    ) { $0.id(0) }
  }

  static func ofDocument(
    _ earmark: DocumentReference, in snapshot: Snapshot
  ) throws -> [ID<Payment>] {
    try snapshot.all(
      "SELECT id FROM payment WHERE earmark_kind = ? AND earmark_number = ? ORDER BY id",
      earmark.kind, earmark.number
    ) { $0.id(0) }
  }

  /// What was received for a document and not forfeited or given back since, and what of it is
  /// applied, in minor units.
  static func sums(
    of earmark: DocumentReference, in snapshot: Snapshot
  ) throws -> (received: Int64, applied: Int64) {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(amount_minor - settled_minor), 0),
        COALESCE(SUM(applied_minor - settled_minor), 0)
      FROM payment WHERE earmark_kind = ? AND earmark_number = ?
      """, earmark.kind, earmark.number
    ) { ($0.int64(0), $0.int64(1)) } ?? (0, 0)
  }

  static func held(
    _ method: PaymentMethod, for earmark: DocumentReference, in snapshot: Snapshot
  ) throws -> Int64 {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(amount_minor - settled_minor), 0) FROM payment
      WHERE earmark_kind = ? AND earmark_number = ? AND COALESCE(voucher, instrument, method) = ?
      """, earmark.kind, earmark.number, method
    ) { $0.int64(0) } ?? 0
  }

  static func insert(
    _ payment: ReceivePayment, _ rate: ExchangeRate?, base: Money, method: PaymentMethod,
    reference: String?, number: String, at now: Moment, in tx: Transaction
  ) throws -> Payment {
    let clearing: Clearing? = method.isInstrument && !payment.isWithCarrier ? .held : nil
    let id: ID<Payment> = try tx.insert(
      """
      INSERT INTO payment (number, customer_id, customer_code, amount_minor, currency, method,
        external_reference, earmark_kind, earmark_number, received_on, recorded_at, kind, voucher,
        applied_minor, rate_micros, rate_units, base_currency, base_amount_minor, instrument,
        clearing)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)
      """, number, payment.customer.id, payment.customer.code, payment.amount.minor,
      payment.amount.currency, method.stored, reference, payment.earmark?.kind,
      payment.earmark?.number, payment.receivedOn, now.instant, payment.kind, method.voucher,
      rate?.micros, rate?.units, rate?.base, base.minor, method.instrument, clearing)
    return Payment(
      id: id, number: number, customer: payment.customer.id, customerCode: payment.customer.code,
      amount: payment.amount, method: method, externalReference: reference,
      earmark: payment.earmark, receivedOn: payment.receivedOn, kind: payment.kind,
      rate: rate, baseAmount: base, baseApplied: .zero(base.currency),
      applied: .zero(payment.amount.currency), applications: [], clearing: clearing)
  }

  /// A part of another payment that is for `earmark` from now on, nil for nothing in particular:
  /// received on the same day and in the same way, and a prepayment whatever it was before. It is
  /// `worth` so much in the base currency.
  static func insert(
    _ amount: Money, worth: Money, of payment: Payment, for earmark: DocumentReference?,
    number: String,
    at now: Moment, in tx: Transaction
  ) throws -> Payment {
    let id: ID<Payment> = try tx.insert(
      """
      INSERT INTO payment (number, customer_id, customer_code, amount_minor, currency, method,
        earmark_kind, earmark_number, received_on, recorded_at, kind, voucher, applied_minor,
        rate_micros, rate_units, base_currency, base_amount_minor, instrument, clearing)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)
      """, number, payment.customer, payment.customerCode, amount.minor, amount.currency,
      payment.method.stored, earmark?.kind, earmark?.number, payment.receivedOn, now.instant,
      DepositKind.prepayment, payment.method.voucher, payment.rate?.micros, payment.rate?.units,
      payment.rate?.base, worth.minor, payment.method.instrument, payment.clearing)
    return Payment(
      id: id, number: number, customer: payment.customer, customerCode: payment.customerCode,
      amount: amount, method: payment.method, externalReference: nil, earmark: earmark,
      receivedOn: payment.receivedOn, kind: .prepayment, rate: payment.rate, baseAmount: worth,
      baseApplied: .zero(worth.currency), applied: .zero(amount.currency),
      applications: [], carriedFrom: payment.number, clearing: payment.clearing)
  }

  /// Returns how many they are.
  static func give(
    allOf from: ID<Customer>, to customer: Customer, in tx: Transaction
  ) throws -> Int {
    try tx.execute(
      "UPDATE payment SET customer_id = ?, customer_code = ? WHERE customer_id = ?", customer.id,
      customer.code, from)
  }

  /// Both may be below zero.
  static func addApplied(
    _ amount: Int64, base: Int64, to id: ID<Payment>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE payment SET applied_minor = applied_minor + ?,
        base_applied_minor = base_applied_minor + ?
      WHERE id = ?
      """, amount, base, id)
  }
}

extension PaymentMethod: Bindable {
  /// `method` knows the ways in which money comes at once; what is none of them stands in `voucher`
  /// or `instrument`.
  fileprivate var stored: PaymentMethod { isMoney && !isInstrument ? self : .other }
  fileprivate var instrument: PaymentMethod? { isInstrument ? self : nil }
  fileprivate var voucher: PaymentMethod? { isMoney ? nil : self }
}

extension DepositKind: Bindable {}
extension Clearing: Bindable {}
