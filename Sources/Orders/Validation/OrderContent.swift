import MasterData
import Storage
import Values

extension SalesOrder {
  /// What is ordered, and where it goes, in one text whatever the order of the lines and however
  /// quantities are spread over them: two orders with the same are taken for one that was entered
  /// twice. What is configured is told by what was chosen.
  var content: String {
    var goods: [String: Int64] = [:]
    // Each at most a thousand million units, of at most 500 lines: no overflow.
    for line in lines where line.charge.isEmpty {
      let settings = line.configuration?.settings ?? line.choice?.settings ?? []
      let chosen = settings.map { " \($0.name)=\($0.value)" }.joined()
      goods[line.sku + chosen, default: 0] += line.ordered.micros
    }
    let place = delivery.map { "\($0.addressID?.value ?? 0) \($0.zone)" } ?? ""
    return goods.map { "\($0.key) \($0.value)" }.sorted().joined(separator: "\n") + "\n\n" + place
  }

  /// Of the content (FNV-1a, 64 bits): orders are found by it, and then compared.
  var fingerprint: Int64 {
    let hash = content.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    return Int64(bitPattern: hash)
  }
}

/// Questions about a customer's other orders. None looks at more than its newest 200.
enum OrderHistoryTable {
  /// Minor units of the base currency of the totals with tax, the newest first.
  static func totals(of customer: String, in snapshot: Snapshot) throws -> [Int64] {
    try snapshot.all(
      """
      SELECT o.gross_minor
      FROM (
        SELECT id, created_on, state, COALESCE(base_gross_minor, gross_minor) AS gross_minor
        FROM sales_order
        WHERE customer_code = ? ORDER BY created_on DESC, id DESC LIMIT 200
      ) AS o
      WHERE o.state IN ('CONFIRMED', 'PARTLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'CLOSED')
      ORDER BY o.created_on DESC, o.id DESC LIMIT ?
      """, customer, Outlier.historyLimit
    ) { $0.int64(0) }
  }

  /// How many orders of the customer were promised, beside one; no more are counted than `upTo`.
  static func promisedCount(
    of customer: String, beside order: ID<SalesOrder>, upTo limit: Int, in snapshot: Snapshot
  ) throws -> Int {
    try snapshot.first(
      """
      SELECT count(*) FROM (
        SELECT 1 FROM sales_order
        WHERE customer_code = ? AND id <> ?
          AND state IN ('CONFIRMED', 'PARTLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'CLOSED')
        LIMIT ?
      )
      """, customer, order, limit
    ) { $0.int(0) } ?? 0
  }

  /// Micros of what orders had of each product, the newest first.
  static func quantities(
    of customer: String, in snapshot: Snapshot
  ) throws -> [String: [Int64]] {
    var found: [String: [Int64]] = [:]
    try snapshot.forEach(
      """
      SELECT l.sku, SUM(l.ordered)
      FROM (
        SELECT id, created_on, state FROM sales_order
        WHERE customer_code = ? ORDER BY created_on DESC, id DESC LIMIT 200
      ) AS o
      JOIN sales_order_line AS l ON l.sales_order_id = o.id
      WHERE o.state IN ('CONFIRMED', 'PARTLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'CLOSED')
        AND l.charge = ''
      GROUP BY o.created_on, o.id, l.sku
      ORDER BY o.created_on DESC, o.id DESC LIMIT 5000
      """, customer
    ) { row in
      let sku = row.text(0)
      guard found[sku, default: []].count < Outlier.historyLimit else { return }
      found[sku, default: []].append(row.int64(1))
    }
    return found
  }

  /// How many of the customer's newest orders are delivered, invoiced and paid.
  static func closedCount(of customer: String, in snapshot: Snapshot) throws -> Int {
    try snapshot.first(
      """
      SELECT count(*)
      FROM (
        SELECT state FROM sales_order
        WHERE customer_code = ? ORDER BY created_on DESC, id DESC LIMIT 200
      ) WHERE state = 'CLOSED'
      """, customer
    ) { $0.int(0) } ?? 0
  }

  /// Numbers of the customer's orders since then with the same fingerprint, the newest first.
  static func orders(
    like order: SalesOrder, since: Instant, in snapshot: Snapshot
  ) throws -> [String] {
    try snapshot.all(
      """
      SELECT number FROM sales_order
      WHERE customer_code = ? AND line_fingerprint = ? AND created_at >= ? AND id <> ?
        AND state <> 'DRAFT' AND state <> 'CANCELLED'
      ORDER BY created_at DESC LIMIT 20
      """, order.customerCode, order.fingerprint, since, order.id
    ) { $0.text(0) }
  }

  static func set(fingerprintOf order: SalesOrder, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE sales_order SET line_fingerprint = ? WHERE id = ?", order.fingerprint, order.id)
  }
}
