import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a supplier brings chairs straight to the customer")
struct DropShipTests {
  private func day(_ month: Int32, _ day: Int32) -> GoogleType.Date {
    .init(year: 2026, month: month, day: day)
  }

  private func dropShip(
    _ shop: Shop, _ order: String, line: Int32 = 1
  ) async throws -> OrdersV1.DropShipment {
    let reply = try await shop.dropShipments.dropShipLine(
      .init(orderNumber: order, lineNumber: line, supplierCode: "WOOD"), options: shop.command())
    return try #require(reply.dropShipment)
  }

  private func ship(
    _ shop: Shop, _ purchase: String, _ count: Int64? = nil, note: String = ""
  ) async throws -> OrdersV1.ShipDropShipmentResponse {
    try await shop.dropShipments.shipDropShipment(
      .init(
        purchaseOrderNumber: purchase, quantity: count.map { pieces($0) }, carrier: "SF",
        trackingNumber: "T-1", deliveryNote: note), options: shop.command())
  }

  private func line(_ shop: Shop, _ order: String) async throws -> OrdersV1.OrderLine {
    try #require(try await shop.orders.getOrder(.init(number: order)).order?.lines.first)
  }

  private func onHand(_ shop: Shop) async throws -> [Int64?] {
    try await shop.inventory.getAvailability(.init(sku: "CHAIR")).levels.map(\.onHand?.micros)
  }

  private func balance(_ shop: Shop, _ account: String) async throws -> TypeV1.Money? {
    try await shop.finance.getTrialBalance(.init()).accounts.first { $0.account == account }?
      .balance
  }

