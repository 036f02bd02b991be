import Messages
import RPC
import TestKit
import TestRandom
import Testing
import Values

@Suite("Simulation: who is new, which day is asked for, what credit is used and when, by a model")
struct CustomerRuleSimulationTests {
  @Test("rules look at customers and days, whatever came before", arguments: SimulationTests.seeds)
  func findingsFollowModel(seed: UInt64) async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9_000, cost: "200")
    _ = try await shop.customers.upsertCustomers(
      .init(
        customers: CustomerRuleWalk.customers.map {
          .init(
            code: $0, name: "客户 \($0)", customerClass: "VIP", creditLimit: yuan("60000"),
            terms: .init(netDays: 30))
        }), options: shop.command())
    var walk = CustomerRuleWalk(shop: shop, random: Seeded(seed))
    for _ in 1...120 { try await walk.step() }
    try await walk.compare()
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}

/// Orders of chairs by customers who begin with none.
private struct CustomerRuleWalk {
  static let customers = ["FIRST", "SECOND"]
  private static let limit: Int64 = 6_000_000
  /// 499 and 13 %.
  private static let chair: Int64 = 56_387

  /// What is held for what, or refused.
  struct Newcomers {
    let fewer: Int64
    let chairs: Int64?
    let minor: Int64?
    let hold: String?
  }
  struct Days {
    let earliest: Int64
    let latest: Int64
    let hold: String?
  }
  struct Credit {
    let percent: Int64
    let hold: String?
  }

  struct Order {
    let customer: String
    var chairs: Int64
    /// Days after the first of the year.
    var wanted: Int64?
    var paid: Int64 = 0
    var isPromised = false
    var isCancelled = false
    var isShipped = false
    var holds: Set<String> = []
    /// When its credit was asked for last.
    var checkedOn: Int64 = 0

    var gross: Int64 { chairs * CustomerRuleWalk.chair }
    /// Of an amount of it what counts where days up to one do.
    func counted(_ minor: Int64, until day: Int64) -> Int64 {
      isShipped || wanted ?? .min <= day ? minor : 0
    }
    var used: Int64 { isPromised && !isCancelled ? max(0, gross - paid) : 0 }
    var state: String {
      isCancelled
        ? "CANCELLED" : isShipped ? "DELIVERED" : isPromised ? "CONFIRMED" : "SUBMITTED"
    }
  }

  let shop: Shop
  var random: Seeded
  private var newcomers: Newcomers?
  private var days: Days?
  private var credit: Credit?
  /// How many days ahead orders count from a day on; nil for all.
  private var horizons: [(from: Int64, days: Int64?)] = []
  private var orders: [String: Order] = [:]

  init(shop: Shop, random: Seeded) {
    self.shop = shop
    self.random = random
  }

  mutating func step() async throws {
    switch random.number(0...16) {
    case 0: try await setRules()
    case 1...4: try await place()
    case 5: try await release()
    case 6: try await cancel()
    case 7: try await pay()
    case 8, 9: shop.clock.advance(days: random.number(1...3))
    case 10: try await setHorizon()
    case 11...13: try await ship()
    default: try await change()
    }
  }

  // MARK: - The model

  private var today: Int64 {
    (shop.clock.now.microseconds / 3_600_000_000 + 8) / 24 - Self.newYear
  }
  private static let newYear = Int64(Day(year: 2026, month: 1, day: 1)?.daysSinceEpoch ?? 0)

  private func date(_ wanted: Int64) -> GoogleType.Date {
    let day = Day(daysSinceEpoch: Int32(wanted + Self.newYear))
    return .init(year: Int32(day.year), month: Int32(day.month), day: Int32(day.day))
  }

  private func used(_ customer: String) -> Int64 {
    orders.values.filter { $0.customer == customer }.map(\.used).reduce(0, +)
  }

  /// The last day that counts.
  private var lastDay: Int64 {
    horizons.last.flatMap { version in version.days.map { today + $0 } } ?? .max
  }

  /// The last day that counted on every day since.
  private func lastDay(since day: Int64) -> Int64 {
    var last = Int64.max
    for (index, version) in horizons.enumerated() {
      let end = index + 1 < horizons.count ? horizons[index + 1].from : today
      guard let days = version.days, end >= day else { continue }
      last = min(last, max(day, version.from) + days)
    }
    return last
  }

  private func counted(_ customer: String) -> Int64 {
    orders.values.filter { $0.customer == customer }
      .reduce(0) { $0 + $1.counted($1.used, until: lastDay) }
  }

  /// What is promised and did not count on every day since does not count.
  private func checked(_ customer: String) -> Int64 {
    orders.values.filter { $0.customer == customer }
      .reduce(0) { $0 + $1.counted($1.used, until: lastDay(since: $1.checkedOn)) }
  }

