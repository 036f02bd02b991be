import Finance
import MasterData
import Storage
import TestRandom
import Testing
import Values

@Suite("Orders count in credit so many days ahead")
struct HorizonExposureTests {
  /// HOTEL has 10,000.
  private func opened(_ days: Int...) async throws -> Books {
    let books = try await Books()
    try await books.write { tx in
      for days in days { try Self.set([("", days)], in: tx) }
    }
    return books
  }

  private static func set(
    _ rules: [(String, Int)], from: Day? = nil, in tx: Transaction
  ) throws {
    _ = try SetCreditHorizon(
      validFrom: from, rules: rules.map { CreditHorizonRule(customerClass: $0.0, days: $0.1) },
      reason: "long orders", by: "boss"
    ).run(in: tx, at: Books.now)
  }

  @Test("what is wanted on the last day counts, what is wanted on the next does not")
  func edge() async throws {
    let books = try await opened(30)
    let uses = try await books.write { tx in
      let hotel = try Customer.named("HOTEL", in: tx)
      try expose(hotel, 1, 9_000, [(30, 9_000)], in: tx)
      try expose(hotel, 2, 9_000, [(31, 9_000)], in: tx)
      try expose(hotel, 3, 3_000, [(10, 1_000), (90, 2_000)], in: tx)
      return try [0, 1, 60].map {
        try Receivables.exposure(of: hotel, on: Books.day.adding(days: $0), in: tx)
      }
    }
    #expect(uses.map(\.orders) == [cny(21_000), cny(21_000), cny(21_000)])
    #expect(uses.map(\.beyondHorizon) == [cny(11_000), cny(2_000), cny(0)])
    #expect(uses.map(\.available) == [cny(0), cny(-9_000), cny(-11_000)])
    #expect(uses[0].countsUntil == Books.day.adding(days: 30))
    let found = try await books.refusals { tx in
      let hotel = try Customer.named("HOTEL", in: tx)
      try expose(hotel, 4, 700, [(30, 200), (31, 500)], in: tx)
    }
    #expect(
      found.first?.facts.map { "\($0.name)=\($0.value)" } == [
        "customer=HOTEL", "credit_limit=10000.00 CNY", "open_orders=21000.00 CNY",
        "beyond_horizon=11000.00 CNY", "open_invoices=0.00 CNY", "exposure=10000.00 CNY",
        "credit_available=0.00 CNY", "requested=200.00 CNY",
      ])
    #expect(try await books.violations() == [])
  }

  @Test("where nobody set one, or the class has none, everything counts")
  func off() async throws {
    let books = try await Books()
    let far = [(300, Int64(10_001))]
    func refused(_ books: Books) async throws -> [String] {
      try await books.refusals { tx in
        try expose(.named("HOTEL", in: tx), 1, 10_001, far, in: tx)
      }.map(\.reason)
    }
    #expect(try await refused(books) == ["CREDIT_LIMIT_EXCEEDED"])
    try await books.write { try Self.set([("VIP", 30)], in: $0) }
    #expect(try await refused(books) == ["CREDIT_LIMIT_EXCEEDED"])
    try await books.write { try Self.set([("VIP", 30), ("STANDARD", 60)], in: $0) }
    #expect(try await refused(books) == [])
    // From tomorrow on everything counts again.
    try await books.write { try Self.set([], from: Books.day.adding(days: 1), in: $0) }
    #expect(try await refused(books) == [])
    let tomorrow = try await books.refusals { tx in
      try expose(.named("HOTEL", in: tx), 1, 10_001, far, in: tx, at: Books.at(day: 1))
    }
    #expect(tomorrow.map(\.reason) == ["CREDIT_LIMIT_EXCEEDED"])
  }

  @Test("costs no statement for what fits as a whole, nor without a horizon")
  func statements() async throws {
    for books in [try await Books(), try await opened(30)] {
      let hotel = try await books.write { tx in
        let hotel = try Customer.named("HOTEL", in: tx)
        // What is looked up once is known.
        _ = try Receivables.exposure(of: hotel, on: Books.day, in: tx)
        for number in 2...50 { try expose(hotel, number, 1, [(90, 1)], in: tx) }
        return hotel
      }
      let count = try await books.statements { try expose(hotel, 1, 9_000, [(90, 9_000)], in: $0) }
      #expect(count == 2)
    }
  }

  @Test("sooner is an increase, later never is refused, and nothing is taken back")
  func moved() async throws {
    let books = try await opened(30)
    try await books.write { tx in
      let hotel = try Customer.named("HOTEL", in: tx)
      try expose(hotel, 1, 6_000, [(20, 6_000)], in: tx)
      try expose(hotel, 2, 6_000, [(60, 6_000)], in: tx)
    }
    let sooner = try await books.refusals { tx in
      try expose(.named("HOTEL", in: tx), 2, 6_000, [(30, 6_000)], in: tx)
    }
    #expect(sooner.map(\.reason) == ["CREDIT_LIMIT_EXCEEDED"])
    #expect(sooner.first?.facts.contains(Fact("requested", cny(6_000))) == true)
    #expect(sooner.first?.facts.contains(Fact("exposure", cny(6_000))) == true)
    // A part of it, or less of it, fits.
    for (whole, near) in [(Int64(6_000), Int64(4_000)), (4_000, 4_000), (5_000, 4_000)] {
      let found = try await books.refusals { tx in
        try expose(.named("HOTEL", in: tx), 2, whole, [(30, near), (60, whole - near)], in: tx)
      }
      #expect(found.isEmpty)
    }
    let refused = try await books.refusals { tx in
      let hotel = try Customer.named("HOTEL", in: tx)
      try expose(hotel, 1, 6_000, [(31, 6_000)], in: tx)
      try expose(hotel, 2, 6_000, [(30, 6_000)], in: tx)
      try expose(hotel, 1, 6_000, [(29, 6_000)], enforce: false, in: tx)
      // Over the limit as it is: less is less.
      try expose(hotel, 1, 5_000, [(29, 5_000)], in: tx)
      try expose(hotel, 2, 6_000, [(40, 6_000)], in: tx)
    }
    #expect(refused.isEmpty)
    #expect(try await books.violations() == [])
  }

  @Test("what no check has counted is asked for when it leaves; who leaves first has the room")
  func release() async throws {
    let books = try await opened(30)
    try await books.write { tx in
      let hotel = try Customer.named("HOTEL", in: tx)
      try expose(hotel, 1, 6_000, [(20, 6_000)], in: tx)
      try expose(hotel, 2, 6_000, [(60, 6_000)], in: tx)
      try expose(hotel, 3, 6_000, [(60, 6_000)], in: tx)
      try expose(hotel, 4, 3_000, [(60, 3_000)], in: tx)
    }
    func refused(_ number: Int, day: Int, rest: Int64 = 0) async throws -> (any Rejection)? {
      try await books.read { snapshot in
        let hotel = try Customer.named("HOTEL", in: snapshot)
        let today = Books.day.adding(days: day)
        guard
          try Receivables.unchecked(order(number), of: hotel, on: today, in: snapshot) != nil
        else { return nil }
        return try ReleaseCredit(
          customer: hotel, document: order(number),
          wanted: rest == 0
            ? [] : [WantedPart(day: Books.day.adding(days: 60), minor: rest * 100)]
        ).refusal(on: today, in: snapshot)
      }
    }
    // The first was counted, whatever has come near meanwhile.
    #expect(try await refused(1, day: 40) == nil)
    for day in [0, 29, 30, 60, 90] {
      let found = try #require(try await refused(2, day: day))
      #expect(found.reason == "CREDIT_LIMIT_EXCEEDED")
      #expect(found.facts.contains(Fact("exposure", cny(6_000))))
      #expect(found.facts.contains(Fact("beyond_horizon", cny(15_000))))
      #expect(found.facts.contains(Fact("requested", cny(6_000))))
      #expect(try await refused(2, day: day, rest: 2_000) == nil)
      #expect(try await refused(4, day: day) == nil)
    }
    // The first is paid: one of the others fits, and then no other.
    try await books.write { tx in
      let hotel = try Customer.named("HOTEL", in: tx)
      try expose(hotel, 1, 0, in: tx)
    }
    #expect(try await refused(2, day: 60) == nil)
    #expect(try await refused(3, day: 60) == nil)
    try await books.write { tx in
      try expose(.named("HOTEL", in: tx), 2, 6_000, enforce: false, in: tx, at: Books.at(day: 60))
    }
    #expect(try await refused(3, day: 60) != nil)
    // With the horizon gone what no check has counted still is asked for.
    try await books.write { try Self.set([], in: $0) }
    #expect(try await refused(3, day: 60) != nil)
    #expect(try await refused(4, day: 60) == nil)
    #expect(try await books.violations() == [])
  }

  @Test("a group counts what its customers count, each by its class")
  func group() async throws {
    let books = try await Books()
    try await books.write { tx in
      let drafts = ["HEAD", "NEAR", "FAR"].map { code in
        var draft = CustomerDraft(
          code: code, name: code, customerClass: code, creditLimit: cny(100_000))
        draft.groupLimit = code == "HEAD" ? cny(9_000) : nil
        draft.parentCode = code == "HEAD" ? nil : "HEAD"
        return draft
      }
      let verdicts = try UpsertCustomers(drafts).run(in: tx, at: Books.now)
      precondition(verdicts.allSatisfy { $0.violations.isEmpty })
      try Self.set([("NEAR", 10), ("FAR", 100)], in: tx)
      for (number, code) in ["HEAD", "NEAR", "FAR"].enumerated() {
        try expose(.named(code, in: tx), number, 4_000, [(50, 4_000)], in: tx)
      }
    }
    let groups = try await books.read {
      try Receivables.groups(of: .named("FAR", in: $0), on: Books.day, in: $0)
    }
    #expect(groups.map(\.exposure) == [cny(8_000)])
    #expect(groups.map(\.beyondHorizon) == [cny(4_000)])
    let found = try await books.refusals { tx in
      try expose(.named("FAR", in: tx), 9, 2_000, [(50, 1_500), (200, 500)], in: tx)
    }
    #expect(found.map(\.reason) == ["GROUP_LIMIT_EXCEEDED"])
    #expect(
      found.first?.facts.map { "\($0.name)=\($0.value)" } == [
        "group=HEAD", "credit_limit=9000.00 CNY", "beyond_horizon=4000.00 CNY",
        "exposure=8000.00 CNY", "requested=1500.00 CNY",
      ])
    // Sooner is more for the group, too; and so it is to leave.
    let sooner = try await books.refusals { tx in
      try expose(.named("NEAR", in: tx), 1, 4_000, [(10, 4_000)], in: tx)
    }
    #expect(sooner.map(\.reason) == ["GROUP_LIMIT_EXCEEDED"])
    let leaving = try await books.read { snapshot in
      try ReleaseCredit(customer: .named("NEAR", in: snapshot), document: order(1), wanted: [])
        .refusal(on: Books.day.adding(days: 45), in: snapshot)
    }
    #expect(leaving?.reason == "GROUP_LIMIT_EXCEEDED")
    #expect(try await books.violations() == [])
  }

  @Test("refuses what it cannot mean, and tells versions by day")
  func policy() async throws {
    let books = try await Books()
    let found = try await books.refusals { tx in
      _ = try SetCreditHorizon(
        validFrom: Books.day.adding(days: -1),
        rules: [
          CreditHorizonRule(customerClass: "VIP", days: -1),
          CreditHorizonRule(customerClass: "VIP", days: 3_651),
        ], reason: "", by: "boss"
      ).run(in: tx, at: Books.now)
    }
    #expect(
      found.map { "\($0.reason) \($0.field ?? "")" } == [
        "OUT_OF_RANGE valid_from", "OUT_OF_RANGE rules[0].days", "OUT_OF_RANGE rules[1].days",
        "DUPLICATE_HORIZON_CLASS rules[1].customer_class", "REQUIRED reason",
      ])
    try await books.write { tx in
      try Self.set([("", 10)], from: Books.day.adding(days: 5), in: tx)
      try Self.set([("", 20)], in: tx)
      try Self.set([("", 30), ("VIP", 40)], in: tx)
    }
    let versions = try await books.read { snapshot in
      try [-1, 0, 4, 5].map {
        try CreditHorizons.require(
          version: 0, on: Books.day.adding(days: $0), in: snapshot
        ).version
      }
    }
    #expect(versions == [0, 3, 3, 1])
    let third = try await books.read {
      try CreditHorizons.require(version: 3, on: Books.day, in: $0)
    }
    #expect(third.rules.map(\.days) == [30, 40] && third.madeBy == "boss")
    let none = try await books.refusals {
      _ = try CreditHorizons.require(version: 4, on: Books.day, in: $0)
    }
    #expect(none.map(\.reason) == ["UNKNOWN_CREDIT_HORIZON"])
  }

  /// What a document exposes us to, and what of it is wanted when, in cents.
  private struct Wish: Sendable {
    let number: Int
    let parts: [(day: Int, minor: Int64)]
    let enforce: Bool
    /// Goods leave: all of it counts, and limits are asked of what no check has counted.
    let leaves: Bool
    let today: Int

    var whole: Int64 { parts.reduce(0) { $0 + $1.minor } }
    func later(than day: Int) -> Int64 {
      parts.reduce(0) { $1.day > day ? $0 + $1.minor : $0 }
    }
  }

  private static func wish(_ today: Int, _ random: inout Seeded) -> Wish {
    let count = Int.random(in: 0...3, using: &random)
    var days: Set<Int> = []
    for _ in 0..<count { days.insert(today + .random(in: -5...80, using: &random)) }
    return Wish(
      number: .random(in: 1...9, using: &random),
      parts: days.sorted().map { ($0, .random(in: 1...400_000, using: &random)) },
      enforce: Int.random(in: 0...9, using: &random) > 0,
      leaves: Int.random(in: 0...4, using: &random) == 0, today: today)
  }

  @Test("agrees with a plain model over random changes and days", arguments: 1...12)
  func property(seed: UInt64) async throws {
    let books = try await opened(25)
    var random = Seeded(seed)
    var today = 0
    let wishes = (0..<250).map { _ in
      today += Int.random(in: 0...5, using: &random) == 0 ? 3 : 0
      return Self.wish(today, &random)
    }
    let outcomes = try await books.write { tx in
      let hotel = try Customer.named("HOTEL", in: tx)
      return try wishes.map { wish in
        do {
          try tx.attempt { try Self.apply(wish, to: hotel, in: tx) }
          return true
        } catch is FinanceRejection {
          return false
        }
      }
    }
    var model = Model()
    for (index, (wish, outcome)) in zip(wishes, outcomes).enumerated() {
      #expect(outcome == model.takes(wish), "\(index): \(wish)")
    }
    let last = today
    let use = try await books.read {
      try Receivables.exposure(
        of: .named("HOTEL", in: $0), on: Books.day.adding(days: last), in: $0)
    }
    #expect(use.orders.minor == model.documents.values.reduce(0) { $0 + $1.wish.whole })
    #expect(use.total.minor == model.counted(last))
    #expect(try await books.violations() == [])
  }

  private static func apply(_ wish: Wish, to hotel: Customer, in tx: Transaction) throws {
    let day = Books.day.adding(days: wish.today)
    let document = order(wish.number)
    guard wish.leaves else {
      return try SetExposure(
        customer: hotel, document: document, amount: fen(wish.whole),
        wanted: wish.parts.map { WantedPart(day: Books.day.adding(days: $0.day), minor: $0.minor) },
        enforceLimit: wish.enforce
      ).run(in: tx, at: Books.at(day: wish.today))
    }
    guard let whole = try Receivables.unchecked(document, of: hotel, on: day, in: tx) else {
      return
    }
    if let refusal = try ReleaseCredit(customer: hotel, document: document, wanted: [])
      .refusal(on: day, in: tx)
    {
      throw refusal
    }
    try SetExposure(customer: hotel, document: document, amount: whole, enforceLimit: false)
      .run(in: tx, at: Books.at(day: wish.today))
  }

  private struct Model {
    /// With the last day that counted on every day since limits were asked for it.
    var documents: [Int: (wish: Wish, last: Int)] = [:]
    static let days = 25
    static let limit: Int64 = 1_000_000

    func counted(_ today: Int) -> Int64 {
      documents.values.reduce(0) { $0 + $1.wish.whole - $1.wish.later(than: today + Self.days) }
    }

    private var countedIfChecked: Int64 {
      documents.values.reduce(0) { $0 + $1.wish.whole - $1.wish.later(than: $1.last) }
    }

    mutating func takes(_ wish: Wish) -> Bool {
      guard !wish.leaves else { return releases(wish) }
      let today = wish.today + Self.days
      guard let before = documents[wish.number] else {
        let isRefused =
          wish.enforce && wish.whole > 0
          && counted(wish.today) + wish.whole - wish.later(than: today) > Self.limit
        if !isRefused, wish.whole > 0 { documents[wish.number] = (wish, today) }
        return !isRefused
      }
      func more(_ day: Int) -> Int64 {
        wish.whole - wish.later(than: day) - before.wish.whole + before.wish.later(than: day)
      }
      var last = before.last
      if wish.enforce, wish.whole > 0 {
        if wish.whole > before.wish.whole || more(today) > 0 {
          guard counted(wish.today) + more(today) <= Self.limit else { return false }
          last = today
        } else if more(last) > 0, countedIfChecked + more(last) > Self.limit {
          return false
        }
      }
      documents[wish.number] = wish.whole > 0 ? (wish, last) : nil
      return true
    }

    private mutating func releases(_ wish: Wish) -> Bool {
      guard let before = documents[wish.number] else { return true }
      let more = before.wish.later(than: before.last)
      guard more > 0 else { return true }
      guard countedIfChecked + more <= Self.limit else { return false }
      documents[wish.number] = (
        Wish(
          number: wish.number, parts: [(-1_000, before.wish.whole)], enforce: false, leaves: true,
          today: wish.today), before.last
      )
      return true
    }
  }
}

/// Yuan of which so many are wanted so many days after the first.
private func expose(
  _ customer: Customer, _ number: Int, _ amount: Int64, _ wanted: [(day: Int, yuan: Int64)] = [],
  enforce: Bool = true, in tx: Transaction, at now: Moment = Books.now
) throws {
  try SetExposure(
    customer: customer, document: order(number), amount: cny(amount),
    wanted: wanted.filter { $0.yuan > 0 }.map {
      WantedPart(day: Books.day.adding(days: $0.day), minor: $0.yuan * 100)
    }, enforceLimit: enforce
  ).run(in: tx, at: now)
}
