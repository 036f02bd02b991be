import Inventory
import Purchasing
import Storage
import Testing
import Values

@Suite("Enter a supplier's bill")
struct EnterSupplierBillTests {
  @Test("at the price of the order clears what was owed for the receipts")
  func plain() async throws {
    let yard = try await Yard()
    let events = try await yard.events { tx in
      try tx.order(.of(3))
      try tx.receive()
      let bill = try tx.bill("B-1", tax: cny(13))
      #expect(bill.number == "SB-2026-000001" && bill.order.state == .billed)
      #expect(bill.gross == cny(113) && bill.priceVariance == fen(0))
      #expect(bill.billedOn == Yard.day && bill.dueOn == Yard.day.adding(days: 30))
      #expect(try PurchaseOrders.find(number: "PO-2026-000001", in: tx) == bill.order)
      #expect(try SupplierBills.numbers(of: bill.order, in: tx) == [bill.number])
    }
    #expect(events.last?.type == "supplier-bill.entered")
    #expect(events.last?.related == DocumentReference(.purchaseOrder, "PO-2026-000001"))
    #expect(
      try await yard.balances() == ["1403 100.00", "2202 -113.00", "2221.02 13.00"])
    #expect(try await yard.violations() == [])
  }

  @Test(
    "at another price posts the difference and leaves stock at what it cost", arguments: [-1, 1])
  func variance(sign: Int64) async throws {
    let yard = try await Yard()
    try await yard.write { tx in
      try tx.order(.of(4, "C-1"))
      try tx.receive()
      let bill = try tx.bill("B-1", "PO-2026-000001", .of(1, 3, at: price(100 + sign * 10)))
      #expect(bill.priceVariance == cny(30 * sign))
      #expect(bill.order.state == .received)
    }
    #expect(
      try await yard.balances() == [
        "1405 400.00", "2202 \(cny(-300 - 30 * sign).decimal)", "2202.01 -100.00",
        "6401.01 \(cny(30 * sign).decimal)",
      ])
    #expect(try await yard.violations() == [])
  }

  @Test("shows every mistake at once")
  func collects() async throws {
    let yard = try await Yard()
    let found = try await yard.refusals { tx in
      try tx.order(.of(3), .of(2, "C-1"))
      try tx.receive("PO-2026-000001", (1, 2))
      try tx.bill(
        " ", "PO-2026-000001", .of(1, 3), .of(1, 1, at: UnitPrice(micros: -1, currency: .usd)),
        tax: Money(minor: -1, currency: .cny), billedOn: Yard.day.adding(days: 1),
        dueOn: Yard.day)
    }
    #expect(
      found.map { "\($0.reason) \($0.field ?? "")" } == [
        "REQUIRED bill_number", "OUT_OF_RANGE tax", "BILLED_IN_FUTURE billed_on",
        "DUE_BEFORE_BILLED due_on", "OVER_BILLING lines[0].quantity",
        "DUPLICATE_LINE lines[1].line_number", "CURRENCY_NOT_ACCEPTED lines[1].unit_price",
      ])
  }
}
