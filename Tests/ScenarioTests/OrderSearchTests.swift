import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: orders are searched for, and searches are kept and shared")
struct OrderSearchTests {
  private func found(
    _ shop: Shop, _ request: OrdersV1.ListOrdersRequest, by actor: String = "li.na",
    roles: String = ""
  ) async throws -> [String] {
    var request = request
    var numbers: [String] = []
    repeat {
      let page = try await shop.orders.listOrders(
        request, options: shop.command(by: actor, roles: roles))
      numbers += page.orders.map { String($0.number.suffix(1)) }
      request.pageToken = page.nextPageToken
    } while !request.pageToken.isEmpty
    return numbers
  }

  /// Five orders: 1 two chairs, 2 a lamp for cash, 3 a table that the workshop makes, 4 a lamp and
  /// a chair through the web wanted on 20 March, 5 a lamp next day.
  private func furnished() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 20, cost: "200")
    try await shop.stock("LAMP", 20, cost: "80")
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "VIP", name: "王芳", customerClass: "VIP", creditLimit: yuan("200000"),
          terms: .init(netDays: 60), owner: "wu.bo", storeCode: "HZ-1")
      ]), options: shop.command())
    _ = try await shop.place([("CHAIR", 2)])
    _ = try await shop.place([("LAMP", 1)], customer: "CASH")
    _ = try await shop.place([("TABLE", 1)], customer: "VIP")
    var web = shop.input([("LAMP", 1), ("CHAIR", 1)], customer: "VIP", channel: .web)
    web.requestedOn = .init(year: 2026, month: 3, day: 20)
    _ = try await shop.orders.placeOrder(.init(order: web), options: shop.command())
    shop.clock.advance(days: 1)
    _ = try await shop.place([("LAMP", 1)])
    return shop
  }

  @Test("by product, amount, salesperson, store, hold, wanted and expected day, and together")
  func search() async throws {
    let shop = try await furnished()
    #expect(try await found(shop, .init(pageSize: 1, sku: "LAMP")) == ["5", "4", "2"])
    #expect(try await found(shop, .init(customerCode: "VIP", sku: "LAMP")) == ["4"])
    #expect(try await found(shop, .init(state: .confirmed, channel: .web)) == ["4"])
    #expect(
      try await found(shop, .init(grossFrom: yuan("700"), grossUntil: yuan("1200"))) == ["4", "1"])
    #expect(
      try await found(
        shop, .init(grossFrom: .init(currencyCode: "EUR", minorUnits: 1))) == [])
    #expect(try await found(shop, .init(owner: "wu.bo")) == ["4", "3"])
    #expect(try await found(shop, .init(sku: "TABLE", storeCode: "HZ-1")) == ["3"])
    #expect(try await found(shop, .init(owner: "wu.bo", storeCode: "HZ-2")) == [])
    #expect(
      try await found(
        shop, .init(requestedFrom: .init(year: 2026, month: 3, day: 20))) == ["4"])
    #expect(try await found(shop, .init(createdWithinDays: 1)) == ["5"])
    #expect(try await found(shop, .init(sku: "LAMP", createdWithinDays: 2)) == ["5", "4", "2"])
    let late = try await shop.place([("CHAIR", 30)], customer: "VIP")
    #expect(
      try await found(
        shop, .init(expectedFrom: .init(year: 2020, month: 1, day: 1))
      ).contains("3"))
    _ = try await shop.orders.holdOrder(
      .init(number: late.number, kind: .price, reason: "in doubt"), options: shop.command())
    #expect(try await found(shop, .init(holdKind: .price)) == ["6"])
    #expect(try await found(shop, .init(channel: .web, holdKind: .price)) == [])
    // A line that is cancelled is no longer of the order.
    _ = try await shop.orders.cancelOrder(
      .init(number: "SO-2026-000004", reason: .customerWish, lineNumbers: [1]),
      options: shop.command())
    #expect(try await found(shop, .init(sku: "LAMP")) == ["5", "2"])
    await shop.close()
  }

  @Test("an order that comes in meanwhile moves nothing; a token is for its own question")
  func pages() async throws {
    let shop = try await furnished()
    let first = try await shop.orders.listOrders(.init(pageSize: 1, sku: "LAMP"))
    _ = try await shop.place([("LAMP", 2)])
    let second = try await shop.orders.listOrders(
      .init(pageSize: 5, pageToken: first.nextPageToken, sku: "LAMP"))
    #expect(second.orders.map(\.number) == ["SO-2026-000004", "SO-2026-000002"])
    #expect(second.nextPageToken.isEmpty)
    let foreign = await refusal {
      try await shop.orders.listOrders(.init(pageToken: first.nextPageToken, sku: "CHAIR"))
    }
    #expect(violations(foreign) == ["PAGE_TOKEN_FOREIGN page_token"])
    await shop.close()
  }

  @Test("what cannot be asked is refused by its field")
  func refusals() async throws {
    let shop = try await furnished()
    for (request, expected) in [
      (
        OrdersV1.ListOrdersRequest(
          grossFrom: yuan("1"), grossUntil: .init(currencyCode: "EUR", minorUnits: 1)),
        "OUT_OF_RANGE gross_until.currency_code"
      ),
      (
        .init(grossFrom: .init(currencyCode: "???", minorUnits: 1)),
        "UNKNOWN_CURRENCY gross_from.currency_code"
      ),
      (.init(holdKind: .unrecognized(99)), "UNKNOWN_VALUE hold_kind"),
      (.init(createdWithinDays: 4_000), "OUT_OF_RANGE created_within_days"),
      (
        .init(createdFrom: .init(year: 2026, month: 1, day: 1), createdWithinDays: 4),
        "NOT_BOTH created_from"
      ),
      (.init(expectedUntil: .init(year: 2026, month: 2, day: 30)), "NOT_A_DATE expected_until"),
    ] {
      let refused = await refusal { try await shop.orders.listOrders(request) }
      #expect(refused?.code == .invalidArgument)
      #expect(violations(refused) == [expected])
      let saved = await refusal {
        try await shop.orderViews.saveOrderView(
          .init(name: "bad", filters: request), options: shop.command())
      }
      #expect(saved?.code == .invalidArgument)
      #expect(violations(saved).first?.contains(" filters.") == true, "\(violations(saved))")
    }
    #expect(try await shop.orderViews.listOrderViews(.init()).views == [])
    await shop.close()
  }

  @Test("a search is kept under a name, replaced, shared with a role, asked and forgotten")
  func views() async throws {
    let shop = try await furnished()
    let saved = try await shop.orderViews.saveOrderView(
      .init(
        name: "lamps", filters: .init(sku: "LAMP", createdWithinDays: 2),
        shareWithRole: "SALES_MANAGER"),
      options: shop.command(by: "wu.bo", roles: "SALES_MANAGER"))
    #expect(saved.view?.owner == "wu.bo" && saved.view?.filters?.createdWithinDays == 2)
    let asked = OrdersV1.ListOrdersRequest(view: "lamps")
    #expect(try await found(shop, asked, by: "wu.bo") == ["5", "4", "2"])
    #expect(
      try await found(shop, asked, by: "he.fei", roles: "SALES_MANAGER") == ["5", "4", "2"])
    // What the request says goes before what the view says.
    #expect(
      try await found(
        shop, .init(customerCode: "VIP", view: "lamps"), by: "wu.bo") == ["4"])
    #expect(try await found(shop, .init(view: "lamps", sku: "TABLE"), by: "wu.bo") == ["3"])
    // It goes with the days.
    shop.clock.advance(days: 1)
    #expect(try await found(shop, asked, by: "wu.bo") == ["5"])
    // Others have no such view, and may have one of their own.
    let unknown = await refusal { try await found(shop, asked, by: "he.fei") }
    #expect(unknown?.code == .notFound && reason(unknown) == "UNKNOWN_VIEW")
    _ = try await shop.orderViews.saveOrderView(
      .init(name: "lamps", filters: .init(sku: "TABLE")),
      options: shop.command(by: "he.fei"))
    #expect(try await found(shop, asked, by: "he.fei", roles: "SALES_MANAGER") == ["3"])
    let seen = try await shop.orderViews.listOrderViews(
      .init(), options: shop.command(by: "he.fei", roles: "SALES_MANAGER"))
    #expect(seen.views.map(\.owner) == ["he.fei", "wu.bo"])
    let own = try await shop.orderViews.listOrderViews(.init(), options: shop.command(by: "he.fei"))
    #expect(own.views.map(\.owner) == ["he.fei"])
    // Replaced, and shared with nobody any more.
    _ = try await shop.orderViews.saveOrderView(
      .init(name: "lamps", filters: .init(sku: "CHAIR")), options: shop.command(by: "wu.bo"))
    #expect(try await found(shop, asked, by: "wu.bo") == ["4", "1"])
    let gone = await refusal {
      try await shop.orderViews.deleteOrderView(
        .init(name: "lamps"), options: shop.command(by: "li.na", roles: "SALES_MANAGER"))
    }
    #expect(gone?.code == .notFound)
    _ = try await shop.orderViews.deleteOrderView(
      .init(name: "lamps"), options: shop.command(by: "wu.bo"))
    #expect(await refusal { try await found(shop, asked, by: "wu.bo") }?.code == .notFound)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a search needs a name, a role that one has, no page, and no more than a hundred are kept")
  func limits() async throws {
    let shop = try await furnished()
    func save(_ request: OrdersV1.SaveOrderViewRequest) async -> [String] {
      violations(
        await refusal {
          try await shop.orderViews.saveOrderView(request, options: shop.command(by: "wu.bo"))
        })
    }
    #expect(await save(.init()) == ["REQUIRED name"])
    #expect(
      await save(.init(name: "a", shareWithRole: "GENERAL_MANAGER")) == [
        "ROLE_NOT_HELD share_with_role"
      ])
    #expect(
      await save(
        .init(name: "a", filters: .init(pageSize: 3, pageToken: "x", view: "b"))) == [
          "NOT_BOTH filters.page_size", "NOT_BOTH filters.page_token", "NOT_BOTH filters.view",
        ])
    for number in 1...100 {
      #expect(await save(.init(name: "v\(number)")) == [])
    }
    let full = await refusal {
      try await shop.orderViews.saveOrderView(
        .init(name: "v101"), options: shop.command(by: "wu.bo"))
    }
    #expect(full?.code == .failedPrecondition)
    #expect(await save(.init(name: "v7", filters: .init(sku: "LAMP"))) == [])
    await shop.close()
  }

  @Test("a search for one customer's orders is for those of whom it was merged into")
  func merged() async throws {
    let shop = try await furnished()
    _ = try await shop.orderViews.saveOrderView(
      .init(name: "cash", filters: .init(customerCode: "CASH")),
      options: shop.command(by: "wu.bo"))
    _ = try await shop.customers.mergeCustomers(
      .init(duplicateCode: "CASH", intoCode: "VIP"), options: shop.command())
    #expect(try await found(shop, .init(view: "cash"), by: "wu.bo") == ["4", "3", "2"])
    await shop.close()
  }
}
