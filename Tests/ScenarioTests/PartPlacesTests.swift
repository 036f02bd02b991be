import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: the chairs of one line go to two houses of a hotel")
struct PartPlacesTests {
  private func day(_ month: Int32, _ day: Int32) -> GoogleType.Date {
    .init(year: 2026, month: month, day: day)
  }

  private func address(_ shop: Shop, _ label: String, _ region: String) async throws -> Int64 {
    try await shop.customers.setAddress(
      .init(
        customerCode: "CREDIT",
        address: .init(label: label, regionCode: region, street: "\(label) 1")),
      options: shop.command()
    ).address?.id ?? 0
  }

  /// A shop with ten chairs that brings goods to HZ for 60 and to the rest of Zhejiang for 200, and
  /// the customer's two houses there.
  private func opened() async throws -> (shop: Shop, home: Int64, far: Int64) {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "210")
    _ = try await shop.catalog.upsertProducts(
      .init(products: [
        .init(sku: "FREIGHT", name: "运费", kind: .service, unitCode: "pcs", taxClass: "REDUCED")
      ]), options: shop.command())
    _ = try await shop.pricing.replaceDeliveryZones(
      .init(zones: [
        .init(regionPrefix: "3301", zoneCode: "HZ"), .init(regionPrefix: "33", zoneCode: "ZJ"),
      ]), options: shop.command())
    _ = try await shop.pricing.replaceChargeRules(
      .init(rules: [
        .init(
          charge: "FREIGHT", sku: "FREIGHT", occasion: .delivery, zoneCode: "HZ",
          base: yuan("60")),
        .init(
          charge: "FREIGHT", sku: "FREIGHT", occasion: .delivery, zoneCode: "ZJ",
          base: yuan("200")),
      ]), options: shop.command())
    let home = try await address(shop, "West house", "330106")
    let far = try await address(shop, "East house", "330212")
    return (shop, home, far)
  }

  private func input(
    _ shop: Shop, home: Int64, _ parts: [(count: Int64, address: Int64)]
  ) -> OrdersV1.OrderInput {
    var input = shop.input([("CHAIR", parts.reduce(0) { $0 + $1.count })])
    if home != 0 { input.delivery = .init(addressId: home) }
    input.lines[0].schedules = parts.map {
      .init(requestedOn: day(3, 2), quantity: pieces($0.count), addressId: $0.address)
    }
    return input
  }

  private func place(_ shop: Shop, _ input: OrdersV1.OrderInput) async throws -> OrdersV1.Order {
    try #require(
      try await shop.orders.placeOrder(.init(order: input), options: shop.command()).order)
  }

  private func freight(_ order: OrdersV1.Order?) -> [TypeV1.Money?] {
    order?.lines.filter { $0.charge == "FREIGHT" }.map(\.net) ?? []
  }

  private func prepare(
    _ shop: Shop, _ request: OrdersV1.PrepareShipmentRequest
  ) async throws -> OrdersV1.Shipment {
    try #require(
      try await shop.orders.prepareShipment(request, options: shop.command()).shipment)
  }

  @Test("each place is charged, and goods leave by place, with a label of their own")
  func twoHouses() async throws {
    let (shop, home, far) = try await opened()
    let order = try await place(shop, input(shop, home: home, [(2, home), (4, far)]))
    // The order's own place is named by nothing.
    #expect(order.lines[0].schedules.map(\.addressId) == [0, far])
    #expect(freight(order) == [yuan("260")])
    let told = try await shop.orders.getDeliveryAddress(.init(number: order.number))
    #expect(told.address?.label == "West house")
    #expect(told.places.map { $0.address?.label } == ["East house"])
    #expect(told.places.map { $0.delivery?.zoneCode } == ["ZJ"])

    let unnamed = await refusal {
      try await prepare(
        shop,
        .init(
          orderNumber: order.number, lines: [.init(lineNumber: 1, quantity: pieces(2))]))
    }
    #expect(violations(unnamed) == ["PART_NOT_NAMED lines[0].line_number"])
    let elsewhere = await refusal {
      try await prepare(
        shop,
        .init(
          orderNumber: order.number, schedules: [.init(lineNumber: 1, scheduleNumber: 2)],
          addressId: home))
    }
    #expect(violations(elsewhere) == ["PLACES_MIXED schedules[0].line_number"])
    let nowhere = await refusal {
      try await prepare(shop, .init(orderNumber: order.number, addressId: 9_999))
    }
    #expect(nowhere?.code == .notFound)
    #expect(violations(nowhere) == ["UNKNOWN_PLACE address_id"])

    let first = try await prepare(shop, .init(orderNumber: order.number))
    #expect(first.addressId == 0 && first.lines.map(\.quantity) == [amount("2", "pcs")])
    let second = try await prepare(shop, .init(orderNumber: order.number))
    #expect(second.addressId == far && second.lines.map(\.quantity) == [amount("4", "pcs")])
    let labels = try await shop.loading.getLabels(.init(shipmentNumber: second.number))
    #expect(labels.address?.label == "East house")
    try await shop.deliver(shipment: second.number)
    let line = try #require(
      try await shop.orders.getOrder(.init(number: order.number)).order?.lines.first)
    #expect(line.schedules.map { $0.shipped?.micros } == [0, 4_000_000])
    try await shop.deliver(shipment: first.number)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a wave has a shipment for each place, and a zone's wave only what goes there")
  func waves() async throws {
    let (shop, home, far) = try await opened()
    let order = try await place(shop, input(shop, home: home, [(2, home), (4, far)]))
    let later = try await place(shop, input(shop, home: home, [(1, home)]))
    func wave(_ zone: String, limit: Int32 = 0) async throws -> [String] {
      let done = try await shop.picking.prepareWave(
        .init(warehouseCode: "MAIN", zoneCode: zone, limit: limit),
        options: shop.command(dryRun: true))
      let shipments = try await shop.orders.listShipments(.init(orderNumber: order.number))
      #expect(shipments.shipments == [])
      return done.verdicts.map { "\($0.orderNumber) \($0.violations.map(\.reason))" }
    }
    let first = "\(order.number) []"
    #expect(try await wave("") == [first, first, "\(later.number) []"])
    #expect(try await wave("ZJ") == [first])
    #expect(try await wave("HZ") == [first, "\(later.number) []"])
    // What one order leaves with is of one wave.
    #expect(try await wave("", limit: 1) == [first, first])
    let done = try await shop.picking.prepareWave(
      .init(warehouseCode: "MAIN", zoneCode: "ZJ"), options: shop.command())
    let shipments = try await shop.orders.listShipments(.init(orderNumber: order.number)).shipments
    #expect(shipments.map(\.number) == done.verdicts.map(\.shipmentNumber))
    #expect(shipments.map(\.addressId) == [far])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what goes elsewhere as a whole is charged for there alone; a change moves a part back")
  func moved() async throws {
    let (shop, home, far) = try await opened()
    let order = try await place(shop, input(shop, home: home, [(10, far)]))
    #expect(freight(order) == [yuan("200")])
    func change(_ parts: [OrdersV1.ScheduleInput]) async throws -> OrdersV1.Order? {
      try await shop.orders.changeOrder(
        .init(
          number: order.number, change: .init(lines: [.init(lineNumber: 1, schedules: parts)]),
          reason: "the west house is ready"),
        options: shop.command(roles: "SALES_MANAGER")
      ).order
    }
    let both = try await change([
      .init(requestedOn: day(3, 2), quantity: pieces(3)),
      .init(requestedOn: day(3, 2), quantity: pieces(7), addressId: far),
    ])
    #expect(freight(both) == [yuan("260")])
    let back = try await change([.init(requestedOn: day(3, 2), quantity: pieces(10))])
    #expect(back?.lines[0].schedules.map(\.addressId) == [0])
    #expect(freight(back) == [yuan("60")])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("places that are none, that nobody serves, or of an order that is fetched are refused")
  func refused() async throws {
    let (shop, home, far) = try await opened()
    func refused(_ input: OrdersV1.OrderInput) async -> [String] {
      violations(
        await refusal {
          try await shop.orders.placeOrder(.init(order: input), options: shop.command())
        })
    }
    let field = "order.lines[0].schedules[1].address_id"
    #expect(
      await refused(input(shop, home: home, [(4, 0), (6, 9_999)])) == ["UNKNOWN_ADDRESS \(field)"])
    let abroad = try await address(shop, "Far away", "440106")
    #expect(
      await refused(input(shop, home: home, [(4, 0), (6, abroad)]))
        == ["ADDRESS_NOT_SERVED \(field)"])
    #expect(
      await refused(input(shop, home: 0, [(4, 0), (6, far)])) == ["PLACE_OF_FETCHED \(field)"])
    #expect(
      await refused(input(shop, home: home, [(4, far), (6, far)]))
        == ["DUPLICATE_DAY order.lines[0].schedules[1].requested_on"])
    await shop.close()
  }

  @Test("whoever approves what goes far approves an order of which a part goes there")
  func approved() async throws {
    let (shop, home, far) = try await opened()
    _ = try await shop.orders.replaceApprovalRules(
      .init(
        rules: [.init(approverRole: "LOGISTICS", regionPrefix: "3302")], reason: "it is far"),
      options: shop.command())
    let near = try await place(shop, input(shop, home: home, [(2, 0)]))
    #expect(near.state == .confirmed)
    let parted = try await place(shop, input(shop, home: home, [(2, 0), (1, far)]))
    #expect(parted.state == .submitted && parted.approval?.requiredRole == "LOGISTICS")
    let quote = try #require(
      try await shop.quotes.createQuote(
        .init(
          customerCode: "CREDIT",
          variants: [.init(order: input(shop, home: home, [(1, 0), (1, far)]))]),
        options: shop.command()
      ).quote)
    let offered = try #require(
      try await shop.quotes.convertQuote(.init(number: quote.number), options: shop.command())
        .order)
    #expect(offered.state == .submitted && offered.approval?.requiredRole == "LOGISTICS")
    // What is confirmed sends a part there by the same leave.
    let moved = await refusal {
      try await shop.orders.changeOrder(
        .init(
          number: near.number,
          change: .init(lines: [
            .init(
              lineNumber: 1,
              schedules: [
                .init(requestedOn: day(3, 2), quantity: pieces(1)),
                .init(requestedOn: day(3, 2), quantity: pieces(1), addressId: far),
              ])
          ]), reason: "one is for the east house"),
        options: shop.command())
    }
    #expect(reason(moved) == "CHANGE_NEEDS_APPROVAL")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("rules that look at addresses look at each, and name the part that is wrong")
  func checked() async throws {
    let (shop, home, far) = try await opened()
    func settle(
      _ id: Int64, _ region: String, _ postcode: String, phone: String
    ) async throws {
      let contact = try await shop.customers.setContact(
        .init(customerCode: "CREDIT", contact: .init(role: .site, name: "Li", phone: phone)),
        options: shop.command()
      ).contact
      _ = try await shop.customers.setAddress(
        .init(
          customerCode: "CREDIT",
          address: .init(
            id: id, label: "House \(id)", regionCode: region, street: "1", postcode: postcode,
            contactId: contact?.id ?? 0)),
        options: shop.command())
    }
    func keep(_ rules: [OrdersV1.ValidationRule]) async throws {
      _ = try await shop.intake.setValidationPolicy(
        .init(rules: rules, reason: "drivers call"), options: shop.command())
    }
    func refused() async -> [String] {
      violations(
        await refusal {
          try await place(shop, input(shop, home: home, [(2, 0), (1, far)]))
        })
    }
    let field = "order.lines[0].schedules[1].address_id"
    try await settle(home, "330106", "310000", phone: "13800000000")
    try await keep([
      .init(code: "PHONE", condition: .required(.phone)),
      .init(
        code: "MOBILE", condition: .format(.init(element: .phone, patterns: ["1##########"]))),
      .init(
        code: "POSTCODE",
        condition: .region(
          .init(countryCode: "CN", postcodePrefix: "31", regionPrefix: "3301"))),
    ])
    #expect(await refused() == ["VALIDATION_RULE_BROKEN \(field)"])
    try await settle(far, "330212", "315000", phone: "05741234567")
    // Its number is not a mobile one, and its postal code is one of Hangzhou.
    #expect(await refused() == Array(repeating: "VALIDATION_RULE_BROKEN \(field)", count: 2))
    try await settle(far, "330212", "", phone: "13900000000")
    let order = try await place(shop, input(shop, home: home, [(2, 0), (1, far)]))
    #expect(order.state == .confirmed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a quote offers the places, and the order that comes of it goes there")
  func quoted() async throws {
    let (shop, home, far) = try await opened()
    let quote = try #require(
      try await shop.quotes.createQuote(
        .init(
          customerCode: "CREDIT",
          variants: [.init(order: input(shop, home: home, [(4, 0), (6, far)]))]),
        options: shop.command()
      ).quote)
    let order = try #require(
      try await shop.quotes.convertQuote(.init(number: quote.number), options: shop.command())
        .order)
    #expect(freight(order) == [yuan("260")])
    #expect(
      try await shop.orders.getDeliveryAddress(.init(number: order.number)).places.map {
        $0.address?.label
      } == ["East house"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
