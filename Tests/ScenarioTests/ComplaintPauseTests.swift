import Messages
import TestKit
import Testing

@Suite("Scenario: the clock of a complaint stands still while somebody else is waited for")
struct ComplaintPauseTests {
  /// On Monday the 2nd of March 2026, 09:00, when the company begins to work until 18:00.
  private func opened(business: Bool) async throws -> (Shop, AftersalesV1.Complaint) {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    var terms = try await shop.complaints.listComplaintTerms(.init()).terms
    terms[2] = .init(
      severity: .high, hours: 18, escalationRole: "SALES_MANAGER", businessHours: business)
    _ = try await shop.complaints.replaceComplaintTerms(
      .init(terms: terms), options: shop.command())
    return (shop, try await complain(shop))
  }

  private func complain(_ shop: Shop) async throws -> AftersalesV1.Complaint {
    let order = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    try await shop.deliver(order)
    let reply = try await shop.complaints.openComplaint(
      .init(orderNumber: order, category: .missingParts, severity: .high, text: "a leg is missing"),
      options: shop.command())
    return try #require(reply.complaint)
  }

  private func pause(
    _ shop: Shop, _ number: String, _ reason: AftersalesV1.ComplaintPauseReason,
    until day: Int32? = nil
  ) async throws -> AftersalesV1.Complaint {
    let reply = try await shop.complaints.pauseComplaint(
      .init(
        number: number, reason: reason, note: "waits",
        until: day.map { .init(year: 2026, month: 3, day: $0) }), options: shop.command(by: "wang"))
    return try #require(reply.complaint)
  }

  private func resume(_ shop: Shop, _ number: String) async throws -> AftersalesV1.Complaint {
    let reply = try await shop.complaints.resumeComplaint(
      .init(number: number), options: shop.command(by: "li"))
    return try #require(reply.complaint)
  }

  private func escalated(_ shop: Shop) async throws -> [String] {
    try await shop.complaints.escalateComplaints(.init(), options: shop.command())
      .complaints.map(\.number)
  }

  /// Hours since Monday, 09:00.
  private func hours(_ time: GoogleProtobuf.Timestamp?) -> Int64 {
    ((time?.seconds ?? 0) - 1_772_413_200) / 3_600
  }

