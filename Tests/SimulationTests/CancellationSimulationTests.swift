import Messages
import RPC
import TestKit
import TestRandom
import Testing

@Suite("Simulation: cancelling, ordering less, who agrees and what goes back against a model")
struct CancellationSimulationTests {
  @Test("terms, leaves and refunds are what the model says", arguments: SimulationTests.seeds)
  func termsFollowModel(seed: UInt64) async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10_000, cost: "200")
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "BUYER", name: "Buyer", creditLimit: yuan("9000000"), terms: .init(netDays: 30))
      ]), options: shop.command())
    _ = try await shop.cancellations.setCancellationPolicy(
      .init(
        rules: [
          .init(sourcing: .service, approverRole: "PLANNER", approvalFrom: yuan("300")),
          .init(
            shareMicros: 100_000, approvalFrom: yuan("1500"),
            steps: [
              .init(role: "SALES_MANAGER", dueHours: 8), .init(role: "DIRECTOR"),
            ]),
        ], reason: "simulated"), options: shop.command())
    var desk = CancelDesk(shop: shop, seed: seed)
    try await desk.say(reasons: desk.model.reasons)
    for step in 1...150 {
      try await desk.step()
      if step % 30 == 0 { #expect(try await shop.violations() == []) }
    }
    try await desk.compare()
    await shop.close()
  }
}

/// Where orders are cancelled and changed, asked about and paid for, at random.
private struct CancelDesk {
  /// Who made all orders, a clerk, a manager, a planner, one who is both, a director, and one who
  /// is a manager, too.
  private static let people = [
    ("li.na", ["SALES_MANAGER", "PLANNER"]), ("zhao", []), ("boss", ["SALES_MANAGER"]),
    ("ping", ["PLANNER"]), ("wang", ["SALES_MANAGER", "PLANNER"]), ("chen", ["DIRECTOR"]),
    ("gao", ["SALES_MANAGER", "DIRECTOR"]),
  ]

  let shop: Shop
  var random: Seeded
  var model = CancelModel()

  init(shop: Shop, seed: UInt64) {
    self.shop = shop
    random = Seeded(seed)
  }

  private func cents(_ minor: Int64) -> TypeV1.Money {
    .init(currencyCode: "CNY", minorUnits: minor)
  }

  mutating func step() async throws {
    guard let number = model.orders.keys.sorted().randomElement(using: &random),
      !random.chance(15)
    else { return try await place() }
    switch random.number(0...9) {
    case 0, 1: try await cancel(number)
    case 2, 3: try await lower(number)
    case 4, 5: try await approve(number)
    case 6: try await (random.chance(50) ? reject(number) : say(reasons: otherReasons()))
    case 7: try await pay(number)
    case 8: try await decide(number)
    default: try await propose(number)
    }
    if random.chance(20) { try await compare() }
  }

