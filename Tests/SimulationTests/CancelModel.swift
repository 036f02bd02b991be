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

  /// That somebody asked for a cancellation which others must agree to.
  struct Request {
    let chairs: Int64
    let hours: Int64
    let by: String
    let reason: String
    var missing: [String]
    /// The version that it was asked for, and all that it was to come to.
    let version: Int64
    let effect: Effect
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

  /// Those who must agree: a planner from 300 of work on, a manager from 1,500 of goods on.
  func roles(_ number: String, chairs: Int64, hours: Int64) -> [String] {
    guard let order = orders[number] else { return [] }
    let work = hours * Self.hour + order.unseen[1, default: 0]
    let goods = chairs * Self.chair + order.unseen[2, default: 0]
    return (hours > 0 && work >= 30_000 ? ["PLANNER"] : [])
      + (chairs > 0 && goods >= 150_000 ? ["SALES_MANAGER"] : [])
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
    if !isAgreed, roles(number, chairs: chairs, hours: hours).isEmpty {
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
