import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: an order is cancelled and nothing of it stays behind")
struct CancellationTests {
  @Test("a confirmed order with a table: stock, work order, requisition and credit are released")
  func wholeOrder() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 4, cost: "200")
    let order = try await shop.place([("CHAIR", 2), ("TABLE", 1)])
    let done = try await shop.orders.cancelOrder(
      .init(number: order.number, reason: .customerWish, comment: "moved abroad"),
      options: shop.command())
    #expect(done.order?.state == .cancelled)
    #expect(Set(done.verdicts.compactMap(\.document?.kind)) == [.workOrder, .requisition])
    #expect(done.verdicts.allSatisfy { $0.outcome == .cancelled })

    let chairs = try await shop.inventory.getAvailability(.init(sku: "CHAIR"))
    #expect(chairs.levels.map(\.available?.micros) == [4_000_000])
    let screws = try await shop.inventory.getAvailability(.init(sku: "SCREW"))
    #expect(screws.levels.map(\.reserved?.micros) == [0])
    let work = try await shop.production.listWorkOrders(.init(orderNumber: order.number))
    #expect(work.workOrders.map(\.state) == [.cancelled])
    let customer = try await shop.customers.getCustomer(.init(code: "CREDIT"))
    #expect(customer.credit?.available == yuan("50000.00"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("the rest of a part-shipped order: what has left stays sold")
  func restOfPartShipped() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 2, cost: "200")
    let order = try await shop.place([("CHAIR", 5)])
    #expect(order.lines.first?.reserved?.micros == 2_000_000)
    try await shop.deliver(order.number)
    let done = try await shop.orders.cancelOrder(
      .init(number: order.number, reason: .notAvailable), options: shop.command())
    let line = try #require(done.order?.lines.first)
    #expect(line.shipped?.micros == 2_000_000)
    #expect(line.cancelled?.micros == 3_000_000)
    #expect(done.order?.state == .delivered)
    let invoice = try await shop.orders.invoiceOrder(
      .init(number: order.number), options: shop.command())
    #expect(invoice.gross == yuan("1127.74"))  // 2/5 of 2,495.00 and of 324.35
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("so much of a line is cancelled, and the line numbers are for whole lines")
  func partOfALine() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 5, cost: "200")
    let order = try await shop.place([("CHAIR", 5)])
    let shown = try await shop.orders.cancelOrder(
      .init(
        number: order.number, reason: .price,
        quantities: [.init(lineNumber: 1, quantity: pieces(2))]),
      options: shop.command(dryRun: true))
    let done = try await shop.orders.cancelOrder(
      .init(
        number: order.number, reason: .price,
        quantities: [.init(lineNumber: 1, quantity: pieces(2))]), options: shop.command())
    #expect(done == shown)
    #expect(done.order?.lines.first?.reserved?.micros == 3_000_000)
    let both = await refusal {
      try await shop.orders.cancelOrder(
        .init(
          number: order.number, reason: .price, lineNumbers: [1],
          quantities: [.init(lineNumber: 1, quantity: pieces(2))]), options: shop.command())
    }
    #expect(both?.code == .invalidArgument)
    try await shop.deliver(order.number)
    let invoice = try await shop.orders.invoiceOrder(
      .init(number: order.number), options: shop.command())
    #expect(invoice.gross == yuan("1691.61"))  // 3/5 of 2,495.00 and of 324.35
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a shipment that was not dispatched is called off, and its goods stay reserved")
  func shipmentCalledOff() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 2, cost: "200")
    let order = try await shop.place([("CHAIR", 2)])
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: order.number), options: shop.command())
    let number = try #require(prepared.shipment?.number)
    let off = try await shop.orders.cancelShipment(
      .init(number: number), options: shop.command())
    #expect(off.shipment?.state == .cancelled)
    let after = try await shop.orders.getOrder(.init(number: order.number))
    #expect(after.order?.lines.first?.reserved?.micros == 2_000_000)
    let shipments = try await shop.orders.listShipments(.init(orderNumber: order.number))
    #expect(shipments.shipments.map(\.state) == [.cancelled])
    await shop.close()
  }
}
