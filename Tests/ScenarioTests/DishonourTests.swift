import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a cheque bounces after the order was closed")
struct DishonourTests {
  private func opened() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "210")
    return shop
  }

  private func pay(
    _ shop: Shop, _ amount: String, order: String = "", customer: String = ""
  ) async throws -> String {
    try await shop.finance.receivePayment(
      .init(customerCode: customer, amount: yuan(amount), method: .other, orderNumber: order),
      options: shop.command()
    ).payment?.number ?? ""
  }

  private func dishonour(
    _ shop: Shop, _ payment: String, reason: String = "insufficient funds", dryRun: Bool = false
  ) async throws -> FinanceV1.DishonourPaymentResponse {
    try await shop.finance.dishonourPayment(
      .init(number: payment, reason: reason), options: shop.command(dryRun: dryRun))
  }

  private func state(_ shop: Shop, _ order: String) async throws -> OrdersV1.OrderState? {
    try await shop.orders.getOrder(.init(number: order)).order?.state
  }

  /// Minor units of the bank, of what customers owe, and of what is owed to them.
  private func books(_ shop: Shop) async throws -> [Int64] {
    let accounts = try await shop.finance.getTrialBalance(.init()).accounts
    return ["1002", "1122", "2204"].map { code in
      accounts.first { $0.account == code }?.balance?.minorUnits ?? 0
    }
  }

  private func available(_ shop: Shop) async throws -> Int64? {
    try await shop.customers.getCustomer(.init(code: "CREDIT")).credit?.available?.minorUnits
  }

  @Test("the invoice is open again, uses credit, and the order is delivered, until it is paid anew")
  func closed() async throws {
    let shop = try await opened()
    let order = try await shop.place([("CHAIR", 1)]).number
    try await shop.deliver(order)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    let owing = try await available(shop)
    let payment = try await pay(shop, "563.87", order: order)
    #expect(try await state(shop, order) == .closed)
    #expect(try await books(shop) == [563_87, 0, 0])

    #expect(try await dishonour(shop, payment, dryRun: true).orderNumbers == [order])
    #expect(try await state(shop, order) == .closed)
    let done = try await dishonour(shop, payment)
    #expect(done.orderNumbers == [order] && done.invoiceNumbers.count == 1)
    #expect(done.payment?.uses.map(\.kind) == [.dishonoured])
    #expect(done.payment?.uses.map(\.amount) == [yuan("563.87")])
    #expect(done.payment?.unapplied == yuan("0.00"))
    #expect(try await state(shop, order) == .delivered)
    #expect(try await books(shop) == [0, 563_87, 0])
    #expect(try await available(shop) == owing)
    let told = try await shop.orders.getOrderTimeline(.init(number: order)).events.map(\.type)
    #expect(told.contains("order.reopened") && told.contains("payment.dishonoured"))
    let invoice = try await shop.finance.getInvoice(.init(number: done.invoiceNumbers[0])).invoice
    #expect(invoice?.open == yuan("563.87"))

    let again = await refusal { try await dishonour(shop, payment) }
    #expect(again?.code == .failedPrecondition && reason(again) == "PAYMENT_SPENT")
    _ = try await pay(shop, "563.87", order: order)
    #expect(try await state(shop, order) == .closed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what has not left is held; the credit it takes is used, whatever the limit")
  func deposit() async throws {
    let shop = try await opened()
    let order = try await shop.place([("CHAIR", 2)]).number
    let payment = try await pay(shop, "1000", order: order)
    let before = try await available(shop) ?? 0
    let done = try await dishonour(shop, payment)
    #expect(done.invoiceNumbers == [] && done.orderNumbers == [order])
    #expect(try await available(shop) == before - 1_000_00)
    #expect(try await books(shop) == [0, 0, 0])
    let held = await refusal {
      try await shop.orders.prepareShipment(.init(orderNumber: order), options: shop.command())
    }
    #expect(held?.code == .failedPrecondition && reason(held) == "ORDER_ON_HOLD")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("money on account is taken back from all that it paid, and what was left of it is gone")
  func onAccount() async throws {
    let shop = try await opened()
    var orders: [String] = []
    for _ in 0..<2 {
      let order = try await shop.place([("CHAIR", 1)]).number
      try await shop.deliver(order)
      _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
      orders.append(order)
    }
    let payment = try await pay(shop, "1200", customer: "CREDIT")
    #expect(try await books(shop) == [1200_00, 0, -72_26])
    let done = try await dishonour(shop, payment)
    #expect(done.orderNumbers == orders && done.invoiceNumbers.count == 2)
    #expect(try await books(shop) == [0, 1127_74, 0])
    for order in orders { #expect(try await state(shop, order) == .delivered) }
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what was given back already, is not there, or has no reason is refused")
  func refused() async throws {
    let shop = try await opened()
    let payment = try await pay(shop, "100", customer: "CREDIT")
    let asked = try await shop.finance.proposePayout(
      .init(customerCode: "CREDIT", amount: yuan("40"), reason: "wants it back"),
      options: shop.command())
    _ = try await shop.finance.payPayout(
      .init(number: asked.payout?.number ?? "", method: .bankTransfer),
      options: shop.command(by: "cashier"))
    let spent = await refusal { try await dishonour(shop, payment) }
    #expect(spent?.code == .failedPrecondition && reason(spent) == "PAYMENT_SPENT")
    let unknown = await refusal { try await dishonour(shop, "PY-2026-009999") }
    #expect(unknown?.code == .notFound)
    let silent = await refusal { try await dishonour(shop, payment, reason: " ") }
    #expect(violations(silent) == ["REQUIRED reason"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a cheque uses credit until the bank has paid it, lets nothing leave, and is not paid out")
  func cheque() async throws {
    let shop = try await opened()
    func cheque(
      _ amount: String, order: String = "", customer: String = "", reference: String
    ) async throws -> FinanceV1.Payment {
      try #require(
        try await shop.finance.receivePayment(
          .init(
            customerCode: customer, amount: yuan(amount), method: .cheque,
            externalReference: reference, orderNumber: order), options: shop.command()
        ).payment)
    }
    func held(_ customer: String) async throws -> TypeV1.Money? {
      try await shop.customers.getCustomer(.init(code: customer)).credit?.uncleared
    }
    let order = try await shop.place([("CHAIR", 1)], customer: "CASH").number
    let paid = try await cheque("563.87", order: order, reference: "CH-1")
    #expect(paid.method == .cheque && paid.clearing == .held)
    #expect(try await held("CASH") == yuan("563.87"))
    #expect(try await books(shop) == [0, 0, -563_87])
    let again = await refusal {
      try await cheque("1", customer: "CREDIT", reference: "CH-1")
    }
    #expect(again?.code == .alreadyExists)
    let early = await refusal { try await shop.deliver(order) }
    #expect(reason(early) == "NOT_CLEARED")
    let cleared = try await shop.finance.clearPayment(
      .init(number: paid.number), options: shop.command()
    ).payment
    #expect(cleared?.clearing == .cleared)
    #expect(try await held("CASH") == yuan("0.00"))
    #expect(try await books(shop) == [563_87, 0, -563_87])
    let twice = await refusal {
      try await shop.finance.clearPayment(.init(number: paid.number), options: shop.command())
    }
    #expect(reason(twice) == "NOTHING_TO_CLEAR")

    let before = try await available(shop)
    let bounced = try await cheque("100", customer: "CREDIT", reference: "CH-2")
    #expect(try await available(shop) == before.map { $0 - 100_00 })
    let asked = try await shop.finance.proposePayout(
      .init(customerCode: "CREDIT", amount: yuan("100"), reason: "wants it back"),
      options: shop.command())
    let out = await refusal {
      try await shop.finance.payPayout(
        .init(number: asked.payout?.number ?? "", method: .bankTransfer),
        options: shop.command(by: "cashier"))
    }
    #expect(reason(out) == "NOT_CLEARED")
    #expect(try await dishonour(shop, bounced.number).payment?.clearing == .dishonoured)
    #expect(try await available(shop) == before)
    #expect(try await books(shop) == [563_87, 0, -563_87])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
