import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: every carton has a number of its own")
struct CartonNumberTests {
  /// Chairs come in two cartons, of which one breaks; of lamps nobody has said any.
  private func furnished(prefix: String = "6901234") async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 50, cost: "210")
    try await shop.stock("LAMP", 50, cost: "80")
    _ = try await shop.assortment.upsertCartons(
      .init(products: [
        .init(
          sku: "CHAIR",
          cartons: [
            .init(
              weightGrams: 4_000, lengthMm: 600, widthMm: 500, heightMm: 400, contents: "seat"),
            .init(
              weightGrams: 2_500, lengthMm: 600, widthMm: 500, heightMm: 60, contents: "glass",
              fragile: true),
          ])
      ]), options: shop.command())
    if !prefix.isEmpty { try await setPrefix(shop, prefix) }
    return shop
  }

  private func setPrefix(_ shop: Shop, _ prefix: String) async throws {
    let company = try await shop.catalog.configureCompany(
      .init(company: .init(gs1Prefix: prefix)), options: shop.command()
    ).company
    #expect(company?.gs1Prefix == prefix)
  }

  private func packed(
    _ shop: Shop, _ lines: [(sku: String, count: Int64)], cartons: Int32
  ) async throws -> String {
    let order = try await shop.place(lines).number
    let shipment =
      try await shop.orders.prepareShipment(.init(orderNumber: order), options: shop.command())
      .shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: shipment), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: shipment, cartons: cartons), options: shop.command())
    return shipment
  }

  private func labels(
    _ shop: Shop, _ shipment: String
  ) async throws -> [OrdersV1.ShipmentLabel] {
    try await shop.loading.getLabels(.init(shipmentNumber: shipment)).labels
  }

  /// By the rule of the GS1: from the right, three times and once by turns.
  private func isChecked(_ sscc: String) -> Bool {
    let digits = sscc.compactMap(\.wholeNumberValue)
    return digits.count == 18
      && digits.reversed().enumerated().reduce(0) {
        $0 + $1.element * ($1.offset.isMultiple(of: 2) ? 1 : 3)
      }.isMultiple(of: 10)
  }

  @Test("a label says number, k of n, weight and care, and where to")
  func label() async throws {
    let shop = try await furnished()
    let address = try await shop.customers.setAddress(
      .init(
        customerCode: "CREDIT",
        address: .init(label: "home", regionCode: "330106", street: "文三路 1 号")),
      options: shop.command())
    var input = shop.input([("CHAIR", 1), ("LAMP", 3)])
    input.delivery = .init(addressId: address.address?.id ?? 0)
    input.instructions = .init(packing: .init(method: .woodenCrate))
    let order = try await shop.orders.placeOrder(.init(order: input), options: shop.command())
    let shipment =
      try await shop.orders.prepareShipment(
        .init(orderNumber: order.order?.number ?? ""), options: shop.command()
      ).shipment?.number ?? ""
    let before = try await shop.loading.getLabels(.init(shipmentNumber: shipment))
    #expect(before.labels.map(\.sscc) == ["", ""] && before.unlistedLineNumbers == [2])
    _ = try await shop.orders.pickShipment(.init(number: shipment), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: shipment, cartons: 4), options: shop.command())
    let told = try await shop.loading.getLabels(.init(shipmentNumber: shipment))
    #expect(told.orderNumber == order.order?.number && told.address?.street == "文三路 1 号")
    #expect(told.labels.map(\.carton) == [1, 2, 3, 4] && told.labels.allSatisfy { $0.of == 4 })
    #expect(told.labels.map(\.sscc) == (0..<4).map { number(0, Int64($0)) })
    #expect(told.labels.allSatisfy { isChecked($0.sscc) })
    #expect(told.labels.map(\.fragile) == [false, true, false, false])
    #expect(told.labels.map(\.weightGrams) == [4_000, 2_500, 0, 0])
    #expect(told.labels[1].packing == .woodenCrate && told.labels[1].contents == "glass")
    #expect(told.labels[1].ssccText == "(00)" + told.labels[1].sscc)
    #expect(told.labels[1].ssccData == "00" + told.labels[1].sscc)
    #expect(told.labels[1].label == "\(shipment)/1/1/2" && told.labels[2].label.isEmpty)
    #expect(told.carrier.isEmpty && told.waybill.isEmpty)
    for label in told.labels.prefix(2) {
      _ = try await shop.loading.loadCarton(
        .init(shipmentNumber: shipment, label: label.ssccText), options: shop.command())
    }
    _ = try await shop.orders.dispatchShipment(
      .init(number: shipment, carrier: "德邦", trackingNumber: "DB-1"), options: shop.command())
    let left = try await shop.loading.getLabels(.init(shipmentNumber: shipment))
    #expect(left.carrier == "德邦" && left.waybill == "DB-1")
    #expect(left.labels == told.labels)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  /// Under 6901234: extension digit, prefix, nine digits more, and the check digit.
  private func number(_ extra: Int64, _ serial: Int64) -> String {
    let text = "\(extra)6901234" + String(String(1_000_000_000 + serial).dropFirst())
    return (0...9).map { text + "\($0)" }.first(where: isChecked) ?? ""
  }

  @Test("what is scanned is found, whichever way; another's carton is not ours")
  func scanned() async throws {
    let shop = try await furnished()
    let shipment = try await packed(shop, [("CHAIR", 2), ("LAMP", 1)], cartons: 5)
    let other = try await packed(shop, [("CHAIR", 1)], cartons: 2)
    let numbers = try await labels(shop, shipment).map(\.sscc)
    #expect(numbers.count == 5)
    for text in [
      numbers[2], "00" + numbers[2], "(00)" + numbers[2], "]C100" + numbers[2],
    ] {
      let found = try await shop.loading.findCarton(.init(text: text))
      #expect(found.shipmentNumber == shipment && found.label == "\(shipment)/1/2/1")
      #expect(found.carton == 3 && !found.loaded && found.state == .packed)
    }
    let loaded = try await shop.loading.loadCarton(
      .init(shipmentNumber: shipment, label: "]C100" + numbers[2]), options: shop.command())
    #expect(loaded.loading?.loaded == 1)
    #expect(try await shop.loading.findCarton(.init(text: numbers[2])).loaded)
    func refused(_ label: String) async -> String? {
      violation(
        await refusal {
          try await shop.loading.loadCarton(
            .init(shipmentNumber: shipment, label: label), options: shop.command())
        })
    }
    #expect(await refused("\(shipment)/1/2/1") == "ALREADY_LOADED label")
    #expect(await refused(numbers[4]) == "UNCOUNTED_CARTON label")
    let strange = try await labels(shop, other)[0].sscc
    #expect(await refused(strange) == "WRONG_SHIPMENT label")
    #expect(await refused(number(9, 0)) == "UNKNOWN_CARTON label")
    let wrong = String(numbers[0].dropLast()) + (numbers[0].last == "0" ? "1" : "0")
    #expect(await refused(wrong) == "NOT_A_LABEL label")
    func lost(_ text: String) async -> String? {
      violation(await refusal { try await shop.loading.findCarton(.init(text: text)) })
    }
    #expect(await lost(number(9, 0)) == "UNKNOWN_CARTON text")
    #expect(await lost(wrong) == "NOT_A_LABEL text")
    #expect(await lost("") == "NOT_A_LABEL text")
    // A scan for products says what it is.
    let product = await refusal {
      try await shop.products.resolveBarcode(.init(text: "(00)" + numbers[0]))
    }
    #expect(violation(product) == "UNREADABLE_SCAN text")
    #expect(product?.message.contains("number of a carton") == true)
    // What chairs come in is said otherwise: a number stays where it was stuck.
    _ = try await shop.assortment.upsertCartons(
      .init(products: [
        .init(
          sku: "CHAIR",
          cartons: (1...3).map { number in
            .init(
              weightGrams: 1_000, lengthMm: 600, widthMm: 500, heightMm: 400,
              contents: "part \(number)")
          })
      ]), options: shop.command())
    let now = try await labels(shop, shipment)
    #expect(now.map(\.sscc) == numbers && now[2].label == "\(shipment)/1/2/1")
    #expect(now[2].contents == "part 1" && now.allSatisfy { $0.of == 5 })
    _ = try await shop.loading.unloadCarton(
      .init(shipmentNumber: shipment, label: numbers[2]), options: shop.command())
    #expect(try await !shop.loading.findCarton(.init(text: numbers[2])).loaded)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("no number is given twice, and none before the company has a prefix")
  func once() async throws {
    let shop = try await furnished(prefix: "")
    let early = try await packed(shop, [("CHAIR", 2)], cartons: 4)
    #expect(try await labels(shop, early).map(\.sscc) == ["", "", "", ""])
    func assign() async throws -> OrdersV1.NumberCartonsResponse {
      try await shop.loading.numberCartons(.init(shipmentNumber: early), options: shop.command())
    }
    #expect(violation(await refusal { try await assign() }) == "NO_GS1_PREFIX shipment_number")
    for bad in ["123", "1234567890123", "69012X"] {
      let refused = await refusal { try await setPrefix(shop, bad) }
      #expect(violation(refused) == "INVALID_GS1_PREFIX company.gs1_prefix")
    }
    try await setPrefix(shop, "6901234")
    let called = try await packed(shop, [("CHAIR", 1)], cartons: 2)
    _ = try await shop.orders.cancelShipment(.init(number: called), options: shop.command())
    let given = try await assign()
    #expect(given.cartons == 4 && given.firstSscc == number(0, 2) && given.lastSscc == number(0, 5))
    #expect(try await assign() == given)
    let next = try await packed(shop, [("CHAIR", 1)], cartons: 2)
    #expect(try await labels(shop, next).map(\.sscc) == [number(0, 6), number(0, 7)])
    // Another prefix counts by itself, and a company that comes back to one goes on.
    try await setPrefix(shop, "123456789012")
    let small = try await packed(shop, [("CHAIR", 1)], cartons: 2)
    let told = try await labels(shop, small).map(\.sscc)
    #expect(told.allSatisfy { isChecked($0) && $0.dropFirst().hasPrefix("123456789012000") })
    try await setPrefix(shop, "6901234")
    let last = try await packed(shop, [("CHAIR", 1)], cartons: 2)
    #expect(try await labels(shop, last).first?.sscc == number(0, 8))
    // A prefix that begins another one, as a mistake: what was given under it is passed over.
    try await setPrefix(shop, "690123")
    let short = try await packed(shop, [("CHAIR", 1)], cartons: 2)
    try await setPrefix(shop, "6901230")
    let long = try await packed(shop, [("CHAIR", 1)], cartons: 2)
    let all = try await labels(shop, short) + labels(shop, long)
    #expect(Set(all.map(\.sscc)).count == 4 && all.allSatisfy { isChecked($0.sscc) })
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
