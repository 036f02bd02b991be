import MasterData
import Storage
import Values

/// All SQL of `credit_exposure` (a row per open document) and of `credit_total` (their cached sum
/// per customer).
enum ExposureTable {
  /// What a document exposes us to, in minor units; 0 without a row.
  static func amount(
    _ customer: ID<Customer>, _ document: DocumentReference, in snapshot: Snapshot
  ) throws -> Int64 {
    try snapshot.first(
      """
      SELECT amount_minor FROM credit_exposure
      WHERE customer_id = ? AND document_kind = ? AND document_number = ?
      """, customer, document.kind, document.number
    ) { $0.int64(0) } ?? 0
  }

  /// False, and nothing done, for a document that has a row.
  static func insert(
    _ customer: ID<Customer>, _ document: DocumentReference, _ amount: Money, in tx: Transaction
  ) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO credit_exposure (customer_id, document_kind, document_number, amount_minor,
        currency)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (customer_id, document_kind, document_number) DO NOTHING
      """, customer, document.kind, document.number, amount.minor, amount.currency) == 1
  }

  static func update(
    _ customer: ID<Customer>, _ document: DocumentReference, to amount: Money, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE credit_exposure SET amount_minor = ?
      WHERE customer_id = ? AND document_kind = ? AND document_number = ?
      """, amount.minor, customer, document.kind, document.number)
  }

  static func remove(
    _ customer: ID<Customer>, _ document: DocumentReference, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      DELETE FROM credit_exposure
      WHERE customer_id = ? AND document_kind = ? AND document_number = ?
      """, customer, document.kind, document.number)
  }

  /// Adds `increase` to the customer's total unless that would pass `limit`: one conditional
  /// statement, so that two orders can never pass together what each passes alone. False when it
  /// was not done.
  static func add(
    _ increase: Int64, to customer: ID<Customer>, limit: Int64, in tx: Transaction
  ) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO credit_total (customer_id, exposure_minor) SELECT ?, ? WHERE ? <= ?
      ON CONFLICT (customer_id) DO UPDATE SET
        exposure_minor = credit_total.exposure_minor + excluded.exposure_minor
      WHERE credit_total.exposure_minor + excluded.exposure_minor <= ?
      """, customer, increase, increase, limit, limit) == 1
  }

  /// Takes `decrease` off the customer's total.
  static func subtract(
    _ decrease: Int64, from customer: ID<Customer>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE credit_total SET exposure_minor = exposure_minor - ? WHERE customer_id = ?",
      decrease, customer)
  }

  /// What one customer's documents expose us to is another's.
  static func give(
    allOf from: ID<Customer>, to customer: ID<Customer>, in tx: Transaction
  ) throws {
    let total = try tx.first(
      "SELECT exposure_minor FROM credit_total WHERE customer_id = ?", from
    ) { $0.int64(0) }
    guard let total else { return }
    try tx.execute(
      "UPDATE credit_exposure SET customer_id = ? WHERE customer_id = ?", customer, from)
    _ = try add(total, to: customer, limit: .max, in: tx)
    try tx.execute("DELETE FROM credit_total WHERE customer_id = ?", from)
  }

  /// Sums of what orders and what invoices expose us to, in minor units.
  static func sums(
    of customer: ID<Customer>, in snapshot: Snapshot
  ) throws -> (orders: Int64, invoices: Int64) {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(CASE WHEN document_kind <> 'INVOICE' THEN amount_minor ELSE 0 END), 0),
        COALESCE(SUM(CASE WHEN document_kind = 'INVOICE' THEN amount_minor ELSE 0 END), 0)
      FROM credit_exposure WHERE customer_id = ?
      """, customer
    ) { ($0.int64(0), $0.int64(1)) } ?? (0, 0)
  }
}
