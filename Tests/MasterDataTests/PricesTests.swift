import MasterData
import Storage
import Testing
import Values

@Suite("Prices")
struct PricesTests {
  @Test("the own list goes before the class, the class before everybody, then priority")
  func precedence() async throws {
    let books = try Books()
    try await books.stock()
    let winners = try await books.write { tx in
      try UpsertPriceLists([
        PriceListDraft(code: "SALE", name: "Sale", priority: 5),
        PriceListDraft(code: "VIPS", name: "VIP", customerClass: "VIP", priority: -5),
        PriceListDraft(code: "HOTEL", name: "Hotel contract", customerClass: "HOTEL-ONLY"),
      ]).run(in: tx, at: Books.now).forEach { precondition($0.violations.isEmpty) }
      try UpsertPrices(
        [("RETAIL", 500), ("SALE", 450), ("VIPS", 480), ("HOTEL", 490)].map { list, yuan in
          PriceDraft(list: list, sku: "CHAIR-1", unitPrice: price(yuan), validFrom: Books.day)
        }
      ).run(in: tx, at: Books.now).forEach { precondition($0.violations.isEmpty) }
      try UpsertCustomers([
        CustomerDraft(code: "VERA", name: "Vera", customerClass: "VIP"),
        CustomerDraft(code: "HOTEL", name: "Hotel", customerClass: "VIP", priceList: "HOTEL"),
      ]).run(in: tx, at: Books.now).forEach { precondition($0.violations.isEmpty) }
      return try ["ANNA", "VERA", "HOTEL"].map { try decide("CHAIR-1", for: $0, 1, in: tx) }
    }
    #expect(winners.map { $0?.listCode } == ["SALE", "VIPS", "HOTEL"])
    #expect(winners.map { $0?.unitPrice } == [price(450), price(480), price(490)])
    #expect(
      winners.map { $0?.explanation.steps.map(\.rule) }
        == [["GENERAL_PRICE_LIST"], ["CLASS_PRICE_LIST"], ["OWN_PRICE_LIST"]])
  }

  @Test("the largest minimum quantity that is reached wins, within its period")
  func scales() async throws {
    let books = try Books()
    try await books.stock()
    let prices = try await books.write { tx in
      try UpsertPrices([
        PriceDraft(list: "RETAIL", sku: "CHAIR-1", unitPrice: price(500), validFrom: Books.day),
        PriceDraft(
          list: "RETAIL", sku: "CHAIR-1", unitPrice: price(470), minimumQuantity: units(10),
          validFrom: Books.day, validUntil: Books.day.adding(days: 6)),
      ]).run(in: tx, at: Books.now).forEach { precondition($0.violations.isEmpty) }
      return try [(9, 0), (10, 0), (10, 6), (10, 7), (1, -1)].map { quantity, days in
        try decide("CHAIR-1", for: "ANNA", quantity, on: Books.day.adding(days: days), in: tx)?
          .unitPrice
      }
    }
    #expect(prices == [price(500), price(470), price(470), price(500), nil])
  }

  @Test("a price changes from a day on when the old one ends the day before")
  func successor() async throws {
    let books = try Books()
    try await books.stock()
    let draft = { (yuan: Int64, from: Int, until: Int?) in
      PriceDraft(
        list: "RETAIL", sku: "CHAIR-1", unitPrice: price(yuan),
        validFrom: Books.day.adding(days: from), validUntil: until.map(Books.day.adding(days:)))
    }
    let first = [draft(500, 0, nil), draft(520, 10, nil)]
    let second = [draft(500, 0, 9), draft(520, 10, nil), draft(520, 10, 11)]
    let summaries = try await books.write { tx in
      try [first, second].flatMap {
        try UpsertPrices($0).run(in: tx, at: Books.now).map(\.summary)
      }
    }
    #expect(
      summaries == [
        "created", "refused PRICE_PERIODS_OVERLAP prices[1].valid_from", "updated", "created",
        "refused DUPLICATE_IN_BATCH prices[2].sku",
      ])
  }

  @Test("periods overlap when they share a single day, in either order", arguments: [4, 5])
  func overlap(lastDay: Int) async throws {
    let books = try Books()
    try await books.stock()
    let draft = { (from: Int, until: Int?) in
      PriceDraft(
        list: "RETAIL", sku: "CHAIR-1", unitPrice: price(5),
        validFrom: Books.day.adding(days: from), validUntil: until.map(Books.day.adding(days:)))
    }
    let batches = [[draft(5, nil), draft(0, lastDay)], [draft(0, lastDay), draft(5, nil)]]
    for batch in batches {
      let verdict = try await books.database.rehearse { tx in
        try UpsertPrices(batch).run(in: tx, at: Books.now)[1].summary
      }
      #expect(
        verdict
          == (lastDay == 4 ? "created" : "refused PRICE_PERIODS_OVERLAP prices[1].valid_from"))
    }
  }

  @Test("agrees with the rules applied one after the other to every price", arguments: 1...20)
  func property(seed: UInt64) async throws {
    let books = try Books()
    try await books.stock()
    var random = SeededGenerator(seed)
    let lists = (0..<5).map { number in
      PriceListDraft(
        code: "L\(number)", name: "List",
        customerClass: [nil, "VIP", "PRO"].randomElement(using: &random)!,
        priority: Int.random(in: 0...1, using: &random))
    }
    let prices = (0..<40).map { _ in
      let from = Books.day.adding(days: Int.random(in: -5...5, using: &random))
      return PriceDraft(
        list: "L\(Int.random(in: 0..<5, using: &random))", sku: "CHAIR-1",
        unitPrice: price(.random(in: 1...999, using: &random)),
        minimumQuantity: units(.random(in: 0...3, using: &random)), validFrom: from,
        validUntil: Bool.random(using: &random)
          ? nil : from.adding(days: .random(in: 0...4, using: &random)))
    }
    let customer = CustomerDraft(
      code: "CARL", name: "Carl",
      customerClass: ["VIP", "PRO", "X"].randomElement(using: &random)!,
      priceList: [nil, "L0", "L3"].randomElement(using: &random)!)
    let (stored, answers) = try await books.write { tx in
      _ = try UpsertPriceLists(lists).run(in: tx, at: Books.now)
      let verdicts = try UpsertPrices(prices).run(in: tx, at: Books.now)
      _ = try UpsertCustomers([customer]).run(in: tx, at: Books.now)
      let answers = try (0..<4).flatMap { quantity in
        try (-6...9).map { days in
          try decide("CHAIR-1", for: "CARL", quantity, on: Books.day.adding(days: days), in: tx)?
            .unitPrice
        }
      }
      return (zip(prices, verdicts).filter { $1.violations.isEmpty }.map { $0.0 }, answers)
    }
    let expected = (0..<4).flatMap { quantity in
      (-6...9).map { days in
        best(
          stored, lists, customer, quantity: units(Int64(quantity)),
          on: Books.day.adding(days: days))
      }
    }
    #expect(answers == expected)
  }

  /// The documented rules, one filter after the other.
  private func best(
    _ prices: [PriceDraft], _ lists: [PriceListDraft], _ customer: CustomerDraft,
    quantity: Quantity, on day: Day
  ) -> UnitPrice? {
    let list = { (price: PriceDraft) in lists.first { $0.code == price.list } }
    var left = prices.filter { price in
      price.minimumQuantity <= quantity && price.validFrom.map { $0 <= day } ?? false
        && price.validUntil.map { $0 >= day } ?? true
    }
    let own = left.filter { $0.list == customer.priceList }
    let ofClass = left.filter { list($0)?.customerClass == customer.customerClass }
    let general = left.filter { list($0)?.customerClass == nil }
    left = [own, ofClass, general].first { !$0.isEmpty } ?? []
    let priority = left.compactMap { list($0)?.priority }.max()
    left = left.filter { list($0)?.priority == priority }
    let minimum = left.map(\.minimumQuantity).max()
    left = left.filter { $0.minimumQuantity == minimum }
    let from = left.compactMap(\.validFrom).max()
    left = left.filter { $0.validFrom == from }
    return left.min { $0.list < $1.list }?.unitPrice
  }
}

private func decide(
  _ sku: String, for customer: String, _ quantity: Int, on day: Day = Books.day,
  in tx: Transaction
) throws -> PriceDecision? {
  try Prices.price(
    of: Products.require(sku: sku, field: "sku", in: tx),
    for: Customers.require(code: customer, field: "customer", in: tx),
    quantity: units(Int64(quantity)), on: day, in: tx)
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
