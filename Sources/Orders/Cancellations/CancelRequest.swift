import Inventory
import MasterData
package import Storage
package import Values

/// A cancellation that somebody must agree to before it is done.
package struct CancelRequest: Hashable, Sendable {
  package let id: ID<CancelRequest>
  package let order: ID<SalesOrder>
  package let orderNumber: String
  package let reasonCode: String
  package let comment: String
  /// What is to be cancelled, with tax, and what that costs the customer by the policy.
  package let amount: Money
  package let fee: Money
  package let forfeited: Money
  package let requestedBy: String
  package let requestedAt: Instant
  /// The version of the order that it was computed from, and all that it was to do.
  package let baseVersion: Int64
  let essence: String
  /// The line whose shortage it is to settle; nil for none.
  let shortLine: Int?
  /// Of the order's approval rounds.
  let round: Int
  package internal(set) var steps: [ApprovalStep] = []
  var lines: [Int] = []
  var quantities: [LineQuantity] = []
  var schedules: [ScheduleQuantity] = []

  var reference: DocumentReference { DocumentReference(.salesOrder, orderNumber) }
  /// The first role that must still agree.
  package var role: String { steps.first { $0.state == .open }?.role ?? "" }
  /// That must still agree.
  package var missingRoles: [String] { steps.filter(\.isPending).map(\.role) }
  /// Who has.
  package var agreedBy: [String] {
    steps.filter { $0.state == .approved }.compactMap(\.decidedBy)
  }

  /// Whether it would do just that: of what it was to do, without the version that it was
  /// computed from.
  func isFor(_ cancellation: Cancellation) -> Bool {
    essence.hasSuffix(" " + cancellation.effect)
      && essence.utf8.count == "\(baseVersion) \(cancellation.effect)".utf8.count
  }
}

