import Messages
import RPC
import TestKit
import Testing

@Suite("Bad requests get a status that names the field")
struct RequestMappingTests {
  @Test("a command without a key, with a bad key, or with a bad dry-run says so")
  func metadata() async throws {
    let shop = try await Shop.open()
    let cases: [(Metadata, violation: String)] = [
      ([:], "IDEMPOTENCY_KEY_MISSING metadata idempotency-key"),
      (["idempotency-key": "two words"], "IDEMPOTENCY_KEY_INVALID metadata idempotency-key"),
      (
        ["idempotency-key": String(repeating: "k", count: 129)],
        "IDEMPOTENCY_KEY_INVALID metadata idempotency-key"
      ),
      (["idempotency-key": "k", "dry-run": "yes"], "DRY_RUN_NOT_BOOLEAN metadata dry-run"),
      (
        ["idempotency-key": "k", "joinery-actor": String(repeating: "n", count: 101)],
        "CALLER_NAME_LENGTH metadata joinery-actor"
      ),
    ]
    for (metadata, violation) in cases {
      let error = await refusal {
        try await shop.catalog.upsertWarehouses(
          .init(), options: CallOptions(metadata: metadata))
      }
      #expect(error?.code == .invalidArgument)
      #expect(violations(error) == [violation])
    }
    await shop.close()
  }

  @Test("every mistake of an order is named at once")
  func orderMistakes() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let input = OrdersV1.OrderInput(
      channel: .web, customerCode: "NOBODY", warehouseCode: "NOWHERE",
      lines: [
        .init(sku: "NOTHING", quantity: pieces(1)), .init(sku: "CHAIR", quantity: pieces(0)),
        .init(sku: "LAMP", quantity: amount("1.5", "pcs")),
        .init(sku: "LAMP", quantity: amount("1", "kg")),
        .init(sku: "BOARD", quantity: amount("1", "m2")),
      ])
    let error = await refusal {
      try await shop.orders.placeOrder(.init(order: input), options: shop.command())
    }
    #expect(error?.code == .invalidArgument || error?.code == .notFound)
    let named = Set(violations(error))
    #expect(
      named == [
        "UNKNOWN_CUSTOMER order.customer_code", "UNKNOWN_WAREHOUSE order.warehouse_code",
        "UNKNOWN_PRODUCT order.lines[0].sku", "QUANTITY_NOT_POSITIVE order.lines[1].quantity",
        "FRACTION_OF_UNIT order.lines[2].quantity",
        "WRONG_UNIT order.lines[3].quantity.unit_code", "NOT_FOR_SALE order.lines[4].sku",
      ])
    await shop.close()
  }

  @Test("page sizes and tokens are checked; a token of another list is refused")
  func pages() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    for size: Int32 in [-1, 501] {
      let error = await refusal { try await shop.catalog.listProducts(.init(pageSize: size)) }
      #expect(violations(error) == ["OUT_OF_RANGE page_size"])
    }
    let page = try await shop.catalog.listProducts(.init(pageSize: 2))
    #expect(page.products.count == 2)
    let second = try await shop.catalog.listProducts(
      .init(pageSize: 100, pageToken: page.nextPageToken))
    #expect(second.products.count == 4)
    #expect(second.nextPageToken.isEmpty)
    let foreign = await refusal {
      try await shop.customers.listCustomers(.init(pageToken: page.nextPageToken))
    }
    #expect(violations(foreign) == ["PAGE_TOKEN_FOREIGN page_token"])
    await shop.close()
  }

  @Test("dates and currencies that do not exist are refused")
  func valuesOutOfThisWorld() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let verdicts = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "RETAIL", sku: "CHAIR",
          unitPrice: .init(currencyCode: "XYZ", micros: 1),
          validFrom: .init(year: 2026, month: 2, day: 30))
      ]), options: shop.command()
    ).verdicts
    let named = verdicts.first?.violations.map(\.field) ?? []
    #expect(verdicts.first?.outcome == .refused)
    #expect(named.contains("prices[0].unit_price.currency_code"))
    #expect(named.contains("prices[0].valid_from"))
    await shop.close()
  }
}
