import Messages
import RPC
import Senders
import Services
import Synchronization
import TestKit
import Testing

/// Takes whatever is sent.
private final class Letterbox: NoticeSender {
  private let state = Mutex<[OutgoingNotice]>([])

  func send(_ notice: OutgoingNotice) async -> DeliveryOutcome {
    state.withLock { $0.append(notice) }
    return .delivered
  }

  /// Since the last time: to whom, and of what.
  var taken: [String] {
    state.withLock { state in
      defer { state = [] }
      return state.map { "\($0.address) \($0.subject)" }
    }
  }
}

@Suite("Scenario: staff are told what is theirs, when they want to be")
struct StaffNoticeTests {
  private let box = Letterbox()

  private func shop() async throws -> Shop {
    let shop = try await Shop.open(notices: NoticeSettings(mail: box))
    try await shop.furnish()
    try await shop.stock("CHAIR", 90, cost: "200")
    _ = try await shop.orders.replaceApprovalRules(
      .init(rules: ApprovalWorkflowTests.rules), options: shop.command())
    return shop
  }

  private func tell(
    _ shop: Shop, _ code: String, _ event: String, to address: String?,
    _ change: (inout NotificationsV1.NoticeRule) -> Void = { _ in }
  ) async throws {
    var rule = NotificationsV1.NoticeRule(
      code: code, eventType: event, channel: .email, audience: address == nil ? .customer : .staff,
      locale: "en", addresses: address.map { [$0] } ?? [], active: true)
    change(&rule)
    _ = try await shop.notifications.setNoticeRule(.init(rule: rule), options: shop.command())
  }

  private func told(_ shop: Shop) async throws -> [String] {
    try await shop.settleNotices()
    return box.taken
  }

  @Test("each role hears of what it must decide, is reminded, and is relieved")
  func roles() async throws {
    let shop = try await shop()
    for (role, address) in [
      ("SALES_MANAGER", "sales@oak.example"), ("PRICER", "price@oak.example"),
    ] {
      for event in ["requested", "reminded", "escalated"] {
        try await tell(shop, "\(role)-\(event)", "order.approval-\(event)", to: address) {
          $0.role = role
        }
      }
    }
    try await tell(shop, "OWNER", "order.approval-escalated", to: "owner@oak.example") {
      $0.role = "OWNER"
    }
    let order = try await shop.place([("CHAIR", 12)]).number
    #expect(try await told(shop) == ["sales@oak.example \(order): approval wanted"])
    shop.clock.advance(seconds: 2 * 3_600)
    _ = try await shop.approvals.sweepApprovals(.init(), options: shop.command())
    #expect(try await told(shop) == ["sales@oak.example \(order): approval wanted (reminder)"])
    shop.clock.advance(seconds: 2 * 3_600)
    _ = try await shop.approvals.sweepApprovals(.init(), options: shop.command())
    #expect(
      try await told(shop).sorted() == [
        "owner@oak.example \(order): approval overdue",
        "sales@oak.example \(order): approval overdue",
      ])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("nothing is sent in quiet hours, nor more than a limit within an hour, and nothing is lost")
  func quiet() async throws {
    let shop = try await shop()
    try await tell(shop, "ALL", "order.confirmed", to: "desk@oak.example") {
      $0.quietHours = .init(fromMinute: 22 * 60, untilMinute: 7 * 60)
      $0.hourlyLimit = 2
    }
    var orders: [String] = []
    for _ in 1...3 { orders.append(try await shop.place([("CHAIR", 1)]).number) }
    func note(_ index: Int) -> String {
      "desk@oak.example \(orders[index]): confirmed"
    }
    #expect(try await told(shop) == [note(0), note(1)])
    shop.clock.advance(seconds: 3_599)
    #expect(try await told(shop) == [])
    shop.clock.advance(seconds: 1)
    #expect(try await told(shop) == [note(2)])

    shop.clock.advance(seconds: 12 * 3_600 + 1_800)  // 22:30
    for _ in 1...3 { orders.append(try await shop.place([("CHAIR", 1)]).number) }
    #expect(try await told(shop) == [])
    shop.clock.advance(seconds: 8 * 3_600 + 1_800)  // 07:00
    #expect(try await told(shop) == [note(3), note(4)])
    shop.clock.advance(seconds: 3_600)
    #expect(try await told(shop) == [note(5)])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a store hears of its own customers, and a customer of another day")
  func storesAndPromises() async throws {
    let shop = try await shop()
    try await tell(shop, "HZ", "order.confirmed", to: "hz@oak.example") { $0.storeCode = "HZ-01" }
    try await tell(shop, "DAY", "order.promise-changed", to: nil)
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "LOCAL", name: "陈", customerClass: "VIP", creditLimit: yuan("90000"),
          terms: .init(netDays: 30), storeCode: "HZ-01")
      ]), options: shop.command())
    _ = try await shop.customers.setContact(
      .init(
        customerCode: "LOCAL",
        contact: .init(role: .general, name: "陈", email: "chen@chen.example")),
      options: shop.command())
    _ = try await shop.notifications.setNoticePreference(
      .init(
        preference: .init(
          customerCode: "LOCAL", quietHours: .init(fromMinute: 0, untilMinute: 12 * 60))),
      options: shop.command())
    _ = try await shop.place([("CHAIR", 1)])
    #expect(try await told(shop) == [])
    let order = try await shop.place([("CHAIR", 92)], customer: "LOCAL").number
    #expect(try await told(shop) == ["hz@oak.example \(order): confirmed"])
    try await shop.stock("CHAIR", 9, cost: "200")
    #expect(try await told(shop) == [])
    shop.clock.advance(seconds: 3 * 3_600)
    #expect(try await told(shop) == ["chen@chen.example Another day for your order \(order)"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("rules that make no sense are refused")
  func refused() async throws {
    let shop = try await shop()
    let bad: [((inout NotificationsV1.NoticeRule) -> Void, String?)] = [
      ({ $0.role = "SALES" }, "rule.role"), ({ $0.storeCode = "NO STORE" }, "rule.store_code"),
      ({ $0.quietHours = .init(fromMinute: 60, untilMinute: 60) }, "rule.quiet_hours.until_minute"),
      ({ $0.quietHours = .init(fromMinute: -1, untilMinute: 60) }, "rule.quiet_hours.from_minute"),
      ({ $0.hourlyLimit = -1 }, "rule.hourly_limit"),
    ]
    for (change, field) in bad {
      var rule = NotificationsV1.NoticeRule(
        code: "BAD", eventType: "order.confirmed", channel: .email, audience: .staff, locale: "en",
        addresses: ["desk@oak.example"], active: true)
      change(&rule)
      let error = await refusal {
        try await shop.notifications.setNoticeRule(.init(rule: rule), options: shop.command())
      }
      let fields = error?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.map(\.field)
      #expect(fields?.first == field)
    }
    await shop.close()
  }
}
