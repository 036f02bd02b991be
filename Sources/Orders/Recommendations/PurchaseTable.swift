import Storage
import Values

/// What was bought with which order: lines that somebody chose, and not those of charges.
enum PurchaseTable {
  /// Of the newest orders that are neither drafts nor cancelled; the first `lines` of each.
  static func baskets(
    newest: Int, lines: Int, in snapshot: Snapshot
  ) throws -> [CoPurchases.Basket] {
    var places: [ID<SalesOrder>: Int] = [:]
    var baskets: [CoPurchases.Basket] = []
    let bought = try snapshot.all(
      """
      SELECT o.id, o.customer_code, l.sku
      FROM (
        SELECT id, customer_code, state FROM sales_order
        ORDER BY created_on DESC, id DESC LIMIT ?
      ) AS o
      JOIN sales_order_line AS l ON l.sales_order_id = o.id
      WHERE o.state <> 'DRAFT' AND o.state <> 'CANCELLED' AND l.line_number <= ?
        AND l.cancelled < l.ordered AND l.charge = ''
      """, newest, lines
    ) { (order: $0.id(0) as ID<SalesOrder>, customer: $0.text(1), sku: $0.text(2)) }
    for line in bought {
      if let place = places[line.order] {
        baskets[place].skus.insert(line.sku)
      } else {
        places[line.order] = baskets.count
        baskets.append(.init(customer: line.customer, skus: [line.sku]))
      }
    }
    return baskets
  }

  /// What a customer bought with its newest orders.
  static func skus(
    of customer: String, orders: Int, limit: Int, in snapshot: Snapshot
  ) throws -> Set<String> {
    Set(
      try snapshot.all(
        """
        SELECT DISTINCT l.sku
        FROM (
          SELECT id, state FROM sales_order WHERE customer_code = ?
          ORDER BY created_on DESC, id DESC LIMIT ?
        ) AS o
        JOIN sales_order_line AS l ON l.sales_order_id = o.id
        WHERE o.state <> 'DRAFT' AND o.state <> 'CANCELLED' AND l.cancelled < l.ordered
          AND l.charge = ''
        ORDER BY l.sku LIMIT ?
        """, customer, orders, limit
      ) { $0.text(0) })
  }
}
