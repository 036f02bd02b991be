package import Messages

// A small furniture company to tell stories about.
extension Shop {
  /// Two warehouses, three chairs' worth of catalogue, an oak table with its bill of material, two
  /// suppliers, and three customers: one with credit, one who pays before, one VIP.
  package func furnish() async throws {
    let from = GoogleType.Date(year: 2026, month: 1, day: 1)
    _ = try await catalog.upsertWarehouses(
      .init(warehouses: [.init(code: "MAIN", name: "总仓"), .init(code: "EAST", name: "东仓")]),
      options: command())
    _ = try await catalog.upsertProducts(
      .init(products: [
        product("CHAIR", "橡木椅", "Oak chair", .stocked, "pcs", "STANDARD"),
        product("LAMP", "落地灯", "Floor lamp", .stocked, "pcs", "STANDARD"),
        product("TABLE", "定制橡木桌", "Oak table", .madeToOrder, "pcs", "STANDARD"),
        product("BOARD", "橡木板", "Oak board", .rawMaterial, "m2", "STANDARD"),
        product("SCREW", "螺丝", "Screw", .rawMaterial, "pcs", "STANDARD"),
        product("INSTALL", "安装", "Installation", .service, "h", "SERVICE"),
      ]), options: command())
    _ = try await catalog.upsertPriceLists(
      .init(priceLists: [.init(code: "RETAIL", name: "零售")]), options: command())
    _ = try await catalog.upsertPrices(
      .init(
        prices: [
          ("CHAIR", "499"), ("LAMP", "199.9"), ("TABLE", "3200"), ("INSTALL", "120"),
        ].map { sku, price in
          .init(
            priceListCode: "RETAIL", sku: sku, unitPrice: yuanEach(price), validFrom: from)
        }), options: command())
    _ = try await customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "CREDIT", name: "张伟", creditLimit: yuan("50000"),
          terms: .init(netDays: 30, depositMicros: 300_000)),
        .init(code: "CASH", name: "李娜"),
        .init(
          code: "VIP", name: "王芳", customerClass: "VIP", creditLimit: yuan("200000"),
          terms: .init(netDays: 60)),
      ]), options: command())
    _ = try await purchasing.upsertSuppliers(
      .init(suppliers: [.init(code: "WOOD", name: "木材厂", leadDays: 7)]), options: command())
    _ = try await purchasing.upsertSupplierPrices(
      .init(prices: [
        .init(
          supplierCode: "WOOD", sku: "BOARD", unitPrice: yuanEach("180"), leadDays: 7,
          preferred: true),
        .init(supplierCode: "WOOD", sku: "CHAIR", unitPrice: yuanEach("210"), leadDays: 10),
      ]), options: command())
    try await equipWorkshop()
  }

  private func equipWorkshop() async throws {
    _ = try await production.upsertWorkCentres(
      .init(workCentres: [.init(code: "SAW", name: "锯台", hourlyRate: yuan("90"))]),
      options: command())
    _ = try await production.upsertBillsOfMaterial(
      .init(bills: [
        .init(
          sku: "TABLE",
          components: [
            .init(sku: "BOARD", quantity: amount("2.5", "m2"), scrapMicros: 100_000),
            .init(sku: "SCREW", quantity: pieces(16)),
          ],
          operations: [
            .init(
              sequence: 1, name: "裁切", workCentreCode: "SAW", setupMinutesMicros: 10_000_000,
              unitMinutesMicros: 40_000_000)
          ])
      ]), options: command())
    try await stock("SCREW", 1_000, cost: "0.05")
  }

  private func product(
    _ sku: String, _ name: String, _ english: String, _ kind: CatalogV1.ProductKind,
    _ unit: String, _ taxClass: String
  ) -> CatalogV1.Product {
    .init(
      sku: sku, name: name, nameEnglish: english, kind: kind, unitCode: unit, taxClass: taxClass)
  }

  /// Opening stock.
  package func stock(
    _ sku: String, _ count: Int64, cost: String, in warehouse: String = "MAIN"
  ) async throws {
    _ = try await inventory.receiveStock(
      .init(
        sku: sku, warehouseCode: warehouse, quantity: pieces(count), unitCost: yuanEach(cost),
        reason: "opening stock"), options: command())
  }

  /// An order by a till, for the customer with credit unless another is named.
  package func input(
    _ lines: [(sku: String, count: Int64)], customer: String = "CREDIT",
    channel: OrdersV1.Channel = .store, shortage: OrdersV1.ShortageRule = .wait,
    externalID: String = ""
  ) -> OrdersV1.OrderInput {
    .init(
      channel: channel, externalId: externalID, customerCode: customer, warehouseCode: "MAIN",
      lines: lines.map { .init(sku: $0.sku, quantity: pieces($0.count)) }, shortageRule: shortage)
  }

  /// Places an order and returns it.
  package func place(
    _ lines: [(sku: String, count: Int64)], customer: String = "CREDIT",
    shortage: OrdersV1.ShortageRule = .wait
  ) async throws -> OrdersV1.Order {
    let reply = try await orders.placeOrder(
      .init(order: input(lines, customer: customer, shortage: shortage)), options: command())
    return reply.order ?? .init()
  }

  /// All the way from the shelf to the customer's door, for all that is reserved.
  package func deliver(_ order: String) async throws {
    let prepared = try await orders.prepareShipment(
      .init(orderNumber: order), options: command())
    try await deliver(shipment: prepared.shipment?.number ?? "")
  }

  /// To the customer's door, of what is set apart.
  package func deliver(shipment number: String) async throws {
    _ = try await orders.pickShipment(.init(number: number), options: command())
    _ = try await orders.packShipment(.init(number: number, cartons: 1), options: command())
    _ = try await orders.dispatchShipment(
      .init(number: number, carrier: "德邦", trackingNumber: "DB-\(number)"), options: command())
    _ = try await orders.deliverShipment(
      .init(number: number, receivedBy: "customer"), options: command())
  }
}