  private mutating func place() async throws {
    let (chairs, hours) = (random.number(2...6), random.number(1...4))
    let placed = try await shop.orders.placeOrder(
      .init(
        order: .init(
          channel: .store, customerCode: "BUYER", warehouseCode: "MAIN",
          lines: [
            .init(sku: "CHAIR", quantity: pieces(chairs)),
            .init(sku: "INSTALL", quantity: amount("\(hours)", "h")),
          ], shortageRule: .wait)), options: shop.command())
    let number = try #require(placed.order?.number)
    model.orders[number] = .init(chairs: chairs, hours: hours)
    #expect(
      placed.order?.gross?.minorUnits == CancelModel.amount(chairs: chairs, hours: hours))
  }

  private mutating func otherReasons() -> [String: Bool] {
    ["WISH": random.chance(70), random.chance(80) ? "ERROR" : "SLIP": random.chance(30)]
  }

  mutating func say(reasons: [String: Bool]) async throws {
    _ = try await shop.cancellations.replaceCancelReasons(
      .init(
        reasons: reasons.sorted { $0.key < $1.key }.map {
          .init(code: $0.key, text: $0.key, fault: $0.value ? .customer : .nobody)
        }), options: shop.command())
    model.reasons = reasons
  }

  private mutating func cancel(_ number: String) async throws {
    guard let order = model.orders[number], order.leftChairs > 1 else { return }
    let chairs = random.number(0...(order.leftChairs - 1))
    let hours = order.hours > 0 ? random.number((chairs == 0 ? 1 : 0)...order.hours) : 0
    guard chairs + hours > 0,
      let (code, isTheirs) = model.reasons.sorted(by: { $0.key < $1.key })
        .randomElement(using: &random),
      let (actor, roles) = Self.people.randomElement(using: &random)
    else { return }
    let seen = try #require(try await shop.orders.getOrder(.init(number: number)).order)
    let isBarred = order.request.map { $0.version == seen.version } ?? false
    let asked = model.steps(number, chairs: chairs, hours: hours)
    let said = model.said(asked, by: actor, roles)
    let missing = asked.filter { !said.contains($0) }
    let effect = model.effect(number, chairs: chairs, hours: hours, isTheirs: isTheirs)
    do {
      let done = try await shop.orders.cancelOrder(
        .init(
          number: number,
          quantities: (chairs > 0 ? [.init(lineNumber: 1, quantity: pieces(chairs))] : [])
            + (hours > 0 ? [.init(lineNumber: 2, quantity: amount("\(hours)", "h"))] : []),
          reasonCode: code), options: command(by: actor, roles))
      #expect(!isBarred, "\(number)")
      #expect(done.pending == !missing.isEmpty, "\(number): \(asked)")
      #expect(done.impact?.approverRoles == missing.map(\.role), "\(number)")
      #expect(done.impact?.fee?.minorUnits == effect.fee, "\(number)")
      #expect(done.impact?.feePaid?.minorUnits == effect.paid, "\(number)")
      #expect(done.impact?.refund?.minorUnits == effect.refund, "\(number)")
      model.orders[number]?.request = nil
      if missing.isEmpty {
        model.cancel(number, chairs: chairs, hours: hours, isTheirs: isTheirs)
      } else {
        #expect(done.order == seen, "\(number)")
        model.orders[number]?.request = .init(
          chairs: chairs, hours: hours, by: actor, reason: code, missing: missing,
          agreed: Dictionary(said.map { ($0.rule, [actor]) }) { first, _ in first },
          version: seen.version, effect: effect)
      }
    } catch {
      #expect(isBarred && refused(error) == "CANCELLATION_PENDING", "\(number): \(error)")
    }
  }

  private mutating func lower(_ number: String) async throws {
    guard let order = model.orders[number], order.leftChairs > 1,
      let (actor, roles) = Self.people.randomElement(using: &random)
    else { return }
    let less = random.number(1...(order.leftChairs - 1))
    let given = model.reasons.keys.sorted().randomElement(using: &random) ?? ""
    let code = random.chance(50) ? "" : given
    let isTheirs = code.isEmpty ? true : model.reasons[code] ?? true
    let asked = model.steps(number, chairs: less, hours: 0)
    let mayDo = asked == model.said(asked, by: actor, roles)
    let effect = model.effect(number, chairs: less, hours: 0, isTheirs: isTheirs)
    do {
      let done = try await shop.orders.changeOrder(
        .init(
          number: number,
          change: .init(
            lines: [.init(lineNumber: 1, quantity: pieces(order.chairs - less))],
            reductionReasonCode: code), reason: "fewer"),
        options: command(by: actor, roles))
      #expect(mayDo, "\(number) by \(actor): \(asked)")
      #expect(done.impact?.fee?.minorUnits == effect.fee, "\(number)")
      #expect(done.impact?.unapplied?.minorUnits == effect.refund, "\(number)")
      model.cancel(number, chairs: less, hours: 0, isTheirs: isTheirs, lowering: true)
    } catch {
      #expect(!mayDo && refused(error) == "CHANGE_NEEDS_APPROVAL", "\(number): \(error)")
    }
  }

  private mutating func approve(_ number: String) async throws {
    guard let order = model.orders[number], let request = order.request,
      let (actor, roles) = Self.people.randomElement(using: &random)
    else { return }
    let mine = request.open(for: actor, roles)
    let isTheirs = model.reasons[request.reason]
    let isSame =
      order.leftChairs >= request.chairs && order.hours >= request.hours
      && isTheirs.map {
        model.effect(number, chairs: request.chairs, hours: request.hours, isTheirs: $0)
          == request.effect
      } ?? false
    let mayDo = actor != "li.na" && actor != request.by && !mine.isEmpty && isSame
    do {
      let done = try await shop.cancellations.approveCancellation(
        .init(orderNumber: number), options: command(by: actor, roles))
      #expect(mayDo, "\(number) by \(actor): \(request)")
      let left = request.missing.filter { !mine.contains($0) }
      #expect(done.cancellation?.pending == !left.isEmpty, "\(number)")
      guard left.isEmpty else {
        model.orders[number]?.request?.missing = left
        for step in mine {
          model.orders[number]?.request?.agreed[step.rule, default: []].insert(actor)
        }
        return
      }
      model.orders[number]?.request = nil
      model.cancel(
        number, chairs: request.chairs, hours: request.hours, isTheirs: isTheirs ?? true,
        isAgreed: true)
    } catch {
      #expect(!mayDo, "\(number) by \(actor): \(request) \(error)")
    }
  }

  private mutating func reject(_ number: String) async throws {
    guard let request = model.orders[number]?.request,
      let (actor, roles) = Self.people.randomElement(using: &random)
    else { return }
    let mayDo =
      actor == request.by || request.open.contains { roles.contains($0.role) }
    let error = await refusal {
      try await shop.cancellations.rejectCancellation(
        .init(orderNumber: number, reason: "keeps it"),
        options: command(by: actor, roles))
    }
    #expect((error == nil) == mayDo, "\(number) by \(actor)")
    if mayDo { model.orders[number]?.request = nil }
  }

  private mutating func pay(_ number: String) async throws {
    let cents = random.number(1...300_000)
    _ = try await shop.finance.receivePayment(
      .init(amount: self.cents(cents), method: .card, orderNumber: number),
      options: shop.command())
    model.pay(number, cents)
  }

  /// Pays the refund out or declines it.
  private mutating func decide(_ number: String) async throws {
    guard let order = model.orders[number] else { return }
    let isThere = order.proposed > 0
    if random.chance(50) {
      let error = await refusal {
        try await shop.cancellations.payRefund(
          .init(orderNumber: number, method: .card), options: shop.command(by: "cashier"))
      }
      let isCovered = order.proposed <= order.unneeded
      #expect((error == nil) == (isThere && isCovered), "\(number): \(order)")
      if error == nil { model.give(back: number) }
    } else {
      let error = await refusal {
        try await shop.cancellations.declineRefund(
          .init(orderNumber: number, reason: "stays"), options: shop.command(by: "cashier"))
      }
      #expect((error == nil) == isThere, "\(number): \(order)")
      if error == nil { model.decline(number) }
    }
  }

  private mutating func propose(_ number: String) async throws {
    guard let order = model.orders[number] else { return }
    do {
      let done = try await shop.cancellations.proposeRefund(
        .init(orderNumber: number, reason: "too much"), options: shop.command(by: "zhao"))
      #expect(done.refund?.amount?.minorUnits == order.unneeded, "\(number)")
      model.orders[number]?.proposed = order.unneeded
    } catch {
      #expect(order.unneeded == 0, "\(number): \(error)")
    }
  }

  private func command(by actor: String, _ roles: [String]) -> CallOptions {
    shop.command(by: actor, roles: roles.joined(separator: ","))
  }

  private func refused(_ error: any Error) -> String? { reason(error as? RPCError) }

  func compare() async throws {
    let refunds = try await shop.cancellations.listRefunds(.init(pageSize: 500)).refunds
    let told = refunds.map { "\($0.orderNumber) \($0.amount?.minorUnits ?? 0)" }
    let wanted = model.orders.filter { $0.value.proposed > 0 }
      .map { "\($0.key) \($0.value.proposed)" }
    #expect(told.sorted() == wanted.sorted())
    let requests = try await shop.cancellations.listCancelRequests(.init(pageSize: 500)).requests
    let asked = requests.map { "\($0.orderNumber) \($0.approverRoles)" }
    let pending = model.orders.compactMap { number, order in
      order.request.map { "\(number) \($0.missing.map(\.role))" }
    }
    #expect(asked.sorted() == pending.sorted())
    let invoices = try await shop.finance.listInvoices(
      .init(pageSize: 500, customerCode: "BUYER")
    ).invoices
    let open: [Int64] = invoices.map { $0.open?.minorUnits ?? 0 }
    let owed: [Int64] = model.debts.map(\.cents)
    #expect(open.reduce(0, +) == owed.reduce(0, +))
  }
}
