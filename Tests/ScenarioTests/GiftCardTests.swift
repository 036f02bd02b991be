import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: gift cards are money that is owed to whoever brings the code")
struct GiftCardTests {
  private func furnished() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 20, cost: "200")
    try await shop.stock("LAMP", 20, cost: "80")
    return shop
  }

  private func sell(
    _ shop: Shop, _ amount: String, to customer: String = "", reference: String = ""
  ) async throws -> FinanceV1.SellGiftCardResponse {
    try await shop.giftCards.sellGiftCard(
      .init(
        amount: yuan(amount), method: .card, externalReference: reference, customerCode: customer),
      options: shop.command())
  }

  private func redeem(
    _ shop: Shop, _ code: String, for order: String, _ amount: String? = nil
  ) async throws -> FinanceV1.RedeemGiftCardResponse {
    try await shop.giftCards.redeemGiftCard(
      .init(code: code, orderNumber: order, amount: amount.map { yuan($0) }),
      options: shop.command())
  }

  private func card(_ shop: Shop, _ number: String) async throws -> FinanceV1.GiftCard {
    try #require(try await shop.giftCards.getGiftCard(.init(number: number)).giftCard)
  }

  /// Cents of an account, as debits less credits.
  private func balance(_ shop: Shop, _ account: String) async throws -> Int64 {
    try await shop.finance.getTrialBalance(.init()).accounts
      .first { $0.account == account }?.balance?.minorUnits ?? 0
  }

  @Test("two cards pay an order, what is left stays, and a refund goes back to the card")
  func redemption() async throws {
    let shop = try await furnished()
    let first = try await sell(shop, "500", to: "CASH")
    let second = try await sell(shop, "200")
    #expect(first.giftCard?.number == "GC-2026-000001" && first.code.count == 23)
    #expect(first.giftCard?.customerCode == "CASH" && first.giftCard?.moves.map(\.kind) == [.sold])
    #expect(try await balance(shop, "1002") == 70_000)
    #expect(try await balance(shop, "2204.01") == -70_000)

    // 499 and 13 % of it, paid before it leaves.
    let order = try await shop.place([("CHAIR", 1)], customer: "CASH").number
    let paid = try await redeem(shop, " \(first.code.uppercased()) ", for: order)
    #expect(paid.payment?.amount == yuan("500.00") && paid.payment?.method == .giftCard)
    #expect(paid.payment?.orderNumber == order && paid.balance == yuan("0.00"))
    let tooMuch = await refusal { try await redeem(shop, second.code, for: order, "63.88") }
    #expect(violations(tooMuch) == ["MORE_THAN_OPEN amount"])
    let rest = try await redeem(shop, second.code, for: order)
    #expect(rest.payment?.amount == yuan("63.87") && rest.balance == yuan("136.13"))
    let done = await refusal { try await redeem(shop, second.code, for: order) }
    #expect(reason(done) == "NOTHING_OPEN")
    try await shop.deliver(order)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    #expect(try await shop.orders.getOrder(.init(number: order)).order?.state == .closed)
    #expect(try await balance(shop, "2204.01") == -13_613)
    #expect(try await balance(shop, "2204") == 0)

    let lamp = try await shop.place([("LAMP", 1)], customer: "CASH").number
    _ = try await redeem(shop, second.code, for: lamp)
    _ = try await shop.finance.receivePayment(
      .init(amount: yuan("50"), method: .cash, orderNumber: lamp), options: shop.command())
    _ = try await shop.orders.cancelOrder(
      .init(number: lamp, reason: .customerWish), options: shop.command())
    let asMoney = await refusal {
      try await shop.cancellations.payRefund(
        .init(orderNumber: lamp, method: .giftCard), options: shop.command(by: "cashier"))
    }
    #expect(violations(asMoney) == ["NOT_MONEY method"])
    _ = try await shop.cancellations.payRefund(
      .init(orderNumber: lamp, method: .cash), options: shop.command(by: "cashier"))
    // The cash went out again, and no more.
    #expect(try await balance(shop, "1002") == 70_000)
    let back = try await card(shop, "GC-2026-000002")
    #expect(back.balance == yuan("136.13") && back.value == yuan("200.00"))
    #expect(back.moves.map(\.kind) == [.sold, .redeemed, .redeemed, .returned])
    #expect(back.moves.map(\.orderNumber) == ["", order, lamp, lamp])
    #expect(try await balance(shop, "2204.01") == -13_613)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("ten orders at once get no more from a card than is on it, and a repeat takes nothing")
  func concurrency() async throws {
    let shop = try await furnished()
    let code = try await sell(shop, "1000").code
    var orders: [String] = []
    for _ in 0..<10 { orders.append(try await shop.place([("LAMP", 1)]).number) }
    let paid = await withTaskGroup(of: Bool.self) { group in
      for order in orders {
        group.addTask {
          let refused = await refusal { try await redeem(shop, code, for: order, "200") }
          #expect(refused == nil || violations(refused) == ["NOT_THAT_MUCH_ON_GIFT_CARD amount"])
          return refused == nil
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(paid == 5)
    #expect(try await card(shop, "GC-2026-000001").balance == yuan("0.00"))

    let other = try await sell(shop, "100").code
    let order = try await shop.place([("LAMP", 1)]).number
    let request = FinanceV1.RedeemGiftCardRequest(
      code: other, orderNumber: order, amount: yuan("30"))
    let once = try await shop.giftCards.redeemGiftCard(
      request, options: shop.command(key: "till-7"))
    let again = try await shop.giftCards.redeemGiftCard(
      request, options: shop.command(key: "till-7"))
    #expect(once == again && again.balance == yuan("70.00"))
    #expect(try await card(shop, "GC-2026-000002").balance == yuan("70.00"))
    // The same key with another code is another command.
    var stolen = request
    stolen.code = code
    let conflict = await refusal { [stolen] in
      try await shop.giftCards.redeemGiftCard(stolen, options: shop.command(key: "till-7"))
    }
    #expect(reason(conflict) == "IDEMPOTENCY_KEY_REUSED")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("after ten wrong codes in an hour the caller waits, also with a right one")
  func guessing() async throws {
    let shop = try await furnished()
    let code = try await sell(shop, "100").code
    func check(_ code: String, by actor: String = "li.na") async -> String? {
      let refused = await refusal {
        try await shop.giftCards.checkGiftCard(
          .init(code: code), options: shop.command(by: actor))
      }
      return refused.map { reason($0) ?? violations($0).first ?? "\($0)" }
    }
    let rehearsed = await refusal {
      try await shop.giftCards.checkGiftCard(
        .init(code: code), options: shop.command(dryRun: true))
    }
    #expect(rehearsed?.code == .failedPrecondition || rehearsed?.code == .invalidArgument)
    for guess in 0..<9 {
      #expect(await check("guess-\(guess)") == "UNKNOWN_GIFT_CARD_CODE")
      #expect(await check(code) == nil)
    }
    #expect(await check("") == "UNKNOWN_GIFT_CARD_CODE")
    #expect(await check(code) == "GIFT_CARD_CODES_LOCKED")
    #expect(await check(code, by: "wang.wu") == nil)
    shop.clock.advance(seconds: 3_599)
    #expect(await check(code) == "GIFT_CARD_CODES_LOCKED")
    shop.clock.advance(seconds: 1)
    #expect(await check(code) == nil)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a card that was lost pays nothing, and the one in its place takes back what it had paid")
  func lost() async throws {
    let shop = try await furnished()
    let sold = try await sell(shop, "300", to: "CASH")
    let number = sold.giftCard?.number ?? ""
    let order = try await shop.place([("LAMP", 1)], customer: "CASH").number
    _ = try await redeem(shop, sold.code, for: order, "120")
    let unsaid = await refusal {
      try await shop.giftCards.blockGiftCard(.init(number: number), options: shop.command())
    }
    #expect(violations(unsaid) == ["REQUIRED reason"])
    let blocked = try await shop.giftCards.blockGiftCard(
      .init(number: number, reason: "lost in the tram"), options: shop.command())
    #expect(blocked.giftCard?.state == .blocked && blocked.giftCard?.balance == yuan("180.00"))
    let refused = await refusal { try await redeem(shop, sold.code, for: order) }
    #expect(reason(refused) == "GIFT_CARD_STATE_FORBIDS")
    let seen = try await shop.giftCards.checkGiftCard(
      .init(code: sold.code), options: shop.command())
    #expect(seen.available == yuan("0.00"))

    let replaced = try await shop.giftCards.replaceGiftCard(
      .init(number: number, reason: "lost in the tram"), options: shop.command())
    let new = try #require(replaced.giftCard)
    #expect(new.number == "GC-2026-000002" && new.replacesNumber == number)
    #expect(new.balance == yuan("180.00") && new.customerCode == "CASH")
    #expect(replaced.code != sold.code)
    let old = try await card(shop, number)
    #expect(old.state == .replaced && old.replacedByNumber == new.number)
    #expect(old.balance == yuan("0.00") && old.reason == "lost in the tram")
    let twice = await refusal {
      try await shop.giftCards.replaceGiftCard(
        .init(number: number, reason: "again"), options: shop.command())
    }
    #expect(reason(twice) == "GIFT_CARD_STATE_FORBIDS")
    _ = try await shop.orders.cancelOrder(
      .init(number: order, reason: .customerWish), options: shop.command())
    _ = try await shop.cancellations.payRefund(
      .init(orderNumber: order, method: .cash), options: shop.command(by: "cashier"))
    #expect(try await card(shop, new.number).balance == yuan("300.00"))
    #expect(try await balance(shop, "2204.01") == -30_000)
    let mine = try await shop.giftCards.listGiftCards(.init(customerCode: "CASH"))
    #expect(mine.giftCards.map(\.number) == [new.number, number])
    let active = try await shop.giftCards.listGiftCards(.init(pageSize: 1, state: .active))
    #expect(active.giftCards.map(\.number) == [new.number] && active.nextPageToken.isEmpty)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a card ends by the policy of its sale, and is income only when somebody says so")
  func breakage() async throws {
    let shop = try await furnished()
    let forEver = try await sell(shop, "10").giftCard
    #expect(forEver?.expiresOn == nil)
    let policy = try await shop.giftCards.setGiftCardPolicy(
      .init(validMonths: 36, highestValue: yuan("1000"), reason: "three years"),
      options: shop.command())
    #expect(policy.policy?.version == 1)
    #expect(try await shop.giftCards.getGiftCardPolicy(.init()).policy == policy.policy)
    let tooMuch = await refusal { try await sell(shop, "1000.01") }
    #expect(violations(tooMuch) == ["GIFT_CARD_ABOVE_HIGHEST_VALUE amount"])
    let sold = try await sell(shop, "100")
    #expect(sold.giftCard?.expiresOn == .init(year: 2029, month: 3, day: 2))
    let order = try await shop.place([("LAMP", 1)]).number
    _ = try await redeem(shop, sold.code, for: order, "60")
    shop.clock.advance(days: 1_096)
    _ = try await redeem(shop, sold.code, for: order, "10")
    func expire() async throws -> FinanceV1.ExpireGiftCardsResponse {
      try await shop.giftCards.expireGiftCards(.init(reason: "March"), options: shop.command())
    }
    #expect(try await expire().cards == 0)
    shop.clock.advance(days: 1)
    let late = await refusal { try await redeem(shop, sold.code, for: order, "1") }
    #expect(violations(late) == ["GIFT_CARD_EXPIRED code"])
    #expect(try await balance(shop, "6001.05") == 0)
    let expired = try await expire()
    #expect(expired.cards == 1 && expired.amount == yuan("30.00") && !expired.more)
    #expect(try await balance(shop, "6001.05") == -3_000)
    #expect(try await balance(shop, "2204.01") == -1_000)
    #expect(try await expire().cards == 0)
    // What is given back is good for as long as a new card.
    _ = try await shop.orders.cancelOrder(
      .init(number: order, reason: .customerWish), options: shop.command())
    _ = try await shop.cancellations.payRefund(
      .init(orderNumber: order, method: .cash), options: shop.command(by: "cashier"))
    let back = try await card(shop, sold.giftCard?.number ?? "")
    #expect(back.balance == yuan("70.00"))
    #expect(back.expiresOn == .init(year: 2032, month: 3, day: 3))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what cannot be is refused with its field, and loses nothing")
  func refusals() async throws {
    let shop = try await furnished()
    let sold = try await sell(shop, "100", reference: "T-1")
    let bad = await refusal {
      try await shop.giftCards.sellGiftCard(
        .init(amount: yuan("-1"), method: .points), options: shop.command())
    }
    #expect(violations(bad) == ["AMOUNT_NOT_POSITIVE amount", "NOT_MONEY method"])
    let twice = await refusal { try await sell(shop, "100", reference: "T-1") }
    #expect(violations(twice) == ["DUPLICATE_EXTERNAL_REFERENCE external_reference"])
    let elsewhere = await refusal {
      try await shop.finance.receivePayment(
        .init(customerCode: "CASH", amount: yuan("5"), method: .card, externalReference: "T-1"),
        options: shop.command())
    }
    #expect(violations(elsewhere) == ["DUPLICATE_EXTERNAL_REFERENCE external_reference"])
    let asMoney = await refusal {
      try await shop.finance.receivePayment(
        .init(customerCode: "CASH", amount: yuan("5"), method: .giftCard),
        options: shop.command())
    }
    #expect(violations(asMoney) == ["NOT_MONEY method"])
    let nobody = await refusal { try await sell(shop, "100", to: "NOBODY") }
    #expect(nobody?.code == .notFound)
    let unknown = await refusal {
      try await shop.giftCards.getGiftCard(.init(number: "GC-2026-000009"))
    }
    #expect(violations(unknown) == ["UNKNOWN_GIFT_CARD number"])
    let order = try await shop.place([("LAMP", 1)]).number
    let zero = await refusal { try await redeem(shop, sold.code, for: order, "0") }
    #expect(violations(zero) == ["AMOUNT_NOT_POSITIVE amount"])
    let nowhere = await refusal { try await redeem(shop, sold.code, for: "SO-1") }
    #expect(nowhere?.code == .notFound)
    #expect(try await card(shop, sold.giftCard?.number ?? "").balance == yuan("100.00"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
