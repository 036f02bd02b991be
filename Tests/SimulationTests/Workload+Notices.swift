import Messages
import Senders
import Synchronization
import TestKit
import Testing

/// A mail server that takes every third mail only when it comes again.
final class MoodyPost: NoticeSender {
  private struct State {
    var tries = 0
    var refused: Set<String> = []
    var taken: [OutgoingNotice] = []
  }

  private let state = Mutex(State())

  func send(_ notice: OutgoingNotice) async -> DeliveryOutcome {
    state.withLock { state in
      state.tries += 1
      if state.tries % 3 == 0, state.refused.insert(notice.id).inserted {
        return .failed("451 try again")
      }
      state.taken.append(notice)
      return .delivered
    }
  }

  /// Subjects of all that it has taken.
  var subjects: [String] { state.withLock { $0.taken.map(\.subject) } }
}

extension Workload {
  /// A mailbox hears of each order that is confirmed: its number is the subject; and another one of
  /// each requested change that was made.
  static func tell(_ shop: Shop) async throws {
    _ = try await shop.notifications.setNoticeTemplate(
      .init(
        template: .init(
          eventType: "order.confirmed", channel: .email, locale: "en", subject: "{{order.number}}",
          body: "{{#lines}}{{line.sku}} {{/lines}}.", audience: .staff)), options: shop.command())
    _ = try await shop.notifications.setNoticeRule(
      .init(
        rule: .init(
          code: "SALES", eventType: "order.confirmed", channel: .email, audience: .staff,
          locale: "en", addresses: ["sales@oak.example"], active: true)), options: shop.command())
    _ = try await shop.notifications.setNoticeTemplate(
      .init(
        template: .init(
          eventType: "order.change-applied", channel: .email, locale: "en",
          subject: "changed {{order.number}}", body: "{{event.reason}}", audience: .staff)),
      options: shop.command())
    _ = try await shop.notifications.setNoticeRule(
      .init(
        rule: .init(
          code: "CHANGES", eventType: "order.change-applied", channel: .email, audience: .staff,
          locale: "en", addresses: ["office@oak.example"], active: true)),
      options: shop.command())
  }

  /// Each confirmed order and each change was told once, whatever mails were refused at first.
  func auditNotices() async throws {
    try await shop.settleNotices()
    shop.clock.advance(seconds: 31)
    try await shop.settleNotices()
    let confirmed = model.orders.filter(\.value.isConfirmed).keys + rewards.orders
    let told = applied.map { "changed \($0)" }
    #expect(post.subjects.sorted() == (confirmed + foreign.orders.keys + told).sorted())
  }
}
