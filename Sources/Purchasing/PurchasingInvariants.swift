import Finance
package import Storage
package import Values

/// What must hold of purchasing at every commit.
package enum PurchasingInvariants {
  package static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try quantities(in: snapshot) + receipts(in: snapshot) + bills(in: snapshot)
      + receiptValues(in: snapshot) + states(in: snapshot) + requisitions(in: snapshot)
      + goodsNotInvoiced(in: snapshot)
  }

  private static func quantities(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, l.line_no, l.ordered, l.cancelled, l.received, l.billed
      FROM purchase_order_line AS l JOIN purchase_order AS o ON o.id = l.purchase_order_id
      WHERE l.cancelled < 0 OR l.received < 0 OR l.billed < 0
        OR l.received > l.ordered - l.cancelled OR l.billed > l.received
      ORDER BY l.id
      """
    ) { row in
      InvariantViolation(
        "purchasing.billed-within-received-within-ordered",
        "More was billed than came, or more came than was ordered",
        [
          Fact("order", row.text(0)), Fact("line", row.int(1)), Fact("ordered", row.quantity(2)),
          Fact("cancelled", row.quantity(3)), Fact("received", row.quantity(4)),
          Fact("billed", row.quantity(5)),
        ])
    }
  }

  private static func receipts(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, l.line_no, l.received, coalesce(sum(r.quantity), 0)
      FROM purchase_order_line AS l
      JOIN purchase_order AS o ON o.id = l.purchase_order_id
      LEFT JOIN goods_receipt_line AS r ON r.order_line_id = l.id
      GROUP BY l.id, o.number, l.line_no, l.received
      HAVING coalesce(sum(r.quantity), 0) <> l.received ORDER BY l.id
      """
    ) { row in
      InvariantViolation(
        "purchasing.received-is-sum-of-receipts", "The receipts and the order line differ",
        [
          Fact("order", row.text(0)), Fact("line", row.int(1)), Fact("received", row.quantity(2)),
          Fact("receipts", row.quantity(3)),
        ])
    }
  }

  private static func bills(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, l.line_no, l.billed, coalesce(sum(b.quantity), 0)
      FROM purchase_order_line AS l
      JOIN purchase_order AS o ON o.id = l.purchase_order_id
      LEFT JOIN supplier_bill_line AS b ON b.order_line_id = l.id
      GROUP BY l.id, o.number, l.line_no, l.billed
      HAVING coalesce(sum(b.quantity), 0) <> l.billed ORDER BY l.id
      """
    ) { row in
      InvariantViolation(
        "purchasing.billed-is-sum-of-bills", "The bills and the order line differ",
        [
          Fact("order", row.text(0)), Fact("line", row.int(1)), Fact("billed", row.quantity(2)),
          Fact("bills", row.quantity(3)),
        ])
    }
  }

  /// Receipts of a line sum to price × received, and what bills took out sums to price × billed.
  private static func receiptValues(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, l.line_no, l.received, l.billed, l.unit_price_micros, o.currency,
        (SELECT coalesce(sum(r.value_minor), 0) FROM goods_receipt_line AS r
         WHERE r.order_line_id = l.id),
        (SELECT coalesce(sum(b.received_minor), 0) FROM supplier_bill_line AS b
         WHERE b.order_line_id = l.id)
      FROM purchase_order_line AS l JOIN purchase_order AS o ON o.id = l.purchase_order_id
      WHERE l.received > 0 ORDER BY l.id
      """
    ) { row -> InvariantViolation? in
      let price = row.unitPrice(4, 5)
      let received = try price.amount(for: row.quantity(2))
      let billed = try price.amount(for: row.quantity(3))
      guard received.minor != row.int64(6) || billed.minor != row.int64(7) else { return nil }
      return InvariantViolation(
        "purchasing.values-sum-to-price", "Part receipts or bills do not sum to the line's price",
        [
          Fact("order", row.text(0)), Fact("line", row.int(1)), Fact("received", received),
          Fact("receipts", row.money(6, 5)), Fact("billed", billed), Fact("bills", row.money(7, 5)),
        ])
    }.compactMap { $0 }
  }

  /// The stored state is what the lines make of it.
  private static func states(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH derived AS (
        SELECT o.id, o.number, o.state, CASE
          WHEN sum(l.ordered) = sum(l.cancelled) THEN 'CANCELLED'
          WHEN sum(l.ordered - l.cancelled - l.received) > 0 THEN
            CASE WHEN sum(l.received) = 0 THEN 'ORDERED' ELSE 'PARTLY_RECEIVED' END
          WHEN sum(l.received - l.billed) > 0 THEN 'RECEIVED'
          ELSE 'BILLED' END AS derived
        FROM purchase_order AS o JOIN purchase_order_line AS l ON l.purchase_order_id = o.id
        GROUP BY o.id, o.number, o.state
      )
      SELECT number, state, derived FROM derived WHERE state <> derived ORDER BY id
      """
    ) { row in
      InvariantViolation(
        "purchasing.state-is-derived", "The stored state is not what the lines say",
        [
          Fact("order", row.text(0)), Fact("stored", row.text(1)), Fact("derived", row.text(2)),
        ])
    }
  }

  /// A requisition is on a line that was ordered for it.
  private static func requisitions(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT r.number, r.state FROM requisition AS r
      LEFT JOIN purchase_order_line AS l ON l.id = r.order_line_id
      WHERE (r.order_line_id IS NOT NULL AND l.requisition_number IS DISTINCT FROM r.number)
        OR r.state <> CASE WHEN r.order_line_id IS NOT NULL THEN 'ORDERED'
          WHEN r.pegged = 1 THEN 'OPEN' ELSE 'CANCELLED' END
      ORDER BY r.id
      """
    ) { row in
      InvariantViolation(
        "purchasing.requisition-is-on-its-line", "A requisition and its order line disagree",
        [Fact("requisition", row.text(0)), Fact("state", row.text(1))])
    }
  }

  private static func goodsNotInvoiced(in snapshot: Snapshot) throws -> [InvariantViolation] {
    let owed =
      try snapshot.first(
        """
        SELECT (SELECT coalesce(sum(value_minor), 0) FROM goods_receipt_line)
          - (SELECT coalesce(sum(received_minor), 0) FROM supplier_bill_line)
        """
      ) { $0.int64(0) } ?? 0
    let booked = try Ledger.balance(of: .goodsReceivedNotInvoiced, in: snapshot)
    guard owed != -booked.minor else { return [] }
    return [
      InvariantViolation(
        "purchasing.received-not-billed-is-ledger-balance",
        "What came and is not billed differs from its account",
        [Fact("owed_minor", owed), Fact("ledger", booked)])
    ]
  }
}
