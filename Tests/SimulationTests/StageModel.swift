/// Where orders stand and what their clocks say, in whole seconds since Monday the 2nd of March
/// 2026, 09:00, with hours of work that are counted one day after the other. Shares nothing with
/// the product.
struct StageModel {
  struct Term: Equatable {
    let stage: String
    let store: Bool?
    let vip: Bool?
    let hours: Int64
    let business: Bool
    let remind: Int64
  }

  struct Policy {
    let terms: [Term]
    let stillForCustomer: Bool
  }

  struct Visit: Equatable {
    let stage: String
    let entered: Int64
    let before: Bool
    let term: Term?
    let stillForCustomer: Bool
    var due: Int64?
    var next: Int64?
    var still: Int64?
    var left: Int64?
    var held: Int64 = 0
    var reminded: Int64?
    var escalated: Int64?
    var leftAt: Int64?

    var business: Bool { term?.business ?? false }

    func spent(_ now: Int64) -> Int64 {
      StageModel.passed(entered, leftAt ?? still ?? now, business) - held
    }

    func isOverdue(_ now: Int64) -> Bool {
      guard let due else { return false }
      return leftAt.map { due < $0 } ?? (due <= now)
    }
  }

  struct Order {
    let isStore: Bool
    let isVIP: Bool
    let isTable: Bool
    let created: Int64
    var stage = "CREATED"
    /// Of a table: operations that are done, and 3 when it is on the shelf.
    var made = 0
    var isHeld = false
    var visits: [Visit] = []
    var shipment = ""
  }

  var now: Int64 = 0
  var policy: Policy?
  var orders: [String: Order] = [:]

  static let finals: Set = ["COMPLETED", "CANCELLED"]
  static let stages = [
    "CREATED", "IN_REVIEW", "CONFIRMED", "IN_PRODUCTION", "QUALITY_CHECK", "PICKING", "SHIPPED",
    "IN_DELIVERY", "DELIVERED",
  ]

  // MARK: Hours of work, Monday to Friday, 09:00 to 18:00

  /// Seconds that are worked from the beginning to `time`.
  private static func worked(_ time: Int64) -> Int64 {
    let (days, rest) = (time / 86_400, time % 86_400)
    let whole = (0..<days).count { $0 % 7 < 5 }
    return Int64(whole) * 32_400 + (days % 7 < 5 ? min(rest, 32_400) : 0)
  }

  static func passed(_ from: Int64, _ to: Int64, _ business: Bool) -> Int64 {
    business ? worked(to) - worked(from) : to - from
  }

  /// The first moment by which so much has passed; with nothing left the first that is worked.
  static func deadline(_ left: Int64, from: Int64, _ business: Bool) -> Int64 {
    guard business else { return from + left }
    if left == 0 {
      let (days, rest) = (from / 86_400, from % 86_400)
      if days % 7 < 5, rest <= 32_400 { return from }
      return ((days + 1)...(days + 7)).first { $0 % 7 < 5 }.map { $0 * 86_400 } ?? from
    }
    var (low, high) = (from, from + left * 8 + 86_400 * 8)
    while low < high {
      let middle = (low + high) / 2
      if passed(from, middle, true) >= left { high = middle } else { low = middle + 1 }
    }
    return low
  }

  // MARK: What happens

  /// A command had to do with an order, which is now in `stage`. Whether nothing was kept before.
  @discardableResult
  mutating func touch(_ number: String, _ stage: String? = nil) -> Bool {
    guard var order = orders[number] else { return false }
    order.stage = stage ?? order.stage
    defer { orders[number] = order }
    guard let policy else { return false }
    guard let last = order.visits.indices.last, order.visits[last].leftAt == nil else {
      guard !Self.finals.contains(order.stage), order.visits.isEmpty else { return false }
      enter(&order, policy, before: order.created < now)
      return true
    }
    if order.visits[last].stage != order.stage {
      order.visits[last].leftAt = now
      order.visits[last].next = nil
      if let still = order.visits[last].still {
        // Its clock stood still until it left.
        order.visits[last].held += Self.passed(still, now, order.visits[last].business)
        order.visits[last].still = nil
      }
      if !Self.finals.contains(order.stage) { enter(&order, policy, before: false) }
    } else {
      stand(&order)
    }
    return false
  }

  private mutating func enter(_ order: inout Order, _ policy: Policy, before: Bool) {
    let term = policy.terms.first {
      $0.stage == order.stage && ($0.store ?? order.isStore) == order.isStore
        && ($0.vip ?? order.isVIP) == order.isVIP
    }
    var visit = Visit(
      stage: order.stage, entered: now, before: before, term: term,
      stillForCustomer: policy.stillForCustomer)
    if let term {
      visit.due = Self.deadline(term.hours * 3_600, from: now, term.business)
      plan(&visit, left: term.hours * 3_600)
    }
    order.visits.append(visit)
    stand(&order)
  }

  private func plan(_ visit: inout Visit, left: Int64) {
    visit.next = visit.due
    guard let term = visit.term, term.remind > 0, visit.reminded == nil else { return }
    visit.next = Self.deadline(max(0, left - term.remind * 3_600), from: now, term.business)
  }

  private func stand(_ order: inout Order) {
    guard var visit = order.visits.last else { return }
    let shouldStand = order.isHeld && visit.stillForCustomer
    if shouldStand, visit.still == nil {
      visit.still = now
      if let due = visit.due, due > now {
        visit.left = Self.passed(now, due, visit.business)
        visit.due = nil
        visit.next = nil
      }
    } else if !shouldStand, let still = visit.still {
      visit.held += Self.passed(still, now, visit.business)
      visit.still = nil
      if let left = visit.left {
        visit.left = nil
        visit.due = Self.deadline(left, from: now, visit.business)
        plan(&visit, left: left)
      }
    }
    order.visits[order.visits.count - 1] = visit
  }

  /// What a sweep does: how many it reminds of, tells of and begins.
  mutating func sweep() -> [Int32] {
    guard policy != nil else { return [0, 0, 0] }
    var done: [Int32] = [0, 0, 0]
    for number in orders.keys.sorted() {
      if orders[number]?.visits.isEmpty == true, touch(number) { done[2] += 1 }
      guard var visit = orders[number]?.visits.last, visit.leftAt == nil, let next = visit.next,
        next <= now, let due = visit.due
      else { continue }
      if due <= now {
        visit.escalated = now
        visit.next = nil
        done[1] += 1
      } else {
        visit.reminded = now
        visit.next = due
        done[0] += 1
      }
      orders[number]?.visits.removeLast()
      orders[number]?.visits.append(visit)
    }
    return done
  }
}
