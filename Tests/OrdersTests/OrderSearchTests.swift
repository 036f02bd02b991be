import MasterData
import Storage
import Testing
import Values

@testable import Orders

@Suite("Searches for orders")
struct OrderSearchTests {
  /// Twelve orders on three days. HOTEL and VIPCO in turn; chairs in every third, lamps elsewhere.
  private func shop() throws -> Shop {
    let shop = try Shop()
    for index in 0..<12 {
      let draft = OrderDraft.of(
        index.isMultiple(of: 2) ? "HOTEL" : "VIPCO",
        [(index.isMultiple(of: 3) ? "CHAIR" : "LAMP", Int64(index + 1))],
        channel: index < 6 ? .store : .web, externalID: "E-\(index + 1)")
      _ = try shop.write {
        try PlaceOrder(draft, by: "till").run(in: $0, at: Shop.at(day: index / 4))
      }
    }
    return shop
  }

  private func numbers(
    _ filter: SalesOrders.Filter, window: Int, pages limit: Int, in shop: Shop
  ) throws -> (numbers: [Int], pages: Int) {
    try shop.read { snapshot in
      var numbers: [Int] = []
      var key = SalesOrders.Key(createdOn: Day(daysSinceEpoch: .max), id: ID(.max))
      for pages in 1...50 {
        let page = try OrderSearch(filter: filter, after: key, seen: nil, window: window)
          .page(limit: limit, in: snapshot)
        #expect(page.orders.count <= limit)
        numbers += page.orders.compactMap { Int($0.number.suffix(6)) }
        guard let next = page.next else { return (numbers, pages) }
        #expect(next < key)
        key = next
      }
      Issue.record("the search does not end")
      return (numbers, 0)
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let expected: [Int]
    let change: @Sendable (inout SalesOrders.Filter) -> Void

    init(
      _ name: String, _ expected: [Int],
      _ change: @escaping @Sendable (inout SalesOrders.Filter) -> Void
    ) {
      testDescription = name
      self.expected = expected
      self.change = change
    }
  }

  static let cases = [
    Case("all", Array((1...12).reversed())) { _ in },
    Case("product", [10, 7, 4, 1]) { $0.sku = "CHAIR" },
    Case("product of a customer", [7, 1]) {
      $0.sku = "CHAIR"
      $0.customerCode = "HOTEL"
    },
    Case("state and channel", [6, 5, 4, 3, 2, 1]) {
      $0.state = .confirmed
      $0.channel = .store
    },
    Case("amount of 100 to 500", [12, 11, 9, 8, 6, 5, 3, 1]) {
      $0.grossFrom = cny(100)
      $0.grossUntil = cny(500)
    },
    Case("amount in another currency", []) {
      $0.grossFrom = Money(minor: 0, currency: Currency("EUR") ?? .cny)
    },
    Case("days of creation", [8, 6, 5]) {
      $0.sku = "LAMP"
      $0.createdFrom = Shop.day.adding(days: 1)
      $0.createdUntil = Shop.day.adding(days: 1)
    },
    Case("prefix of the external id", [12, 11]) {
      $0.prefix = "E-1"
      $0.sku = "LAMP"
    },
    Case("a product that nobody sells", []) { $0.sku = "NOTHING" },
    Case("wanted on a day", []) { $0.requestedFrom = Shop.day },
  ]

  @Test("finds the same however many orders a page looks at and holds", arguments: cases)
  func finds(_ given: Case) throws {
    let shop = try shop()
    var filter = SalesOrders.Filter()
    given.change(&filter)
    for (window, limit) in [(1, 1), (1, 5), (3, 2), (5, 50), (1_000, 4), (1_000, 50)] {
      let found = try numbers(filter, window: window, pages: limit, in: shop)
      #expect(found.numbers == given.expected, "window \(window), limit \(limit)")
    }
    if filter.prefix == nil, filter.customerCode == nil, given.expected.isEmpty {
      #expect(try numbers(filter, window: 5, pages: 50, in: shop).pages == 3)
    }
  }

  @Test("what is asked by an order's hold, and its wish, is found; a hold that ended is not")
  func holds() throws {
    let shop = try shop()
    for (number, day) in [("000003", 5), ("000009", 6), ("000010", 7)] {
      try shop.write { tx in
        _ = try HoldOrder(
          number: "SO-2026-\(number)", kind: .price, reason: "in doubt", by: "boss"
        ).run(in: tx, at: Shop.at(day: 3))
        let order = try SalesOrders.require(number: "SO-2026-\(number)", in: tx)
        try tx.execute(
          "UPDATE sales_order SET requested_on = ? WHERE id = ?", Shop.day.adding(days: day),
          order.id)
      }
    }
    var filter = SalesOrders.Filter()
    filter.hold = .price
    #expect(try numbers(filter, window: 2, pages: 1, in: shop).numbers == [10, 9, 3])
    filter.hold = .credit
    #expect(try numbers(filter, window: 2, pages: 1, in: shop).numbers == [])
    filter.hold = nil
    filter.requestedFrom = Shop.day.adding(days: 6)
    #expect(try numbers(filter, window: 2, pages: 1, in: shop).numbers == [10, 9])
    filter.requestedUntil = Shop.day.adding(days: 6)
    #expect(try numbers(filter, window: 4, pages: 9, in: shop).numbers == [9])
    _ = try shop.write {
      try ReleaseOrderHold(
        number: "SO-2026-000009", kind: .price, reason: "clear", by: "boss"
      ).run(in: $0, at: Shop.at(day: 3))
    }
    filter = SalesOrders.Filter()
    filter.hold = .price
    #expect(try numbers(filter, window: 2, pages: 1, in: shop).numbers == [10, 3])
  }

  @Test("lists of several customers are merged as far as all of them reach")
  func merging() {
    func keys(_ ids: Int64...) -> [SalesOrders.Key] {
      ids.map { .init(createdOn: Shop.day, id: ID($0)) }
    }
    let cut = OrderSearch.Candidates(
      merging: [keys(9, 8, 7), keys(6, 2), keys(8, 5, 3)], limit: 3, window: 100)
    #expect(cut.keys == keys(9, 8, 7) && !cut.isWhole)
    let whole = OrderSearch.Candidates(
      merging: [keys(9, 8), keys(6, 2)], limit: 3, window: 100)
    #expect(whole.keys == keys(9, 8, 6, 2) && whole.isWhole)
    let many = OrderSearch.Candidates(merging: [keys(9, 8), keys(6, 2)], limit: 3, window: 3)
    #expect(many.keys == keys(9, 8, 6) && !many.isWhole)
    #expect(OrderSearch.Candidates(merging: [], limit: 3, window: 3).isWhole)
  }

  @Test("what a search looks at comes out of one index in order: nothing is scanned or sorted")
  func plans() throws {
    let plans = try Shop().read { snapshot in
      try snapshot.all(
        """
        EXPLAIN QUERY PLAN
        SELECT created_on, id FROM sales_order
        WHERE (created_on, id) < (9, 9) AND created_on >= 1
        ORDER BY created_on DESC, id DESC LIMIT 9
        """
      ) { $0.text(3) }
        + snapshot.all(
          """
          EXPLAIN QUERY PLAN
          SELECT created_on, id FROM sales_order
          WHERE customer_code = 'C' AND (created_on, id) < (9, 9) AND created_on >= 1
          ORDER BY created_on DESC, id DESC LIMIT 9
          """
        ) { $0.text(3) }
        + snapshot.all(
          """
          EXPLAIN QUERY PLAN
          SELECT created_on, id FROM sales_order
          WHERE state = 'DRAFT' AND (created_on, id) < (9, 9) AND created_on >= 1
          ORDER BY created_on DESC, id DESC LIMIT 9
          """
        ) { $0.text(3) }
        + snapshot.all(
          """
          EXPLAIN QUERY PLAN
          SELECT created_on, id FROM sales_order
          WHERE channel = 'WEB' AND (created_on, id) < (9, 9) AND created_on >= 1
          ORDER BY created_on DESC, id DESC LIMIT 9
          """
        ) { $0.text(3) }
        + snapshot.all(
          """
          EXPLAIN QUERY PLAN
          SELECT o.created_on, o.id FROM sales_order_hold AS h
          JOIN sales_order AS o ON o.id = h.sales_order_id
          WHERE h.released_at IS NULL AND h.kind = 'PRICE' AND h.sales_order_id < 9
          ORDER BY h.sales_order_id DESC LIMIT 9
          """
        ) { $0.text(3) }
    }
    let steps = [
      "sales_order_day", "sales_order_customer", "sales_order_state", "sales_order_channel",
      "sales_order_hold_open", "INTEGER PRIMARY KEY",
    ]
    #expect(plans.count == steps.count, "\(plans)")
    for (plan, step) in zip(plans, steps) {
      #expect(plan.contains(step) && plan.hasPrefix("SEARCH"), "\(plan)")
    }
  }
}
