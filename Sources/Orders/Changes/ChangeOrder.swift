import Finance
import Inventory
import MasterData
import Production
package import Purchasing
package import Storage
package import Values

/// What a change does. A dry run finds it out by doing it and taking it back, so that what is shown
/// is what is done.
package struct ChangeImpact: Hashable, Sendable {
  /// The version that it was computed from.
  package let baseVersion: Int64
  package let differences: [OrderDifference]
  /// By how much it is more; less than nothing for less.
  package let net: Money
  package let tax: Money
  package let gross: Money
  /// On shipments, work orders and requisitions that it touches, and on new ones.
  package let verdicts: [SupplyVerdict]
  /// Spent on what the order does not need any more.
  package let sunkCost: Money
  /// By lead times and planned work; nil where nobody can say.
  package let readyBefore: Day?
  package let readyAfter: Day?
  /// Role that must agree before it is applied; nil when nobody needs to, or who asks has it.
  package let missingApproval: String?
  /// Money received that what is left does not need: it is proposed to go back.
  package let unapplied: Money
  /// What ordering less costs; nil where nothing is ordered less of.
  package let fee: ChangeFee?

  /// The same for the same impact: numbers of documents that the change itself gives are left out,
  /// since others may be given first, and so is who asks.
  package var essence: String {
    "\(baseVersion) \(effect) \(readyAfter?.description ?? "")"
  }

  /// The same for the same effect, whenever it is done and whenever it is ready.
  var effect: String {
    "\(differences) \(net) \(tax) \(gross) \(verdicts.essence) \(sunkCost) \(unapplied)"
      + (fee.map { " \($0.fee) \($0.forfeited) \($0.compensation)" } ?? "")
  }

  /// With what is told line by line.
  func telling(_ differences: [OrderDifference], _ verdicts: [SupplyVerdict]) -> ChangeImpact {
    ChangeImpact(
      baseVersion: baseVersion, differences: differences, net: net, tax: tax, gross: gross,
      verdicts: verdicts, sunkCost: sunkCost, readyBefore: readyBefore, readyAfter: readyAfter,
      missingApproval: missingApproval, unapplied: unapplied, fee: fee)
  }
}

/// What ordering less of what was promised costs, by the terms of cancelling.
package struct ChangeFee: Hashable, Sendable {
  /// What is charged, forfeited money set off.
  package let fee: Money
  package let forfeited: Money
  /// What we owe beyond the customer's money.
  package let compensation: Money
  package let explanation: Explanation
}

extension [SupplyVerdict] {
  /// The same for the same verdicts, whichever numbers the documents have that are new.
  var essence: String {
    let own = Set(filter { $0.outcome == .planned }.map(\.document.number))
    let told = map { verdict in
      own.reduce("\(verdict.document.kind) \(verdict.outcome) \(verdict.text)") {
        $0.replacing($1, with: "")
      } + "\(verdict.sunkCost?.description ?? "")"
        + (verdict.rework.map { " \($0.minutesBefore) \($0.minutesAfter)" } ?? "")
    }
    return "\(told.sorted())"
  }
}

/// An order after a change, and what the change did.
package struct ChangedOrder: Sendable {
  package let order: SalesOrder
  package let impact: ChangeImpact
  /// How far the order had come, and what was done to it.
  let stage: ChangeStage
  let kinds: Set<ChangeKind>
  /// What the approval rules ask for; nil where they do not look at it.
  let demand: ApprovalDemand?
  /// Who must agree to what is ordered less of.
  let cancelSteps: [ApprovalDemand.Step]
}

