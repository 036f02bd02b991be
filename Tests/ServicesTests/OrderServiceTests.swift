import Foundation
import Messages
import RPC
import Storage
import TestKit
import Testing

@Suite("Orders and money over RPC")
struct OrderServiceTests {
  @Test("draft, submit, confirm step by step, with the version that was seen")
  func stepByStep() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 5, cost: "80")
    let draft = try await shop.orders.createOrder(
      .init(order: shop.input([("LAMP", 1)])), options: shop.command()
    ).order
    #expect(draft?.state == .draft)
    let number = try #require(draft?.number)
    let submitted = try await shop.orders.submitOrder(
      .init(number: number, expectedVersion: draft?.version), options: shop.command()
    ).order
    #expect(submitted?.state == .submitted)
    let stale = await refusal {
      try await shop.orders.confirmOrder(
        .init(number: number, expectedVersion: draft?.version), options: shop.command())
    }
    #expect(stale?.code == .aborted)
    let confirmed = try await shop.orders.confirmOrder(
      .init(number: number, expectedVersion: submitted?.version), options: shop.command()
    ).order
    #expect(confirmed?.state == .confirmed)
    await shop.close()
  }

  @Test("an order whose price changes while it waits for the writer has the new price")
  func priceChangesMeanwhile() async throws {
    let path = NSTemporaryDirectory() + "joinery-test-\(UUID().uuidString).db"
    defer { for end in ["", "-wal", "-shm", ".lock"] { unlink(path + end) } }
    let shop = try await Shop.open(.init(path: path))
    try await shop.furnish()
    try await shop.stock("CHAIR", 100, cost: "200")
    let writer = await HeldWriter(of: shop.database)
    let before = Task { try await shop.place([("CHAIR", 1)]) }
    await writer.awaitJobs(1)
    let change = Task {
      try await shop.catalog.upsertPrices(
        .init(prices: [
          .init(
            priceListCode: "RETAIL", sku: "CHAIR", unitPrice: yuanEach("510"),
            validFrom: .init(year: 2026, month: 1, day: 1))
        ]), options: shop.command())
    }
    await writer.awaitJobs(2)
    let after = Task { try await shop.place([("CHAIR", 1)]) }
    await writer.awaitJobs(3)
    try await writer.release()
    _ = try await change.value
    #expect(try await before.value.lines.map(\.unitPrice) == [yuanEach("499")])
    #expect(try await after.value.lines.map(\.unitPrice) == [yuanEach("510")])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a service is completed by itself and invoiced")
  func service() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let order = try await shop.place([("INSTALL", 2)])
    let done = try await shop.orders.completeService(
      .init(orderNumber: order.number), options: shop.command()
    ).order
    #expect(done?.state == .delivered)
    let invoiced = try await shop.orders.invoiceOrder(
      .init(number: order.number), options: shop.command())
    let invoice = try await shop.finance.getInvoice(.init(number: invoiced.invoiceNumber)).invoice
    #expect(invoice?.taxTotals.map(\.taxRateMicros) == [60_000])
    #expect(invoice?.gross == yuan("254.40"))
    await shop.close()
  }

  @Test("money before the goods: a customer without terms pays, then the goods leave")
  func prepaid() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 5, cost: "80")
    let order = try await shop.place([("LAMP", 1)], customer: "CASH")
    let early = await refusal { try await shop.deliver(order.number) }
    #expect(early?.code == .failedPrecondition)
    let paid = try await shop.finance.receivePayment(
      .init(
        amount: yuan("225.89"), method: .alipay, externalReference: "A-1",
        orderNumber: order.number), options: shop.command())
    let number = try #require(paid.payment?.number)
    let payment = try await shop.finance.getPayment(.init(number: number)).payment
    #expect(payment?.unapplied == yuan("225.89"))
    let twice = await refusal {
      try await shop.finance.receivePayment(
        .init(
          amount: yuan("225.89"), method: .alipay, externalReference: "A-1",
          orderNumber: order.number), options: shop.command())
    }
    #expect(twice?.code == .alreadyExists)
    let shipment = try #require(
      try await shop.orders.listShipments(.init(orderNumber: order.number)).shipments.first)
    _ = try await shop.orders.dispatchShipment(
      .init(number: shipment.number, carrier: "顺丰"), options: shop.command())
    _ = try await shop.orders.deliverShipment(
      .init(number: shipment.number), options: shop.command())
    let invoiced = try await shop.orders.invoiceOrder(
      .init(number: order.number), options: shop.command())
    #expect(invoiced.open == yuan("0.00"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is owed is listed by invoice and by age")
  func receivables() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 5, cost: "80")
    let order = try await shop.place([("LAMP", 2)])
    try await shop.deliver(order.number)
    _ = try await shop.orders.invoiceOrder(.init(number: order.number), options: shop.command())
    let unpaid = try await shop.finance.listInvoices(
      .init(customerCode: "CREDIT", unpaidOnly: true)
    ).invoices
    #expect(unpaid.map(\.open) == [yuan("451.77")])
    shop.clock.advance(days: 31)
    let aged = try await shop.reports.getAgedReceivables(.init()).rows
    #expect(aged.map(\.customerCode) == ["CREDIT"])
    #expect(aged.first?.days30 == yuan("451.77"))
    await shop.close()
  }
}
