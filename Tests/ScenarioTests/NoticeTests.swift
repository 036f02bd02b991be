import Messages
import RPC
import Senders
import Services
import Synchronization
import TestKit
import Testing

/// Takes whatever is sent, and answers what it is told to.
private final class Postman: NoticeSender {
  private let state = Mutex<(taken: [OutgoingNotice], answers: [DeliveryOutcome])>(([], []))

  func send(_ notice: OutgoingNotice) async -> DeliveryOutcome {
    state.withLock { state in
      state.taken.append(notice)
      return state.answers.isEmpty ? .delivered : state.answers.removeFirst()
    }
  }

  func answer(_ outcomes: DeliveryOutcome...) { state.withLock { $0.answers = outcomes } }

  /// Since the last time.
  var taken: [OutgoingNotice] {
    state.withLock { state in
      defer { state.taken = [] }
      return state.taken
    }
  }
}

@Suite("Scenario: customers and staff are told what happens, once each")
struct NoticeTests {
  private let postman = Postman()

  private func opened() async throws -> Shop {
    let shop = try await Shop.open(notices: NoticeSettings(mail: postman))
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "210")
    for (role, email): (CustomersV1.ContactRole, String) in [
      (.accounts, "books@zhang.example"), (.general, "zhang@zhang.example"),
      (.site, "site@zhang.example"),
    ] {
      _ = try await shop.customers.setContact(
        .init(
          customerCode: "CREDIT", contact: .init(role: role, name: "张伟", email: email)),
        options: shop.command())
    }
    return shop
  }

  private func rule(
    _ shop: Shop, _ event: String, code: String? = nil, to addresses: [String] = [],
    purpose: NotificationsV1.NoticePurpose = .order, active: Bool = true
  ) async throws {
    _ = try await shop.notifications.setNoticeRule(
      .init(
        rule: .init(
          code: code ?? event, eventType: event, channel: .email,
          audience: addresses.isEmpty ? .customer : .staff, purpose: purpose, locale: "zh-CN",
          addresses: addresses, active: active)), options: shop.command())
  }

  private func notices(
    _ shop: Shop, _ request: NotificationsV1.ListNoticesRequest = .init()
  ) async throws -> [NotificationsV1.Notice] {
    try await shop.notifications.listNotices(request).notices
  }

  @Test("an order is told from its confirmation to its delivery, to whom each concerns")
  func wholeStory() async throws {
    let shop = try await opened()
    for event in ["order.confirmed", "shipment.dispatched", "shipment.delivered"] {
      try await rule(shop, event)
    }
    try await rule(shop, "order.confirmed", code: "SALES", to: ["sales@oak.example"])
    let order = try await shop.place([("CHAIR", 4)])
    try await shop.settleNotices()
    let first = postman.taken
    #expect(first.map(\.address).sorted() == ["sales@oak.example", "zhang@zhang.example"])
    let letter = try #require(first.first { $0.address == "zhang@zhang.example" })
    #expect(letter.subject == "您的订单 \(order.number) 已确认")
    #expect(letter.body.contains("1. 橡木椅 4 pcs，2255.48 CNY，承诺交期 2026-03-02\n"))
    let note = try #require(first.first { $0.address == "sales@oak.example" })
    #expect(note.subject == "\(order.number): 已确认")
    #expect(note.body == "CREDIT 张伟\n2255.48 CNY\n\n4 pcs CHAIR\n")
    #expect(Set(first.map(\.id)).count == 2)
    try await shop.deliver(order.number)
    try await shop.settleNotices()
    #expect(postman.taken.map(\.address) == ["site@zhang.example", "site@zhang.example"])
    // Nothing is told again, however often anybody looks.
    try await shop.settleNotices()
    #expect(postman.taken.isEmpty)
    let all = try await notices(shop, .init(documentNumber: order.number))
    #expect(all.count == 4 && all.allSatisfy { $0.state == .sent && $0.attempts == 1 })
    #expect(all.allSatisfy { $0.address.isEmpty && $0.body.isEmpty })
    #expect(try await shop.violations() == [])
  }

  @Test("refunds go to who keeps the books, in the customer's language")
  func refunds() async throws {
    let shop = try await opened()
    for event in ["order.refund-proposed", "order.cancelled"] { try await rule(shop, event) }
    let preferred = try await shop.notifications.setNoticePreference(
      .init(preference: .init(customerCode: "CREDIT", locale: "en-GB")), options: shop.command())
    #expect(preferred.preference?.locale == "en-GB")
    let asked = try await shop.notifications.getNoticePreference(.init(customerCode: "CREDIT"))
    #expect(asked.preference == preferred.preference)
    let order = try await shop.place([("CHAIR", 1)])
    _ = try await shop.finance.receivePayment(
      .init(
        customerCode: "CREDIT", amount: yuan("499"), method: .bankTransfer,
        orderNumber: order.number), options: shop.command())
    _ = try await shop.orders.cancelOrder(
      .init(number: order.number, reason: .customerWish, comment: "changed plans"),
      options: shop.command())
    try await shop.settleNotices()
    let taken = postman.taken
    #expect(Set(taken.map(\.address)) == ["zhang@zhang.example", "books@zhang.example"])
    #expect(taken.contains { $0.body.contains("a refund of 499.00 CNY") })
  }

  @Test("goods are called by their English names in English, where they have any")
  func names() async throws {
    let shop = try await opened()
    try await rule(shop, "order.confirmed")
    _ = try await shop.notifications.setNoticePreference(
      .init(preference: .init(customerCode: "CREDIT", locale: "en-GB")), options: shop.command())
    _ = try await shop.catalog.upsertProducts(
      .init(products: [
        .init(
          sku: "LAMP", name: "落地灯", kind: .stocked, unitCode: "pcs", taxClass: "STANDARD")
      ]), options: shop.command())
    _ = try await shop.place([("CHAIR", 1), ("LAMP", 1)])
    try await shop.settleNotices()
    let bodies = postman.taken.map(\.body)
    #expect(!bodies.isEmpty)
    #expect(bodies.contains { $0.contains("1 pcs Oak chair") }, "\(bodies)")
    #expect(bodies.contains { $0.contains("1 pcs 落地灯") }, "\(bodies)")
  }

  @Test("who objects, has no address, or wants another channel is not told, and that is on record")
  func consent() async throws {
    let shop = try await opened()
    try await rule(shop, "order.confirmed")
    _ = try await shop.place([("CHAIR", 1)], customer: "VIP")
    _ = try await shop.customers.recordConsent(
      .init(
        customerCode: "CREDIT",
        consent: .init(channel: .email, purpose: .order, given: false, source: "phone")),
      options: shop.command())
    _ = try await shop.place([("CHAIR", 1)])
    try await shop.settleNotices()
    #expect(postman.taken.isEmpty)
    let found = try await notices(shop, .init(state: .suppressed))
    #expect(found.map(\.lastError) == ["WITHDRAWN", "NO_ADDRESS"])
    _ = try await shop.customers.recordConsent(
      .init(
        customerCode: "CREDIT",
        consent: .init(
          channel: .email, purpose: .order, given: true, source: "phone", textVersion: "1")),
      options: shop.command())
    _ = try await shop.notifications.setNoticePreference(
      .init(preference: .init(customerCode: "CREDIT", channel: .wechat)), options: shop.command())
    _ = try await shop.place([("CHAIR", 1)])
    try await shop.settleNotices()
    #expect(try await notices(shop)[0].lastError == "PREFERS_WECHAT")
    // Marketing needs a yes; saying nothing is none.
    try await rule(shop, "order.confirmed", purpose: .marketing)
    _ = try await shop.place([("CHAIR", 1)])
    try await shop.settleNotices()
    #expect(try await notices(shop)[0].lastError == "NO_CONSENT")
  }

  @Test("what fails is tried again, later each time, until it is dead; what follows waits for it")
  func patience() async throws {
    let shop = try await opened()
    for event in ["order.confirmed", "order.cancelled"] { try await rule(shop, event) }
    let order = try await shop.place([("CHAIR", 1)])
    postman.answer(.failed("451 busy"))
    try await shop.settleNotices()
    let first = try #require(postman.taken.first)
    _ = try await shop.orders.cancelOrder(
      .init(number: order.number, reason: .customerWish, comment: "no"),
      options: shop.command())
    try await shop.settleNotices()
    #expect(postman.taken.isEmpty, "the cancellation overtook the confirmation")
    let waiting = try await notices(shop, .init(state: .pending))
    #expect(waiting.map(\.attempts) == [0, 1] && waiting[1].lastError == "451 busy")
    shop.clock.advance(seconds: 31)
    try await shop.settleNotices()
    let rest = postman.taken
    #expect(rest.map(\.id).first == first.id && rest.count == 2)

    _ = try await shop.place([("CHAIR", 1)])
    for attempt in 1...12 {
      postman.answer(.failed("421 closed"))
      try await shop.settleNotices()
      #expect(postman.taken.count == 1, "attempt \(attempt)")
      shop.clock.advance(seconds: 6 * 3600)
    }
    try await shop.settleNotices()
    #expect(postman.taken.isEmpty)
    let dead = try #require(try await notices(shop, .init(state: .dead)).first)
    #expect(dead.attempts == 12 && dead.settledTime != nil && dead.dueTime == nil)
    #expect(try await shop.violations() == [])
  }

  @Test("who objects while a mail waits does not get it")
  func objection() async throws {
    let shop = try await opened()
    try await rule(shop, "order.confirmed")
    _ = try await shop.place([("CHAIR", 1)])
    postman.answer(.failed("451 busy"))
    try await shop.settleNotices()
    #expect(postman.taken.count == 1)
    _ = try await shop.customers.recordConsent(
      .init(
        customerCode: "CREDIT",
        consent: .init(channel: .email, purpose: .order, given: false, source: "phone")),
      options: shop.command())
    shop.clock.advance(seconds: 31)
    try await shop.settleNotices()
    #expect(postman.taken.isEmpty)
    let notice = try #require(try await notices(shop).first)
    #expect(notice.state == .suppressed && notice.lastError == "WITHDRAWN")
    #expect(notice.attempts == 1)
  }

  @Test("an operator retries and discards dead letters, and nothing else")
  func deadLetters() async throws {
    let shop = try await opened()
    try await rule(shop, "order.confirmed")
    postman.answer(.refused("550 unknown"), .refused("550 unknown"))
    for _ in 1...2 { _ = try await shop.place([("CHAIR", 1)]) }
    try await shop.settleNotices()
    let dead = try await notices(shop, .init(state: .dead))
    #expect(dead.count == 2 && dead.allSatisfy { $0.lastError == "550 unknown" })
    let stale = await refusal {
      try await shop.notifications.retryNotice(
        .init(id: dead[0].id, expectedVersion: 1), options: shop.command())
    }
    #expect(stale?.code == .aborted)
    let retried = try await shop.notifications.retryNotice(
      .init(id: dead[0].id, expectedVersion: dead[0].version), options: shop.command())
    #expect(retried.notice?.state == .pending && retried.notice?.attempts == 0)
    let discarded = try await shop.notifications.discardNotice(
      .init(id: dead[1].id, reason: "told by phone"), options: shop.command())
    #expect(discarded.notice?.state == .discarded)
    _ = postman.taken
    try await shop.settleNotices()
    #expect(postman.taken.count == 1)
    for (id, expected) in [(dead[0].id, "NOTICE_STATE_FORBIDS"), (9_999, "UNKNOWN_NOTICE")] {
      let refused = await refusal {
        try await shop.notifications.retryNotice(.init(id: id), options: shop.command())
      }
      #expect(reason(refused) == expected)
    }
    let unexplained = await refusal {
      try await shop.notifications.discardNotice(.init(id: dead[1].id), options: shop.command())
    }
    #expect(violations(unexplained) == ["REQUIRED reason"])
  }

  @Test("a template is written anew, previewed, and kept as it was where it was used")
  func templates() async throws {
    let shop = try await opened()
    try await rule(shop, "order.confirmed")
    let order = try await shop.place([("CHAIR", 2)])
    try await shop.settleNotices()
    let given = NotificationsV1.NoticeTemplate(
      eventType: "order.confirmed", channel: .email, locale: "zh-CN",
      subject: "确认 {{order.number}}", body: "{{#lines}}{{line.sku}} x {{line.quantity}};{{/lines}}")
    let shown = try await shop.notifications.previewNotice(
      .init(template: given, documentNumber: order.number))
    #expect(shown.subject == "确认 \(order.number)" && shown.body == "CHAIR x 2;")
    #expect(shown.customerCode == "CREDIT")
    let stored = try await shop.notifications.setNoticeTemplate(
      .init(template: given), options: shop.command())
    #expect(stored.template?.version == 1)
    let again = try await shop.notifications.setNoticeTemplate(
      .init(template: given), options: shop.command())
    #expect(again.template?.version == 1)
    let listed = try await shop.notifications.listNoticeTemplates(
      .init(eventType: "order.confirmed")
    ).templates
    #expect(listed.map(\.locale) == ["en", "zh-CN", "en", "zh-CN"])
    #expect(listed.map(\.version) == [0, 1, 0, 0])
    #expect(listed.map(\.audience) == [.customer, .customer, .staff, .staff])
    #expect(listed.map(\.body).filter { !$0.isEmpty } == [])
    let one = try await shop.notifications.getNoticeTemplate(
      .init(eventType: "order.confirmed", channel: .email, locale: "zh-TW")
    ).template
    #expect(one?.locale == "zh-CN" && one?.body == given.body)
    #expect(one?.placeholders.contains("line.promised_on") == true)
    let none = await refusal {
      try await shop.notifications.getNoticeTemplate(
        .init(eventType: "order.lost", channel: .email, locale: "en"))
    }
    #expect(reason(none) == "NO_TEMPLATE" && violations(none) == ["NO_TEMPLATE event_type"])
    _ = try await shop.place([("CHAIR", 3)])
    try await shop.settleNotices()
    let bodies = postman.taken.map(\.body)
    #expect(bodies.last == "CHAIR x 3;" && bodies.first?.contains("尊敬的张伟") == true)
    let old = try #require(try await notices(shop).last)
    let whole = try await shop.notifications.getNotice(.init(id: old.id)).notice
    #expect(whole?.body == bodies.first && whole?.address == "zhang@zhang.example")
  }

  @Test(
    "each fault of a template names its field",
    arguments: [
      (NotificationsV1.NoticeTemplate(), "template.channel"),
      (.init(channel: .email), "template.event_type"),
      (.init(eventType: "order.confirmd", channel: .email), "template.event_type"),
      (.init(eventType: "order.confirmed", channel: .email), "template.locale"),
      (.init(eventType: "order.confirmed", channel: .email, locale: "EN"), "template.locale"),
      (.init(eventType: "order.confirmed", channel: .email, locale: "en"), "template.subject"),
      (
        .init(eventType: "order.confirmed", channel: .email, locale: "en", subject: "s"),
        "template.body"
      ),
      (
        .init(
          eventType: "order.confirmed", channel: .email, locale: "en", subject: "a\nb", body: "b"),
        "template.subject"
      ),
      (
        .init(
          eventType: "order.confirmed", channel: .email, locale: "en", subject: "{{order.numbr}}",
          body: "b"), "template.subject"
      ),
      (
        .init(
          eventType: "order.confirmed", channel: .email, locale: "en", subject: "s",
          body: "{{#lines}}"), "template.body"
      ),
      (
        .init(
          eventType: "order.confirmed", channel: .email, locale: "en", subject: "s",
          body: String(repeating: "x", count: 10_001)), "template.body"
      ),
      (
        .init(
          eventType: "order.confirmed", channel: .sms, locale: "en", subject: "s", body: "b"),
        "template.subject"
      ),
      (
        .init(eventType: "order.confirmed", channel: .webhook, locale: "en", body: "b"),
        "template.channel"
      ),
    ])
  func badTemplates(template: NotificationsV1.NoticeTemplate, field: String) async throws {
    let shop = try await opened()
    let refused = await refusal {
      try await shop.notifications.setNoticeTemplate(
        .init(template: template), options: shop.command())
    }
    #expect(refused?.code == .invalidArgument)
    #expect(violations(refused).contains { $0.hasSuffix(" \(field)") }, "\(violations(refused))")
  }

  @Test("the nearest name is told, and a rule of an unknown event, channel or mailbox is refused")
  func badRules() async throws {
    let shop = try await opened()
    let near = await refusal {
      try await shop.notifications.setNoticeTemplate(
        .init(
          template: .init(
            eventType: "order.confirmed", channel: .email, locale: "en", subject: "s",
            body: "{{custmer.name}}")), options: shop.command())
    }
    #expect(near?.message.contains("did you mean customer.name?") == true)
    let good = NotificationsV1.NoticeRule(
      code: "R", eventType: "order.confirmed", channel: .email, audience: .customer,
      locale: "en", active: true)
    let cases: [((inout NotificationsV1.NoticeRule) -> Void, String)] = [
      ({ $0.code = "" }, "rule.code"), ({ $0.eventType = "order.conf" }, "rule.event_type"),
      ({ $0.channel = .webhook }, "rule.channel"), ({ $0.channel = .sms }, "rule.channel"),
      ({ $0.channel = .unspecified }, "rule.channel"),
      ({ $0.audience = .unspecified }, "rule.audience"), ({ $0.locale = "" }, "rule.locale"),
      ({ $0.addresses = ["a@b.cn"] }, "rule.addresses"),
      ({ $0.audience = .staff }, "rule.addresses"),
      (
        {
          $0.audience = .staff
          $0.addresses = ["a@b.cn", "nobody"]
        }, "rule.addresses[1]"
      ), ({ $0.version = 7 }, "rule.version"),
      ({ $0.eventType = "order.rejected" }, "rule.event_type"),
    ]
    for (change, field) in cases {
      var rule = good
      change(&rule)
      let refused = await refusal {
        try await shop.notifications.setNoticeRule(.init(rule: rule), options: shop.command())
      }
      #expect(
        violations(refused).contains { $0.hasSuffix(" \(field)") },
        "\(field): \(violations(refused))")
    }
    #expect(try await shop.notifications.listNoticeRules(.init()).rules.isEmpty)
  }

  @Test("a rule holds from when it is set, also again, and two rules tell a customer once")
  func rulesHold() async throws {
    let shop = try await opened()
    try await rule(shop, "order.confirmed", code: "A")
    try await rule(shop, "order.confirmed", code: "B")
    _ = try await shop.place([("CHAIR", 1)])
    try await shop.settleNotices()
    #expect(postman.taken.count == 1)
    for code in ["A", "B"] { try await rule(shop, "order.confirmed", code: code, active: false) }
    _ = try await shop.place([("CHAIR", 1)])
    try await shop.settleNotices()
    try await rule(shop, "order.confirmed", code: "A")
    try await shop.settleNotices()
    #expect(postman.taken.isEmpty, "an order from before was told")
    _ = try await shop.place([("CHAIR", 1)])
    try await shop.settleNotices()
    #expect(postman.taken.count == 1)
  }

  @Test("what a restored database has not sent waits until somebody has agreed to it")
  func restored() async throws {
    let monday = try await opened()
    try await rule(monday, "quote.created")
    _ = try await monday.quotes.createQuote(
      .init(customerCode: "CREDIT", variants: [.init(order: monday.input([("CHAIR", 1)]))]),
      options: monday.command())
    let name = try await monday.noteRestoration()
    let shop = try await monday.reopened(
      callers: .believed, notices: NoticeSettings(mail: postman))
    // Who knows whether it went out before the disk died.
    try await shop.settleNotices()
    #expect(postman.taken.isEmpty)
    _ = try await shop.operations.approveRestoration(
      .init(restorationId: name), options: shop.command(by: "owner"))
    try await shop.settleNotices()
    #expect(postman.taken.map(\.address) == ["zhang@zhang.example"])
    await shop.close()
  }

  @Test("who is erased is told nothing more, and what it was told is gone; before, it is exported")
  func erasure() async throws {
    let shop = try await opened()
    try await rule(shop, "quote.created")
    _ = try await shop.quotes.createQuote(
      .init(customerCode: "CREDIT", variants: [.init(order: shop.input([("CHAIR", 1)]))]),
      options: shop.command())
    try await shop.settleNotices()
    #expect(postman.taken.map(\.address) == ["zhang@zhang.example"])
    var exported: [NotificationsV1.Notice] = []
    for try await part in try await shop.customers.exportCustomer(.init(code: "CREDIT")) {
      if case .notice(let notice) = part.item { exported.append(notice) }
    }
    #expect(exported.map(\.address) == ["zhang@zhang.example"])
    #expect(exported[0].body.contains("尊敬的张伟"))
    _ = try await shop.quotes.createQuote(
      .init(customerCode: "CREDIT", variants: [.init(order: shop.input([("CHAIR", 2)]))]),
      options: shop.command())
    postman.answer(.failed("451 busy"))
    try await shop.settleNotices()
    _ = postman.taken
    _ = try await shop.customers.eraseCustomer(
      .init(code: "CREDIT", reason: "asked for it"), options: shop.command())
    shop.clock.advance(seconds: 3_600)
    try await shop.settleNotices()
    #expect(postman.taken.isEmpty)
    for notice in try await notices(shop) {
      let whole = try await shop.notifications.getNotice(.init(id: notice.id)).notice
      #expect(whole?.address == "erased" && whole?.body == "erased" && whole?.state != .pending)
    }
    #expect(try await shop.violations() == [])
  }

  @Test("webhooks are refused by field, and tested on demand")
  func webhooks() async throws {
    let key = try #require(WebhookKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    let shop = try await Shop.open(
      notices: NoticeSettings(
        poster: try WebhookPoster { _ in false }, webhookKeys: ["shop": [key]]))
    let good = NotificationsV1.Webhook(
      code: "ERP", url: "https://erp.invalid/hooks", events: ["order.*"], keyName: "shop",
      active: true)
    let cases: [((inout NotificationsV1.Webhook) -> Void, String)] = [
      ({ $0.code = "a b" }, "webhook.code"), ({ $0.url = "" }, "webhook.url"),
      ({ $0.url = "http://erp.invalid/" }, "webhook.url"),
      ({ $0.url = "https://u:p@erp.invalid/" }, "webhook.url"),
      ({ $0.events = [] }, "webhook.events"),
      ({ $0.events = ["order.*", "*"] }, "webhook.events[1]"),
      ({ $0.keyName = "other" }, "webhook.key_name"), ({ $0.version = 3 }, "webhook.version"),
    ]
    for (change, field) in cases {
      var webhook = good
      change(&webhook)
      let refused = await refusal {
        try await shop.notifications.setWebhook(
          .init(webhook: webhook), options: shop.command())
      }
      #expect(
        violations(refused).contains { $0.hasSuffix(" \(field)") },
        "\(field): \(violations(refused))")
    }
    let set = try await shop.notifications.setWebhook(
      .init(webhook: good), options: shop.command())
    #expect(set.webhook?.version == 1)
    #expect(
      try await shop.notifications.listWebhooks(.init()).webhooks == [try #require(set.webhook)])
    _ = try await shop.notifications.testWebhook(.init(code: "ERP"), options: shop.command())
    try await shop.settleNotices()
    let notice = try #require(try await notices(shop, .init(origin: "webhook ERP")).first)
    #expect(notice.eventType == "webhook.tested" && notice.state == .pending)
    #expect(notice.lastError.contains("is not known"))
    let whole = try await shop.notifications.getNotice(.init(id: notice.id)).notice
    #expect(whole?.address == good.url && whole?.body.contains("webhook.tested") == true)
    var inactive = good
    inactive.active = false
    _ = try await shop.notifications.setWebhook(.init(webhook: inactive), options: shop.command())
    for (code, expected) in [("ERP", "WEBHOOK_INACTIVE"), ("?", "UNKNOWN_WEBHOOK")] {
      let refused = await refusal {
        try await shop.notifications.testWebhook(.init(code: code), options: shop.command())
      }
      #expect(reason(refused) == expected)
    }
    #expect(try await shop.violations() == [])
  }
}
