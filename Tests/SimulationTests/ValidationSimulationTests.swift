import Messages
import RPC
import TestKit
import TestRandom
import Testing

@Suite("Simulation: what orders, changes and quotes are held and refused for, against a model")
struct ValidationSimulationTests {
  @Test("rules look at what comes in, by whatever way", arguments: SimulationTests.seeds)
  func findingsFollowModel(seed: UInt64) async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 5_000, cost: "200")
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "VIP", name: "王芳", customerClass: "VIP", creditLimit: yuan("90000000"),
          terms: .init(netDays: 60))
      ]), options: shop.command())
    var walk = ValidationWalk(shop: shop, random: Seeded(seed))
    for _ in 1...90 { try await walk.step() }
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}

/// Orders of chairs, some with a table, of which this or that is missing.
private struct ValidationWalk {
  /// What may be missing where something asks for it: a remark and a day of what is made, where to
  /// bring what the web sold.
  enum Rule: String, CaseIterable {
    case note = "NOTE"
    case day = "DAY"
    case place = "PLACE"
  }

  struct Order {
    let isWeb: Bool
    let hasNote: Bool
    var hasDay: Bool
    let isBrought: Bool
    var hasTable: Bool
    var holds: Set<String> = []

    var broken: Set<Rule> {
      var found: Set<Rule> = []
      if hasTable, !hasNote { found.insert(.note) }
      if hasTable, !hasDay { found.insert(.day) }
      if isWeb, !isBrought { found.insert(.place) }
      return found
    }
  }

  let shop: Shop
  var random: Seeded
  /// What an order is held for by each rule that there is; nil to refuse it.
  var rules: [Rule: String?] = [:]
  var orders: [String: Order] = [:]
  var quotes: [(number: String, order: Order)] = []

  init(shop: Shop, random: Seeded) {
    self.shop = shop
    self.random = random
  }

  mutating func step() async throws {
    switch random.number(0...9) {
    case 0: try await setRules()
    case 1, 2: try await place()
    case 3: try await quote()
    case 4: try await convert()
    case 5: try await release()
    default: try await change()
    }
  }

  private mutating func setRules() async throws {
    rules = [:]
    for rule in Rule.allCases where random.chance(70) {
      rules[rule] = .some(["DATA", "ADDRESS", nil].randomElement(using: &random) ?? nil)
    }
    _ = try await shop.intake.setValidationPolicy(
      .init(
        rules: Rule.allCases.filter { rules[$0] != nil }.map { rule in
          let hold: OrdersV1.OrderHoldKind =
            switch rules[rule] ?? nil {
            case "DATA": .data
            case "ADDRESS": .address
            default: .unspecified
            }
          return switch rule {
          case .note:
            .init(code: "NOTE", sourcing: .make, condition: .required(.note), hold: hold)
          case .day:
            .init(code: "DAY", sourcing: .make, condition: .required(.requestedOn), hold: hold)
          case .place:
            .init(code: "PLACE", channel: .web, condition: .required(.delivery), hold: hold)
          }
        }, reason: "another"), options: shop.command())
  }

  /// What new faults come to: holds, or nil for a refusal.
  private func verdict(_ faults: Set<Rule>) -> Set<String>? {
    var holds: Set<String> = []
    for fault in faults {
      guard let rule = rules[fault] else { continue }
      guard let hold = rule else { return nil }
      holds.insert(hold)
    }
    return holds
  }

  private mutating func some() -> (Order, OrdersV1.OrderInput) {
    let order = Order(
      isWeb: random.chance(50), hasNote: random.chance(60), hasDay: random.chance(60),
      isBrought: random.chance(60), hasTable: random.chance(40))
    var lines: [(sku: String, count: Int64)] = [("CHAIR", random.number(1...5))]
    if order.hasTable { lines.append(("TABLE", 1)) }
    var input = shop.input(lines, customer: "VIP", channel: order.isWeb ? .web : .store)
    if order.hasNote { input.note = "ring twice" }
    if order.hasDay { input.requestedOn = .init(year: 2026, month: 6, day: 1) }
    if order.isBrought { input.delivery = .init() }
    return (order, input)
  }

