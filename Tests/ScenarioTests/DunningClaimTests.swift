import Messages
import TestKit
import Testing

@Suite("Scenario: what reminding costs is owed, paid and waived")
struct DunningClaimTests {
  private static let levels: [FinanceV1.DunningLevel] = [
    .init(afterDays: 7, letter: .reminder, fee: yuan("20"), interestMicros: 50_000),
    .init(afterDays: 21, letter: .demand, fee: yuan("40"), interestMicros: 50_000),
  ]

  private func opened(_ claims: FinanceV1.DunningClaimRule?) async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 90, cost: "200")
    _ = try await shop.dunning.setDunningPolicy(
      .init(levels: Self.levels, reason: "the first", claims: claims), options: shop.command())
    return shop
  }

  private static let both = FinanceV1.DunningClaimRule(
    fee: true, feeTaxRateMicros: 60_000, interest: true, netDays: 10)

  /// Two chairs: 1,127.74 with tax.
  private func sell(_ shop: Shop, to customer: String = "CREDIT") async throws -> String {
    let order = try await shop.place([("CHAIR", 2)], customer: customer).number
    try await shop.deliver(order)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    return order
  }

  private func run(_ shop: Shop) async throws -> FinanceV1.DunningLetter {
    let letters = try await shop.dunning.runDunning(.init(), options: shop.command()).letters
    return try #require(letters.first)
  }

  private func pay(_ shop: Shop, _ amount: String) async throws -> FinanceV1.Payment? {
    try await shop.finance.receivePayment(
      .init(customerCode: "CREDIT", amount: yuan(amount), method: .bankTransfer),
      options: shop.command()
    ).payment
  }

  /// Credits less debits of an account, in cents.
  private func earned(_ shop: Shop, _ account: String) async throws -> Int64 {
    let found = try await shop.finance.getTrialBalance(.init()).accounts
      .filter { $0.account == account }
    return found.reduce(0) { $0 - ($1.balance?.minorUnits ?? 0) }
  }

  @Test("a letter's fee and interest are booked, told, aged, and paid after what was due before")
  func booked() async throws {
    let shop = try await opened(Self.both)
    _ = try await sell(shop)
    shop.clock.advance(days: 37)
    let shown = try await shop.dunning.runDunning(
      .init(), options: shop.command(dryRun: true)
    ).letters
    let first = try await run(shop)
    #expect(shown == [first])
    // 1,127.74 × 5 % × 7 ÷ 365 = 1.08; the fee bears 6 % of tax, the interest none.
    let claim = try #require(first.claims.first)
    #expect(first.claims.count == 1 && claim.number == first.number)
    #expect(claim.fee == yuan("20") && claim.interest == yuan("1.08"))
    #expect(claim.tax == yuan("1.20") && claim.gross == yuan("22.28") && claim.open == claim.gross)
    #expect(try await earned(shop, "6051.01") == 2000)
    #expect(try await earned(shop, "6603.03") == 108)
    let owed = try await shop.finance.getInvoice(.init(number: claim.number)).invoice
    #expect(owed?.dunningLetterNumber == first.number && owed?.orderNumber == "")
    let dunned = try await shop.dunning.getCustomerDunning(.init(customerCode: "CREDIT"))
    #expect(dunned.openClaims == yuan("22.28") && dunned.summary?.overdue == yuan("1127.74"))
    let aged = try await shop.reports.getAgedReceivables(.init())
    #expect(aged.rows.map(\.total) == [yuan("1150.02")])
    let used = try await shop.customers.getCustomer(.init(code: "CREDIT")).credit
    #expect(used?.invoices == yuan("1150.02"))

    // Nobody is reminded of it, and the next letter books what is new of the interest alone.
    shop.clock.advance(days: 14)
    let second = try await run(shop)
    #expect(second.lines.count == 1 && second.lines.first?.interest == yuan("2.16"))
    #expect(second.claims.first?.gross == yuan("44.56"))
    // The oldest first: the chairs, the first letter, and a part of the second.
    let paid = try await pay(shop, "1160.02")
    #expect(paid?.applications.map(\.amount) == [yuan("1127.74"), yuan("22.28"), yuan("10.00")])
    let left = try await shop.dunning.getDunningLetter(.init(number: second.number)).letter
    #expect(left?.claims.first?.open == yuan("34.56"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a claim is waived with a reason: all of it or one of two, once, paid or not")
  func waived() async throws {
    let shop = try await opened(Self.both)
    let order = try await sell(shop)
    shop.clock.advance(days: 37)
    let letter = try await run(shop)
    func waive(
      _ kind: FinanceV1.DunningClaimKind = .unspecified, reason: String = "goodwill",
      letter number: String? = nil
    ) async throws -> FinanceV1.WaiveDunningClaimResponse {
      try await shop.dunning.waiveDunningClaim(
        .init(letterNumber: number ?? letter.number, kind: kind, reason: reason),
        options: shop.command())
    }
    #expect(violations(await refusal { try await waive(reason: "") }) == ["REQUIRED reason"])
    #expect(
      violations(await refusal { try await waive(letter: "DL-1") }) == [
        "UNKNOWN_DUNNING_LETTER letter_number"
      ])
    let fee = try await waive(.fee)
    #expect(fee.claims.first?.waived == yuan("21.20") && fee.claims.first?.open == yuan("1.08"))
    #expect(try await earned(shop, "6051.01") == 0)
    let note = try await shop.finance.getCreditNote(
      .init(number: fee.creditNoteNumbers.first ?? "")
    ).creditNote
    #expect(note?.cause?.number == letter.number && note?.gross == yuan("21.20"))
    #expect(reason(await refusal { try await waive(.fee) }) == "NOTHING_TO_WAIVE")
    // Paid, and waived then: the money pays what else is due.
    _ = try await pay(shop, "1128.82")
    let next = try await sell(shop)
    let interest = try await waive(.interest)
    #expect(interest.claims.first?.open == yuan("0.00"))
    #expect(try await earned(shop, "6603.03") == 0)
    let invoice = try await shop.finance.listInvoices(.init(orderNumber: next)).invoices.first
    #expect(invoice?.open == yuan("1126.66"))
    #expect(reason(await refusal { try await waive() }) == "NOTHING_TO_WAIVE")
    #expect(try await shop.orders.getOrder(.init(number: order)).order?.state == .closed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("interest on a foreign debt is owed in its currency; without a rule nothing is booked")
  func currencies() async throws {
    let plain = try await opened(nil)
    _ = try await sell(plain)
    plain.clock.advance(days: 37)
    #expect(try await run(plain).claims.isEmpty)
    #expect(try await earned(plain, "6051.01") == 0)
    await plain.close()

    let shop = try await opened(.init(fee: true, interest: true, interestTaxRateMicros: 60_000))
    _ = try await shop.catalog.upsertExchangeRates(
      .init(exchangeRates: [
        .init(
          rate: .init(currencyCode: "USD", micros: 7_100_000, units: 1),
          validFrom: .init(year: 2026, month: 3, day: 2), source: "PBoC")
      ]), options: shop.command())
    _ = try await shop.catalog.configureCompany(
      .init(company: .init(convertsPrices: true)), options: shop.command())
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "JOHN", name: "John", creditLimit: yuan("100000"), terms: .init(netDays: 30),
          currencyCode: "USD")
      ]), options: shop.command())
    _ = try await sell(shop, to: "JOHN")
    shop.clock.advance(days: 51)
    let letter = try await run(shop)
    #expect(letter.claims.map(\.number) == [letter.number, letter.number + "/USD"])
    let dollars = try #require(letter.claims.last)
    #expect(dollars.interest?.currencyCode == "USD" && dollars.gross?.currencyCode == "USD")
    #expect(dollars.interest == letter.lines.first?.interest)
    #expect(letter.claims.first?.gross == yuan("40"))
    let wrong = await refusal {
      try await shop.dunning.setDunningPolicy(
        .init(
          levels: Self.levels, reason: "wrong",
          claims: .init(
            fee: true, feeTaxRateMicros: 1_000_001, interestTaxRateMicros: -1, netDays: 366)),
        options: shop.command())
    }
    #expect(
      violations(wrong) == [
        "OUT_OF_RANGE claims.fee_tax_rate_micros", "OUT_OF_RANGE claims.interest_tax_rate_micros",
        "OUT_OF_RANGE claims.net_days",
      ])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