/// Changes an order. One that has promised nothing yet is written anew, and priced anew once it was
/// submitted. One that has is priced as a whole by the same code as a new one, as of the day of its
/// prices; what is promised follows, credit is checked for what is more, and approval is asked for
/// anew where the change adds or gives away something. What was agreed before is kept as a version.
package struct ChangeOrder: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let change: OrderChange
  package let reason: String
  /// Who asks, the roles they have, and for whom they stand in.
  package let actor: String
  package let roles: Set<String>
  package let standingInFor: Set<String>
  /// It is to be rolled back, and may say what it would need.
  package let isPreview: Bool
  /// What others have agreed to, who were asked; nil where who makes the change decides alone.
  let agreed: [ApprovalStep]?
  /// Why less is ordered, where the change itself does not say.
  var reduction = CancelReason.change

  package init(
    number: String, expectedVersion: Int64? = nil, _ change: OrderChange, reason: String,
    by actor: String, roles: Set<String> = [], standingInFor: Set<String> = [],
    isPreview: Bool = false
  ) {
    self.init(
      number: number, expectedVersion: expectedVersion, change, reason: reason, by: actor,
      roles: roles, standingInFor: standingInFor, isPreview: isPreview, agreed: nil)
  }

  init(
    number: String, expectedVersion: Int64?, _ change: OrderChange, reason: String,
    by actor: String, roles: Set<String>, standingInFor: Set<String> = [], isPreview: Bool,
    agreed: [ApprovalStep]?
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.change = change
    self.reason = reason
    self.actor = actor
    self.roles = roles
    self.standingInFor = standingInFor
    self.isPreview = isPreview
    self.agreed = agreed
  }

  package func run(in tx: Transaction, at now: Moment) throws -> ChangedOrder {
    var order = try SalesOrders.require(number: number, in: tx)
    try order.expect(version: expectedVersion)
    if change.instructions.invoice != nil { try order.expectInvoiceUnwritten(in: tx) }
    try order.expect(.change, in: tx)
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try change.check(&check, for: order, in: tx)
    try check.pass()
    let stage = try ChangeStage(of: order, in: tx)
    let kinds = try change.kinds(in: order, tx)
    try Rejections.check(
      kinds.compactMap { kind, field in
        ChangeMatrix.refusal(
          kind, of: order, at: stage, roles: agreed == nil ? roles : nil, field: field)
      })
    let before = order
    let lines = try order.lines(changedBy: change, in: tx)
    guard !lines.isEmpty else { throw ChangeRejection.nothingLeft(order: order.number) }
    let readyBefore = try OrderPromises.readyDay(of: order, on: now.day, in: tx)
    let done =
      if order.state != .draft, change.isAboutInstructions {
        Effects(verdicts: try instruct(&order, lines, in: tx, at: now))
      } else if order.state.isPromised {
        try changePromised(&order, lines, in: tx, at: now)
      } else {
        Effects(verdicts: try write(&order, lines, in: tx, at: now))
      }
    let impact = try impact(
      of: before, to: order, done,
      ready: (readyBefore, OrderPromises.readyDay(of: order, on: now.day, in: tx)),
      missingApproval: missingApproval(
        of: order, before: before, Set(kinds.map(\.kind)), done.cancelSteps, at: stage, now,
        in: tx),
      in: tx)
    if let role = impact.missingApproval, !isPreview {
      throw ChangeRejection.changeNeedsApproval(order: order.number, role: role)
    }
    return ChangedOrder(
      order: order, impact: impact, stage: stage, kinds: Set(kinds.map(\.kind)),
      demand: done.demand, cancelSteps: done.cancelSteps)
  }

  /// What it did beside what is written in the order.
  private struct Effects {
    var verdicts: [SupplyVerdict]
    /// What the approval rules ask for.
    var demand: ApprovalDemand?
    /// What is ordered less of.
    var terms: CancellationTerms?

    var cancelSteps: [ApprovalDemand.Step] { terms?.asked ?? [] }
  }

  /// The first role that must still agree. By the policy of changes who makes one decides with the
  /// roles that it takes, unless the order is theirs; those who were asked have agreed to it.
  private func missingApproval(
    of order: SalesOrder, before: SalesOrder, _ kinds: Set<ChangeKind>,
    _ cancelSteps: [ApprovalDemand.Step], at stage: ChangeStage, _ now: Moment,
    in snapshot: Snapshot
  ) throws -> String? {
    guard order.state.isPromised else { return nil }
    if order.approval.isPending { return order.approval.requiredRole }
    guard agreed == nil else { return nil }
    let asked = try ChangePolicies.current(in: snapshot).demands(
      for: kinds, at: stage, gross: order.gross - before.gross
    ).map(\.step.role)
    guard let first = asked.first ?? cancelSteps.first?.asked.role else { return nil }
    let decider = Decider(actor, roles: roles, standingInFor: standingInFor)
    do { try before.checkMakers(decider, in: snapshot) } catch is any Rejection { return first }
    if let role = asked.first(where: { !roles.contains($0) }) { return role }
    return cancelSteps.given(by: decider, at: now).first { $0.given == nil }?.asked.role
  }

  // MARK: - Nothing is promised

  /// Lines are numbered anew: nothing refers to them yet.
  private func write(
    _ order: inout SalesOrder, _ lines: [ChangedLine], in tx: Transaction, at now: Moment
  ) throws -> [SupplyVerdict] {
    var draft = order.draft(lines, change)
    var check = FieldCheck(FieldPath("order"))
    draft.checkShape(&check)
    try draft.resolveChoices(&check, in: tx, at: now.instant)
    try RelocatedRejection.relocating(lines) { try check.pass() }
    let written = SalesOrder(
      draft: draft, number: order.number, currency: order.currency, by: order.createdBy, at: now)
    let isSubmitted = order.state == .submitted
    order.requestedOn = draft.requestedOn
    order.discount = draft.discount
    order.delivery = draft.delivery
    order.instructions = draft.instructions
    order.lines = written.lines
    (order.net, order.tax, order.gross) = (written.net, written.tax, written.gross)
    order.depositRequired = written.depositRequired
    // What nobody has to decide about the order as it is to be is not asked any more.
    try order.endAsking(in: tx)
    order.approval = .none
    order.state = .draft
    try SalesOrderTable.rewrite(order, in: tx)
    try DeliveryAddressTable.replace(by: order.delivery, of: order.id, in: tx)
    try SalesOrderLineTable.removeAll(of: order.id, in: tx)
    for line in order.lines {
      try SalesOrderLineTable.insert(line, of: order.id, in: tx)
      try OrderConfigurationTable.insert(line, of: order.id, in: tx)
    }
    record(order, in: tx)
    if isSubmitted {
      try RelocatedRejection.relocating(lines) {
        try order.submit(by: actor, roles: roles, in: tx, at: now)
      }
      try order.proposeRefund(
        compensation: .zero(order.currency), cancellation: 0, by: actor, in: tx, at: now)
    } else {
      try SalesOrderTable.update(order, in: tx)
      order.version += 1
    }
    return []
  }

  // MARK: - What is asked for beside the goods

  /// Costs and promises nothing: prices, approval and supply stay as they were agreed. Only a slot
  /// may not fit any more.
  private func instruct(
    _ order: inout SalesOrder, _ lines: [ChangedLine], in tx: Transaction, at now: Moment
  ) throws -> [SupplyVerdict] {
    let before = order
    order.instructions = change.instructions.applied(to: order.instructions)
    order.takeInstructions(of: lines)
    var check = FieldCheck(FieldPath("order"))
    order.instructions?.checkShape(&check)
    order.instructions?.invoice?.checkComplete(&check, "instructions.invoice")
    for (index, line) in lines.enumerated() where line.field != nil {
      var found = FieldCheck(OrderDraft.path(line: index))
      line.draft.instructions?.checkShape(&found)
      for violation in found.violations { check.refuse(violation) }
    }
    try RelocatedRejection.relocating(lines) { try check.pass() }
    guard order.state.isPromised else {
      try store(&order, before: before, in: tx, at: now)
      return []
    }
    try keepFirstVersion(of: before, in: tx)
    try store(&order, before: before, in: tx, at: now)
    try order.tellSuppliers(changedFrom: before, in: tx)
    let verdicts = try order.fitAppointments(in: tx, at: now)
    try order.loadPromises(in: tx)
    try OrderVersionTable.insert(
      OrderVersion(of: order, by: actor, at: now.instant, reason: reason), of: order.id, in: tx)
    return verdicts
  }

  // MARK: - Something is promised

  private func changePromised(
    _ order: inout SalesOrder, _ lines: [ChangedLine], in tx: Transaction, at now: Moment
  ) throws -> Effects {
    let before = order
    let draft = order.draft(lines, change)
    let priced = try RelocatedRejection.relocating(lines) {
      try price(draft, &order, lines, in: tx, at: now)
    }
    try RelocatedRejection.relocating(lines) { try order.fitPreorder(in: tx) }
    order.requestedOn = draft.requestedOn
    order.discount = draft.discount
    order.instructions = draft.instructions
    let customer = try order.customer(in: tx)
    var places = try order.supplyPlaces(in: tx)
    if let priced { try decideApproval(of: &order, priced, before: before, in: tx, at: now) }
    let demand = order.approval.demand
    try keepFirstVersion(of: before, in: tx)
    let reduction = try reduce(order, before: before, in: tx, at: now)
    try store(&order, before: before, in: tx, at: now)
    try order.askApproval(by: actor, isChange: true, in: tx, at: now)
    if let priced { try order.redeemOnly(priced.coupons, in: tx) }
    try order.updateExposure(of: customer, enforcingLimit: true, in: tx, at: now)
    let received = try Payments.received(for: order.reference, order.currency, in: tx)
    let promise = Promise(
      customer: customer, warehouse: try order.warehouse(in: tx), products: [],
      received: received, waits: true)
    try validate(order, before: before, lines, for: customer, in: tx, at: now)
    var verdicts = try ChangePromise(
      before: before, promise: promise, fields: fields(of: before, lines),
      wishes: Dictionary(
        change.lines.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
    ).run(&order, in: tx, at: now)
    try places.formUnion(order.supplyPlaces(in: tx))
    try order.promiseWaiting(in: tx, at: now)
    try RefreshPromises(at: places).run(in: tx, at: now)
    verdicts += try order.fitAppointments(in: tx, at: now)
    try order.tellSuppliers(changedFrom: before, in: tx)
    try liftDepositHold(of: order, before: before, received: received, in: tx, at: now)
    try order.loadPromises(in: tx)
    try OrderVersionTable.insert(
      OrderVersion(of: order, by: actor, at: now.instant, reason: reason), of: order.id, in: tx)
    try settle(reduction, of: order, verdicts, in: tx, at: now)
    return Effects(verdicts: verdicts, demand: demand, terms: reduction?.terms)
  }

  // MARK: - What is ordered less of

  /// Settles the money first, so that the state that follows from the quantities knows what is to
  /// be paid.
  private func reduce(
    _ order: SalesOrder, before: SalesOrder, in tx: Transaction, at now: Moment
  ) throws -> OrderReduction? {
    let reason =
      change.reductionReason.isEmpty
      ? reduction
      : try CancelReasons.require(
        change.reductionReason, field: "change.reduction_reason_code", in: tx)
    return try OrderReduction.terms(
      from: before, to: order, for: reason, in: tx, at: now
    ).map {
      try OrderReduction($0, from: before, to: order, in: tx, at: now)
    }
  }

  private func settle(
    _ reduction: OrderReduction?, of order: SalesOrder, _ verdicts: [SupplyVerdict],
    in tx: Transaction, at now: Moment
  ) throws {
    var cancellation: Int64 = 0
    if let reduction {
      let asked = reduction.terms.approverRoles
      let approver =
        agreed?.last { asked.contains($0.role) }?.decidedBy ?? (asked.isEmpty ? nil : actor)
      cancellation = try reduction.insert(
        sunkCost: verdicts.compactMap(\.sunkCost).sum(order.baseCurrency), reason: reason,
        by: actor, approvedBy: approver, of: order, in: tx, at: now)
    }
    try order.proposeRefund(
      compensation: reduction?.terms.compensation ?? .zero(order.currency),
      cancellation: cancellation, by: actor, in: tx, at: now)
  }

  /// Holds the order for what the change brings in that the rules of the day speak against, or
  /// refuses it.
  private func validate(
    _ order: SalesOrder, before: SalesOrder, _ lines: [ChangedLine], for customer: Customer,
    in tx: Transaction, at now: Moment
  ) throws {
    let day = now.day
    guard let check = try OrderCheck.ifAny(about: order, for: customer, on: day, in: tx),
      let earlier = try OrderCheck.ifAny(about: before, for: customer, on: day, in: tx)
    else { return }
    let findings = try RelocatedRejection.relocating(lines) {
      try check.findings(about: order, changedFrom: before, earlier, in: tx, at: now)
    }
    try order.hold(for: findings, source: "", in: tx, at: now)
    if check.asksForDuplicates { try OrderHistoryTable.set(fingerprintOf: order, in: tx) }
  }

  /// What the order costs as it is to be, by what it was priced by; nil where the change has
  /// nothing to do with prices: nothing is priced again then.
  private func price(
    _ draft: OrderDraft, _ order: inout SalesOrder, _ lines: [ChangedLine], in tx: Transaction,
    at now: Moment
  ) throws -> PricedOrder? {
    var check = FieldCheck(FieldPath("order"))
    let customer = try draft.readHead(&check, in: tx)
    let isPlaced = order.hasPlaces || lines.contains { $0.draft.schedules.hasPlaces }
    guard !change.keepsPrices || isPlaced else {
      try check.pass()
      order.takeInstructions(of: lines)
      return nil
    }
    var day = try SalesOrderTable.pricedOn(order, in: tx)
    if change.isRepriced {
      day = now.day
      try SalesOrderTable.set(pricedOn: day, of: order.id, in: tx)
      // Its own coupons are not used up for it.
      try order.releaseCoupons(in: tx)
    }
    let priced = try PricedOrder.read(
      draft, for: customer, by: roles, at: Moment(instant: now.instant, day: day), check,
      policy: order.policy,
      agreed: change.isRepriced
        ? nil
        : try AgreedPrices(of: order, lines.map { $0.isRechosen ? nil : $0.number }),
      occasion: .change(order), in: tx)
    try order.take(priced, lines)
    order.delivery = priced.delivery
    order.places = priced.places
    order.storedBasis = priced.basis.storedText
    return priced
  }

  /// What neither adds nor gives away anything leaves the approval as it was; anything else is
  /// looked at as a whole. What was approved and has not become more stays so; to the rest somebody
  /// else than who makes the change has to agree (DOMAIN 5.15: approver ≠ last editor).
  private func decideApproval(
    of order: inout SalesOrder, _ priced: PricedOrder, before: SalesOrder, in snapshot: Snapshot,
    at now: Moment
  ) throws {
    let gives =
      try order.gross.minor > before.gross.minor || change.isRepriced || !change.added.isEmpty
      || change.discount != nil || change.lines.contains { $0.discount != nil || $0.choice != nil }
      || change.kinds(in: before, snapshot).contains { $0.kind == .raiseQuantity }
      || priced.approvalInput.givesMore(than: before, in: snapshot)
    guard gives else { return }
    order.approval = priced.approval
    try order.weigh(priced.approvalInput, in: snapshot, at: now)
    if let agreed, order.approval.isPending { order.approval.give(agreed) }
  }

  /// What was agreed until now, when nobody has changed it before.
  private func keepFirstVersion(of order: SalesOrder, in tx: Transaction) throws {
    guard try OrderVersionTable.holding(at: order.version, of: order.id, in: tx) == nil else {
      return
    }
    try OrderVersionTable.insert(OrderVersion(first: order), of: order.id, in: tx)
  }

  private func store(
    _ order: inout SalesOrder, before: SalesOrder, in tx: Transaction, at now: Moment
  ) throws {
    try SalesOrderTable.rewrite(order, in: tx)
    if order.delivery != before.delivery {
      try DeliveryAddressTable.replace(by: order.delivery, of: order.id, in: tx)
    }
    if order.places != before.places {
      try DeliveryPlaceTable.insert(order.places, of: order.id, in: tx)
    }
    try SalesOrderTable.update(order, in: tx)
    for line in order.lines {
      guard before.lines.indices.contains(line.number - 1) else {
        try SalesOrderLineTable.insert(line, of: order.id, in: tx)
        try OrderConfigurationTable.insert(line, of: order.id, in: tx)
        continue
      }
      let old = before.lines[line.number - 1]
      guard line != old else { continue }
      try SalesOrderLineTable.rewrite(line, of: order.id, in: tx)
      if line.configuration != old.configuration {
        try OrderConfigurationTable.rewrite(line, of: order.id, in: tx)
      }
      let gone = try line.cancelled - old.cancelled
      guard gone.isPositive, !line.charge.isEmpty else { continue }
      try CancellationTable.insert(
        comment: reason, by: actor, charge: line.number, quantity: gone, of: order.id, at: now,
        in: tx)
    }
    order.version += 1
    record(order, in: tx)
    // All that is left may have left already.
    try order.settle(in: tx)
  }

  private func record(_ order: SalesOrder, in tx: Transaction) {
    tx.record(
      DomainEvent(
        "order.changed", order.reference,
        [
          Fact("actor", actor), Fact("reason", reason),
          Fact("gross", order.gross),
        ]))
  }

  /// Where the request names the lines, by the numbers that they have or get.
  private func fields(of before: SalesOrder, _ lines: [ChangedLine]) -> [Int: FieldPath] {
    var fields: [Int: FieldPath] = [:]
    for (number, line) in zip(before.linesTaken(lines), lines) { fields[number] = line.field }
    return fields
  }

  /// The workshop may begin when what must be paid now has been paid.
  private func liftDepositHold(
    of order: SalesOrder, before: SalesOrder, received: Money, in tx: Transaction, at now: Moment
  ) throws {
    guard received.minor < before.depositRequired.minor,
      received.minor >= order.depositRequired.minor
    else { return }
    _ = try LiftHold(origin: order.reference).run(in: tx, at: now)
  }

  // MARK: - What it does

  private func impact(
    of before: SalesOrder, to order: SalesOrder, _ done: Effects,
    ready: (before: Day?, after: Day?), missingApproval: String?, in snapshot: Snapshot
  ) throws -> ChangeImpact {
    ChangeImpact(
      baseVersion: before.version,
      differences: OrderVersion(first: before).differences(to: OrderVersion(first: order)),
      net: try order.net - before.net, tax: try order.tax - before.tax,
      gross: try order.gross - before.gross, verdicts: done.verdicts,
      sunkCost: try done.verdicts.compactMap(\.sunkCost).sum(order.baseCurrency),
      readyBefore: ready.before, readyAfter: ready.after,
      missingApproval: missingApproval,
      unapplied: order.state.isPromised ? try order.unneeded(in: snapshot) : .zero(order.currency),
      fee: done.terms.map { terms in
        ChangeFee(
          fee: terms.feeToPay, forfeited: terms.forfeited, compensation: terms.compensation,
          explanation: terms.explanation)
      })
  }
}