  /// What somebody with an order like this, in the place of another one, is held for: nil where a
  /// rule refuses it. What was so before is not asked about again.
  private func verdict(
    _ order: Order, _ number: String? = nil, from before: Order? = nil
  ) -> Set<String>? {
    var found: [String?] = []
    let isMore = order.chairs > before?.chairs ?? 0
    if let newcomers, isMore {
      let known = orders.filter {
        $0.key != number && $0.value.customer == order.customer && $0.value.isPromised
          && !$0.value.isCancelled
      }.count
      let isLarge =
        order.chairs > newcomers.chairs ?? .max || order.gross > newcomers.minor ?? .max
      if isLarge, known < newcomers.fewer { found.append(newcomers.hold) }
    }
    if let days, let wanted = order.wanted, wanted != before?.wanted {
      let ahead = wanted - today
      if ahead < days.earliest || ahead > days.latest { found.append(days.hold) }
    }
    let gross = order.counted(order.gross, until: lastDay)
    if let credit, before.map({ gross > $0.counted($0.gross, until: lastDay) }) ?? true {
      let more = more(order, before, until: lastDay)
      if (counted(order.customer) + more) * 100 > Self.limit * credit.percent {
        found.append(credit.hold)
      }
    }
    return found.contains(nil) ? nil : Set(found.compactMap(\.self))
  }

  /// By how much more counts where days up to one do.
  private func more(_ order: Order, _ before: Order?, until day: Int64) -> Int64 {
    order.counted(order.with(promised: true).used, until: day)
      - (before.map { $0.counted($0.used, until: day) } ?? 0)
  }

  /// Nil where it does not fit; whether its credit is asked for.
  private func fits(_ order: Order, before: Order? = nil) -> Bool? {
    let change = order.with(promised: true).used - (before?.used ?? 0)
    let more = more(order, before, until: lastDay)
    if change > 0 || more > 0 {
      return counted(order.customer) + more <= Self.limit ? true : nil
    }
    guard let before else { return true }
    let late = self.more(order, before, until: lastDay(since: before.checkedOn))
    return late <= 0 || checked(order.customer) + late <= Self.limit ? false : nil
  }

  // MARK: - Steps

  private mutating func setRules() async throws {
    func hold(_ name: String?) -> OrdersV1.OrderHoldKind {
      name == "DATA" ? .data : name == "WARNING" ? .warning : .unspecified
    }
    let holds = (0..<3).map { _ in
      ["DATA", "WARNING", nil].randomElement(using: &random) ?? nil
    }
    let chairs = random.chance(70) ? random.number(4...15) : nil
    newcomers =
      random.chance(70)
      ? Newcomers(
        fewer: random.number(1...5), chairs: chairs,
        minor: chairs == nil || random.chance(50) ? random.number(4...15) * 50_000 : nil,
        hold: holds[0]) : nil
    days =
      random.chance(70)
      ? Days(earliest: random.number(0...5), latest: random.number(10...40), hold: holds[1]) : nil
    credit =
      random.chance(70) ? Credit(percent: random.number(20...100), hold: holds[2]) : nil
    var rules: [OrdersV1.ValidationRule] = []
    if let newcomers {
      let limit = OrdersV1.NewcomerLimit(
        fewerOrders: Int32(newcomers.fewer),
        mostQuantityMicros: newcomers.chairs.map { $0 * 1_000_000 },
        mostAmount: newcomers.minor.map { .init(currencyCode: "CNY", minorUnits: $0) })
      rules.append(
        .init(code: "NEW", condition: .newcomer(limit), hold: hold(newcomers.hold)))
    }
    if let days {
      let range = OrdersV1.DayRange(
        earliestDays: Int32(days.earliest), latestDays: Int32(days.latest))
      rules.append(.init(code: "DAY", condition: .requestedDay(range), hold: hold(days.hold)))
    }
    if let credit {
      rules.append(
        .init(
          code: "CREDIT", condition: .credit(.init(shareMicros: credit.percent * 10_000)),
          hold: hold(credit.hold)))
    }
    _ = try await shop.intake.setValidationPolicy(
      .init(rules: rules, reason: "another"), options: shop.command())
  }

  private mutating func place() async throws {
    let customer = Self.customers.randomElement(using: &random) ?? ""
    var order = Order(customer: customer, chairs: random.number(1...20))
    var input = shop.input([("CHAIR", order.chairs)], customer: customer)
    if random.chance(60) {
      order.wanted = today + random.number(-3...50)
      input.requestedOn = order.wanted.map { date($0) }
    }
    let holds = verdict(order)
    let waits = holds?.contains("DATA") ?? false
    let isAccepted = holds != nil && (waits || fits(order) != nil)
    order.checkedOn = today
    do {
      let done = try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      #expect(isAccepted, "\(order)")
      #expect(kinds(done.holds) == holds, "\(order)")
      #expect(done.order?.gross?.minorUnits == order.gross)
      order.holds = holds ?? []
      order.isPromised = !waits
      orders[done.order?.number ?? ""] = order
    } catch {
      #expect(!isAccepted, "\(order): \(error)")
    }
  }

  private mutating func pick(_ isFit: (Order) -> Bool) -> (String, Order)? {
    orders.filter { isFit($0.value) }.sorted { $0.key < $1.key }
      .randomElement(using: &random).map { ($0.key, $0.value) }
  }

