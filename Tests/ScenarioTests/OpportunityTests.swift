import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: from the first talk by an offer to the order, and what became of all talks")
struct OpportunityTests {
  private func open(
    _ shop: Shop, _ title: String = "Kitchen, new flat", customer: String = "CREDIT",
    expected: String = "60000.00", owner: String = "li.wei", source: String = "FAIR-2026"
  ) async throws -> OrdersV1.Opportunity {
    let reply = try await shop.opportunities.createOpportunity(
      .init(
        customerCode: customer,
        opportunity: .init(
          title: title, owner: owner, storeCode: "S1", expected: yuan(expected),
          channel: .store, sourceCode: source)), options: shop.command())
    return try #require(reply.opportunity)
  }

  private func offer(_ shop: Shop, for number: String = "") async throws -> OrdersV1.Quote {
    let reply = try await shop.quotes.createQuote(
      .init(
        customerCode: "CREDIT", variants: [.init(order: shop.input([("CHAIR", 2)]))],
        opportunityNumber: number), options: shop.command())
    return try #require(reply.quote)
  }

  private func get(_ shop: Shop, _ number: String) async throws -> OrdersV1.Opportunity {
    try #require(
      try await shop.opportunities.getOpportunity(.init(number: number)).opportunity)
  }

  @Test("a prospect becomes a customer: talk, needs, offer, order; each step is on record")
  func won() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "210")
    let request = OrdersV1.CreateOpportunityRequest(
      customerCode: "CREDIT",
      opportunity: .init(title: "Chairs for the café", expected: yuan("3000.00")))
    let rehearsed = try await shop.opportunities.createOpportunity(
      request, options: shop.command(dryRun: true))
    let made = try await shop.opportunities.createOpportunity(
      request, options: shop.command(by: "li.wei", key: "talk"))
    let again = try await shop.opportunities.createOpportunity(
      request, options: shop.command(by: "li.wei", key: "talk"))
    #expect(again == made && rehearsed.opportunity?.number == made.opportunity?.number)
    let talk = try #require(made.opportunity)
    #expect(talk.state == .open && talk.stageCode == "NEW" && talk.owner == "li.wei")
    #expect(talk.weighted == yuan("300.00") && talk.steps.map(\.stageCode) == ["NEW"])
    #expect(talk.expectedCloseOn == .init(year: 2026, month: 4, day: 1))
    shop.clock.advance(days: 3)
    let moved = try await shop.opportunities.moveOpportunity(
      .init(number: talk.number, expectedVersion: 1, stageCode: "NEEDS"),
      options: shop.command())
    #expect(moved.opportunity?.version == 2)
    let late = await refusal {
      try await shop.opportunities.moveOpportunity(
        .init(number: talk.number, expectedVersion: 1, stageCode: "OFFER"),
        options: shop.command())
    }
    #expect(late?.code == .aborted)
    let quote = try await offer(shop, for: talk.number)
    #expect(quote.opportunityNumber == talk.number)
    let overview = try await shop.customers.getCustomerOverview(.init(code: "CREDIT"))
    #expect(overview.openOpportunities.map(\.number) == [talk.number])
    #expect(overview.openOpportunities.first?.steps == [])
    let sold = try await shop.quotes.convertQuote(
      .init(number: quote.number, reasonCode: "DESIGN"), options: shop.command(by: "zhao"))
    let won = try await get(shop, talk.number)
    #expect(won.state == .won && won.stageCode == "WON" && won.probabilityMicros == 1_000_000)
    #expect(won.decidedOn == .init(year: 2026, month: 3, day: 5))
    #expect(won.steps.map(\.stageCode) == ["NEW", "NEEDS", "WON"])
    #expect(won.steps.last?.quoteNumber == quote.number && won.steps.last?.actor == "zhao")
    #expect(won.steps.last?.reasonCode == "DESIGN")
    #expect(won.quotes.map(\.orderNumber) == [sold.order?.number])
    let after = try await shop.customers.getCustomerOverview(.init(code: "CREDIT"))
    #expect(after.openOpportunities == [])
    for change in ["MOVE", "LOSE"] {
      let refused = await refusal {
        _ =
          change == "MOVE"
          ? try await shop.opportunities.moveOpportunity(
            .init(number: talk.number, stageCode: "NEW", comment: "again"),
            options: shop.command()
          ).opportunity
          : try await shop.opportunities.loseOpportunity(
            .init(number: talk.number, reasonCode: "TOO_LATE"), options: shop.command()
          ).opportunity
      }
      #expect(reason(refused) == "OPPORTUNITY_STATE_FORBIDS", "\(change)")
    }
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is lost takes its offers along, and can be opened again with new ones")
  func lost() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let talk = try await open(shop)
    let first = try await offer(shop, for: talk.number)
    let second = try await offer(shop)
    let linked = try await shop.opportunities.linkQuote(
      .init(quoteNumber: second.number, opportunityNumber: talk.number), options: shop.command())
    #expect(linked.opportunity?.quotes.map(\.number) == [second.number, first.number])
    let freed = try await shop.opportunities.linkQuote(
      .init(quoteNumber: second.number), options: shop.command())
    #expect(freed.opportunity == nil)
    let unknown = await refusal {
      try await shop.opportunities.loseOpportunity(
        .init(number: talk.number, reasonCode: "DESIGN"), options: shop.command())
    }
    #expect(reason(unknown) == "UNKNOWN_REASON")
    let lost = try await shop.opportunities.loseOpportunity(
      .init(number: talk.number, reasonCode: "TOO_LATE", comment: "moved in already"),
      options: shop.command())
    #expect(lost.opportunity?.state == .lost && lost.opportunity?.weighted == yuan("0.00"))
    #expect(lost.opportunity?.quotes.map(\.state) == [.lost])
    let given = try await shop.quotes.getQuote(.init(number: first.number)).quote
    #expect(given?.reasonCode == "TOO_LATE" && given?.comment == "moved in already")
    #expect(try await shop.quotes.getQuote(.init(number: second.number)).quote?.state == .open)
    let closed = await refusal { try await offer(shop, for: talk.number) }
    #expect(reason(closed) == "OPPORTUNITY_STATE_FORBIDS")
    let silent = await refusal {
      try await shop.opportunities.moveOpportunity(
        .init(number: talk.number, stageCode: "NEEDS"), options: shop.command())
    }
    #expect(violations(silent) == ["REQUIRED comment"])
    let reopened = try await shop.opportunities.moveOpportunity(
      .init(number: talk.number, stageCode: "NEEDS", comment: "called back"),
      options: shop.command())
    #expect(reopened.opportunity?.state == .open && reopened.opportunity?.decidedOn == nil)
    #expect(reopened.opportunity?.steps.map(\.stageCode) == ["NEW", "LOST", "NEEDS"])
    _ = try await offer(shop, for: talk.number)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what does not fit is refused with the field, and loses nothing")
  func refused() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let talk = try await open(shop)
    let bad = await refusal {
      try await shop.opportunities.createOpportunity(
        .init(
          customerCode: "NOBODY",
          opportunity: .init(
            title: " ", owner: "li wei", expected: .init(currencyCode: "CNY", minorUnits: -1),
            expectedCloseOn: .init(year: 2086, month: 1, day: 1), sourceCode: "a b")),
        options: shop.command())
    }
    #expect(
      Set(violations(bad)) == [
        "UNKNOWN_CUSTOMER customer_code", "REQUIRED opportunity.title",
        "INVALID_CODE opportunity.owner", "OUT_OF_RANGE opportunity.expected",
        "OUT_OF_RANGE opportunity.expected_close_on", "INVALID_CODE opportunity.source_code",
      ])
    let euros = await refusal {
      try await shop.opportunities.changeOpportunity(
        .init(
          number: talk.number,
          opportunity: .init(expected: .init(currencyCode: "EUR", minorUnits: 1))),
        options: shop.command())
    }
    #expect(violations(euros) == ["CURRENCY_NOT_TRADED opportunity.expected"])
    let stages = [
      "": "REQUIRED", "NEVER": "UNKNOWN_STAGE", "WON": "STAGE_DECIDES",
      "LOST": "STAGE_DECIDES", "NEW": "ALREADY_IN_STAGE",
    ]
    for (stage, wanted) in stages {
      let refused = await refusal {
        try await shop.opportunities.moveOpportunity(
          .init(number: talk.number, stageCode: stage), options: shop.command())
      }
      #expect(reason(refused) == wanted, "\(stage)")
    }
    let other = try await open(shop, customer: "VIP")
    let quote = try await offer(shop)
    let stranger = await refusal {
      try await shop.opportunities.linkQuote(
        .init(quoteNumber: quote.number, opportunityNumber: other.number),
        options: shop.command())
    }
    #expect(violations(stranger) == ["OTHER_CUSTOMER opportunity_number"])
    for (quoteNumber, number, field) in [
      ("QU-0", talk.number, "quote_number"), (quote.number, "OP-0", "opportunity_number"),
    ] {
      let missing = await refusal {
        try await shop.opportunities.linkQuote(
          .init(quoteNumber: quoteNumber, opportunityNumber: number), options: shop.command())
      }
      #expect(missing?.code == .notFound && violations(missing).first?.hasSuffix(field) == true)
    }
    #expect(try await get(shop, talk.number) == talk)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("stages are versions: what was in one keeps what it meant, and goes on in the new ones")
  func stages() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let talk = try await open(shop)
    let bad = await refusal {
      try await shop.opportunities.setOpportunityStages(
        .init(
          stages: [
            .init(code: "A", name: "A", probabilityMicros: 1_000_001, state: .open),
            .init(code: "A", name: "", probabilityMicros: 1, state: .won),
            .init(code: "B", name: "B", probabilityMicros: 1, state: .won),
          ], reason: ""), options: shop.command())
    }
    #expect(
      Set(violations(bad)) == [
        "REQUIRED reason", "OUT_OF_RANGE stages[0].probability_micros",
        "DUPLICATE_STAGE stages[1].code", "REQUIRED stages[1].name",
        "OUT_OF_RANGE stages[1].probability_micros", "OUT_OF_RANGE stages[2].probability_micros",
        "NOT_ONE_STAGE stages",
      ])
    let made = try await shop.opportunities.setOpportunityStages(
      .init(
        stages: [
          .init(code: "NEW", name: "Fresh", probabilityMicros: 50_000, state: .open),
          .init(code: "VISIT", name: "Visited", probabilityMicros: 300_000, state: .open),
          .init(code: "YES", name: "Yes", probabilityMicros: 1_000_000, state: .won),
          .init(code: "NO", name: "No", probabilityMicros: 0, state: .lost),
        ], reason: "we visit"), options: shop.command())
    #expect(made.stages?.version == 2)
    let before = try await shop.opportunities.getOpportunityStages(.init(version: 1))
    #expect(
      before.stages?.stages.map(\.code) == ["NEW", "NEEDS", "OFFER", "NEGOTIATION", "WON", "LOST"])
    let never = await refusal {
      try await shop.opportunities.getOpportunityStages(.init(version: 9))
    }
    #expect(never?.code == .notFound)
    #expect(try await get(shop, talk.number).probabilityMicros == 100_000)
    let taken = try await shop.opportunities.moveOpportunity(
      .init(number: talk.number, stageCode: "NEW"), options: shop.command())
    #expect(taken.opportunity?.probabilityMicros == 50_000)
    let lost = try await shop.opportunities.loseOpportunity(
      .init(number: talk.number, reasonCode: "TOO_LATE"), options: shop.command())
    #expect(lost.opportunity?.stageCode == "NO")
    #expect(lost.opportunity?.steps.map(\.stagesVersion) == [1, 2, 2])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("how many are won, how long each stage takes, and what is to be expected")
  func conversion() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "210")
    let first = try await open(shop, expected: "1000.00")
    let second = try await open(shop, expected: "2000.00", owner: "wu.bo", source: "REFERRAL")
    let third = try await open(shop, expected: "4000.01")
    let quote = try await offer(shop, for: first.number)
    shop.clock.advance(days: 2)
    _ = try await shop.quotes.convertQuote(.init(number: quote.number), options: shop.command())
    _ = try await shop.opportunities.moveOpportunity(
      .init(number: third.number, stageCode: "NEEDS"), options: shop.command())
    shop.clock.advance(days: 2)
    _ = try await shop.opportunities.loseOpportunity(
      .init(number: second.number, reasonCode: "TOO_LATE"), options: shop.command())
    let told = try await shop.opportunities.getConversion(.init(groupBy: .owner))
    #expect(told.groups.map(\.key) == ["li.wei", "wu.bo"])
    let (li, wu) = (told.groups[0], told.groups[1])
    #expect([li.opportunities, li.open, li.won, li.lost] == [2, 1, 1, 0])
    #expect(li.winRateMicros == 1_000_000 && wu.winRateMicros == 0)
    #expect(li.expected == yuan("4000.01") && li.weighted == yuan("1000.00"))
    #expect(li.wonGross == quote.gross && wu.lostExpected == yuan("2000.00"))
    // In NEW: two days, four days, two days. In NEEDS: two days so far.
    #expect(told.stages.map(\.stageCode) == ["NEW", "NEEDS"])
    let (new, needs) = (told.stages[0], told.stages[1])
    #expect([new.opportunities, new.here, new.won, new.lost] == [3, 0, 1, 1])
    #expect(new.meanDaysMicros == 2_666_667 && new.winRateMicros == 500_000)
    #expect([needs.opportunities, needs.here] == [1, 1] && needs.winRateMicros == nil)
    #expect(needs.meanDaysMicros == 2_000_000 && needs.weighted == yuan("1000.00"))
    let months = try await shop.opportunities.getConversion(.init(groupBy: .month))
    #expect(months.groups.map(\.key) == ["2026-03"])
    #expect(months.groups[0].winRateMicros == 500_000)
    let fair = try await shop.opportunities.getConversion(
      .init(groupBy: .source, sourceCode: "FAIR-2026", channel: .store))
    #expect(fair.groups.map { "\($0.key) \($0.opportunities)" } == ["FAIR-2026 2"])
    #expect(fair.stages[0].opportunities == 2)
    let none = try await shop.opportunities.getConversion(
      .init(
        createdFrom: .init(year: 2026, month: 1, day: 1),
        createdUntil: .init(year: 2026, month: 1, day: 31)))
    #expect(none == .init())
    let tooLong = await refusal {
      try await shop.opportunities.getConversion(
        .init(createdFrom: .init(year: 2020, month: 1, day: 1)))
    }
    #expect(violations(tooLong) == ["OUT_OF_RANGE created_from"])
    await shop.close()
  }

  @Test("lists find by customer, owner, store, state and stage, page by page")
  func lists() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let first = try await open(shop)
    let second = try await open(shop, customer: "VIP", owner: "wu.bo")
    let third = try await open(shop, owner: "wu.bo")
    _ = try await shop.opportunities.loseOpportunity(
      .init(number: third.number, reasonCode: "TOO_LATE"), options: shop.command())
    func found(_ request: OrdersV1.ListOpportunitiesRequest) async throws -> [String] {
      var (request, numbers) = (request, [String]())
      request.pageSize = 1
      repeat {
        let page = try await shop.opportunities.listOpportunities(request)
        numbers += page.opportunities.map(\.number)
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      return numbers
    }
    #expect(try await found(.init()) == [third.number, second.number, first.number])
    #expect(try await found(.init(customerCode: "CREDIT")) == [third.number, first.number])
    #expect(try await found(.init(owner: "wu.bo")) == [third.number, second.number])
    #expect(try await found(.init(state: .open, owner: "wu.bo")) == [second.number])
    #expect(try await found(.init(stageCode: "LOST", storeCode: "S1")) == [third.number])
    #expect(try await found(.init(state: .open)) == [second.number, first.number])
    await shop.close()
  }

  @Test("a merged customer's are the other's, and what they say of a person is forgotten with it")
  func people() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [.init(code: "TWIN", name: "张伟(旧)"), .init(code: "GONE", name: "李娜")]),
      options: shop.command())
    let twin = try await open(shop, customer: "TWIN")
    _ = try await shop.customers.mergeCustomers(
      .init(duplicateCode: "TWIN", intoCode: "CREDIT"), options: shop.command())
    #expect(try await get(shop, twin.number).customerCode == "CREDIT")
    let gone = try await open(shop, "Sofa for 李娜", customer: "GONE")
    _ = try await shop.opportunities.moveOpportunity(
      .init(number: gone.number, stageCode: "NEEDS", comment: "李娜 called"),
      options: shop.command())
    _ = try await shop.customers.eraseCustomer(
      .init(code: "GONE", reason: "asked"), options: shop.command())
    let left = try await get(shop, gone.number)
    #expect(left.title == "" && left.customerName == "" && left.steps.map(\.comment) == ["", ""])
    let moved = await refusal {
      try await shop.opportunities.moveOpportunity(
        .init(number: gone.number, stageCode: "OFFER"), options: shop.command())
    }
    #expect(reason(moved) == "CUSTOMER_GONE")
    _ = try await shop.opportunities.loseOpportunity(
      .init(number: gone.number, reasonCode: "TOO_LATE"), options: shop.command())
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
