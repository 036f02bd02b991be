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
  /// Role that must agree.
  package let role: String
  /// What is to be cancelled, with tax, and what that costs the customer by the policy.
  package let amount: Money
  package let fee: Money
  package let forfeited: Money
  package let requestedBy: String
  package let requestedAt: Instant
  /// The version of the order that it was computed from, and all that it was to do.
  let baseVersion: Int64
  let essence: String
  var lines: [Int] = []
  var quantities: [LineQuantity] = []
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

/// Agrees to a cancellation that somebody asked for, and does it: just what was shown then, or
/// nothing. Four eyes: whoever asked cannot agree, and neither can who stands in for them.
package struct ApproveCancellation: Sendable {
  /// Of the order.
  package let number: String
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>
  package let standingInFor: Set<String>

  package init(
    number: String, by actor: String, roles: Set<String>, standingInFor: Set<String> = []
  ) {
    self.number = number
    self.actor = actor
    self.roles = roles
    self.standingInFor = standingInFor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Cancellation {
    let request = try CancelRequest.toDecide(number, in: tx)
    try request.check(deciding: actor, roles: roles, standingInFor: standingInFor)
    try CancelRequestTable.decide(request, .approved, by: actor, comment: "", at: now, in: tx)
    let done = try CancelOrder(
      number: number, expectedVersion: request.baseVersion, reason: request.reasonCode,
      comment: request.comment, lines: request.lines, quantities: request.quantities,
      by: request.requestedBy, approvedBy: actor
    ).run(in: tx, at: now)
    guard done.essence == request.essence else {
      throw CancellationRejection.previewOutdated(order: number)
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
    let request = try CancelRequest.toDecide(number, in: tx)
    guard roles.contains(request.role) || actor == request.requestedBy else {
      throw OrdersRejection.roleMissing(order: number, role: request.role)
    }
    try CancelRequestTable.decide(request, .rejected, by: actor, comment: reason, at: now, in: tx)
    let order = try SalesOrders.require(number: number, in: tx)
    tx.record(
      DomainEvent(
        "order.cancellation-rejected", order.reference,
        [Fact("actor", actor), Fact("reason", reason), Fact("requested_by", request.requestedBy)]))
    return order
  }
}

extension CancelRequest {
  fileprivate static func toDecide(_ number: String, in tx: Transaction) throws -> CancelRequest {
    let order = try SalesOrders.require(number: number, in: tx)
    guard let request = try CancelRequestTable.pending(of: order.id, in: tx) else {
      throw CancellationRejection.noRequestPending(order: number)
    }
    return request
  }

  fileprivate func check(
    deciding actor: String, roles: Set<String>, standingInFor: Set<String>
  ) throws {
    try CancellationRejection.checkFourEyes(
      on: orderNumber, madeBy: [requestedBy], decidedBy: actor, standingInFor: standingInFor)
    guard roles.contains(role) else {
      throw OrdersRejection.roleMissing(order: orderNumber, role: role)
    }
  }
}

/// All SQL of `cancel_request` and its lines. One that is decided stays as a record.
enum CancelRequestTable {
  enum Decision: String {
    case approved = "APPROVED"
    case rejected = "REJECTED"
  }

  static func insert(
    _ asked: CancelOrder, _ shown: Cancellation, role: String, of order: ID<SalesOrder>,
    at now: Moment, in tx: Transaction
  ) throws {
    let id: ID<CancelRequest> = try tx.insert(
      """
      INSERT INTO cancel_request (sales_order_id, base_version, reason_code, comment, role,
        amount_minor, fee_minor, forfeited_minor, currency, essence, requested_by, requested_at,
        state)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'PENDING')
      """, order, shown.baseVersion, asked.reason, asked.comment, role, shown.terms.amount.minor,
      shown.money.fee.minor, shown.terms.forfeited.minor, shown.terms.amount.currency,
      shown.essence, asked.actor, now.instant)
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
        r.base_version, r.essence
      FROM cancel_request AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.sales_order_id = ? AND r.state = 'PENDING'
      """, order, map: request(_:))
    guard var request = found else { return nil }
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

  /// Without lines.
  static func pending(
    after id: ID<CancelRequest>, limit: Int, in snapshot: Snapshot
  ) throws -> [CancelRequest] {
    try snapshot.all(
      """
      SELECT r.id, r.sales_order_id, o.number, r.reason_code, r.comment, r.role, r.amount_minor,
        r.fee_minor, r.forfeited_minor, r.currency, r.requested_by, r.requested_at,
        r.base_version, r.essence
      FROM cancel_request AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.state = 'PENDING' AND r.id > ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY r.id LIMIT ?
      """, id, limit, map: request(_:))
  }

  private static func request(_ row: Row) throws -> CancelRequest {
    CancelRequest(
      id: row.id(0), order: row.id(1), orderNumber: row.text(2), reasonCode: row.text(3),
      comment: row.text(4), role: row.text(5), amount: row.money(6, 9), fee: row.money(7, 9),
      forfeited: row.money(8, 9), requestedBy: row.text(10), requestedAt: row.instant(11),
      baseVersion: row.int64(12), essence: row.text(13))
  }
}
