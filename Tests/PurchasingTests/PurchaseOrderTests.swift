import Inventory
import MasterData
import Purchasing
import Storage
import Testing
import Values

@Suite("Purchase orders")
struct PurchaseOrderTests {
  @Test("take prices from the supplier's list and the date from the longest lead time")
  func defaults() async throws {
    let yard = try await Yard()
    try await yard.write { tx in
      let order = try tx.order(.of(3), .of(2, "C-1"), .of(1, "T-1", at: price(5)))
      #expect(order.number == "PO-2026-000001" && order.state == .ordered)
      #expect(order.expectedOn == Yard.day.adding(days: 14))
      #expect(order.lines.map(\.unitPrice) == [micros(33_333_333), price(100), price(5)])
      #expect(try order.net() == fen(10_000 + 20_000 + 500))
      #expect(try PurchaseOrders.find(number: order.number, in: tx) == order)
      let other = try tx.order(.of(1, "T-1", at: price(5)), from: "PINE")
      #expect(other.expectedOn == Yard.day.adding(days: 3))
      let day = Yard.day.adding(days: 99)
      #expect(try tx.order(.of(1), expectedOn: day).expectedOn == day)
      let board = try Product.named("R-1", in: tx)
      #expect(try PurchaseOrders.openQuantity(of: board, in: tx) == qty(4))
    }
    #expect(try await yard.violations() == [])
  }

  @Test("fulfil requisitions, and say so on the timeline of who asked")
  func requisitions() async throws {
    let yard = try await Yard()
    try await yard.write { tx in
      try tx.request(4, for: 1)
      try tx.request(2, for: 2, root: salesOrder(9))
    }
    let events = try await yard.events { tx in
      let order = try tx.order(.requisition(1), .requisition(2, units: 5), .of(1, "C-1"))
      #expect(order.lines.map(\.ordered) == [qty(4), qty(5), qty(1)])
      #expect(
        order.lines.map(\.requisitionNumber) == ["RQ-2026-000001", "RQ-2026-000002", nil])
      let requisition = try Requisitions.find(number: "RQ-2026-000002", in: tx)
      #expect(requisition?.state == .ordered)
      #expect(requisition?.purchaseOrderNumber == order.number)
    }
    #expect(
      events.map { "\($0.type) \($0.subject) \($0.related?.number ?? "")" } == [
        "purchase-order.created PO-2026-000001 ",
        "requisition.ordered RQ-2026-000001 SO-1", "requisition.ordered RQ-2026-000002 SO-9",
      ])
    #expect(try await yard.violations() == [])
  }

  @Test("are listed newest first, by supplier and by state")
  func lists() async throws {
    let yard = try await Yard()
    try await yard.write { tx in
      for _ in 1...3 { try tx.order(.of(1)) }
      try tx.order(.of(1, at: price(1)), from: "PINE")
      try tx.receive("PO-2026-000002")
      let numbers = { (page: [PurchaseOrder]) in page.map { $0.number.suffix(1) } }
      let first = try PurchaseOrders.list(limit: 2, in: tx)
      let rest = try PurchaseOrders.list(before: first[1].id, limit: 9, in: tx)
      #expect(numbers(first + rest) == ["4", "3", "2", "1"])
      let pine = try Suppliers.require(code: "PINE", field: "supplier_code", in: tx)
      #expect(try numbers(PurchaseOrders.list(from: pine, limit: 9, in: tx)) == ["4"])
      #expect(try numbers(PurchaseOrders.list(.ordered, limit: 9, in: tx)) == ["4", "3", "1"])
      #expect(try numbers(PurchaseOrders.list(.received, limit: 9, in: tx)) == ["2"])
    }
  }

  @Test("show every mistake at once")
  func collects() async throws {
    let yard = try await Yard()
    let found = try await yard.refusals { tx in
      try tx.request(1, for: 1)
      try tx.order(
        .of(0), .of(1, "NONE"), PurchaseLineDraft(sku: "C-1"), .requisition(7), .requisition(1),
        .requisition(1), .of(1, "C-1", at: UnitPrice(micros: 1, currency: .usd)),
        from: "NOBODY", to: "NOWHERE")
    }
    #expect(
      found.map { "\($0.reason) \($0.field ?? "")" } == [
        "UNKNOWN_SUPPLIER supplier_code", "UNKNOWN_WAREHOUSE warehouse_code",
        "QUANTITY_NOT_POSITIVE lines[0].quantity", "UNKNOWN_PRODUCT lines[1].sku",
        "REQUIRED lines[2].quantity", "UNKNOWN_REQUISITION lines[3].requisition_number",
        "DUPLICATE_REQUISITION lines[5].requisition_number",
        "CURRENCY_NOT_ACCEPTED lines[6].unit_price",
      ])
  }

  @Test("cancelled before anything came: who still asks is open again")
  func cancel() async throws {
    let yard = try await Yard()
    try await yard.write { tx in
      try tx.request(4, for: 1)
      try tx.request(2, for: 2)
      try tx.order(.requisition(1), .requisition(2), .of(3))
      _ = try CancelRequisitions(origin: orderLine(2, 1)).run(in: tx, at: Yard.now)
    }
    let events = try await yard.events { tx in
      let order = try CancelPurchaseOrder(number: "PO-2026-000001", reason: "too slow")
        .run(in: tx, at: Yard.now)
      #expect(order.state == .cancelled && order.version == 2)
      #expect(try PurchaseOrders.find(number: order.number, in: tx) == order)
      let states = try Requisitions.list(limit: 9, in: tx).map(\.state)
      #expect(states == [.open, .cancelled])
    }
    #expect(
      events.map { "\($0.type) \($0.subject)" } == [
        "requisition.reopened RQ-2026-000001", "requisition.cancelled RQ-2026-000002",
        "purchase-order.cancelled PO-2026-000001",
      ])
    try await yard.write { _ = try $0.order(.requisition(1)) }
    #expect(try await yard.violations() == [])
  }

  @Test("cancelled after a part came: the rest is asked for anew")
  func cancelRest() async throws {
    let yard = try await Yard()
    try await yard.write { tx in
      try tx.request(4, for: 1, root: salesOrder(9))
      try tx.order(.requisition(1, units: 6), .of(2, "C-1"))
      try tx.receive("PO-2026-000001", (1, 3))
      let order = try CancelPurchaseOrder(number: "PO-2026-000001").run(in: tx, at: Yard.now)
      #expect(order.lines.map(\.cancelled) == [qty(3), qty(2)])
      #expect(order.state == .received)
      let open = try Requisitions.list(.open, limit: 9, in: tx)
      #expect(open.map(\.quantity) == [qty(1)])
      #expect(open.map(\.root) == [salesOrder(9)])
      #expect(try PurchaseOrders.openQuantity(of: .named("R-1", in: tx), in: tx) == .zero)
    }
    #expect(try await yard.violations() == [])
  }
}