  @Test(
    "ordered, confirmed, sent in two parts, delivered, invoiced, billed; our stock stays as it is")
  func wholeStory() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 3, cost: "200")
    let number = try await shop.place([("CHAIR", 5)], customer: "VIP").number
    let other = try await shop.place([("CHAIR", 2)], customer: "VIP").number
    let wanted = try await shop.purchasing.listRequisitions(.init(state: .open)).requisitions
    #expect(wanted.map(\.quantity) == [amount("2", "pcs"), amount("2", "pcs")])

    let reply = try await shop.dropShipments.dropShipLine(
      .init(orderNumber: number, lineNumber: 1, supplierCode: "WOOD"), options: shop.command())
    let asked = try #require(reply.dropShipment)
    #expect(asked.state == .ordered && asked.ordered == amount("5", "pcs"))
    #expect(asked.orderNumber == number && asked.supplierCode == "WOOD")
    // Ten days by the list; what was asked for is called off, what was held goes to who waits.
    #expect(asked.expectedOn == day(3, 12))
    #expect(reply.verdicts.map(\.outcome) == [.cancelled])
    let held = try await line(shop, number)
    #expect(held.dropShipped && held.reserved?.micros == 0)
    #expect(try await line(shop, other).reserved == amount("2", "pcs"))
    let promise = try await shop.promises.getPromises(.init(orderNumber: number)).lines.first
    #expect(promise?.readyOn == day(3, 12))

    // Goods that come to nobody's shelf are no supply for others, and cannot be received.
    let received = await refusal {
      try await shop.purchasing.receiveGoods(
        .init(purchaseOrderNumber: asked.purchaseOrderNumber), options: shop.command())
    }
    #expect(violations(received) == ["DROP_SHIPPED purchase_order_number"])
    let purchase = try await shop.purchasing.confirmPurchaseOrder(
      .init(
        number: asked.purchaseOrderNumber, supplierReference: "A-4711", expectedOn: day(3, 20)),
      options: shop.command()
    ).purchaseOrder
    #expect(purchase?.confirmedOn == day(3, 2) && purchase?.dropShippedFor?.number == number)
    let moved = try await shop.promises.getPromises(.init(orderNumber: number)).lines.first
    #expect(moved?.readyOn == day(3, 20) && moved?.promisedOn == day(3, 12))
    #expect(moved?.late == true)

    try await send(shop, asked, for: number)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  /// In two parts, each delivered and invoiced, and billed together.
  private func send(
    _ shop: Shop, _ asked: OrdersV1.DropShipment, for number: String
  ) async throws {
    let first = try await ship(shop, asked.purchaseOrderNumber, 2, note: "DN-1")
    #expect(first.dropShipment?.state == .partlyShipped)
    #expect(try await balance(shop, "1406") == yuan("420.00"))
    _ = try await shop.orders.deliverShipment(
      .init(number: first.shipmentNumber, receivedBy: "Wang"), options: shop.command())
    let partly = try await shop.orders.getOrder(.init(number: number)).order
    #expect(partly?.state == .partlyShipped)
    _ = try await shop.orders.invoiceOrder(.init(number: number), options: shop.command())
    let second = try await ship(shop, asked.purchaseOrderNumber)
    #expect(second.dropShipment?.state == .shipped)
    #expect(
      second.dropShipment?.shipmentNumbers == [first.shipmentNumber, second.shipmentNumber])
    _ = try await shop.orders.deliverShipment(
      .init(number: second.shipmentNumber), options: shop.command())
    _ = try await shop.orders.invoiceOrder(.init(number: number), options: shop.command())
    let done = try await shop.orders.getOrder(.init(number: number)).order
    #expect(done?.state == .delivered)
    #expect(done?.lines.first?.invoiced == amount("5", "pcs"))

    // What it cost is what the supplier asks, and our chairs are where they were.
    #expect(try await balance(shop, "6401") == yuan("1050.00"))
    #expect(try await balance(shop, "1406")?.minorUnits ?? 0 == 0)
    #expect(try await onHand(shop) == [3_000_000])
    let bill = try await shop.purchasing.enterSupplierBill(
      .init(purchaseOrderNumber: asked.purchaseOrderNumber, billNumber: "R-1"),
      options: shop.command())
    #expect(bill.gross == yuan("1050.00") && bill.priceVariance == yuan("0.00"))
    let listed = try await shop.dropShipments.listDropShipments(.init(orderNumber: number))
    #expect(listed.dropShipments.map(\.purchaseOrderNumber) == [asked.purchaseOrderNumber])
  }

  @Test("what the supplier has not sent is taken back, and our own stock serves the line again")
  func takenBack() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 4, cost: "200")
    let number = try await shop.place([("CHAIR", 4)], customer: "VIP", shortage: .refuse).number
    let asked = try await dropShip(shop, number)
    let again = await refusal { try await dropShip(shop, number) }
    #expect(violations(again) == ["ALREADY_DROP_SHIPPED line_number"])
    _ = try await ship(shop, asked.purchaseOrderNumber, 1)
    // Somebody else takes what was given up: what is short waits, whatever the order says.
    _ = try await shop.place([("CHAIR", 2)], customer: "VIP")
    let back = try await shop.dropShipments.cancelDropShipment(
      .init(purchaseOrderNumber: asked.purchaseOrderNumber, reason: "sold out"),
      options: shop.command())
    #expect(back.dropShipment?.state == .shipped)
    #expect(back.dropShipment?.cancelled == amount("3", "pcs"))
    #expect(back.verdicts.map(\.outcome) == [.planned])
    let line = try await line(shop, number)
    #expect(!line.dropShipped && line.reserved == amount("2", "pcs"))
    let twice = await refusal {
      try await shop.dropShipments.cancelDropShipment(
        .init(purchaseOrderNumber: asked.purchaseOrderNumber, reason: "sold out"),
        options: shop.command())
    }
    #expect(reason(twice) == "NOTHING_TO_CANCEL")
    // And it can be drop-shipped once more.
    let anew = try await dropShip(shop, number)
    #expect(anew.ordered == amount("3", "pcs"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a smaller or cancelled line calls off what is not confirmed, and takes in what is")
  func lessWanted() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let number = try await shop.place([("CHAIR", 6), ("LAMP", 1)], customer: "VIP").number
    let asked = try await dropShip(shop, number)
    func change(_ count: Int64, dryRun: Bool = false) async throws -> OrdersV1.ChangeImpact? {
      try await shop.orders.changeOrder(
        .init(
          number: number,
          change: .init(lines: [.init(lineNumber: 1, quantity: pieces(count))]),
          reason: "fewer guests"), options: shop.command(dryRun: dryRun)
      ).impact
    }
    let more = await refusal { try await change(7) }
    #expect(violations(more) == ["DROP_SHIPPED_LINE change.lines[0].quantity"])
    let shown = try await change(5, dryRun: true)
    let less = try await change(5)
    #expect(shown == less && less?.verdicts.map(\.outcome) == [.reduced])
    _ = try await shop.purchasing.confirmPurchaseOrder(
      .init(number: asked.purchaseOrderNumber), options: shop.command())
    let confirmed = try await change(3)
    #expect(confirmed?.verdicts.map(\.outcome) == [.keptAsStock])
    let bought = try await shop.purchasing.listPurchaseOrders(.init(supplierCode: "WOOD"))
    #expect(bought.purchaseOrders.map { $0.dropShippedFor == nil } == [true, false])
    #expect(bought.purchaseOrders.first?.lines.map(\.ordered) == [amount("2", "pcs")])

    _ = try await ship(shop, asked.purchaseOrderNumber, 1)
    let cancelled = try await shop.orders.cancelOrder(
      .init(number: number, reason: .customerWish), options: shop.command())
    #expect(cancelled.verdicts.map(\.outcome).contains(.keptAsStock))
    let left = try await shop.dropShipments.getDropShipment(
      .init(purchaseOrderNumber: asked.purchaseOrderNumber)
    ).dropShipment
    #expect(left?.state == .shipped && left?.cancelled == amount("5", "pcs"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("who pays before has paid before the supplier is asked; bad input names its field")
  func refused() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 1, cost: "200")
    let cash = try await shop.place([("CHAIR", 1)], customer: "CASH").number
    let unpaid = await refusal { try await dropShip(shop, cash) }
    #expect(reason(unpaid) == "PAYMENT_OUTSTANDING")
    let number = try await shop.place(
      [("CHAIR", 1), ("TABLE", 1), ("INSTALL", 1), ("LAMP", 1)], customer: "VIP"
    ).number
    func refused(_ request: OrdersV1.DropShipLineRequest) async -> [String] {
      violations(
        await refusal {
          try await shop.dropShipments.dropShipLine(request, options: shop.command())
        })
    }
    for line in [2, 3] {
      #expect(
        await refused(.init(orderNumber: number, lineNumber: Int32(line), supplierCode: "WOOD"))
          == ["NOT_FROM_STOCK line_number"])
    }
    #expect(
      await refused(.init(orderNumber: number, lineNumber: 1)) == ["NO_SUPPLIER supplier_code"])
    #expect(
      await refused(.init(orderNumber: number, lineNumber: 4, supplierCode: "WOOD"))
        == ["NO_PURCHASE_PRICE unit_price"])
    #expect(
      await refused(.init(orderNumber: number, lineNumber: 1, supplierCode: "NOBODY"))
        == ["UNKNOWN_SUPPLIER supplier_code"])
    #expect(
      await refused(.init(orderNumber: number, lineNumber: 9, supplierCode: "WOOD"))
        == ["UNKNOWN_LINE line_number"])
    _ = try await shop.orders.holdOrder(
      .init(number: number, kind: .customer, reason: "away"), options: shop.command())
    let onHold = await refusal { try await dropShip(shop, number) }
    #expect(reason(onHold) == "ORDER_ON_HOLD")
    _ = try await shop.orders.releaseOrderHold(
      .init(number: number, kind: .customer, reason: "back"), options: shop.command())
    let asked = try await dropShip(shop, number)
    let many = await refusal { try await ship(shop, asked.purchaseOrderNumber, 2) }
    #expect(violations(many) == ["OVER_RECEIPT quantity"])
    let nobody = await refusal {
      try await shop.dropShipments.shipDropShipment(
        .init(purchaseOrderNumber: asked.purchaseOrderNumber), options: shop.command())
    }
    #expect(violations(nobody) == ["REQUIRED carrier"])
    let unknown = await refusal {
      try await shop.dropShipments.getDropShipment(.init(purchaseOrderNumber: "PO-1999-000001"))
    }
    #expect(unknown?.code == .notFound)
    let cancelled = await refusal {
      try await shop.purchasing.cancelPurchaseOrder(
        .init(number: asked.purchaseOrderNumber), options: shop.command())
    }
    #expect(violations(cancelled) == ["DROP_SHIPPED number"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("nobody is sent to an address that is held")
  func heldAddress() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let number = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    _ = try await shop.orders.holdOrder(
      .init(number: number, kind: .address, reason: "no such street"), options: shop.command())
    let held = await refusal { try await dropShip(shop, number) }
    #expect(reason(held) == "ORDER_ON_HOLD")
    #expect(try await shop.purchasing.listPurchaseOrders(.init()).purchaseOrders == [])
    _ = try await shop.orders.releaseOrderHold(
      .init(number: number, kind: .address, reason: "found"), options: shop.command())
    #expect(try await dropShip(shop, number).state == .ordered)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
