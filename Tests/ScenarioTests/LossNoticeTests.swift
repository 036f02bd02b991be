import Messages
import RPC
import Senders
import Services
import Synchronization
import TestKit
import Testing

/// Takes whatever is sent.
private final class Mail: NoticeSender {
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

@Suite("Scenario: a customer is told what was lost, and what happens next")
struct LossNoticeTests {
  private let mail = Mail()

  /// Two chairs are on their way to CREDIT.
  private func shop(locale: String, stock: Int64 = 10) async throws -> (Shop, shipment: String) {
    let shop = try await Shop.open(notices: NoticeSettings(mail: mail))
    try await shop.furnish()
    try await shop.stock("CHAIR", stock, cost: "200")
    _ = try await shop.customers.setContact(
      .init(
        customerCode: "CREDIT",
        contact: .init(role: .general, name: "张伟", email: "zhang@zhang.example")),
      options: shop.command())
    for event in ["lost", "found"] {
      try await tell(shop, "S-\(event)", "shipment.\(event)", locale)
    }
    let order = try await shop.place([("CHAIR", 2)]).number
    let number =
      try await shop.orders.prepareShipment(.init(orderNumber: order), options: shop.command())
      .shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 1), options: shop.command())
    _ = try await shop.orders.dispatchShipment(
      .init(number: number, carrier: "SF"), options: shop.command())
    return (shop, number)
  }

  private func tell(
    _ shop: Shop, _ code: String, _ event: String, _ locale: String, to address: String? = nil
  ) async throws {
    _ = try await shop.notifications.setNoticeRule(
      .init(
        rule: .init(
          code: code, eventType: event, channel: .email,
          audience: address == nil ? .customer : .staff, purpose: .order, locale: locale,
          addresses: address.map { [$0] } ?? [], active: true)),
      options: shop.command())
  }

  private func told(_ shop: Shop) async throws -> [OutgoingNotice] {
    try await shop.settleNotices()
    return mail.taken
  }

  @Test("it is sent once more, turns up, and goes on: a letter for each, once")
  func broughtAgain() async throws {
    let (shop, number) = try await shop(locale: "en")
    try await tell(shop, "DESK", "shipment.lost", "en", to: "desk@oak.example")
    _ = try await shop.claims.reportLoss(
      .init(shipmentNumber: number, resolution: .redeliver, comment: "truck fire"),
      options: shop.command())
    let lost = try await told(shop)
    let letter = try #require(lost.first { $0.address == "zhang@zhang.example" })
    #expect(letter.subject == "A delivery of your order SO-2026-000001 is lost")
    #expect(letter.body.contains("delivery \(number) of your order SO-2026-000001 was lost"))
    #expect(letter.body.contains("2 pcs Oak chair, can leave again on 2026-03-02\n"))
    #expect(letter.body.contains("We send it once more."))
    #expect(!letter.body.contains("take it off") && !letter.body.contains("fire"))
    #expect(!letter.body.contains("{{"))
    let note = try #require(lost.first { $0.address == "desk@oak.example" })
    #expect(note.subject == "\(number): lost" && note.body.contains("truck fire"))
    #expect(lost.count == 2)
    _ = try await shop.claims.reportFound(
      .init(shipmentNumber: number, resolution: .goOn), options: shop.command())
    let found = try await told(shop)
    #expect(found.map(\.subject) == ["A delivery of your order SO-2026-000001 has turned up"])
    #expect(found.first?.body.contains("It goes on to you") == true)
    #expect(found.first?.body.contains("comes back") == false)
    #expect(try await told(shop).isEmpty)
    let shown = try await shop.notifications.previewNotice(
      .init(
        template: .init(
          eventType: "shipment.lost", channel: .email, locale: "zh-CN", audience: .customer),
        documentNumber: number))
    #expect(shown.subject == "订单 SO-2026-000001 的货物在途中丢失")
    #expect(shown.body.contains("重新发货") && !shown.body.contains("将从订单中取消"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("it is cancelled, and comes back: the customer is told so, in Chinese as well")
  func cancelled() async throws {
    let (shop, number) = try await shop(locale: "zh-CN")
    _ = try await shop.claims.reportLoss(
      .init(shipmentNumber: number, resolution: .cancel, reason: "NOT_AVAILABLE"),
      options: shop.command())
    let lost = try await told(shop)
    #expect(lost.map(\.subject) == ["订单 SO-2026-000001 的货物在途中丢失"])
    #expect(lost.first?.body.contains("将从订单中取消") == true)
    #expect(lost.first?.body.contains("重新发货") == false)
    #expect(lost.first?.body.contains("可再次发出") == false)
    _ = try await shop.claims.reportFound(
      .init(shipmentNumber: number, resolution: .comeBack), options: shop.command())
    #expect(try await told(shop).first?.body.contains("原有安排不变") == true)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("nobody says on which day it can leave again: no day is told")
  func noDay() async throws {
    let (shop, number) = try await shop(locale: "en", stock: 2)
    _ = try await shop.claims.reportLoss(
      .init(shipmentNumber: number, resolution: .redeliver), options: shop.command())
    let body = try await told(shop).first?.body ?? ""
    #expect(body.contains("2 pcs Oak chair\n") && body.contains("We send it once more."))
    await shop.close()
  }
}
