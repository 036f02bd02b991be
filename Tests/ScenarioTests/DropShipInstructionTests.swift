import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a supplier who brings the goods knows what the customer asks for")
struct DropShipInstructionTests {
  @Test("gift, packing and remarks are on his order, follow a change, and are told as an event")
  func toldToSupplier() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.purchasing.upsertSupplierPrices(
      .init(prices: [
        .init(supplierCode: "WOOD", sku: "CHAIR", unitPrice: yuanEach("210"), preferred: true)
      ]), options: shop.command())
    var input = shop.input([("CHAIR", 2), ("LAMP", 1)], customer: "VIP")
    input.instructions = .init(
      gift: .init(wrap: true, cardText: "to Wang", hidePrices: true),
      packing: .init(method: .reinforced), invoice: .init(kind: .ordinary, buyerName: "Oak"),
      delivery: .init(care: [.callBefore], text: "gate 3"))
    input.lines[0].instructions = .init(packing: .init(method: .woodenCrate))
    let placed = try await shop.orders.placeOrder(.init(order: input), options: shop.command())
    let order = placed.order?.number ?? ""
    let command = shop.command()
    let asked = try await shop.dropShipments.dropShipLine(
      .init(orderNumber: order, lineNumber: 1), options: command
    ).dropShipment
    let repeated = try await shop.dropShipments.dropShipLine(
      .init(orderNumber: order, lineNumber: 1), options: command
    ).dropShipment
    #expect(repeated == asked)
    let number = asked?.purchaseOrderNumber ?? ""
    let told = try #require(asked?.instructions)
    #expect(told.gift?.cardText == "to Wang" && told.packing?.method == .woodenCrate)
    #expect(told.delivery?.care == [.callBefore] && told.invoice == nil)
    let purchase = try await shop.purchasing.getPurchaseOrder(.init(number: number)).purchaseOrder
    #expect(purchase?.instructions == told)

    _ = try await shop.orders.changeOrder(
      .init(
        number: order,
        change: .init(instructions: .init(gift: .init(), delivery: .init(text: "gate 4"))),
        reason: "moved"), options: shop.command())
    let after = try await shop.purchasing.getPurchaseOrder(.init(number: number)).purchaseOrder
    #expect(after?.instructions?.gift == nil && after?.instructions?.delivery?.text == "gate 4")
    let events = try await shop.orders.getOrderTimeline(.init(number: order)).events
    let event = try #require(events.last { $0.type == "purchase-order.instructions-changed" })
    // What a person wrote is not in it: events are kept.
    #expect(event.facts.first { $0.name == "instructions" }?.value == "packing, delivery")
    #expect(!event.facts.contains { $0.value.contains("gate") })

    // What is asked for the invoice, or of goods of our own, is nothing to him.
    _ = try await shop.orders.changeOrder(
      .init(
        number: order,
        change: .init(
          lines: [
            .init(lineNumber: 2, instructions: .init(packing: .init(method: .eco)))
          ], instructions: .init(invoice: .init(kind: .ordinary, buyerName: "Elm"))),
        reason: "mail"), options: shop.command())
    let later = try await shop.orders.getOrderTimeline(.init(number: order)).events
    #expect(later.count { $0.type == "purchase-order.instructions-changed" } == 1)
    _ = try await shop.dropShipments.shipDropShipment(
      .init(purchaseOrderNumber: number, carrier: "SF"), options: shop.command())
    let gone = try await shop.purchasing.getPurchaseOrder(.init(number: number)).purchaseOrder
    #expect(gone?.instructions == nil)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
