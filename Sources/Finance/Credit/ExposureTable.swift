import MasterData
import Storage
import Values

/// All SQL of `credit_exposure` (a row per open document) and of `credit_total` (their cached sums
/// per customer: of all of them, of invoices alone, of payments that are not cleared, and of what
/// has left of orders). What orders want on which days is of their rows alone; `wanted_until` is
/// the last of these days, by which those of a customer are found that do not count yet.
///
/// The rows lie by document, so that new documents of all customers fill the same few pages; what
/// is asked of a customer stands in the sums.
enum ExposureTable {
  /// What a document exposes us to; nothing without a row.
  static func exposure(
    of document: DocumentReference, in snapshot: Snapshot
  ) throws -> DocumentExposure {
    try snapshot.first(
      """
      SELECT amount_minor, shipped_minor, wanted, checked_on FROM credit_exposure
      WHERE document_kind = ? AND document_number = ?
      """, document.kind, document.number, map: exposure) ?? DocumentExposure()
  }

  /// What of a customer's orders does not count.
  static func uncounted(
    of customer: ID<Customer>, _ reach: CreditReach, in snapshot: Snapshot
  ) throws -> Int64 {
    // What was wanted long ago may have been left out since.
    let after = reach.onlyChecked ? Day(daysSinceEpoch: 0) : reach.lastDay
    guard let after, !reach.isAll else { return 0 }
    var sum: Int64 = 0
    try snapshot.forEach(
      """
      SELECT amount_minor, shipped_minor, wanted, checked_on FROM credit_exposure
      WHERE customer_id = ? AND wanted_until > ?
      """, customer, after
    ) { sum += reach.uncounted(try exposure($0)) }
    return sum
  }

  private static func exposure(_ row: Row) throws -> DocumentExposure {
    DocumentExposure(
      whole: row.int64(0), shipped: row.int64(1),
      wanted: try row.optionalText(2).map { try [WantedPart](storedText: $0) } ?? [],
      checkedOn: row.optionalDay(3))
  }

  /// False, and nothing done, for a document that has a row.
  static func insert(
    _ exposure: DocumentExposure, of document: DocumentReference, _ customer: ID<Customer>,
    _ currency: Currency, in tx: Transaction
  ) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO credit_exposure (document_kind, document_number, customer_id, amount_minor,
        currency, shipped_minor, wanted, wanted_until, checked_on)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (document_kind, document_number) DO NOTHING
      """, document.kind, document.number, customer, exposure.whole, currency, exposure.shipped,
      exposure.wanted.storedText, exposure.wanted.last?.day, exposure.checkedOn) == 1
  }

  static func update(
    _ document: DocumentReference, to exposure: DocumentExposure, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE credit_exposure SET amount_minor = ?, shipped_minor = ?, wanted = ?,
        wanted_until = ?, checked_on = ?
      WHERE document_kind = ? AND document_number = ?
      """, exposure.whole, exposure.shipped, exposure.wanted.storedText,
      exposure.wanted.last?.day, exposure.checkedOn, document.kind, document.number)
  }

  /// Adds to what has left of the customer's orders; less than nothing takes off.
  static func add(shipped: Int64, to customer: ID<Customer>, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE credit_total SET shipped_minor = shipped_minor + ? WHERE customer_id = ?", shipped,
      customer)
  }

  static func remove(_ document: DocumentReference, in tx: Transaction) throws {
    try tx.execute(
      "DELETE FROM credit_exposure WHERE document_kind = ? AND document_number = ?",
      document.kind, document.number)
  }

  /// Adds `increase` to the customer's sums unless that would pass `limit`: one conditional
  /// statement, so that two orders can never pass together what each passes alone. False when it
  /// was not done.
  static func add(
    _ increase: CreditSums, to customer: ID<Customer>, limit: Int64, in tx: Transaction
  ) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO credit_total (customer_id, exposure_minor, invoiced_minor, uncleared_minor)
      SELECT ?, ?, ?, ? WHERE ? <= ?
      ON CONFLICT (customer_id) DO UPDATE SET
        exposure_minor = credit_total.exposure_minor + excluded.exposure_minor,
        invoiced_minor = credit_total.invoiced_minor + excluded.invoiced_minor,
        uncleared_minor = credit_total.uncleared_minor + excluded.uncleared_minor
      WHERE credit_total.exposure_minor + excluded.exposure_minor <= ?
      """, customer, increase.total, increase.invoices, increase.uncleared, increase.total, limit,
      limit) == 1
  }

  /// Takes `decrease` off the customer's sums.
  static func subtract(
    _ decrease: CreditSums, from customer: ID<Customer>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE credit_total
      SET exposure_minor = exposure_minor - ?, invoiced_minor = invoiced_minor - ?,
        uncleared_minor = uncleared_minor - ?
      WHERE customer_id = ?
      """, decrease.total, decrease.invoices, decrease.uncleared, customer)
  }

  /// What one customer's documents expose us to is another's. Reads all open documents: customers
  /// are merged seldom.
  static func give(
    allOf from: ID<Customer>, to customer: ID<Customer>, in tx: Transaction
  ) throws {
    guard let sums = try find(from, in: tx) else { return }
    try tx.execute(
      "UPDATE credit_exposure SET customer_id = ? WHERE customer_id = ?", customer, from)
    _ = try add(sums, to: customer, limit: .max, in: tx)
    try add(shipped: sums.shipped, to: customer, in: tx)
    try tx.execute("DELETE FROM credit_total WHERE customer_id = ?", from)
  }

  /// What orders, invoices and payments that are not cleared expose us to.
  static func sums(of customer: ID<Customer>, in snapshot: Snapshot) throws -> CreditSums {
    try find(customer, in: snapshot) ?? CreditSums(total: 0, invoices: 0, shipped: 0, uncleared: 0)
  }

  private static func find(
    _ customer: ID<Customer>, in snapshot: Snapshot
  ) throws -> CreditSums? {
    try snapshot.first(
      """
      SELECT exposure_minor, invoiced_minor, shipped_minor, uncleared_minor FROM credit_total
      WHERE customer_id = ?
      """, customer
    ) { row in
      CreditSums(
        total: row.int64(0), invoices: row.int64(1), shipped: row.int64(2),
        uncleared: row.int64(3))
    }
  }
}

/// What documents expose us to, in minor units.
struct CreditSums {
  let total: Int64
  /// The part of the total that is invoiced.
  let invoices: Int64
  /// The part of the orders that has left.
  let shipped: Int64
  /// The part of the total that is payments of which the bank has not paid the instrument.
  let uncleared: Int64

  init(total: Int64, invoices: Int64, shipped: Int64, uncleared: Int64) {
    self.total = total
    self.invoices = invoices
    self.shipped = shipped
    self.uncleared = uncleared
  }

  /// Of one document.
  init(_ amount: Int64, of kind: DocumentKind) {
    self.init(
      total: amount, invoices: kind == .invoice ? amount : 0, shipped: 0,
      uncleared: kind == .payment ? amount : 0)
  }

  var orders: Int64 { total - invoices - uncleared }
}
