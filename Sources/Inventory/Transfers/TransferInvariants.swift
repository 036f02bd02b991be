import Storage
import Values

/// What must hold of orders between warehouses at every commit.
enum TransferInvariants {
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try underWay(in: snapshot) + wanted(in: snapshot) + states(in: snapshot)
  }

  private static func underWay(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH side AS (
        SELECT l.product_id, o.to_warehouse_code AS code,
          l.dispatched - l.received - l.lost AS quantity
        FROM transfer_order_line AS l JOIN transfer_order AS o ON o.id = l.transfer_order_id
        UNION ALL
        SELECT b.product_id, p.warehouse_code, -b.on_hand
        FROM stock_balance AS b JOIN stock_location AS p ON p.id = b.location_id
        WHERE p.kind = 'TRANSFER'
      )
      SELECT product_id, code, sum(quantity) FROM side GROUP BY product_id, code
      HAVING sum(quantity) <> 0 ORDER BY 1, 2
      """
    ) { row in
      InvariantViolation(
        "inventory.transfers-are-on-the-way", "Goods on the way and their orders differ",
        [
          Fact("product", row.int64(0)), Fact("warehouse", row.text(1)),
          Fact("difference", row.quantity(2)),
        ])
    }
  }

  private static func wanted(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH side AS (
        SELECT o.number, l.line_number, l.product_id,
          l.ordered - l.cancelled - l.dispatched AS quantity
        FROM transfer_order_line AS l JOIN transfer_order AS o ON o.id = l.transfer_order_id
        UNION ALL
        SELECT origin_number, origin_line, product_id, -wanted FROM reservation
        WHERE origin_kind = 'TRANSFER_ORDER'
      )
      SELECT number, line_number, sum(quantity) FROM side
      GROUP BY number, line_number, product_id HAVING sum(quantity) <> 0 ORDER BY 1, 2
      """
    ) { row in
      InvariantViolation(
        "inventory.transfer-wants-what-is-open", "What is to leave and what it reserves differ",
        [
          Fact("number", row.text(0)), Fact("line", row.int(1)),
          Fact("difference", row.quantity(2)),
        ])
    }
  }

  private static func states(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH sums AS (
        SELECT transfer_order_id AS id, sum(ordered - cancelled) AS kept, sum(dispatched) AS gone,
          sum(ordered - cancelled - dispatched) AS open,
          sum(dispatched - received - lost) AS under_way
        FROM transfer_order_line GROUP BY transfer_order_id
      )
      SELECT o.number, o.state FROM transfer_order AS o LEFT JOIN sums AS s ON s.id = o.id
      WHERE o.state IS NOT CASE WHEN s.kept = 0 THEN 'CANCELLED'
          WHEN s.open > 0 AND s.gone = 0 THEN 'REQUESTED'
          WHEN s.open > 0 THEN 'PARTLY_DISPATCHED'
          WHEN s.under_way > 0 THEN 'IN_TRANSIT' ELSE 'RECEIVED' END
        OR (s.gone > 0 AND o.expected_on IS NULL)
      ORDER BY o.number
      """
    ) { row in
      InvariantViolation(
        "inventory.transfer-state-is-derived", "The state and the lines differ",
        [Fact("number", row.text(0)), Fact("state", row.text(1))])
    }
  }
}
