import Messages
import RPC
import TestKit
import TestRandom
import Testing

@Suite("Simulation: rules that act on each other against a model")
struct RuleSimulationTests {
  @Test(
    "what rules do, and where they stop, is what the model says", arguments: SimulationTests.seeds)
  func rulesFollowModel(seed: UInt64) async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.identity.upsertRole(
      .init(
        role: .init(
          name: "ROBOT", title: "Robot", permissions: ["orders.hold", "orders.release"])),
      options: shop.command())
    _ = try await shop.identity.createMachine(
      .init(name: "robot", kind: .service, displayName: "Robot", roles: ["ROBOT"]),
      options: shop.command())
    _ = try await shop.identity.setScope(
      .init(name: "robot", roleScopes: [.init(role: "ROBOT", scopes: [.all])]),
      options: shop.command())
    var random = Seeded(seed)
    var model = RuleModel()
    for _ in 1...3 { model.holds[try await shop.place([("LAMP", 1)]).number] = [] }
    for _ in 1...80 {
      switch random.number(0...9) {
      case 0: try await write(&model, shop, &random)
      case 1...5: try await handle(&model, shop, &random)
      case 6:
        let seconds = random.number(1...2_000)
        shop.clock.advance(seconds: seconds)
        model.now += seconds
      default: try await settle(&model, shop)
      }
    }
    try await settle(&model, shop)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private static let kinds: [OrdersV1.OrderHoldKind] = [.price, .address, .material]

  /// A rule, or another version of it: one kind of hold or release leads to another one.
  private func write(
    _ model: inout RuleModel, _ shop: Shop, _ random: inout Seeded
  ) async throws {
    let code = ["A", "B", "C"].randomElement(using: &random) ?? "A"
    let rule = RuleModel.Rule(
      isActive: random.chance(80), onHeld: random.chance(50),
      kind: Int(random.number(0...2)), holds: random.chance(60), target: Int(random.number(0...2)),
      limit: Int(random.number(1...6)))
    let stored = try await shop.automation.setRule(
      .init(
        rule: .init(
          code: code, active: rule.isActive,
          eventType: rule.onHeld ? "order.held" : "order.hold-released",
          conditions: .init(
            facts: [.init(name: "hold", values: [RuleModel.names[rule.kind]])]),
          action: rule.holds
            ? .hold(.init(kind: Self.kinds[rule.target], reason: "a rule"))
            : .release(.init(kind: Self.kinds[rule.target], reason: "a rule")),
          principal: "robot", hourlyLimit: Int32(rule.limit))), options: shop.command())
    let isNew = model.set(code, rule)
    #expect((stored.rule?.version ?? 0) == Int64(model.versions[code] ?? 0), "\(isNew)")
  }

  /// Somebody holds an order, or lets it go.
  private func handle(
    _ model: inout RuleModel, _ shop: Shop, _ random: inout Seeded
  ) async throws {
    let order = model.holds.keys.sorted().randomElement(using: &random) ?? ""
    let kind = Int(random.number(0...2))
    let isHold = random.chance(60)
    let accepted = model.act(order, isHold, kind, depth: 0)
    do {
      if isHold {
        _ = try await shop.orders.holdOrder(
          .init(number: order, kind: Self.kinds[kind], reason: "somebody"),
          options: shop.command())
      } else {
        _ = try await shop.orders.releaseOrderHold(
          .init(number: order, kind: Self.kinds[kind], reason: "somebody"),
          options: shop.command())
      }
      #expect(accepted, "\(order)")
    } catch { #expect(!accepted, "\(order): \(error)") }
  }

  private func settle(_ model: inout RuleModel, _ shop: Shop) async throws {
    try await shop.settleRules()
    model.settle()
    for (order, kinds) in model.holds {
      let found = try await shop.orders.getAllowedActions(.init(number: order)).holds
        .map(\.kind)
      #expect(Set(found) == Set(kinds.map { Self.kinds[$0] }), "\(order)")
      let runs = try await shop.automation.listRuleRuns(
        .init(pageSize: 500, orderNumber: order)
      ).runs.reversed()
      let expected = model.runs.filter { $0.order == order }
      #expect(runs.map(\.ruleCode) == expected.map(\.code), "\(order)")
      #expect(runs.map { $0.verdict.name.dropFirst(13) } == expected.map { $0.verdict[...] })
      #expect(runs.map { Int($0.depth) } == expected.map(\.depth))
    }
  }
}

/// Orders with a set of holds each, and rules that turn one event into another.
struct RuleModel {
  struct Rule: Equatable {
    let isActive: Bool
    let onHeld: Bool
    let kind: Int
    let holds: Bool
    let target: Int
    let limit: Int
  }

  struct Event {
    let order: String
    let isHold: Bool
    let kind: Int
    let depth: Int
  }

  struct Run {
    let code: String
    let order: String
    let verdict: String
    let depth: Int
    let at: Int64
    let isCalled: Bool
  }

  static let names = ["PRICE", "ADDRESS", "MATERIAL"]

  var now: Int64 = 0
  var holds: [String: Set<Int>] = [:]
  private(set) var rules: [String: Rule] = [:]
  private(set) var versions: [String: Int] = [:]
  /// Events before it are none of its business.
  private var since: [String: Int] = [:]
  private var events: [Event] = []
  private var next = 0
  private(set) var runs: [Run] = []

  mutating func set(_ code: String, _ rule: Rule) -> Bool {
    if rules[code] == rule { return false }
    rules[code] = rule
    versions[code, default: 0] += 1
    since[code] = events.count
    return true
  }

  /// False where it is refused.
  mutating func act(_ order: String, _ isHold: Bool, _ kind: Int, depth: Int) -> Bool {
    guard holds[order, default: []].contains(kind) != isHold else { return false }
    if isHold { holds[order, default: []].insert(kind) } else { holds[order]?.remove(kind) }
    events.append(Event(order: order, isHold: isHold, kind: kind, depth: depth))
    return true
  }

  mutating func settle() {
    while next < events.count {
      let event = events[next]
      for (code, rule) in rules.sorted(by: { $0.key < $1.key })
      where rule.isActive && next >= since[code, default: 0] && rule.onHeld == event.isHold
        && rule.kind == event.kind
      {
        let recent = runs.filter {
          $0.order == event.order && $0.isCalled && $0.at > now - 3_600
        }
        let verdict: String
        var isCalled = false
        if event.depth >= 3 {
          verdict = "LOOP"
        } else if recent.count(where: { $0.code == code }) >= rule.limit || recent.count >= 50 {
          verdict = "LIMIT"
        } else {
          isCalled = true
          let isDone = act(event.order, rule.holds, rule.target, depth: event.depth + 1)
          verdict = isDone ? "DONE" : "REFUSED"
        }
        runs.append(
          Run(
            code: code, order: event.order, verdict: verdict, depth: event.depth, at: now,
            isCalled: isCalled))
      }
      next += 1
    }
  }
}
