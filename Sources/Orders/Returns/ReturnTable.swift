import Storage
import Values

/// All SQL of `customer_return` and its lines.
enum ReturnTable {
  /// Returns its id.
  static func insert(
    _ found: CustomerReturn, on day: Day, in tx: Transaction
  ) throws -> ID<CustomerReturn> {
    let id: ID<CustomerReturn> = try tx.insert(
      """
      INSERT INTO customer_return (number, version, state, sales_order_id, note, policy_version,
        explanation, approver_role, requested_by, requested_at, requested_on, decision,
        credited_minor, fee_minor, currency)
      VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0, ?)
      """, found.number, found.state, found.order, found.note, found.policyVersion,
      found.explanation.storedText, found.approverRole, found.requestedBy, found.requestedAt,
      day, found.credited.currency)
    for line in found.lines {
      try tx.execute(
        """
        INSERT INTO customer_return_line (return_id, line_number, sales_order_id, reason_code,
          responsible, rule, fee_micros, requested, received, grade_a, grade_b, grade_c,
          cost_minor, scrap_minor, currency)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, ?)
        """, id, line.number, found.order, line.reasonCode, line.responsible, line.rule, line.fee,
        line.requested, line.cost.currency)
    }
    return id
  }

  /// Writes all that may change, and counts the version up.
  static func update(_ found: CustomerReturn, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE customer_return SET version = version + 1, state = ?, decided_by = ?, decision = ?,
        warehouse_code = ?, received_on = ?, credited_by = ?, credited_minor = ?, fee_minor = ?,
        fee_invoice = ?
      WHERE id = ?
      """, found.state, found.decidedBy, found.decision, found.warehouseCode, found.receivedOn,
      found.creditedBy, found.credited.minor, found.fee.minor, found.feeInvoice, found.id)
  }

  static func update(
    _ line: ReturnLine, of found: ID<CustomerReturn>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE customer_return_line SET received = ?, grade_a = ?, grade_b = ?, grade_c = ?,
        cost_minor = ?, scrap_minor = ?, written_down_minor = ?, written_down_here_minor = ?,
        gone_cost_minor = ?
      WHERE return_id = ? AND line_number = ?
      """, line.received, line.gradeA, line.gradeB, line.gradeC, line.cost.minor,
      line.scrapped.minor, line.writtenDown.minor, line.writtenDownHere.minor,
      line.goneCost.minor, found, line.number)
  }

  /// What of the lines of an order has come back or is to, and what of it has come, by line number.
  static func claimed(
    of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> [Int: (claimed: Quantity, received: Quantity)] {
    var found: [Int: (claimed: Quantity, received: Quantity)] = [:]
    try snapshot.forEach(
      """
      SELECT l.line_number,
        SUM(CASE WHEN r.state IN ('REQUESTED', 'APPROVED') THEN l.requested ELSE l.received END),
        SUM(l.received)
      FROM customer_return_line AS l JOIN customer_return AS r ON r.id = l.return_id
      WHERE l.sales_order_id = ? AND r.state <> 'REJECTED' AND r.state <> 'CANCELLED'
      GROUP BY l.line_number
      """, order
    ) { found[$0.int(0)] = (claimed: $0.quantity(1), received: $0.quantity(2)) }
    return found
  }

  struct Taken {
    let line: Int
    let askedOn: Day
    /// Of the rule that let it come back; nil for ever.
    let withinDays: Int?
    let quantity: Quantity
  }

  /// What of the lines of an order has come back or is to, in the order in which it was asked.
  static func taken(
    of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> [Taken] {
    try snapshot.all(
      """
      SELECT l.line_number, r.requested_on, p.within_days,
        CASE WHEN r.state IN ('REQUESTED', 'APPROVED') THEN l.requested ELSE l.received END
      FROM customer_return_line AS l JOIN customer_return AS r ON r.id = l.return_id
      LEFT JOIN return_rule AS p
        ON p.policy_version = r.policy_version AND p.position = l.rule
      WHERE l.sales_order_id = ? AND r.state <> 'REJECTED' AND r.state <> 'CANCELLED'
      ORDER BY r.id
      """, order
    ) { row in
      Taken(
        line: row.int(0), askedOn: row.day(1), withinDays: row.optionalInt64(2).map { Int($0) },
        quantity: row.quantity(3))
    }
  }

  /// Who has agreed to a return of an order, or credited one.
  static func actors(of order: ID<SalesOrder>, in snapshot: Snapshot) throws -> Set<String> {
    var found: Set<String> = []
    try snapshot.forEach(
      """
      SELECT requested_by, decided_by, credited_by FROM customer_return
      WHERE sales_order_id = ? AND state = 'CREDITED'
      """, order
    ) { row in
      found.insert(row.text(0))
      for column in [1, 2] { if let name = row.optionalText(column) { found.insert(name) } }
    }
    return found
  }

  /// How many returns of a customer's orders are not at their end.
  static func countOpen(of customer: String, in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first(
      """
      SELECT COUNT(*) FROM customer_return AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE o.customer_code = ?
        AND r.state IN ('REQUESTED', 'APPROVED', 'RECEIVED', 'INSPECTED')
      """, customer
    ) { $0.int64(0) } ?? 0
  }

  /// Takes out of the returns of a customer's orders what may be about a person.
  static func erasePeople(of customer: String, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE customer_return SET note = ''
      WHERE sales_order_id IN (SELECT id FROM sales_order WHERE customer_code = ?) AND note <> ''
      """, customer)
  }

  // MARK: Questions

  /// Nil when there is none of an order in scope.
  static func find(_ number: String, in snapshot: Snapshot) throws -> CustomerReturn? {
    let found = try snapshot.first(
      """
      SELECT r.id, r.number, r.version, r.state, r.sales_order_id, o.number, o.customer_code,
        r.note, r.policy_version, r.explanation, r.approver_role, r.requested_by, r.requested_at,
        r.decided_by, r.decision, r.warehouse_code, r.received_on, r.credited_by,
        r.credited_minor, r.fee_minor, r.currency, r.fee_invoice
      FROM customer_return AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.number = ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      """, number, map: customerReturn(_:))
    guard var customerReturn = found else { return nil }
    customerReturn.lines = try lines(of: customerReturn.id, in: snapshot)
    return customerReturn
  }

  /// Whoever asks; what is told of it is in scope by another order.
  static func unscoped(_ number: String, in snapshot: Snapshot) throws -> CustomerReturn? {
    let found = try snapshot.first(
      """
      SELECT r.id, r.number, r.version, r.state, r.sales_order_id, o.number, o.customer_code,
        r.note, r.policy_version, r.explanation, r.approver_role, r.requested_by, r.requested_at,
        r.decided_by, r.decision, r.warehouse_code, r.received_on, r.credited_by,
        r.credited_minor, r.fee_minor, r.currency, r.fee_invoice
      FROM customer_return AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.number = ?
      """, number, map: customerReturn(_:))
    guard var customerReturn = found else { return nil }
    customerReturn.lines = try lines(of: customerReturn.id, in: snapshot)
    return customerReturn
  }

  // Of orders in scope, the newest first, without lines: one index for each.

  /// Of all orders.
  static func all(
    before id: ID<CustomerReturn>, limit: Int, in snapshot: Snapshot
  ) throws -> [CustomerReturn] {
    try snapshot.all(
      """
      SELECT r.id, r.number, r.version, r.state, r.sales_order_id, o.number, o.customer_code,
        r.note, r.policy_version, r.explanation, r.approver_role, r.requested_by, r.requested_at,
        r.decided_by, r.decision, r.warehouse_code, r.received_on, r.credited_by,
        r.credited_minor, r.fee_minor, r.currency, r.fee_invoice
      FROM customer_return AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.id < ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY r.id DESC LIMIT ?
      """, id, limit, map: customerReturn(_:))
  }

  /// In one state.
  static func inState(
    _ state: ReturnState, before id: ID<CustomerReturn>, limit: Int, in snapshot: Snapshot
  ) throws -> [CustomerReturn] {
    try snapshot.all(
      """
      SELECT r.id, r.number, r.version, r.state, r.sales_order_id, o.number, o.customer_code,
        r.note, r.policy_version, r.explanation, r.approver_role, r.requested_by, r.requested_at,
        r.decided_by, r.decision, r.warehouse_code, r.received_on, r.credited_by,
        r.credited_minor, r.fee_minor, r.currency, r.fee_invoice
      FROM customer_return AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.state = ? AND r.id < ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY r.id DESC LIMIT ?
      """, state, id, limit, map: customerReturn(_:))
  }

  /// Of one order.
  static func ofOrder(
    _ order: ID<SalesOrder>, _ state: ReturnState?, before id: ID<CustomerReturn>, limit: Int,
    in snapshot: Snapshot
  ) throws -> [CustomerReturn] {
    try snapshot.all(
      """
      SELECT r.id, r.number, r.version, r.state, r.sales_order_id, o.number, o.customer_code,
        r.note, r.policy_version, r.explanation, r.approver_role, r.requested_by, r.requested_at,
        r.decided_by, r.decision, r.warehouse_code, r.received_on, r.credited_by,
        r.credited_minor, r.fee_minor, r.currency, r.fee_invoice
      FROM customer_return AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.sales_order_id = ? AND r.id < ? AND (? IS NULL OR r.state = ?)
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY r.id DESC LIMIT ?
      """, order, id, state, state, limit, map: customerReturn(_:))
  }

  /// Of one customer.
  static func ofCustomer(
    _ customer: String, before id: ID<CustomerReturn>, limit: Int, in snapshot: Snapshot
  ) throws -> [CustomerReturn] {
    try snapshot.all(
      """
      SELECT r.id, r.number, r.version, r.state, r.sales_order_id, o.number, o.customer_code,
        r.note, r.policy_version, r.explanation, r.approver_role, r.requested_by, r.requested_at,
        r.decided_by, r.decision, r.warehouse_code, r.received_on, r.credited_by,
        r.credited_minor, r.fee_minor, r.currency, r.fee_invoice
      FROM sales_order AS o JOIN customer_return AS r ON r.sales_order_id = o.id
      WHERE o.customer_code = ? AND r.id < ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY r.id DESC LIMIT ?
      """, customer, id, limit, map: customerReturn(_:))
  }

  private static func lines(
    of id: ID<CustomerReturn>, in snapshot: Snapshot
  ) throws -> [ReturnLine] {
    try snapshot.all(
      """
      SELECT r.line_number, l.sku, l.description, l.unit, r.reason_code, r.responsible, r.rule,
        r.fee_micros, r.requested, r.received, r.grade_a, r.grade_b, r.grade_c, r.cost_minor,
        r.currency, r.scrap_minor, r.written_down_minor, r.written_down_here_minor,
        r.gone_cost_minor
      FROM customer_return_line AS r
      JOIN sales_order_line AS l
        ON l.sales_order_id = r.sales_order_id AND l.line_number = r.line_number
      WHERE r.return_id = ? ORDER BY r.line_number
      """, id
    ) { row in
      ReturnLine(
        number: row.int(0), sku: row.text(1), description: row.text(2), unit: row.text(3),
        reasonCode: row.text(4), responsible: try row.value(5), rule: row.int(6), fee: row.rate(7),
        requested: row.quantity(8), received: row.quantity(9), gradeA: row.quantity(10),
        gradeB: row.quantity(11), gradeC: row.quantity(12), cost: row.money(13, 14),
        scrapped: row.money(15, 14), writtenDown: row.money(16, 14),
        writtenDownHere: row.money(17, 14), goneCost: row.money(18, 14))
    }
  }

  private static func customerReturn(_ row: Row) throws -> CustomerReturn {
    CustomerReturn(
      id: row.id(0), number: row.text(1), version: row.int64(2), state: try row.value(3),
      order: row.id(4), orderNumber: row.text(5), customerCode: row.text(6), note: row.text(7),
      policyVersion: row.int64(8), explanation: Explanation(storedText: row.text(9)),
      approverRole: row.optionalText(10), requestedBy: row.text(11), requestedAt: row.instant(12),
      decidedBy: row.optionalText(13), decision: row.text(14),
      warehouseCode: row.optionalText(15), receivedOn: row.optionalDay(16),
      creditedBy: row.optionalText(17), credited: row.money(18, 20), fee: row.money(19, 20),
      feeInvoice: row.optionalText(21), lines: [])
  }
}

extension ReturnState: Bindable {}
