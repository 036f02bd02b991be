import Messages
import RPC
import TestKit
import TestRandom
import Testing
import Values

@Suite("Simulation: stages and their clocks against a model")
struct StageSimulationTests {
  @Test(
    "where orders stand, since when, and what is told of it is what the model says",
    arguments: SimulationTests.seeds)
  func stagesFollowModel(seed: UInt64) async throws {
    var walk = StageWalk(shop: try await Shop.open(), random: Seeded(seed))
    try await walk.furnish()
    for step in 1...220 {
      try await walk.step()
      if step % 20 == 0 { try await walk.audit() }
    }
    #expect(try await walk.shop.violations() == [])
    await walk.shop.close()
  }
}

/// Orders of chairs and of tables that go their way, are held, and wait.
struct StageWalk {
  let shop: Shop
  var random: Seeded
  var model = StageModel()
  private var events = 0

  init(shop: Shop, random: Seeded) {
    self.shop = shop
    self.random = random
  }

  func furnish() async throws {
    try await shop.furnish()
    try await shop.stock("CHAIR", 900, cost: "200")
    try await shop.stock("BOARD", 9_000, cost: "180")
    _ = try await shop.production.upsertWorkCentres(
      .init(workCentres: [
        .init(code: "CHECK", name: "检验", hourlyRate: yuan("60"), inspects: true)
      ]), options: shop.command())
    _ = try await shop.production.upsertBillsOfMaterial(
      .init(bills: [
        .init(
          sku: "TABLE", components: [.init(sku: "BOARD", quantity: amount("2.5", "m2"))],
          operations: [
            .init(sequence: 1, name: "裁切", workCentreCode: "SAW", unitMinutesMicros: 40_000_000),
            .init(sequence: 2, name: "检验", workCentreCode: "CHECK", unitMinutesMicros: 5_000_000),
          ])
      ]), options: shop.command())
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "CREDIT", name: "张伟", creditLimit: yuan("9000000"),
          terms: .init(netDays: 30, depositMicros: 300_000)),
        .init(
          code: "VIP", name: "王芳", customerClass: "VIP", creditLimit: yuan("9000000"),
          terms: .init(netDays: 60)),
      ]), options: shop.command())
    _ = try await shop.orders.replaceApprovalRules(
      .init(rules: [.init()]), options: shop.command())
  }

  mutating func step() async throws {
    switch random.number(0...19) {
    case 0..<3: try await order()
    case 3: try await setPolicy()
    case 4..<7: try await hold()
    case 7..<10: wait()
    case 10, 11: try await sweep()
    default: try await goOn()
    }
  }

  private mutating func wait() {
    let seconds = random.chance(50) ? random.number(1...7_200) : random.number(7_200...200_000)
    shop.clock.advance(seconds: seconds)
    model.now += seconds
  }

  private mutating func setPolicy() async throws {
    // For a while nobody keeps anything, so that there is something open before.
    guard model.orders.count > 2 else { return }
    let terms = (0..<random.number(0...9)).map { _ in
      let hours = random.number(1...40)
      return StageModel.Term(
        stage: StageModel.stages.randomElement(using: &random) ?? "",
        store: random.chance(30) ? random.chance(50) : nil,
        vip: random.chance(30) ? true : nil, hours: hours, business: random.chance(50),
        remind: random.chance(50) ? random.number(0...(hours - 1)) : 0)
    }
    let isFirst = model.policy == nil
    let stands = random.chance(70)
    _ = try await shop.stages.setStagePolicy(
      .init(
        terms: terms.map { term in
          .init(
            stage: Self.stage(term.stage),
            channel: term.store.map { $0 ? .store : .web } ?? .unspecified,
            customerClass: term.vip == true ? "VIP" : "", hours: Int32(term.hours),
            businessHours: term.business, remindBeforeHours: Int32(term.remind))
        }, stillOnHold: stands ? [.customer] : [], reason: "another"), options: shop.command())
    model.policy = .init(terms: terms, stillForCustomer: stands)
    // Else what happens to others, whose goods come otherwise, begins their clocks, too.
    if isFirst { try await sweep() }
  }

  private static func stage(_ name: String) -> OrdersV1.OrderStage {
    OrdersV1.OrderStage.allCases.first { $0.name == "ORDER_STAGE_" + name } ?? .unspecified
  }

  private mutating func order() async throws {
    var order = StageModel.Order(
      isStore: random.chance(50), isVIP: random.chance(60), isTable: random.chance(40),
      created: model.now)
    let input = shop.input(
      [(order.isTable ? "TABLE" : "CHAIR", 1)], customer: order.isVIP ? "VIP" : "CREDIT",
      channel: order.isStore ? .store : .web)
    var number = ""
    if random.chance(50) {
      number =
        try await shop.orders.createOrder(.init(order: input), options: shop.command())
        .order?.number ?? ""
    } else {
      number =
        try await shop.orders.placeOrder(.init(order: input), options: shop.command())
        .order?.number ?? ""
      order.stage = "CONFIRMED"
    }
    model.orders[number] = order
    model.touch(number)
  }

  private mutating func hold() async throws {
    guard let number = pick(), let order = model.orders[number] else { return }
    // What holds it beside stops no clock.
    if random.chance(30) {
      let refused = await refusal {
        try await shop.orders.holdOrder(
          .init(number: number, kind: .price, reason: "look"), options: shop.command())
      }
      if refused == nil {
        model.touch(number)
        _ = try await shop.orders.releaseOrderHold(
          .init(number: number, kind: .price, reason: "seen"), options: shop.command())
      }
    }
    if order.isHeld {
      _ = try await shop.orders.releaseOrderHold(
        .init(number: number, kind: .customer, reason: "goes on"), options: shop.command())
    } else {
      _ = try await shop.orders.holdOrder(
        .init(number: number, kind: .customer, reason: "on holiday"), options: shop.command())
    }
    model.orders[number]?.isHeld.toggle()
    model.touch(number)
  }

  private mutating func sweep() async throws {
    let expected = model.sweep()
    let done = try await shop.stages.sweepStages(.init(), options: shop.command())
    #expect([done.reminded, done.escalated, done.begun] == expected && !done.more)
    let again = try await shop.stages.sweepStages(.init(), options: shop.command())
    #expect(again == .init())
  }

  /// An order to which something can still happen.
  private mutating func pick() -> String? {
    model.orders.filter { !StageModel.finals.contains($0.value.stage) }.keys.sorted()
      .randomElement(using: &random)
  }

  // MARK: On their way

  private mutating func goOn() async throws {
    guard let number = pick(), let order = model.orders[number] else { return }
    let isEarly = ["CREATED", "IN_REVIEW", "CONFIRMED"].contains(order.stage)
    if isEarly, random.chance(8) {
      _ = try await shop.orders.cancelOrder(
        .init(number: number, reason: .customerWish), options: shop.command())
      model.touch(number, "CANCELLED")
      return
    }
    switch order.stage {
    case "CREATED":
      _ = try await shop.orders.submitOrder(.init(number: number), options: shop.command())
      model.touch(number, "IN_REVIEW")
    case "IN_REVIEW": try await decide(number, order)
    case "CONFIRMED", "IN_PRODUCTION", "QUALITY_CHECK", "PICKING":
      if order.isTable, order.made < 3 {
        try await make(number, order)
      } else {
        try await ship(number, order)
      }
    default: try await arrive(number, order)
    }
  }

  private mutating func decide(_ number: String, _ order: StageModel.Order) async throws {
    if random.chance(25) {
      _ = try await shop.orders.rejectOrder(
        .init(number: number, reason: "again"), options: shop.command(by: "boss"))
      model.touch(number, "CREATED")
    } else if !order.isHeld {
      _ = try await shop.orders.confirmOrder(.init(number: number), options: shop.command())
      model.touch(number, "CONFIRMED")
    }
  }

  private mutating func make(_ number: String, _ order: StageModel.Order) async throws {
    guard !order.isHeld || order.stage != "CONFIRMED" else { return }
    let works = try await shop.production.listWorkOrders(.init(orderNumber: number)).workOrders
    let work = try #require(works.first).number
    if order.stage == "CONFIRMED" {
      if works.first?.hold == "DEPOSIT" { try await secure(number) }
      _ = try await shop.production.releaseWorkOrder(
        .init(number: work), options: shop.command())
      model.touch(number, "IN_PRODUCTION")
    } else if order.made == 0 {
      _ = try await shop.production.issueMaterials(.init(number: work), options: shop.command())
      _ = try await shop.production.reportOperation(
        .init(number: work, sequence: 1, minutesMicros: 1_000_000, done: true),
        options: shop.command())
      model.touch(number, "QUALITY_CHECK")
      model.orders[number]?.made = 1
    } else if order.made == 1 {
      let early = await refusal {
        try await shop.production.completeWorkOrder(.init(number: work), options: shop.command())
      }
      #expect(reason(early) == "INSPECTION_OPEN")
      _ = try await shop.production.reportOperation(
        .init(number: work, sequence: 2, minutesMicros: 1_000_000, done: true),
        options: shop.command())
      model.touch(number, "IN_PRODUCTION")
      model.orders[number]?.made = 2
    } else {
      _ = try await shop.production.completeWorkOrder(
        .init(number: work), options: shop.command())
      model.touch(number, "CONFIRMED")
      model.orders[number]?.made = 3
    }
  }

  /// Pays the deposit: the order stands where it stood.
  private mutating func secure(_ number: String) async throws {
    let deposit = try await shop.orders.getOrder(.init(number: number)).order?.depositRequired
    _ = try await shop.finance.receivePayment(
      .init(amount: deposit, method: .card, orderNumber: number), options: shop.command())
    model.touch(number)
  }

  private mutating func ship(_ number: String, _ order: StageModel.Order) async throws {
    guard !order.isHeld else { return }
    if order.stage == "CONFIRMED" {
      let prepared = try await shop.orders.prepareShipment(
        .init(orderNumber: number), options: shop.command())
      model.orders[number]?.shipment = prepared.shipment?.number ?? ""
      model.touch(number, "PICKING")
    } else if random.chance(25) {
      _ = try await shop.orders.cancelShipment(
        .init(number: order.shipment), options: shop.command())
      model.touch(number, "CONFIRMED")
    } else {
      _ = try await shop.orders.pickShipment(
        .init(number: order.shipment), options: shop.command())
      _ = try await shop.orders.packShipment(
        .init(number: order.shipment, cartons: 1), options: shop.command())
      _ = try await shop.orders.dispatchShipment(
        .init(number: order.shipment, carrier: "SF"), options: shop.command())
      model.touch(number, "SHIPPED")
    }
  }

  private mutating func arrive(_ number: String, _ order: StageModel.Order) async throws {
    if order.stage == "DELIVERED" {
      let invoice = try await shop.orders.invoiceOrder(
        .init(number: number), options: shop.command())
      model.touch(number)
      // A deposit may have paid a part of it.
      guard let open = invoice.open, open.minorUnits > 0 else {
        model.touch(number, "COMPLETED")
        return
      }
      _ = try await shop.finance.receivePayment(
        .init(amount: open, method: .card, orderNumber: number), options: shop.command())
      model.touch(number, "COMPLETED")
    } else if random.chance(50) {
      events += 1
      let isMoving = random.chance(70)
      let told = try await shop.carriers.ingestCarrierEvents(
        .init(
          carrier: "SF",
          events: [
            .init(
              eventId: "E-\(events)", shipmentNumber: order.shipment,
              status: isMoving ? .outForDelivery : .accepted,
              occurredAt: .init(seconds: shop.clock.now.microseconds / 1_000_000))
          ]), options: shop.command())
      // Of what is told for the same moment the first may come too late.
      guard told.results.first?.outcome == .applied else { return }
      model.touch(number, isMoving ? "IN_DELIVERY" : "SHIPPED")
    } else {
      _ = try await shop.orders.deliverShipment(
        .init(number: order.shipment), options: shop.command())
      model.touch(number, "DELIVERED")
    }
  }
}
