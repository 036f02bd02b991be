import MasterData
import Orders
import Storage
import Testing
import Values

@Suite("Lists of orders")
struct SalesOrdersTests {
  /// Five orders on three days: 1 HOTEL web, 2 VIPCO store, 3 HOTEL store, 4 HOTEL web (draft), 5
  /// VIPCO web.
  private func shop() throws -> Shop {
    let shop = try Shop()
    let orders: [(String, Channel, Int)] = [
      ("HOTEL", .web, 0), ("VIPCO", .store, 0), ("HOTEL", .store, 1), ("HOTEL", .web, 2),
      ("VIPCO", .web, 2),
    ]
    for (index, (customer, channel, day)) in orders.enumerated() {
      let draft = OrderDraft.of(
        customer, [("CHAIR", 1)], channel: channel, externalID: "\(channel.rawValue)-\(index + 1)")
      try shop.write { tx in
        _ =
          index == 3
          ? try CreateOrder(draft, by: "till").run(in: tx, at: Shop.at(day: day))
          : try PlaceOrder(draft, by: "till").run(in: tx, at: Shop.at(day: day))
      }
    }
    return shop
  }

  private func numbers(_ filter: SalesOrders.Filter, pages limit: Int, in shop: Shop) throws
    -> [Int]
  {
    try shop.read { snapshot in
      var numbers: [Int] = []
      var key: SalesOrders.Key?
      while true {
        let page = try SalesOrders.list(filter, after: key, limit: limit, in: snapshot)
        #expect(page.orders.count <= limit)
        numbers += page.orders.compactMap { Int($0.number.suffix(6)) }
        guard let next = page.next else { return numbers }
        key = next
      }
    }
  }

  @Test(
    "the newest first, page by page, by every filter", arguments: [1, 2, 500])
  func filters(limit: Int) throws {
    let shop = try shop()
    let expected: [(SalesOrders.Filter, [Int])] = [
      (.init(), [5, 4, 3, 2, 1]),
      (.init(customerCode: "HOTEL"), [4, 3, 1]),
      (.init(customerCode: "HOTEL", state: .confirmed, channel: .web), [1]),
      (.init(state: .draft), [4]), (.init(state: .confirmed, channel: .store), [3, 2]),
      (.init(channel: .web), [5, 4, 1]), (.init(customerCode: "NOBODY"), []),
      (.init(createdFrom: Shop.day.adding(days: 1)), [5, 4, 3]),
      (.init(createdUntil: Shop.day), [2, 1]),
      (
        .init(
          channel: .store, createdFrom: Shop.day.adding(days: 1),
          createdUntil: Shop.day.adding(days: 1)), [3]
      ),
      (.init(prefix: "SO-2026-"), [5, 4, 3, 2, 1]), (.init(prefix: "SO-2026-000003"), [3]),
      (.init(prefix: "WEB-"), [5, 4, 1]), (.init(customerCode: "VIPCO", prefix: "WEB-"), [5]),
      (.init(prefix: "web-"), []),
    ]
    for (filter, numbers) in expected {
      #expect(try self.numbers(filter, pages: limit, in: shop) == numbers, "\(filter)")
    }
  }

  @Test("a summary is the order's header")
  func summary() throws {
    let shop = try Shop()
    let order = try shop.place(.of("BIGCO", [("CHAIR", 30)], externalID: "X"))
    let summary = try #require(
      try shop.read { try SalesOrders.list(limit: 1, in: $0) }.orders.first)
    #expect(summary.number == order.number)
    #expect(summary.gross == order.gross)
    #expect(summary.customerName == "Big")
    #expect(summary.externalID == "X")
    #expect(summary.isApprovalPending)
    #expect(summary.createdAt == Shop.now.instant)
  }
}
