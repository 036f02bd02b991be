import Messages
import RPC
import TestKit
import TestRandom
import Testing
import Values

/// Orders of one customer that somebody must approve: what each waits for, as arrays of words. They
/// are never confirmed, so that they touch neither stock nor credit.
struct ApprovalModel {
  struct Step {
    let kind: String
    let role: String
    var decidedBy: String?
    /// What was approved: cents, or percent.
    var at: Int64 = 0
    /// Seconds of the clock when its turn came; nil for not yet.
    var openedAt: Int64?
    var isReminded = false
    var isEscalated = false

    /// The sales manager has two hours, and hears of it after one; then the owner may decide, too.
    var remindAt: Int64? { role == "SALES_MANAGER" ? openedAt.map { $0 + 3_600 } : nil }
    var dueAt: Int64? { role == "SALES_MANAGER" ? openedAt.map { $0 + 7_200 } : nil }

    func isFor(_ roles: Set<String>) -> Bool {
      roles.contains(role) || isEscalated && roles.contains("OWNER")
    }
  }

  struct Order {
    var gross: Int64
    var percent: Int64
    var count: Int64
    /// Nil in a draft.
    var steps: [Step]?
    /// Given before it was returned.
    var kept: [Step] = []
  }

  static let people: [(name: String, roles: Set<String>)] = [
    ("ana", ["SALES_MANAGER"]), ("gus", ["GENERAL_MANAGER"]), ("pia", ["PRICER"]),
    ("max", ["SALES_MANAGER", "GENERAL_MANAGER"]), ("own", ["OWNER"]),
    ("li.na", ["SALES_MANAGER", "GENERAL_MANAGER", "PRICER"]),
  ]
  static let limit: Int64 = 100_000

  var orders: [String: Order] = [:]

  /// What all that is submitted comes to, beside one.
  private func others(beside number: String) -> Int64 {
    orders.filter { $0.key != number && $0.value.steps != nil }.reduce(0) { $0 + $1.value.gross }
  }

  /// What a sweep tells at a moment of the day: each step once that it is time for, and once more
  /// when it is overdue.
  mutating func sweep(at now: Int64) -> (reminded: Int32, escalated: Int32) {
    var told: (reminded: Int32, escalated: Int32) = (0, 0)
    for number in orders.keys.sorted() {
      for index in open(number) {
        guard var step = orders[number]?.steps?[index], !step.isEscalated else { continue }
        if let due = step.dueAt, due <= now {
          step.isEscalated = true
          told.escalated += 1
        } else if !step.isReminded, let remind = step.remindAt, remind <= now {
          step.isReminded = true
          told.reminded += 1
        }
        orders[number]?.steps?[index] = step
      }
    }
    return told
  }

  /// Those whose turn has come have it from now on.
  mutating func begin(_ number: String, at now: Int64) {
    for index in open(number) where orders[number]?.steps?[index].openedAt == nil {
      orders[number]?.steps?[index].openedAt = now
    }
  }

  mutating func submit(_ number: String, _ given: Order) {
    var order = given
    var steps: [Step] = []
    if order.gross + others(beside: number) >= Self.limit {
      steps = [
        Step(kind: "ORDER", role: "SALES_MANAGER"), Step(kind: "ORDER", role: "GENERAL_MANAGER"),
      ]
    }
    if order.percent >= 10 { steps.append(Step(kind: "PRICE", role: "PRICER")) }
    for index in steps.indices {
      let now = steps[index].kind == "PRICE" ? order.percent : order.gross
      let before = order.kept.first {
        $0.kind == steps[index].kind && $0.role == steps[index].role
      }
      if let before, now <= before.at { steps[index] = before }
    }
    order.steps = steps
    // Where nobody is asked, what was approved before is not forgotten.
    if !steps.isEmpty { order.kept = steps.filter { $0.decidedBy != nil } }
    orders[number] = order
  }

