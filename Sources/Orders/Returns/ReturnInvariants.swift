import Finance
import Inventory
import Storage
import Values

/// What must hold of returns: no more comes back than was delivered, quarantine holds what came and
/// has not left it, and what is credited is what came.
enum ReturnInvariants {
  static let rules = [
    "orders.returned-within-delivered", "orders.return-state-is-derived",
    "orders.quarantine-holds-returns", "orders.return-credits-match",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try tooMuch(in: snapshot) + wrongStates(in: snapshot) + quarantine(in: snapshot)
      + credits(in: snapshot)
  }

  private static func tooMuch(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, l.line_number
      FROM customer_return_line AS r
      JOIN customer_return AS h ON h.id = r.return_id
      JOIN sales_order AS o ON o.id = r.sales_order_id
      JOIN sales_order_line AS l
        ON l.sales_order_id = r.sales_order_id AND l.line_number = r.line_number
      WHERE h.state <> 'REJECTED' AND h.state <> 'CANCELLED'
      GROUP BY o.id, o.number, l.line_number, l.delivered
      HAVING l.delivered < SUM(
        CASE WHEN h.state IN ('REQUESTED', 'APPROVED') THEN r.requested ELSE r.received END)
      ORDER BY o.id, l.line_number
      """
    ) { row in
      InvariantViolation(
        "orders.returned-within-delivered", "More comes back than was delivered",
        [Fact("order", row.text(0)), Fact("line", row.int(1))])
    }
  }

  private static func wrongStates(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT h.number, h.state
      FROM customer_return AS h JOIN customer_return_line AS r ON r.return_id = h.id
      GROUP BY h.id, h.number, h.state, h.warehouse_code
      HAVING (h.warehouse_code IS NULL) <> (SUM(r.received) = 0)
        OR (h.state IN ('RECEIVED', 'INSPECTED', 'CREDITED')) <> (SUM(r.received) > 0)
        OR (h.state IN ('INSPECTED', 'CREDITED'))
          <> (SUM(r.received) > 0
            AND SUM(r.received) = SUM(r.grade_a) + SUM(r.grade_b) + SUM(r.grade_c))
      ORDER BY h.id
      """
    ) { row in
      InvariantViolation(
        "orders.return-state-is-derived", "A return is not where its quantities say",
        [Fact("return", row.text(0)), Fact("state", row.text(1))])
    }
  }

  private static func quarantine(in snapshot: Snapshot) throws -> [InvariantViolation] {
    var left: [String: Int64] = [:]
    try snapshot.forEach(
      """
      SELECT h.warehouse_code, l.sku, SUM(r.received - r.grade_a - r.grade_c)
      FROM customer_return_line AS r
      JOIN customer_return AS h ON h.id = r.return_id
      JOIN sales_order_line AS l
        ON l.sales_order_id = r.sales_order_id AND l.line_number = r.line_number
      WHERE h.warehouse_code IS NOT NULL
      GROUP BY h.warehouse_code, l.sku
      """
    ) { left["\($0.text(0)) \($0.text(1))", default: 0] += $0.int64(2) }
    for place in try Availability.goods(at: .quarantine, in: snapshot) {
      left["\(place.warehouseCode) \(place.sku)", default: 0] -= place.quantity.micros
    }
    return left.filter { $0.value != 0 }.keys.sorted().map {
      InvariantViolation(
        "orders.quarantine-holds-returns", "Quarantine holds something else than what came back",
        [Fact("place", $0), Fact("difference", Quantity(micros: left[$0, default: 0]))])
    }
  }

  private static func credits(in snapshot: Snapshot) throws -> [InvariantViolation] {
    let returns = try snapshot.all(
      """
      SELECT h.number, h.credited_minor, h.currency, h.state, r.line_number, r.received
      FROM customer_return AS h JOIN customer_return_line AS r ON r.return_id = h.id
      ORDER BY h.id, r.line_number
      """
    ) { row in
      (
        number: row.text(0), credited: row.money(1, 2), isCredited: row.text(3) == "CREDITED",
        line: row.int(4), received: row.quantity(5)
      )
    }
    var found: [InvariantViolation] = []
    for (number, lines) in Dictionary(grouping: returns, by: \.number).sorted(by: {
      $0.key < $1.key
    }) {
      let notes = try CreditNotes.of(
        cause: DocumentReference(.customerReturn, number), in: snapshot)
      var parts: [Int: Int64] = [:]
      for part in notes.flatMap(\.lines) {
        parts[part.orderLine, default: 0] += part.quantity.micros
      }
      let total = notes.reduce(0) { $0 + $1.gross.minor }
      let isRight =
        lines.allSatisfy {
          $0.credited.minor == total
            && parts[$0.line, default: 0] == ($0.isCredited ? $0.received.micros : 0)
        }
      guard !isRight else { continue }
      found.append(
        InvariantViolation(
          "orders.return-credits-match", "A return is not credited as its credit notes say",
          [Fact("return", number), Fact("notes_minor", total)]))
    }
    return found
  }
}
