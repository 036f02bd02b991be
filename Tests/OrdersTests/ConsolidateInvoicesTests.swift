import Finance
import Inventory
import MasterData
import Orders
import Storage
import TestRandom
import Testing
import Values

@Suite("Invoices for several orders, at the level of verbs")
struct ConsolidateInvoicesTests {
  private static func wanted(_ name: String = "") -> OrderInstructions? {
    OrderInstructions(
      invoice: InvoiceRequirement(kind: .ordinary, buyerName: name, isConsolidated: true))
  }

  private static func draft(
    _ customer: String, _ lines: [(String, Int64)], discount: OrderDiscount? = nil
  ) -> OrderDraft {
    OrderDraft(
      channel: .web, customerCode: customer, warehouseCode: "MAIN",
      lines: lines.map { .init(sku: $0.0, quantity: GivenQuantity(units($0.1))) },
      discount: discount, instructions: wanted())
  }

  private func run(_ shop: Shop, _ customer: String = "") throws -> ConsolidateInvoices.Outcome {
    try shop.write {
      try ConsolidateInvoices(customerCode: customer, through: nil).run(in: $0, at: Shop.now)
    }
  }

  @Test("any split of orders into consolidated invoices sums to each order", arguments: 1...12)
  func splits(seed: UInt64) throws {
    var random = Seeded(seed)
    let shop = try Shop()
    for sku in ["CHAIR", "LAMP", "FABRIC"] { try shop.stock(sku, 90) }
    let orders = try (0..<3).map { _ in
      try shop.place(
        Self.draft(
          "VIPCO",
          [
            ("CHAIR", .random(in: 1...7, using: &random)),
            ("LAMP", .random(in: 1...7, using: &random)), ("INSTALL", 1),
          ], discount: .share(Rate(micros: .random(in: 0...90_000, using: &random))))
      ).number
    }
    var billed: [String: Int64] = [:]
    func bill() throws {
      for invoice in try run(shop).invoices {
        for part in invoice.parts {
          let lines = part.lines.reduce(0) { $0 + $1.net.minor + $1.tax.minor }
          #expect(lines == part.gross.minor)
          billed[part.order.number, default: 0] += part.gross.minor
        }
        let gross = invoice.parts.reduce(0) { $0 + $1.gross.minor }
        #expect(try invoice.sum(\.gross).minor == gross)
        #expect(try invoice.taxTotals().reduce(0) { $0 + $1.net.minor + $1.tax.minor } == gross)
      }
      #expect(try run(shop).invoices.isEmpty)
    }
    var isOpen = true
    while isOpen {
      isOpen = false
      for number in orders {
        let order = try shop.order(number)
        let left = order.lines.filter { $0.sourcing != .service && $0.open.isPositive }
        guard let line = left.randomElement(using: &random) else { continue }
        isOpen = true
        let count = Int64.random(in: 1...(line.open.micros / 1_000_000), using: &random)
        let part = LineQuantity(line: line.number, quantity: GivenQuantity(units(count)))
        try shop.ship(number, [part])
      }
      if .random(using: &random) { try bill() }
    }
    try bill()
    for number in orders {
      let order = try shop.order(number)
      #expect(billed[number] == order.gross.minor && order.state == .delivered)
    }
    #expect(try shop.violations().isEmpty)
  }

  @Test("an order that asks for it is invoiced in no other way; what is refused names its field")
  func refusals() throws {
    let shop = try Shop()
    try shop.stock("LAMP", 2)
    let number = try shop.place(Self.draft("HOTEL", [("LAMP", 2)])).number
    try shop.ship(number)
    #expect(
      try shop.reasons { try InvoiceOrder(number: number).run(in: $0, at: Shop.now) }
        == ["INVOICED_TOGETHER"])
    let unknown = try shop.refusals {
      try ConsolidateInvoices(customerCode: "NOBODY", through: nil).run(in: $0, at: Shop.now)
    }
    #expect(unknown.map(\.field) == ["customer_code"])
    let early = try shop.refusals {
      try ConsolidateInvoices(customerCode: "", through: Shop.day.adding(days: 1))
        .run(in: $0, at: Shop.now)
    }
    #expect(early.map(\.field) == ["through"])
    #expect(try run(shop, "HOTEL").invoices.count == 1)
    let late = OrderChange(instructions: InstructionEdits(invoice: .cleared))
    #expect(
      try shop.reasons {
        try ChangeOrder(number: number, late, reason: "late", by: "till")
          .run(in: $0, at: Shop.now)
      } == ["INVOICE_WRITTEN"])
  }

  @Test("verification finds parts that do not go together, and orders that are looked for in vain")
  func verified() throws {
    func broken(_ sql: StaticString) throws -> [String] {
      let shop = try Shop()
      try shop.stock("LAMP", 4)
      for _ in 0..<2 {
        try shop.ship(shop.place(Self.draft("HOTEL", [("LAMP", 2)])).number)
      }
      _ = try run(shop)
      try shop.write { _ = try $0.execute(sql) }
      return try shop.violations().map(\.rule)
    }
    for damage: StaticString in [
      "UPDATE consolidated_invoice SET parts = 3",
      "UPDATE consolidated_invoice SET due_on = due_on + 1",
      "UPDATE invoice SET consolidated_id = NULL WHERE id = 2",
      "UPDATE invoice SET requirement = NULL WHERE id = 2",
    ] {
      #expect(
        try broken(damage) == ["finance.consolidated-invoice-is-its-parts"], "\(damage)")
    }
    #expect(
      try broken("UPDATE sales_order SET is_invoiced_together = 0 WHERE id = 2")
        == ["orders.invoiced-as-asked"])
  }
}
