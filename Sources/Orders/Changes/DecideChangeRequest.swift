import MasterData
package import Storage
package import Values

/// Agrees to the steps of a request that somebody's roles let them decide, and makes the change
/// with the last one, in the same transaction. What would do something else by now than was shown
/// becomes STALE and what nobody decided in time EXPIRED: then nothing is decided. Four eyes:
/// whoever asked or made the order cannot, nobody decides two steps of a rule, and neither can who
/// stands in for them.
package struct ApproveChangeRequest: Sendable {
  /// Of the order, and of the request: 0 for the one that is open.
  package let orderNumber: String
  package let number: Int
  /// The version of the request that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  /// A remark for the record.
  package let comment: String
  /// Of the steps to decide; nil for all.
  package let kind: String?
  package let decider: Decider

  package init(
    order orderNumber: String, number: Int = 0, expectedVersion: Int64? = nil,
    comment: String = "", kind: String? = nil, by decider: Decider
  ) {
    self.orderNumber = orderNumber
    self.number = number
    self.expectedVersion = expectedVersion
    self.comment = comment
    self.kind = kind
    self.decider = decider
  }

  /// With the order once it is changed.
  package func run(
    in tx: Transaction, at now: Moment
  ) throws -> (request: ChangeRequest, changed: SalesOrder?) {
    var check = FieldCheck(.request)
    check.text(comment, "comment", limit: 500)
    try check.pass()
    let order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    var request = try ChangeRequests.open(number, of: order, in: tx)
    try request.expect(version: expectedVersion)
    try request.expect("approve", in: [.pending])
    let chosen = try request.decidable(by: decider, kind: kind, of: order, in: tx)
    if let end = request.expiresAt, end <= now.instant {
      try request.end(.expired, in: tx)
      return (request, nil)
    }
    var steps = request.steps
    for step in chosen {
      steps[step.number - 1].decide(.approved, by: decider, comment: comment, at: now)
    }
    let opened = steps.advance(by: try BusinessHours.current(in: tx), at: now)
    let isLast = steps.allSatisfy { !$0.isPending }
    let outcome = try request.attempt(steps, isKept: isLast, in: tx, at: now)
    if case .contradicted(let text) = outcome {
      try request.end(.stale, comment: text, in: tx)
      return (request, nil)
    }
    for number in Set(chosen.map(\.number) + opened) {
      try ApprovalStepTable.update(steps[number - 1], in: tx)
    }
    for step in chosen {
      request.record(
        "approved",
        [
          Fact("actor", decider.actor), Fact("role", step.role), Fact("kind", step.kind),
          Fact("comment", comment),
        ], in: tx)
    }
    request.version += 1
    (request.decidedBy, request.decidedAt) = (decider.actor, now.instant)
    var changed: SalesOrder?
    if isLast, case .done(let done) = outcome {
      request.finish(done, by: decider.actor, in: tx, at: now)
      changed = done.order
    } else {
      order.recordRequests(steps.filter { opened.contains($0.number) }, in: tx)
    }
    try ChangeRequestTable.update(request, in: tx)
    return (try ChangeRequests.require(request.number, of: order, in: tx), changed)
  }
}

/// Refuses a request for good, or sends it back to be written otherwise. Who could agree may.
package struct RefuseChangeRequest: Sendable {
  /// Of the order, and of the request: 0 for the one that is open.
  package let orderNumber: String
  package let number: Int
  /// The version of the request that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  /// What was approved counts when it is asked again.
  package let isReturn: Bool
  package let reason: String
  package let decider: Decider

  package init(
    order orderNumber: String, number: Int = 0, expectedVersion: Int64? = nil,
    isReturn: Bool = false, reason: String, by decider: Decider
  ) {
    self.orderNumber = orderNumber
    self.number = number
    self.expectedVersion = expectedVersion
    self.isReturn = isReturn
    self.reason = reason
    self.decider = decider
  }

  package func run(in tx: Transaction, at now: Moment) throws -> ChangeRequest {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    let order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    var request = try ChangeRequests.open(number, of: order, in: tx)
    try request.expect(version: expectedVersion)
    try request.expect(isReturn ? "return" : "reject", in: [.pending])
    try request.checkMakers(decider, of: order, in: tx)
    let open = request.steps.filter { $0.state == .open }
    let mine = open.filter { $0.isFor(decider.roles) }
    guard !mine.isEmpty else {
      throw OrdersRejection.roleMissing(order: order.number, role: open.first?.role ?? "")
    }
    for var step in mine {
      step.decide(isReturn ? .returned : .rejected, by: decider, comment: reason, at: now)
      try ApprovalStepTable.update(step, in: tx)
    }
    (request.decidedBy, request.decidedAt) = (decider.actor, now.instant)
    try request.end(isReturn ? .returned : .rejected, comment: reason, in: tx)
    return try ChangeRequests.require(request.number, of: order, in: tx)
  }
}

/// Takes back what was asked for. Only who asked may.
package struct WithdrawChangeRequest: Sendable {
  /// Of the order, and of the request: 0 for the one that is open.
  package let orderNumber: String
  package let number: Int
  /// The version of the request that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let reason: String
  package let actor: String

  package init(
    order orderNumber: String, number: Int = 0, expectedVersion: Int64? = nil,
    reason: String = "", by actor: String
  ) {
    self.orderNumber = orderNumber
    self.number = number
    self.expectedVersion = expectedVersion
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> ChangeRequest {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500)
    try check.pass()
    let order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    var request = try ChangeRequests.open(number, of: order, in: tx)
    try request.expect(version: expectedVersion)
    try request.expect("withdraw", in: ChangeRequest.State.open)
    try request.checkRequester(actor)
    (request.decidedBy, request.decidedAt) = (actor, now.instant)
    try request.end(.withdrawn, comment: reason, in: tx)
    return try ChangeRequests.require(request.number, of: order, in: tx)
  }
}

extension ChangeRequest {
  /// Refuses whoever made the order, or asked for the change; and who stands in for one of them.
  func checkMakers(_ decider: Decider, of order: SalesOrder, in snapshot: Snapshot) throws {
    for maker in [order.createdBy, requestedBy] {
      try OrdersRejection.checkFourEyes(
        on: orderNumber, madeBy: maker, decidedBy: decider.actor,
        standingInFor: decider.standingInFor)
    }
    try order.checkQuoteAuthor(
      by: decider.actor, standingInFor: decider.standingInFor, in: snapshot)
  }

  /// The steps whose turn it is and that somebody may decide; refuses where there are none.
  func decidable(
    by decider: Decider, kind: String? = nil, of order: SalesOrder, in snapshot: Snapshot
  ) throws -> [ApprovalStep] {
    try checkMakers(decider, of: order, in: snapshot)
    return try steps.decidable(by: decider, kind: kind, of: orderNumber)
  }

  /// Nobody need decide it any more, unless it is asked again.
  mutating func end(_ next: State, comment text: String = "", in tx: Transaction) throws {
    try ChangeRequestTable.dropSteps(of: self, in: tx)
    state = next
    comment = text
    pendingRole = nil
    version += 1
    if !State.open.contains(next) { expiresAt = nil }
    try ChangeRequestTable.update(self, in: tx)
    for index in steps.indices where steps[index].isPending { steps[index].state = .dropped }
    record(
      next.words,
      [
        Fact("actor", decidedBy ?? ""), Fact("requested_by", requestedBy), Fact("reason", text),
      ], in: tx)
  }
}
