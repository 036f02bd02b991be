import Finance
import Inventory
import MasterData
import Production
package import Purchasing
package import Storage
package import Values

/// What a cancellation did, or would do once somebody has agreed to it.
package struct Cancellation: Hashable, Sendable {
  package internal(set) var order: SalesOrder
  /// The version that it was computed from.
  package let baseVersion: Int64
  package let terms: CancellationTerms
  package let money: CancellationMoney
  /// What became of every supply that existed for the cancelled goods.
  package let verdicts: [SupplyVerdict]
  /// Spent on what the order does not need any more.
  package let sunkCost: Money
  /// Money received for the order that what is left of it does not need; it stays the customer's.
  package let unapplied: Money
  /// Roles that must still agree before it is done; empty when nobody needs to, or all have.
  package let missingRoles: [String]
  /// What of the lines was named by its schedule; empty for nothing.
  let schedules: [CancelledSchedule]

  /// The first of them.
  package var missingApproval: String? { missingRoles.first }

  /// The same for the same cancellation, whoever asks: see `ChangeImpact.essence`.
  package var essence: String { "\(baseVersion) \(effect)" }

  /// The same for the same effect, whatever else has happened to the order.
  var effect: String {
    """
    \(terms.reason.code) \(terms.lines) \(terms.fee) \(terms.forfeited) \
    \(terms.compensation) \(money.held) \(money.fee) \(money.feePaid) \(money.refund) \
    \(verdicts.essence) \(sunkCost)\(schedules.isEmpty ? "" : " \(schedules)")
    """
  }
}

