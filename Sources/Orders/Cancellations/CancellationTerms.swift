import Finance
import Inventory
import MasterData
import Production
import Storage
package import Values

/// What is to be cancelled of one line, as the policy sees it.
package struct CancelledLine: Hashable, Sendable {
  package let number: Int
  package let quantity: Quantity
  package let unit: String
  package let stage: CancelStage
  /// What it was to cost, with tax: its share of the line to the cent.
  package let amount: Money
  /// Position of the rule that decides about it, from 1; 0 for none.
  package let rule: Int
}

/// What cancelling comes to by the policy that the order was made under: whose doing it is, what it
/// costs, and who must agree. Nothing is written for it.
package struct CancellationTerms: Hashable, Sendable {
  package let reason: CancelReason
  package let policyVersion: Int64
  package let lines: [CancelledLine]
  /// The furthest of the lines.
  package let stage: CancelStage
  /// What is cancelled, with tax.
  package let amount: Money
  /// By the rules, before what is forfeited is set off.
  package let fee: Money
  /// Earnest money that the customer loses.
  package let forfeited: Money
  /// What we owe beyond the money that goes back.
  package let compensation: Money
  /// Who must agree: the steps of the rules, in their order, without what another rule asks.
  let asked: [ApprovalDemand.Step]
  package let explanation: Explanation

  var approverRoles: [String] { asked.map(\.asked.role) }

  /// Who forfeits earnest money need not pay a fee beside: what is forfeited counts towards it (PRC
  /// Civil Code, 588).
  package var feeToPay: Money {
    Money(minor: max(0, fee.minor - forfeited.minor), currency: fee.currency)
  }

  init(
    of order: SalesOrder, cancelling parts: [LineQuantity], for reason: CancelReason,
    in snapshot: Snapshot, at now: Moment
  ) throws {
    let policy = try CancellationPolicies.inForce(on: order.createdOn, in: snapshot)
      .converted(by: order.rate)
    let stages = try LineStages(of: order, in: snapshot)
    let customerClass =
      order.state.isPromised ? try order.customer(in: snapshot).customerClass : ""
    let looksAtProducts = policy.rules.contains { $0.productClass != nil }
    lines = try parts.map { part in
      let line = order.lines[part.line - 1]
      let left = Quantity(micros: line.wanted.micros - part.quantity.quantity.micros)
      let stage = stages.of(line)
      let productClass =
        looksAtProducts && line.product != nil
        ? try line.requireProduct(in: snapshot).productClass : ""
      let rule = policy.rules.firstIndex {
        stage != .notConfirmed
          && $0.fits(
            stage: stage, sourcing: line.sourcing, customerClass: customerClass,
            productClass: productClass)
      }
      return CancelledLine(
        number: line.number, quantity: part.quantity.quantity, unit: line.unit, stage: stage,
        amount: try line.amount(from: left, upTo: line.wanted).gross(),
        rule: rule.map { $0 + 1 } ?? 0)
    }
    let forbidden = lines.filter { $0.rule > 0 && policy.rules[$0.rule - 1].isForbidden }
    if let first = forbidden.first, reason.fault == .customer {
      throw CancellationRejection.notAllowed(
        order: order.number, lines: forbidden.map(\.number), rule: first.rule,
        policy: policy.version, text: policy.rules[first.rule - 1].words)
    }
    self.reason = reason
    policyVersion = policy.version
    stage = lines.map(\.stage).max() ?? .notConfirmed
    amount = try lines.map(\.amount).sum(order.currency)
    let judged = try Judgement(
      of: lines, by: policy, reason.fault, order.currency,
      before: try CancellationTable.decided(of: order, by: policy, in: snapshot, at: now))
    fee = judged.fee
    asked = judged.asked
    var explanation = judged.explanation
    let earnest = try Self.earnest(
      of: order, losing: judged.earnestBase, policy, reason.fault, &explanation, in: snapshot)
    forfeited = reason.fault == .customer ? earnest : .zero(order.currency)
    compensation = reason.fault == .seller ? earnest : .zero(order.currency)
    self.explanation = explanation
  }

  /// The share of the earnest money that `base`, which is cancelled, has in what is not invoiced
  /// yet: as far as it counts as earnest money, and less what was lost before.
  private static func earnest(
    of order: SalesOrder, losing base: Money, _ policy: CancellationPolicy, _ fault: CancelFault,
    _ explanation: inout Explanation, in snapshot: Snapshot
  ) throws -> Money {
    guard fault != .nobody, base.minor > 0 else { return .zero(order.currency) }
    let (left, forfeited) = try Payments.earnest(
      for: order.reference, order.currency, in: snapshot)
    guard left.minor > 0 else { return .zero(order.currency) }
    let cap = try order.gross.share(policy.earnestCap)
    let before =
      fault == .customer
      ? forfeited : try CancellationTable.compensation(of: order, in: snapshot)
    let counted = min(left.minor, max(0, cap.minor - before.minor))
    let share = try Rounding.quotient(
      Int128(counted) * Int128(base.minor), Int128(try order.openToInvoice().minor))
    let lost = Money(minor: share, currency: order.currency)
    explanation.add(
      fault == .customer ? "EARNEST_FORFEITED" : "EARNEST_DOUBLED",
      fault == .customer
        ? "\(lost) of the earnest money is forfeited" : "\(lost) of earnest money is owed twice",
      [
        Fact("earnest_left", left), Fact("earnest_cap", cap), Fact("lost_before", before),
        Fact("cancelled", base),
      ])
    return lost
  }
}

