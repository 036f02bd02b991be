import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a van for each house, and one for each part that is there")
struct AppointmentPlacesTests {
  private func day(_ month: Int32, _ day: Int32) -> GoogleType.Date {
    .init(year: 2026, month: month, day: day)
  }

  private func slot(
    _ code: String, _ kind: OrdersV1.SlotKind = .delivery, on date: GoogleType.Date,
    zone: String = "", from begins: Int32 = 9, until ends: Int32 = 12
  ) -> OrdersV1.DeliverySlot {
    .init(
      code: code, kind: kind, warehouseCode: "MAIN", zoneCode: zone, crewCode: "CREW-\(code)",
      day: date, beginsMinute: begins * 60, endsMinute: ends * 60, stops: 9)
  }

  /// The shop of 2 March 2026 with chairs that take 200 l and half an hour each, and the customer's
  /// houses in the zones HZ and ZJ.
  private func opened(
    chairs: Int64, _ slots: [OrdersV1.DeliverySlot]
  ) async throws -> (shop: Shop, home: Int64, far: Int64) {
    let shop = try await Shop.open()
    try await shop.furnish()
    if chairs > 0 { try await shop.stock("CHAIR", chairs, cost: "210") }
    _ = try await shop.assortment.upsertCartons(
      .init(products: [
        .init(
          sku: "CHAIR",
          cartons: [
            .init(number: 1, weightGrams: 8_000, lengthMm: 1_000, widthMm: 500, heightMm: 400)
          ])
      ]), options: shop.command())
    _ = try await shop.appointments.upsertAssemblyTimes(
      .init(times: [.init(sku: "CHAIR", minutes: 30)]), options: shop.command())
    _ = try await shop.pricing.replaceDeliveryZones(
      .init(zones: [
        .init(regionPrefix: "3301", zoneCode: "HZ"), .init(regionPrefix: "33", zoneCode: "ZJ"),
      ]), options: shop.command())
    _ = try await shop.appointments.upsertDeliverySlots(
      .init(slots: slots), options: shop.command())
    func address(_ label: String, _ region: String) async throws -> Int64 {
      try await shop.customers.setAddress(
        .init(
          customerCode: "CREDIT",
          address: .init(label: label, regionCode: region, street: "\(label) 1")),
        options: shop.command()
      ).address?.id ?? 0
    }
    return (
      shop, try await address("West house", "330106"), try await address("East house", "330212")
    )
  }

  private typealias Part = (count: Int64, on: GoogleType.Date, address: Int64)

  private func place(
    _ shop: Shop, home: Int64, _ parts: [Part], services: [String] = []
  ) async throws -> String {
    var input = shop.input(
      [("CHAIR", parts.reduce(0) { $0 + $1.count })] + services.map { ($0, 1) })
    input.delivery = .init(addressId: home)
    input.lines[0].schedules = parts.map {
      .init(requestedOn: $0.on, quantity: pieces($0.count), addressId: $0.address)
    }
    return try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      .order?.number ?? ""
  }

