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
  /// The first role that must still agree.
  package internal(set) var role: String
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
  package internal(set) var steps: [CancelRequestStep] = []
  var lines: [Int] = []
  var quantities: [LineQuantity] = []

  /// That must still agree.
  package var missingRoles: [String] { steps.filter { $0.decidedBy == nil }.map(\.role) }
  /// Who has.
  package var agreedBy: [String] { steps.compactMap(\.decidedBy) }

  /// Whether it would do just that: of what it was to do, without the version that it was
  /// computed from.
  func isFor(_ cancellation: Cancellation) -> Bool {
    essence.hasSuffix(" " + cancellation.effect)
      && essence.utf8.count == "\(baseVersion) \(cancellation.effect)".utf8.count
  }
}

/// A role that must agree to a cancellation, and who has.
package struct CancelRequestStep: Hashable, Sendable {
  let position: Int
  let role: String
  var decidedBy: String?
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

/// Agrees to a cancellation that somebody asked for, for all roles that must and that the caller
/// has, and with the last of them does it: just what was shown then, or nothing. Four eyes: whoever
/// asked or made the order cannot agree, and neither can who stands in for one of them.
package struct ApproveCancellation: Sendable {
  /// Of the order.
  package let number: String
  /// The version of the order that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>
  package let standingInFor: Set<String>

  package init(
    number: String, expectedVersion: Int64? = nil, by actor: String, roles: Set<String>,
    standingInFor: Set<String> = []
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.actor = actor
    self.roles = roles
    self.standingInFor = standingInFor
  }

  /// Nothing is cancelled while others must still agree.
  package func run(in tx: Transaction, at now: Moment) throws -> Cancellation {
    var (request, order) = try CancelRequest.toDecide(number, in: tx)
    try order.expect(version: expectedVersion)
    try CancellationRejection.checkFourEyes(
      on: number, madeBy: [request.requestedBy, order.createdBy], decidedBy: actor,
      standingInFor: standingInFor)
    let mine = request.steps.filter { $0.decidedBy == nil && roles.contains($0.role) }
    guard !mine.isEmpty else {
      throw OrdersRejection.roleMissing(order: number, role: request.role)
    }
    try CancelRequestTable.agree(&request, to: mine, by: actor, at: now, in: tx)
    var verb = CancelOrder(
      number: number, reason: request.reasonCode, comment: request.comment, lines: request.lines,
      quantities: request.quantities, by: request.requestedBy)
    guard request.missingRoles.isEmpty else {
      let shown = try verb.shown(missingRoles: request.missingRoles, in: tx, at: now)
      guard request.isFor(shown) else {
        throw CancellationRejection.previewOutdated(order: number)
      }
      tx.record(
        DomainEvent(
          "order.cancellation-agreed", order.reference,
          [
            Fact("actor", actor), Fact("requested_by", request.requestedBy),
            Fact("role", request.role),
          ]))
      return shown
    }
    try CancelRequestTable.decide(request, .approved, by: actor, comment: "", at: now, in: tx)
    verb.approvedBy = actor
    let done = try verb.run(in: tx, at: now)
    guard request.isFor(done) else {
      throw CancellationRejection.previewOutdated(order: number)
    }
    if let line = request.shortLine {
      try done.order.record(
        .cancel, ofLine: line, request.quantities[0].quantity.quantity, comment: request.comment,
        by: request.requestedBy, in: tx, at: now)
    }
    tx.record(
      DomainEvent(
        "order.cancellation-approved", done.order.reference,
        [Fact("actor", actor), Fact("requested_by", request.requestedBy)]))
    return done
  }
}

/// Refuses a cancellation that somebody asked for: who could agree to it, or whoever asked. Nothing
/// of the order changes.
package struct RejectCancellation: Sendable {
  /// Of the order.
  package let number: String
  package let reason: String
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(number: String, reason: String, by actor: String, roles: Set<String>) {
    self.number = number
    self.reason = reason
    self.actor = actor
    self.roles = roles
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    let (request, order) = try CancelRequest.toDecide(number, in: tx)
    guard actor == request.requestedBy || request.missingRoles.contains(where: roles.contains)
    else { throw OrdersRejection.roleMissing(order: number, role: request.role) }
    try CancelRequestTable.decide(request, .rejected, by: actor, comment: reason, at: now, in: tx)
    tx.record(
      DomainEvent(
        "order.cancellation-rejected", order.reference,
        [Fact("actor", actor), Fact("reason", reason), Fact("requested_by", request.requestedBy)]))
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
}

/// All SQL of `cancel_request` and its lines. One that is decided stays as a record.
enum CancelRequestTable {
  enum Decision: String {
    case approved = "APPROVED"
    case rejected = "REJECTED"
  }

  /// What who asks has the role for is agreed to.
  static func insert(
    _ asked: CancelOrder, _ shown: Cancellation, of order: ID<SalesOrder>, at now: Moment,
    in tx: Transaction
  ) throws {
    let id: ID<CancelRequest> = try tx.insert(
      """
      INSERT INTO cancel_request (sales_order_id, base_version, reason_code, comment, role,
        amount_minor, fee_minor, forfeited_minor, currency, essence, requested_by, requested_at,
        state, short_line)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'PENDING', ?)
      """, order, shown.baseVersion, asked.reason, asked.comment, shown.missingApproval,
      shown.terms.amount.minor, shown.money.fee.minor, shown.terms.forfeited.minor,
      shown.terms.amount.currency, shown.essence, asked.actor, now.instant, asked.shortLine)
    for (index, role) in shown.terms.approverRoles.enumerated() {
      let isGiven = !shown.missingRoles.contains(role)
      try tx.execute(
        """
        INSERT INTO cancel_request_step (request_id, position, role, decided_by, decided_at)
        VALUES (?, ?, ?, ?, ?)
        """, id, index + 1, role, isGiven ? asked.actor : nil, isGiven ? now.instant : nil)
    }
    let parts =
      asked.lines.map { (line: $0, quantity: GivenQuantity?.none) }
      + asked.quantities.map { (line: $0.line, quantity: $0.quantity) }
    for (index, part) in parts.enumerated() {
      try tx.execute(
        """
        INSERT INTO cancel_request_line (request_id, position, line_number, quantity, unit)
        VALUES (?, ?, ?, ?, ?)
        """, id, index + 1, part.line, part.quantity?.quantity, part.quantity?.unit)
    }
  }

  /// Writes down that somebody agrees to some of its steps.
  static func agree(
    _ request: inout CancelRequest, to steps: [CancelRequestStep], by actor: String,
    at now: Moment, in tx: Transaction
  ) throws {
    for step in steps {
      try tx.execute(
        """
        UPDATE cancel_request_step SET decided_by = ?, decided_at = ?
        WHERE request_id = ? AND position = ?
        """, actor, now.instant, request.id, step.position)
      request.steps[step.position - 1].decidedBy = actor
    }
    guard let next = request.missingRoles.first else { return }
    request.role = next
    try tx.execute("UPDATE cancel_request SET role = ? WHERE id = ?", next, request.id)
  }

  static func decide(
    _ request: CancelRequest, _ decision: Decision, by actor: String, comment: String,
    at now: Moment, in tx: Transaction
  ) throws {
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
      SELECT r.id, r.sales_order_id, o.number, r.reason_code, r.comment, r.role, r.amount_minor,
        r.fee_minor, r.forfeited_minor, r.currency, r.requested_by, r.requested_at,
        r.base_version, r.essence, r.short_line
      FROM cancel_request AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.sales_order_id = ? AND r.state = 'PENDING'
      """, order, map: request(_:))
    guard var request = found else { return nil }
    request.steps = try steps(of: request.id, in: snapshot)
    try snapshot.forEach(
      """
      SELECT line_number, quantity, unit FROM cancel_request_line
      WHERE request_id = ? ORDER BY position
      """, request.id
    ) { row in
      if let quantity = row.optionalQuantity(1) {
        request.quantities.append(
          LineQuantity(line: row.int(0), quantity: GivenQuantity(quantity, unit: row.text(2))))
      } else {
        request.lines.append(row.int(0))
      }
    }
    return request
  }

  private static func steps(
    of request: ID<CancelRequest>, in snapshot: Snapshot
  ) throws -> [CancelRequestStep] {
    try snapshot.all(
      """
      SELECT position, role, decided_by FROM cancel_request_step
      WHERE request_id = ? ORDER BY position
      """, request
    ) { CancelRequestStep(position: $0.int(0), role: $0.text(1), decidedBy: $0.optionalText(2)) }
  }

  /// Without lines. What was asked for an order of which nothing is left to cancel is over.
  static func pending(
    after id: ID<CancelRequest>, limit: Int, in snapshot: Snapshot
  ) throws -> [CancelRequest] {
    var found = try snapshot.all(
      """
      SELECT r.id, r.sales_order_id, o.number, r.reason_code, r.comment, r.role, r.amount_minor,
        r.fee_minor, r.forfeited_minor, r.currency, r.requested_by, r.requested_at,
        r.base_version, r.essence, r.short_line
      FROM cancel_request AS r JOIN sales_order AS o ON o.id = r.sales_order_id
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
    for index in found.indices {
      found[index].steps = try steps(of: found[index].id, in: snapshot)
    }
    return found
  }

  private static func request(_ row: Row) throws -> CancelRequest {
    CancelRequest(
      id: row.id(0), order: row.id(1), orderNumber: row.text(2), reasonCode: row.text(3),
      comment: row.text(4), role: row.text(5), amount: row.money(6, 9), fee: row.money(7, 9),
      forfeited: row.money(8, 9), requestedBy: row.text(10), requestedAt: row.instant(11),
      baseVersion: row.int64(12), essence: row.text(13), shortLine: row.optionalInt(14))
  }
}
