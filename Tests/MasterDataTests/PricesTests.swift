import MasterData
import Storage
import TestRandom
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

  @Test(
    "a contract goes before the own list, for its customer alone; a list may be for one channel")
  func contractAndChannel() async throws {
    let books = try Books()
    try await books.stock()
    try await books.write { tx in
      try UpsertCustomers([
        CustomerDraft(code: "HOTEL", name: "Hotel", priceList: "RETAIL"),
        CustomerDraft(code: "VERA", name: "Vera"),
      ]).run(in: tx, at: Books.now).forEach { precondition($0.violations.isEmpty) }
      try UpsertPriceLists([
        PriceListDraft(code: "DEAL", name: "Deal", customerCode: "HOTEL", priority: -9),
        PriceListDraft(code: "WEB", name: "Web", channel: .web, priority: 9),
      ]).run(in: tx, at: Books.now).forEach { precondition($0.violations.isEmpty) }
      try UpsertPrices(
        [("RETAIL", 500), ("DEAL", 505), ("WEB", 470)].map { list, yuan in
          PriceDraft(
            list: list, sku: "CHAIR-1", unitPrice: price(yuan), validFrom: Books.day,
            validUntil: list == "DEAL" ? Books.day : nil)
        }
      ).run(in: tx, at: Books.now).forEach { precondition($0.violations.isEmpty) }
    }
    let lists = try await books.write { tx in
      try [
        decide("CHAIR-1", for: "HOTEL", 1, in: tx),
        decide("CHAIR-1", for: "HOTEL", 1, by: .web, in: tx),
        decide("CHAIR-1", for: "HOTEL", 1, by: .web, on: Books.day.adding(days: 1), in: tx),
        decide("CHAIR-1", for: "VERA", 1, by: .web, in: tx),
        decide("CHAIR-1", for: "VERA", 1, by: .store, in: tx),
        decide("CHAIR-1", for: "VERA", 1, in: tx),
      ].map { "\($0?.listCode ?? "") \($0?.explanation.steps.first?.rule ?? "")" }
    }
    #expect(
      lists == [
        "DEAL CONTRACT_PRICE_LIST", "DEAL CONTRACT_PRICE_LIST", "RETAIL OWN_PRICE_LIST",
        "WEB GENERAL_PRICE_LIST", "RETAIL GENERAL_PRICE_LIST", "RETAIL GENERAL_PRICE_LIST",
      ])
  }

  @Test("a graduated list prices what goes beyond each minimum, without a jump")
  func graduated() async throws {
    let books = try Books()
    try await books.stock()
    let offers = try await books.offers(
      PriceListDraft(code: "STEPS", name: "Steps", priority: 1, breaks: .graduated),
      [(0, 500), (10, 450), (20, 400)])
    let amounts = try ([1, 10, 11, 20, 25] as [Int64]).map { count in
      let quantity = units(count)
      let decision = try #require(try offers.price(of: quantity))
      return try decision.amount(for: quantity, discount: .zero, .halfAway)
    }
    #expect(amounts == [cny(500), cny(5_000), cny(5_450), cny(9_500), cny(11_500)])
    let decision = try #require(try offers.price(of: units(25)))
    #expect(decision.unitPrice == price(460))
    #expect(
      decision.explanation.steps.map(\.rule)
        == ["GENERAL_PRICE_LIST", "PRICE_TIER", "PRICE_TIER", "PRICE_TIER"])
  }

  @Test("breaks count all lines together where the list says so, and the lines sum to the whole")
  func acrossLines() async throws {
    let books = try Books()
    try await books.stock()
    for breaks in PriceBreaks.allCases {
      for isAcross in [false, true] {
        let offers = try await books.offers(
          PriceListDraft(
            code: "L-\(breaks.rawValue)-\(isAcross)", name: "List", priority: 1, breaks: breaks,
            countsAcrossLines: isAcross), [(0, 500), (10, 450)])
        var (amounts, earlier) = ([Money](), Quantity.zero)
        for count: Int64 in [5, 7] {
          let decision = try #require(
            try offers.price(of: units(count), after: earlier, total: units(12)))
          amounts.append(try decision.amount(for: units(count), discount: .zero, .halfAway))
          earlier = try earlier + units(count)
        }
        switch (breaks, isAcross) {
        case (_, false): #expect(amounts == [cny(2_500), cny(3_500)])
        case (.slab, true): #expect(amounts == [cny(2_250), cny(3_150)])
        case (.graduated, true): #expect(amounts == [cny(2_500), cny(3_400)])
        }
      }
    }
  }

  @Test("prices with tax are counted without it, and the other way round, tier by tier")
  func taxBasis() async throws {
    let books = try Books()
    try await books.stock()
    let offers = try await books.offers(
      PriceListDraft(
        code: "SHELF", name: "Shelf", priority: 1, breaks: .graduated, isTaxIncluded: true),
      [(0, 113), (1, 226)])
    let stated = try #require(try offers.price(of: units(2)))
    #expect(stated.isTaxIncluded)
    let rate = Rate(micros: 130_000)
    #expect(try stated.counted(withTax: true, at: rate) == stated)
    let without = try stated.counted(withTax: false, at: rate)
    #expect(without.parts.map(\.unitPrice) == [price(100), price(200)])
    #expect(without.unitPrice == price(150))
    #expect(without.explanation.steps.last?.rule == "TAX_BASIS")
    #expect(try without.counted(withTax: true, at: rate).parts == stated.parts)
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
    var random = Seeded(seed)
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

extension Books {
  /// What ANNA can have CHAIR-1 for, by a list of these prices in yuan from these minimums on.
  fileprivate func offers(
    _ list: PriceListDraft, _ steps: [(minimum: Int64, yuan: Int64)]
  ) async throws -> PriceOffers {
    try await write { tx in
      let prices = steps.map { step in
        PriceDraft(
          list: list.code, sku: "CHAIR-1", unitPrice: price(step.yuan),
          minimumQuantity: units(step.minimum), validFrom: Books.day)
      }
      for verdict in try UpsertPriceLists([list]).run(in: tx, at: Books.now)
        + UpsertPrices(prices).run(in: tx, at: Books.now)
      { precondition(verdict.violations.isEmpty, "\(verdict)") }
      let offers = try Prices.offers(
        of: [Products.require(sku: "CHAIR-1", field: "sku", in: tx)],
        for: Customers.require(code: "ANNA", field: "customer", in: tx), by: nil, on: Books.day,
        as: .cny, nil, in: tx)[0]
      // The next list of the same test must not meet this one.
      try tx.execute("DELETE FROM price")
      return offers
    }
  }
}

private func decide(
  _ sku: String, for customer: String, _ quantity: Int, by channel: Channel? = nil,
  on day: Day = Books.day, in tx: Transaction
) throws -> PriceDecision? {
  try Prices.price(
    of: Products.require(sku: sku, field: "sku", in: tx),
    for: Customers.require(code: customer, field: "customer", in: tx), by: channel,
    quantity: units(Int64(quantity)), on: day, in: tx)
}
