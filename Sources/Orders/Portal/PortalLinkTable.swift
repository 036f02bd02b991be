import Storage
import Values

/// All SQL of `portal_link`.
enum PortalLinkTable {
  static func insert(
    _ link: PortalLink, to order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO portal_link (public_id, sales_order_id, digest, made_by, made_at, expires_at)
      VALUES (?, ?, ?, ?, ?, ?)
      """, link.publicID, order, link.digest, link.madeBy, link.madeAt, link.expiresAt)
  }

  static func find(_ publicID: String, in snapshot: Snapshot) throws -> PortalLink? {
    try snapshot.first(
      """
      SELECT p.public_id, o.number, p.digest, p.made_by, p.made_at, p.expires_at, p.revoked_by,
        p.revoked_at
      FROM portal_link AS p JOIN sales_order AS o ON o.id = p.sales_order_id
      WHERE p.public_id = ?
      """, publicID, map: link)
  }

  static func list(
    of order: ID<SalesOrder>, limit: Int, in snapshot: Snapshot
  ) throws -> [PortalLink] {
    try snapshot.all(
      """
      SELECT p.public_id, o.number, p.digest, p.made_by, p.made_at, p.expires_at, p.revoked_by,
        p.revoked_at
      FROM portal_link AS p JOIN sales_order AS o ON o.id = p.sales_order_id
      WHERE p.sales_order_id = ? ORDER BY p.id DESC LIMIT ?
      """, order, limit, map: link)
  }

  static func countOpen(
    of order: ID<SalesOrder>, at now: Instant, in snapshot: Snapshot
  ) throws -> Int {
    try snapshot.first(
      """
      SELECT count(*) FROM portal_link
      WHERE sales_order_id = ? AND revoked_at IS NULL AND expires_at > ?
      """, order, now
    ) { $0.int(0) } ?? 0
  }

  /// Ends what is open of an order; one link of it, or all where it is empty. Returns how many.
  static func revoke(
    _ publicID: String, of order: ID<SalesOrder>, by actor: String, at now: Instant,
    in tx: Transaction
  ) throws -> Int {
    try tx.execute(
      """
      UPDATE portal_link SET revoked_by = ?, revoked_at = ?
      WHERE sales_order_id = ? AND revoked_at IS NULL AND expires_at > ?
        AND (? = '' OR public_id = ?)
      """, actor, now, order, now, publicID, publicID)
  }

  /// Ends whatever is open of a customer's orders.
  static func revoke(
    ofCustomer customer: String, because reason: String, at now: Instant, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE portal_link SET revoked_by = ?, revoked_at = ?
      WHERE revoked_at IS NULL
        AND sales_order_id IN (SELECT id FROM sales_order WHERE customer_code = ?)
      """, reason, now, customer)
  }

  private static func link(_ row: Row) -> PortalLink {
    PortalLink(
      publicID: row.text(0), orderNumber: row.text(1), digest: row.blob(2), madeBy: row.text(3),
      madeAt: row.instant(4), expiresAt: row.instant(5), revokedBy: row.optionalText(6),
      revokedAt: row.optionalInstant(7))
  }
}
