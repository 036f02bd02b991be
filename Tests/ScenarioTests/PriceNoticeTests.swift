import Messages
import RPC
import Senders
import Services
import Synchronization
import TestKit
import Testing

/// Takes whatever is sent.
private final class Tray: NoticeSender {
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

@Suite("Scenario: staff are told of new price suggestions")
struct PriceNoticeTests {
  private let tray = Tray()

  private func shop(_ change: (inout PricingV1.PriceRule) -> Void = { _ in }) async throws -> Shop {
    let shop = try await Shop.open(notices: NoticeSettings(mail: tray))
    try await shop.furnish()
    try await shop.stock("CHAIR", 90, cost: "200")
    shop.clock.advance(days: 1)
    var rule = PricingV1.PriceRule(
      code: "CLEAR", priceListCode: "RETAIL", sku: "CHAIR",
      conditions: [.init(fact: .coverDays, bound: .atLeast, valueMicros: 60_000_000)],
      action: .changeMicros(-100_000), endingStep: yuan("10"), ending: yuan("9"),
      mostDownMicros: 150_000, farthestDownMicros: 200_000, floorMarginMicros: 200_000,
      minimumDays: 14)
    change(&rule)
    _ = try await shop.suggestions.setPriceSuggestionPolicy(
      .init(rules: [rule], reason: "a test"), options: shop.command())
    for (code, event, locale) in [
      ("MADE", "price-suggestions.made", "en"), ("MADE-ZH", "price-suggestions.made", "zh-CN"),
      ("ASKED", "price-suggestion.approval-requested", "en"),
    ] {
      _ = try await shop.notifications.setNoticeRule(
        .init(rule: wish(code, event, locale)), options: shop.command())
    }
    return shop
  }

  private func wish(
    _ code: String, _ event: String, _ locale: String
  ) -> NotificationsV1.NoticeRule {
    .init(
      code: code, eventType: event, channel: .email, audience: .staff, locale: locale,
      addresses: ["\(code.lowercased())@oak.example"], active: true)
  }

  private func told(_ shop: Shop) async throws -> [String: OutgoingNotice] {
    try await shop.settleNotices()
    return Dictionary(tray.taken.map { ($0.address, $0) }) { first, second in
      Issue.record("\(first.address) is told twice: \(second.subject)")
      return second
    }
  }

  private func suggest(_ shop: Shop) async throws -> PricingV1.SuggestPricesResponse {
    try await shop.suggestions.suggestPrices(
      .init(priceListCode: "RETAIL"), options: shop.command())
  }

  @Test("what a run has made is told once, with each price and no cost; a run without news is not")
  func made() async throws {
    let shop = try await shop()
    let id = try #require(try await suggest(shop).suggestions.first?.id)
    let told = try await told(shop)
    let note = try #require(told["made@oak.example"])
    #expect(note.subject == "New prices suggested: 1, to be decided: 1")
    #expect(
      note.body == """
        \(id). CHAIR Oak chair, RETAIL: 499 CNY → 449 CNY, from 2026-03-03 (CLEAR)

        """)
    #expect(told["made-zh@oak.example"]?.subject == "1 条新的调价建议，1 条待处理")
    #expect(told.count == 2)
    #expect(try await suggest(shop).suggestions.isEmpty)
    #expect(try await self.told(shop).isEmpty)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("beyond the band somebody else must approve it, and is told so")
  func beyond() async throws {
    let shop = try await shop {
      $0.action = .changeMicros(-300_000)
      $0.beyondBand = true
    }
    let id = try #require(try await suggest(shop).suggestions.first?.id)
    let made = try await told(shop)["made@oak.example"]
    #expect(made?.body.contains("must approve what is accepted: 1\n") == true)
    #expect(made?.body.contains("(CLEAR), beyond the band\n") == true)
    _ = try await shop.suggestions.acceptPriceSuggestions(
      .init(ids: [id]), options: shop.command(by: "li.na"))
    let asked = try await told(shop)
    #expect(asked.keys.sorted() == ["asked@oak.example"])
    let note = asked["asked@oak.example"]
    #expect(note?.subject == "CHAIR: new price to be approved")
    #expect(note?.body.contains("accepted by li.na") == true)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("no customer is told, and no store's own staff alone; a preview shows what waits")
  func refused() async throws {
    let shop = try await shop()
    func fields(_ change: (inout NotificationsV1.NoticeRule) -> Void) async -> [String]? {
      var rule = wish("BAD", "price-suggestions.made", "en")
      change(&rule)
      let error = await refusal { [rule] in
        try await shop.notifications.setNoticeRule(.init(rule: rule), options: shop.command())
      }
      return violations(error)
    }
    #expect(
      await fields { ($0.audience, $0.addresses) = (.customer, []) }
        == ["EVENT_HAS_NO_CUSTOMER rule.audience"])
    #expect(
      await fields { $0.storeCode = "HZ-01" } == ["EVENT_HAS_NO_CUSTOMER rule.store_code"])
    _ = try await suggest(shop)
    let template = NotificationsV1.NoticeTemplate(
      eventType: "price-suggestions.made", channel: .email, locale: "en", audience: .staff)
    let shown = try await shop.notifications.previewNotice(
      .init(template: template, documentNumber: "price-suggestions"))
    #expect(shown.subject == "New prices suggested: 1, to be decided: 1")
    #expect(shown.customerCode.isEmpty)
    let unknown = await refusal {
      try await shop.notifications.previewNotice(
        .init(template: template, documentNumber: "SO-2026-000001"))
    }
    #expect(unknown?.code == .notFound)
    await shop.close()
  }
}
