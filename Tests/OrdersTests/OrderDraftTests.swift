import MasterData
import Orders
import Storage
import Testing
import Values

@Suite("Drafts")
struct OrderDraftTests {
  @Test("may name what does not exist yet, and are complete when they are submitted")
  func incomplete() throws {
    let shop = try Shop()
    let draft = OrderDraft(
      channel: .phone, customerCode: "NOBODY", warehouseCode: "NOWHERE",
      lines: [.init(sku: "NOTHING", quantity: units(1), unit: "pcs", note: "later")])
    let order = try shop.write { try CreateOrder(draft, by: "seller").run(in: $0, at: Shop.now) }
    #expect(try shop.order(order.number) == order)
    #expect(order.createdBy == "seller")
    #expect(try shop.violations().isEmpty)
    let reasons = try shop.reasons {
      try SubmitOrder(number: order.number, by: "till").run(in: $0, at: Shop.now)
    }
    #expect(reasons == ["UNKNOWN_CUSTOMER", "UNKNOWN_WAREHOUSE", "UNKNOWN_PRODUCT"])
  }

  @Test("prices hold from the submission on")
  func frozen() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    let number = try shop.write {
      try CreateOrder(.of("HOTEL", [("CHAIR", 2)]), by: "till").run(in: $0, at: Shop.now)
    }.number
    let submitted = try shop.submit(number)
    try shop.write { try PriceFixture.set("CHAIR", micros: 1_000_000, in: $0) }
    #expect(try shop.confirm(number).gross == submitted.gross)
    #expect(try shop.place(.of("HOTEL", [("CHAIR", 1)])).net == fen(100))
  }

  @Test("what nobody pays for is free, and closes without money")
  func free() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    let draft = OrderDraft(
      channel: .store, customerCode: "ANNA", warehouseCode: "MAIN",
      lines: [.init(sku: "CHAIR", quantity: units(1), discount: .one)])
    let order = try shop.place(draft)
    #expect(order.gross == cny(0))
    try shop.ship(order.number)
    _ = try shop.invoice(order.number)
    #expect(try shop.order(order.number).state == .closed)
    #expect(try shop.violations().isEmpty)
  }
}