extension ApprovalDemand {
  /// What is approved by the steps of a cancellation.
  static let cancellationKind = "CANCEL"
}

extension [ApprovalDemand.Step] {
  /// What somebody says alone who has roles that must agree: of each rule one step, as it takes
  /// different people.
  func given(by decider: Decider, at now: Moment) -> [ApprovalDemand.Step] {
    var told: Set<Int> = []
    return map { step in
      guard decider.roles.contains(step.asked.role), told.insert(step.rule).inserted
      else { return step }
      var step = step
      step.given = GivenApproval(
        actor: decider.actor, standingInFor: decider.standingInFor, at: now.instant, comment: "",
        round: nil)
      return step
    }
  }
}

/// What the rules make of the lines.
private struct Judgement {
  private(set) var fee: Money
  private(set) var asked: [ApprovalDemand.Step] = []
  /// Of the lines whose earnest money is lost.
  private(set) var earnestBase: Money
  private(set) var explanation = Explanation()

  /// `before`: what each rule has decided about already, and nobody has agreed to.
  init(
    of lines: [CancelledLine], by policy: CancellationPolicy, _ fault: CancelFault,
    _ currency: Currency, before: [Int: Money]
  ) throws {
    fee = .zero(currency)
    earnestBase = .zero(currency)
    for position in Set(lines.map(\.rule)).sorted() {
      let decided = lines.filter { $0.rule == position }
      let amount = try decided.map(\.amount).sum(currency)
      let rule = position == 0 ? nil : policy.rules[position - 1]
      if rule?.waivesEarnest != true {
        let agreed = decided.filter { $0.stage != .notConfirmed }
        earnestBase = try earnestBase + agreed.map(\.amount).sum(currency)
      }
      let inAll = try amount + before[position, default: .zero(currency)]
      if let rule, rule.asks(for: inAll) { ask(rule, position) }
      let part =
        fault == .customer ? try rule?.fee(for: amount) ?? .zero(currency) : .zero(currency)
      fee = try fee + part
      let words = decided.map { "\($0.number)" }.joined(separator: ", ")
      let facts = [
        Fact("policy", policy.version), Fact("rule", position), Fact("lines", words),
        Fact("cancelled", amount), Fact("fault", fault.rawValue), Fact("fee", part),
      ]
      if let rule {
        explanation.add("CANCELLATION_RULE", "Rule \(position) (\(rule.words))", facts)
      } else {
        explanation.add("NO_CANCELLATION_RULE", "No rule fits: it is free", facts)
      }
    }
  }

  /// A role that another rule asks is not asked twice.
  private mutating func ask(_ rule: CancellationRule, _ position: Int) {
    let known = Set(asked.map(\.asked.role))
    let steps = rule.steps.filter { !known.contains($0.role) }
    asked += steps.enumerated().map { index, step in
      ApprovalDemand.Step(
        kind: ApprovalDemand.cancellationKind, rule: position, position: index + 1,
        follows: index > 0 && !rule.isParallel, asked: step)
    }
  }
}

/// How far the lines of an order have come.
private struct LineStages {
  private let isPromised: Bool
  private let setApart: Set<Int>
  /// That are not called off, by line.
  private let works: [Int: [WorkOrderState]]

  init(of order: SalesOrder, in snapshot: Snapshot) throws {
    isPromised = order.state.isPromised
    guard isPromised else {
      setApart = []
      works = [:]
      return
    }
    setApart = Set(
      try Shipments.ofOrder(order, in: snapshot).filter(\.state.isOpen).flatMap(\.lines)
        .map(\.orderLine))
    works = Dictionary(
      grouping: try WorkOrders.ofOrigin(order.reference, in: snapshot).filter {
        $0.isPegged && $0.state != .cancelled
      }, by: { $0.origin?.line ?? 0 }
    ).mapValues { $0.map(\.state) }
  }

  func of(_ line: SalesOrderLine) -> CancelStage {
    guard isPromised else { return .notConfirmed }
    if setApart.contains(line.number) { return .setApart }
    let works = works[line.number, default: []]
    if works.contains(where: { $0.yields && !$0.canBecome(.cancelled) }) { return .inWork }
    return works.contains { !$0.yields } ? .made : .confirmed
  }
}