  private func book(
    _ shop: Shop, _ order: String, _ slot: String, at address: Int64 = 0
  ) async throws -> OrdersV1.Appointment {
    try #require(
      try await shop.appointments.bookAppointment(
        .init(orderNumber: order, slotCode: slot, addressId: address), options: shop.command()
      ).appointment)
  }

  private func refused(
    _ shop: Shop, _ order: String, _ slot: String, at address: Int64 = 0
  ) async -> String? {
    violation(await refusal { try await book(shop, order, slot, at: address) })
  }

  private func show(_ shop: Shop, _ number: String) async throws -> OrdersV1.Appointment {
    try #require(
      try await shop.appointments.getAppointment(.init(number: number)).appointment)
  }

  private func rules(_ found: OrdersV1.Appointment) -> [String] {
    found.explanation?.steps.map(\.rule) ?? []
  }

  private func prepared(
    _ shop: Shop, _ order: String, at address: Int64 = 0
  ) async throws -> OrdersV1.Shipment {
    try #require(
      try await shop.orders.prepareShipment(
        .init(orderNumber: order, addressId: address), options: shop.command()
      ).shipment)
  }

  @Test("each house has a van of its own, of its zone, with what goes there")
  func houses() async throws {
    let (shop, home, far) = try await opened(
      chairs: 10,
      [
        slot("HZ-1", on: day(3, 3), zone: "HZ"), slot("ZJ-1", on: day(3, 4), zone: "ZJ"),
        slot("ZJ-2", on: day(3, 6), zone: "ZJ"),
      ])
    let order = try await place(
      shop, home: home, [(2, day(3, 2), home), (4, day(3, 2), far)])
    func offered(_ address: Int64) async throws -> [String] {
      try await shop.appointments.offerSlots(
        .init(orderNumber: order, kind: .delivery, addressId: address)
      ).slots.map(\.code)
    }
    #expect(try await offered(0) == ["HZ-1"])
    #expect(try await offered(home) == ["HZ-1"])
    #expect(try await offered(far) == ["ZJ-1", "ZJ-2"])
    #expect(await refused(shop, order, "HZ-1", at: far) == "SLOT_SERVES_OTHERS slot_code")
    #expect(await refused(shop, order, "ZJ-1", at: 9_999) == "UNKNOWN_PLACE address_id")
    let west = try await book(shop, order, "HZ-1", at: home)
    #expect(west.addressId == 0 && west.volumeCcm == 400_000)
    let east = try await book(shop, order, "ZJ-1", at: far)
    #expect(east.addressId == far && east.volumeCcm == 800_000)
    #expect(await refused(shop, order, "HZ-1") == "ALREADY_BOOKED order_number")
    #expect(await refused(shop, order, "ZJ-2", at: far) == "ALREADY_BOOKED order_number")
    _ = try await shop.appointments.moveAppointment(
      .init(number: east.number, slotCode: "ZJ-2"), options: shop.command())

    // Nothing is prepared for a house before its van comes.
    shop.clock.advance(days: 1)
    let wave = try await shop.picking.prepareWave(
      .init(warehouseCode: "MAIN"), options: shop.command())
    #expect(wave.verdicts.count == 1)
    let toWest = try #require(wave.verdicts.first?.shipmentNumber)
    let toEast = try await prepared(shop, order, at: far)
    for number in [toWest, toEast.number] {
      _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
      _ = try await shop.orders.packShipment(
        .init(number: number, cartons: 1), options: shop.command())
      _ = try await shop.orders.dispatchShipment(
        .init(number: number, carrier: "VAN"), options: shop.command())
    }
    func due(_ number: String) async throws -> GoogleType.Date? {
      try await shop.orders.listShipments(.init(orderNumber: order)).shipments
        .first { $0.number == number }?.dueOn
    }
    #expect(try await due(toWest) == day(3, 3))
    #expect(try await due(toEast.number) == day(3, 6))
    // What is on its way moves with the van that brings it, and with no other.
    _ = try await shop.appointments.moveAppointment(
      .init(number: east.number, slotCode: "ZJ-1"), options: shop.command())
    #expect(try await due(toEast.number) == day(3, 4))
    #expect(try await due(toWest) == day(3, 3))
    #expect(try await show(shop, east.number).volumeCcm == 800_000)

    _ = try await shop.orders.deliverShipment(.init(number: toWest), options: shop.command())
    #expect(try await show(shop, west.number).state == .kept)
    #expect(try await show(shop, east.number).state == .booked)
    shop.clock.advance(days: 1)
    _ = try await shop.orders.deliverShipment(
      .init(number: toEast.number), options: shop.command())
    #expect(try await show(shop, east.number).state == .kept)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a change that sends all to one house frees the other's van, and says so before")
  func together() async throws {
    let (shop, home, far) = try await opened(
      chairs: 10, [slot("HZ-1", on: day(3, 3), zone: "HZ"), slot("ZJ-1", on: day(3, 4))])
    let order = try await place(
      shop, home: home, [(2, day(3, 2), home), (4, day(3, 2), far)])
    let west = try await book(shop, order, "HZ-1")
    let east = try await book(shop, order, "ZJ-1", at: far)
    func change(dryRun: Bool) async throws -> [String?] {
      try await shop.orders.changeOrder(
        .init(
          number: order,
          change: .init(lines: [
            .init(
              lineNumber: 1, schedules: [.init(requestedOn: day(3, 2), quantity: pieces(6))])
          ]), reason: "the east house is sold"),
        options: shop.command(dryRun: dryRun)
      ).impact?.verdicts.map { $0.document?.number } ?? []
    }
    #expect(try await change(dryRun: true) == [east.number])
    #expect(try await show(shop, east.number).state == .booked)
    #expect(try await change(dryRun: false) == [east.number])
    #expect(try await show(shop, east.number).state == .released)
    #expect(try await show(shop, west.number).volumeCcm == 1_200_000)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("so does one of goods that are still to come")
  func togetherLater() async throws {
    let (shop, home, far) = try await opened(chairs: 0, [slot("FAR", on: day(3, 20))])
    let order = try await place(
      shop, home: home, [(2, day(3, 10), home), (3, day(3, 10), far)])
    _ = try await shop.purchasing.createPurchaseOrder(
      .init(
        supplierCode: "WOOD", warehouseCode: "MAIN",
        lines: [.init(sku: "CHAIR", quantity: pieces(5), unitPrice: yuanEach("210"))],
        expectedOn: day(3, 10)), options: shop.command())
    let west = try await book(shop, order, "FAR")
    let east = try await book(shop, order, "FAR", at: far)
    #expect(west.volumeCcm == 400_000 && east.volumeCcm == 600_000)
    // Nobody can say when the sixth is there: its part stays behind.
    let changed = try await shop.orders.changeOrder(
      .init(
        number: order,
        change: .init(lines: [
          .init(
            lineNumber: 1, quantity: pieces(6),
            schedules: [
              .init(requestedOn: day(3, 10), quantity: pieces(5)),
              .init(requestedOn: day(3, 15), quantity: pieces(1)),
            ])
        ]), reason: "the east house is sold"),
      options: shop.command(roles: "SALES_MANAGER"))
    let released = changed.impact?.verdicts.filter { $0.outcome == .cancelled } ?? []
    #expect(released.map(\.document?.number) == [east.number])
    #expect(try await show(shop, west.number).volumeCcm == 1_000_000)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a crew comes to each house, and the service is done when both are put together")
  func crews() async throws {
    let (shop, home, far) = try await opened(
      chairs: 10,
      [
        slot("VAN-W", on: day(3, 2)), slot("VAN-E", on: day(3, 2)),
        slot("FIT-W", .installation, on: day(3, 2), from: 13, until: 17),
        slot("FIT-E", .installation, on: day(3, 2), from: 13, until: 17),
      ])
    let order = try await place(
      shop, home: home, [(2, day(3, 2), 0), (4, day(3, 2), far)], services: ["INSTALL"])
    #expect(
      await refused(shop, order, "FIT-E", at: far) == "DELIVERY_NOT_BOOKED order_number")
    let van = try await book(shop, order, "VAN-W")
    #expect(
      await refused(shop, order, "FIT-E", at: far) == "DELIVERY_NOT_BOOKED order_number")
    let other = try await book(shop, order, "VAN-E", at: far)
    let west = try await book(shop, order, "FIT-W")
    let east = try await book(shop, order, "FIT-E", at: far)
    #expect(west.minutes == 60 && east.minutes == 120)
    // A van that does not come takes the crew of its house with it, and not the other's.
    let missed = try await shop.appointments.missAppointment(
      .init(number: other.number, missedBy: .crew, reason: "a puncture"),
      options: shop.command())
    #expect(missed.alsoReleased == east.number)
    _ = try await book(shop, order, "VAN-E", at: far)
    let again = try await book(shop, order, "FIT-E", at: far)

    func complete(_ number: String) async throws -> [Int32] {
      try await shop.appointments.completeInstallation(
        .init(number: number), options: shop.command()
      ).serviceLineNumbers
    }
    let toWest = try await prepared(shop, order, at: home)
    let toEast = try await prepared(shop, order, at: far)
    try await shop.deliver(shipment: toWest.number)
    #expect(try await show(shop, van.number).state == .kept)
    #expect(violation(await refusal { try await complete(again.number) }) == "NOT_DELIVERED")
    // The house of which all is there is put together, whatever the other waits for.
    #expect(try await complete(west.number) == [])
    try await shop.deliver(shipment: toEast.number)
    #expect(try await complete(again.number) == [2])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is put together at one house lengthens the warranty of nothing at the other")
  func warranty() async throws {
    let (shop, home, far) = try await opened(
      chairs: 10,
      [slot("VAN-W", on: day(3, 2)), slot("FIT-W", .installation, on: day(3, 3))])
    let order = try await place(
      shop, home: home, [(2, day(3, 2), 0), (4, day(3, 2), far)], services: ["INSTALL"])
    _ = try await book(shop, order, "VAN-W")
    let west = try await book(shop, order, "FIT-W")
    for (serial, address) in [("WEST", home), ("EAST", far)] {
      let shipment = try await prepared(shop, order, at: address).number
      try await shop.deliver(shipment: shipment)
      _ = try await shop.carriers.recordProofOfDelivery(
        .init(
          shipmentNumber: shipment,
          proof: .init(
            signedBy: "王芳", signedAt: .init(seconds: 1_772_413_200),
            lines: [.init(orderLineNumber: 1, serialNumbers: [serial])])),
        options: shop.command())
    }
    shop.clock.advance(days: 1)
    _ = try await shop.appointments.completeInstallation(
      .init(number: west.number), options: shop.command())
    func accepted(_ serial: String) async throws -> GoogleType.Date? {
      try await shop.warranties.checkWarranty(.init(serial: serial)).verdict?.acceptedOn
    }
    #expect(try await accepted("WEST") == day(3, 3))
    #expect(try await accepted("EAST") == day(3, 2))
    // The newest of the line is in the west; of three one is not.
    func newest(_ count: Int64) async throws -> GoogleType.Date? {
      try await shop.remakes.createRemake(
        .init(
          orderNumber: order, lineNumber: 1, quantity: pieces(count), reasonCode: "DEFECT"),
        options: shop.command(dryRun: true)
      ).warranty?.acceptedOn
    }
    #expect(try await newest(2) == day(3, 3))
    #expect(try await newest(3) == day(3, 2))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("of a line in parts a van brings what is wanted and there by its day")
  func parts() async throws {
    let (shop, home, _) = try await opened(
      chairs: 10,
      [
        slot("A", on: day(3, 3)), slot("B", on: day(3, 5)), slot("C", on: day(3, 20)),
        slot("D", on: day(3, 25)),
      ])
    let order = try await place(
      shop, home: home, [(2, day(3, 4), 0), (4, day(3, 20), 0)])
    #expect(await refused(shop, order, "A") == "SLOT_TOO_EARLY slot_code")
    let offer = try await shop.appointments.offerSlots(
      .init(orderNumber: order, kind: .delivery))
    #expect(offer.slots.map(\.code) == ["B", "C", "D"] && offer.earliestOn == day(3, 4))
    #expect(offer.explanation?.steps.map(\.rule) == ["PART", "LATER", "DEMAND"])
    let first = try await book(shop, order, "B")
    #expect(first.volumeCcm == 400_000 && rules(first) == ["PART", "LATER", "DEMAND"])
    // Both parts are there by the 20th.
    let moved = try await shop.appointments.moveAppointment(
      .init(number: first.number, slotCode: "C"), options: shop.command()
    ).appointment
    #expect(moved?.volumeCcm == 1_200_000)
    _ = try await shop.appointments.moveAppointment(
      .init(number: first.number, slotCode: "B"), options: shop.command())
    shop.clock.advance(days: 3)
    try await shop.deliver(shipment: try await prepared(shop, order).number)
    #expect(try await show(shop, first.number).state == .kept)
    let second = try await book(shop, order, "D")
    #expect(second.volumeCcm == 800_000)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a van with nothing but parts that slip is on the board")
  func slipped() async throws {
    let (shop, home, _) = try await opened(
      chairs: 0, [slot("VAN", on: day(3, 13)), slot("LATE", on: day(4, 13))])
    let order = try await place(shop, home: home, [(2, day(3, 10), 0), (1, day(3, 12), 0)])
    let bought =
      try await shop.purchasing.createPurchaseOrder(
        .init(
          supplierCode: "WOOD", warehouseCode: "MAIN",
          lines: [.init(sku: "CHAIR", quantity: pieces(3), unitPrice: yuanEach("210"))],
          expectedOn: day(3, 10)), options: shop.command()
      ).purchaseOrder?.number ?? ""
    let van = try await book(shop, order, "VAN")
    #expect(van.volumeCcm == 600_000 && !van.overtaken)
    func expect(on date: GoogleType.Date) async throws {
      _ = try await shop.purchasing.confirmPurchaseOrder(
        .init(number: bought, expectedOn: date), options: shop.command())
    }
    func board() async throws -> [String] {
      try await shop.shortages.listExceptions(.init(kinds: [.appointmentOvertaken])).rows.map(
        \.text)
    }
    try await expect(on: day(3, 20))
    #expect(try await show(shop, van.number).overtaken)
    #expect(
      try await board() == ["\(van.number) (VAN) is on 2026-03-13, and its goods come later"])
    _ = try await shop.appointments.moveAppointment(
      .init(number: van.number, slotCode: "LATE"), options: shop.command())
    #expect(try await board() == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what the customer takes in part at one house is nothing to the van of the other")
  func otherHouse() async throws {
    let (shop, home, far) = try await opened(chairs: 5, [slot("VAN", on: day(3, 3))])
    try await shop.stock("LAMP", 1, cost: "80")
    var input = shop.input([("CHAIR", 3), ("LAMP", 2)])
    input.delivery = .init(addressId: home)
    input.lines[0].schedules = [(1, Int64(0)), (2, far)].map {
      .init(requestedOn: day(3, 2), quantity: pieces($0.0), addressId: $0.1)
    }
    let order =
      try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      .order?.number ?? ""
    _ = try await shop.shortages.partShipLine(
      .init(orderNumber: order, lineNumber: 2), options: shop.command())
    let west = try await book(shop, order, "VAN")
    #expect(rules(west) == ["READY", "LATER", "NOT_MEASURED", "DEMAND"])
    let east = try await book(shop, order, "VAN", at: far)
    #expect(rules(east) == ["READY", "DEMAND"] && east.volumeCcm == 400_000)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what the customer takes now is brought without the rest, which comes later")
  func takenNow() async throws {
    let (shop, home, _) = try await opened(
      chairs: 2, [slot("SOON", on: day(3, 3)), slot("LATE", on: day(3, 30))])
    var input = shop.input([("CHAIR", 5)])
    input.delivery = .init(addressId: home)
    let order =
      try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      .order?.number ?? ""
    _ = try await shop.purchasing.createPurchaseOrder(
      .init(
        supplierCode: "WOOD", warehouseCode: "MAIN",
        lines: [.init(sku: "CHAIR", quantity: pieces(3), unitPrice: yuanEach("210"))],
        expectedOn: day(3, 10)), options: shop.command())
    #expect(await refused(shop, order, "SOON") == "SLOT_TOO_EARLY slot_code")
    let settled = try await shop.shortages.partShipLine(
      .init(orderNumber: order, lineNumber: 1), options: shop.command())
    let soon = try await book(shop, order, "SOON")
    #expect(soon.volumeCcm == 400_000 && rules(soon) == ["READY", "LATER", "DEMAND"])
    #expect(!soon.overtaken)
    // Waiting for all of it after all is another matter.
    _ = try await shop.shortages.agreeToWait(
      .init(orderNumber: order, lineNumber: 1), options: shop.command())
    #expect(try await show(shop, soon.number).overtaken)
    #expect(try await shop.violations() == [])
    shop.clock.advance(days: 1)
    try await shop.deliver(shipment: settled.shipment?.number ?? "")
    #expect(try await show(shop, soon.number).state == .kept)
    let late = try await book(shop, order, "LATE")
    #expect(late.volumeCcm == 600_000)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