  /// Numbers of the steps whose turn it is.
  func open(_ number: String) -> [Int] {
    let steps = orders[number]?.steps ?? []
    return steps.indices.filter { index in
      steps[index].decidedBy == nil
        && (index == 0 || steps[index - 1].kind != steps[index].kind
          || steps[index - 1].decidedBy != nil)
    }
  }

  /// The steps that somebody may decide.
  func decidable(_ number: String, by person: (name: String, roles: Set<String>)) -> [Int] {
    guard person.name != "li.na" else { return [] }
    return open(number).filter { index in
      let step = orders[number]?.steps?[index]
      return step?.isFor(person.roles) == true
        && !(orders[number]?.steps ?? []).contains {
          $0.kind == step?.kind && $0.decidedBy == person.name
        }
    }
  }

  mutating func approve(_ number: String, _ steps: [Int], by name: String) {
    guard let order = orders[number] else { return }
    for index in steps {
      orders[number]?.steps?[index].decidedBy = name
      orders[number]?.steps?[index].at =
        order.steps?[index].kind == "PRICE" ? order.percent : order.gross
    }
  }
}

extension Workload {
  static let slow = "SLOW"

  /// The customer whose orders take approvals; all others are as they were.
  static func askForApproval(_ shop: Shop) async throws {
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: slow, name: "慢", customerClass: slow, creditLimit: yuan("900000"),
          terms: .init(netDays: 30))
      ]), options: shop.command())
    _ = try await shop.orders.replaceApprovalRules(
      .init(rules: [
        .init(
          customerClass: slow, minimumGross: yuan("1000"), windowHours: 2_000,
          steps: [
            .init(role: "SALES_MANAGER", dueHours: 2, remindHours: 1, escalationRole: "OWNER"),
            .init(role: "GENERAL_MANAGER"),
          ]),
        .init(
          customerClass: slow, approverRole: "PRICER", minimumDiscountMicros: 100_000,
          kind: "PRICE"),
        .init(customerClass: "VIP"),
        .init(minimumGross: yuan("5000"), approverRole: "GENERAL_MANAGER"),
      ]), options: shop.command())
  }

  /// Somebody writes an order that others must approve, or one of them decides about it.
  mutating func approveSome() async throws {
    // Never past the end of the day.
    shop.clock.advance(seconds: random.number(0...max(0, min(9_000, 30_000 - seconds))))
    try await sweep()
    let waiting = approvals.orders.keys.sorted()
    guard waiting.count > 2 || random.chance(40),
      let number = waiting.randomElement(using: &random),
      let order = approvals.orders[number]
    else { return try await ask() }
    guard order.steps != nil else { return try await resubmit(number, order) }
    guard let person = ApprovalModel.people.randomElement(using: &random) else { return }
    let roles = person.roles.sorted().joined(separator: ",")
    let options = shop.command(by: person.name, roles: roles)
    let open = approvals.open(number)
    if random.chance(15) {
      try await resubmit(number, order)
    } else if random.chance(20) {
      try await sendBack(number, person, options)
    } else {
      let chosen = approvals.decidable(number, by: person)
      do {
        let done = try await shop.orders.approveOrder(.init(number: number), options: options)
        #expect(!chosen.isEmpty, "\(number) by \(person.name)")
        approvals.approve(number, chosen, by: person.name)
        approvals.begin(number, at: seconds)
        #expect(done.order?.approval?.pending == !approvals.open(number).isEmpty, "\(number)")
        repeatLast = { [shop] in
          let again = try await shop.orders.approveOrder(.init(number: number), options: options)
          #expect(again == done)
        }
      } catch {
        #expect(chosen.isEmpty, "\(number) \(open) by \(person.name): \(error)")
      }
    }
    try await compare(number)
    guard approvals.orders[number]?.steps != nil, approvals.open(number).isEmpty else { return }
    // It is through: nothing of it is to reach the shelves.
    _ = try await shop.orders.cancelOrder(
      .init(number: number, reason: .entryError), options: shop.command())
    approvals.orders[number] = nil
  }

  /// Since nine in the morning, when the simulation and the company begin.
  private var seconds: Int64 { shop.clock.now.microseconds / 1_000_000 - 1_772_413_200 }

  private mutating func sweep() async throws {
    let told = approvals.sweep(at: seconds)
    let stale = try await outdatedRequests()
    let done = try await shop.approvals.sweepApprovals(.init(), options: shop.command())
    #expect(
      done == .init(reminded: told.reminded, escalated: told.escalated, stale: stale))
    try await sweepStages()
  }

  private mutating func ask() async throws {
    let count = random.number(1...6)
    let percent = random.number(0...20)
    var input = shop.input([(sku: "LAMP", count: count)], customer: Self.slow)
    input.discountMicros = percent * 10_000
    let reply = try await shop.orders.createOrder(.init(order: input), options: shop.command())
    let number = reply.order?.number ?? ""
    let submitted = try await shop.orders.submitOrder(
      .init(number: number), options: shop.command())
    let gross = model.draft(Self.slow, [(sku: "LAMP", count: count)], percent: percent).gross
    #expect(submitted.order?.gross?.minorUnits == gross)
    approvals.submit(number, .init(gross: gross, percent: percent, count: count))
    approvals.begin(number, at: seconds)
    try await compare(number)
  }

  private mutating func sendBack(
    _ number: String, _ person: (name: String, roles: Set<String>), _ options: CallOptions
  ) async throws {
    let isRejected = random.chance(50)
    let steps = approvals.orders[number]?.steps ?? []
    let open = approvals.open(number)
    let mayRefuse =
      steps.isEmpty
      || person.name != "li.na" && open.contains { steps[$0].isFor(person.roles) }
    do {
      if isRejected {
        _ = try await shop.orders.rejectOrder(.init(number: number, reason: "no"), options: options)
      } else {
        _ = try await shop.approvals.returnOrder(
          .init(number: number, reason: "otherwise"), options: options)
      }
      #expect(mayRefuse, "\(number) by \(person.name)")
      approvals.orders[number]?.steps = nil
      if isRejected {
        approvals.orders[number]?.kept = []
      } else if !steps.isEmpty {
        approvals.orders[number]?.kept = steps.filter { $0.decidedBy != nil }
      }
    } catch {
      #expect(!mayRefuse, "\(number) by \(person.name): \(error)")
    }
  }

  private mutating func resubmit(
    _ number: String, _ given: ApprovalModel.Order
  ) async throws {
    var order = given
    if let steps = order.steps, !steps.isEmpty {
      order.kept = steps.filter { $0.decidedBy != nil }
    }
    order.count = random.number(1...6)
    order.gross =
      model.draft(Self.slow, [(sku: "LAMP", count: order.count)], percent: order.percent).gross
    _ = try await shop.orders.changeOrder(
      .init(
        number: number,
        change: .init(lines: [.init(lineNumber: 1, quantity: pieces(order.count))]),
        reason: "as asked"), options: shop.command())
    // What waits stays submitted.
    if given.steps == nil {
      _ = try await shop.orders.submitOrder(.init(number: number), options: shop.command())
    }
    approvals.submit(number, order)
    approvals.begin(number, at: seconds)
    try await compare(number)
  }

  private func compare(_ number: String) async throws {
    let told = try #require(try await shop.orders.getOrder(.init(number: number)).order)
    let order = approvals.orders[number]
    #expect((told.state == .draft) == (order?.steps == nil), "\(number)")
    let open = approvals.open(number)
    let wanted = (order?.steps ?? []).enumerated().map { index, step in
      let state =
        step.decidedBy != nil ? "APPROVED" : open.contains(index) ? "OPEN" : "WAITING"
      return "\(step.kind) \(step.role) \(state) \(step.decidedBy ?? "")"
    }
    let steps = told.approval?.steps ?? []
    let seen = steps.map { step in
      let state = step.state.name.replacing("APPROVAL_STEP_STATE_", with: "")
      return "\(step.kind) \(step.role) \(state) \(step.decidedBy)"
    }
    #expect(seen == wanted, "\(number)")
  }
}
