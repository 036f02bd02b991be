import MasterData
import Storage
import Values

/// All SQL of `approval_round` and `approval_step`.
enum ApprovalStepTable {
  /// Of an order, or of a request to change it or to cancel something of it.
  static func insert(
    _ round: ApprovalRound, of order: ID<SalesOrder>, change: ID<ChangeRequest>? = nil,
    cancellation: ID<CancelRequest>? = nil, at now: Moment, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO approval_round (sales_order_id, round, policy_version, asked_by, asked_at,
        is_change, gross_minor, currency, discount_micros, margin_micros, region, is_refused,
        change_request_id, cancel_request_id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
      """, order, round.round, round.policyVersion, round.askedBy, now.instant, round.isChange,
      round.facts.gross.minor, round.facts.gross.currency, round.facts.discount,
      round.facts.margin, round.facts.regions.sorted().joined(separator: ", "), change,
      cancellation)
  }

  /// Rounds of an order and of the requests about it are counted together.
  static func nextRound(of order: ID<SalesOrder>, in snapshot: Snapshot) throws -> Int {
    try snapshot.first(
      "SELECT coalesce(max(round), 0) + 1 FROM approval_round WHERE sales_order_id = ?", order
    ) { $0.int(0) } ?? 1
  }

  static func insert(
    _ step: ApprovalStep, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO approval_step (sales_order_id, round, number, kind, rule, position, follows,
        role, due_hours, remind_hours, escalation_role, state, opened_at, remind_at, due_at,
        next_at, decided_by, standing_in_for, decided_at, comment, decided_round)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, order, step.round, step.number, step.kind, step.rule, step.position, step.follows,
      step.role, step.asked.dueHours, step.asked.remindHours, step.asked.escalationRole, step.state,
      step.openedAt, step.remindAt, step.dueAt, step.nextAt, step.decidedBy,
      step.standingInFor.sorted().joined(separator: "\n"), step.decidedAt, step.comment,
      step.decidedRound)
  }

  static func update(_ step: ApprovalStep, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE approval_step SET state = ?, opened_at = ?, remind_at = ?, due_at = ?, next_at = ?,
        reminded_at = ?, escalated_at = ?, decided_by = ?, standing_in_for = ?, decided_at = ?,
        comment = ?
      WHERE id = ?
      """, step.state, step.openedAt, step.remindAt, step.dueAt, step.nextAt, step.remindedAt,
      step.escalatedAt, step.decidedBy, step.standingInFor.sorted().joined(separator: "\n"),
      step.decidedAt, step.comment, step.id)
  }

