import Finance
import Inventory
import MasterData
import Orders
import Production
import Purchasing
import Storage
import TestRandom
import Testing
import Values

@Suite("Change order")
struct ChangeOrderTests {
  private func change(
    _ shop: Shop, _ number: String, _ change: OrderChange, by actor: String = "boss",
    roles: Set<String> = ["SALES_MANAGER", "GENERAL_MANAGER"], at moment: Moment = Shop.now
  ) throws -> ChangedOrder {
    try shop.write {
      try ChangeOrder(number: number, change, reason: "wish", by: actor, roles: roles)
        .run(in: $0, at: moment)
    }
  }

  /// The price is a function of the lines: whatever way somebody came to them.
  @Test("any order of changes that ends in the same lines ends in the same price", arguments: 1...8)
  func pathDoesNotMatter(seed: Int) throws {
    var random = Seeded(UInt64(seed))
    let shop = try Shop()
    try shop.stock("CHAIR", 30)
    let skus = ["CHAIR", "LAMP", "INSTALL"]
    let changed = try shop.place(
      .of("VIPCO", [("CHAIR", 3), ("LAMP", 2)], discount: .share(Rate(micros: 50_000)))
    ).number
    for _ in 1...8 {
      let order = try shop.order(changed)
      let alive = order.lines.filter { !$0.isTakenOut }
      let line = try #require(alive.randomElement(using: &random))
      let wish: OrderChange
      switch Int.random(in: 0..<4, using: &random) {
      case 0 where alive.count > 1:
        wish = OrderChange(lines: [.init(number: line.number, isRemoved: true)])
      case 1:
        wish = OrderChange(added: [
          .init(
            sku: skus.randomElement(using: &random) ?? "LAMP",
            quantity: units(.random(in: 1...9, using: &random)))
        ])
      case 2:
        wish = OrderChange(lines: [
          .init(
            number: line.number,
            discount: Rate(micros: .random(in: 0...500_000, using: &random)))
        ])
      default:
        wish = OrderChange(lines: [
          .init(
            number: line.number,
            quantity: GivenQuantity(units(.random(in: 1...9, using: &random))))
        ])
      }
      _ = try change(shop, changed, wish)
      #expect(try shop.violations().isEmpty)
    }
    let end = try shop.order(changed)
    let left = end.lines.filter { !$0.isTakenOut }
    let anew = try shop.place(
      OrderDraft(
        channel: .store, customerCode: "VIPCO", warehouseCode: "MAIN",
        lines: left.map { .init(sku: $0.sku, quantity: $0.ordered, discount: $0.discount) },
        discount: end.discount))
    #expect(left.map(\.net) == anew.lines.map(\.net))
    #expect(left.map(\.tax) == anew.lines.map(\.tax))
    #expect(end.gross == anew.gross)
    #expect(try shop.creditUse(of: "VIPCO").orders == anew.gross + anew.gross)
  }

