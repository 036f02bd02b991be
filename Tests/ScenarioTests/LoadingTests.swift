import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a bedroom leaves whole, carton by carton")
struct LoadingTests {
  /// Chairs come in three cartons, lamps in one; of both there are five.
  private func furnished() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 5, cost: "210")
    try await shop.stock("LAMP", 5, cost: "80")
    func carton(_ contents: String) -> CatalogV1.Carton {
      .init(
        weightGrams: 4_000, lengthMm: 600, widthMm: 500, heightMm: 400, contents: contents)
    }
    _ = try await shop.assortment.upsertCartons(
      .init(products: [
        .init(sku: "CHAIR", cartons: ["seat", "back", "legs"].map(carton)),
        .init(sku: "LAMP", cartons: [carton("lamp")]),
      ]), options: shop.command())
    return shop
  }

  private func prepare(
    _ shop: Shop, _ order: String, _ lines: [OrdersV1.LineQuantity] = [], pack: Bool = true
  ) async throws -> OrdersV1.Shipment {
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: order, lines: lines), options: shop.command())
    let shipment = try #require(prepared.shipment)
    _ = try await shop.orders.pickShipment(
      .init(number: shipment.number), options: shop.command())
    guard pack else { return shipment }
    _ = try await shop.orders.packShipment(
      .init(number: shipment.number, cartons: 7), options: shop.command())
    return shipment
  }

  private func load(
    _ shop: Shop, _ shipment: String, _ label: String
  ) async throws -> OrdersV1.Loading {
    try #require(
      try await shop.loading.loadCarton(
        .init(shipmentNumber: shipment, label: label), options: shop.command()
      ).loading)
  }

  private func dispatch(_ shop: Shop, _ shipment: String) async -> String? {
    violation(
      await refusal {
        try await shop.orders.dispatchShipment(
          .init(number: shipment, carrier: "德邦"), options: shop.command())
      })
  }

  @Test("each carton once, no other's, and none is left behind")
  func cartons() async throws {
    let shop = try await furnished()
    let order = try await shop.place([("CHAIR", 2), ("LAMP", 1)]).number
    let number = try await prepare(shop, order, pack: false).number
    func refused(_ label: String, in shipment: String? = nil) async -> String? {
      violation(await refusal { try await load(shop, shipment ?? number, label) })
    }
    #expect(await refused("\(number)/1/1/1") == "SHIPMENT_STATE_FORBIDS")
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 7), options: shop.command())
    let labels = try await shop.orders.listShipmentCartons(.init(shipmentNumber: number)).cartons
    #expect(
      labels.map(\.label)
        == [
          "1/1/1", "1/1/2", "1/1/3", "1/2/1", "1/2/2", "1/2/3", "2/1/1",
        ].map { "\(number)/\($0)" })
    let first = try await load(shop, number, labels[0].label)
    #expect(first.loaded == 1 && first.cartons == 7 && !first.complete)
    #expect(first.missing == labels.dropFirst().map(\.label))
    #expect(await refused(labels[0].label) == "ALREADY_LOADED label")
    #expect(await refused("\(number)/1/3/1") == "UNKNOWN_CARTON label")
    #expect(await refused("\(number)/1/1/4") == "UNKNOWN_CARTON label")
    #expect(await refused("SH-2026-000099/1/1/1") == "WRONG_SHIPMENT label")
    for bad in ["", "chair", "\(number)/01/1/1", "\(number)/1/1", "\(number)/0/1/1"] {
      #expect(await refused(bad) == "NOT_A_LABEL label", "\(bad)")
    }
    #expect(
      await refused(labels[0].label, in: "SH-2026-000099") == "UNKNOWN_SHIPMENT shipment_number")
    #expect(await dispatch(shop, number) == "CARTONS_MISSING")
    for label in labels.dropFirst().map(\.label) { _ = try await load(shop, number, label) }
    let off = try await shop.loading.unloadCarton(
      .init(shipmentNumber: number, label: labels[6].label), options: shop.command())
    #expect(off.loading?.missing == [labels[6].label])
    let twice = await refusal {
      try await shop.loading.unloadCarton(
        .init(shipmentNumber: number, label: labels[6].label), options: shop.command())
    }
    #expect(violation(twice) == "NOT_LOADED label")
    #expect(await dispatch(shop, number) == "CARTONS_MISSING")
    #expect(try await load(shop, number, labels[6].label).complete)
    #expect(
      try await shop.loading.getLoading(.init(shipmentNumber: number)).loading?.complete == true)
    #expect(await dispatch(shop, number) == nil)
    #expect(await refused(labels[0].label) == "SHIPMENT_STATE_FORBIDS")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a set leaves when all of it is there, and with all of its cartons")
  func sets() async throws {
    let shop = try await furnished()
    let order = try await shop.place([("CHAIR", 6), ("LAMP", 1), ("LAMP", 2)]).number
    func set(_ sets: [OrdersV1.ShippingSet]) async throws -> [OrdersV1.ShippingSet] {
      try await shop.loading.setShippingSets(
        .init(orderNumber: order, sets: sets), options: shop.command()
      ).sets
    }
    func refused(_ sets: [OrdersV1.ShippingSet]) async -> String? {
      violation(await refusal { try await set(sets) })
    }
    #expect(
      await refused([.init(code: "A", lineNumbers: [1]), .init(code: "B", lineNumbers: [1])])
        == "DUPLICATE_LINE sets[1].line_numbers[0]")
    #expect(
      await refused([.init(code: "A", lineNumbers: [1]), .init(code: "A", lineNumbers: [2])])
        == "DUPLICATE_SET sets[1].code")
    #expect(
      await refused([.init(code: "A", lineNumbers: [7])])
        == "UNKNOWN_LINE sets[0].line_numbers[0]")
    #expect(await refused([.init(code: "A")]) == "OUT_OF_RANGE sets[0].line_numbers")
    let bedroom = OrdersV1.ShippingSet(code: "BEDROOM", lineNumbers: [1, 2])
    // Five of six chairs are there.
    #expect(try await set([bedroom]).map(\.waitingLineNumbers) == [[1]])
    func prepared(_ lines: [OrdersV1.LineQuantity]) async -> String? {
      violation(
        await refusal {
          try await shop.orders.prepareShipment(
            .init(orderNumber: order, lines: lines), options: shop.command())
        })
    }
    #expect(
      await prepared([.init(lineNumber: 2, quantity: pieces(1))]) == "SET_INCOMPLETE lines")
    let alone = try await prepare(shop, order)
    #expect(alone.lines.map(\.orderLineNumber) == [3])
    // What is in no set, and was not scanned, leaves as before.
    #expect(await dispatch(shop, alone.number) == nil)
    #expect(await prepared([]) == "SET_INCOMPLETE order_number")
    let actions = try await shop.orders.getAllowedActions(.init(number: order)).actions
    let ship = try #require(actions.first { $0.action == .ship })
    #expect(ship.obstacles.map(\.reason) == ["SET_INCOMPLETE"])

    try await shop.stock("CHAIR", 1, cost: "210")
    #expect(
      try await shop.loading.listShippingSets(.init(orderNumber: order)).sets.map(\.ready)
        == [true])
    let whole = try await prepare(shop, order)
    #expect(whole.lines.map(\.orderLineNumber) == [1, 2])
    #expect(await refused([]) == "SET_STARTED sets")
    #expect(await dispatch(shop, whole.number) == "CARTONS_MISSING")
    for label in try await shop.orders.listShipmentCartons(
      .init(shipmentNumber: whole.number)
    ).cartons.map(\.label) { _ = try await load(shop, whole.number, label) }
    #expect(await dispatch(shop, whole.number) == nil)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