/// Cancels what has not left yet, of some lines or of all: releases stock, calls off the supply at
/// every level, frees credit, calls off shipments that were being prepared, and settles the money
/// by the policy of the order. What cannot be undone stays, and the verdicts say so. What somebody
/// must agree to is asked for and not done.
package struct CancelOrder: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  /// Code of a reason.
  package let reason: String
  /// A remark for the record.
  package let comment: String
  /// Numbers of the lines to cancel; empty for all.
  package let lines: [Int]
  /// How much of which lines to cancel; empty for all that is open of `lines`.
  package let quantities: [LineQuantity]
  /// Which schedules under lines to cancel, of other lines than `quantities`.
  package let schedules: [ScheduleQuantity]
  /// Who asks, the roles they have, and for whom they stand in.
  package let actor: String
  package let roles: Set<String>
  package let standingInFor: Set<String>
  /// It is to be rolled back, and may say what it would need.
  package let isPreview: Bool
  /// Who agreed to it, the last of them.
  var approvedBy: String?
  /// The line whose shortage it is to settle.
  var shortLine: Int?

  package init(
    number: String, expectedVersion: Int64? = nil, reason: String, comment: String = "",
    lines: [Int] = [], quantities: [LineQuantity] = [], schedules: [ScheduleQuantity] = [],
    by actor: String, roles: Set<String> = [], standingInFor: Set<String> = [],
    isPreview: Bool = false
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.reason = reason
    self.comment = comment
    self.lines = lines
    self.quantities = quantities
    self.schedules = schedules
    self.actor = actor
    self.roles = roles
    self.standingInFor = standingInFor
    self.isPreview = isPreview
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Cancellation {
    var check = FieldCheck(.request)
    check.text(comment, "comment", limit: 500)
    try check.pass()
    let order = try SalesOrders.require(number: number, in: tx)
    try order.expect(version: expectedVersion)
    try order.expect(.cancel, in: tx)
    let reason = try CancelReasons.require(reason, in: tx)
    if approvedBy == nil { try passRequest(of: order, in: tx, at: now) }
    let parts = try parts(of: order, in: tx)
    let terms = try CancellationTerms(
      of: order, cancelling: parts, for: reason, in: tx, at: now)
    let asked = approvedBy == nil ? asked(terms, order, at: now) : []
    let missing = asked.filter { $0.given == nil }.map(\.asked.role)
    guard let first = missing.first, !isPreview else {
      return try perform(order, terms, missingRoles: missing, in: tx, at: now)
    }
    let shown = try show(order, terms, missingRoles: missing, in: tx, at: now)
    let request = try CancelRequestTable.insert(self, shown, of: order.id, at: now, in: tx)
    tx.record(
      DomainEvent(
        "order.cancellation-requested", order.reference,
        [
          Fact("reason", reason.code), Fact("comment", comment), Fact("actor", actor),
          Fact("role", first), Fact("amount", terms.amount),
        ]))
    let demand = ApprovalDemand(
      policy: try ApprovalPolicies.current(in: tx).version,
      facts: ApprovalFacts(gross: terms.amount, discount: .zero, margin: nil, regions: []),
      steps: asked)
    let (steps, opened) = try demand.ask(
      about: order.id, cancellation: request, by: actor, isChange: false, in: tx, at: now)
    order.recordRequests(steps.filter { opened.contains($0.number) }, in: tx)
    return shown
  }

  /// What it would come to with the leave of all, and nothing of it done.
  func shown(
    missingRoles: [String], in tx: Transaction, at now: Moment
  ) throws -> Cancellation {
    let order = try SalesOrders.require(number: number, in: tx)
    try order.expect(.cancel, in: tx)
    let reason = try CancelReasons.require(reason, in: tx)
    let parts = try parts(of: order, in: tx)
    let terms = try CancellationTerms(
      of: order, cancelling: parts, for: reason, in: tx, at: now)
    return try show(order, terms, missingRoles: missingRoles, in: tx, at: now)
  }

  private func show(
    _ order: SalesOrder, _ terms: CancellationTerms, missingRoles: [String], in tx: Transaction,
    at now: Moment
  ) throws -> Cancellation {
    var shown = try tx.rehearse {
      try perform(order, terms, missingRoles: missingRoles, in: tx, at: now)
    }
    shown.order = order
    return shown
  }

  /// Somebody must decide about what was asked before, unless the order is otherwise by now: then
  /// this comes in its place.
  private func passRequest(of order: SalesOrder, in tx: Transaction, at now: Moment) throws {
    guard let pending = try CancelRequestTable.pending(of: order.id, in: tx) else { return }
    guard pending.baseVersion != order.version else {
      throw CancellationRejection.requestPending(order: number, by: pending.requestedBy)
    }
    try pending.supersede(by: actor, "The order is otherwise by now", in: tx, at: now)
  }

  /// Who must agree, with what who asks says by roles of their own, unless the order is theirs.
  private func asked(
    _ terms: CancellationTerms, _ order: SalesOrder, at now: Moment
  ) -> [ApprovalDemand.Step] {
    let isOwn = actor == order.createdBy || standingInFor.contains(order.createdBy)
    guard !isOwn else { return terms.asked }
    return terms.asked.given(
      by: Decider(actor, roles: roles, standingInFor: standingInFor), at: now)
  }

  /// Who agreed to it; nil where nobody had to.
  private func approver(_ terms: CancellationTerms) -> String? {
    approvedBy ?? (terms.approverRoles.isEmpty ? nil : actor)
  }

  // MARK: - What is cancelled

  /// Something of lines, and not all that is open of them.
  private var isPartial: Bool { !quantities.isEmpty || !schedules.isEmpty }

  private func parts(of order: SalesOrder, in snapshot: Snapshot) throws -> [LineQuantity] {
    guard !isPartial else { return try givenParts(of: order, in: snapshot) }
    return try choose(from: order).map { number in
      let line = order.lines[number - 1]
      return LineQuantity(line: number, quantity: GivenQuantity(line.open, unit: line.unit))
    }
  }

  private func givenParts(
    of order: SalesOrder, in snapshot: Snapshot
  ) throws -> [LineQuantity] {
    try order.expect("cancel a part", in: [.confirmed, .partlyShipped, .shipped, .delivered])
    try order.check(
      quantities, available: \.open, refusal: { _, _ in nil }, in: snapshot, field: "quantities")
    let quantities =
      try quantities
      + order.cancelled(schedules, besides: Set(quantities.map(\.line)), in: snapshot).byLine(order)
    let taken = Dictionary(
      quantities.map { ($0.line, $0.quantity.quantity) }, uniquingKeysWith: { first, _ in first })
    // What was charged for the way of goods goes when none of them is left.
    let isLeft = order.lines.contains { line in
      line.charge.isEmpty && line.wanted > taken[line.number, default: .zero]
    }
    guard !isLeft else { return quantities }
    return quantities
      + order.lines.filter { line in
        !line.charge.isEmpty && line.open.isPositive && taken[line.number] == nil
      }.map { LineQuantity(line: $0.number, quantity: GivenQuantity($0.open, unit: $0.unit)) }
  }

  /// Numbers of the lines of which something is left to cancel.
  private func choose(from order: SalesOrder) throws -> [Int] {
    for (row, line) in lines.enumerated() {
      _ = try order.index(ofLine: line, field: "line_numbers[\(row)]")
    }
    let named = Set(lines)
    var chosen = order.lines.filter {
      (named.isEmpty || named.contains($0.number)) && $0.open.isPositive
    }
    // What was charged for the way of goods goes when none of them is left.
    let leaves = { (line: SalesOrderLine) in
      line.shipped == .zero && (line.open == .zero || chosen.contains { $0.number == line.number })
    }
    if order.lines.filter(\.charge.isEmpty).allSatisfy(leaves) {
      chosen = order.lines.filter(\.open.isPositive)
    }
    guard !chosen.isEmpty else { throw OrdersRejection.nothingToCancel(order: order.number) }
    // What is not promised yet is changed, not cancelled: prices and approval are for the whole.
    if chosen.count < order.lines.count {
      try order.expect(
        "cancel single lines", in: [.confirmed, .partlyShipped, .shipped, .delivered])
    }
    return chosen.map(\.number)
  }

  // MARK: - What it does

  /// Money first, so that the state that follows from the quantities knows what is to be paid.
  private func perform(
    _ given: SalesOrder, _ terms: CancellationTerms, missingRoles: [String],
    in tx: Transaction, at now: Moment
  ) throws -> Cancellation {
    var order = given
    let named = try given.cancelled(
      schedules, besides: Set(quantities.map(\.line)), in: tx)
    for part in named { order.lines[part.line - 1].cancel(part.quantity, ofSchedule: part.number) }
    for part in terms.lines {
      order.lines[part.number - 1].cancelled =
        try order.lines[part.number - 1].cancelled + part.quantity
      order.lines[part.number - 1].followSchedules()
      if !isPartial { order.lines[part.number - 1].reserved = .zero }
    }
    let money = try SettleCancellation(order: given, terms: terms, rest: order)
      .run(in: tx, at: now)
    if order.state.isPromised, !isPartial {
      try cancelShipments(of: order, lines: terms.lines.map(\.number), in: tx)
    }
    let places = try given.state.isPromised ? given.supplyPlaces(in: tx) : []
    var verdicts = try withdraw(terms, before: given, &order, in: tx, at: now)
    try RefreshPromises(at: places).run(in: tx, at: now)
    verdicts += try order.fitAppointments(in: tx, at: now)
    let sunk = try verdicts.compactMap(\.sunkCost).sum(order.baseCurrency)
    let cancellation = try CancellationTable.insert(
      terms, money, sunkCost: sunk, comment: comment, by: actor, approvedBy: approver(terms),
      of: order, at: now, in: tx)
    try OrderRefund.propose(
      for: order, amount: money.refund, compensation: terms.compensation,
      cancellation: cancellation, by: actor, in: tx, at: now)
    return Cancellation(
      order: order, baseVersion: given.version, terms: terms, money: money, verdicts: verdicts,
      sunkCost: sunk, unapplied: try order.unneeded(in: tx), missingRoles: missingRoles,
      schedules: named)
  }

  /// Saves what is left of the order and takes back what was promised for the rest.
  private func withdraw(
    _ terms: CancellationTerms, before given: SalesOrder, _ order: inout SalesOrder,
    in tx: Transaction, at now: Moment
  ) throws -> [SupplyVerdict] {
    let numbers = terms.lines.map(\.number)
    let facts = [
      Fact("reason", reason), Fact("comment", comment), Fact("actor", actor),
      Fact("lines", numbers.map(\.description).joined(separator: ", ")),
    ]
    tx.record(DomainEvent("order.lines-cancelled", order.reference, facts))
    guard isPartial else {
      try order.save(lines: numbers, facts, in: tx)
      if order.state == .cancelled { try order.endAsking(in: tx) }
      return given.state.isPromised ? try release(numbers, of: order, in: tx, at: now) : []
    }
    // What is promised for the rest of them stays, as a change that orders less leaves it.
    let customer = try order.customer(in: tx)
    let promise = Promise(
      customer: customer, warehouse: try order.warehouse(in: tx), products: [],
      received: try Payments.received(for: order.reference, order.currency, in: tx), waits: true)
    let verdicts = try ChangePromise(before: given, promise: promise, fields: [:])
      .run(&order, in: tx, at: now)
    try order.save(lines: numbers, facts, in: tx)
    if order.state == .cancelled { try order.endAsking(in: tx) }
    try order.updateExposure(of: customer, in: tx, at: now)
    return verdicts
  }

  /// Shipments that hold goods of a cancelled line cannot leave any more; the goods of their other
  /// lines stay reserved.
  private func cancelShipments(
    of order: SalesOrder, lines: [Int], in tx: Transaction
  ) throws {
    for var shipment in try Shipments.ofOrder(order, in: tx)
    where shipment.state.isOpen && shipment.lines.contains(where: { lines.contains($0.orderLine) })
    {
      try shipment.cancel(in: tx)
    }
  }

  /// Promises first, so that nothing that is called off below fills them again.
  private func release(
    _ chosen: [Int], of order: SalesOrder, in tx: Transaction, at now: Moment
  ) throws -> [SupplyVerdict] {
    var verdicts: [SupplyVerdict] = []
    for number in chosen where order.lines[number - 1].sourcing != .service {
      let line = order.lines[number - 1]
      if line.isDropShipped {
        verdicts += try order.callOffDropShipments(of: line, in: tx, at: now)
        continue
      }
      if let verdict = try order.withdrawPiece(of: line, in: tx, at: now) {
        verdicts.append(verdict)
        continue
      }
      let origin = order.origin(of: line)
      let released = try Reservations.of(origin, in: tx)
      try ReleaseReservation(origin: origin).run(in: tx, at: now)
      verdicts += try CancelSupplyFor(origin: origin, released: released).run(in: tx, at: now)
    }
    try order.updateExposure(of: try order.customer(in: tx), in: tx, at: now)
    return verdicts
  }
}

/// Takes back what was tried.
private struct TakenBack: Error {}

extension Transaction {
  /// What `body` comes to, with everything that it did taken back.
  func rehearse<T>(_ body: () throws -> T) throws -> T {
    var outcome: T?
    do {
      try attempt {
        outcome = try body()
        throw TakenBack()
      }
    } catch is TakenBack {}
    guard let outcome else { preconditionFailure("what was taken back had been done") }
    return outcome
  }
}
