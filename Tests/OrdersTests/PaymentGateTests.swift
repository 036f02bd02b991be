import Finance
import Orders
import Storage
import Testing
import Values

@Suite("Money for an order")
struct PaymentGateTests {
  @Test("goods of a customer without credit leave only when all is paid")
  func prepaid() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 5)
    let order = try shop.place(.of("ANNA", [("CHAIR", 2)]))
    #expect(order.state == .confirmed)
    #expect(try shop.creditUse(of: "ANNA").total == cny(0))
    let shipment = try shop.prepare(order.number).number
    try shop.pack(shipment)
    try shop.pay("ANNA", cny(100), for: order.number)
    let refusals = try shop.refusals {
      try DispatchShipment(number: shipment, carrier: "SF").run(in: $0, at: Shop.now)
    }
    #expect(refusals.map(\.reason) == ["PAYMENT_OUTSTANDING"])
    #expect(refusals.first?.facts.last == Fact("outstanding", try order.gross - cny(100)))
    try shop.pay("ANNA", try order.gross - cny(100), for: order.number)
    _ = try shop.dispatch(shipment)
    _ = try shop.deliver(shipment)
    #expect(try shop.invoice(order.number).open == cny(0))
    #expect(try shop.order(order.number).state == .closed)
    #expect(try shop.violations().isEmpty)
  }

  @Test("an advance frees credit of its own order only")
  func advance() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 100)
    let order = try shop.place(.of("HOTEL", [("CHAIR", 10)]))
    try shop.pay("HOTEL", cny(1_000), for: order.number)
    #expect(try shop.creditUse(of: "HOTEL").orders == (try order.gross - cny(1_000)))
    try shop.pay("HOTEL", cny(5_000), for: order.number)
    #expect(try shop.creditUse(of: "HOTEL").orders == cny(0))
    // The advance pays the invoices, and what is left over stays the customer's.
    try shop.ship(order.number, [LineQuantity(line: 1, quantity: units(4))])
    #expect(try shop.invoice(order.number).open == cny(0))
    try shop.ship(order.number)
    #expect(try shop.invoice(order.number).open == cny(0))
    #expect(try shop.order(order.number).state == .closed)
    #expect(try shop.violations().isEmpty)
  }

  @Test("money that names no order pays what is due first and closes those orders")
  func withoutOrder() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 100)
    var orders: [SalesOrder] = []
    for _ in 1...3 {
      let order = try shop.place(.of("HOTEL", [("CHAIR", 2)]))
      try shop.ship(order.number)
      _ = try shop.invoice(order.number)
      orders.append(order)
    }
    let two = try orders[0].gross + orders[1].gross
    let payment = try shop.pay("HOTEL", try two + fen(1))
    #expect(payment.applications.count == 3)
    #expect(try orders.map { try shop.order($0.number).state } == [.closed, .closed, .delivered])
    #expect(try shop.violations().isEmpty)
  }

  @Test("money is refused for another customer's order and for one that needs none")
  func refusals() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    let order = try shop.place(.of("HOTEL", [("CHAIR", 1)])).number
    let pay: @Sendable (String, String) -> @Sendable (Transaction) throws -> Payment = {
      customer, number in
      { tx in
        try ReceiveOrderPayment(
          customerCode: customer, amount: cny(1), method: .cash, orderNumber: number
        ).run(in: tx, at: Shop.now)
      }
    }
    #expect(try shop.reasons(pay("ANNA", order)) == ["ORDER_OF_ANOTHER_CUSTOMER"])
    #expect(try shop.reasons(pay("HOTEL", "SO-1")) == ["UNKNOWN_ORDER"])
    _ = try shop.cancel(order)
    #expect(try shop.reasons(pay("HOTEL", order)) == ["ORDER_STATE_FORBIDS"])
  }
}
