import Finance
import MasterData
import Storage
import TestRandom
import Testing
import Values

@Suite("Credit exposure")
struct SetExposureTests {
  @Test("fills the limit to the cent and refuses the next, with the breakdown")
  func limit() async throws {
    let books = try await Books()
    let found = try await books.refusals { tx in
      let hotel = try Customer.named("HOTEL", in: tx)
      _ = try IssueInvoice.of([cny(1_000)], order: order(9), to: "HOTEL", in: tx)
      try expose(hotel, order(1), cny(8_870), in: tx)
      try expose(hotel, order(2), fen(1), in: tx)
    }
    #expect(found.map(\.reason) == ["CREDIT_LIMIT_EXCEEDED"])
    #expect(
      found.first?.facts.map { "\($0.name)=\($0.value)" } == [
        "customer=HOTEL", "credit_limit=10000.00 CNY", "open_orders=8870.00 CNY",
        "open_invoices=1130.00 CNY", "exposure=10000.00 CNY", "credit_available=0.00 CNY",
        "requested=0.01 CNY",
      ])
  }

  @Test("a decrease is always allowed, an increase of it only within the limit")
  func decrease() async throws {
    let books = try await Books()
    let found = try await books.refusals { tx in
      let hotel = try Customer.named("HOTEL", in: tx)
      try expose(hotel, order(1), cny(20_000), enforce: false, in: tx)
      try expose(hotel, order(1), cny(15_000), in: tx)
      try expose(hotel, order(1), cny(15_000), in: tx)
      try expose(hotel, order(1), fen(1_500_001), in: tx)
    }
    #expect(found.first?.facts.contains(Fact("requested", fen(1))) == true)
    #expect(found.first?.facts.contains(Fact("open_orders", cny(15_000))) == true)
  }

  @Test("zero, or less because more was paid than is open, removes the document")
  func remove() async throws {
    let books = try await Books()
    let uses = try await books.write { tx in
      let hotel = try Customer.named("HOTEL", in: tx)
      var uses: [Money] = []
      for amount in [cny(500), cny(0), cny(0), cny(700), cny(-300)] {
        try expose(hotel, order(1), amount, in: tx)
        uses.append(try Receivables.exposure(of: hotel, in: tx).total)
      }
      return uses
    }
    #expect(uses == [cny(500), cny(0), cny(0), cny(700), cny(0)])
    #expect(try await books.violations() == [])
  }

  @Test("no credit means no credit")
  func none() async throws {
    let books = try await Books()
    let found = try await books.refusals { tx in
      try expose(.named("ANNA", in: tx), order(1), fen(1), in: tx)
    }
    #expect(found.map(\.reason) == ["CREDIT_LIMIT_EXCEEDED"])
  }

  @Test("takes two statements for a new order, whatever else is open")
  func statements() async throws {
    let books = try await Books()
    let hotel = try await books.write { tx in
      let hotel = try Customer.named("HOTEL", in: tx)
      for number in 2...50 { try expose(hotel, order(number), cny(1), in: tx) }
      return hotel
    }
    let count = try await books.statements { try expose(hotel, order(1), cny(1), in: $0) }
    #expect(count == 2)
  }

  @Test("what is granted for a day is asked for beyond the limit only, and counts that day alone")
  func granted() async throws {
    let books = try await Books()
    let hotel = try await books.write { tx in
      let grant = try GrantCredit.of(cny(500), in: tx)
      _ = try DecideCredit(id: grant.id, approve: true, by: "wang.fang")
        .run(in: tx, at: Books.now)
      return try Customer.named("HOTEL", in: tx)
    }
    let within = try await books.statements { try expose(hotel, order(1), cny(9_000), in: $0) }
    #expect(within == 2)
    try await books.write { try expose(hotel, order(2), cny(1_500), in: $0) }
    let found = try await books.refusals { try expose(hotel, order(3), fen(1), in: $0) }
    #expect(found.first?.facts.contains(Fact("temporary_credit", cny(500))) == true)
    #expect(found.first?.facts.contains(Fact("credit_available", cny(0))) == true)
    let use = try await books.read {
      try Receivables.exposure(of: hotel, on: Books.day.adding(days: 1), in: $0)
    }
    #expect(use.temporary == cny(0) && use.available == cny(-500))
    #expect(try await books.violations() == [])
  }

  @Test("agrees with a plain model over random changes", arguments: 1...10)
  func property(seed: UInt64) async throws {
    let books = try await Books()
    var random = Seeded(seed)
    let changes = (0..<200).map { _ in
      (
        Int.random(in: 1...12, using: &random),
        fen(.random(in: -10...400_000, using: &random)),
        Int.random(in: 0...9, using: &random) > 0
      )
    }
    let outcomes = try await books.write { tx in
      let hotel = try Customer.named("HOTEL", in: tx)
      return try changes.map { number, amount, enforce in
        do {
          try tx.attempt { try expose(hotel, order(number), amount, enforce: enforce, in: tx) }
          return true
        } catch is FinanceRejection {
          return false
        }
      }
    }
    var model: [Int: Int64] = [:]
    for ((number, amount, enforce), outcome) in zip(changes, outcomes) {
      let before = model[number] ?? 0
      let after = max(0, amount.minor)
      let allowed =
        !enforce || after <= before
        || model.values.reduce(0, +) - before + after <= 1_000_000
      #expect(outcome == allowed)
      if allowed { model[number] = after }
    }
    let use = try await books.read {
      try Receivables.exposure(of: .named("HOTEL", in: $0), in: $0)
    }
    #expect(use.total.minor == model.values.reduce(0, +))
    #expect(try await books.violations() == [])
  }
}

private func expose(
  _ customer: Customer, _ document: DocumentReference, _ amount: Money, enforce: Bool = true,
  in tx: Transaction
) throws {
  try SetExposure(customer: customer, document: document, amount: amount, enforceLimit: enforce)
    .run(in: tx, at: Books.now)
}
