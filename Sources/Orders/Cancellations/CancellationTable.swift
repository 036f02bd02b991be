import MasterData
import Storage
import Values

/// All SQL of `cancellation` (what was decided at once) and of `sales_order_cancellation`: who
/// cancelled how much of which line, and why. There is no update and no delete.
enum CancellationTable {
  /// What is taken out of an order by a change is recorded with this reason.
  static let change = "CHANGE"

  /// What follows from a change that the customer did not ask for by itself: a charge.
  static func insert(
    comment: String, by actor: String, charge line: Int, quantity: Quantity,
    of order: ID<SalesOrder>, at now: Moment, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO sales_order_cancellation
        (sales_order_id, line_number, quantity, reason, comment, cancelled_by, cancelled_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, order, line, quantity, change, comment, actor, now.instant)
  }

  /// Returns its id. `lowered`: lines of which less is ordered, and nothing is cancelled.
  static func insert(
    _ terms: CancellationTerms, _ money: CancellationMoney, sunkCost: Money, comment: String,
    by actor: String, approvedBy: String?, of order: SalesOrder, lowered: Set<Int> = [],
    at now: Moment, in tx: Transaction
  ) throws -> Int64 {
    let id: ID<Cancellation> = try tx.insert(
      """
      INSERT INTO cancellation (sales_order_id, reason_code, fault, stage, policy_version, comment,
        cancelled_by, approved_by, cancelled_on, cancelled_at, amount_minor, fee_minor,
        fee_paid_minor, forfeited_minor, compensation_minor, sunk_minor, held_minor, refund_minor,
        kept_minor, currency, fee_invoice, explanation)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, order.id, terms.reason.code, terms.reason.fault, terms.stage, terms.policyVersion,
      comment, actor, approvedBy, now.day, now.instant, terms.amount.minor, money.fee.minor,
      money.feePaid.minor, terms.forfeited.minor, terms.compensation.minor, sunkCost.minor,
      money.held.minor, money.refund.minor, money.kept.minor, order.currency, money.feeInvoice,
      terms.explanation.storedText)
    for line in terms.lines {
      try tx.execute(
        """
        INSERT INTO sales_order_cancellation
          (sales_order_id, line_number, quantity, reason, comment, cancelled_by, cancelled_at,
          cancellation_id, amount_minor, rule, is_reduction)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, order.id, line.number, line.quantity, terms.reason.code, comment, actor, now.instant,
        id, line.amount.minor, line.rule, lowered.contains(line.number))
    }
    return id.value
  }

  /// What each rule from which somebody must agree above an amount has decided about in the order
  /// before, and nobody has agreed to; and within its window in the customer's other orders of the
  /// currency. Nothing is read where there is no such rule.
  static func decided(
    of order: SalesOrder, by policy: CancellationPolicy, in snapshot: Snapshot, at now: Moment
  ) throws -> [Int: Money] {
    guard policy.rules.contains(where: { !$0.steps.isEmpty && $0.approvalFrom != nil })
    else { return [:] }
    var found: [Int: Money] = [:]
    try snapshot.forEach(
      """
      SELECT l.rule, SUM(l.amount_minor) FROM cancellation AS c
      JOIN sales_order_cancellation AS l ON l.cancellation_id = c.id
      WHERE c.sales_order_id = ? AND c.policy_version = ? AND c.approved_by IS NULL
        AND l.rule > 0
      GROUP BY l.rule
      """, order.id, policy.version
    ) { row in found[row.int(0)] = Money(minor: row.int64(1), currency: order.currency) }
    for (index, rule) in policy.rules.enumerated() where !rule.steps.isEmpty {
      guard let hours = rule.windowHours else { continue }
      let elsewhere = try decided(
        by: index + 1, of: policy, beside: order,
        since: now.instant.adding(seconds: Int64(hours) * -3_600), in: snapshot)
      found[index + 1] = try found[index + 1, default: .zero(order.currency)] + elsewhere
    }
    return found
  }

  /// Whoever owns several accounts dodges nothing by using another.
  private static func decided(
    by rule: Int, of policy: CancellationPolicy, beside order: SalesOrder, since: Instant,
    in snapshot: Snapshot
  ) throws -> Money {
    var sum: Int64 = 0
    for code in try CustomerGroups.members(with: order.customerCode, in: snapshot) {
      sum +=
        try snapshot.first(
          """
          SELECT COALESCE(SUM(l.amount_minor), 0) FROM sales_order AS o
          JOIN cancellation AS c ON c.sales_order_id = o.id
          JOIN sales_order_cancellation AS l ON l.cancellation_id = c.id
          WHERE o.customer_code = ? AND o.id <> ? AND c.cancelled_at >= ?
            AND c.policy_version = ? AND c.approved_by IS NULL AND c.currency = ? AND l.rule = ?
          """, code, order.id, since, policy.version, order.currency, rule
        ) { $0.int64(0) } ?? 0
    }
    return Money(minor: sum, currency: order.currency)
  }

  /// What was promised to the customer beyond its money so far.
  static func compensation(of order: SalesOrder, in snapshot: Snapshot) throws -> Money {
    let minor = try snapshot.first(
      "SELECT COALESCE(SUM(compensation_minor), 0) FROM cancellation WHERE sales_order_id = ?",
      order.id
    ) { $0.int64(0) }
    return Money(minor: minor ?? 0, currency: order.currency)
  }

  /// Who has cancelled something of it, or agreed to it.
  static func actors(of order: ID<SalesOrder>, in snapshot: Snapshot) throws -> Set<String> {
    var found: Set<String> = []
    try snapshot.forEach(
      "SELECT cancelled_by, approved_by FROM cancellation WHERE sales_order_id = ?", order
    ) { row in
      found.insert(row.text(0))
      if let approver = row.optionalText(1) { found.insert(approver) }
    }
    return found
  }
}