  @Test("prices stay those of the day on which it was priced, unless it is priced anew")
  func priceDay() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    let number = try shop.place(.of("HOTEL", [("CHAIR", 1)])).number
    let later = Shop.at(day: 3)
    try shop.write { tx in
      try PriceFixture.set("CHAIR", micros: 250_000_000, from: later.day, in: tx)
    }
    let more = OrderChange(lines: [.init(number: 1, quantity: GivenQuantity(units(2)))])
    #expect(try change(shop, number, more, at: later).order.net == fen(39_998))
    let anew = try change(shop, number, OrderChange(isRepriced: true), at: later)
    #expect(anew.order.net == cny(500))
    let again = OrderChange(lines: [.init(number: 1, quantity: GivenQuantity(units(3)))])
    #expect(try change(shop, number, again, at: later).order.net == cny(750))
    #expect(try shop.violations().isEmpty)
  }

  @Test("what is asked to be bought follows what waits, whether it is ordered or not")
  func requisitions() throws {
    let shop = try Shop()
    let number = try shop.place(.of("VIPCO", [("CHAIR", 8)])).number
    let lower = { (count: Int64) in
      OrderChange(lines: [.init(number: 1, quantity: GivenQuantity(units(count)))])
    }
    let less = try change(shop, number, lower(5)).impact
    #expect(less.verdicts.map(\.outcome) == [.reduced])
    let asked = try shop.read { try Requisitions.of(Origin(.salesOrder, number), in: $0) }
    #expect(asked.map(\.quantity) == [units(5)])
    let more = try change(shop, number, lower(7)).impact
    #expect(more.verdicts.map(\.outcome) == [.planned])
    // The newest goes first.
    let least = try change(shop, number, lower(4)).impact
    #expect(least.verdicts.map(\.outcome) == [.cancelled, .reduced])
    let left = try shop.read { try Requisitions.of(Origin(.salesOrder, number), in: $0) }
    #expect(left.filter { $0.state == .open }.map(\.quantity) == [units(4)])
    #expect(try shop.violations().isEmpty)
  }

  @Test("another day moves the work and what is asked for")
  func day() throws {
    let shop = try Shop()
    let number = try shop.place(.of("VIPCO", [("TABLE", 1), ("LAMP", 1)])).number
    let day = Shop.day.adding(days: 30)
    let impact = try change(shop, number, OrderChange(requestedOn: .set(day))).impact
    #expect(impact.verdicts.map(\.outcome) == [.rescheduled, .rescheduled, .rescheduled])
    #expect(impact.gross == cny(0))
    let works = try shop.read {
      try WorkOrders.ofOrigin(DocumentReference(.salesOrder, number), in: $0)
    }
    #expect(works.map(\.dueOn) == [day])
    #expect(try change(shop, number, OrderChange(requestedOn: .cleared)).order.requestedOn == nil)
    #expect(try shop.violations().isEmpty)
  }

  @Test("more than the customer's credit is refused, and less makes room")
  func credit() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 200)
    let number = try shop.place(.of("HOTEL", [("CHAIR", 20)])).number
    let set: @Sendable (Int64) -> OrderChange = { count in
      OrderChange(lines: [.init(number: 1, quantity: GivenQuantity(units(count)))])
    }
    let reasons = try shop.reasons { tx in
      try ChangeOrder(
        number: number, set(100), reason: "wish", by: "boss", roles: ["GENERAL_MANAGER"]
      )
      .run(in: tx, at: Shop.now)
    }
    #expect(reasons == ["CREDIT_LIMIT_EXCEEDED"])
    let order = try change(shop, number, set(10)).order
    #expect(try shop.creditUse(of: "HOTEL").orders == order.gross)
    #expect(try shop.violations().isEmpty)
  }

  @Test("what is left after everything else has left completes the order")
  func completes() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 2)
    let number = try shop.place(.of("HOTEL", [("CHAIR", 5), ("LAMP", 1)])).number
    try shop.ship(number)
    let done = try change(
      shop, number,
      OrderChange(lines: [
        .init(number: 1, quantity: GivenQuantity(units(2))), .init(number: 2, isRemoved: true),
      ]))
    #expect(done.order.state == .delivered)
    #expect(try shop.invoice(number).gross == done.order.gross)
    #expect(try shop.violations().isEmpty)
  }

  @Test("a deposit that is covered now lets the workshop begin")
  func deposit() throws {
    let shop = try Shop()
    let order = try shop.place(.of("CAFE", [("TABLE", 2)]))
    try shop.pay("CAFE", fen(order.depositRequired.minor / 2 + 1), for: order.number)
    let held = try shop.read { try WorkOrders.ofOrigin(order.reference, in: $0).map(\.hold) }
    #expect(held == [.deposit])
    let less = OrderChange(lines: [.init(number: 1, quantity: GivenQuantity(units(1)))])
    _ = try change(shop, order.number, less)
    let works = try shop.read { try WorkOrders.ofOrigin(order.reference, in: $0) }
    #expect(works.map(\.state) == [.cancelled, .planned])
    #expect(works.last?.hold == nil)
    #expect(try shop.violations().isEmpty)
  }

  /// E: everybody who may change orders, M: sales managers, -: nobody. The kinds are, in their
  /// order: add a line, take one out, more, less, discount, delivery, day, prices, gift, packing,
  /// invoice, remarks for the delivery.
  static let table: [ChangeStage: String] = [
    .draft: "EEEEEEEEEEEEE", .submitted: "EEEEEEEEEEEEE", .confirmed: "EEEEEEEMEEEEE",
    .begun: "EMEMMEEMEEEEM", .partlyShipped: "EMEMMME-MMEEM", .invoiced: "------E-MMME-",
    .shipped: "----------E--", .through: "-------------",
  ]

  @Test("who may change what is a table of all stages", arguments: ChangeStage.allCases)
  func matrix(stage: ChangeStage) throws {
    let row = ChangeKind.allCases.map { kind in
      switch ChangeMatrix.right(kind, at: stage) {
      case .everybody: "E"
      case .role("SALES_MANAGER"): "M"
      case .role(let role): role
      case nil: "-"
      }
    }
    #expect(row.joined() == Self.table[stage])
  }

  @Test("a billed order changes its day and nothing else; the refusal names the field")
  func billed() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 2)
    let number = try shop.place(.of("HOTEL", [("CHAIR", 5)])).number
    try shop.ship(number)
    _ = try shop.invoice(number)
    let refusals = try shop.refusals { tx in
      try ChangeOrder(
        number: number,
        OrderChange(lines: [.init(number: 1, quantity: GivenQuantity(units(4)))]), reason: "wish",
        by: "boss", roles: ["SALES_MANAGER"]
      ).run(in: tx, at: Shop.now)
    }
    #expect(refusals.map(\.reason) == ["CHANGE_FORBIDDEN"])
    #expect(refusals.first?.field == "change.lines[0].quantity")
    _ = try change(shop, number, OrderChange(requestedOn: .set(Shop.day)))
    #expect(try shop.violations().isEmpty)
  }
}
