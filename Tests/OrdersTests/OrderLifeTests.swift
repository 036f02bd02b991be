import Finance
import Inventory
import MasterData
import Orders
import Storage
import TestRandom
import Testing
import Values

@Suite("A stocked order from draft to closed")
struct OrderLifeTests {
  @Test("create, submit, approve, confirm, ship, deliver, invoice, pay, closed")
  func endToEnd() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 40)
    let draft = try shop.write {
      try CreateOrder(.of("BIGCO", [("CHAIR", 30), ("INSTALL", 1)]), by: "seller")
        .run(in: $0, at: Shop.now)
    }
    #expect(draft.state == .draft)
    #expect(draft.gross == cny(0))
    let number = draft.number
    let submitted = try shop.submit(number)
    #expect(submitted.state == .submitted)
    #expect(submitted.gross == fen(690_686))
    #expect(try shop.order(number) == submitted)
    #expect(try shop.approve(number).approval.decidedBy == "boss")
    let confirmed = try shop.confirm(number)
    #expect(confirmed.version == 4)
    #expect(confirmed.lines[0].reserved == units(30))
    #expect(try shop.creditUse(of: "BIGCO").orders == confirmed.gross)

    let shipment = try shop.prepare(number)
    #expect(shipment.lines.map(\.quantity) == [units(30)])
    try shop.pack(shipment.number)
    let sent = try shop.dispatch(shipment.number)
    #expect(sent.lines.map(\.cost) == [cny(1_500)])
    #expect(try shop.order(number).state == .shipped)
    _ = try shop.deliver(shipment.number)
    let delivered = try shop.order(number)
    #expect(delivered.state == .delivered)
    #expect(delivered.lines.map(\.delivered) == [units(30), units(1)])

    let invoice = try shop.invoice(number)
    #expect(invoice.gross == confirmed.gross)
    #expect(invoice.dueOn == Shop.day.adding(days: 30))
    let use = try shop.creditUse(of: "BIGCO")
    #expect(use.orders == cny(0))
    #expect(use.invoices == confirmed.gross)
    try shop.pay("BIGCO", confirmed.gross)
    #expect(try shop.order(number).state == .closed)
    #expect(try shop.creditUse(of: "BIGCO").total == cny(0))
    #expect(try shop.violations().isEmpty)
  }

  @Test("every transition leaves an event on the timeline")
  func events() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 40)
    let order = try shop.place(.of("HOTEL", [("CHAIR", 2)]))
    let shipment = try shop.prepare(order.number)
    let types = try shop.events { tx in
      _ = try PickShipment(number: shipment.number).run(in: tx, at: Shop.now)
      _ = try PackShipment(number: shipment.number, cartons: 1).run(in: tx, at: Shop.now)
      _ = try DispatchShipment(number: shipment.number, carrier: "SF").run(in: tx, at: Shop.now)
      _ = try DeliverShipment(number: shipment.number).run(in: tx, at: Shop.now)
      _ = try InvoiceOrder(number: order.number).run(in: tx, at: Shop.now)
      _ = try ReceiveOrderPayment(
        customerCode: "HOTEL", amount: order.gross, method: .cash, orderNumber: order.number
      ).run(in: tx, at: Shop.now)
    }
    #expect(
      types.filter { $0.hasPrefix("order.") || $0.hasPrefix("shipment.") } == [
        "shipment.picked", "shipment.packed", "shipment.dispatched", "order.shipped",
        "shipment.delivered", "order.delivered", "order.invoiced", "order.closed",
      ])
  }

  @Test("an event says nothing of what nobody said")
  func unsigned() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 1)
    let order = try shop.place(.of("HOTEL", [("CHAIR", 1)]))
    let shipment = try shop.prepare(order.number)
    try shop.pack(shipment.number)
    _ = try shop.dispatch(shipment.number)
    let facts = try shop.write { tx in
      _ = tx.takeEvents()
      _ = try DeliverShipment(number: shipment.number).run(in: tx, at: Shop.now)
      return tx.takeEvents().first { $0.type == "shipment.delivered" }?.facts.map(\.name)
    }
    #expect(facts?.isEmpty == false && facts?.contains("received_by") == false)
  }

  @Test("parts are shipped and delivered one after another")
  func partialShipments() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 5)
    try shop.stock("LAMP", 2)
    let order = try shop.place(.of("HOTEL", [("CHAIR", 5), ("LAMP", 2)])).number
    try shop.ship(order, [LineQuantity(line: 1, quantity: units(2))])
    #expect(try shop.order(order).state == .partlyShipped)
    // What is set apart for one shipment is not there for another.
    let second = try shop.prepare(order, [LineQuantity(line: 1, quantity: units(2))])
    let third = try shop.prepare(order)
    #expect(third.lines.map(\.quantity) == [units(1), units(2)])
    #expect(
      try shop.reasons { try PrepareShipment(orderNumber: order).run(in: $0, at: Shop.now) }
        == ["NOTHING_TO_SHIP"])
    let cancelled = try shop.write {
      try CancelShipment(number: third.number).run(in: $0, at: Shop.now)
    }
    #expect(cancelled.state == .cancelled)
    try shop.pack(second.number)
    _ = try shop.dispatch(second.number)
    try shop.ship(order)
    #expect(try shop.order(order).state == .shipped)
    _ = try shop.deliver(second.number)
    #expect(try shop.order(order).state == .delivered)
    let states = try shop.read { snapshot in
      try Shipments.ofOrder(SalesOrders.require(number: order, in: snapshot), in: snapshot)
        .map(\.state)
    }
    #expect(states == [.delivered, .delivered, .cancelled, .delivered])
    #expect(try shop.violations().isEmpty)
  }

  @Test(
    "any split into deliveries and invoices sums to the order to the cent",
    arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func partialInvoices(seed: UInt64) throws {
    var random = Seeded(seed)
    let shop = try Shop()
    try shop.stock("CHAIR", 100)
    try shop.stock("FABRIC", 100)
    let ordered = [
      units(.random(in: 2...30, using: &random)),
      Quantity(micros: .random(in: 1...50_000_000, using: &random)),
    ]
    let draft = OrderDraft(
      channel: .web, customerCode: "VIPCO", warehouseCode: "MAIN",
      lines: [
        .init(
          sku: "CHAIR", quantity: ordered[0],
          discount: Rate(micros: .random(in: 0...300_000, using: &random))),
        .init(sku: "FABRIC", quantity: ordered[1], discount: Rate(micros: 33_333)),
      ])
    let order = try shop.place(draft)
    var invoiced: [Invoice] = []
    while try !shop.order(order.number).lines.allSatisfy({ $0.open == .zero }) {
      let lines = try shop.order(order.number).lines.filter { $0.open.isPositive }.map { line in
        let part =
          line.unit == "pcs"
          ? units(.random(in: 1...(line.open.micros / 1_000_000), using: &random))
          : Quantity(
            micros: .random(in: (line.open.micros + 3) / 4...line.open.micros, using: &random))
        return LineQuantity(line: line.number, quantity: part)
      }
      try shop.ship(order.number, lines)
      if Bool.random(using: &random) { invoiced.append(try shop.invoice(order.number)) }
    }
    if try shop.order(order.number).lines.contains(where: { $0.uninvoiced.isPositive }) {
      invoiced.append(try shop.invoice(order.number))
    }
    #expect(try invoiced.map(\.gross).sum(.cny) == order.gross)
    #expect(try invoiced.map(\.tax).sum(.cny) == order.tax)
    #expect(try shop.creditUse(of: "VIPCO").invoices == order.gross)
    #expect(try shop.violations().isEmpty)
  }

  @Test("a rejected order is a draft again and is priced anew")
  func rejected() throws {
    let shop = try Shop()
    let number = try shop.place(.of("BIGCO", [("CHAIR", 30)])).number
    let rejected = try shop.write {
      try RejectOrder(number: number, reason: "Too cheap", by: "boss", roles: ["GENERAL_MANAGER"])
        .run(in: $0, at: Shop.now)
    }
    #expect(rejected.state == .draft)
    #expect(rejected.approval.requiredRole == nil)
    #expect(try shop.submit(number).approval.isPending)
    #expect(try shop.violations().isEmpty)
  }

  @Test("services alone are completed, invoiced and paid without a shipment")
  func servicesOnly() throws {
    let shop = try Shop()
    let order = try shop.place(.of("HOTEL", [("INSTALL", 3)]))
    let part = try shop.write {
      try CompleteService(
        orderNumber: order.number, lines: [LineQuantity(line: 1, quantity: units(1))]
      ).run(in: $0, at: Shop.now)
    }
    #expect(part.state == .confirmed)
    let first = try shop.invoice(order.number)
    let done = try shop.write {
      try CompleteService(orderNumber: order.number).run(in: $0, at: Shop.now)
    }
    #expect(done.state == .delivered)
    let second = try shop.invoice(order.number)
    #expect(try first.gross + second.gross == order.gross)
    try shop.pay("HOTEL", order.gross, for: order.number)
    #expect(try shop.order(order.number).state == .closed)
    #expect(try shop.violations().isEmpty)
  }
}
