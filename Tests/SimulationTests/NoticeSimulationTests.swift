import Messages
import Senders
import Services
import Synchronization
import TestKit
import TestRandom
import Testing

/// Takes whatever is sent.
private final class Desk: NoticeSender {
  private let state = Mutex<[String]>([])

  func send(_ notice: OutgoingNotice) async -> DeliveryOutcome {
    state.withLock { $0.append("\(notice.address) \(notice.subject)") }
    return .delivered
  }

  /// Since the last time.
  var taken: [String] {
    state.withLock { state in
      defer { state = [] }
      return state.sorted()
    }
  }
}

@Suite("Simulation: who of the staff is told of what, and when, against a model")
struct NoticeSimulationTests {
  /// A rule as an independent reader takes it.
  private struct Rule {
    let address: String
    let isConfirmation: Bool
    let role: String
    let store: String
    /// Minutes of a day.
    let quiet: (from: Int64, until: Int64)?

    /// Minutes until it may be told that is known at a minute of a day.
    func wait(_ minute: Int64) -> Int64 {
      guard let quiet else { return 0 }
      // Minute by minute, until one is not quiet.
      return (Int64(0)..<1_440).first { passed in
        let now = (minute + passed) % 1_440
        return quiet.from < quiet.until
          ? now < quiet.from || now >= quiet.until : now < quiet.from && now >= quiet.until
      } ?? 0
    }
  }

  private struct Waiting {
    let at: Int64
    let text: String
  }

  private static let stores = ["", "S1", "S2"]

  @Test(
    "by role and store, once, and never in quiet hours", arguments: SimulationTests.seeds)
  func noticesFollowModel(seed: UInt64) async throws {
    let desk = Desk()
    let shop = try await Shop.open(notices: NoticeSettings(mail: desk))
    try await furnish(shop)
    var random = Seeded(seed)
    var rules: [Rule] = []
    for index in 0..<8 { rules.append(try await self.rule(index, shop, &random)) }
    // Minutes since midnight of the first day.
    var now: Int64 = 9 * 60
    var waiting: [Waiting] = []
    for _ in 1...60 {
      if random.chance(60) {
        let store = Self.stores.randomElement(using: &random) ?? ""
        let count = random.number(1...10)
        let number = try await shop.place(
          [("LAMP", count)], customer: "AT-\(store.isEmpty ? "HOME" : store)"
        ).number
        // 225.89 each with tax: from five on the manager is asked, from nine on the owner.
        let role = count >= 9 ? "OWNER" : count >= 5 ? "MANAGER" : ""
        for rule in rules where rule.isConfirmation == role.isEmpty {
          guard rule.role.isEmpty || rule.role == role, rule.store.isEmpty || rule.store == store
          else { continue }
          let title = role.isEmpty ? "confirmed" : "approval wanted"
          waiting.append(
            Waiting(
              at: now + rule.wait(now % 1_440), text: "\(rule.address) \(number): \(title)"))
        }
      } else {
        let minutes = random.number(1...400)
        shop.clock.advance(seconds: minutes * 60)
        now += minutes
      }
      try await shop.settleNotices()
      let due = waiting.filter { $0.at <= now }.map(\.text).sorted()
      waiting.removeAll { $0.at <= now }
      #expect(desk.taken == due, "at minute \(now)")
    }
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func furnish(_ shop: Shop) async throws {
    try await shop.furnish()
    try await shop.stock("LAMP", 900, cost: "80")
    _ = try await shop.customers.upsertCustomers(
      .init(
        customers: Self.stores.map { store in
          .init(
            code: "AT-\(store.isEmpty ? "HOME" : store)", name: "客户", creditLimit: yuan("9000000"),
            terms: .init(netDays: 30), storeCode: store.isEmpty ? nil : store)
        }), options: shop.command())
    _ = try await shop.orders.replaceApprovalRules(
      .init(rules: [
        .init(minimumGross: yuan("2000"), approverRole: "OWNER"),
        .init(minimumGross: yuan("1000"), approverRole: "MANAGER"),
      ]), options: shop.command())
  }

  private func rule(_ index: Int, _ shop: Shop, _ random: inout Seeded) async throws -> Rule {
    let isConfirmation = random.chance(40)
    let role =
      isConfirmation ? "" : ["", "OWNER", "MANAGER"].randomElement(using: &random) ?? ""
    let store = Self.stores.randomElement(using: &random) ?? ""
    let from = random.number(0...1_439)
    let until = (from + random.number(1...1_439)) % 1_440
    let quiet = random.chance(60) ? (from: from, until: until) : nil
    let address = "desk\(index)@oak.example"
    _ = try await shop.notifications.setNoticeRule(
      .init(
        rule: .init(
          code: "R\(index)",
          eventType: isConfirmation ? "order.confirmed" : "order.approval-requested",
          channel: .email, audience: .staff, locale: "en", addresses: [address], active: true,
          role: role, storeCode: store,
          quietHours: quiet.map {
            .init(fromMinute: Int32($0.from), untilMinute: Int32($0.until))
          })), options: shop.command())
    return Rule(
      address: address, isConfirmation: isConfirmation, role: role, store: store, quiet: quiet)
  }
}
