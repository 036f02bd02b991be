import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: variants, cartons, the days of a product and what goes with it")
struct AssortmentTests {
  private func chair(_ sku: String) -> CatalogV1.Product {
    .init(
      sku: sku, name: "椅 \(sku)", nameEnglish: "Chair \(sku)", kind: .stocked, unitCode: "pcs",
      taxClass: "STANDARD")
  }

  private func day(_ month: Int32, _ day: Int32, _ year: Int32 = 2026) -> GoogleType.Date {
    .init(year: year, month: month, day: day)
  }

  @Test("variants are chosen attribute by attribute; what is not known is told the nearest")
  func variants() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.catalog.upsertProducts(
      .init(products: ["OAK-2", "OAK-3", "GREY-2"].map(chair)), options: shop.command())
    let family = CatalogV1.ProductFamily(
      code: "SOFA", name: "沙发", nameEnglish: "Sofa",
      attributes: [
        .init(
          code: "colour", name: "颜色",
          values: ["oak", "grey", "blue"].map { .init(code: $0, name: $0) }),
        .init(code: "seats", name: "座位", values: ["2", "3"].map { .init(code: $0, name: $0) }),
      ])
    for outcome in [TypeV1.RowOutcome.created, .unchanged] {
      let done = try await shop.assortment.upsertProductFamilies(
        .init(families: [family]), options: shop.command())
      #expect(done.verdicts.map(\.outcome) == [outcome])
    }
    let rows = [("OAK-2", "oak", "2"), ("OAK-3", "oak", "3"), ("GREY-2", "grey", "2")].map {
      CatalogV1.ProductVariant(
        sku: $0.0, familyCode: "SOFA",
        choices: [
          .init(attributeCode: "seats", valueCode: $0.2),
          .init(attributeCode: "colour", valueCode: $0.1),
        ])
    }
    let put = try await shop.assortment.upsertVariants(
      .init(variants: rows), options: shop.command())
    #expect(put.verdicts.map(\.outcome) == [.created, .created, .created])
    let all = try await shop.assortment.listVariants(.init(familyCode: "SOFA"))
    #expect(all.variants.map(\.sku) == ["GREY-2", "OAK-2", "OAK-3"])
    // Nothing is blue.
    #expect(all.open.map { $0.values.map(\.code) } == [["oak", "grey"], ["2", "3"]])
    let oak = try await shop.assortment.listVariants(
      .init(familyCode: "SOFA", choices: [.init(attributeCode: "colour", valueCode: "grey")]))
    #expect(oak.variants.map(\.sku) == ["GREY-2"])
    #expect(oak.open.map(\.code) == ["seats"])
    #expect(oak.open.first?.values.map(\.code) == ["2"])
    let wrong = await refusal {
      try await shop.assortment.listVariants(
        .init(familyCode: "SOFA", choices: [.init(attributeCode: "color", valueCode: "oak")]))
    }
    #expect(wrong?.code == .notFound)
    #expect(wrong?.message.contains("the nearest is colour") == true)
    #expect(
      try await shop.products.getProductDetails(.init(sku: "OAK-2")).variant?.familyCode == "SOFA")
    let out = try await shop.assortment.upsertVariants(
      .init(variants: [.init(sku: "OAK-2")]), options: shop.command())
    #expect(out.verdicts.map(\.outcome) == [.updated])
    #expect(try await shop.products.getProductDetails(.init(sku: "OAK-2")).variant == nil)
    #expect(
      try await shop.assortment.listProductFamilies(.init(pageSize: 1)).families.map(\.version)
        == [1])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a wardrobe in three cartons: they say its weight, charge its freight, label its shipment")
  func cartons() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "200")
    let cartons = [
      CatalogV1.Carton(
        weightGrams: 28_500, lengthMm: 2_000, widthMm: 600, heightMm: 120, contents: "sides"),
      CatalogV1.Carton(
        weightGrams: 31_000, lengthMm: 2_000, widthMm: 600, heightMm: 150, contents: "doors"),
      CatalogV1.Carton(
        weightGrams: 4_001, lengthMm: 301, widthMm: 201, heightMm: 101, contents: "hardware"),
    ]
    for outcome in [TypeV1.RowOutcome.created, .unchanged] {
      let done = try await shop.assortment.upsertCartons(
        .init(products: [.init(sku: "CHAIR", cartons: cartons)]), options: shop.command())
      #expect(done.verdicts.map(\.outcome) == [outcome])
    }
    let product = try await shop.catalog.getProduct(.init(sku: "CHAIR")).product
    #expect(product?.weightGrams == 63_501)
    // 144,000 + 180,000 + 6,110.601 cm³, rounded up.
    #expect(product?.volumeCubicCentimetres == 330_111)
    // What is not said is what the cartons say; what is said otherwise is refused.
    var row = try #require(product)
    row.version = 0
    row.weightGrams = nil
    row.volumeCubicCentimetres = nil
    let same = try await shop.catalog.upsertProducts(
      .init(products: [row]), options: shop.command())
    #expect(same.verdicts.map(\.outcome) == [.unchanged])
    row.weightGrams = 1
    let other = try await shop.catalog.upsertProducts(
      .init(products: [row]), options: shop.command())
    #expect(other.verdicts.first?.violations.first?.reason == "CARTONS_SAY_OTHERWISE")

    let order = try await shop.place([("CHAIR", 2), ("INSTALL", 1)], customer: "VIP")
    let shipment = try await shop.orders.prepareShipment(
      .init(orderNumber: order.number), options: shop.command()
    ).shipment
    let labels = try await shop.orders.listShipmentCartons(
      .init(shipmentNumber: shipment?.number ?? ""))
    #expect(
      labels.cartons.map { "\($0.orderLineNumber)/\($0.unit) \($0.carton) of \($0.of)" } == [
        "1/1 1 of 3", "1/1 2 of 3", "1/1 3 of 3", "1/2 1 of 3", "1/2 2 of 3", "1/2 3 of 3",
      ])
    #expect(labels.cartonsInAll == 6)
    #expect(labels.weightGrams == 127_002)
    #expect(labels.unlistedLineNumbers == [])
    _ = try await shop.assortment.upsertCartons(
      .init(products: [.init(sku: "CHAIR")]), options: shop.command())
    let none = try await shop.orders.listShipmentCartons(
      .init(shipmentNumber: shipment?.number ?? ""))
    #expect(none.cartons.isEmpty)
    #expect(none.unlistedLineNumbers == [1])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func place(
    _ shop: Shop, _ sku: String, _ count: Int64 = 1
  ) async -> String {
    let error = await refusal {
      try await shop.orders.placeOrder(
        .init(order: shop.input([(sku, count)], customer: "VIP")), options: shop.command())
    }
    return error?.detail(GoogleRPC.ErrorInfo.self)?.reason ?? error?.message ?? "placed"
  }

  private func live(_ shop: Shop, _ lifecycle: CatalogV1.ProductLifecycle) async throws {
    let done = try await shop.assortment.upsertLifecycles(
      .init(lifecycles: [lifecycle]), options: shop.command())
    #expect(done.verdicts.first?.violations == [])
  }

  @Test("what was offered or agreed is looked at again when it becomes an order")
  func lifecycleOfPromises() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 3, cost: "200")
    let quote = try await shop.quotes.createQuote(
      .init(
        customerCode: "VIP",
        variants: [.init(order: shop.input([("CHAIR", 2), ("LAMP", 1)], customer: "VIP"))]),
      options: shop.command()
    ).quote
    let blanket = try await shop.blankets.createBlanket(
      .init(
        customerCode: "VIP", lines: [.init(sku: "CHAIR", quantity: pieces(10))],
        validUntil: day(12, 31)), options: shop.command()
    ).blanket
    func convert() async -> RPCError? {
      await refusal {
        try await shop.quotes.convertQuote(
          .init(number: quote?.number ?? ""), options: shop.command())
      }
    }
    func callOff(_ count: Int64) async -> RPCError? {
      var input = shop.input([("CHAIR", count)], customer: "VIP")
      input.blanketNumber = blanket?.number ?? ""
      return await refusal {
        try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      }
    }
    try await live(shop, .init(sku: "CHAIR", orderableUntil: day(1, 1), successorSku: "LAMP"))
    let gone = await convert()
    #expect(reason(gone) == "NO_LONGER_ORDERABLE")
    #expect(violations(gone) == ["NO_LONGER_ORDERABLE variant_number"])
    #expect(reason(await callOff(1)) == "NO_LONGER_ORDERABLE")
    // While stock lasts what is there can be had, and no more.
    try await live(shop, .init(sku: "CHAIR", discontinuedOn: day(1, 1)))
    #expect(reason(await callOff(4)) == "WHILE_STOCK_LASTS")
    #expect(await callOff(2) == nil)
    #expect(reason(await convert()) == "WHILE_STOCK_LASTS")
    try await shop.stock("CHAIR", 1, cost: "200")
    #expect(await convert() == nil)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("orders keep to the days of a product, and are told what there is instead")
  func lifecycle() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 5, cost: "200")
    _ = try await shop.catalog.upsertSubstitutes(
      .init(substitutes: [.init(sku: "CHAIR", substituteSku: "TABLE", rank: 1)]),
      options: shop.command())
    // It is 1 March 2026 or later in the shop.
    try await live(shop, .init(sku: "CHAIR", orderableFrom: day(1, 1, 2027), successorSku: "LAMP"))
    let early = await refusal {
      try await shop.orders.placeOrder(
        .init(order: shop.input([("CHAIR", 1)], customer: "VIP")), options: shop.command())
    }
    #expect(early?.code == .failedPrecondition)
    #expect(early?.message.contains("2027-01-01") == true, "\(early?.message ?? "")")
    #expect(early?.message.contains("instead: LAMP, TABLE") == true, "\(early?.message ?? "")")
    try await live(shop, .init(sku: "CHAIR", announcedOn: day(1, 1, 2027)))
    #expect(await place(shop, "CHAIR") == "NOT_YET_ORDERABLE")
    try await live(shop, .init(sku: "CHAIR", orderableUntil: day(1, 1)))
    #expect(await place(shop, "CHAIR") == "NO_LONGER_ORDERABLE")
    try await live(shop, .init(sku: "CHAIR", servedUntil: day(1, 1)))
    #expect(await place(shop, "CHAIR") == "NO_LONGER_SERVED")
    let quote = await refusal {
      try await shop.quotes.createQuote(
        .init(
          customerCode: "VIP",
          variants: [.init(order: shop.input([("CHAIR", 1)], customer: "VIP"))]),
        options: shop.command())
    }
    #expect(reason(quote) == "NO_LONGER_SERVED")
    try await live(
      shop, .init(sku: "CHAIR", orderableFrom: day(1, 1), orderableUntil: day(1, 1, 2099)))
    #expect(await place(shop, "CHAIR") == "placed")
    try await live(shop, .init(sku: "CHAIR"))
    #expect(
      try await shop.products.getProductDetails(.init(sku: "CHAIR")).lifecycle == nil)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is discontinued is sold while stock lasts, counted over the lines of an order")
  func whileStockLasts() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 5, cost: "200")
    try await live(shop, .init(sku: "CHAIR", discontinuedOn: day(1, 1)))
    let many = await refusal {
      try await shop.orders.placeOrder(
        .init(order: shop.input([("CHAIR", 3), ("CHAIR", 3)], customer: "VIP")),
        options: shop.command())
    }
    #expect(
      many?.message.contains("WHILE_STOCK_LASTS") == true || many?.code == .failedPrecondition)
    #expect(await place(shop, "CHAIR", 6) == "WHILE_STOCK_LASTS")
    let order = try await shop.place([("CHAIR", 4)], customer: "VIP")
    #expect(await place(shop, "CHAIR", 2) == "WHILE_STOCK_LASTS")
    // What is ordered stays; one more is there, two are not.
    let more = try await shop.orders.changeOrder(
      .init(
        number: order.number, change: .init(lines: [.init(lineNumber: 1, quantity: pieces(5))]),
        reason: "one more"), options: shop.command())
    #expect(more.order?.lines.first?.reserved == amount("5", "pcs"))
    let tooMany = await refusal {
      try await shop.orders.changeOrder(
        .init(
          number: order.number, change: .init(lines: [.init(lineNumber: 1, quantity: pieces(6))]),
          reason: "two more"), options: shop.command())
    }
    #expect(reason(tooMany) == "WHILE_STOCK_LASTS")
    // Fewer, once it can be ordered no more at all.
    try await live(shop, .init(sku: "CHAIR", orderableUntil: day(1, 1)))
    let fewer = try await shop.orders.changeOrder(
      .init(
        number: order.number, change: .init(lines: [.init(lineNumber: 1, quantity: pieces(3))]),
        reason: "fewer"), options: shop.command())
    #expect(fewer.order?.lines.first?.ordered == amount("3", "pcs"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what goes with goods is suggested with a quote, unless it is in it or cannot be had")
  func accessories() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.catalog.upsertProducts(
      .init(products: [chair("CUSHION"), chair("PADS")]), options: shop.command())
    let rows: [CatalogV1.Accessory] = [
      .init(sku: "CHAIR", accessorySku: "PADS", rank: 2, note: "for the floor"),
      .init(sku: "CHAIR", accessorySku: "CUSHION", rank: 1),
      .init(sku: "TABLE", accessorySku: "CHAIR", rank: 1),
      .init(sku: "TABLE", accessorySku: "PADS", rank: 3),
    ]
    for outcome in [TypeV1.RowOutcome.created, .unchanged] {
      let done = try await shop.assortment.upsertAccessories(
        .init(accessories: rows), options: shop.command())
      #expect(done.verdicts.map(\.outcome) == Array(repeating: outcome, count: 4))
    }
    let quote = try await shop.quotes.createQuote(
      .init(
        customerCode: "VIP",
        variants: [.init(order: shop.input([("TABLE", 1), ("CHAIR", 4)], customer: "VIP"))]),
      options: shop.command()
    ).quote
    let shown = try await shop.quotes.getQuote(.init(number: quote?.number ?? ""))
    #expect(shown.accessories.map(\.sku) == ["CUSHION", "PADS"])
    #expect(shown.accessories.map(\.forSku) == ["CHAIR", "CHAIR"])
    #expect(shown.accessories.first?.nameEnglish == "Chair CUSHION")
    #expect(shown.accessories.last?.note == "for the floor")
    try await live(shop, .init(sku: "CUSHION", orderableUntil: day(1, 1)))
    let basket = try await shop.assortment.suggestAccessories(.init(skus: ["CHAIR"]))
    #expect(basket.accessories.map(\.accessorySku) == ["PADS"])
    let wrong = await refusal {
      try await shop.assortment.suggestAccessories(.init(skus: ["CHAIR", "NONE"]))
    }
    #expect(wrong?.code == .notFound)
    _ = try await shop.assortment.upsertAccessories(
      .init(accessories: [.init(sku: "CHAIR", accessorySku: "PADS", rank: 2, retired: true)]),
      options: shop.command())
    #expect(
      try await shop.products.getProductDetails(.init(sku: "CHAIR")).accessories
        .map(\.accessorySku) == ["CUSHION"])
    await shop.close()
  }
}
