import Finance
package import Storage
package import Values

/// What must hold of stock at every commit.
package enum InventoryInvariants {
  package static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try balances(in: snapshot) + nowhere(in: snapshot) + overPromised(in: snapshot)
      + ghostValue(in: snapshot) + promises(in: snapshot) + demands(in: snapshot)
      + idleStock(in: snapshot) + ledger(in: snapshot)
      + TransferInvariants.violations(in: snapshot)
  }

  private static func balances(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH side AS (
        SELECT product_id, to_location_id AS location_id, quantity, value_minor FROM stock_move
        UNION ALL
        SELECT product_id, from_location_id, -quantity, -value_minor FROM stock_move
        UNION ALL
        SELECT product_id, location_id, -on_hand, -value_minor FROM stock_balance
      ), difference AS (
        SELECT product_id, location_id, sum(quantity) AS quantity, sum(value_minor) AS value_minor
        FROM side GROUP BY product_id, location_id
        HAVING sum(quantity) <> 0 OR sum(value_minor) <> 0
      )
      SELECT coalesce(b.sku, 'product ' || d.product_id), l.code, d.quantity, d.value_minor
      FROM difference AS d
      JOIN stock_location AS l ON l.id = d.location_id
      LEFT JOIN stock_balance AS b
        ON b.product_id = d.product_id AND b.location_id = d.location_id
      ORDER BY 1, 2
      """
    ) { row in
      InvariantViolation(
        "inventory.balance-is-sum-of-moves", "The moves and the balance differ",
        [
          Fact("sku", row.text(0)), Fact("location", row.text(1)),
          Fact("quantity", row.quantity(2)), Fact("value_minor", row.int64(3)),
        ])
    }
  }

  private static func nowhere(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT sku, sum(on_hand), sum(value_minor) FROM stock_balance GROUP BY product_id, sku
      HAVING sum(on_hand) <> 0 OR sum(value_minor) <> 0 ORDER BY sku
      """
    ) { row in
      InvariantViolation(
        "inventory.locations-sum-to-zero", "Goods came from nowhere or vanished",
        [
          Fact("sku", row.text(0)), Fact("quantity", row.quantity(1)),
          Fact("value_minor", row.int64(2)),
        ])
    }
  }

  private static func overPromised(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT b.sku, l.code, b.on_hand, b.reserved
      FROM stock_balance AS b JOIN stock_location AS l ON l.id = b.location_id
      WHERE b.reserved < 0 OR (b.reserved > b.on_hand AND b.guarded = 1)
        OR (b.on_hand < 0 AND b.guarded = 1)
        OR b.guarded <>
          (l.kind IN ('STOCK', 'QUARANTINE', 'SHOWROOM', 'LENT', 'TRANSFER', 'TRANSIT'))
      ORDER BY b.sku, l.code
      """
    ) { row in
      InvariantViolation(
        "inventory.reserved-within-on-hand", "More is promised than there is",
        [
          Fact("sku", row.text(0)), Fact("location", row.text(1)),
          Fact("on_hand", row.quantity(2)), Fact("reserved", row.quantity(3)),
        ])
    }
  }

  private static func ghostValue(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT b.sku, l.code, b.on_hand, b.value_minor
      FROM stock_balance AS b JOIN stock_location AS l ON l.id = b.location_id
      WHERE b.guarded = 1 AND (b.value_minor < 0 OR (b.on_hand = 0 AND b.value_minor <> 0))
      ORDER BY b.sku, l.code
      """
    ) { row in
      InvariantViolation(
        "inventory.no-value-without-goods", "A value is negative or left where no goods are",
        [
          Fact("sku", row.text(0)), Fact("location", row.text(1)),
          Fact("on_hand", row.quantity(2)), Fact("value_minor", row.int64(3)),
        ])
    }
  }

  private static func promises(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH side AS (
        SELECT product_id, location_id, held FROM reservation
        UNION ALL
        SELECT product_id, location_id, -reserved FROM stock_balance
      )
      SELECT s.product_id, l.code, sum(s.held)
      FROM side AS s JOIN stock_location AS l ON l.id = s.location_id
      GROUP BY s.product_id, l.code HAVING sum(s.held) <> 0 ORDER BY 1, 2
      """
    ) { row in
      InvariantViolation(
        "inventory.reserved-is-sum-of-held", "The promises and the balance differ",
        [
          Fact("product", row.int64(0)), Fact("location", row.text(1)),
          Fact("difference", row.quantity(2)),
        ])
    }
  }

  private static func demands(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT origin_number, origin_line, wanted, held FROM reservation
      WHERE held < 0 OR held > wanted OR wanted <= 0 ORDER BY id
      """
    ) { row in
      InvariantViolation(
        "inventory.held-within-wanted", "A demand holds more than it wants, or wants nothing",
        [
          Fact("origin", row.text(0)), Fact("line", row.int(1)), Fact("wanted", row.quantity(2)),
          Fact("held", row.quantity(3)),
        ])
    }
  }

  private static func idleStock(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT b.sku, l.code, b.on_hand - b.reserved, r.origin_number
      FROM reservation AS r
      JOIN stock_balance AS b ON b.product_id = r.product_id AND b.location_id = r.location_id
      JOIN stock_location AS l ON l.id = b.location_id
      WHERE r.held < r.wanted AND r.peg_number IS NULL AND b.on_hand > b.reserved ORDER BY r.id
      """
    ) { row in
      InvariantViolation(
        "inventory.no-idle-stock", "Goods are free while a demand waits for them",
        [
          Fact("sku", row.text(0)), Fact("location", row.text(1)), Fact("free", row.quantity(2)),
          Fact("origin", row.text(3)),
        ])
    }
  }

  /// The accounts that carry goods and nothing else.
  private static func ledger(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try [Account.rawMaterial, .finishedGoods, .goodsDispatched].compactMap { account in
      let goods = try snapshot.first(
        """
        SELECT coalesce(sum(value_minor), 0) FROM stock_balance
        WHERE account = ? AND guarded = 1
        """, account.rawValue
      ) { $0.int64(0) }
      let booked = try Ledger.balance(of: account, in: snapshot)
      guard goods != booked.minor else { return nil }
      return InvariantViolation(
        "inventory.stock-value-is-ledger-balance", "The goods and their account differ",
        [
          Fact("account", account.rawValue), Fact("stock_minor", goods ?? 0),
          Fact("ledger", booked),
        ])
    }
  }
}
