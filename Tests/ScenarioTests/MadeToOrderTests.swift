import Messages
import TestKit
import Testing

@Suite("Scenario: an oak table made to order, with a board shortage")
struct MadeToOrderTests {
  @Test("deposit, purchase, workshop, delivery: the table reaches the line that waits for it")
  func tableToOrder() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let order = try await shop.place([("TABLE", 1)])
    #expect(order.state == .confirmed)
    #expect(order.depositRequired == yuan("1084.80"))  // 30 % of 3,616.00

    let planned = try await shop.production.listWorkOrders(.init(orderNumber: order.number))
    let workOrder = try #require(planned.workOrders.first)
    #expect(workOrder.state == .planned)
    #expect(workOrder.hold == "DEPOSIT")
    let short = try await shop.purchasing.listRequisitions(.init(state: .open))
    let requisition = try #require(short.requisitions.first)
    #expect(requisition.sku == "BOARD")
    #expect(requisition.quantity?.micros == 2_777_778)  // 2.5 m² ÷ (1 − 10 %), rounded up

    try await buy(requisition.number, in: shop)
    await #expect(throws: (any Error).self, "released before the deposit") {
      try await shop.production.releaseWorkOrder(
        .init(number: workOrder.number), options: shop.command())
    }
    _ = try await shop.finance.receivePayment(
      .init(amount: yuan("1084.80"), method: .wechatPay, orderNumber: order.number),
      options: shop.command())
    try await make(workOrder.number, in: shop)

    try await shop.deliver(order.number)
    let invoice = try await shop.orders.invoiceOrder(
      .init(number: order.number), options: shop.command())
    #expect(invoice.gross == yuan("3616.00"))
    #expect(invoice.open == yuan("2531.20"))  // less the deposit
    _ = try await shop.finance.receivePayment(
      .init(amount: yuan("2531.20"), method: .card, orderNumber: order.number),
      options: shop.command())
    #expect(try await shop.orders.getOrder(.init(number: order.number)).order?.state == .closed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a work order that is stopped short: another one makes what the line still waits for")
  func stoppedShort() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("BOARD", 20, cost: "180")
    let order = try await shop.place([("TABLE", 2)], customer: "VIP")
    let planned = try await shop.production.listWorkOrders(.init(orderNumber: order.number))
    let first = try #require(planned.workOrders.first?.number)
    try await begin(first, in: shop)
    _ = try await shop.production.completeWorkOrder(
      .init(number: first, good: pieces(1)), options: shop.command())
    let closed = try await shop.production.closeWorkOrder(
      .init(number: first), options: shop.command())
    let second = try #require(closed.workOrder?.replacementNumber)
    let rest = try await shop.production.getWorkOrder(.init(number: second)).workOrder
    #expect(rest?.quantity?.micros == 1_000_000)
    #expect(rest?.origin?.number == order.number)
    #expect(try await shop.violations() == [])

    try await begin(second, in: shop)
    let done = try await shop.production.completeWorkOrder(
      .init(number: second), options: shop.command())
    #expect(done.workOrder?.replacementNumber == "")
    try await shop.deliver(order.number)
    let delivered = try await shop.orders.getOrder(.init(number: order.number)).order
    #expect(delivered?.state == .delivered)
    let events = try await shop.orders.getOrderTimeline(.init(number: order.number)).events
    #expect(events.contains { $0.type == "work-order.replaced" })
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func begin(_ workOrder: String, in shop: Shop) async throws {
    _ = try await shop.production.releaseWorkOrder(
      .init(number: workOrder), options: shop.command())
    _ = try await shop.production.issueMaterials(
      .init(number: workOrder), options: shop.command())
  }

  private func buy(_ requisition: String, in shop: Shop) async throws {
    let ordered = try await shop.purchasing.createPurchaseOrder(
      .init(
        supplierCode: "WOOD", warehouseCode: "MAIN",
        lines: [.init(requisitionNumber: requisition)]), options: shop.command())
    let number = try #require(ordered.purchaseOrder?.number)
    _ = try await shop.purchasing.receiveGoods(
      .init(purchaseOrderNumber: number, deliveryNote: "DN-1"), options: shop.command())
    let bill = try await shop.purchasing.enterSupplierBill(
      .init(purchaseOrderNumber: number, billNumber: "B-1", tax: yuan("65.00")),
      options: shop.command())
    #expect(bill.gross == yuan("565.00"))  // 2.777778 × 180 = 500.00, and tax
    #expect(bill.purchaseOrder?.state == .billed)
  }

  private func make(_ workOrder: String, in shop: Shop) async throws {
    _ = try await shop.production.releaseWorkOrder(
      .init(number: workOrder), options: shop.command())
    _ = try await shop.production.issueMaterials(
      .init(number: workOrder), options: shop.command())
    _ = try await shop.production.reportOperation(
      .init(number: workOrder, sequence: 1, minutesMicros: 52_000_000, done: true),
      options: shop.command())
    let completed = try await shop.production.completeWorkOrder(
      .init(number: workOrder), options: shop.command())
    #expect(completed.workOrder?.state == .completed)
    #expect(completed.workOrder?.materialCost == yuan("500.80"))  // boards and 16 screws
    #expect(completed.workOrder?.labourCost == yuan("78.00"))  // 52 minutes at 90 an hour
    let closed = try await shop.production.closeWorkOrder(
      .init(number: workOrder), options: shop.command())
    #expect(closed.workOrder?.state == .closed)
  }
}