  /// Nobody need decide what is open of an order itself.
  static func drop(of order: ID<SalesOrder>, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE approval_step SET state = 'DROPPED', next_at = NULL
      WHERE sales_order_id = ? AND (state = 'OPEN' OR state = 'WAITING')
        AND round IN (
          SELECT r.round FROM approval_round AS r
          WHERE r.sales_order_id = ? AND r.change_request_id IS NULL
            AND r.cancel_request_id IS NULL)
      """, order, order)
  }

  /// Nobody need decide what is open of a round.
  static func drop(round: Int, of order: ID<SalesOrder>, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE approval_step SET state = 'DROPPED', next_at = NULL
      WHERE sales_order_id = ? AND round = ? AND (state = 'OPEN' OR state = 'WAITING')
      """, order, round)
  }

  /// What was approved until now counts no more.
  static func refuse(of order: ID<SalesOrder>, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE approval_round SET is_refused = 1 WHERE sales_order_id = ?", order)
  }

  /// Of the order itself, or of a request to change it.
  static func rounds(
    of order: ID<SalesOrder>, request: ID<ChangeRequest>? = nil, in snapshot: Snapshot
  ) throws -> [ApprovalRound] {
    try snapshot.all(
      """
      SELECT round, policy_version, asked_by, is_change, gross_minor, currency, discount_micros,
        margin_micros, region, is_refused
      FROM approval_round WHERE sales_order_id = ? AND change_request_id IS ?
        AND cancel_request_id IS NULL
      ORDER BY round
      """, order, request
    ) { row in
      ApprovalRound(
        round: row.int(0), policyVersion: row.int64(1), askedBy: row.text(2),
        isChange: row.bool(3), isRefused: row.bool(9),
        facts: ApprovalFacts(
          gross: row.money(4, 5), discount: row.rate(6), margin: row.optionalRate(7),
          regions: Set(row.text(8).split(separator: ", ").map(String.init))))
    }
  }

  /// Of a round, or of all in their order.
  static func steps(
    of order: ID<SalesOrder>, round: Int? = nil, in snapshot: Snapshot
  ) throws -> [ApprovalStep] {
    try snapshot.all(
      """
      SELECT s.id, s.round, s.number, s.kind, r.policy_version, s.rule, s.position, s.follows,
        s.role, s.due_hours, s.remind_hours, s.escalation_role, s.state, s.opened_at, s.remind_at,
        s.due_at, s.reminded_at, s.escalated_at, s.decided_by, s.standing_in_for, s.decided_at,
        s.comment, s.decided_round, c.number, r.cancel_request_id
      FROM approval_step AS s
      JOIN approval_round AS r ON r.sales_order_id = s.sales_order_id AND r.round = s.round
      LEFT JOIN change_request AS c ON c.id = r.change_request_id
      WHERE s.sales_order_id = ? AND (? IS NULL OR s.round = ?) ORDER BY s.round, s.number
      """, order, round, round, map: step)
  }

  /// Those that must be decided now, of orders in scope, the oldest first. A role of `roles` may
  /// decide them (nil: any). Nobody is asked to cancel what has left.
  static func pending(
    _ filter: PendingApprovals.Filter, after id: ID<ApprovalStep>, at now: Instant, limit: Int,
    in snapshot: Snapshot
  ) throws -> [PendingApproval] {
    let roles = filter.roles.map { ValueList($0.sorted()) }
    return try snapshot.all(
      """
      SELECT s.id, s.round, s.number, s.kind, r.policy_version, s.rule, s.position, s.follows,
        s.role, s.due_hours, s.remind_hours, s.escalation_role, s.state, s.opened_at, s.remind_at,
        s.due_at, s.reminded_at, s.escalated_at, s.decided_by, s.standing_in_for, s.decided_at,
        s.comment, s.decided_round, c.number, r.cancel_request_id, o.number, o.version,
        o.customer_code, o.gross_minor, o.currency, c.version
      FROM approval_step AS s
      JOIN approval_round AS r ON r.sales_order_id = s.sales_order_id AND r.round = s.round
      LEFT JOIN change_request AS c ON c.id = r.change_request_id
      JOIN sales_order AS o ON o.id = s.sales_order_id
      WHERE s.state = 'OPEN' AND s.id > ? AND (? = 0 OR s.due_at <= ?)
        AND (? = 0 OR s.role IN (SELECT value FROM json_each(?))
          OR s.escalated_at IS NOT NULL AND s.escalation_role IN (SELECT value FROM json_each(?)))
        AND (r.cancel_request_id IS NULL OR EXISTS (
          SELECT 1 FROM sales_order_line AS l
          WHERE l.sales_order_id = o.id AND l.ordered > l.cancelled + l.shipped))
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY s.id LIMIT ?
      """, id, filter.isOverdue, now, roles != nil, roles ?? ValueList([String]()),
      roles ?? ValueList([String]()), limit
    ) { row in
      PendingApproval(
        order: row.text(25), version: row.int64(26), customerCode: row.text(27),
        gross: row.money(28, 29), step: try step(row), requestVersion: row.optionalInt64(30))
    }
  }

  /// The steps that it is time to remind of or to pass on, the longest due
  /// first.
  static func due(
    at now: Instant, limit: Int, in snapshot: Snapshot
  ) throws -> [(order: String, step: ApprovalStep)] {
    try snapshot.all(
      """
      SELECT s.id, s.round, s.number, s.kind, r.policy_version, s.rule, s.position, s.follows,
        s.role, s.due_hours, s.remind_hours, s.escalation_role, s.state, s.opened_at, s.remind_at,
        s.due_at, s.reminded_at, s.escalated_at, s.decided_by, s.standing_in_for, s.decided_at,
        s.comment, s.decided_round, c.number, r.cancel_request_id, o.number
      FROM approval_step AS s
      JOIN approval_round AS r ON r.sales_order_id = s.sales_order_id AND r.round = s.round
      LEFT JOIN change_request AS c ON c.id = r.change_request_id
      JOIN sales_order AS o ON o.id = s.sales_order_id
      WHERE s.next_at <= ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY s.next_at, s.id LIMIT ?
      """, now, limit
    ) { (order: $0.text(25), step: try step($0)) }
  }

  private static func step(_ row: Row) throws -> ApprovalStep {
    ApprovalStep(
      id: row.id(0), round: row.int(1), number: row.int(2), kind: row.text(3),
      policyVersion: row.int64(4), rule: row.int(5), position: row.int(6), follows: row.bool(7),
      asked: ApprovalStepRule(
        role: row.text(8), dueHours: row.optionalInt(9), remindHours: row.optionalInt(10),
        escalationRole: row.optionalText(11)),
      state: try row.value(12), openedAt: row.optionalInstant(13),
      remindAt: row.optionalInstant(14), dueAt: row.optionalInstant(15),
      remindedAt: row.optionalInstant(16), escalatedAt: row.optionalInstant(17),
      decidedBy: row.optionalText(18),
      standingInFor: Set(row.text(19).split(separator: "\n").map(String.init)),
      decidedAt: row.optionalInstant(20), comment: row.text(21), decidedRound: row.optionalInt(22),
      matter: row.optionalInt(23).map { .change($0) }
        ?? (row.optionalInt64(24) == nil ? .order : .cancellation))
  }
}

extension ApprovalStep.State: Bindable {}