  /// Somebody has looked at it, whatever the rules are by now; its credit has to be there.
  private mutating func release() async throws {
    guard let (number, order) = pick({ !$0.isPromised && !$0.isCancelled }) else { return }
    if order.holds.contains("DATA") {
      _ = try await shop.orders.releaseOrderHold(
        .init(number: number, kind: .data, reason: "asked them"), options: shop.command())
      orders[number]?.holds.remove("DATA")
    }
    let refused = await refusal {
      try await shop.orders.confirmOrder(.init(number: number), options: shop.command())
    }
    #expect((refused == nil) == (fits(order) != nil), "\(number) \(order): \(refused as Any)")
    guard refused == nil else { return }
    let day = today
    orders[number]?.isPromised = true
    orders[number]?.checkedOn = day
  }

  private mutating func setHorizon() async throws {
    let days = random.chance(75) ? random.number(0...40) : nil
    _ = try await shop.customers.setCreditHorizon(
      .init(
        rules: days.map { [.init(customerClass: "VIP", days: Int32($0))] } ?? [],
        reason: "another"), options: shop.command())
    horizons.append((today, days))
  }

  /// What did not count on some day since it was promised has to fit now.
  private mutating func ship() async throws {
    guard
      let (number, order) = pick({
        $0.isPromised && !$0.isCancelled && !$0.isShipped && !$0.holds.contains("DATA")
      })
    else { return }
    var gone = order
    gone.isShipped = true
    let late = more(gone, order, until: lastDay(since: order.checkedOn))
    let isAllowed = late <= 0 || checked(order.customer) + late <= Self.limit
    let told = try await shop.orders.getAllowedActions(.init(number: number)).actions
    #expect(told.first { $0.action == .ship }?.allowed == isAllowed, "\(number) \(order)")
    let refused = await refusal { try await shop.deliver(number) }
    #expect((refused == nil) == isAllowed, "\(number) \(order): \(refused as Any)")
    if refused == nil { orders[number] = gone }
  }

  private mutating func cancel() async throws {
    guard let (number, _) = pick({ !$0.isCancelled && !$0.isShipped && $0.paid == 0 }) else {
      return
    }
    _ = try await shop.orders.cancelOrder(
      .init(number: number, reason: .customerWish), options: shop.command())
    orders[number]?.isCancelled = true
  }

  private mutating func pay() async throws {
    guard let (number, order) = pick({ $0.used > 0 }) else { return }
    let minor = random.number(1...order.used)
    _ = try await shop.finance.receivePayment(
      .init(
        amount: .init(currencyCode: "CNY", minorUnits: minor), method: .card,
        orderNumber: number), options: shop.command())
    orders[number]?.paid += minor
  }

  private mutating func change() async throws {
    guard let (number, before) = pick({ $0.isPromised && !$0.isCancelled && !$0.isShipped })
    else { return }
    var after = before
    var change = OrdersV1.OrderChange()
    if random.chance(70) {
      after.chairs = random.number(before.paid > 0 ? before.chairs...25 : 1...25)
      change.lines = [.init(lineNumber: 1, quantity: pieces(after.chairs))]
    } else {
      after.wanted = today + random.number(-3...50)
      change.requestedOn = after.wanted.map { date($0) }
    }
    guard (after.chairs, after.wanted) != (before.chairs, before.wanted) else { return }
    let holds = verdict(after, number, from: before)
    let fit = fits(after, before: before)
    let isAccepted = holds != nil && fit != nil
    if fit == true { after.checkedOn = today }
    do {
      let done = try await shop.orders.changeOrder(
        .init(number: number, change: change, reason: "called"),
        options: shop.command(roles: "SALES_MANAGER"))
      #expect(isAccepted, "\(before) to \(after)")
      after.holds.formUnion(holds ?? [])
      #expect(kinds(done.holds) == after.holds, "\(before) to \(after)")
      orders[number] = after
    } catch {
      #expect(!isAccepted, "\(before) to \(after): \(error)")
    }
  }

  private func kinds(_ holds: [OrdersV1.OrderHold]) -> Set<String> {
    Set(holds.map { String($0.kind.name.dropFirst("ORDER_HOLD_KIND_".count)) })
  }

  func compare() async throws {
    for (number, order) in orders {
      let seen = try await shop.orders.getOrder(.init(number: number)).order
      #expect(seen?.state.name == "ORDER_STATE_" + order.state, "\(number)")
      #expect(order.isCancelled || seen?.gross?.minorUnits == order.gross, "\(number)")
      let found = try await shop.orders.getAllowedActions(.init(number: number)).holds
      if !order.isCancelled { #expect(kinds(found) == order.holds, "\(number)") }
    }
    for customer in Self.customers {
      let use = try await shop.customers.getCustomer(.init(code: customer)).credit
      #expect(use?.orders?.minorUnits == used(customer), "\(customer)")
      #expect(
        use?.available?.minorUnits == Self.limit - counted(customer), "\(customer)")
    }
  }
}

extension CustomerRuleWalk.Order {
  fileprivate func with(promised: Bool) -> Self {
    var order = self
    order.isPromised = promised
    return order
  }
}
