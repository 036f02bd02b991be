import Inventory
import Storage
import Values

/// What must hold of showroom pieces.
enum ShowroomInvariants {
  static let rules = [
    "orders.showroom-holds-pieces", "orders.lent-piece-has-loan", "orders.sold-piece-has-order",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try places(in: snapshot) + loans(in: snapshot) + sold(in: snapshot)
  }

  /// What lies in showrooms and is lent is the pieces that are said to be there.
  private static func places(in snapshot: Snapshot) throws -> [InvariantViolation] {
    var expected: [String: Int64] = [:]
    try snapshot.forEach(
      """
      SELECT state, warehouse_code, sku, COUNT(*) FROM showroom_piece
      WHERE state = 'SHOWN' OR state = 'LENT' GROUP BY state, warehouse_code, sku
      """
    ) {
      let kind = $0.text(0) == "SHOWN" ? LocationKind.showroom : .lent
      expected["\(kind.rawValue) \($0.text(1)) \($0.text(2))"] =
        $0.int64(3) * Quantity.one.micros
    }
    var found: [String: Int64] = [:]
    for kind in [LocationKind.showroom, .lent] {
      for goods in try Availability.goods(at: kind, in: snapshot) {
        found["\(kind.rawValue) \(goods.warehouseCode) \(goods.sku)"] = goods.quantity.micros
      }
    }
    return Set(expected.keys).union(found.keys).sorted().filter { expected[$0] != found[$0] }.map {
      InvariantViolation(
        "orders.showroom-holds-pieces", "A showroom holds something else than its pieces",
        [
          Fact("place", $0), Fact("pieces", Quantity(micros: expected[$0] ?? 0)),
          Fact("on_hand", Quantity(micros: found[$0] ?? 0)),
        ])
    }
  }

  private static func loans(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT p.number FROM showroom_piece AS p
      LEFT JOIN showroom_loan AS l ON l.piece_id = p.id AND l.returned_on IS NULL
      WHERE (p.state = 'LENT') <> (l.id IS NOT NULL) ORDER BY p.id
      """
    ) { row in
      InvariantViolation(
        "orders.lent-piece-has-loan", "A piece is lent without a loan, or the other way round",
        [Fact("piece", row.text(0))])
    }
  }

  private static func sold(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT p.number FROM showroom_piece AS p
      LEFT JOIN sales_order AS o ON o.number = p.order_number AND o.state <> 'CANCELLED'
      WHERE p.state = 'SOLD' AND o.id IS NULL ORDER BY p.id
      """
    ) { row in
      InvariantViolation(
        "orders.sold-piece-has-order", "A piece is sold by no order", [Fact("piece", row.text(0))])
    }
  }
}
