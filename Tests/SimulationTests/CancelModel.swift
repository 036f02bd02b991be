/// What the terms of cancelling make of orders of one customer, in cents: an hour of work costs
/// 127.20 and a chair 563.87. Independent of the code under test.
struct CancelModel {
  struct Order {
    /// Of the line of chairs; hours are never ordered less of but by cancelling.
    var chairs: Int64
    var cancelledChairs: Int64 = 0
    var hours: Int64
    /// Money for it that nothing has used.
    var held: Int64 = 0
    /// What each rule has decided about, and nobody has agreed to.
    var unseen: [Int: Int64] = [:]
    var proposed: Int64 = 0
    var request: Request?

    var leftChairs: Int64 { chairs - cancelledChairs }
    var needed: Int64 { CancelModel.amount(chairs: leftChairs, hours: hours) }
    var unneeded: Int64 { max(0, held - needed) }
  }

  /// A role that must agree, by a rule.
  struct Step: Equatable {
    let rule: Int
    let role: String
  }

  /// That somebody asked for a cancellation which others must agree to.
  struct Request {
    let chairs: Int64
    let hours: Int64
    let by: String
    let reason: String
    var missing: [Step]
    /// Who has agreed, by rule.
    var agreed: [Int: Set<String>]
    /// The version that it was asked for, and all that it was to come to.
    let version: Int64
    let effect: Effect

    /// Of each rule the first that is missing.
    var open: [Step] {
      missing.enumerated().filter { index, step in
        !missing[..<index].contains { $0.rule == step.rule }
      }.map(\.element)
    }

    /// Those whose turn it is and that somebody may decide.
    func open(for actor: String, _ roles: [String]) -> [Step] {
      open.filter { roles.contains($0.role) && !agreed[$0.rule, default: []].contains(actor) }
    }
  }

  struct Effect: Equatable {
    let held: Int64
    let fee: Int64
    let paid: Int64
    let refund: Int64
  }

  static let hour: Int64 = 12_720
  static let chair: Int64 = 56_387
  var orders: [String: Order] = [:]
  /// Reasons by code, and whether they are the customer's doing.
  var reasons = ["WISH": true, "ERROR": false]
  /// Fees that are not paid, the oldest first.
  private(set) var debts: [(order: String, cents: Int64)] = []
  /// Money of the customer for nothing in particular.
  private(set) var free: Int64 = 0

  static func amount(chairs: Int64, hours: Int64) -> Int64 { chairs * chair + hours * hour }

  /// Those who must agree: a planner from 300 of work on, a manager and then a director from 1,500
  /// of goods on.
  func steps(_ number: String, chairs: Int64, hours: Int64) -> [Step] {
    guard let order = orders[number] else { return [] }
    let work = hours * Self.hour + order.unseen[1, default: 0]
    let goods = chairs * Self.chair + order.unseen[2, default: 0]
    return (hours > 0 && work >= 30_000 ? [Step(rule: 1, role: "PLANNER")] : [])
      + (chairs > 0 && goods >= 150_000
        ? [Step(rule: 2, role: "SALES_MANAGER"), Step(rule: 2, role: "DIRECTOR")] : [])
  }

  /// What of it somebody says alone: one step of a rule, and none in an order of their own.
  func said(_ steps: [Step], by actor: String, _ roles: [String]) -> [Step] {
    guard actor != "li.na" else { return [] }
    return [1, 2].compactMap { rule in
      steps.first { $0.rule == rule && roles.contains($0.role) }
    }
  }

  /// A tenth of the goods, where it is the customer's doing.
  func effect(_ number: String, chairs: Int64, hours: Int64, isTheirs: Bool) -> Effect {
    guard let order = orders[number] else { return Effect(held: 0, fee: 0, paid: 0, refund: 0) }
    let fee = isTheirs ? (chairs * Self.chair + 5) / 10 : 0
    let paid = min(fee, order.held)
    let needed = order.needed - Self.amount(chairs: chairs, hours: hours)
    return Effect(
      held: order.held, fee: fee, paid: paid, refund: max(0, order.held - paid - needed))
  }

  /// `lowering`: by a change, which takes it from what is ordered. `isAgreed`: others were asked.
  mutating func cancel(
    _ number: String, chairs: Int64, hours: Int64, isTheirs: Bool, lowering: Bool = false,
    isAgreed: Bool = false
  ) {
    guard var order = orders[number] else { return }
    let done = effect(number, chairs: chairs, hours: hours, isTheirs: isTheirs)
    if !isAgreed, steps(number, chairs: chairs, hours: hours).isEmpty {
      order.unseen[1, default: 0] += hours * Self.hour
      order.unseen[2, default: 0] += chairs * Self.chair
    }
    if lowering { order.chairs -= chairs } else { order.cancelledChairs += chairs }
    order.hours -= hours
    order.held -= done.paid
    order.proposed = done.refund
    orders[number] = order
    guard done.fee > done.paid else { return }
    debts.append((number, done.fee - done.paid))
    settleDebts()
  }

  /// Money for an order pays what it cost before.
  mutating func pay(_ number: String, _ cents: Int64) {
    var rest = cents
    for index in debts.indices where debts[index].order == number {
      let part = min(rest, debts[index].cents)
      debts[index].cents -= part
      rest -= part
    }
    debts.removeAll { $0.cents == 0 }
    orders[number]?.held += rest
  }

  mutating func give(back number: String) {
    let part = orders[number]?.proposed ?? 0
    orders[number]?.held -= part
    orders[number]?.proposed = 0
  }

  /// The money is the customer's for nothing in particular, as far as the order does not need it.
  mutating func decline(_ number: String) {
    let part = min(orders[number]?.proposed ?? 0, orders[number]?.unneeded ?? 0)
    orders[number]?.held -= part
    orders[number]?.proposed = 0
    free += part
    settleDebts()
  }

  private mutating func settleDebts() {
    for index in debts.indices {
      let part = min(free, debts[index].cents)
      debts[index].cents -= part
      free -= part
    }
    debts.removeAll { $0.cents == 0 }
  }
}
