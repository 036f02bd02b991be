import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  /// A supplier is to bring what is open of a line, or something happens to what he was asked for:
  /// he confirms it, sends all or a part, or does not.
  mutating func dropShip() async throws {
    let direct = model.orders.keys.sorted().flatMap { number in
      (model.orders[number]?.lines ?? []).enumerated().filter { $1.isDirect && $1.open > 0 }
        .map { (number: number, index: $0.offset, line: $0.element) }
    }
    guard random.chance(60), let place = direct.randomElement(using: &random) else {
      return try await askSupplier()
    }
    let (number, index, line) = place
    let all = try await shop.dropShipments.listDropShipments(.init(orderNumber: number))
    let asked = try #require(
      all.dropShipments.first { $0.lineNumber == index + 1 && $0.state != .cancelled })
    #expect(
      (asked.ordered?.micros ?? 0) - (asked.cancelled?.micros ?? 0) - (asked.shipped?.micros ?? 0)
        == line.open * 1_000_000, "\(number) line \(index + 1)")
    let purchase = asked.purchaseOrderNumber
    switch random.number(0...3) {
    case 0:
      _ = try await shop.purchasing.confirmPurchaseOrder(
        .init(number: purchase, supplierReference: "A-1"), options: shop.command())
    case 1:
      let request = OrdersV1.CancelDropShipmentRequest(
        purchaseOrderNumber: purchase, reason: "cannot")
      let options = shop.command()
      let done = try await shop.dropShipments.cancelDropShipment(request, options: options)
      model.serveAgain(number, line: index)
      follow(number)
      repeatLast = { [shop] in
        let again = try await shop.dropShipments.cancelDropShipment(request, options: options)
        #expect(again == done)
      }
    default:
      let count = random.number(1...line.open)
      let request = OrdersV1.ShipDropShipmentRequest(
        purchaseOrderNumber: purchase, quantity: pieces(count), carrier: "SF")
      let options = shop.command()
      let done = try await shop.dropShipments.shipDropShipment(request, options: options)
      _ = try await shop.orders.deliverShipment(
        .init(number: done.shipmentNumber), options: shop.command())
      model.sendDirect(number, line: index, count)
      if let order = model.orders[number] { appointments.bringDirect(number, order) }
      repeatLast = { [shop] in
        let again = try await shop.dropShipments.shipDropShipment(request, options: options)
        #expect(again == done)
      }
    }
  }

  private mutating func askSupplier() async throws {
    guard let number = pickOrder(), let order = model.orders[number],
      let index = order.lines.indices.randomElement(using: &random)
    else { return }
    let line = order.lines[index]
    let accepted =
      order.isConfirmed && !line.isMade && !line.isDirect && !line.isPiece
      && line.open > 0
    let isLater = random.chance(50)
    let request = OrdersV1.DropShipLineRequest(
      orderNumber: number, lineNumber: Int32(index + 1), supplierCode: "WOOD",
      unitPrice: yuanEach("\(random.number(20...300)).\(random.number(10...99))"),
      expectedOn: isLater
        ? .init(year: 2028, month: 6, day: 1) : .init(year: 2026, month: 3, day: 2))
    let options = shop.command()
    do {
      let done = try await shop.dropShipments.dropShipLine(request, options: options)
      #expect(accepted, "\(number) line \(index + 1) of \(order)")
      model.giveToSupplier(number, line: index, later: isLater)
      follow(number)
      repeatLast = { [shop] in
        let again = try await shop.dropShipments.dropShipLine(request, options: options)
        #expect(again == done)
      }
    } catch {
      #expect(!accepted, "\(number) line \(index + 1): \(error)")
    }
  }

  /// What suppliers had confirmed and nobody wants any more comes to our shelves at once.
  mutating func takeInRedirected() async throws {
    let bought = try await shop.purchasing.listPurchaseOrders(.init(supplierCode: "WOOD"))
    for order in bought.purchaseOrders.reversed()
    where order.state == .ordered && order.dropShippedFor == nil {
      _ = try await shop.purchasing.receiveGoods(
        .init(purchaseOrderNumber: order.number), options: shop.command())
      for line in order.lines {
        model.receive(line.sku, (line.ordered?.micros ?? 0) / 1_000_000)
      }
    }
  }
}
