import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: money on account goes back")
struct RefundTests {
  private func propose(
    _ shop: Shop, _ amount: String, customer: String = "VIP", by actor: String = "li.na"
  ) async throws -> FinanceV1.Payout {
    try #require(
      try await shop.finance.proposePayout(
        .init(customerCode: customer, amount: yuan(amount), reason: "wants it back"),
        options: shop.command(by: actor)
      ).payout)
  }

  private func pay(
    _ shop: Shop, _ number: String, by actor: String = "cashier"
  ) async throws -> FinanceV1.Payout {
    try #require(
      try await shop.finance.payPayout(
        .init(number: number, method: .bankTransfer, externalReference: "BANK-7"),
        options: shop.command(by: actor)
      ).payout)
  }

  /// A chair on terms, paid by a transfer that names no order; its number and the payment's.
  private func paidOnAccount(_ shop: Shop) async throws -> (order: String, payment: String) {
    try await shop.furnish()
    try await shop.stock("CHAIR", 3, cost: "200")
    let order = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    try await shop.deliver(order)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    let paid = try await shop.finance.receivePayment(
      .init(customerCode: "VIP", amount: yuan("600.00"), method: .bankTransfer),
      options: shop.command())
    return (order, try #require(paid.payment).number)
  }

  private func unapplied(_ shop: Shop, _ payment: String) async throws -> TypeV1.Money? {
    try await shop.finance.getPayment(.init(number: payment)).payment?.unapplied
  }

  private func bank(_ shop: Shop) async throws -> TypeV1.Money? {
    try await shop.finance.getTrialBalance(.init()).accounts.first { $0.account == "1002" }?
      .balance
  }

  @Test("a chair that a transfer paid comes back, and the customer gets its money")
  func afterReturn() async throws {
    let shop = try await Shop.open()
    let (order, payment) = try await paidOnAccount(shop)
    #expect(try await unapplied(shop, payment) == yuan("36.13"))
    let asked = try await shop.returns.requestReturn(
      .init(
        orderNumber: order,
        lines: [.init(lineNumber: 1, quantity: pieces(1), reasonCode: "CHANGED_MIND")]),
      options: shop.command())
    let number = try #require(asked.customerReturn).number
    _ = try await shop.returns.receiveReturn(.init(number: number), options: shop.command())
    _ = try await shop.returns.gradeReturn(
      .init(number: number, lines: [.init(lineNumber: 1, quantity: pieces(1), grade: .a)]),
      options: shop.command())
    let credited = try await shop.returns.creditReturn(
      .init(number: number), options: shop.command())
    // None of it was for the order: nothing is proposed for that.
    #expect(credited.refund == yuan("0.00"))
    #expect(try await unapplied(shop, payment) == yuan("600.00"))
    let much = await refusal { try await propose(shop, "600.01") }
    #expect(violations(much) == ["NOT_THAT_MUCH_ON_ACCOUNT amount"])
    let made = try await propose(shop, "563.87")
    #expect(made.state == .proposed && made.number == "PB-2026-000001")
    #expect(made.reason == "wants it back" && made.proposedBy == "li.na")
    // What is asked for is not asked for twice.
    let more = await refusal { try await propose(shop, "36.14") }
    #expect(violations(more) == ["NOT_THAT_MUCH_ON_ACCOUNT amount"])
    let same = await refusal { try await pay(shop, made.number, by: "li.na") }
    #expect(same?.code == .permissionDenied && reason(same) == "PROPOSER_MAY_NOT_PAY")
    #expect(try await shop.finance.listPayouts(.init()).payouts == [made])
    #expect(try await bank(shop) == yuan("600.00"))
    let paid = try await pay(shop, made.number)
    #expect(paid.state == .paid && paid.decidedBy == "cashier" && paid.method == .bankTransfer)
    #expect(try await bank(shop) == yuan("36.13"))
    #expect(try await unapplied(shop, payment) == yuan("36.13"))
    let uses = try await shop.finance.getPayment(.init(number: payment)).payment?.uses
    #expect(uses?.map(\.kind) == [.refunded] && uses?.map(\.amount) == [yuan("563.87")])
    #expect(try await shop.finance.listPayouts(.init()).payouts == [])
    #expect(try await shop.finance.listPayouts(.init(state: .paid)).payouts == [paid])
    let again = await refusal { try await pay(shop, made.number) }
    #expect(reason(again) == "PAYOUT_DECIDED")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("money that has paid an invoice meanwhile does not go back; what is declined stays")
  func meanwhile() async throws {
    let shop = try await Shop.open()
    let (_, payment) = try await paidOnAccount(shop)
    let made = try await propose(shop, "36.13")
    // The next chair is paid from it first.
    let order = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    try await shop.deliver(order)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    #expect(try await unapplied(shop, payment) == yuan("0.00"))
    let late = await refusal { try await pay(shop, made.number) }
    #expect(reason(late) == "NOT_THAT_MUCH_ON_ACCOUNT")
    let decline = shop.command()
    let declined = try await shop.finance.declinePayout(
      .init(number: made.number, reason: "used"), options: decline
    ).payout
    #expect(declined?.state == .declined && declined?.comment == "used")
    let repeated = try await shop.finance.declinePayout(
      .init(number: made.number, reason: "used"), options: decline
    ).payout
    #expect(repeated == declined)
    let twice = await refusal {
      try await shop.finance.declinePayout(
        .init(number: made.number, reason: "used"), options: shop.command())
    }
    #expect(reason(twice) == "PAYOUT_DECIDED")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("bad input is refused with the field at fault, and moves nothing")
  func badInput() async throws {
    let shop = try await Shop.open()
    let (_, payment) = try await paidOnAccount(shop)
    func refused(_ request: FinanceV1.ProposePayoutRequest) async -> [String] {
      violations(
        await refusal {
          try await shop.finance.proposePayout(request, options: shop.command())
        })
    }
    let right = FinanceV1.ProposePayoutRequest(
      customerCode: "VIP", amount: yuan("1.00"), reason: "x")
    var wrong = right
    wrong.customerCode = "NOBODY"
    #expect(await refused(wrong) == ["UNKNOWN_CUSTOMER customer_code"])
    wrong = right
    wrong.amount = yuan("0.00")
    wrong.reason = ""
    #expect(await refused(wrong) == ["AMOUNT_NOT_POSITIVE amount", "REQUIRED reason"])
    wrong = right
    wrong.amount = nil
    #expect(await refused(wrong) == ["REQUIRED amount"])
    wrong = right
    wrong.amount = .init(currencyCode: "EUR", minorUnits: 1)
    #expect(await refused(wrong) == ["NOT_THAT_MUCH_ON_ACCOUNT amount"])
    wrong = right
    wrong.customerCode = "CASH"
    #expect(await refused(wrong) == ["NOT_THAT_MUCH_ON_ACCOUNT amount"])
    let made = try await propose(shop, "1.00")
    let voucher = await refusal {
      try await shop.finance.payPayout(
        .init(number: made.number, method: .giftCard), options: shop.command(by: "cashier"))
    }
    #expect(violations(voucher).first?.hasSuffix(" method") == true)
    let unknown = await refusal { try await pay(shop, "PB-2026-000099") }
    #expect(violations(unknown) == ["UNKNOWN_PAYOUT number"])
    let silent = await refusal {
      try await shop.finance.declinePayout(.init(number: made.number), options: shop.command())
    }
    #expect(violations(silent) == ["REQUIRED reason"])
    let rehearsed = try await shop.finance.payPayout(
      .init(number: made.number, method: .card),
      options: shop.command(by: "cashier", dryRun: true))
    #expect(rehearsed.payout?.state == .paid)
    #expect(try await unapplied(shop, payment) == yuan("36.13"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