  private func kinds(_ holds: [OrdersV1.OrderHold]) -> Set<String> {
    Set(holds.map { String($0.kind.name.dropFirst("ORDER_HOLD_KIND_".count)) })
  }

  /// What waits for data is not confirmed.
  private mutating func add(
    _ number: String, _ given: Order, _ state: OrdersV1.OrderState, _ holds: Set<String>
  ) {
    #expect(state == (holds.contains("DATA") ? .submitted : .confirmed), "\(number)")
    var order = given
    order.holds = holds
    orders[number] = order
  }

  private mutating func place() async throws {
    let (order, input) = some()
    let expected = verdict(order.broken)
    do {
      let done = try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      #expect(expected == kinds(done.holds), "\(order) by \(rules)")
      let placed = try #require(done.order)
      add(placed.number, order, placed.state, expected ?? [])
    } catch {
      #expect(expected == nil, "\(order) by \(rules): \(error)")
    }
  }

  private mutating func quote() async throws {
    let (order, input) = some()
    let expected = verdict(order.broken)
    do {
      let done = try await shop.quotes.createQuote(
        .init(customerCode: "VIP", variants: [.init(order: input)]), options: shop.command())
      #expect(expected != nil, "\(order) by \(rules)")
      quotes.append((done.quote?.number ?? "", order))
    } catch {
      #expect(expected == nil, "\(order) by \(rules): \(error)")
    }
  }

  /// By the rules of now, whatever they were when it was given.
  private mutating func convert() async throws {
    guard let index = quotes.indices.randomElement(using: &random) else { return }
    let (number, order) = quotes[index]
    let expected = verdict(order.broken)
    do {
      let done = try await shop.quotes.convertQuote(
        .init(number: number), options: shop.command())
      #expect(expected == kinds(done.holds), "\(order) by \(rules)")
      let taken = try #require(done.order)
      add(taken.number, order, taken.state, expected ?? [])
      quotes.remove(at: index)
    } catch {
      #expect(expected == nil, "\(order) by \(rules): \(error)")
    }
  }

  private mutating func release() async throws {
    let held = orders.filter { !$0.value.holds.isEmpty }.keys.sorted()
    guard let number = held.randomElement(using: &random),
      let hold = orders[number]?.holds.sorted().first
    else { return }
    _ = try await shop.orders.releaseOrderHold(
      .init(number: number, kind: hold == "DATA" ? .data : .address, reason: "asked them"),
      options: shop.command())
    orders[number]?.holds.remove(hold)
    let state = try await shop.orders.getOrder(.init(number: number)).order?.state
    guard state == .submitted, orders[number]?.holds.contains("DATA") == false else { return }
    _ = try await shop.orders.confirmOrder(.init(number: number), options: shop.command())
  }

  /// A table beside the chairs, or a day: what was there is not asked about again.
  private mutating func change() async throws {
    let open = orders.filter { !$0.value.holds.contains("DATA") }.keys.sorted()
    guard let number = open.randomElement(using: &random), let before = orders[number] else {
      return
    }
    var after = before
    var change = OrdersV1.OrderChange()
    if random.chance(60) {
      change.addedLines = [.init(sku: "TABLE", quantity: pieces(1))]
      after.hasTable = true
    } else if !before.hasDay {
      change.requestedOn = .init(year: 2026, month: 7, day: Int32(random.number(1...30)))
      after.hasDay = true
    } else {
      change.lines = [.init(lineNumber: 1, quantity: pieces(random.number(6...9)))]
    }
    let expected = verdict(after.broken.subtracting(before.broken))
    let request = OrdersV1.ChangeOrderRequest(number: number, change: change, reason: "called")
    do {
      let done = try await shop.orders.changeOrder(
        request, options: shop.command(roles: "SALES_MANAGER"))
      #expect(expected != nil, "\(before) to \(after) by \(rules)")
      after.holds.formUnion(expected ?? [])
      orders[number] = after
      #expect(kinds(done.holds) == after.holds, "\(before) to \(after) by \(rules)")
    } catch {
      #expect(
        expected == nil || reason(error) == "NOTHING_CHANGED",
        "\(before) to \(after) by \(rules): \(error)")
    }
    let found = try await shop.orders.getAllowedActions(.init(number: number)).holds
    #expect(kinds(found) == orders[number]?.holds, "\(number)")
  }
}
