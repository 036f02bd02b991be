import Storage
import Values

/// All SQL of `complaint` and of its terms.
enum ComplaintTable {
  static func insert(_ found: Complaint, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO complaint (number, version, state, sales_order_id, line_number, category,
        severity, text, assignee, opened_by, opened_at, due_at, level, escalation_role, resolution,
        in_business_hours, channel)
      VALUES (?, 1, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, 0, '', '', ?, ?)
      """, found.number, found.state, found.order, found.line, found.category, found.severity,
      found.text, found.openedBy, found.openedAt, found.dueAt, found.inBusinessHours,
      found.channel)
  }

  /// Writes all that may change, and counts the version up.
  static func update(_ found: Complaint, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE complaint SET version = version + 1, state = ?, assignee = ?, due_at = ?, level = ?,
        escalation_role = ?, resolution = ?, document_kind = ?, document_number = ?,
        resolved_at = ?, in_business_hours = ?, paused_until = ?
      WHERE id = ?
      """, found.state, found.assignee, found.dueAt, found.level, found.escalationRole,
      found.resolution, found.document?.kind, found.document?.number, found.resolvedAt,
      found.inBusinessHours, found.pausedUntil, found.id)
  }

  static func replace(with terms: [ComplaintTerm], in tx: Transaction) throws {
    for term in terms {
      try tx.execute(
        """
        UPDATE complaint_term SET hours = ?, escalation_role = ?, in_business_hours = ?
        WHERE severity = ?
        """, term.hours, term.escalationRole, term.inBusinessHours, term.severity)
    }
  }

  /// Takes out of the complaints about a customer's orders what may be about a person. Returns
  /// their numbers.
  static func erasePeople(of customer: String, in tx: Transaction) throws -> [String] {
    try tx.all(
      """
      UPDATE complaint SET text = '', resolution = ''
      WHERE sales_order_id IN (SELECT id FROM sales_order WHERE customer_code = ?)
      RETURNING number
      """, customer
    ) { $0.text(0) }
  }

  // MARK: Questions

  static func terms(in snapshot: Snapshot) throws -> [ComplaintTerm] {
    let found = try snapshot.all(
      "SELECT severity, hours, escalation_role, in_business_hours FROM complaint_term"
    ) {
      ComplaintTerm(
        severity: try $0.value(0), hours: $0.int(1), escalationRole: $0.text(2),
        inBusinessHours: $0.bool(3))
    }
    return ComplaintSeverity.allCases.compactMap { severity in
      found.first { $0.severity == severity }
    }
  }

  /// How many complaints about a customer's orders have not ended.
  static func countOpen(of customer: String, in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first(
      """
      SELECT COUNT(*) FROM complaint AS c JOIN sales_order AS o ON o.id = c.sales_order_id
      WHERE o.customer_code = ? AND c.resolved_at IS NULL
      """, customer
    ) { $0.int64(0) } ?? 0
  }

  /// Nil when there is none about an order in scope.
  static func find(_ number: String, in snapshot: Snapshot) throws -> Complaint? {
    try snapshot.first(
      """
      SELECT c.id, c.number, c.version, c.state, c.sales_order_id, o.number, o.customer_code,
        c.line_number, COALESCE(l.sku, ''), c.category, c.severity, c.text, c.assignee,
        c.opened_by, c.opened_at, c.due_at, c.level, c.escalation_role, c.resolution,
        c.document_kind, c.document_number, c.resolved_at, c.in_business_hours, c.paused_until,
        c.channel
      FROM complaint AS c
      JOIN sales_order AS o ON o.id = c.sales_order_id
      LEFT JOIN sales_order_line AS l
        ON l.sales_order_id = c.sales_order_id AND l.line_number = c.line_number
      WHERE c.number = ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      """, number, map: complaint(_:))
  }

  /// About orders in scope, whose deadline has passed, the one that passed first first.
  static func overdue(
    at now: Instant, limit: Int, in snapshot: Snapshot
  ) throws -> [Complaint] {
    try snapshot.all(
      """
      SELECT c.id, c.number, c.version, c.state, c.sales_order_id, o.number, o.customer_code,
        c.line_number, COALESCE(l.sku, ''), c.category, c.severity, c.text, c.assignee,
        c.opened_by, c.opened_at, c.due_at, c.level, c.escalation_role, c.resolution,
        c.document_kind, c.document_number, c.resolved_at, c.in_business_hours, c.paused_until,
        c.channel
      FROM complaint AS c
      JOIN sales_order AS o ON o.id = c.sales_order_id
      LEFT JOIN sales_order_line AS l
        ON l.sales_order_id = c.sales_order_id AND l.line_number = c.line_number
      WHERE c.resolved_at IS NULL AND c.due_at <= ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY c.due_at, c.id LIMIT ?
      """, now, limit, map: complaint(_:))
  }

  // About orders in scope, the newest first: one index for each.

  /// About all orders.
  static func all(
    _ category: ComplaintCategory?, before id: ID<Complaint>, limit: Int, in snapshot: Snapshot
  ) throws -> [Complaint] {
    try snapshot.all(
      """
      SELECT c.id, c.number, c.version, c.state, c.sales_order_id, o.number, o.customer_code,
        c.line_number, COALESCE(l.sku, ''), c.category, c.severity, c.text, c.assignee,
        c.opened_by, c.opened_at, c.due_at, c.level, c.escalation_role, c.resolution,
        c.document_kind, c.document_number, c.resolved_at, c.in_business_hours, c.paused_until,
        c.channel
      FROM complaint AS c
      JOIN sales_order AS o ON o.id = c.sales_order_id
      LEFT JOIN sales_order_line AS l
        ON l.sales_order_id = c.sales_order_id AND l.line_number = c.line_number
      WHERE c.id < ? AND (? IS NULL OR c.category = ?)
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY c.id DESC LIMIT ?
      """, id, category, category, limit, map: complaint(_:))
  }

  /// In one state.
  static func inState(
    _ state: ComplaintState, _ category: ComplaintCategory?, before id: ID<Complaint>, limit: Int,
    in snapshot: Snapshot
  ) throws -> [Complaint] {
    try snapshot.all(
      """
      SELECT c.id, c.number, c.version, c.state, c.sales_order_id, o.number, o.customer_code,
        c.line_number, COALESCE(l.sku, ''), c.category, c.severity, c.text, c.assignee,
        c.opened_by, c.opened_at, c.due_at, c.level, c.escalation_role, c.resolution,
        c.document_kind, c.document_number, c.resolved_at, c.in_business_hours, c.paused_until,
        c.channel
      FROM complaint AS c
      JOIN sales_order AS o ON o.id = c.sales_order_id
      LEFT JOIN sales_order_line AS l
        ON l.sales_order_id = c.sales_order_id AND l.line_number = c.line_number
      WHERE c.state = ? AND c.id < ? AND (? IS NULL OR c.category = ?)
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY c.id DESC LIMIT ?
      """, state, id, category, category, limit, map: complaint(_:))
  }

  /// About one order.
  static func ofOrder(
    _ order: ID<SalesOrder>, _ state: ComplaintState?, _ category: ComplaintCategory?,
    before id: ID<Complaint>, limit: Int, in snapshot: Snapshot
  ) throws -> [Complaint] {
    try snapshot.all(
      """
      SELECT c.id, c.number, c.version, c.state, c.sales_order_id, o.number, o.customer_code,
        c.line_number, COALESCE(l.sku, ''), c.category, c.severity, c.text, c.assignee,
        c.opened_by, c.opened_at, c.due_at, c.level, c.escalation_role, c.resolution,
        c.document_kind, c.document_number, c.resolved_at, c.in_business_hours, c.paused_until,
        c.channel
      FROM complaint AS c
      JOIN sales_order AS o ON o.id = c.sales_order_id
      LEFT JOIN sales_order_line AS l
        ON l.sales_order_id = c.sales_order_id AND l.line_number = c.line_number
      WHERE c.sales_order_id = ? AND c.id < ? AND (? IS NULL OR c.state = ?)
        AND (? IS NULL OR c.category = ?)
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY c.id DESC LIMIT ?
      """, order, id, state, state, category, category, limit, map: complaint(_:))
  }

  /// About one customer's orders; all, or what is not resolved.
  static func ofCustomer(
    _ customer: String, openOnly: Bool, before id: ID<Complaint>, limit: Int, in snapshot: Snapshot
  ) throws -> [Complaint] {
    try snapshot.all(
      """
      SELECT c.id, c.number, c.version, c.state, c.sales_order_id, o.number, o.customer_code,
        c.line_number, COALESCE(l.sku, ''), c.category, c.severity, c.text, c.assignee,
        c.opened_by, c.opened_at, c.due_at, c.level, c.escalation_role, c.resolution,
        c.document_kind, c.document_number, c.resolved_at, c.in_business_hours, c.paused_until,
        c.channel
      FROM sales_order AS o
      JOIN complaint AS c ON c.sales_order_id = o.id
      LEFT JOIN sales_order_line AS l
        ON l.sales_order_id = c.sales_order_id AND l.line_number = c.line_number
      WHERE o.customer_code = ? AND c.id < ? AND (? = 0 OR c.resolved_at IS NULL)
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY c.id DESC LIMIT ?
      """, customer, id, openOnly, limit, map: complaint(_:))
  }

  private static func complaint(_ row: Row) throws -> Complaint {
    let kind: DocumentKind? = try row.optionalValue(19)
    var found = Complaint(
      id: row.id(0), number: row.text(1), version: row.int64(2), state: try row.value(3),
      order: row.id(4), orderNumber: row.text(5), customerCode: row.text(6), line: row.int(7),
      sku: row.text(8), category: try row.value(9), severity: try row.value(10),
      text: row.text(11), assignee: row.text(12), openedBy: row.text(13),
      openedAt: row.instant(14), dueAt: row.instant(15), level: row.int(16),
      escalationRole: row.text(17), resolution: row.text(18),
      document: kind.map { DocumentReference($0, row.text(20)) },
      resolvedAt: row.optionalInstant(21))
    found.inBusinessHours = row.bool(22)
    found.pausedUntil = row.optionalInstant(23)
    found.channel = try row.optionalValue(24)
    return found
  }
}

extension ComplaintCategory: Bindable {}
extension ComplaintChannel: Bindable {}
extension ComplaintSeverity: Bindable {}
extension ComplaintState: Bindable {}
