import Messages
import TestKit
import Testing

@Suite("Scenario: complaints have a deadline")
struct ComplaintTests {
  private func delivered(_ shop: Shop, customer: String = "VIP") async throws -> String {
    let order = try await shop.place([("CHAIR", 1)], customer: customer).number
    try await shop.deliver(order)
    return order
  }

  private func open(
    _ shop: Shop, _ order: String, _ severity: AftersalesV1.ComplaintSeverity = .high,
    line: Int32 = 1
  ) async throws -> AftersalesV1.Complaint {
    let reply = try await shop.complaints.openComplaint(
      .init(
        orderNumber: order, lineNumber: line, category: .missingParts, severity: severity,
        text: "a leg is missing"), options: shop.command())
    return try #require(reply.complaint)
  }

  private func escalate(_ shop: Shop) async throws -> [String] {
    try await shop.complaints.escalateComplaints(.init(), options: shop.command())
      .complaints.map { "\($0.number) \($0.escalationLevel) \($0.escalationRole)" }
  }

  @Test("what nobody resolves in time goes up, once for each deadline, and ends by a document")
  func deadlines() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    let order = try await delivered(shop)
    let high = try await open(shop, order)
    let low = try await open(shop, order, .low, line: 0)
    #expect(high.state == .open && high.sku == "CHAIR" && low.sku == "")
    #expect((high.dueTime?.seconds ?? 0) - (high.openTime?.seconds ?? 0) == 24 * 3_600)
    #expect(try await escalate(shop) == [])
    shop.clock.advance(seconds: 24 * 3_600)
    #expect(try await escalate(shop) == ["\(high.number) 1 SALES_MANAGER"])
    #expect(try await escalate(shop) == [])
    let taken = try await shop.complaints.assignComplaint(
      .init(number: high.number), options: shop.command(by: "wang"))
    #expect(taken.complaint?.assignee == "wang" && taken.complaint?.state == .inProgress)
    shop.clock.advance(days: 6)
    #expect(
      try await escalate(shop) == [
        "\(high.number) 2 SALES_MANAGER", "\(low.number) 1 SALES_MANAGER",
      ])

    let made = try await shop.remakes.createRemake(
      .init(
        orderNumber: order, lineNumber: 1, quantity: pieces(1), reasonCode: "DAMAGED"),
      options: shop.command())
    let document = try #require(made.remake).orderNumber
    let other = try await delivered(shop, customer: "CREDIT")
    let foreign = await refusal {
      try await shop.complaints.resolveComplaint(
        .init(number: high.number, resolution: "sent", documentNumber: other),
        options: shop.command())
    }
    #expect(violations(foreign) == ["FOREIGN_DOCUMENT document_number"])
    let done = try await shop.complaints.resolveComplaint(
      .init(number: high.number, resolution: "sent another", documentNumber: document),
      options: shop.command())
    #expect(done.complaint?.state == .resolved)
    #expect(done.complaint?.resolvedByDocument == .init(kind: .salesOrder, number: document))
    let twice = await refusal {
      try await shop.complaints.assignComplaint(
        .init(number: high.number), options: shop.command())
    }
    #expect(reason(twice) == "COMPLAINT_STATE_FORBIDS")
    shop.clock.advance(days: 30)
    #expect(try await escalate(shop) == ["\(low.number) 2 SALES_MANAGER"])
    let again = try await shop.complaints.reopenComplaint(
      .init(number: high.number, reason: "the other leg"), options: shop.command())
    #expect(again.complaint?.state == .inProgress && again.complaint?.escalationLevel == 2)

    let listed = try await shop.complaints.listComplaints(.init(orderNumber: order)).complaints
    #expect(listed.map(\.number) == [low.number, high.number])
    let open = try await shop.complaints.listComplaints(
      .init(state: .open, category: .missingParts))
    #expect(open.complaints.map(\.number) == [low.number])
    let none = try await shop.complaints.listComplaints(.init(category: .billing)).complaints
    #expect(none.isEmpty)
    let shown = try await shop.complaints.getComplaint(.init(number: high.number)).complaint
    #expect(shown == again.complaint)
    let overview = try await shop.customers.getCustomerOverview(.init(code: "VIP"))
    #expect(overview.openComplaints.map(\.number) == [low.number, high.number])
    let told = try await shop.orders.getOrderTimeline(.init(number: order)).events.map(\.type)
    #expect(told.filter { $0 == "complaint.escalated" }.count == 4)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("terms are data, and bad input names its field")
  func badInput() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 1, cost: "200")
    let order = try await delivered(shop)
    func refused(_ request: AftersalesV1.OpenComplaintRequest) async -> [String] {
      violations(
        await refusal {
          try await shop.complaints.openComplaint(request, options: shop.command())
        })
    }
    #expect(
      await refused(.init(orderNumber: order, text: "x"))
        == ["REQUIRED category", "REQUIRED severity"])
    #expect(
      await refused(.init(orderNumber: order, category: .other, severity: .low))
        == ["REQUIRED text"])
    #expect(
      await refused(
        .init(orderNumber: order, lineNumber: 9, category: .other, severity: .low, text: "x"))
        == ["UNKNOWN_LINE line_number"])
    #expect(
      await refused(.init(orderNumber: "SO-1", category: .other, severity: .low, text: "x"))
        == ["UNKNOWN_ORDER order_number"])
    let few = await refusal {
      try await shop.complaints.replaceComplaintTerms(
        .init(terms: [.init(severity: .low, hours: 1, escalationRole: "A")]),
        options: shop.command())
    }
    #expect(violations(few) == ["OUT_OF_RANGE terms"])
    let stored = try await shop.complaints.listComplaintTerms(.init()).terms
    #expect(stored.map(\.severity) == [.low, .normal, .high, .critical])
    var terms = stored
    terms[1].hours = 0
    terms[2].severity = .low
    let wrong = await refusal {
      try await shop.complaints.replaceComplaintTerms(
        .init(terms: terms), options: shop.command())
    }
    #expect(
      violations(wrong) == ["OUT_OF_RANGE terms[1].hours", "DUPLICATE_SEVERITY terms[2].severity"])
    terms = stored
    terms[2].hours = 1
    let set = try await shop.complaints.replaceComplaintTerms(
      .init(terms: terms.reversed()), options: shop.command())
    #expect(set.terms == terms)
    let opened = try await open(shop, order)
    #expect((opened.dueTime?.seconds ?? 0) - (opened.openTime?.seconds ?? 0) == 3_600)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test(
    "by which way they come is told, counted with how they ended, and known to whoever sees them")
  func channels() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    let order = try await delivered(shop)
    func open(
      _ channel: AftersalesV1.ComplaintChannel, _ category: AftersalesV1.ComplaintCategory
    ) async throws -> AftersalesV1.Complaint {
      try #require(
        try await shop.complaints.openComplaint(
          .init(
            orderNumber: order, category: category, severity: .high, text: "x", channel: channel),
          options: shop.command()
        ).complaint)
    }
    let first = try await open(.wechat, .delay)
    #expect(first.channel == .wechat)
    _ = try await open(.wechat, .quality)
    let crew = try await open(.crew, .quality)
    #expect(try await open(.unspecified, .delay).channel == .unspecified)
    shop.clock.advance(seconds: 3_601)
    for number in [first.number, crew.number] {
      _ = try await shop.complaints.resolveComplaint(
        .init(number: number, resolution: "seen to"), options: shop.command())
      shop.clock.advance(seconds: 10)
    }
    shop.clock.advance(days: 1)
    _ = try await escalate(shop)
    func told(
      _ request: AftersalesV1.GetComplaintReportRequest
    ) async throws -> [String] {
      try await shop.complaints.getComplaintReport(request).rows.map { row in
        let names = [row.channel.name, row.category.name, row.severity.name].map { name in
          name.split(separator: "_").dropFirst(2).joined(separator: " ")
        }
        return
          (names + [
            "\(row.complaints)", "\(row.unresolved)", "\(row.escalated)",
            "\(row.meanResolveSeconds)",
          ]).joined(separator: "/")
      }
    }
    let none = "UNSPECIFIED"
    #expect(
      try await told(.init()) == [
        "WECHAT/\(none)/\(none)/2/1/1/3601", "\(none)/\(none)/\(none)/1/1/1/0",
        "CREW/\(none)/\(none)/1/0/0/3611",
      ])
    #expect(
      try await told(.init(dimensions: [.category, .severity])) == [
        "\(none)/DELAY/HIGH/2/1/1/3601", "\(none)/QUALITY/HIGH/2/1/1/3611",
      ])
    let later = GoogleType.Date(year: 2026, month: 3, day: 3)
    #expect(try await told(.init(from: later, until: later)) == [])
    #expect(
      try await shop.complaints.getComplaint(.init(number: crew.number)).complaint?.channel == .crew
    )
    let odd = await refusal {
      try await shop.complaints.getComplaintReport(
        .init(dimensions: [.channel, .unrecognized(9), .unspecified]))
    }
    #expect(violations(odd) == ["UNKNOWN_VALUE dimensions[1]", "REQUIRED dimensions[2]"])
    let strange = await refusal { try await open(.unrecognized(99), .delay) }
    #expect(violations(strange) == ["UNKNOWN_VALUE channel"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
