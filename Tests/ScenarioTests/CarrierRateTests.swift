import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: who brings it for how much, until when, and who cannot")
struct CarrierRateTests {
  private typealias Mode = OrdersV1.CarrierMode

  private func day(_ month: Int32, _ day: Int32) -> GoogleType.Date {
    .init(year: 2026, month: month, day: day)
  }

  /// Chairs come in three cartons of 4 kg and 0.12 m³, lamps in one that breaks.
  private func furnished() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 20, cost: "210")
    try await shop.stock("LAMP", 20, cost: "80")
    func carton(_ contents: String, fragile: Bool = false) -> CatalogV1.Carton {
      .init(
        weightGrams: 4_000, lengthMm: 600, widthMm: 500, heightMm: 400, contents: contents,
        fragile: fragile)
    }
    _ = try await shop.assortment.upsertCartons(
      .init(products: [
        .init(sku: "CHAIR", cartons: ["seat", "back", "legs"].map { carton($0) }),
        .init(sku: "LAMP", cartons: [carton("glass", fragile: true)]),
      ]), options: shop.command())
    return shop
  }

  private func set(
    _ shop: Shop, _ tariff: OrdersV1.CarrierTariff, reason: String = "contract"
  ) async throws -> OrdersV1.CarrierTariff {
    try #require(
      try await shop.rates.setCarrierTariff(
        .init(tariff: tariff, reason: reason), options: shop.command()
      ).tariff)
  }

  /// By weight, from 20 kg on by the kilogram, with 8 % for fuel; nothing that breaks.
  private let road = OrdersV1.CarrierTariff(
    carrier: "德邦", mode: .road, currencyCode: "CNY", basis: .weight,
    fuelSurchargeMicros: 100_000,
    zones: [
      .init(
        zoneCode: "HZ", transitWorkingDays: 2,
        steps: [
          .init(upTo: 20_000, base: yuan("38")),
          .init(upTo: 500_000, base: yuan("38"), each: yuanEach("1.2")),
        ])
    ])
  /// The first kilogram and each further one, where room counts as weight.
  private let express = OrdersV1.CarrierTariff(
    carrier: "SF", mode: .express, currencyCode: "CNY", basis: .weight, roundedUpTo: 500,
    ccmPerKilogram: 6_000, maxCartonGrams: 20_000, takesFragile: true, cashOnDelivery: true,
    zones: [
      .init(
        transitWorkingDays: 1,
        steps: [
          .init(upTo: 1_000, base: yuan("18")), .init(base: yuan("18"), each: yuanEach("5")),
        ])
    ])
  /// By room, at least 60.
  private let van = OrdersV1.CarrierTariff(
    carrier: "VAN", mode: .ownTruck, currencyCode: "CNY", basis: .volume, minimum: yuan("60"),
    takesFragile: true, zones: [.init(zoneCode: "HZ", steps: [.init(each: yuanEach("200"))])])

  private func order(
    _ shop: Shop, _ lines: [(sku: String, count: Int64)], zone: String = "HZ",
    requested: GoogleType.Date? = nil
  ) async throws -> String {
    var input = shop.input(lines)
    input.delivery = .init(zoneCode: zone)
    input.requestedOn = requested
    return try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      .order?.number ?? ""
  }

  private func packed(_ shop: Shop, _ order: String) async throws -> String {
    let shipment =
      try await shop.orders.prepareShipment(.init(orderNumber: order), options: shop.command())
      .shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: shipment), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: shipment, cartons: 1), options: shop.command())
    return shipment
  }

  private func told(_ shop: OrdersV1.RateShopResponse) -> [String] {
    shop.offers.map { offer in
      "\(offer.carrier) \(offer.cost?.minorUnits ?? -1) "
        + (offer.arrivesOn.map { "\($0.month)-\($0.day)" } ?? "?")
    }
  }

  private func why(_ shop: OrdersV1.RateShopResponse) -> [String] {
    shop.refusing.map { "\($0.carrier): " + $0.reasons.map(\.reason).joined(separator: ", ") }
  }

  @Test("ranked by cost or by day, and each that cannot says all of why")
  func ranked() async throws {
    let shop = try await furnished()
    for tariff in [express, van, road] { _ = try await set(shop, tariff) }
    let number = try await order(shop, [("CHAIR", 2)], requested: day(3, 3))
    let shipment = try await packed(shop, number)
    let found = try await shop.rates.rateShop(.init(shipmentNumber: shipment))
    #expect(found.consignment?.weightGrams == 24_000 && found.consignment?.cartons == 6)
    #expect(found.consignment?.volumeCcm == 720_000 && found.consignment?.zoneCode == "HZ")
    // 38 + 4 × 1.20, and 10 % of that; 0.72 m³ × 200; 120 kg by room: 18 + 119 × 5.
    #expect(told(found) == ["德邦 4708 3-4", "VAN 14400 3-2", "SF 61300 3-3"])
    #expect(found.refusing.isEmpty)
    #expect(found.offers.map(\.afterRequestedDay) == [true, false, false])
    #expect(
      found.offers[0].explanation?.steps.map(\.rule) == ["FREIGHT", "FUEL_SURCHARGE", "TRANSIT"])
    let soon = try await shop.rates.rateShop(
      .init(shipmentNumber: shipment, ranking: .arrival, arriveBy: day(3, 3)))
    #expect(told(soon) == ["VAN 14400 3-2", "SF 61300 3-3"])
    #expect(why(soon) == ["德邦: ARRIVES_TOO_LATE"])

    let glass = try await order(shop, [("CHAIR", 2), ("LAMP", 1)])
    let fragile = try await shop.rates.rateShop(
      .init(orderNumber: glass, cashOnDelivery: true))
    #expect(
      why(fragile) == ["VAN: NO_CASH_ON_DELIVERY", "德邦: FRAGILE_NOT_TAKEN, NO_CASH_ON_DELIVERY"])
    #expect(fragile.refusing[1].reasons[0].facts.map(\.value) == ["2"])
    #expect(fragile.consignment?.fragileLineNumbers == [2])
    await shop.close()
  }

  @Test("what is too heavy, too long, too large, too much, not said, or for nobody")
  func refused() async throws {
    let shop = try await furnished()
    var small = road
    (small.maxCartonGrams, small.maxCartonLengthMm, small.maxCartonCcm) = (3_999, 599, 119_999)
    small.zones[0].steps.removeLast()
    for tariff in [express, van, small] { _ = try await set(shop, tariff) }
    let number = try await order(shop, [("CHAIR", 2)])
    func reasons(_ number: String, _ carrier: String) async throws -> [String] {
      try await shop.rates.rateShop(.init(orderNumber: number)).refusing
        .first { $0.carrier == carrier }?.reasons.map(\.reason) ?? []
    }
    #expect(
      try await reasons(number, "德邦") == [
        "CARTON_TOO_HEAVY", "CARTON_TOO_LONG", "CARTON_TOO_LARGE", "BEYOND_TARIFF",
      ])
    let far = try await order(shop, [("CHAIR", 1)], zone: "FAR")
    #expect(try await reasons(far, "VAN") == ["ZONE_NOT_PRICED"])
    #expect(try await reasons(far, "SF") == [])
    // Nobody has said what a table weighs, what room it takes, and in what it comes.
    let table = try await order(shop, [("TABLE", 1)])
    let unknown = try await shop.rates.rateShop(.init(orderNumber: table))
    #expect(unknown.consignment?.unweighedLineNumbers == [1] && unknown.offers.isEmpty)
    #expect(
      why(unknown) == [
        "SF: NOT_WEIGHED, NOT_MEASURED, CARTONS_UNLISTED", "VAN: NOT_MEASURED",
        "德邦: NOT_WEIGHED, CARTONS_UNLISTED",
      ])
    _ = try await shop.coverage.setCoverage(
      .init(rows: [.init(zoneCode: "HZ", carrier: "德邦")], reason: "contract"),
      options: shop.command())
    #expect(try await reasons(number, "VAN") == ["CARRIER_NOT_SERVING"])
    let fetched = try await shop.place([("CHAIR", 1)]).number
    #expect(
      violations(await refusal { try await shop.rates.rateShop(.init(orderNumber: fetched)) })
        == ["NOT_BROUGHT order_number"])
    _ = try await packed(shop, number)
    #expect(
      violations(await refusal { try await shop.rates.rateShop(.init(orderNumber: number)) })
        == ["NOTHING_TO_SEND order_number"])
    await shop.close()
  }

  @Test("what is given to a carrier says why, and leaves with it")
  func chosen() async throws {
    let shop = try await furnished()
    for tariff in [express, van, road] { _ = try await set(shop, tariff) }
    let shipment = try await packed(shop, try await order(shop, [("CHAIR", 2)]))
    func choose(
      _ carrier: String, _ mode: OrdersV1.CarrierMode, why: String = ""
    ) async throws -> OrdersV1.CarrierChoice? {
      try await shop.rates.chooseCarrier(
        .init(shipmentNumber: shipment, carrier: carrier, mode: mode, reason: why),
        options: shop.command()
      ).shipment?.carrierChoice
    }
    func dispatch(_ number: String) async throws -> OrdersV1.Shipment? {
      try await shop.orders.dispatchShipment(.init(number: number), options: shop.command())
        .shipment
    }
    #expect(violations(await refusal { try await dispatch(shipment) }) == ["REQUIRED carrier"])
    #expect(
      violations(await refusal { try await choose("SF", .road) }) == ["UNKNOWN_TARIFF carrier"])
    #expect(violations(await refusal { try await choose("SF", .unspecified) }) == ["REQUIRED mode"])
    #expect(
      violations(await refusal { try await choose("SF", .express) }) == ["REASON_NEEDED reason"])
    let best = try await choose("德邦", .road)
    #expect(best?.betterOffers == 0 && best?.offer?.cost == yuan("47.08"))
    let fast = try await choose("SF", .express, why: "the customer is in a hurry")
    #expect(fast?.betterOffers == 2 && fast?.reason == "the customer is in a hurry")
    // The tariff of tomorrow does not change what was chosen today.
    var dear = express
    dear.zones[0].steps = [.init(base: yuan("900"))]
    #expect(try await set(shop, dear).version == 2)
    let labels = try await shop.loading.getLabels(.init(shipmentNumber: shipment))
    #expect(labels.carrier == "SF")
    let left = try await dispatch(shipment)
    #expect(left?.carrier == "SF" && left?.carrierChoice == fast)
    #expect(fast?.offer?.tariffVersion == 1 && fast?.offer?.cost == yuan("613.00"))
    #expect(violation(await refusal { try await choose("德邦", .road) }) == "SHIPMENT_STATE_FORBIDS")

    let glass = try await packed(shop, try await order(shop, [("LAMP", 1)]))
    let fragile = await refusal {
      try await shop.rates.chooseCarrier(
        .init(shipmentNumber: glass, carrier: "德邦", mode: .road), options: shop.command())
    }
    #expect(fragile?.code == .failedPrecondition && reason(fragile) == "FRAGILE_NOT_TAKEN")
    // What our own crew is to be paid for goes with our own van.
    _ = try await shop.cashOnDelivery.arrangeCashOnDelivery(
      .init(shipmentNumber: glass, collector: .ownCrew), options: shop.command())
    let paid = try await shop.rates.rateShop(.init(shipmentNumber: glass))
    #expect(told(paid) == ["VAN 6000 3-2"])
    #expect(why(paid) == ["SF: OWN_CREW_COLLECTS", "德邦: FRAGILE_NOT_TAKEN, OWN_CREW_COLLECTS"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("tariffs are made for days to come, in their own currency, and are never changed")
  func versions() async throws {
    let shop = try await furnished()
    var bad = road
    bad.validFrom = day(3, 1)
    bad.zones[0].steps[1].upTo = 20_000
    #expect(
      violations(await refusal { try await set(shop, bad) }) == ["OUT_OF_RANGE tariff.valid_from"])
    bad.validFrom = nil
    bad.zones.append(.init(zoneCode: "HZ"))
    #expect(
      violations(await refusal { try await set(shop, bad) }) == [
        "STEP_NOT_RISING tariff.zones[0].steps[1].up_to", "OUT_OF_RANGE tariff.zones[1].steps",
        "DUPLICATE_ZONE tariff.zones[1].zone_code",
      ])
    var foreign = road
    foreign.zones[0].steps[0].base = .init(currencyCode: "USD", minorUnits: 1)
    #expect(
      violations(await refusal { try await set(shop, foreign) })
        == ["CURRENCY_NOT_ACCEPTED tariff.zones[0].steps[0].base"])
    var later = road
    later.validFrom = day(3, 5)
    later.zones[0].steps = [.init(base: yuan("50"))]
    _ = try await set(shop, road)
    #expect(try await set(shop, later).version == 2)
    let number = try await order(shop, [("CHAIR", 2)])
    #expect(told(try await shop.rates.rateShop(.init(orderNumber: number))) == ["德邦 4708 3-4"])
    // Thursday, and two working days later.
    shop.clock.advance(days: 3)
    #expect(told(try await shop.rates.rateShop(.init(orderNumber: number))) == ["德邦 5500 3-9"])
    #expect(try await shop.rates.listCarrierTariffs(.init()).tariffs.map(\.version) == [2])
    let first = try await shop.rates.getCarrierTariff(
      .init(carrier: "德邦", mode: .road, version: 1)
    ).tariff
    #expect(first?.zones.first?.steps.count == 2 && first?.reason == "contract")
    let none = await refusal {
      try await shop.rates.getCarrierTariff(.init(carrier: "EMS", mode: .air))
    }
    #expect(none?.code == .notFound && reason(none) == "UNKNOWN_TARIFF")
    // Dollars count once they have a rate.
    let dollars = OrdersV1.CarrierTariff(
      carrier: "UPS", mode: .air, currencyCode: "USD", basis: .weight,
      zones: [
        .init(
          transitWorkingDays: 1,
          steps: [.init(base: .init(currencyCode: "USD", minorUnits: 1_000))])
      ])
    _ = try await set(shop, dollars)
    let without = try await shop.rates.rateShop(.init(orderNumber: number))
    #expect(why(without) == ["UPS: NO_EXCHANGE_RATE"])
    _ = try await shop.catalog.upsertExchangeRates(
      .init(exchangeRates: [
        .init(
          rate: .init(currencyCode: "USD", micros: 7_200_000, units: 1), validFrom: day(3, 1))
      ]), options: shop.command())
    let with = try await shop.rates.rateShop(.init(orderNumber: number))
    #expect(told(with) == ["德邦 5500 3-9", "UPS 7200 3-6"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
