import Finance
import MasterData
import Storage
import Values

/// All SQL of `preorder` and of `preorder_product`, which names what of it is sold before it is
/// there.
enum PreorderTable {
  struct Stored {
    let kind: DepositKind
    let dueOn: Day
    /// The day before which a product does not leave.
    let releases: [ID<Product>: Day]
  }

  static func insert(
    _ order: ID<SalesOrder>, kind: DepositKind, dueOn: Day, in tx: Transaction
  ) throws {
    try tx.execute(
      "INSERT INTO preorder (sales_order_id, deposit_kind, due_on) VALUES (?, ?, ?)", order, kind,
      dueOn)
  }

  static func replace(
    _ presales: Set<ID<Presale>>, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute("DELETE FROM preorder_product WHERE sales_order_id = ?", order)
    for presale in presales.sorted(by: { $0.value < $1.value }) {
      try tx.execute(
        "INSERT INTO preorder_product (presale_id, sales_order_id) VALUES (?, ?)", presale, order)
    }
  }

  /// Nil for an order that is no pre-order.
  static func find(_ order: ID<SalesOrder>, in snapshot: Snapshot) throws -> Stored? {
    let head: (DepositKind, Day)? = try snapshot.first(
      "SELECT deposit_kind, due_on FROM preorder WHERE sales_order_id = ?", order
    ) { (try $0.value(0), $0.day(1)) }
    guard let (kind, dueOn) = head else { return nil }
    var releases: [ID<Product>: Day] = [:]
    try snapshot.forEach(
      """
      SELECT s.product_id, s.releases_on
      FROM preorder_product AS p JOIN presale AS s ON s.id = p.presale_id
      WHERE p.sales_order_id = ?
      """, order
    ) { releases[$0.id(0)] = $0.day(1) }
    return Stored(kind: kind, dueOn: dueOn, releases: releases)
  }

  /// Numbers of the orders in scope, the oldest first.
  static func list(
    sku: String?, after id: ID<SalesOrder>, limit: Int, in snapshot: Snapshot
  ) throws -> [String] {
    try snapshot.all(
      """
      SELECT o.number FROM preorder AS p JOIN sales_order AS o ON o.id = p.sales_order_id
      WHERE p.sales_order_id > ?
        AND (? IS NULL OR EXISTS (
          SELECT 1 FROM preorder_product AS q JOIN presale AS s ON s.id = q.presale_id
          WHERE q.sales_order_id = p.sales_order_id AND s.sku = ?))
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY p.sales_order_id LIMIT ?
      """, id, sku, sku, limit
    ) { $0.text(0) }
  }

  /// Numbers of the orders in scope that nothing is promised for and whose deposit was to be here
  /// before a day, the oldest first.
  static func overdue(
    before day: Day, limit: Int, in snapshot: Snapshot
  ) throws -> [String] {
    try snapshot.all(
      """
      SELECT o.number FROM preorder AS p JOIN sales_order AS o ON o.id = p.sales_order_id
      WHERE p.due_on < ? AND (o.state = 'SUBMITTED' OR o.state = 'DRAFT')
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY p.sales_order_id LIMIT ?
      """, day, limit
    ) { $0.text(0) }
  }

  /// Presales of which more is taken than their limits allow.
  static func overdrawn(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT s.sku, SUM(l.ordered - l.cancelled)
      FROM presale AS s
      JOIN preorder_product AS p ON p.presale_id = s.id
      JOIN sales_order_line AS l
        ON l.sales_order_id = p.sales_order_id AND l.product_id = s.product_id AND l.charge = ''
      GROUP BY s.id, s.sku, s.limit_micros
      HAVING SUM(l.ordered - l.cancelled) > s.limit_micros
      ORDER BY s.id
      """
    ) { row in
      InvariantViolation(
        "orders.preorders-within-limit", "More is pre-ordered than there will be",
        [Fact("sku", row.text(0)), Fact("taken", row.quantity(1))])
    }
  }
}
