import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a customer has people and places, and goods go there")
struct CustomerPlacesTests {
  private func opened() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "210")
    return shop
  }

  private func set(
    _ shop: Shop, _ address: CustomersV1.Address, of customer: String = "CREDIT"
  ) async throws -> CustomersV1.SetAddressResponse {
    try await shop.customers.setAddress(
      .init(customerCode: customer, address: address), options: shop.command())
  }

  private static let home = CustomersV1.Address(
    label: "Home", regionCode: "330106", street: "文三路1号", postcode: "310012", floor: 4,
    defaultForDelivery: true)

  private func place(_ shop: Shop, _ order: String) async throws -> OrdersV1.DeliveryAddress? {
    try await shop.orders.getDeliveryAddress(.init(number: order)).address
  }

  /// Freight of 60 to HZ and of 200 to the rest of Zhejiang.
  private func charge(_ shop: Shop) async throws {
    _ = try await shop.catalog.upsertProducts(
      .init(products: [
        .init(sku: "FREIGHT", name: "运费", kind: .service, unitCode: "pcs", taxClass: "REDUCED"),
        .init(sku: "CARRY", name: "搬运", kind: .service, unitCode: "pcs", taxClass: "SERVICE"),
      ]), options: shop.command())
    _ = try await shop.pricing.replaceDeliveryZones(
      .init(zones: [
        .init(regionPrefix: "3301", zoneCode: "HZ"), .init(regionPrefix: "33", zoneCode: "ZJ"),
        .init(countryCode: "DE", zoneCode: "ABROAD"),
      ]), options: shop.command())
    _ = try await shop.pricing.replaceChargeRules(
      .init(rules: [
        .init(
          charge: "FREIGHT", sku: "FREIGHT", occasion: .delivery, zoneCode: "HZ",
          base: yuan("60")),
        .init(
          charge: "FREIGHT", sku: "FREIGHT", occasion: .delivery, zoneCode: "ZJ",
          base: yuan("200")),
        .init(charge: "STAIRS", sku: "CARRY", occasion: .stairs, perFloor: yuanEach("10")),
      ]), options: shop.command())
  }

  private func order(to address: Int64, assembly: Bool = false) -> OrdersV1.OrderInput {
    .init(
      channel: .phone, customerCode: "CREDIT", warehouseCode: "MAIN",
      lines: [.init(sku: "CHAIR", quantity: pieces(1))], shortageRule: .wait,
      delivery: .init(assembly: assembly, addressId: address))
  }

  @Test("one call tells whom to talk to and where goods go; the newest default is the only one")
  func details() async throws {
    let shop = try await opened()
    let first = try await shop.customers.setContact(
      .init(
        customerCode: "CREDIT",
        contact: .init(role: .site, name: "李娜", phone: "13900002222", preferred: true)),
      options: shop.command())
    let second = try await shop.customers.setContact(
      .init(
        customerCode: "CREDIT",
        contact: .init(role: .site, name: "王芳", email: "fang@example.cn", preferred: true)),
      options: shop.command())
    var home = Self.home
    home.contactId = first.contact?.id ?? 0
    home = try #require(try await set(shop, home).address)
    let office = try await set(
      shop,
      .init(
        label: "Office", regionCode: "310115", street: "世纪大道8号", hasLift: true,
        defaultForDelivery: true, defaultForInvoice: true))
    #expect(office.zoneCode == "")
    let told = try await shop.customers.getCustomer(.init(code: "CREDIT"))
    #expect(told.contacts.map(\.name) == ["王芳", "李娜"])
    #expect(told.contacts.map(\.preferred) == [true, false])
    #expect(told.addresses.map(\.label) == ["Office", "Home"])
    #expect(told.addresses.map(\.defaultForDelivery) == [true, false])
    let overview = try await shop.customers.getCustomerOverview(.init(code: "CREDIT"))
    #expect(overview.contacts == told.contacts && overview.addresses == told.addresses)

    home.street = "文三路2号"
    home.defaultForDelivery = true
    let changed = try await set(shop, home)
    #expect(changed.address?.version == 2)
    let stale = await refusal { try await set(shop, home) }
    #expect(stale?.code == .aborted && violations(stale) == ["VERSION_CONFLICT address.version"])
    // Whom an address named is nobody, once removed, and no number is given twice.
    _ = try await shop.customers.removeContact(
      .init(customerCode: "CREDIT", id: first.contact?.id ?? 0), options: shop.command())
    _ = try await shop.customers.removeAddress(
      .init(customerCode: "CREDIT", id: office.address?.id ?? 0), options: shop.command())
    let left = try await shop.customers.getCustomer(.init(code: "CREDIT"))
    #expect(left.contacts == [try #require(second.contact)])
    #expect(left.addresses.map(\.contactId) == [0])
    let next = try await set(shop, .init(label: "New", regionCode: "330000", street: "x"))
    #expect((next.address?.id ?? 0) > (office.address?.id ?? 0))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is wrong is told field by field")
  func malformed() async throws {
    let shop = try await opened()
    let mine = try #require(try await set(shop, Self.home, of: "VIP").address?.id)
    let addresses: [(CustomersV1.Address, [String])] = [
      (
        .init(label: " ", regionCode: "330106", postcode: String(repeating: "1", count: 21)),
        ["REQUIRED address.label", "REQUIRED address.street", "TEXT_TOO_LONG address.postcode"]
      ),
      (.init(label: "x", regionCode: "33010", street: "x"), ["INVALID_REGION address.region_code"]),
      // No such province; a district of no city.
      (
        .init(label: "x", regionCode: "990106", street: "x"), ["INVALID_REGION address.region_code"]
      ),
      (
        .init(label: "x", regionCode: "330006", street: "x"), ["INVALID_REGION address.region_code"]
      ),
      (
        .init(label: "x", countryCode: "de", street: "x", floor: 201),
        ["INVALID_COUNTRY address.country_code", "OUT_OF_RANGE address.floor"]
      ),
      (
        .init(id: mine, label: "x", regionCode: "330106", street: "x", contactId: 99),
        ["UNKNOWN_ADDRESS address.id", "UNKNOWN_CONTACT address.contact_id"]
      ),
    ]
    for (address, expected) in addresses {
      let refused = await refusal { try await set(shop, address) }
      #expect(violations(refused) == expected)
    }
    let contact = await refusal {
      try await shop.customers.setContact(
        .init(
          customerCode: "CREDIT",
          contact: .init(id: 77, role: .unrecognized(9), name: "", email: "no mail")),
        options: shop.command())
    }
    #expect(violations(contact) == ["UNKNOWN_VALUE contact.role"])
    let unnamed = await refusal {
      try await shop.customers.setContact(
        .init(customerCode: "CREDIT", contact: .init(id: 77, name: "", email: "no mail")),
        options: shop.command())
    }
    #expect(
      violations(unnamed) == [
        "UNKNOWN_CONTACT contact.id", "REQUIRED contact.name", "INVALID_EMAIL contact.email",
      ])
    await shop.close()
  }

  @Test("what is removed or mapped by a wrong name is told, too")
  func unknown() async throws {
    let shop = try await opened()
    let mine = try #require(try await set(shop, Self.home, of: "VIP").address?.id)
    for (field, refused) in [
      (
        "customer_code",
        await refusal { try await set(shop, Self.home, of: "NOBODY") }
      ),
      (
        "id",
        await refusal {
          try await shop.customers.removeAddress(
            .init(customerCode: "CREDIT", id: mine), options: shop.command())
        }
      ),
      (
        "id",
        await refusal {
          try await shop.customers.removeContact(
            .init(customerCode: "CREDIT", id: 5), options: shop.command())
        }
      ),
    ] {
      #expect(refused?.code == .notFound)
      #expect(violations(refused).map { $0.split(separator: " ").last ?? "" } == [field[...]])
    }
    let zones = await refusal {
      try await shop.pricing.replaceDeliveryZones(
        .init(zones: [
          .init(regionPrefix: "33", zoneCode: "ZJ"),
          .init(countryCode: "CN", regionPrefix: "33", zoneCode: "HZ"),
          .init(countryCode: "C", zoneCode: "X"), .init(regionPrefix: "3x", zoneCode: ""),
        ]), options: shop.command())
    }
    #expect(
      violations(zones) == [
        "DUPLICATE_ZONE zones[1].region_prefix", "INVALID_COUNTRY zones[2].country_code",
        "REQUIRED zones[3].zone_code", "INVALID_REGION zones[3].region_prefix",
      ])
    await shop.close()
  }

  @Test("where a postcode is in a zone, it decides before the region, however it is written")
  func postcodes() async throws {
    let shop = try await opened()
    let rows: [PricingV1.DeliveryZone] = [
      .init(regionPrefix: "3301", zoneCode: "HZ"), .init(countryCode: "DE", zoneCode: "GERMANY"),
      .init(countryCode: "DE", zoneCode: "SOUTH", postcodePrefix: "8"),
      .init(countryCode: "DE", zoneCode: "MUNICH", postcodePrefix: "803"),
      .init(countryCode: "GB", zoneCode: "LONDON", postcodePrefix: "SW1A"),
      .init(zoneCode: "CAMPUS", postcodePrefix: "310058"),
    ]
    _ = try await shop.pricing.replaceDeliveryZones(.init(zones: rows), options: shop.command())
    let kept = try await shop.pricing.listDeliveryZones(.init()).zones
    #expect(Set(kept.map(\.zoneCode)) == Set(rows.map(\.zoneCode)) && kept.count == rows.count)
    #expect(kept.first { $0.zoneCode == "MUNICH" }?.postcodePrefix == "803")
    for (country, region, postcode, zone) in [
      ("DE", "", "80331", "MUNICH"), ("DE", "BY", "86150", "SOUTH"),
      ("DE", "BE", "10115", "GERMANY"),
      ("DE", "", "80", "SOUTH"), ("GB", "", "sw1a 1aa", "LONDON"), ("GB", "", "SW-1A2BB", "LONDON"),
      ("GB", "", "E1 6AN", ""), ("", "330106", "310058", "CAMPUS"), ("", "330106", "310012", "HZ"),
      ("", "", "310058", "CAMPUS"), ("", "330106", "", "HZ"),
    ] {
      let answer = try await shop.coverage.checkCoverage(
        .init(countryCode: country, regionCode: region, postcode: postcode))
      #expect(answer.zoneCode == zone && answer.served == !zone.isEmpty, "\(country) \(postcode)")
    }
    var home = Self.home
    home.postcode = "310058"
    let stored = try await set(shop, home)
    #expect(stored.zoneCode == "CAMPUS")
    let placed = try await shop.orders.placeOrder(
      .init(order: order(to: stored.address?.id ?? 0)), options: shop.command())
    #expect(placed.order?.delivery?.zoneCode == "CAMPUS")

    let refused = await refusal {
      try await shop.pricing.replaceDeliveryZones(
        .init(zones: [
          .init(zoneCode: "A", postcodePrefix: "31"), .init(zoneCode: "B", postcodePrefix: "31"),
          .init(regionPrefix: "33", zoneCode: "C", postcodePrefix: "31"),
          .init(countryCode: "GB", zoneCode: "D", postcodePrefix: "SW1A 1"),
          .init(countryCode: "GB", zoneCode: "E", postcodePrefix: "sw"),
          .init(zoneCode: "F", postcodePrefix: "12345678901"),
        ]), options: shop.command())
    }
    #expect(
      violations(refused)
        == ["DUPLICATE_ZONE zones[1].postcode_prefix"]
        + (2...5).map { "INVALID_POSTCODE zones[\($0)].postcode_prefix" })
    let nowhere = await refusal { try await shop.coverage.checkCoverage(.init(countryCode: "CN")) }
    #expect(violations(nowhere) == ["INVALID_REGION region_code"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("freight follows from the address, whose words the order keeps")
  func freight() async throws {
    let shop = try await opened()
    try await charge(shop)
    let contact = try await shop.customers.setContact(
      .init(
        customerCode: "CREDIT", contact: .init(role: .site, name: "李娜", phone: "13900002222")),
      options: shop.command()
    ).contact
    var home = Self.home
    home.contactId = contact?.id ?? 0
    let set = try await set(shop, home)
    #expect(set.zoneCode == "HZ")
    home = try #require(set.address)
    let priced = try await shop.pricing.priceOrder(.init(order: order(to: home.id)))
    let zoning = priced.explanation?.steps.first { $0.rule == "DELIVERY_ZONE" }
    #expect(zoning?.text == "Zone HZ: CN 330106 begins with CN 3301")
    let placed = try #require(
      try await shop.orders.placeOrder(
        .init(order: order(to: home.id)), options: shop.command()
      ).order)
    #expect(placed.gross == priced.gross)
    let charges = placed.lines.filter { !$0.charge.isEmpty }
    #expect(charges.map(\.charge) == ["FREIGHT", "STAIRS"])
    #expect(charges.map(\.net) == [yuan("60.00"), yuan("40.00")])
    #expect(charges[0].priceExplanation?.steps.contains { $0.rule == "DELIVERY_ZONE" } == true)
    #expect(placed.delivery?.zoneCode == "HZ" && placed.delivery?.floor == 4)
    let goes = try await place(shop, placed.number)
    #expect(goes?.street == "文三路1号" && goes?.contactPhone == "13900002222")
    try await moves(shop, home, placed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  /// The address becomes another one; the order says what it said until it is sent there anew.
  private func moves(
    _ shop: Shop, _ home: CustomersV1.Address, _ placed: OrdersV1.Order
  ) async throws {
    var home = home
    home.street = "文三路9号"
    home.regionCode = "330203"
    let moved = try await set(shop, home)
    #expect(moved.zoneCode == "ZJ")
    let kept = try await shop.orders.getOrder(.init(number: placed.number)).order
    #expect(kept == placed)
    // What is changed about other things does not go elsewhere, either.
    let more = try await shop.orders.changeOrder(
      .init(
        number: placed.number,
        change: .init(lines: [.init(lineNumber: 1, quantity: pieces(2))]), reason: "called"),
      options: shop.command(roles: "SALES_MANAGER")
    ).order
    #expect(more?.delivery == placed.delivery)
    #expect(try await place(shop, placed.number)?.street == "文三路1号")
    // What is sent there anew does.
    let sent = try await shop.orders.changeOrder(
      .init(
        number: placed.number, change: .init(delivery: .init(addressId: home.id)),
        reason: "called again"), options: shop.command(roles: "SALES_MANAGER")
    ).order
    #expect(sent?.delivery?.zoneCode == "ZJ")
    #expect(try await place(shop, placed.number)?.street == "文三路9号")
    #expect(
      sent?.lines.first { $0.charge == "FREIGHT" && $0.net != yuan("0.00") }?.net
        == yuan("200.00"))
  }

  @Test("an order goes to an address of its customer, in use and served, and to nothing else")
  func refused() async throws {
    let shop = try await opened()
    try await charge(shop)
    let foreign = try #require(try await set(shop, Self.home, of: "VIP").address?.id)
    let far = try #require(
      try await set(shop, .init(label: "Far", regionCode: "650100", street: "x")).address?.id)
    let abroad = try #require(
      try await set(
        shop, .init(label: "Bayern", countryCode: "DE", regionCode: "BY", street: "x")
      ).address?.id)
    var old = Self.home
    old.retired = true
    let retired = try #require(try await set(shop, old).address)
    #expect(!retired.defaultForDelivery)
    for (id, reason) in [
      (foreign, "UNKNOWN_ADDRESS"), (99, "UNKNOWN_ADDRESS"), (retired.id, "ADDRESS_RETIRED"),
      (far, "ADDRESS_NOT_SERVED"), (abroad, "UNKNOWN_ZONE"),
    ] {
      let refused = await refusal {
        try await shop.orders.placeOrder(.init(order: order(to: id)), options: shop.command())
      }
      #expect(violations(refused) == ["\(reason) order.delivery.address_id"])
    }
    var both = order(to: foreign)
    both.delivery?.zoneCode = "HZ"
    both.delivery?.floor = 2
    let twice = await refusal {
      try await shop.orders.placeOrder(.init(order: both), options: shop.command())
    }
    #expect(
      violations(twice) == ["NOT_BOTH order.delivery.zone_code", "NOT_BOTH order.delivery.floor"])
    // A draft may name what is not there yet; it is looked at when it is submitted.
    let draft = try await shop.orders.createOrder(
      .init(order: order(to: far, assembly: true)), options: shop.command()
    ).order
    #expect(draft?.delivery?.addressId == far)
    #expect(try await place(shop, draft?.number ?? "") == nil)
    let early = await refusal {
      try await shop.orders.submitOrder(
        .init(number: draft?.number ?? ""), options: shop.command())
    }
    #expect(violations(early) == ["ADDRESS_NOT_SERVED order.delivery.address_id"])
    _ = try await set(
      shop, .init(id: far, label: "Near", regionCode: "330100", street: "近路1号"))
    let submitted = try await shop.orders.submitOrder(
      .init(number: draft?.number ?? ""), options: shop.command()
    ).order
    #expect(try await place(shop, draft?.number ?? "")?.street == "近路1号")
    #expect(submitted?.delivery?.zoneCode == "HZ" && submitted?.delivery?.assembly == true)
    let stored = try await shop.orders.getOrder(.init(number: draft?.number ?? "")).order
    #expect(stored?.delivery == submitted?.delivery)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a quote keeps its freight, and its order the address as it is then")
  func quoted() async throws {
    let shop = try await opened()
    try await charge(shop)
    var home = try #require(try await set(shop, Self.home).address)
    let quote = try #require(
      try await shop.quotes.createQuote(
        .init(customerCode: "CREDIT", variants: [.init(order: order(to: home.id))]),
        options: shop.command()
      ).quote)
    let stored = try await shop.quotes.getQuote(.init(number: quote.number)).quote
    #expect(stored == quote)
    #expect(quote.revision?.variants.first?.order?.delivery?.addressId == home.id)
    home.street = "文三路3号"
    home.regionCode = "330203"
    _ = try await set(shop, home)
    let order = try #require(
      try await shop.quotes.convertQuote(
        .init(number: quote.number), options: shop.command()
      ).order)
    #expect(order.gross == quote.revision?.variants.first?.order?.gross)
    #expect(order.delivery?.zoneCode == "HZ")
    #expect(try await place(shop, order.number)?.street == "文三路3号")
    let zones = try await shop.pricing.listDeliveryZones(.init()).zones
    #expect(zones.map(\.zoneCode) == ["ZJ", "HZ", "ABROAD"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
