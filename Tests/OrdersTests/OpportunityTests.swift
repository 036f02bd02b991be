import MasterData
import Orders
import Storage
import Testing
import Values

@Suite("Opportunities")
struct OpportunityTests {
  private func open(_ shop: Shop, _ expected: Int64 = 100_000) throws -> Opportunity {
    try shop.write { tx in
      try CreateOpportunity(
        customerCode: "HOTEL", OpportunityDraft(title: "Lobby", expected: fen(expected)),
        by: "li.wei"
      ).run(in: tx, at: Shop.now)
    }
  }

  private func offer(_ shop: Shop, for number: String) throws -> String {
    let lamp = OrderDraft.of("", [("LAMP", 1)])
    return try shop.write { tx in
      try CreateQuote(
        customerCode: "HOTEL", QuoteDraft(variants: [.init(title: "", order: lamp)]),
        for: number, by: "till"
      ).run(in: tx, at: Shop.now).quote.number
    }
  }

  private func convert(_ shop: Shop, _ quote: String) throws {
    _ = try shop.write { try ConvertQuote(number: quote, by: "till").run(in: $0, at: Shop.now) }
  }

  @Test("are won by the first of their quotes, and the others add to what it came to")
  func wonOnce() throws {
    let shop = try Shop()
    try shop.stock("LAMP", 9)
    let talk = try open(shop)
    let (first, second) = (try offer(shop, for: talk.number), try offer(shop, for: talk.number))
    try convert(shop, first)
    let won = try shop.read { try Opportunities.require(number: talk.number, in: $0) }
    #expect(won.state == .won && won.decidedOn == Shop.day)
    try convert(shop, second)
    let (still, steps, told) = try shop.read { snapshot in
      (
        try Opportunities.require(number: talk.number, in: snapshot),
        try Opportunities.steps(of: talk, in: snapshot),
        try Conversion.of(.init(), by: nil, at: Shop.now, in: snapshot)
      )
    }
    #expect(still == won)
    #expect(steps.map(\.quoteNumber) == [nil, first])
    let lamps = try shop.read { snapshot in
      try [first, second].map { try Quotes.require(number: $0, in: snapshot).quote.gross.minor }
    }
    #expect(told.groups.map(\.wonGross.minor) == [lamps.reduce(0, +)])
    #expect(try shop.violations().isEmpty)
  }

  @Test("are weighted by the half of a cent")
  func weighted() throws {
    let shop = try Shop()
    let talk = try open(shop, 5)
    // A tenth of five cents is half a cent.
    #expect(try talk.weighted() == fen(1))
    _ = try open(shop, 5)
    let told = try shop.read { try Conversion.of(.init(), by: .owner, at: Shop.now, in: $0) }
    // The sum is rounded once.
    #expect(try told.groups.map { try $0.weighted() } == [fen(1)])
    #expect(told.groups.map(\.key) == ["li.wei"])
  }

  @Test("stay what they are where nothing is said")
  func unchanged() throws {
    let shop = try Shop()
    let talk = try open(shop)
    let same = try shop.write {
      try ChangeOpportunity(number: talk.number, OpportunityDraft(title: "Lobby"), by: "x")
        .run(in: $0, at: Shop.now)
    }
    #expect(same == talk)
    let other = try shop.write {
      try ChangeOpportunity(
        number: talk.number, expectedVersion: 1, OpportunityDraft(owner: "", note: "asked twice"),
        by: "x"
      ).run(in: $0, at: Shop.now)
    }
    #expect(other.version == 2 && other.owner == "" && other.title == "Lobby")
    #expect(other.expected == talk.expected && other.note == "asked twice")
  }

  struct Corruption: Sendable, CustomTestStringConvertible {
    let rule: String
    let sql: StaticString
    var testDescription: String { rule }
  }

  @Test(
    "are seen to be damaged",
    arguments: [
      Corruption(
        rule: "orders.opportunity-stands-at-its-step",
        sql: "UPDATE opportunity SET stage_code = 'NEEDS' WHERE id = 1"),
      Corruption(
        rule: "orders.opportunity-stands-at-its-step",
        sql: "UPDATE opportunity SET decided_on = 1 WHERE id = 1"),
      Corruption(
        rule: "orders.opportunity-stands-at-its-step",
        sql: "DELETE FROM opportunity_step WHERE opportunity_id = 2 AND step = 1"),
      Corruption(
        rule: "orders.opportunity-won-by-quote",
        sql: "UPDATE quote SET opportunity_number = NULL WHERE state = 'WON'"),
      Corruption(
        rule: "orders.opportunity-has-its-quotes",
        sql: "UPDATE quote SET opportunity_number = 'OP-2026-000003' WHERE state = 'OPEN'"),
      Corruption(
        rule: "orders.opportunity-has-its-quotes",
        sql: "UPDATE opportunity SET customer_code = 'VIPCO' WHERE id = 1"),
    ])
  func damaged(_ corruption: Corruption) throws {
    let shop = try Shop()
    try shop.stock("LAMP", 9)
    let talk = try open(shop)
    _ = try offer(shop, for: talk.number)
    let won = try open(shop)
    try convert(shop, try offer(shop, for: won.number))
    let lost = try open(shop)
    try shop.write {
      _ = try LoseOpportunity(number: lost.number, reasonCode: "TOO_LATE", by: "x")
        .run(in: $0, at: Shop.now)
    }
    #expect(try shop.violations().isEmpty)
    try shop.write { _ = try $0.execute(corruption.sql) }
    let found = try shop.read { try OrdersInvariants.violations(in: $0) }
    #expect(found.map(\.rule).contains(corruption.rule), "\(found)")
    #expect(Set(found.map(\.rule)).isSubset(of: OrdersInvariants.rules))
  }
}
