internal import Messages
internal import RPC
internal import Storage
internal import Values

/// What came of a rule that fitted an event.
enum RuleVerdict: String, Hashable, Sendable, CaseIterable, Bindable {
  case done = "DONE"
  case refused = "REFUSED"
  case forbidden = "FORBIDDEN"
  case loop = "LOOP"
  case limit = "LIMIT"
  case failed = "FAILED"

  /// What the business refuses is as it should be; the rest is for somebody to look at.
  var needsAttention: Bool { self != .done && self != .refused }
}

/// A row of `automation_run`.
struct RuleRun: Hashable, Sendable {
  var id: Int64 = 0
  let code: String
  let version: Int64
  let place: Int64
  let eventType: String
  let order: String
  let verdict: RuleVerdict
  let refusal: String
  let depth: Int
  let command: Int64?
  let at: Instant
  var needsAttention: Bool
  var settledBy = ""
}

/// All SQL of rules and of what they have done.
enum AutomationTable {
  // MARK: Rules

  static func newest(_ code: String, in snapshot: Snapshot) throws -> AutomationRule? {
    try snapshot.first(
      """
      SELECT definition, since FROM automation_rule WHERE code = ? ORDER BY version DESC LIMIT 1
      """, code, map: rule(_:))
  }

  /// By code.
  static func newest(in snapshot: Snapshot) throws -> [AutomationRule] {
    try snapshot.all(
      """
      SELECT r.definition, r.since FROM automation_rule AS r
      WHERE r.version = (SELECT MAX(n.version) FROM automation_rule AS n WHERE n.code = r.code)
      ORDER BY r.code LIMIT 1000
      """, map: rule(_:))
  }

  static func insert(
    _ rule: AutomationRule, by actor: String, at now: Instant, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO automation_rule (code, version, event_type, is_active, since, definition, made_by,
        made_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, rule.code, rule.message.version, rule.message.eventType, rule.message.active,
      rule.since, rule.message.encoded(), actor, now)
  }

  private static func rule(_ row: Row) throws -> AutomationRule {
    AutomationRule(message: try AutomationV1.Rule(wire: row.blob(0)), since: row.int64(1))
  }

  // MARK: How far it is

  static func place(in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first("SELECT place FROM automation_feed WHERE id = 1") { $0.int64(0) } ?? 0
  }

  static func advance(to place: Int64, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE automation_feed SET place = ? WHERE id = 1 AND place < ?", place, place)
  }

  // MARK: Runs

  /// False where it is there already.
  static func insert(_ run: RuleRun, in tx: Transaction) throws -> Bool {
    let id: ID<RuleRun>? = try tx.insertIfAbsent(
      """
      INSERT INTO automation_run (rule_code, rule_version, place, event_type, order_number, verdict,
        refusal, depth, command_sequence, ran_at, needs_attention, settled_by)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')
      ON CONFLICT (place, rule_code, rule_version) DO NOTHING
      """, run.code, run.version, run.place, run.eventType, run.order, run.verdict, run.refusal,
      run.depth, run.command, run.at, run.needsAttention)
    return id != nil
  }

  static func settle(_ id: Int64, by actor: String, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE automation_run SET needs_attention = 0, settled_by = ? WHERE id = ?", actor, id)
  }

  static func isRun(
    _ rule: AutomationRule, at place: Int64, in snapshot: Snapshot
  ) throws -> Bool {
    try snapshot.first(
      """
      SELECT 1 FROM automation_run WHERE place = ? AND rule_code = ? AND rule_version = ?
      """, place, rule.code, rule.message.version
    ) { _ in true } ?? false
  }

  /// Rules that led to the events of a command, one after the other.
  static func depth(ofCommand sequence: Int64, in snapshot: Snapshot) throws -> Int {
    try snapshot.first(
      "SELECT depth + 1 FROM automation_run WHERE command_sequence = ?", sequence
    ) { $0.int(0) } ?? 0
  }

