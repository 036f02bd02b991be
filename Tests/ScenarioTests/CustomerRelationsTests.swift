import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: credit for a while, consent, tags and segments")
struct CustomerRelationsTests {
  private func grant(
    _ shop: Shop, _ amount: String = "1000", from: Int32? = nil, until: Int32 = 12,
    by actor: String = "li.na"
  ) async throws -> CustomersV1.CreditGrant {
    let reply = try await shop.customers.grantCredit(
      .init(
        customerCode: "CREDIT", amount: yuan(amount),
        validFrom: from.map { .init(year: 2026, month: 3, day: $0) },
        validUntil: .init(year: 2026, month: 3, day: until), reason: "spring fair"),
      options: shop.command(by: actor))
    return reply.grant ?? .init()
  }

  private func decide(
    _ shop: Shop, _ id: Int64, _ approve: Bool, by actor: String
  ) async throws -> CustomersV1.CreditGrant? {
    try await shop.customers.decideCredit(
      .init(id: id, approve: approve), options: shop.command(by: actor)
    ).grant
  }

  /// Of 2,000.00; four chairs are 2,255.48 with tax.
  private func limit(_ shop: Shop) async throws {
    try await shop.stock("CHAIR", 40, cost: "210")
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(code: "CREDIT", name: "张伟", creditLimit: yuan("2000"), terms: .init(netDays: 30))
      ]), options: shop.command())
  }

  @Test("what somebody else approved counts on its days, and on no other")
  func temporaryLimit() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await limit(shop)
    let tooMuch = { try await shop.place([("CHAIR", 4)]) }
    #expect(reason(await refusal { try await tooMuch() }) == "CREDIT_LIMIT_EXCEEDED")
    let asked = try await grant(shop, from: 4)
    #expect(asked.state == .pending && asked.grantedBy == "li.na")
    #expect(reason(await refusal { try await tooMuch() }) == "CREDIT_LIMIT_EXCEEDED")
    let own = await refusal { try await decide(shop, asked.id, true, by: "li.na") }
    #expect(own?.code == .permissionDenied && reason(own) == "GRANTER_MAY_NOT_DECIDE")
    let approved = try await decide(shop, asked.id, true, by: "wang.fang")
    #expect(approved?.state == .approved && approved?.decidedBy == "wang.fang")
    // It is the 2nd of March.
    #expect(reason(await refusal { try await tooMuch() }) == "CREDIT_LIMIT_EXCEEDED")
    #expect(
      try await shop.customers.getCustomer(.init(code: "CREDIT")).credit?.temporary == nil)
    shop.clock.advance(days: 2)
    let told = try await shop.customers.getCustomer(.init(code: "CREDIT"))
    #expect(told.credit?.temporary == yuan("1000.00"))
    #expect(told.credit?.available == yuan("3000.00"))
    #expect(told.creditGrants.map(\.id) == [asked.id])
    let order = try await tooMuch()
    let more = await refusal { try await shop.place([("CHAIR", 2)]) }
    let facts = more?.detail(GoogleRPC.ErrorInfo.self)?.metadata
    #expect(facts?["temporary_credit"] == "1000.00 CNY")
    #expect(facts?["credit_available"] == "744.52 CNY")
    let withdrawn = try await decide(shop, asked.id, false, by: "wang.fang")
    #expect(withdrawn?.state == .withdrawn)
    // What was promised by it stays promised.
    #expect(try await shop.orders.getOrder(.init(number: order.number)).order?.state == .confirmed)
    let after = try await shop.customers.getCustomer(.init(code: "CREDIT"))
    #expect(after.credit?.available == yuan("-255.48") && after.creditGrants.isEmpty)
    let again = await refusal { try await decide(shop, asked.id, true, by: "wang.fang") }
    #expect(reason(again) == "CREDIT_GRANT_DECIDED")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("two that count on one day count together, one that has run out does not")
  func together() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await limit(shop)
    for (amount, until) in [("200", Int32(3)), ("100", 12)] {
      let asked = try await grant(shop, amount, until: until)
      _ = try await decide(shop, asked.id, true, by: "wang.fang")
    }
    let refused = try await grant(shop, "90000")
    #expect(try await decide(shop, refused.id, false, by: "wang.fang")?.state == .refused)
    let placed = try await shop.place([("CHAIR", 4)])
    _ = try await shop.orders.cancelOrder(
      .init(number: placed.number, reason: .customerWish), options: shop.command())
    shop.clock.advance(days: 2)
    let late = await refusal { try await shop.place([("CHAIR", 4)]) }
    #expect(reason(late) == "CREDIT_LIMIT_EXCEEDED")
    await shop.close()
  }

  @Test("a group keeps its limit together, above each customer's own")
  func group() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "210")
    func member(_ code: String, of parent: String?, _ limit: String? = nil) -> CustomersV1.Customer
    {
      .init(
        code: code, name: code, creditLimit: yuan("5000"), terms: .init(netDays: 30),
        parentCode: parent, groupLimit: limit.map { yuan($0) })
    }
    func upsert(_ customers: [CustomersV1.Customer]) async throws -> [String] {
      try await shop.customers.upsertCustomers(
        .init(customers: customers), options: shop.command()
      ).verdicts.flatMap(\.violations).map { "\($0.reason) \($0.field)" }
    }
    #expect(
      try await upsert([
        member("HEAD", of: nil, "6000"), member("EAST", of: "HEAD"), member("SHOP", of: "EAST"),
      ]) == [])
    #expect(
      try await upsert([
        member("HEAD", of: "SHOP"), member("X", of: "X"), member("Y", of: "NONE"),
        member("Z", of: nil, "-1"),
      ]) == [
        "GROUP_ABOVE_ITSELF customers[0].parent_code", "UNKNOWN_CUSTOMER customers[1].parent_code",
        "UNKNOWN_CUSTOMER customers[2].parent_code", "OUT_OF_RANGE customers[3].group_limit",
      ])
    // Five chairs are 2,819.35.
    let first = try await shop.place([("CHAIR", 5)], customer: "SHOP")
    _ = try await shop.place([("CHAIR", 5)], customer: "HEAD")
    let more = await refusal { try await shop.place([("CHAIR", 5)], customer: "EAST") }
    #expect(reason(more) == "GROUP_LIMIT_EXCEEDED")
    #expect(
      more?.message == """
        2819.35 CNY more would pass the limit of the group of HEAD: limit 6000.00 CNY, \
        in use 5638.70 CNY
        """)
    _ = try await shop.orders.cancelOrder(
      .init(number: first.number, reason: .customerWish), options: shop.command())
    _ = try await shop.place([("CHAIR", 5)], customer: "EAST")
    // What is said about other things leaves the group as it is.
    #expect(try await upsert([.init(code: "SHOP", name: "Shop")]) == [])
    #expect(
      try await shop.customers.getCustomer(.init(code: "SHOP")).customer?.parentCode == "EAST")
    // Merged, a member's members are the other's; a group in itself is refused.
    let circle = await refusal {
      try await shop.customers.mergeCustomers(
        .init(duplicateCode: "HEAD", intoCode: "SHOP"), options: shop.command())
    }
    #expect(reason(circle) == "GROUP_ABOVE_ITSELF" && violations(circle).count == 1)
    _ = try await shop.customers.mergeCustomers(
      .init(duplicateCode: "EAST", intoCode: "HEAD"), options: shop.command())
    #expect(
      try await shop.customers.getCustomer(.init(code: "SHOP")).customer?.parentCode == "HEAD")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a limit above what one person alone may give takes two, whichever way it is asked for")
  func permanentLimit() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await limit(shop)
    let company = try await shop.catalog.configureCompany(
      .init(company: .init(creditLimitAlone: yuan("5000"))), options: shop.command())
    #expect(company.company?.creditLimitAlone == yuan("5000.00"))
    func upsert(_ limit: String, group: String? = nil, code: String = "CREDIT") async throws
      -> [String]
    {
      try await shop.customers.upsertCustomers(
        .init(customers: [
          .init(
            code: code, name: "张伟", creditLimit: yuan(limit), terms: .init(netDays: 30),
            groupLimit: group.map { yuan($0) })
        ]), options: shop.command()
      ).verdicts.flatMap(\.violations).map { "\($0.reason) \($0.field)" }
    }
    #expect(try await upsert("5000") == [])
    #expect(try await upsert("5000.01") == ["CREDIT_LIMIT_TAKES_TWO customers[0].credit_limit"])
    #expect(
      try await upsert("9000", group: "9000", code: "NEW") == [
        "CREDIT_LIMIT_TAKES_TWO customers[0].credit_limit",
        "CREDIT_LIMIT_TAKES_TWO customers[0].group_limit",
      ])
    for (kind, amount) in [
      (CustomersV1.CreditKind.limit, "80000"), (.groupLimit, "90000"),
    ] {
      let asked = try await shop.customers.grantCredit(
        .init(customerCode: "CREDIT", amount: yuan(amount), reason: "bank guarantee", kind: kind),
        options: shop.command()
      ).grant
      #expect(asked?.kind == kind && asked?.state == .pending && asked?.validUntil == nil)
      let waiting = try await shop.customers.getCustomer(.init(code: "CREDIT"))
      #expect(waiting.customer?.creditLimit != yuan("90000.00"))
      #expect(waiting.creditGrants.map(\.id) == [asked?.id ?? 0])
      let own = await refusal { try await decide(shop, asked?.id ?? 0, true, by: "li.na") }
      #expect(own?.code == .permissionDenied && reason(own) == "GRANTER_MAY_NOT_DECIDE")
      #expect(try await decide(shop, asked?.id ?? 0, true, by: "wang.fang")?.state == .approved)
      let again = await refusal { try await decide(shop, asked?.id ?? 0, false, by: "wang.fang") }
      #expect(reason(again) == "CREDIT_GRANT_DECIDED")
    }
    let after = try await shop.customers.getCustomer(.init(code: "CREDIT"))
    #expect(after.customer?.creditLimit == yuan("80000.00"))
    #expect(after.customer?.groupLimit == yuan("90000.00"))
    #expect(after.credit?.available == yuan("80000.00") && after.creditGrants.isEmpty)
    _ = try await shop.place([("CHAIR", 20)])
    // What is not raised one alone may write; that a group has no limit any more is to raise it.
    #expect(try await upsert("70000", group: "90000") == [])
    #expect(try await upsert("70001", group: "90000").count == 1)
    #expect(
      try await upsert("70000") == ["CREDIT_LIMIT_TAKES_TWO customers[0].group_limit"])
    let refused = try await shop.customers.grantCredit(
      .init(customerCode: "CREDIT", amount: yuan("99999"), reason: "asked", kind: .limit),
      options: shop.command()
    ).grant
    #expect(try await decide(shop, refused?.id ?? 0, false, by: "wang.fang")?.state == .refused)
    #expect(
      try await shop.customers.getCustomer(.init(code: "CREDIT")).customer?.creditLimit
        == yuan("70000.00"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("who raises what one person alone may give gains nothing by it alone")
  func raisedBound() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await limit(shop)
    func bound(_ amount: String, by person: String) async throws {
      let set = try await shop.catalog.configureCompany(
        .init(company: .init(creditLimitAlone: yuan(amount))), options: shop.command(by: person))
      #expect(set.company?.creditLimitAlone == yuan(amount))
    }
    func gives(_ limit: String, _ person: String) async throws -> Bool {
      try await shop.customers.upsertCustomers(
        .init(customers: [
          .init(
            code: "CREDIT", name: "张伟", creditLimit: yuan(limit), terms: .init(netDays: 30))
        ]), options: shop.command(by: person)
      ).verdicts.flatMap(\.violations).isEmpty
    }
    try await bound("5000.00", by: "li.na")
    // The first bound lowers what was without limit: it holds for all.
    #expect(try await gives("5000", "li.na"))
    #expect(try await !gives("5001", "li.na"))
    try await bound("8000.00", by: "li.na")
    #expect(try await !gives("5001", "li.na"))
    // Not in two steps either, nor by going down in between.
    try await bound("20000.00", by: "li.na")
    try await bound("9000.00", by: "li.na")
    #expect(try await !gives("5001", "li.na"))
    #expect(try await gives("6000", "wang.fang"))
    #expect(try await !gives("9001", "wang.fang"))
    // What somebody else has set is agreed by two; what that one sets beyond is not.
    try await bound("9000.00", by: "wang.fang")
    #expect(try await gives("9000", "li.na"))
    #expect(try await !gives("9001", "li.na"))
    try await bound("12000.00", by: "wang.fang")
    #expect(try await !gives("9001", "wang.fang"))
    #expect(try await gives("12000", "li.na"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a temporary limit says which of its fields is wrong")
  func malformedGrant() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let today = GoogleType.Date(year: 2026, month: 3, day: 2)
    let cases: [(CustomersV1.GrantCreditRequest, [String])] = [
      (
        .init(customerCode: "CREDIT"), ["REQUIRED amount", "REQUIRED valid_until"]
      ),
      (
        .init(
          customerCode: "CREDIT", amount: yuan("0"),
          validFrom: .init(year: 2026, month: 3, day: 1), validUntil: today, reason: " "),
        ["AMOUNT_NOT_POSITIVE amount", "OUT_OF_RANGE valid_from", "REQUIRED reason"]
      ),
      (
        .init(
          customerCode: "CREDIT", amount: .init(currencyCode: "USD", minorUnits: 5),
          validUntil: .init(year: 2027, month: 3, day: 5), reason: "x"),
        ["CURRENCY_NOT_ACCEPTED amount", "OUT_OF_RANGE valid_until"]
      ),
      (
        .init(customerCode: "NOBODY", amount: yuan("1"), validUntil: today, reason: "x"),
        ["UNKNOWN_CUSTOMER customer_code"]
      ),
      (
        .init(
          customerCode: "CREDIT", amount: yuan("1"), validFrom: today, validUntil: today,
          reason: "x", kind: .limit),
        ["NOT_BOTH valid_from", "NOT_BOTH valid_until"]
      ),
      (
        .init(
          customerCode: "CREDIT", amount: yuan("1"), validUntil: today, reason: "x",
          kind: .unrecognized(9)),
        ["UNKNOWN_VALUE kind"]
      ),
    ]
    for (request, expected) in cases {
      let refused = await refusal {
        try await shop.customers.grantCredit(request, options: shop.command())
      }
      #expect(violations(refused) == expected)
    }
    let unknown = await refusal { try await decide(shop, 99, true, by: "wang.fang") }
    #expect(unknown?.code == .notFound && violations(unknown) == ["UNKNOWN_CREDIT_GRANT id"])
    let unnamed = await refusal { try await decide(shop, 0, true, by: "wang.fang") }
    #expect(violations(unnamed) == ["REQUIRED id"])
    await shop.close()
  }

  private func say(
    _ shop: Shop, _ consent: CustomersV1.Consent
  ) async throws -> CustomersV1.Consent? {
    try await shop.customers.recordConsent(
      .init(customerCode: "CASH", consent: consent), options: shop.command()
    ).consent
  }

  private func may(
    _ shop: Shop, _ channel: CustomersV1.ContactChannel, _ purpose: CustomersV1.ContactPurpose
  ) async throws -> String {
    let answer = try await shop.customers.mayContact(
      .init(customerCode: "CASH", channel: channel, purpose: purpose))
    return "\(answer.allowed ? "yes" : "no") \(answer.explanation?.steps.first?.rule ?? "")"
  }

  @Test("who may be contacted how and for what is what was said last")
  func consent() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    #expect(try await may(shop, .sms, .marketing) == "no NO_CONSENT")
    #expect(try await may(shop, .sms, .order) == "yes CONTRACT")
    let given = try await say(
      shop,
      .init(channel: .sms, purpose: .marketing, given: true, source: "form 7", textVersion: "v3"))
    #expect(given?.recordedBy == "li.na" && given?.saidTime == given?.recordedTime)
    #expect(try await may(shop, .sms, .marketing) == "yes CONSENT")
    #expect(try await may(shop, .email, .marketing) == "no NO_CONSENT")
    shop.clock.advance(days: 1)
    _ = try await say(
      shop, .init(channel: .sms, purpose: .marketing, given: false, source: "call centre"))
    _ = try await say(shop, .init(channel: .sms, purpose: .order, given: false, source: "letter"))
    #expect(try await may(shop, .sms, .marketing) == "no WITHDRAWN")
    #expect(try await may(shop, .sms, .order) == "no WITHDRAWN")
    // An old form that is found later says nothing new.
    _ = try await say(
      shop,
      .init(
        channel: .sms, purpose: .marketing, given: true,
        saidTime: .init(seconds: (given?.saidTime?.seconds ?? 0) - 60), source: "drawer",
        textVersion: "v2"))
    #expect(try await may(shop, .sms, .marketing) == "no WITHDRAWN")
    let page = try await shop.customers.listConsents(.init(customerCode: "CASH", pageSize: 3))
    #expect(page.consents.map(\.source) == ["drawer", "letter", "call centre"])
    let rest = try await shop.customers.listConsents(
      .init(customerCode: "CASH", pageSize: 3, pageToken: page.nextPageToken))
    #expect(rest.consents == [try #require(given)] && rest.nextPageToken.isEmpty)
    let cases: [(CustomersV1.Consent, [String])] = [
      (.init(), ["REQUIRED consent.channel", "REQUIRED consent.purpose"]),
      (
        .init(channel: .sms, purpose: .survey, given: true),
        ["REQUIRED consent.source", "REQUIRED consent.text_version"]
      ),
      (
        .init(
          channel: .sms, purpose: .survey, saidTime: .init(seconds: 4_000_000_000), source: "x"),
        ["SAID_IN_FUTURE consent.said_time"]
      ),
    ]
    for (consent, expected) in cases {
      #expect(violations(await refusal { try await say(shop, consent) }) == expected)
    }
    let unknown = await refusal {
      try await shop.customers.mayContact(
        .init(customerCode: "CASH", channel: .unrecognized(77), purpose: .order))
    }
    #expect(violations(unknown) == ["UNKNOWN_VALUE channel"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func codes(
    _ shop: Shop, tag: String = "", segment: String = "", prefix: String = ""
  ) async throws -> [String] {
    try await shop.customers.listCustomers(
      .init(prefix: prefix, tag: tag, segmentCode: segment)
    ).customers.map(\.code)
  }

  @Test("tags are spelt alike, and find their customers")
  func tags() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    for code in ["CREDIT", "VIP"] {
      let tagged = try await shop.customers.tagCustomer(
        .init(customerCode: code, add: ["  Early Bird ", "early-bird", "木迷"]),
        options: shop.command())
      #expect(tagged.tags == ["early-bird", "木迷"])
    }
    #expect(try await codes(shop, tag: "EARLY bird") == ["CREDIT", "VIP"])
    #expect(try await codes(shop, tag: "early-bird", prefix: "vi") == ["VIP"])
    #expect(try await codes(shop, tag: "??") == [])
    let less = try await shop.customers.tagCustomer(
      .init(customerCode: "VIP", remove: ["Early Bird", "never"]), options: shop.command())
    #expect(less.tags == ["木迷"])
    #expect(try await codes(shop, tag: "early bird") == ["CREDIT"])
    for (add, expected) in [
      ([], ["REQUIRED add"]),
      (["ok", "a\u{1F600}b", " - "], ["INVALID_TAG add[1]", "INVALID_TAG add[2]"]),
      (Array(repeating: "x", count: 21), ["OUT_OF_RANGE add"]),
    ] as [([String], [String])] {
      let refused = await refusal {
        try await shop.customers.tagCustomer(
          .init(customerCode: "CREDIT", add: add), options: shop.command())
      }
      #expect(violations(refused) == expected)
    }
    await shop.close()
  }

  @Test("a segment is who meets its criteria now")
  func segments() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "210")
    let order = try await shop.place([("CHAIR", 2)])
    try await shop.deliver(order.number)
    _ = try await shop.orders.invoiceOrder(.init(number: order.number), options: shop.command())
    _ = try await shop.customers.setAddress(
      .init(
        customerCode: "VIP", address: .init(label: "x", regionCode: "330106", street: "x")),
      options: shop.command())
    _ = try await shop.customers.tagCustomer(
      .init(customerCode: "VIP", add: ["Club"]), options: shop.command())
    let verdicts = try await shop.customers.upsertSegments(
      .init(segments: [
        .init(code: "ALL", name: "Everybody"),
        .init(
          code: "CLUB", name: "Club of Zhejiang", customerClasses: ["VIP", "GOLD"],
          tags: ["CLUB"], regionPrefixes: ["DE", "33"]),
        .init(
          code: "BUYERS", name: "Buyers", turnoverAtLeast: yuan("1000"), turnoverDays: 30,
          orderedWithinDays: 30),
        .init(code: "SMALL", name: "Small", turnoverBelow: yuan("1000")),
        .init(code: "ASLEEP", name: "Asleep", notOrderedForDays: 60),
        .init(
          code: "BAD", name: "", storeCodes: ["a b"], tags: [""], regionPrefixes: ["3x"],
          turnoverDays: 9_999),
      ]), options: shop.command()
    ).verdicts
    #expect(
      verdicts.last?.violations.map { "\($0.reason) \($0.field)" } == [
        "REQUIRED segments[5].name", "INVALID_CODE segments[5].store_codes[0]",
        "INVALID_TAG segments[5].tags[0]", "INVALID_REGION segments[5].region_prefixes[0]",
        "OUT_OF_RANGE segments[5].turnover_days",
      ])
    #expect(try await codes(shop, segment: "ALL") == ["CASH", "CREDIT", "VIP"])
    #expect(try await codes(shop, segment: "CLUB") == ["VIP"])
    #expect(try await codes(shop, segment: "BUYERS") == ["CREDIT"])
    #expect(try await codes(shop, segment: "SMALL") == ["CASH", "VIP"])
    #expect(try await codes(shop, segment: "ASLEEP") == ["CASH", "VIP"])
    #expect(try await codes(shop, tag: "club", segment: "SMALL") == ["VIP"])
    shop.clock.advance(days: 61)
    #expect(try await codes(shop, segment: "BUYERS") == [])
    #expect(try await codes(shop, segment: "ASLEEP") == ["CASH", "CREDIT", "VIP"])
    // Page by page it is the same.
    var paged: [String] = []
    var token = ""
    for _ in 0..<10 {
      let page = try await shop.customers.listCustomers(
        .init(pageSize: 1, pageToken: token, segmentCode: "ALL"))
      paged += page.customers.map(\.code)
      token = page.nextPageToken
      if token.isEmpty { break }
    }
    #expect(paged == ["CASH", "CREDIT", "VIP"] && token.isEmpty)
    let unknown = await refusal { try await codes(shop, segment: "NONE") }
    #expect(unknown?.code == .notFound && violations(unknown) == ["UNKNOWN_SEGMENT segment_code"])
    let listed = try await shop.customers.listSegments(.init(pageSize: 2))
    #expect(listed.segments.map(\.code) == ["ALL", "ASLEEP"] && !listed.nextPageToken.isEmpty)
    let again = try await shop.customers.upsertSegments(
      .init(segments: [.init(code: "ALL", name: "Everybody")]), options: shop.command())
    #expect(again.verdicts.map(\.outcome) == [.unchanged])
    await shop.close()
  }
}
