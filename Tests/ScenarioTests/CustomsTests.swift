import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: goods that cross a border say what customs ask, and what nobody has said")
struct CustomsTests {
  private func furnished() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 20, cost: "210")
    try await shop.stock("LAMP", 20, cost: "80")
    _ = try await shop.assortment.upsertCartons(
      .init(products: [
        .init(
          sku: "CHAIR",
          cartons: ["seat", "legs"].map {
            .init(weightGrams: 4_000, lengthMm: 600, widthMm: 500, heightMm: 400, contents: $0)
          })
      ]), options: shop.command())
    return shop
  }

  private func declare(
    _ shop: Shop, _ sku: String, hs: String? = nil, origin: String? = nil, net: Int64? = nil
  ) async throws -> [String] {
    let mask = [
      ("hs_code", hs != nil), ("origin_country_code", origin != nil),
      ("net_weight_grams", net != nil),
    ].filter(\.1).map(\.0)
    return try await shop.catalog.upsertProducts(
      .init(
        products: [
          .init(sku: sku, hsCode: hs, originCountryCode: origin, netWeightGrams: net)
        ], updateMask: mask), options: shop.command()
    ).verdicts.flatMap(\.violations).map { "\($0.reason) \($0.field)" }
  }

  private func place(_ shop: Shop, _ lines: [(sku: String, count: Int64)]) async throws -> String {
    let address = try await shop.customers.setAddress(
      .init(
        customerCode: "CREDIT",
        address: .init(label: "HH", countryCode: "DE", regionCode: "HH", street: "Elbchaussee 1")),
      options: shop.command())
    var input = shop.input(lines)
    input.delivery = .init(addressId: address.address?.id ?? 0)
    return try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      .order?.number ?? ""
  }

  private func terms(
    _ shop: Shop, _ order: String, _ terms: OrdersV1.TradeTerms?
  ) async throws -> OrdersV1.TradeTerms? {
    try await shop.customs.setTradeTerms(
      .init(orderNumber: order, terms: terms), options: shop.command()
    ).terms
  }

  private func told(_ missing: [TypeV1.Violation]) -> [String] {
    missing.map { "\($0.reason) \($0.field)" }
  }

  @Test("what nobody has said is told line by line, and then nothing is missing")
  func complete() async throws {
    let shop = try await furnished()
    let order = try await place(shop, [("CHAIR", 3), ("LAMP", 2)])
    func document() async throws -> OrdersV1.GetCustomsDocumentResponse {
      try await shop.customs.getCustomsDocument(.init(orderNumber: order))
    }
    let empty = try await document()
    #expect(told(empty.missing) == ["TRADE_TERMS_MISSING terms"])
    #expect(
      empty.lines.map { told($0.missing) } == [
        [
          "HS_CODE_MISSING hs_code", "ORIGIN_MISSING origin_country_code",
          "NET_WEIGHT_MISSING net_weight_grams",
        ],
        [
          "HS_CODE_MISSING hs_code", "ORIGIN_MISSING origin_country_code",
          "NET_WEIGHT_MISSING net_weight_grams", "GROSS_WEIGHT_MISSING gross_weight_grams",
          "CARTONS_UNLISTED cartons",
        ],
      ])
    #expect(!empty.complete && empty.netWeightGrams == nil && empty.grossWeightGrams == nil)
    #expect(empty.lines[0].grossWeightGrams == 24_000 && empty.lines[0].cartons == 6)
    #expect(empty.cartons == nil)

    #expect(try await declare(shop, "CHAIR", hs: "94016100", origin: "CN", net: 8_500) == [])
    #expect(try await declare(shop, "LAMP", hs: "940520", origin: "IT", net: 900) == [])
    #expect(
      try await terms(shop, order, .init(incoterm: .dap, namedPlace: "Hamburg"))?.incoterm == .dap)
    let heavy = try await document()
    #expect(told(heavy.lines[0].missing) == ["NET_ABOVE_GROSS net_weight_grams"])
    #expect(try await declare(shop, "CHAIR", net: 7_000) == [])
    _ = try await shop.assortment.upsertCartons(
      .init(products: [
        .init(
          sku: "LAMP",
          cartons: [.init(weightGrams: 1_500, lengthMm: 300, widthMm: 300, heightMm: 300)])
      ]), options: shop.command())
    let whole = try await document()
    #expect(whole.complete && whole.missing.isEmpty)
    #expect(whole.lines.map(\.hsCode) == ["94016100", "940520"])
    #expect(whole.lines.map(\.originCountryCode) == ["CN", "IT"])
    #expect(whole.netWeightGrams == 22_800 && whole.grossWeightGrams == 27_000)
    #expect(whole.cartons == 8 && whole.address?.countryCode == "DE")
    #expect(whole.terms == .init(incoterm: .dap, namedPlace: "Hamburg"))
    let shown = try await shop.orders.getOrder(.init(number: order)).order
    #expect(shown?.tradeTerms == whole.terms && whole.value == shown?.net)
    // One thing of a product leaves the others alone.
    let chair = try await shop.catalog.getProduct(.init(sku: "CHAIR")).product
    #expect(chair?.hsCode == "94016100" && chair?.originCountryCode == "CN")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is no code, country, weight or place is refused")
  func refused() async throws {
    let shop = try await furnished()
    for bad in ["94016", "94016100000", "9401.61", "９４０１６１"] {
      #expect(try await declare(shop, "CHAIR", hs: bad) == ["INVALID_HS_CODE products[0].hs_code"])
    }
    for bad in ["XX", "cn", "CHN"] {
      #expect(
        try await declare(shop, "CHAIR", origin: bad)
          == ["UNKNOWN_COUNTRY products[0].origin_country_code"])
    }
    #expect(
      try await declare(shop, "CHAIR", net: 0) == ["OUT_OF_RANGE products[0].net_weight_grams"])
    let order = try await place(shop, [("CHAIR", 1)])
    func refusal(_ given: OrdersV1.TradeTerms) async -> [String] {
      violations(await TestKit.refusal { try await terms(shop, order, given) })
    }
    #expect(await refusal(.init(namedPlace: "Hamburg")) == ["REQUIRED terms.incoterm"])
    #expect(await refusal(.init(incoterm: .fob)) == ["REQUIRED terms.named_place"])
    let both = await TestKit.refusal {
      try await shop.customs.getCustomsDocument(
        .init(shipmentNumber: "SH-2026-000001", orderNumber: order))
    }
    #expect(both?.code == .invalidArgument)
    // What was said can be taken back.
    _ = try await terms(shop, order, .init(incoterm: .exw, namedPlace: "Foshan"))
    #expect(try await terms(shop, order, nil) == nil)
    #expect(try await shop.orders.getOrder(.init(number: order)).order?.tradeTerms == nil)
    await shop.close()
  }

  @Test("shipments of an order declare together what it is worth, and terms stay once one has left")
  func parts() async throws {
    let shop = try await furnished()
    let order = try await place(shop, [("CHAIR", 3)])
    _ = try await terms(shop, order, .init(incoterm: .fob, namedPlace: "Yantian"))
    _ = try await shop.rates.setCarrierTariff(
      .init(
        tariff: .init(
          carrier: "SF", mode: .air, currencyCode: "CNY", basis: .weight,
          zones: [.init(transitWorkingDays: 1, steps: [.init(base: yuan("90"))])]),
        reason: "contract"), options: shop.command())
    var worth: [Int64] = []
    for _ in 1...3 {
      let shipment =
        try await shop.orders.prepareShipment(
          .init(
            orderNumber: order, lines: [.init(lineNumber: 1, quantity: pieces(1))]),
          options: shop.command()
        ).shipment?.number ?? ""
      _ = try await shop.orders.pickShipment(.init(number: shipment), options: shop.command())
      _ = try await shop.orders.packShipment(
        .init(number: shipment, cartons: 2), options: shop.command())
      _ = try await shop.rates.chooseCarrier(
        .init(shipmentNumber: shipment, carrier: "SF", mode: .air), options: shop.command())
      let told = try await shop.customs.getCustomsDocument(.init(shipmentNumber: shipment))
      #expect(self.told(told.missing) == ["TERM_FOR_SHIPS_ONLY terms.incoterm"])
      #expect(told.carrier == "SF" && told.cartons == 2 && told.orderNumber == order)
      worth.append(told.value?.minorUnits ?? 0)
      _ = try await shop.orders.dispatchShipment(.init(number: shipment), options: shop.command())
      let left = try await shop.customs.getCustomsDocument(.init(shipmentNumber: shipment))
      #expect(left.value == told.value)
    }
    let net = try await shop.orders.getOrder(.init(number: order)).order?.net
    #expect(worth.reduce(0, +) == net?.minorUnits)
    let late = await TestKit.refusal {
      try await terms(shop, order, .init(incoterm: .cif, namedPlace: "Hamburg"))
    }
    #expect(late?.code == .failedPrecondition && reason(late) == "TRADE_TERMS_FIXED")
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
