import Messages
import RPC
import Senders
import Services
import Synchronization
import TestKit
import Testing

/// Takes whatever is sent.
private final class Letters: NoticeSender {
  private let state = Mutex<[OutgoingNotice]>([])

  func send(_ notice: OutgoingNotice) async -> DeliveryOutcome {
    state.withLock { $0.append(notice) }
    return .delivered
  }

  /// Since the last time.
  var taken: [OutgoingNotice] {
    state.withLock { state in
      defer { state = [] }
      return state
    }
  }
}

@Suite("Scenario: who complains has an answer at each step, by what it is about")
struct ComplaintNoticeTests {
  private let letters = Letters()

  /// On Monday the 2nd of March 2026, 09:00.
  private func shop(locale: String) async throws -> Shop {
    let shop = try await Shop.open(notices: NoticeSettings(mail: letters))
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    _ = try await shop.customers.setContact(
      .init(
        customerCode: "CREDIT",
        contact: .init(role: .general, name: "张伟", email: "zhang@zhang.example")),
      options: shop.command())
    for event in ["opened", "paused", "resumed", "resolved", "reopened"] {
      try await tell(shop, "C-\(event)", "complaint.\(event)", locale)
    }
    return shop
  }

  private func tell(
    _ shop: Shop, _ code: String, _ event: String, _ locale: String, to address: String? = nil,
    role: String = ""
  ) async throws {
    _ = try await shop.notifications.setNoticeRule(
      .init(
        rule: .init(
          code: code, eventType: event, channel: .email,
          audience: address == nil ? .customer : .staff, purpose: .order, locale: locale,
          addresses: address.map { [$0] } ?? [], active: true, role: role)),
      options: shop.command())
  }

  private func complain(
    _ shop: Shop, _ category: AftersalesV1.ComplaintCategory, line: Int32 = 0
  ) async throws -> (order: String, number: String) {
    let order = try await shop.place([("CHAIR", 1)]).number
    let opened = try await shop.complaints.openComplaint(
      .init(
        orderNumber: order, lineNumber: line, category: category, severity: .high,
        text: "the back is torn", channel: .phone), options: shop.command())
    return (order, opened.complaint?.number ?? "")
  }

  private func told(_ shop: Shop) async throws -> [OutgoingNotice] {
    try await shop.settleNotices()
    return letters.taken
  }

  @Test("one letter for each step, with what is asked of them and what is waited for")
  func steps() async throws {
    let shop = try await shop(locale: "en")
    let (order, number) = try await complain(shop, .damage)
    let opened = try await told(shop)
    #expect(opened.map(\.address) == ["zhang@zhang.example"])
    #expect(opened.map(\.subject) == ["We have your complaint \(number)"])
    let body = opened.first?.body ?? ""
    #expect(body.contains("Your complaint about order \(order) has the number \(number), and we"))
    #expect(body.contains("keep the goods and their packaging as they are"))
    #expect(!body.contains("list of parts") && !body.contains("torn") && !body.contains("{{"))
    _ = try await shop.complaints.pauseComplaint(
      .init(
        number: number, reason: .parts, note: "the leg",
        until: .init(year: 2026, month: 3, day: 13)), options: shop.command())
    let paused = try await told(shop)
    #expect(paused.map(\.subject) == ["Your complaint \(number) has to wait"])
    #expect(paused.first?.body.contains("until 2026-03-13 at most.\nWe wait for parts.\n") == true)
    #expect(paused.first?.body.contains("carrier") == false)
    _ = try await shop.complaints.resumeComplaint(
      .init(number: number), options: shop.command())
    #expect(try await told(shop).map(\.subject) == ["Your complaint \(number) goes on"])
    _ = try await shop.complaints.resolveComplaint(
      .init(number: number, resolution: "A new back, for nothing.", documentNumber: order),
      options: shop.command())
    let resolved = try await told(shop)
    #expect(resolved.map(\.subject) == ["Your complaint \(number) is settled"])
    #expect(
      resolved.first?.body.contains("A new back, for nothing.\nIt stands in \(order).\n") == true)
    _ = try await shop.complaints.reopenComplaint(
      .init(number: number, reason: "torn again"), options: shop.command())
    #expect(try await told(shop).map(\.subject) == ["Your complaint \(number) is open again"])
    // Nothing is told again, however often anybody looks.
    #expect(try await told(shop).isEmpty)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("in Chinese as well; who must look after it is told when it is late")
  func overdue() async throws {
    let shop = try await shop(locale: "zh-CN")
    let role =
      try await shop.complaints.listComplaintTerms(.init()).terms
      .first { $0.severity == .high }?.escalationRole ?? ""
    try await tell(
      shop, "LATE", "complaint.escalated", "en", to: "care@oak.example", role: role)
    try await tell(
      shop, "OTHER", "complaint.escalated", "en", to: "boss@oak.example", role: "NOBODY")
    let (order, number) = try await complain(shop, .missingParts, line: 1)
    let opened = try await told(shop)
    #expect(opened.map(\.subject) == ["已收到您的投诉 \(number)"])
    #expect(opened.first?.body.contains("请对照包装内的清单") == true)
    shop.clock.advance(days: 9)
    _ = try await shop.complaints.escalateComplaints(.init(), options: shop.command())
    let late = try await told(shop)
    #expect(late.map(\.address) == ["care@oak.example"])
    #expect(late.map(\.subject) == ["\(number): complaint overdue"])
    #expect(late.first?.body.contains("\(order) HIGH MISSING_PARTS\n") == true)
    #expect(late.first?.body.contains("1 pcs CHAIR") == true)
    await shop.close()
  }

  @Test("a company writes its own, by category and way; what does not exist is refused")
  func ownTexts() async throws {
    let shop = try await shop(locale: "en")
    let own = NotificationsV1.NoticeTemplate(
      eventType: "complaint.opened", channel: .email, locale: "en",
      subject: "{{complaint.number}}",
      body: """
        {{#complaint.is.delay}}
        Late.
        {{/complaint.is.delay}}
        {{#complaint.by.phone}}
        You called about {{#lines}}{{line.description}}{{/lines}}.
        {{/complaint.by.phone}}
        """, audience: .customer)
    _ = try await shop.notifications.setNoticeTemplate(
      .init(template: own), options: shop.command())
    let (_, number) = try await complain(shop, .delay, line: 1)
    #expect(try await told(shop).map(\.body) == ["Late.\nYou called about Oak chair.\n"])
    let shown = try await shop.notifications.previewNotice(
      .init(template: own, documentNumber: number))
    #expect(shown.customerCode == "CREDIT" && shown.subject == number)
    var wrong = own
    wrong.body = "{{complaint.is.nonsense}}"
    let refused = await refusal { [wrong] in
      try await shop.notifications.setNoticeTemplate(
        .init(template: wrong), options: shop.command())
    }
    #expect(refused?.code == .invalidArgument)
    let unknown = await refusal {
      try await shop.notifications.previewNotice(
        .init(template: own, documentNumber: "CP-1999-000001"))
    }
    #expect(violations(unknown) == ["UNKNOWN_COMPLAINT document_number"])
    await shop.close()
  }
}
