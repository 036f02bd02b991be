import Messages
import TestKit
import Testing

@Suite("Scenario: chairs from stock, from the till to a closed order")
struct StockedOrderTests {
  @Test("place, ship, invoice, pay: the order closes and the books agree")
  func quoteToCash() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "200")

    let order = try await shop.place([("CHAIR", 4), ("INSTALL", 1)])
    #expect(order.state == .confirmed)
    #expect(order.net == yuan("2116.00"))  // 4 × 499 + 120
    #expect(order.tax == yuan("266.68"))  // 259.48 at 13 % and 7.20 at 6 %
    #expect(order.lines.map(\.reserved?.micros) == [4_000_000, 0])

    try await shop.deliver(order.number)
    let invoice = try await shop.orders.invoiceOrder(
      .init(number: order.number), options: shop.command())
    #expect(invoice.gross == yuan("2382.68"))
    #expect(invoice.open == yuan("2382.68"))
    let payment = try await shop.finance.receivePayment(
      .init(amount: yuan("2382.68"), method: .bankTransfer, orderNumber: order.number),
      options: shop.command())
    #expect(payment.payment?.unapplied == yuan("0.00"))

    let closed = try await shop.orders.getOrder(.init(number: order.number)).order
    #expect(closed?.state == .closed)
    let stock = try await shop.inventory.getAvailability(.init(sku: "CHAIR"))
    #expect(stock.levels.map(\.onHand?.micros) == [6_000_000])
    #expect(stock.levels.map(\.value) == [yuan("1200.00")])
    let books = try await shop.finance.getTrialBalance(.init())
    #expect(books.debits == books.credits)
    #expect(books.accounts.first { $0.account == "6401" }?.balance == yuan("800.00"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("the timeline tells the whole story in order")
  func timeline() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 3, cost: "80")
    let order = try await shop.place([("LAMP", 1)])
    try await shop.deliver(order.number)
    _ = try await shop.orders.invoiceOrder(.init(number: order.number), options: shop.command())

    let events = try await shop.orders.getOrderTimeline(.init(number: order.number)).events
    let types = events.map(\.type)
    #expect(types.starts(with: ["order.created", "order.confirmed"]))
    #expect(types.contains("shipment.dispatched"))
    #expect(types.contains("order.invoiced"))
    #expect(
      zip(events, events.dropFirst()).allSatisfy {
        ($0.commitSequence, $0.ordinal) < ($1.commitSequence, $1.ordinal)
      })
    let journal = try await shop.finance.listJournalEntries(.init(orderNumber: order.number))
    #expect(Set(journal.entries.compactMap(\.origin?.kind)) == [.shipment, .invoice])
    await shop.close()
  }
}