  /// Of one rule and of all, for an order, since an instant.
  static func count(
    of code: String, order: String, since: Instant, in snapshot: Snapshot
  ) throws -> (rule: Int, all: Int) {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(CASE WHEN rule_code = ? THEN 1 ELSE 0 END), 0), COUNT(*)
      FROM automation_run
      WHERE order_number = ? AND ran_at > ? AND command_sequence IS NOT NULL
      """, code, order, since
    ) { (rule: $0.int(0), all: $0.int(1)) } ?? (0, 0)
  }

  static func find(_ id: Int64, in snapshot: Snapshot) throws -> RuleRun? {
    try snapshot.first(
      """
      SELECT id, rule_code, rule_version, place, event_type, order_number, verdict, refusal, depth,
        command_sequence, ran_at, needs_attention, settled_by
      FROM automation_run WHERE id = ?
      """, id, map: run(_:))
  }

  /// The newest first, before an id.
  static func list(
    code: String, order: String, needsAttention: Bool, before id: Int64, limit: Int,
    in snapshot: Snapshot
  ) throws -> [RuleRun] {
    if !order.isEmpty {
      return try snapshot.all(
        """
        SELECT id, rule_code, rule_version, place, event_type, order_number, verdict, refusal,
          depth, command_sequence, ran_at, needs_attention, settled_by
        FROM automation_run
        WHERE order_number = ? AND id < ? AND (? = '' OR rule_code = ?)
          AND (? = 0 OR needs_attention = 1)
        ORDER BY id DESC LIMIT ?
        """, order, id, code, code, needsAttention, limit, map: run(_:))
    }
    if needsAttention {
      return try snapshot.all(
        """
        SELECT id, rule_code, rule_version, place, event_type, order_number, verdict, refusal,
          depth, command_sequence, ran_at, needs_attention, settled_by
        FROM automation_run
        WHERE needs_attention = 1 AND id < ? AND (? = '' OR rule_code = ?)
        ORDER BY id DESC LIMIT ?
        """, id, code, code, limit, map: run(_:))
    }
    if !code.isEmpty {
      return try snapshot.all(
        """
        SELECT id, rule_code, rule_version, place, event_type, order_number, verdict, refusal,
          depth, command_sequence, ran_at, needs_attention, settled_by
        FROM automation_run WHERE rule_code = ? AND id < ? ORDER BY id DESC LIMIT ?
        """, code, id, limit, map: run(_:))
    }
    return try snapshot.all(
      """
      SELECT id, rule_code, rule_version, place, event_type, order_number, verdict, refusal, depth,
        command_sequence, ran_at, needs_attention, settled_by
      FROM automation_run WHERE id < ? ORDER BY id DESC LIMIT ?
      """, id, limit, map: run(_:))
  }

  private static func run(_ row: Row) throws -> RuleRun {
    RuleRun(
      id: row.int64(0), code: row.text(1), version: row.int64(2), place: row.int64(3),
      eventType: row.text(4), order: row.text(5), verdict: try row.value(6), refusal: row.text(7),
      depth: row.int(8), command: row.optionalInt64(9), at: row.instant(10),
      needsAttention: row.bool(11), settledBy: row.text(12))
  }

  // MARK: What must hold

  /// A run is about an event of its type that is in the log, and its command is the one of its key;
  /// none goes deeper than rules may.
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT r.id, r.rule_code FROM automation_run AS r
      LEFT JOIN event AS e
        ON e.place = r.place AND e.type = r.event_type AND e.root_number = r.order_number
      LEFT JOIN command AS c ON c.sequence = r.command_sequence
      WHERE e.place IS NULL OR r.depth > 3 AND r.verdict = 'DONE'
        OR r.command_sequence IS NOT NULL
          AND c.idempotency_key
            <> 'rule/' || r.rule_code || '/' || r.rule_version || '/' || r.place
      ORDER BY r.id LIMIT 100
      """
    ) { row in
      InvariantViolation(
        "automation.run-has-event-and-command",
        "A rule has run without its event, or by a command that is not its own",
        [Fact("run", row.int64(0)), Fact("rule", row.text(1))])
    }
  }
}
