import Inventory
import Purchasing
import Storage
import Testing
import Values

@Suite("Receive goods")
struct ReceiveGoodsTests {
  @Test("part receipts cost what the whole costs, to the cent")
  func cumulative() async throws {
    let yard = try await Yard()
    try await yard.write { tx in
      try tx.order(.of(3))
      let values = try (1...3).map { _ in try tx.receive("PO-2026-000001", (1, 1)).value.minor }
      #expect(values == [3_333, 3_334, 3_333])
      #expect(try PurchaseOrders.find(number: "PO-2026-000001", in: tx)?.state == .received)
    }
    #expect(try await yard.balances() == ["1403 100.00", "2202.01 -100.00"])
    #expect(try await yard.violations() == [])
  }

  @Test("brings all that is open when no line is named")
  func all() async throws {
    let yard = try await Yard()
    let events = try await yard.events { tx in
      try tx.order(.of(3), .of(2, "C-1"))
      try tx.receive("PO-2026-000001", (2, 1))
      let receipt = try tx.receive(note: "DN-1")
      #expect(receipt.number == "GR-2026-000002" && receipt.order.version == 3)
      #expect(receipt.order.lines.allSatisfy { $0.open == .zero })
      #expect(try PurchaseOrders.find(number: "PO-2026-000001", in: tx) == receipt.order)
      let numbers = try GoodsReceipts.numbers(of: receipt.order, in: tx)
      #expect(numbers == ["GR-2026-000001", "GR-2026-000002"])
    }
    let last = try #require(events.last)
    #expect(last.type == "goods.received")
    #expect(last.related == DocumentReference(.purchaseOrder, "PO-2026-000001"))
    #expect(last.facts.contains(Fact("value", "200.00 CNY")))
    #expect(try await yard.violations() == [])
  }

  @Test("goods go to the demand that waits, and both timelines tell")
  func fills() async throws {
    let yard = try await Yard()
    try await yard.write { tx in
      try Reserve(
        product: .named("R-1", in: tx), warehouse: .named("MAIN", in: tx), quantity: qty(4),
        origin: orderLine(1, 1), shortage: .wait
      ).run(in: tx, at: Yard.now)
      try tx.request(4, for: 1)
      try tx.order(.requisition(1, units: 6))
    }
    let events = try await yard.events { try $0.receive() }
    #expect(
      events.map { "\($0.type) \($0.subject) \($0.related?.number ?? "")" } == [
        "requisition.received RQ-2026-000001 SO-1", "reservation.filled SO-1 ",
        "goods.received GR-2026-000001 PO-2026-000001",
      ])
    let totals = try await yard.read { try Availability.of(.named("R-1", in: $0), in: $0) }
    #expect(totals.reserved == qty(4) && totals.available == qty(2))
    #expect(try await yard.violations() == [])
  }

  @Test("refuses more than is open, twice the same line, and shows all mistakes at once")
  func refuses() async throws {
    let yard = try await Yard()
    let found = try await yard.refusals { tx in
      try tx.order(.of(3), .of(2, "C-1"))
      try tx.receive("PO-2026-000001", (1, 4), (1, 1), (9, 1), (2, 0))
    }
    #expect(
      found.map { "\($0.reason) \($0.field ?? "")" } == [
        "OVER_RECEIPT lines[0].quantity", "DUPLICATE_LINE lines[1].line_number",
        "UNKNOWN_LINE lines[2].line_number", "QUANTITY_NOT_POSITIVE lines[3].quantity",
      ])
    let kilos = try await yard.refusals { tx in
      try tx.order(.of(2, "C-1"))
      try ReceiveGoods(
        purchaseOrderNumber: "PO-2026-000001",
        lines: [
          PurchaseLineQuantity(
            lineNumber: 1, quantity: GivenQuantity(Quantity(micros: 500_000), unit: "kg"))
        ]
      ).run(in: tx, at: Yard.now)
    }
    #expect(kilos.map(\.reason) == ["WRONG_UNIT"])
    #expect(try await yard.balances() == [])
  }
}