  @Test("business hours that it stood still are added to the deadline, and nothing else")
  func businessHours() async throws {
    let (shop, complaint) = try await opened(business: true)
    // Two days of nine hours: Tuesday, 18:00.
    #expect(complaint.businessHours && hours(complaint.dueTime) == 33)
    shop.clock.advance(seconds: 4 * 3_600)
    let paused = try await pause(shop, complaint.number, .parts, until: 13)
    // Until Saturday the 14th, 00:00; then fourteen hours from Monday the 16th, 09:00 on.
    #expect(hours(paused.pausedUntilTime) == 11 * 24 + 15)
    #expect(hours(paused.dueTime) == 15 * 24 + 5)
    let twice = await refusal { try await pause(shop, complaint.number, .customer) }
    #expect(reason(twice) == "COMPLAINT_PAUSED")
    // Long after the first deadline: nothing escalates.
    shop.clock.advance(days: 3)
    #expect(try await escalated(shop) == [])
    // From Monday, 13:00 to Thursday, 13:00: 27 hours of work. Fourteen are left.
    let resumed = try await resume(shop, complaint.number)
    #expect(hours(resumed.dueTime) == 4 * 24 + 9 && resumed.pausedUntilTime == nil)
    #expect(resumed.pauses.map(\.heldSeconds) == [27 * 3_600])
    let log = try #require(resumed.pauses.first)
    #expect(log.pausedBy == "wang" && log.resumedBy == "li" && log.reason == .parts)
    let over = await refusal { try await resume(shop, complaint.number) }
    #expect(reason(over) == "COMPLAINT_NOT_PAUSED")
    // A night is no time to wait for.
    shop.clock.advance(seconds: 6 * 3_600)
    _ = try await pause(shop, complaint.number, .supplier)
    shop.clock.advance(seconds: 13 * 3_600)
    let night = try await resume(shop, complaint.number)
    #expect(night.dueTime == resumed.dueTime && night.pauses.first?.heldSeconds == 0)
    #expect(try await escalated(shop) == [])
    shop.clock.advance(days: 3)
    #expect(try await escalated(shop) == [complaint.number])
    let timeline = try await shop.orders.getOrderTimeline(.init(number: complaint.orderNumber))
    #expect(timeline.events.filter { $0.type == "complaint.paused" }.count == 2)
    #expect(timeline.events.filter { $0.type == "complaint.resumed" }.count == 2)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a pause that nobody ends is over by itself, and the report says what was waited for")
  func bound() async throws {
    let (shop, first) = try await opened(business: false)
    #expect(hours(first.dueTime) == 18)
    shop.clock.advance(seconds: 3_600)
    let second = try await complain(shop)
    _ = try await pause(shop, first.number, .customer, until: 3)
    _ = try await pause(shop, second.number, .customer)
    // Until Wednesday, 00:00; seventeen hours are left.
    shop.clock.advance(seconds: 38 * 3_600)
    let shown = try await shop.complaints.getComplaint(.init(number: first.number)).complaint
    #expect(shown?.pausedUntilTime == nil && hours(shown?.dueTime) == 39 + 17)
    #expect(shown?.pauses.map(\.heldSeconds) == [38 * 3_600] && shown?.pauses[0].resumedBy == "")
    shop.clock.advance(seconds: 17 * 3_600 - 1)
    #expect(try await escalated(shop) == [])
    shop.clock.advance(seconds: 1)
    #expect(try await escalated(shop) == [first.number])
    _ = try await pause(shop, first.number, .appointment, until: 9)
    _ = try await shop.complaints.resolveComplaint(
      .init(number: second.number, resolution: "sent"), options: shop.command())
    shop.clock.advance(seconds: 3_600)
    let rows = try await shop.complaints.getComplaintPauseReport(.init()).rows
    #expect(rows.map(\.reason) == [.customer, .appointment])
    #expect(rows.map(\.pauses) == [2, 1] && rows.map(\.complaints) == [2, 1])
    // 38 and 55 hours, and one so far.
    #expect(rows.map(\.heldSeconds) == [93 * 3_600, 3_600])
    #expect(rows.map(\.longestSeconds) == [55 * 3_600, 3_600])
    let reopened = try await shop.complaints.reopenComplaint(
      .init(number: second.number, reason: "no"), options: shop.command())
    #expect(reopened.complaint?.pausedUntilTime == nil)
    #expect(try await pause(shop, second.number, .carrier).pauses.count == 2)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("bad input names its field")
  func badInput() async throws {
    let (shop, complaint) = try await opened(business: true)
    func refused(_ request: AftersalesV1.PauseComplaintRequest) async -> [String] {
      violations(
        await refusal {
          try await shop.complaints.pauseComplaint(request, options: shop.command())
        })
    }
    #expect(await refused(.init(number: complaint.number)) == ["REQUIRED reason"])
    #expect(await refused(.init(reason: .parts)) == ["REQUIRED number"])
    #expect(await refused(.init(number: "CP-1", reason: .parts)) == ["UNKNOWN_COMPLAINT number"])
    for day in [Int32(1), 30] {
      let until = GoogleType.Date(year: 2026, month: day == 1 ? 3 : 5, day: day)
      #expect(
        await refused(.init(number: complaint.number, reason: .parts, until: until))
          == ["OUT_OF_RANGE until"])
    }
    let long = await refusal {
      try await shop.complaints.getComplaintPauseReport(
        .init(
          from: .init(year: 2024, month: 1, day: 1), until: .init(year: 2026, month: 1, day: 1)))
    }
    #expect(violations(long) == ["OUT_OF_RANGE from"])
    _ = try await shop.complaints.resolveComplaint(
      .init(number: complaint.number, resolution: "sent"), options: shop.command())
    let ended = await refusal { try await pause(shop, complaint.number, .parts) }
    #expect(reason(ended) == "COMPLAINT_STATE_FORBIDS")
    await shop.close()
  }

  @Test("what was late before the clock was stopped was late")
  func lateBefore() async throws {
    let (shop, complaint) = try await opened(business: false)
    // Due after 18 hours; nobody has looked yet.
    shop.clock.advance(seconds: 18 * 3_600 + 600)
    let paused = try await pause(shop, complaint.number, .customer, until: 5)
    #expect(paused.escalationLevel == 1 && paused.escalationRole == "SALES_MANAGER")
    // From the end of the pause, Friday 00:00, the new term: 18 hours.
    #expect(hours(paused.dueTime) == 3 * 24 + 15 + 18)
    #expect(try await escalated(shop) == [])
    let told = try await shop.orders.getOrderTimeline(.init(number: paused.orderNumber)).events
      .map(\.type)
    #expect(told.filter { $0 == "complaint.escalated" }.count == 1)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
