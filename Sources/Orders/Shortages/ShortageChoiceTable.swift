import Storage
import Values

/// All SQL of `shortage_choice`.
enum ShortageChoiceTable {
  static func insert(
    _ choice: ShortageChoice, ofLine line: Int, of order: SalesOrder, _ quantity: Quantity,
    agreedOn day: Day?, substitute: Int?, comment: String, by actor: String, in tx: Transaction,
    at now: Moment
  ) throws {
    try tx.execute(
      """
      INSERT INTO shortage_choice (sales_order_id, line_number, choice, quantity, substitute_line,
        agreed_on, comment, made_by, made_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, order.id, line, choice, quantity, substitute, day, comment, actor, now.instant)
  }

  /// Lines of which the customer takes what is there, and the rest when it comes, and has not
  /// chosen since to wait for all of it.
  static func partShipped(of order: ID<SalesOrder>, in snapshot: Snapshot) throws -> Set<Int> {
    Set(
      try snapshot.all(
        """
        SELECT c.line_number FROM shortage_choice AS c
        WHERE c.sales_order_id = ? AND c.choice = 'PART_SHIP'
          AND NOT EXISTS (
            SELECT 1 FROM shortage_choice AS later
            WHERE later.sales_order_id = c.sales_order_id AND later.line_number = c.line_number
              AND later.id > c.id AND later.choice = 'WAIT')
        """, order
      ) { $0.int(0) })
  }
}

extension ShortageChoice: Bindable {}
