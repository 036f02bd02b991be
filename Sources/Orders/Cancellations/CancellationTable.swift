import Storage
import Values

/// All SQL of `cancellation` (what was decided at once) and of `sales_order_cancellation`: who
/// cancelled how much of which line, and why. There is no update and no delete.
enum CancellationTable {
  /// What is taken out of an order by a change is recorded with this reason.
  static let change = "CHANGE"

  /// A part of a line; `cancellation` is nil for one that is due to a change.
  static func insert(
    reason: String, comment: String, by actor: String, line: Int, quantity: Quantity,
    amount: Money? = nil, cancellation: Int64? = nil, of order: ID<SalesOrder>, at now: Moment,
    in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO sales_order_cancellation
        (sales_order_id, line_number, quantity, reason, comment, cancelled_by, cancelled_at,
        cancellation_id, amount_minor)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, order, line, quantity, reason, comment, actor, now.instant, cancellation,
      amount?.minor)
  }

  /// Returns its id.
  static func insert(
    _ terms: CancellationTerms, _ money: CancellationMoney, sunkCost: Money, comment: String,
    by actor: String, approvedBy: String?, of order: SalesOrder, at now: Moment,
    in tx: Transaction
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
      try insert(
        reason: terms.reason.code, comment: comment, by: actor, line: line.number,
        quantity: line.quantity, amount: line.amount, cancellation: id.value, of: order.id,
        at: now, in: tx)
    }
    return id.value
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
