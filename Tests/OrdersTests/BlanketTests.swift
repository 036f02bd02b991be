import Inventory
import MasterData
import Orders
import Storage
import Testing
import Values

@Suite("Blanket orders")
struct BlanketTests {
  /// Hundred lamps for 30.00 where 100 are cheaper, and ten chairs, for 60 days.
  private func agree(
    _ shop: Shop, _ lines: [(String, Int64)] = [("LAMP", 100), ("CHAIR", 10)],
    from day: Int = 0
  ) throws -> String {
    try shop.write { tx in
      let verdicts = try UpsertPrices([
        PriceDraft(
          list: "RETAIL", sku: "LAMP", unitPrice: UnitPrice(micros: 30_000_000, currency: .cny),
          minimumQuantity: units(100), validFrom: Shop.day.adding(days: -99))
      ]).run(in: tx, at: Shop.now)
      #expect(verdicts.allSatisfy { $0.violations.isEmpty })
      return try CreateBlanket(
        customerCode: "VIPCO",
        lines: lines.map { .init(sku: $0.0, quantity: GivenQuantity(units($0.1))) },
        validFrom: Shop.day.adding(days: day), validUntil: Shop.day.adding(days: 60), by: "till"
      ).run(in: tx, at: Shop.now).number
    }
  }

  private func draft(
    _ blanket: String, _ lines: [(String, Int64)], customer: String = "VIPCO"
  ) -> OrderDraft {
    OrderDraft(
      channel: .web, customerCode: customer, warehouseCode: "MAIN",
      lines: lines.map { .init(sku: $0.0, quantity: units($0.1)) }, blanketNumber: blanket)
  }

  private func called(_ shop: Shop, _ number: String) throws -> [Quantity] {
    try shop.read { try Blankets.require(number: number, in: $0).lines.map(\.called) }
  }

