import Finance
import Inventory
import MasterData
import Orders
import Purchasing
import Storage
import Testing
import Values

@Suite("Place order")
struct PlaceOrderTests {
  @Test("prices, taxes, reserves and uses credit in one command")
  func stockedOrder() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 10)
    try shop.stock("LAMP", 10)
    let order = try shop.place(.of("HOTEL", [("CHAIR", 4), ("LAMP", 2), ("INSTALL", 1)]))

    #expect(order.state == .confirmed)
    #expect(order.number == "SO-2026-000001")
    #expect(order.customerName == "Hotel")
    // 799.96 + 71.00 + 120.00; 13 % of the goods, 6 % of the work, rounded per line.
    #expect(order.lines.map(\.net) == [fen(79_996), fen(7_100), fen(12_000)])
    #expect(order.lines.map(\.tax) == [fen(10_399), fen(923), fen(720)])
    #expect(order.gross == fen(111_138))
    #expect(order.lines.map(\.reserved) == [units(4), units(2), .zero])
    #expect(order.lines[0].priceExplanation.steps.map(\.rule) == ["GENERAL_PRICE_LIST", "AMOUNT"])
    #expect(try shop.free("CHAIR") == units(6))
    #expect(try shop.creditUse(of: "HOTEL").orders == order.gross)
    #expect(try shop.violations().isEmpty)
  }

  @Test("answers exactly what is stored")
  func replyIsStored() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 3)
    let draft = OrderDraft(
      channel: .store, externalID: "POS-1", customerCode: "HOTEL", warehouseCode: "MAIN",
      lines: [
        .init(
          sku: "CHAIR", quantity: units(2), unit: "pcs", discount: Rate(micros: 50_000),
          note: "blue")
      ], requestedOn: Shop.day.adding(days: 9), note: "ring twice")
    let placed = try shop.place(draft)
    #expect(try shop.order(placed.number) == placed)
    // 2 × 199.99 less 5 %: 379.981.
    #expect(placed.net == fen(37_998))
    #expect(placed.lines[0].priceExplanation.steps.map(\.rule).contains("DISCOUNT"))
  }

  @Test("waits for what is short and asks purchasing for it")
  func shortage() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 3)
    let order = try shop.place(.of("HOTEL", [("CHAIR", 5)]))
    #expect(order.lines[0].reserved == units(3))
    let requisitions = try shop.read {
      try Requisitions.of(Origin(.salesOrder, order.number, line: 1), in: $0)
    }
    #expect(requisitions.map(\.quantity) == [units(2)])
    try shop.stock("CHAIR", 2)
    #expect(try shop.order(order.number).lines[0].reserved == units(5))
    #expect(try shop.violations().isEmpty)
  }

  @Test("refuses the whole order when it may not wait for stock")
  func shortageRefused() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 3)
    try shop.stock("LAMP", 9)
    let refusals = try shop.refusals {
      try PlaceOrder(
        .of("HOTEL", [("LAMP", 1), ("CHAIR", 4)], shortage: .refuse), by: "till"
      ).run(in: $0, at: Shop.now)
    }
    #expect(refusals.map(\.reason) == ["INSUFFICIENT_STOCK"])
    #expect(refusals.first?.field == "order.lines[1].quantity")
    #expect(try shop.free("LAMP") == units(9))
  }

  @Test("stays submitted when somebody must approve, and holds nothing")
  func approvalPending() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 100)
    let order = try shop.place(.of("BIGCO", [("CHAIR", 30)]))
    #expect(order.state == .submitted)
    #expect(order.approval.isPending)
    #expect(order.approval.requiredRole == "GENERAL_MANAGER")
    #expect(try shop.free("CHAIR") == units(100))
    #expect(try shop.creditUse(of: "BIGCO").total == cny(0))
    #expect(try shop.violations().isEmpty)
  }

  @Test("a duplicate of a channel's order is refused and names the first")
  func duplicate() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    let draft = OrderDraft.of("HOTEL", [("CHAIR", 1)], channel: .store, externalID: "POS-7")
    let first = try shop.place(draft)
    let refusals = try shop.refusals { try PlaceOrder(draft, by: "till").run(in: $0, at: Shop.now) }
    #expect(refusals.map(\.reason) == ["EXTERNAL_ID_TAKEN"])
    #expect(refusals.first?.facts.last == Fact("order", first.number))
    // Another channel has numbers of its own.
    let other = try shop.place(.of("HOTEL", [("CHAIR", 1)], channel: .web, externalID: "POS-7"))
    #expect(other.number == "SO-2026-000002")
    // Orders without an external id never collide.
    _ = try shop.place(.of("HOTEL", [("CHAIR", 1)]))
    _ = try shop.place(.of("HOTEL", [("CHAIR", 1)]))
  }

  @Test("three stocked lines take at most 25 statements")
  func statementCount() throws {
    let faults = FaultPlan()
    let shop = try Shop(faults: faults)
    for sku in ["CHAIR", "LAMP", "FABRIC"] { try shop.stock(sku, 100) }
    let draft = OrderDraft.of(
      "HOTEL", [("CHAIR", 1), ("LAMP", 2), ("FABRIC", 3)], channel: .store, externalID: "P-1")
    // The statement after the last one that is allowed fails; the order goes through before it.
    faults.arm(.statement, after: 26)
    let order = try shop.place(draft)
    #expect(order.state == .confirmed)
    #expect(faults.isArmed, "more statements than allowed")
  }

  @Test("two events: it exists, and it is promised")
  func events() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    let types = try shop.events {
      try PlaceOrder(.of("HOTEL", [("CHAIR", 1)]), by: "till").run(in: $0, at: Shop.now)
    }
    #expect(types == ["order.created", "order.confirmed"])
  }

  @Test("of many buyers on three channels exactly as many succeed as there are chairs")
  func noOversell() async throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 17)
    let channels: [Channel] = [.store, .web, .marketplace]
    let succeeded = await withTaskGroup(of: Bool.self) { group in
      for buyer in 0..<60 {
        group.addTask {
          let draft = OrderDraft.of(
            "VIPCO", [("CHAIR", 1)], channel: channels[buyer % 3], externalID: "B-\(buyer)",
            shortage: .refuse)
          let order = try? await shop.database.write {
            try PlaceOrder(draft, by: "till").run(in: $0, at: Shop.now)
          }
          return order != nil
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(succeeded == 17)
    #expect(try shop.free("CHAIR") == .zero)
    #expect(try shop.violations().isEmpty)
  }

  @Test("a credit refusal tells what the limit is used for")
  func creditRefused() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 1_000)
    for _ in 1...4 { _ = try shop.place(.of("HOTEL", [("CHAIR", 20)])) }
    let used = try shop.creditUse(of: "HOTEL")
    #expect(used.orders == fen(1_807_908))
    let refusals = try shop.refusals {
      try PlaceOrder(.of("HOTEL", [("CHAIR", 20)]), by: "till").run(in: $0, at: Shop.now)
    }
    #expect(refusals.map(\.reason) == ["CREDIT_LIMIT_EXCEEDED"])
    let facts = Dictionary(
      (refusals.first?.facts ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    #expect(facts["credit_limit"] == "20000.00 CNY")
    #expect(facts["open_orders"] == "18079.08 CNY")
    #expect(facts["credit_available"] == "1920.92 CNY")
    #expect(facts["requested"] == "4519.77 CNY")
    #expect(try shop.free("CHAIR") == units(920))
  }

  @Test("every violation comes at once, with its field")
  func allViolations() throws {
    let shop = try Shop()
    let draft = OrderDraft(
      channel: .web, externalID: String(repeating: "x", count: 101), customerCode: "HOTEL",
      warehouseCode: "NOWHERE",
      lines: [
        .init(sku: "NOTHING", quantity: units(1)), .init(sku: "BOARD", quantity: units(1)),
        .init(sku: "CHAIR", quantity: Quantity(micros: 500_000)),
        .init(sku: "CHAIR", quantity: units(1), unit: "kg"),
        .init(sku: "SECRET", quantity: units(1)),
        .init(sku: "LAMP", quantity: units(0)),
        .init(sku: "LAMP", quantity: units(1), discount: Rate(micros: 1_000_001)),
        .init(sku: "LAMP", quantity: units(1), note: String(repeating: "n", count: 501)),
      ])
    let refusals = try shop.refusals { try PlaceOrder(draft, by: "till").run(in: $0, at: Shop.now) }
    #expect(
      Set(refusals.map { "\($0.field ?? "") \($0.reason)" }) == [
        "order.external_id TEXT_TOO_LONG", "order.warehouse_code UNKNOWN_WAREHOUSE",
        "order.lines[0].sku UNKNOWN_PRODUCT", "order.lines[1].sku NOT_FOR_SALE",
        "order.lines[2].quantity FRACTION_OF_UNIT", "order.lines[3].quantity.unit_code WRONG_UNIT",
        "order.lines[4].sku NO_PRICE", "order.lines[5].quantity QUANTITY_NOT_POSITIVE",
        "order.lines[6].discount_micros OUT_OF_RANGE", "order.lines[7].note TEXT_TOO_LONG",
      ])
  }
}
