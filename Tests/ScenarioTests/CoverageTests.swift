import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: carriers go to some zones, and not to others")
struct CoverageTests {
  private func day(_ month: Int32, _ day: Int32) -> GoogleType.Date {
    .init(year: 2026, month: month, day: day)
  }

  private func set(
    _ shop: Shop, from: GoogleType.Date? = nil, _ rows: [(zone: String, carrier: String)],
    reason: String = "contract"
  ) async throws -> OrdersV1.Coverage {
    try #require(
      try await shop.coverage.setCoverage(
        .init(
          validFrom: from, rows: rows.map { .init(zoneCode: $0.zone, carrier: $0.carrier) },
          reason: reason), options: shop.command()
      ).coverage)
  }

  /// Hangzhou is a zone, and the rest of the country another.
  private func furnished() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 9, cost: "80")
    _ = try await shop.pricing.replaceDeliveryZones(
      .init(zones: [
        .init(countryCode: "CN", regionPrefix: "3301", zoneCode: "HZ"),
        .init(countryCode: "CN", zoneCode: "FAR"),
      ]), options: shop.command())
    return shop
  }

  private func order(_ shop: Shop, _ zone: String) async throws -> String {
    var input = shop.input([("LAMP", 1)])
    input.delivery = .init(zoneCode: zone)
    return try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      .order?.number ?? ""
  }

  @Test("an order to where nobody goes is refused, and told what else there is, by day")
  func reach() async throws {
    let shop = try await furnished()
    // Nobody has said anything: everybody is reached.
    _ = try await order(shop, "FAR")
    let open = try await shop.coverage.checkCoverage(.init(regionCode: "650102"))
    #expect(open.served && open.zoneCode == "FAR" && open.version == 0)

    let made = try await set(shop, [("HZ", "德邦"), ("HZ", "SF")])
    #expect(made.version == 1 && made.validFrom == day(3, 2))
    _ = try await set(shop, from: day(3, 5), [("HZ", "SF"), ("FAR", "EMS")])
    let far = await refusal { try await order(shop, "FAR") }
    #expect(violations(far) == ["ZONE_NOT_SERVED order.delivery.zone_code"])
    #expect(far?.message.contains("MAIN, EAST") == true)
    var input = shop.input([("LAMP", 1)])
    input.delivery = .init(zoneCode: "FAR")
    let quoted = await refusal { [input] in
      try await shop.quotes.createQuote(
        .init(customerCode: "CREDIT", variants: [.init(order: input)]), options: shop.command())
    }
    #expect(
      violations(quoted).first?
        .hasPrefix("ZONE_NOT_SERVED") == true)
    let told = try await shop.coverage.checkCoverage(.init(regionCode: "650102"))
    #expect(!told.served && told.pickUpWarehouseCodes == ["EAST", "MAIN"] && told.version == 1)
    let there = try await shop.coverage.checkCoverage(.init(regionCode: "330106"))
    #expect(there.served && there.carriers == ["德邦", "SF"])
    #expect(try await !shop.coverage.checkCoverage(.init(zoneCode: "HZ", carrier: "EMS")).served)
    let later = try await shop.coverage.checkCoverage(.init(zoneCode: "FAR", day: day(3, 5)))
    #expect(later.served && later.carriers == ["EMS"] && later.version == 2)
    shop.clock.advance(days: 3)
    _ = try await order(shop, "FAR")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what was ordered before can be changed, and leaves with somebody who goes there")
  func dispatch() async throws {
    let shop = try await furnished()
    let early = try await order(shop, "FAR")
    let near = try await order(shop, "HZ")
    _ = try await set(shop, [("HZ", "德邦"), ("HZ", "SF")])
    _ = try await shop.orders.changeOrder(
      .init(
        number: early,
        change: .init(lines: [.init(lineNumber: 1, quantity: pieces(2))]), reason: "two"),
      options: shop.command())
    let shipment =
      try await shop.orders.prepareShipment(
        .init(orderNumber: near), options: shop.command()
      ).shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: shipment), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: shipment, cartons: 1), options: shop.command())
    func dispatch(_ carrier: String) async -> RPCError? {
      await refusal {
        try await shop.orders.dispatchShipment(
          .init(number: shipment, carrier: carrier), options: shop.command())
      }
    }
    let wrong = await dispatch("EMS")
    #expect(violations(wrong) == ["CARRIER_NOT_SERVING carrier"])
    #expect(wrong?.message.contains("德邦, SF") == true)
    #expect(await dispatch("SF") == nil)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("versions are made for days to come, and are never changed")
  func versions() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let none = await refusal { try await shop.coverage.getCoverage(.init()) }
    #expect(none?.code == .notFound)
    let past = await refusal { try await set(shop, from: day(3, 1), []) }
    #expect(violations(past) == ["OUT_OF_RANGE valid_from"])
    let bad = await refusal {
      try await set(shop, [("HZ", "SF"), ("", "SF"), ("HZ", ""), ("HZ", "SF")], reason: " ")
    }
    #expect(violations(bad) == ["REQUIRED reason"])
    let rows = await refusal {
      try await set(shop, [("HZ", "SF"), ("", "SF"), ("HZ", ""), ("HZ", "SF")])
    }
    #expect(
      violations(rows) == [
        "REQUIRED rows[1].zone_code", "REQUIRED rows[2].carrier",
        "DUPLICATE_COVERAGE rows[3].carrier",
      ])
    _ = try await set(shop, [("HZ", "SF")])
    _ = try await set(shop, [("HZ", "EMS")])
    #expect(
      try await shop.coverage.getCoverage(.init()).coverage?.rows.map(\.carrier) == ["EMS"])
    let first = try await shop.coverage.getCoverage(.init(version: 1)).coverage
    #expect(first?.rows.map(\.carrier) == ["SF"] && first?.reason == "contract")
    let both = await refusal {
      try await shop.coverage.getCoverage(.init(day: day(3, 2), version: 1))
    }
    #expect(violations(both) == ["NOT_BOTH day"])
    let nowhere = await refusal {
      try await shop.coverage.checkCoverage(.init(regionCode: "not a region"))
    }
    #expect(violations(nowhere).count == 1)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
  @Test("whoever lives where nobody goes is told what is near, by whom, and where to fetch it")
  func alternatives() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.pricing.replaceDeliveryZones(
      .init(zones: [
        .init(countryCode: "CN", regionPrefix: "3301", zoneCode: "HZ"),
        .init(countryCode: "CN", regionPrefix: "3302", zoneCode: "NB"),
        .init(countryCode: "CN", regionPrefix: "4401", zoneCode: "GZ"),
      ]), options: shop.command())
    let address = try #require(
      try await shop.customers.setAddress(
        .init(
          customerCode: "CREDIT",
          address: .init(label: "Home", regionCode: "330382", street: "x")),
        options: shop.command()
      ).address?.id)
    var order = shop.input([("LAMP", 1)])
    order.warehouseCode = "EAST"
    order.delivery = .init(addressId: address)
    func refused() async -> RPCError? {
      await refusal { [order] in
        try await shop.orders.placeOrder(.init(order: order), options: shop.command())
      }
    }
    // Nobody has said who goes where: the zones of the same province. Its own warehouse is first.
    let open = await refused()
    #expect(violations(open) == ["ADDRESS_NOT_SERVED order.delivery.address_id"])
    #expect(open?.message.contains("fetched from EAST, MAIN; served near it: HZ; NB") == true)
    // And then those that somebody goes to, with who does.
    _ = try await set(shop, [("HZ", "SF"), ("HZ", "德邦"), ("GZ", "SF")])
    let told = await refused()
    #expect(told?.message.contains("served near it: HZ by SF, 德邦") == true, "\(told as Any)")
    #expect(told?.message.contains("NB") == false && told?.message.contains("GZ") == false)
    await shop.close()
  }
}
