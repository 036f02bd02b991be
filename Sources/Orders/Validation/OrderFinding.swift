package import MasterData
import Production
package import Storage
package import Values

/// One thing that was found about one order.
package struct OrderFinding: Hashable, Sendable {
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    case held = "HELD"
    /// By an import.
    case refused = "REFUSED"
  }

  package let id: ID<OrderFinding>
  package let foundOn: Day
  /// Code of the rule, or the reason of the refusal.
  package let cause: String
  package let outcome: Outcome
  /// Nil where an import did not say it.
  package let channel: Channel?
  /// The file or marketplace that the order came in by; empty for a single call.
  package let source: String
  /// Nil for an order that was not taken.
  package let order: String?
  package let externalID: String
  /// Of the rule; nil where the cause is none.
  package let policy: Int64?
}

/// Questions about findings.
package enum OrderFindings {
  package struct Filter: Hashable, Sendable {
    package var cause: String?
    package var channel: Channel?
    package var source: String?

    package init(cause: String? = nil, channel: Channel? = nil, source: String? = nil) {
      self.cause = cause
      self.channel = channel
      self.source = source
    }
  }

  /// Of orders in scope, the newest first, from the one after `id` on.
  package static func list(
    _ filter: Filter, before id: ID<OrderFinding>?, limit: Int, in snapshot: Snapshot
  ) throws -> [OrderFinding] {
    try OrderFindingTable.list(filter, before: id ?? ID(.max), limit: limit, in: snapshot)
  }
}

extension SalesOrder {
  /// Holds an order that is written for what was found about it, and counts the findings. A hold
  /// that it has already stays as it is.
  func hold(
    for findings: [Finding], source: String, in tx: Transaction, at now: Moment
  ) throws {
    guard !findings.isEmpty else { return }
    for finding in findings {
      try OrderFindingTable.insert(finding, about: self, source: source, on: now.day, in: tx)
    }
    let there = Set(try OrderHoldTable.list(of: id, in: tx).map(\.kind))
    for kind in OrderHoldKind.allCases where !there.contains(kind) {
      let reasons = findings.filter { $0.hold == kind }
      guard !reasons.isEmpty else { continue }
      let hold = OrderHold(
        kind: kind, reason: String(reasons.map(\.text).joined(separator: "; ").prefix(500)),
        setBy: OrderHold.validation, setAt: now.instant,
        explanation: Explanation(reasons.map(\.step)))
      try OrderHoldTable.insert(hold, of: id, in: tx)
      if kind.blocked.contains(.startWork) {
        try StopWork(for: reference, isStopped: true).run(in: tx)
      }
      tx.record(
        DomainEvent(
          "order.held", reference,
          [
            Fact("hold", kind.rawValue), Fact("reason", hold.reason),
            Fact("actor", OrderHold.validation),
          ]))
    }
  }
}

/// Writes down why an import did not take an order, for the report of causes: once a day, however
/// often it is tried.
struct NoteRefusal {
  /// Nil where it was not said.
  let channel: Channel?
  let externalID: String
  /// Empty where it was not said.
  let warehouse: String
  let refusals: [any Rejection]
  let source: String
  /// Who asks.
  let actor: String

  init(
    channel: Channel?, externalID: String, warehouse: String, _ refusals: [any Rejection],
    source: String, by actor: String
  ) {
    self.channel = channel
    self.externalID = externalID
    self.warehouse = warehouse
    self.refusals = refusals
    self.source = source
    self.actor = actor
  }

  /// A cause counts once for an order.
  func run(in tx: Transaction, at now: Moment) throws {
    var causes: [String: Int64?] = [:]
    for refusal in refusals {
      if case .ruleBroken(_, let rule, let policy, _, _)? = refusal as? ValidationRejection {
        causes[rule] = .some(policy)
      } else {
        causes[refusal.reason] = .some(nil)
      }
    }
    for (cause, policy) in causes.sorted(by: { $0.key < $1.key }) {
      try OrderFindingTable.insert(cause, policy, self, on: now.day, in: tx)
    }
  }
}

/// All SQL of `order_finding`, but for the report.
private enum OrderFindingTable {
  static func insert(
    _ finding: Finding, about order: SalesOrder, source: String, on day: Day, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO order_finding (found_on, cause, outcome, hold, channel, source, sales_order_id,
        external_id, policy_version, warehouse_code, made_by)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, day, finding.cause, OrderFinding.Outcome.held, finding.hold, order.channel, source,
      order.id, order.externalID ?? "", finding.policy, order.warehouseCode, order.createdBy)
  }

  static func insert(
    _ cause: String, _ policy: Int64?, _ refusal: NoteRefusal, on day: Day, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO order_finding (found_on, cause, outcome, channel, source, external_id,
        policy_version, warehouse_code, made_by)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (found_on, cause, external_id, channel) WHERE outcome = 'REFUSED' DO NOTHING
      """, day, cause, OrderFinding.Outcome.refused, refusal.channel?.rawValue ?? "",
      refusal.source,
      String(refusal.externalID.prefix(100)), policy,
      String(refusal.warehouse.prefix(40)), refusal.actor)
  }

  static func list(
    _ filter: OrderFindings.Filter, before id: ID<OrderFinding>, limit: Int, in snapshot: Snapshot
  ) throws -> [OrderFinding] {
    let map = { (row: Row) in
      OrderFinding(
        id: row.id(0), foundOn: row.day(1), cause: row.text(2), outcome: try row.value(3),
        channel: Channel(rawValue: row.text(4)), source: row.text(5), order: row.optionalText(6),
        externalID: row.text(7), policy: row.optionalInt64(8))
    }
    guard let cause = filter.cause else {
      return try snapshot.all(
        """
        SELECT f.id, f.found_on, f.cause, f.outcome, f.channel, f.source, o.number,
          f.external_id, f.policy_version
        FROM order_finding AS f
        LEFT JOIN sales_order AS o ON o.id = f.sales_order_id
        LEFT JOIN view_customer_owner AS u ON u.code = o.customer_code
        WHERE f.id < ? AND (? IS NULL OR f.channel = ?) AND (? IS NULL OR f.source = ?)
          AND in_scope(u.owner, u.store_code, f.warehouse_code,
            CASE WHEN o.id IS NULL OR o.state = 'DRAFT' THEN f.made_by END)
        ORDER BY f.id DESC LIMIT ?
        """, id, filter.channel, filter.channel, filter.source, filter.source, limit, map: map)
    }
    return try snapshot.all(
      """
      SELECT f.id, f.found_on, f.cause, f.outcome, f.channel, f.source, o.number,
        f.external_id, f.policy_version
      FROM order_finding AS f
      LEFT JOIN sales_order AS o ON o.id = f.sales_order_id
      LEFT JOIN view_customer_owner AS u ON u.code = o.customer_code
      WHERE f.cause = ? AND f.id < ? AND (? IS NULL OR f.channel = ?)
        AND (? IS NULL OR f.source = ?)
        AND in_scope(u.owner, u.store_code, f.warehouse_code,
          CASE WHEN o.id IS NULL OR o.state = 'DRAFT' THEN f.made_by END)
      ORDER BY f.id DESC LIMIT ?
      """, cause, id, filter.channel, filter.channel, filter.source, filter.source, limit,
      map: map)
  }
}

extension OrderFinding.Outcome: Bindable {}