/// Questions about requests.
package enum CancelRequests {
  /// Those that wait for somebody, of orders in scope, the oldest first.
  package static func list(
    after id: ID<CancelRequest>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [CancelRequest] {
    try CancelRequestTable.pending(after: id ?? ID(0), limit: limit, in: snapshot)
  }
}

/// Agrees to the steps of a cancellation that somebody asked for which the caller's roles let them
/// decide, and with the last of them does it: just what was shown then, or nothing. Four eyes:
/// whoever asked or made the order cannot agree, nobody decides two steps of a rule, and neither
/// can who stands in for them.
package struct ApproveCancellation: Sendable {
  /// Of the order.
  package let number: String
  /// The version of the order that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  /// A remark for the record.
  package let comment: String
  package let decider: Decider

  package init(
    number: String, expectedVersion: Int64? = nil, comment: String = "", by decider: Decider
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.comment = comment
    self.decider = decider
  }

  /// Nothing is cancelled while others must still agree.
  package func run(in tx: Transaction, at now: Moment) throws -> Cancellation {
    var check = FieldCheck(.request)
    check.text(comment, "comment", limit: 500)
    try check.pass()
    let (request, order) = try CancelRequest.toDecide(number, in: tx)
    try order.expect(version: expectedVersion)
    try CancellationRejection.checkFourEyes(
      on: number, madeBy: [request.requestedBy, order.createdBy], decidedBy: decider.actor,
      standingInFor: decider.standingInFor)
    let chosen = try request.steps.decidable(by: decider, kind: nil, of: number)
    var steps = request.steps
    for step in chosen {
      steps[step.number - 1].decide(.approved, by: decider, comment: comment, at: now)
    }
    let opened = steps.advance(by: try BusinessHours.current(in: tx), at: now)
    for number in Set(chosen.map(\.number) + opened) {
      try ApprovalStepTable.update(steps[number - 1], in: tx)
    }
    let missing = steps.filter(\.isPending).map(\.role)
    guard missing.isEmpty else {
      let shown = try request.verb().shown(missingRoles: missing, in: tx, at: now)
      guard request.isFor(shown) else {
        throw CancellationRejection.previewOutdated(order: number)
      }
      for step in chosen {
        request.record(
          "agreed", by: decider.actor, [Fact("role", step.role), Fact("comment", comment)],
          in: tx)
      }
      order.recordRequests(steps.filter { opened.contains($0.number) }, in: tx)
      return shown
    }
    return try cancel(request, in: tx, at: now)
  }

  private func cancel(
    _ request: CancelRequest, in tx: Transaction, at now: Moment
  ) throws -> Cancellation {
    try CancelRequestTable.decide(
      request, .approved, by: decider.actor, comment: comment, at: now, in: tx)
    var verb = request.verb()
    verb.approvedBy = decider.actor
    let done = try verb.run(in: tx, at: now)
    guard request.isFor(done) else {
      throw CancellationRejection.previewOutdated(order: number)
    }
    if let line = request.shortLine {
      try done.order.record(
        .cancel, ofLine: line, request.quantities[0].quantity.quantity, comment: request.comment,
        by: request.requestedBy, in: tx, at: now)
    }
    request.record("approved", by: decider.actor, [Fact("comment", comment)], in: tx)
    return done
  }
}

/// Refuses a cancellation that somebody asked for: who could agree to it, or whoever asked. Nothing
/// of the order changes.
package struct RejectCancellation: Sendable {
  /// Of the order.
  package let number: String
  package let reason: String
  package let decider: Decider

  package init(number: String, reason: String, by decider: Decider) {
    self.number = number
    self.reason = reason
    self.decider = decider
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    let (request, order) = try CancelRequest.toDecide(number, in: tx)
    let isOwn = decider.actor == request.requestedBy
    let mine = request.steps.filter { $0.state == .open && $0.isFor(decider.roles) }
    guard isOwn || !mine.isEmpty else {
      throw OrdersRejection.roleMissing(order: number, role: request.role)
    }
    for var step in mine where !isOwn {
      step.decide(.rejected, by: decider, comment: reason, at: now)
      try ApprovalStepTable.update(step, in: tx)
    }
    try CancelRequestTable.decide(
      request, .rejected, by: decider.actor, comment: reason, at: now, in: tx)
    request.record("rejected", by: decider.actor, [Fact("reason", reason)], in: tx)
    return order
  }
}

extension CancelRequest {
  fileprivate static func toDecide(
    _ number: String, in tx: Transaction
  ) throws -> (CancelRequest, SalesOrder) {
    let order = try SalesOrders.require(number: number, in: tx)
    guard let request = try CancelRequestTable.pending(of: order.id, in: tx) else {
      throw CancellationRejection.noRequestPending(order: number)
    }
    return (request, order)
  }

  /// What it asks for.
  fileprivate func verb() -> CancelOrder {
    CancelOrder(
      number: orderNumber, reason: reasonCode, comment: comment, lines: lines,
      quantities: quantities, schedules: schedules, by: requestedBy)
  }

  /// Nobody need decide it any more: `actor` did something else meanwhile, or nobody in particular.
  func supersede(by actor: String, _ comment: String, in tx: Transaction, at now: Moment) throws {
    try CancelRequestTable.decide(
      self, .rejected, by: actor, comment: comment, at: now, in: tx)
    record("superseded", by: actor, in: tx)
  }

  /// Tells what became of it.
  fileprivate func record(
    _ what: String, by actor: String, _ facts: [Fact] = [], in tx: Transaction
  ) {
    tx.record(
      DomainEvent(
        "order.cancellation-\(what)", reference,
        [Fact("actor", actor), Fact("requested_by", requestedBy)] + facts))
  }
}

/// All SQL of `cancel_request` and its lines. One that is decided stays as a record.
enum CancelRequestTable {
  enum Decision: String {
    case approved = "APPROVED"
    case rejected = "REJECTED"
  }

  static func insert(
    _ asked: CancelOrder, _ shown: Cancellation, of order: ID<SalesOrder>, at now: Moment,
    in tx: Transaction
  ) throws -> ID<CancelRequest> {
    let id: ID<CancelRequest> = try tx.insert(
      """
      INSERT INTO cancel_request (sales_order_id, base_version, reason_code, comment,
        amount_minor, fee_minor, forfeited_minor, currency, essence, requested_by, requested_at,
        state, short_line)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'PENDING', ?)
      """, order, shown.baseVersion, asked.reason, asked.comment, shown.terms.amount.minor,
      shown.money.fee.minor, shown.terms.forfeited.minor, shown.terms.amount.currency,
      shown.essence, asked.actor, now.instant, asked.shortLine)
    let parts =
      asked.lines.map { (line: $0, schedule: Int?.none, quantity: GivenQuantity?.none) }
      + asked.quantities.map { (line: $0.line, schedule: nil, quantity: $0.quantity) }
      + asked.schedules.map { (line: $0.line, schedule: $0.schedule, quantity: $0.quantity) }
    for (index, part) in parts.enumerated() {
      try tx.execute(
        """
        INSERT INTO cancel_request_line (request_id, position, line_number, quantity, unit,
          schedule_number)
        VALUES (?, ?, ?, ?, ?, ?)
        """, id, index + 1, part.line, part.quantity?.quantity, part.quantity?.unit,
        part.schedule)
    }
    return id
  }

  /// What of it is open need not be decided any more.
  static func decide(
    _ request: CancelRequest, _ decision: Decision, by actor: String, comment: String,
    at now: Moment, in tx: Transaction
  ) throws {
    try ApprovalStepTable.drop(round: request.round, of: request.order, in: tx)
    try tx.execute(
      """
      UPDATE cancel_request SET state = ?, decided_by = ?, decided_at = ?, decision = ?
      WHERE id = ?
      """, decision.rawValue, actor, now.instant, comment, request.id)
  }

  static func pending(
    of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> CancelRequest? {
    let found = try snapshot.first(
      """
      SELECT r.id, r.sales_order_id, o.number, r.reason_code, r.comment, r.amount_minor,
        r.fee_minor, r.forfeited_minor, r.currency, r.requested_by, r.requested_at,
        r.base_version, r.essence, r.short_line, w.round
      FROM cancel_request AS r
      JOIN sales_order AS o ON o.id = r.sales_order_id
      JOIN approval_round AS w ON w.cancel_request_id = r.id
      WHERE r.sales_order_id = ? AND r.state = 'PENDING'
      """, order, map: request(_:))
    guard var request = found else { return nil }
    try loadSteps(of: &request, in: snapshot)
    try snapshot.forEach(
      """
      SELECT line_number, quantity, unit, schedule_number FROM cancel_request_line
      WHERE request_id = ? ORDER BY position
      """, request.id
    ) { row in
      let quantity = row.optionalQuantity(1).map { GivenQuantity($0, unit: row.text(2)) }
      if let schedule = row.optionalInt(3) {
        request.schedules.append(
          ScheduleQuantity(line: row.int(0), schedule: schedule, quantity: quantity))
      } else if let quantity {
        request.quantities.append(LineQuantity(line: row.int(0), quantity: quantity))
      } else {
        request.lines.append(row.int(0))
      }
    }
    return request
  }

  private static func loadSteps(of request: inout CancelRequest, in snapshot: Snapshot) throws {
    request.steps = try ApprovalStepTable.steps(
      of: request.order, round: request.round, in: snapshot)
  }

  /// Without lines. What was asked for an order of which nothing is left to cancel is over.
  static func pending(
    after id: ID<CancelRequest>, limit: Int, in snapshot: Snapshot
  ) throws -> [CancelRequest] {
    var found = try snapshot.all(
      """
      SELECT r.id, r.sales_order_id, o.number, r.reason_code, r.comment, r.amount_minor,
        r.fee_minor, r.forfeited_minor, r.currency, r.requested_by, r.requested_at,
        r.base_version, r.essence, r.short_line, w.round
      FROM cancel_request AS r
      JOIN sales_order AS o ON o.id = r.sales_order_id
      JOIN approval_round AS w ON w.cancel_request_id = r.id
      WHERE r.state = 'PENDING' AND r.id > ?
        AND EXISTS (
          SELECT 1 FROM sales_order_line AS l
          WHERE l.sales_order_id = o.id AND l.ordered > l.cancelled + l.shipped)
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY r.id LIMIT ?
      """, id, limit, map: request(_:))
    for index in found.indices { try loadSteps(of: &found[index], in: snapshot) }
    return found
  }

  /// Those that wait, of orders in scope of which nothing is left to cancel. Without lines and
  /// steps.
  static func over(limit: Int, in snapshot: Snapshot) throws -> [CancelRequest] {
    try snapshot.all(
      """
      SELECT r.id, r.sales_order_id, o.number, r.reason_code, r.comment, r.amount_minor,
        r.fee_minor, r.forfeited_minor, r.currency, r.requested_by, r.requested_at,
        r.base_version, r.essence, r.short_line, w.round
      FROM cancel_request AS r
      JOIN sales_order AS o ON o.id = r.sales_order_id
      JOIN approval_round AS w ON w.cancel_request_id = r.id
      WHERE r.state = 'PENDING'
        AND NOT EXISTS (
          SELECT 1 FROM sales_order_line AS l
          WHERE l.sales_order_id = o.id AND l.ordered > l.cancelled + l.shipped)
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY r.id LIMIT ?
      """, limit, map: request(_:))
  }

  private static func request(_ row: Row) throws -> CancelRequest {
    CancelRequest(
      id: row.id(0), order: row.id(1), orderNumber: row.text(2), reasonCode: row.text(3),
      comment: row.text(4), amount: row.money(5, 8), fee: row.money(6, 8),
      forfeited: row.money(7, 8), requestedBy: row.text(9), requestedAt: row.instant(10),
      baseVersion: row.int64(11), essence: row.text(12), shortLine: row.optionalInt(13),
      round: row.int(14))
  }
}
