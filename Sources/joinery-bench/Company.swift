internal import Messages
internal import RPC

/// What is bought and by whom: 100 products in stock beyond any run, 50 customers with credit
/// beyond any order.
enum Company {
  static let products = 100
  static let customers = 50

  static func found(on port: Int) async throws {
    let channel = RPCClient(.tcp(host: "127.0.0.1", port: port))
    let catalog = CatalogV1.CatalogServiceClient(channel: channel)
    let skus = (0..<products).map(sku)
    _ = try await catalog.upsertWarehouses(
      .init(warehouses: [.init(code: "MAIN", name: "总仓")]), options: command())
    let made = try await catalog.upsertProducts(
      .init(
        products: skus.map {
          .init(
            sku: $0, name: "橡木椅 \($0)", kind: .stocked, unitCode: "pcs", taxClass: "STANDARD")
        }), options: command())
    try check(made.verdicts)
    _ = try await catalog.upsertPriceLists(
      .init(priceLists: [.init(code: "RETAIL", name: "零售")]), options: command())
    let from = GoogleType.Date(year: 2020, month: 1, day: 1)
    let priced = try await catalog.upsertPrices(
      .init(
        prices: skus.enumerated().map { index, sku in
          .init(
            priceListCode: "RETAIL", sku: sku,
            unitPrice: .init(currencyCode: "CNY", micros: Int64(99_900_000 + index * 1_000_000)),
            validFrom: from)
        }), options: command())
    try check(priced.verdicts)
    let known = try await CustomersV1.CustomerServiceClient(channel: channel).upsertCustomers(
      .init(
        customers: (0..<customers).map {
          .init(
            code: customer($0), name: "张伟 \($0)",
            creditLimit: .init(currencyCode: "CNY", minorUnits: 1_000_000_000_000),
            terms: .init(netDays: 30))
        }), options: command())
    try check(known.verdicts)
    let inventory = InventoryV1.InventoryServiceClient(channel: channel)
    for sku in skus {
      _ = try await inventory.receiveStock(
        .init(
          sku: sku, warehouseCode: "MAIN", quantity: .init(micros: 1_000_000_000 * 1_000_000),
          unitCost: .init(currencyCode: "CNY", micros: 1_000_000), reason: "opening stock"),
        options: command())
    }
    await channel.close()
  }

  /// The order of a till, of three lines; the same number makes the same order.
  static func order(_ number: Int) -> OrdersV1.PlaceOrderRequest {
    .init(
      order: .init(
        channel: .store, customerCode: customer(number % customers), warehouseCode: "MAIN",
        lines: [0, 37, 61].map {
          .init(
            sku: sku((number * 7 + $0) % products),
            quantity: .init(micros: Int64(1 + number % 3) * 1_000_000))
        }))
  }

  /// Metadata of a command with an idempotency key of its own, by a caller that has that API key,
  /// or says that it is a till.
  static func command(key: String? = nil) -> CallOptions {
    var metadata: Metadata = ["idempotency-key": IdempotencyKey.fresh()]
    if let key {
      metadata.add("authorization", "Bearer \(key)")
    } else {
      metadata.add("joinery-actor", "till-7")
    }
    return CallOptions(metadata: metadata)
  }

  /// Adds a service that may place orders; its API key.
  static func key(on port: Int) async throws -> String {
    let channel = RPCClient(.tcp(host: "127.0.0.1", port: port))
    let identity = IdentityV1.IdentityServiceClient(channel: channel)
    _ = try await identity.createMachine(
      .init(
        name: "web-shop", kind: .service, displayName: "Web shop",
        roles: ["SALES", "INTEGRATION"]), options: command())
    let issued = try await identity.issueKey(.init(principal: "web-shop"), options: command())
    await channel.close()
    return issued.secret
  }

  static func sku(_ index: Int) -> String { "CHAIR-OAK-\(100 + index)" }
  static func customer(_ index: Int) -> String { "C-\(1000 + index)" }

  private static func check(_ verdicts: [TypeV1.RowVerdict]) throws {
    guard let refused = verdicts.first(where: { !$0.violations.isEmpty }) else { return }
    throw BenchFailure("master data refused: \(refused)")
  }
}
