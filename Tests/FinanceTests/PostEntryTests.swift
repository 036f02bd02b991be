import Finance
import Storage
import TestRandom
import Testing
import Values

@Suite("Journal and ledger")
struct PostEntryTests {
  private static func entry(_ number: Int, _ postings: [Posting]) -> PostEntry {
    PostEntry(
      event: .stockAdjusted, origin: Origin(.stockAdjustment, "SA-\(number)", line: 1),
      text: "Count", postings: postings)
  }

  @Test("the seeded chart holds exactly the accounts that events post to")
  func chart() async throws {
    let books = try await Books()
    let codes = try await books.write { tx in
      try tx.all("SELECT code FROM account ORDER BY code") { $0.text(0) }
    }
    #expect(codes == Account.allCases.map(\.rawValue).sorted())
  }

  @Test("writes movements, balances and a number; reads them back with names")
  func posts() async throws {
    let books = try await Books()
    let (number, entries) = try await books.write { tx in
      let number = try Self.entry(
        1,
        [
          Posting(debit: .inventoryDifference, credit: .finishedGoods, amount: cny(30)),
          Posting(debit: .inventoryDifference, credit: .rawMaterial, amount: cny(12), party: "X"),
        ]
      ).run(in: tx, at: Books.now)
      return (
        number,
        try Journal.entries(
          of: DocumentReference(.stockAdjustment, "SA-1"), limit: 10, in: tx)
      )
    }
    #expect(number == "JE-2026-000001")
    let entry = try #require(entries.first)
    #expect(entries.count == 1)
    #expect(entry.number == number)
    #expect(entry.origin == Origin(.stockAdjustment, "SA-1", line: 1))
    #expect(entry.postedOn == Books.day)
    #expect(entry.postedAt == Books.now.instant)
    #expect(entry.lines.map(\.amount) == [cny(30), cny(12)])
    #expect(entry.lines.map(\.debitName) == ["待处理财产损溢", "待处理财产损溢"])
    #expect(entry.lines.map(\.creditName) == ["库存商品", "原材料"])
    #expect(entry.lines.map(\.party) == [nil, "X"])
    #expect(
      try await books.balances() == [
        "rawMaterial -12.00", "finishedGoods -30.00", "inventoryDifference 42.00",
      ])
    let balance = try await books.read { try Ledger.balance(of: .inventoryDifference, in: $0) }
    #expect(balance == cny(42))
    #expect(try await books.violations() == [])
  }

  @Test("posts nothing twice for one event and origin")
  func unique() async throws {
    let books = try await Books()
    await #expect(throws: StorageError.self) {
      try await books.write { tx in
        for _ in 0..<2 {
          try Self.entry(1, [Posting(debit: .bank, credit: .capital, amount: cny(1))])
            .run(in: tx, at: Books.now)
        }
      }
    }
    #expect(try await books.balances() == [])
  }

  @Test(
    "an entry that no template makes fails",
    arguments: [
      [], [Posting(debit: .bank, credit: .capital, amount: cny(0))],
      [Posting(debit: .bank, credit: .capital, amount: fen(-1))],
      [Posting(debit: .bank, credit: .bank, amount: cny(1))],
    ])
  func invalid(_ postings: [Posting]) async throws {
    let books = try await Books()
    await #expect(throws: InvalidPosting.self) {
      try await books.write { try Self.entry(1, postings).run(in: $0, at: Books.now) }
    }
  }

  @Test("an entry has one currency")
  func currencies() async throws {
    let books = try await Books()
    await #expect(throws: ArithmeticError.self) {
      try await books.write { tx in
        try Self.entry(
          1,
          [
            Posting(debit: .bank, credit: .capital, amount: cny(1)),
            Posting(debit: .bank, credit: .capital, amount: Money(minor: 1, currency: .usd)),
          ]
        ).run(in: tx, at: Books.now)
      }
    }
  }

  @Test("balances are the sums of random entries, at the end and at every day", arguments: 1...8)
  func property(seed: UInt64) async throws {
    let books = try await Books()
    var random = Seeded(seed)
    // These are told by invoices, payments, cards, points and letters, too, of which there are none
    // here.
    let told: [Account] = [
      .receivable, .customerDeposits, .giftCards, .points, .reminderFees, .defaultInterest,
    ]
    let ledgerOnly = Account.allCases.filter { !told.contains($0) }
    let days = (0..<30).map { index in
      (0..<Int.random(in: 1...4, using: &random)).map { _ in
        let accounts = ledgerOnly.shuffled(using: &random)
        return (
          index,
          Posting(
            debit: accounts[0], credit: accounts[1],
            amount: fen(.random(in: 1...99_999, using: &random)))
        )
      }
    }.flatMap { $0 }
    try await books.write { tx in
      for (number, (day, posting)) in days.enumerated() {
        try Self.entry(number, [posting]).run(in: tx, at: Books.at(day: day))
      }
    }
    for day in [-1, 0, 7, 28, 29, 40] {
      var expected: [Account: Int64] = [:]
      for (_, posting) in days.filter({ $0.0 <= day }) {
        expected[posting.debit, default: 0] += posting.amount.minor
        expected[posting.credit, default: 0] -= posting.amount.minor
      }
      let sorted = expected.filter { $0.value != 0 }
        .sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0) \(fen($1).decimal)" }
      let seen = try await books.read {
        try Books.balances(in: $0, through: Books.day.adding(days: day))
      }
      #expect(seen == sorted)
      if day == 40 { #expect(try await books.balances() == sorted) }
    }
    let trial = try await books.read { try Ledger.trialBalance(in: $0) }
    #expect(try trial.map(\.debits).sum(.cny) == (try trial.map(\.credits).sum(.cny)))
    #expect(try await books.violations() == [])
  }

  @Test("pages go on from entry to entry, of all or of several documents")
  func pages() async throws {
    let books = try await Books()
    let pages = try await books.write { tx in
      for number in 0..<12 {
        try Self.entry(number % 3, [Posting(debit: .bank, credit: .capital, amount: cny(1))])
          .with(occurrence: Int64(number)).run(in: tx, at: Books.now)
      }
      let documents = [0, 2].map { DocumentReference(.stockAdjustment, "SA-\($0)") }
      return try (
        walk { try Journal.list(after: $0, limit: 5, in: tx) },
        walk { try Journal.entries(of: documents, after: $0, limit: 3, in: tx) }
      )
    }
    #expect(pages.0.map(\.number).count == 12)
    #expect(pages.0.map(\.id) == pages.0.map(\.id).sorted())
    #expect(
      pages.1.map(\.origin.number) == (0..<4).flatMap { _ in ["SA-0", "SA-2"] })
  }
}

private func walk(
  _ page: (ID<JournalEntry>?) throws -> [JournalEntry]
) rethrows -> [JournalEntry] {
  var all: [JournalEntry] = []
  while true {
    let next = try page(all.last?.id)
    if next.isEmpty { return all }
    all += next
  }
}

extension PostEntry {
  fileprivate func with(occurrence: Int64) -> PostEntry {
    PostEntry(
      event: event, origin: origin, occurrence: occurrence, text: text, postings: postings)
  }
}
