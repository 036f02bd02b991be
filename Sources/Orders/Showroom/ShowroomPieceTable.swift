import Storage
import Values

/// All SQL of `showroom_piece` and `showroom_loan`.
enum ShowroomPieceTable {
  static func insert(_ piece: ShowroomPiece, by actor: String, in tx: Transaction) throws
    -> ID<ShowroomPiece>
  {
    try tx.insert(
      """
      INSERT INTO showroom_piece (number, version, product_id, sku, warehouse_code, state,
        condition, discount_micros, shown_on, shown_by)
      VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?)
      """, piece.number, piece.product, piece.sku, piece.warehouseCode, piece.state,
      piece.condition, piece.discount, piece.shownOn, actor)
  }

  /// Writes all that may change, and counts the version up.
  static func update(_ piece: inout ShowroomPiece, in tx: Transaction) throws {
    piece.version += 1
    try tx.execute(
      """
      UPDATE showroom_piece SET version = ?, state = ?, condition = ?, discount_micros = ?,
        order_number = ?
      WHERE id = ?
      """, piece.version, piece.state, piece.condition, piece.discount, piece.orderNumber,
      piece.id)
  }

  static func begin(_ loan: PieceLoan, of piece: ID<ShowroomPiece>, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO showroom_loan (piece_id, customer_code, lent_on, due_back_on)
      VALUES (?, ?, ?, ?)
      """, piece, loan.customerCode, loan.lentOn, loan.dueBackOn)
  }

  static func endLoan(of piece: ID<ShowroomPiece>, on day: Day, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE showroom_loan SET returned_on = ? WHERE piece_id = ? AND returned_on IS NULL", day,
      piece)
  }

  static func find(_ number: String, in snapshot: Snapshot) throws -> ShowroomPiece? {
    try snapshot.first(
      """
      SELECT p.id, p.number, p.version, p.product_id, p.sku, p.warehouse_code, p.state, p.condition,
        p.discount_micros, p.shown_on, p.order_number, l.customer_code, l.lent_on, l.due_back_on
      FROM showroom_piece AS p
      LEFT JOIN showroom_loan AS l ON l.piece_id = p.id AND l.returned_on IS NULL
      WHERE p.number = ? AND in_scope(NULL, NULL, p.warehouse_code)
      """, number, map: piece(_:))
  }

  /// That the order is about, whoever asks.
  static func sold(by order: String, in snapshot: Snapshot) throws -> ShowroomPiece? {
    try snapshot.first(
      """
      SELECT p.id, p.number, p.version, p.product_id, p.sku, p.warehouse_code, p.state, p.condition,
        p.discount_micros, p.shown_on, p.order_number, NULL, NULL, NULL
      FROM showroom_piece AS p WHERE p.order_number = ?
      """, order, map: piece(_:))
  }

  static func list(
    _ state: PieceState?, overdueOn day: Day?, before id: ID<ShowroomPiece>, limit: Int,
    in snapshot: Snapshot
  ) throws -> [ShowroomPiece] {
    try snapshot.all(
      """
      SELECT p.id, p.number, p.version, p.product_id, p.sku, p.warehouse_code, p.state, p.condition,
        p.discount_micros, p.shown_on, p.order_number, l.customer_code, l.lent_on, l.due_back_on
      FROM showroom_piece AS p
      LEFT JOIN showroom_loan AS l ON l.piece_id = p.id AND l.returned_on IS NULL
      WHERE p.id < ? AND (? IS NULL OR p.state = ?) AND (? IS NULL OR l.due_back_on < ?)
        AND in_scope(NULL, NULL, p.warehouse_code)
      ORDER BY p.id DESC LIMIT ?
      """, id, state, state, day, day, limit, map: piece(_:))
  }

  static func lent(
    to customer: String, before id: ID<ShowroomPiece>, limit: Int, in snapshot: Snapshot
  ) throws -> [ShowroomPiece] {
    try snapshot.all(
      """
      SELECT p.id, p.number, p.version, p.product_id, p.sku, p.warehouse_code, p.state, p.condition,
        p.discount_micros, p.shown_on, p.order_number, NULL, NULL, NULL
      FROM showroom_piece AS p
      WHERE p.id < ? AND in_scope(NULL, NULL, p.warehouse_code)
        AND p.id IN (SELECT piece_id FROM showroom_loan WHERE customer_code = ?)
      ORDER BY p.id DESC LIMIT ?
      """, id, customer, limit, map: piece(_:))
  }

  /// The oldest first.
  static func loans(
    of piece: ID<ShowroomPiece>, in snapshot: Snapshot
  ) throws -> [PieceLoan] {
    try snapshot.all(
      """
      SELECT customer_code, lent_on, due_back_on, returned_on
      FROM showroom_loan WHERE piece_id = ? ORDER BY id
      """, piece
    ) { row in
      PieceLoan(
        customerCode: row.text(0), lentOn: row.day(1), dueBackOn: row.day(2),
        returnedOn: row.optionalDay(3))
    }
  }

  /// What a customer has on loan.
  static func countLent(to customer: String, in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first(
      "SELECT COUNT(*) FROM showroom_loan WHERE customer_code = ? AND returned_on IS NULL",
      customer
    ) { $0.int64(0) } ?? 0
  }

  static func give(allOf duplicate: String, to kept: String, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE showroom_loan SET customer_code = ? WHERE customer_code = ?", kept, duplicate)
  }

  private static func piece(_ row: Row) throws -> ShowroomPiece {
    ShowroomPiece(
      id: row.id(0), number: row.text(1), version: row.int64(2), product: row.id(3),
      sku: row.text(4), warehouseCode: row.text(5), state: try row.value(6),
      condition: row.text(7), discount: row.rate(8), shownOn: row.day(9),
      orderNumber: row.optionalText(10),
      loan: row.optionalText(11).map {
        PieceLoan(
          customerCode: $0, lentOn: row.day(12), dueBackOn: row.day(13), returnedOn: nil)
      })
  }
}

extension PieceState: Bindable {}