  @Test("are called off at the price of the whole quantity, whatever prices do")
  func callOff() throws {
    let shop = try Shop()
    try shop.stock("LAMP", 50)
    let number = try agree(shop)
    #expect(number == "BO-2026-000001")
    try shop.write { try PriceFixture.set("LAMP", micros: 90_000_000, in: $0) }
    let order = try shop.place(draft(number, [("LAMP", 3), ("CHAIR", 1)]))
    #expect(order.state == .confirmed)
    #expect(order.blanketNumber == number)
    #expect(order.lines[0].net == fen(9_000))
    #expect(order.lines[0].priceExplanation.steps.map(\.rule).contains("BLANKET_PRICE"))
    #expect(try shop.order(order.number).blanketNumber == number)
    #expect(try called(shop, number) == [units(3), units(1)])
    #expect(
      try shop.read {
        try Blankets.orders(of: Blankets.require(number: number, in: $0), limit: 9, in: $0)
      } == [order.number])
    #expect(try shop.violations().isEmpty)
  }

  @Test("never go beyond what was agreed; what is cancelled can be called off again")
  func bounded() throws {
    let shop = try Shop()
    let number = try agree(shop)
    let first = try shop.place(draft(number, [("LAMP", 60)]))
    let tooMuch = draft(number, [("LAMP", 20), ("LAMP", 21)])
    let refused = try shop.refusals {
      try PlaceOrder(tooMuch, by: "till").run(in: $0, at: Shop.now)
    }
    #expect(refused.map(\.reason) == ["MORE_THAN_AGREED", "MORE_THAN_AGREED"])
    #expect(refused.map(\.field) == ["order.lines[0].quantity", "order.lines[1].quantity"])
    #expect(refused.first?.facts.contains(Fact("left", units(40))) == true)
    let second = try shop.place(draft(number, [("LAMP", 20), ("LAMP", 20)]))
    #expect(try called(shop, number) == [units(100), .zero])
    _ = try shop.cancel(first.number)
    #expect(try called(shop, number) == [units(40), .zero])
    _ = try shop.place(draft(number, [("LAMP", 60)]))
    _ = second
    #expect(try shop.violations().isEmpty)
    try shop.write { try $0.execute("UPDATE blanket_line SET agreed = 1000000") }
    #expect(
      try shop.violations().map(\.rule).contains("orders.call-offs-within-blanket"))
  }

  @Test("count when an order is submitted, not while it is a draft")
  func drafts() throws {
    let shop = try Shop()
    let number = try agree(shop)
    let drafted = try shop.write {
      try CreateOrder(draft(number, [("LAMP", 80)]), by: "till").run(in: $0, at: Shop.now)
    }
    #expect(drafted.blanketNumber == number)
    #expect(try called(shop, number)[0] == .zero)
    let other = try shop.place(draft(number, [("LAMP", 30)]))
    #expect(
      try shop.reasons {
        try SubmitOrder(number: drafted.number, by: "till").run(in: $0, at: Shop.now)
      }
        == ["MORE_THAN_AGREED"])
    _ = try shop.cancel(other.number)
    let submitted = try shop.submit(drafted.number)
    #expect(submitted.lines[0].net == fen(240_000))
    #expect(try called(shop, number)[0] == units(80))
    #expect(try shop.violations().isEmpty)
  }

  @Test("hold for a changed order as they held for it: the price, and what is left")
  func changes() throws {
    let shop = try Shop()
    let number = try agree(shop)
    let order = try shop.place(draft(number, [("LAMP", 60)])).number
    func change(_ count: Int64) -> @Sendable (Transaction) throws -> SalesOrder {
      { tx in
        try ChangeOrder(
          number: order,
          OrderChange(lines: [.init(number: 1, quantity: GivenQuantity(units(count)))]),
          reason: "wish", by: "till"
        ).run(in: tx, at: Shop.now).order
      }
    }
    #expect(try shop.reasons(change(101)) == ["MORE_THAN_AGREED"])
    let changed = try shop.write(change(100))
    #expect(changed.lines[0].net == fen(300_000) && changed.blanketNumber == number)
    #expect(try called(shop, number)[0] == units(100))
    #expect(try shop.violations().isEmpty)
  }

  @Test("are open from their first to their last day, or until they are ended")
  func days() throws {
    let shop = try Shop()
    let number = try agree(shop, from: 2)
    func reasons(day: Int) throws -> [String] {
      try shop.reasons {
        try PlaceOrder(draft(number, [("LAMP", 1)]), by: "till").run(in: $0, at: Shop.at(day: day))
      }
    }
    #expect(try reasons(day: 1) == ["BLANKET_NOT_ACTIVE"])
    #expect(try reasons(day: 2) == [])
    #expect(try reasons(day: 60) == [])
    #expect(try reasons(day: 61) == ["BLANKET_NOT_ACTIVE"])
    let closed = try shop.write {
      try CloseBlanket(number: number, reason: "bankrupt", by: "till").run(in: $0, at: Shop.now)
    }
    #expect(closed.state(on: Shop.day) == .closed && closed.version == 2)
    #expect(try reasons(day: 2) == ["BLANKET_NOT_ACTIVE"])
  }

  @Test("go with their customer when it is merged, and are forgotten with it")
  func customers() throws {
    let shop = try Shop()
    let number = try shop.write {
      try CreateBlanket(
        customerCode: "ANNA", lines: [.init(sku: "LAMP", quantity: GivenQuantity(units(9)))],
        validUntil: Shop.day.adding(days: 9), note: "ask Adam", by: "till"
      ).run(in: $0, at: Shop.now).number
    }
    try shop.write {
      _ = try MergeCustomers(duplicate: "ANNA", into: "CAFE").run(in: $0, at: Shop.now)
    }
    let merged = try shop.read { try Blankets.require(number: number, in: $0) }
    #expect(merged.customerCode == "CAFE" && merged.note == "ask Adam")
    let erased = try shop.write {
      try EraseCustomer(code: "CAFE", reason: "asked").run(in: $0, at: Shop.now)
    }
    #expect(erased.blankets == [number])
    let left = try shop.read { try Blankets.require(number: number, in: $0) }
    #expect(left.note.isEmpty && left.customerName.isEmpty)
    #expect(
      try shop.reasons {
        try PlaceOrder(draft(number, [("LAMP", 1)], customer: "CAFE"), by: "till")
          .run(in: $0, at: Shop.now)
      } == ["CUSTOMER_ERASED"])
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let reason: String
    let field: String?
    let command: @Sendable (String, Transaction) throws -> Void
    var testDescription: String { reason }
  }

  private static func create(
    _ lines: [(String, Int64)], customer: String = "VIPCO", from: Int = 0, until: Int = 9,
    in tx: Transaction
  ) throws {
    _ = try CreateBlanket(
      customerCode: customer,
      lines: lines.map { .init(sku: $0.0, quantity: GivenQuantity(units($0.1))) },
      validFrom: Shop.day.adding(days: from), validUntil: Shop.day.adding(days: until), by: "till"
    ).run(in: tx, at: Shop.now)
  }

  private static func place(
    _ draft: OrderDraft, in tx: Transaction
  ) throws {
    _ = try PlaceOrder(draft, by: "till").run(in: tx, at: Shop.now)
  }

  static let rows: [Refusal] = [
    Refusal(reason: "OUT_OF_RANGE", field: "lines") { try create([], in: $1) },
    Refusal(reason: "OUT_OF_RANGE", field: "valid_from") {
      try create([("LAMP", 1)], from: -1, in: $1)
    },
    Refusal(reason: "OUT_OF_RANGE", field: "valid_until") {
      try create([("LAMP", 1)], until: 1_831, in: $1)
    },
    Refusal(reason: "UNKNOWN_CUSTOMER", field: "customer_code") {
      try create([("LAMP", 1)], customer: "NOBODY", in: $1)
    },
    Refusal(reason: "UNKNOWN_PRODUCT", field: "lines[0].sku") {
      try create([("NOTHING", 1)], in: $1)
    },
    Refusal(reason: "DUPLICATE_PRODUCT", field: "lines[1].sku") {
      try create([("LAMP", 1), ("LAMP", 1)], in: $1)
    },
    Refusal(reason: "NOT_FOR_SALE", field: "lines[0].sku") { try create([("BOARD", 1)], in: $1) },
    Refusal(reason: "NO_PRICE", field: "lines[0].sku") { try create([("SECRET", 1)], in: $1) },
    Refusal(reason: "QUANTITY_NOT_POSITIVE", field: "lines[0].quantity") {
      try create([("LAMP", 0)], in: $1)
    },
    Refusal(reason: "UNKNOWN_BLANKET", field: "number") { _, tx in
      _ = try CloseBlanket(number: "BO-1", reason: "x", by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(reason: "VERSION_CONFLICT", field: "expected_version") { number, tx in
      _ = try CloseBlanket(number: number, expectedVersion: 2, reason: "x", by: "till")
        .run(in: tx, at: Shop.now)
    },
    Refusal(reason: "BLANKET_CLOSED", field: nil) { number, tx in
      for _ in 1...2 {
        _ = try CloseBlanket(number: number, reason: "x", by: "till").run(in: tx, at: Shop.now)
      }
    },
    Refusal(reason: "UNKNOWN_BLANKET", field: "order.blanket_number") { _, tx in
      try place(
        OrderDraft(
          channel: .web, customerCode: "VIPCO", warehouseCode: "MAIN",
          lines: [.init(sku: "LAMP", quantity: units(1))], blanketNumber: "BO-1"), in: tx)
    },
    Refusal(reason: "BLANKET_OF_ANOTHER_CUSTOMER", field: "order.blanket_number") { number, tx in
      try place(
        OrderDraft(
          channel: .web, customerCode: "HOTEL", warehouseCode: "MAIN",
          lines: [.init(sku: "LAMP", quantity: units(1))], blanketNumber: number), in: tx)
    },
    Refusal(reason: "NOT_IN_BLANKET", field: "order.lines[0].sku") { number, tx in
      try place(
        OrderDraft(
          channel: .web, customerCode: "VIPCO", warehouseCode: "MAIN",
          lines: [.init(sku: "INSTALL", quantity: units(1))], blanketNumber: number), in: tx)
    },
    Refusal(reason: "BLANKET_IN_QUOTE", field: "variants[0].order.blanket_number") { number, tx in
      let order = OrderDraft(
        channel: .web, customerCode: "", warehouseCode: "MAIN",
        lines: [.init(sku: "LAMP", quantity: units(1))], blanketNumber: number)
      _ = try CreateQuote(
        customerCode: "VIPCO", QuoteDraft(variants: [.init(title: "", order: order)]), by: "till"
      ).run(in: tx, at: Shop.now)
    },
  ]

  @Test("refuse", arguments: rows)
  func refuses(row: Refusal) throws {
    let shop = try Shop()
    let number = try agree(shop)
    let refused = try shop.refusals { try row.command(number, $0) }
    #expect(refused.map(\.reason) == [row.reason])
    #expect(refused.first?.field == row.field)
    #expect(refused.first?.message.isEmpty == false)
  }
}
