import MasterData
import Storage
import Values

/// The lists of invoices of customers in scope: keys only, the newest first, one
/// statement and one index for each filter.
enum InvoicePages {
  static func ofOrder(
    _ order: DocumentReference, customer: ID<Customer>?, unpaidOnly: Bool, before id: ID<Invoice>,
    limit: Int, in snapshot: Snapshot
  ) throws -> [ID<Invoice>] {
    try snapshot.all(
      """
      SELECT id FROM invoice
      WHERE order_kind = ? AND order_number = ? AND id < ?
        AND (? = 0 OR customer_id = ?) AND (? = 0 OR paid_minor < gross_minor)
        AND EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.id = invoice.customer_id AND in_scope(c.owner, c.store_code))
      ORDER BY id DESC LIMIT ?
      """, order.kind, order.number, id, customer != nil, customer ?? ID(0), unpaidOnly, limit
    ) { $0.id(0) }
  }

  static func ofCustomer(
    _ customer: ID<Customer>, before id: ID<Invoice>, limit: Int, in snapshot: Snapshot
  ) throws -> [ID<Invoice>] {
    try snapshot.all(
      """
      SELECT id FROM invoice
      WHERE customer_id = ? AND id < ?
        AND EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.id = invoice.customer_id AND in_scope(c.owner, c.store_code))
      ORDER BY id DESC LIMIT ?
      """, customer, id, limit
    ) { $0.id(0) }
  }

  static func unpaid(
    of customer: ID<Customer>, before id: ID<Invoice>, limit: Int, in snapshot: Snapshot
  ) throws -> [ID<Invoice>] {
    try snapshot.all(
      """
      SELECT id FROM invoice
      WHERE customer_id = ? AND paid_minor < gross_minor AND id < ?
        AND EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.id = invoice.customer_id AND in_scope(c.owner, c.store_code))
      ORDER BY id DESC LIMIT ?
      """, customer, id, limit
    ) { $0.id(0) }
  }

  static func unpaid(
    before id: ID<Invoice>, limit: Int, in snapshot: Snapshot
  ) throws -> [ID<Invoice>] {
    try snapshot.all(
      """
      SELECT id FROM invoice
      WHERE paid_minor < gross_minor AND id < ?
        AND EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.id = invoice.customer_id AND in_scope(c.owner, c.store_code))
      ORDER BY id DESC LIMIT ?
      """, id, limit
    ) { $0.id(0) }
  }

  static func all(
    before id: ID<Invoice>, limit: Int, in snapshot: Snapshot
  ) throws -> [ID<Invoice>] {
    try snapshot.all(
      """
      SELECT id FROM invoice
      WHERE id < ?
        AND EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.id = invoice.customer_id AND in_scope(c.owner, c.store_code))
      ORDER BY id DESC LIMIT ?
      """, id, limit
    ) { $0.id(0) }
  }
}
