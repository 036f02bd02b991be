import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a van comes on the day that was agreed, and a crew puts things together")
struct AppointmentTests {
  private func day(_ month: Int32, _ day: Int32) -> GoogleType.Date {
    .init(year: 2026, month: month, day: day)
  }

  private func slot(
    _ code: String, _ kind: OrdersV1.SlotKind = .delivery, on date: GoogleType.Date,
    from begins: Int32 = 9, until ends: Int32 = 12, stops: Int32 = 2, zone: String = "",
    crew: String = "", minutes: Int64? = nil, volume: Int64? = nil
  ) -> OrdersV1.DeliverySlot {
    .init(
      code: code, kind: kind, warehouseCode: "MAIN", zoneCode: zone,
      crewCode: crew.isEmpty ? "CREW-\(code)" : crew, day: date, beginsMinute: begins * 60,
      endsMinute: ends * 60, stops: stops, minutes: minutes, volumeCcm: volume)
  }

  /// The shop of 2 March 2026, with ten chairs that take 200 l and half an hour each.
  private func furnished(_ slots: [OrdersV1.DeliverySlot]) async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "210")
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
    try await set(shop, slots)
    return shop
  }

  @discardableResult
  private func set(_ shop: Shop, _ slots: [OrdersV1.DeliverySlot]) async throws -> [String] {
    try await shop.appointments.upsertDeliverySlots(
      .init(slots: slots), options: shop.command()
    ).verdicts.flatMap { verdict in
      verdict.violations.map { "\(verdict.code) \($0.reason) \($0.field)" }
    }
  }

  private func place(
    _ shop: Shop, _ lines: [(sku: String, count: Int64)], zone: String = ""
  ) async throws -> String {
    var input = shop.input(lines)
    input.delivery = .init(zoneCode: zone)
    return try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      .order?.number ?? ""
  }

  private func book(
    _ shop: Shop, _ order: String, _ slot: String, minutes: Int64 = 0
  ) async throws -> OrdersV1.Appointment {
    try #require(
      try await shop.appointments.bookAppointment(
        .init(orderNumber: order, slotCode: slot, minutes: minutes), options: shop.command()
      ).appointment)
  }

  @Test("what a supplier brings himself keeps no appointment of our van")
  func broughtByAnother() async throws {
    let shop = try await furnished([slot("VAN", on: day(3, 2))])
    try await shop.stock("LAMP", 2, cost: "80")
    let order = try await place(shop, [("LAMP", 2), ("CHAIR", 1)])
    let number = try await book(shop, order, "VAN").number
    let direct = try await shop.dropShipments.dropShipLine(
      .init(orderNumber: order, lineNumber: 2, supplierCode: "WOOD"), options: shop.command())
    let sent = try await shop.dropShipments.shipDropShipment(
      .init(
        purchaseOrderNumber: direct.dropShipment?.purchaseOrderNumber ?? "", carrier: "SF"),
      options: shop.command())
    _ = try await shop.orders.deliverShipment(
      .init(number: sent.shipmentNumber), options: shop.command())
    let waiting = try await shop.appointments.getAppointment(.init(number: number)).appointment
    #expect(waiting?.state == .booked)
    try await shop.deliver(order)
    let kept = try await shop.appointments.getAppointment(.init(number: number)).appointment
    #expect(kept?.state == .kept)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func refused(_ shop: Shop, _ order: String, _ slot: String) async -> String? {
    violation(await refusal { try await book(shop, order, slot) })
  }

  private func show(_ shop: Shop, _ number: String) async throws -> OrdersV1.Appointment {
    try #require(
      try await shop.appointments.getAppointment(.init(number: number)).appointment)
  }

  private func booked(_ shop: Shop, _ code: String) async throws -> [Int64] {
    let slots = try await shop.appointments.listDeliverySlots(
      .init(from: day(1, 1))
    ).slots
    let found = try #require(slots.first { $0.code == code })
    return [Int64(found.bookedStops), found.bookedMinutes, found.bookedVolumeCcm]
  }

  @Test("forty customers for seven places: exactly seven get one")
  func race() async throws {
    let shop = try await furnished([slot("AM", on: day(3, 3), stops: 7)])
    try await shop.stock("LAMP", 40, cost: "80")
    var orders: [String] = []
    for _ in 0..<40 { orders.append(try await place(shop, [("LAMP", 1)])) }
    let got = try await withThrowingTaskGroup(of: Bool.self) { group in
      for order in orders {
        group.addTask {
          let error = await refusal {
            try await shop.appointments.bookAppointment(
              .init(orderNumber: order, slotCode: "AM"), options: shop.command())
          }
          if let error { #expect(violation(error) == "SLOT_FULL slot_code") }
          return error == nil
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(got == 7)
    #expect(try await booked(shop, "AM")[0] == 7)
    let listed = try await shop.appointments.listAppointments(
      .init(pageSize: 5, slotCode: "AM"))
    #expect(listed.appointments.count == 5 && !listed.nextPageToken.isEmpty)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("slots are offered from the day of the promise on, where there is room, and say why")
  func offers() async throws {
    let shop = try await furnished([
      slot("SMALL", on: day(3, 3), volume: 300_000), slot("FAR", on: day(3, 3), zone: "FAR"),
      slot("BIG", on: day(3, 4), volume: 400_000), slot("LATER", on: day(4, 30)),
    ])
    let two = try await place(shop, [("CHAIR", 2)])
    let offer = try await shop.appointments.offerSlots(.init(orderNumber: two, kind: .delivery))
    #expect(offer.slots.map(\.code) == ["BIG", "LATER"] && offer.full == 1)
    #expect(offer.earliestOn == day(3, 2))
    #expect(offer.explanation?.steps.map(\.rule) == ["READY", "DEMAND"])
    let later = try await shop.appointments.offerSlots(
      .init(orderNumber: two, kind: .delivery, from: day(3, 5)))
    #expect(later.slots.map(\.code) == ["LATER"])
    #expect(later.explanation?.steps.map(\.rule) == ["READY", "DEMAND", "WANTED"])

    // A table is made first; twelve chairs are more than there are, and nobody has ordered more.
    let table = try await place(shop, [("TABLE", 1)])
    let made = try await shop.appointments.offerSlots(
      .init(orderNumber: table, kind: .delivery))
    #expect(made.slots.map(\.code) == ["LATER"])
    let first = try #require(made.explanation?.steps.first)
    #expect(first.rule == "PROMISE" && made.earliestOn != day(3, 2))
    #expect(await refused(shop, table, "SMALL") == "SLOT_TOO_EARLY slot_code")
    let fetched = try await shop.place([("CHAIR", 1)]).number
    #expect(await refused(shop, fetched, "BIG") == "NOT_BROUGHT order_number")
    #expect(await refused(shop, two, "SMALL") == "SLOT_FULL slot_code")
    #expect(await refused(shop, two, "FAR") == "SLOT_SERVES_OTHERS slot_code")
    #expect(await refused(shop, two, "NONE") == "UNKNOWN_SLOT slot_code")
    let draft = try await shop.orders.createOrder(
      .init(order: shop.input([("CHAIR", 1)])), options: shop.command())
    #expect(await refused(shop, draft.order?.number ?? "", "BIG") == "ORDER_STATE_FORBIDS")
    let booked = try await book(shop, two, "BIG")
    #expect(booked.volumeCcm == 400_000 && booked.state == .booked)
    #expect(await refused(shop, two, "LATER") == "ALREADY_BOOKED order_number")
    shop.clock.advance(days: 3)
    let over = await refusal {
      try await shop.appointments.moveAppointment(
        .init(number: booked.number, slotCode: "SMALL"), options: shop.command())
    }
    #expect(violation(over) == "SLOT_OVER slot_code")
    #expect(try await self.booked(shop, "BIG") == [1, 0, 400_000])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what cancels, changes or moves an order frees the slot at once")
  func follows() async throws {
    let shop = try await furnished([
      slot("A", on: day(3, 3), stops: 1, volume: 600_000), slot("B", on: day(3, 4), stops: 1),
    ])
    let first = try await place(shop, [("CHAIR", 2)])
    let second = try await place(shop, [("CHAIR", 1)])
    let appointment = try await book(shop, first, "A")
    #expect(await refused(shop, second, "A") == "SLOT_FULL slot_code")
    func change(_ count: Int64, dryRun: Bool = false) async throws -> [TypeV1.SupplyVerdict] {
      try await shop.orders.changeOrder(
        .init(
          number: first,
          change: .init(lines: [.init(lineNumber: 1, quantity: pieces(count))]), reason: "other"),
        options: shop.command(dryRun: dryRun)
      ).impact?.verdicts ?? []
    }
    // Three fit; four do not, and the change says so before.
    #expect(try await change(3).isEmpty)
    #expect(try await booked(shop, "A") == [1, 0, 600_000])
    let told = try await change(4, dryRun: true)
    #expect(told.map { $0.document?.number } == [appointment.number])
    #expect(try await booked(shop, "A") == [1, 0, 600_000])
    #expect(try await change(4) == told)
    #expect(try await booked(shop, "A") == [0, 0, 0])
    #expect(try await show(shop, appointment.number).state == .released)

    let other = try await book(shop, second, "A")
    _ = try await shop.appointments.moveAppointment(
      .init(number: other.number, slotCode: "B", reason: "on holiday"), options: shop.command())
    #expect(try await booked(shop, "A") == [0, 0, 0])
    #expect(try await booked(shop, "B") == [1, 0, 200_000])
    _ = try await shop.orders.cancelOrder(
      .init(number: second, reason: .customerWish), options: shop.command())
    #expect(try await booked(shop, "B") == [0, 0, 0])
    #expect(try await show(shop, other.number).state == .released)
    let gone = await refusal {
      try await shop.appointments.releaseAppointment(
        .init(number: other.number, reason: "again"), options: shop.command())
    }
    #expect(violation(gone) == "APPOINTMENT_STATE")
    let timeline = try await shop.orders.getOrderTimeline(.init(number: second))
    #expect(
      timeline.events.map(\.type).filter { $0.hasPrefix("appointment") }
        == ["appointment.booked", "appointment.moved", "appointment.released"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what was brought is put together after it, and only then is its service done")
  func installation() async throws {
    let shop = try await furnished([
      slot("VAN", on: day(3, 3)), slot("VAN-2", on: day(3, 6)),
      slot("FIT-1", .installation, on: day(3, 3), from: 9, until: 11, minutes: 60),
      slot("FIT-2", .installation, on: day(3, 3), from: 13, until: 17, minutes: 60),
      slot("FIT-3", .installation, on: day(3, 5), minutes: 59),
    ])
    let order = try await place(shop, [("CHAIR", 2), ("INSTALL", 1)])
    #expect(await refused(shop, order, "FIT-2") == "DELIVERY_NOT_BOOKED order_number")
    let van = try await book(shop, order, "VAN")
    #expect(await refused(shop, order, "FIT-1") == "SLOT_TOO_EARLY slot_code")
    #expect(await refused(shop, order, "FIT-3") == "SLOT_FULL slot_code")
    let fit = try await book(shop, order, "FIT-2")
    #expect(fit.minutes == 60 && fit.explanation?.steps.map(\.rule) == ["DELIVERY", "DEMAND"])
    let late = await refusal {
      try await shop.appointments.moveAppointment(
        .init(number: van.number, slotCode: "VAN-2"), options: shop.command())
    }
    #expect(violation(late) == "INSTALLATION_BEFORE_DELIVERY slot_code")

    // The van does not come: nothing is put together, and both are booked anew.
    func miss() async throws -> OrdersV1.MissAppointmentResponse {
      try await shop.appointments.missAppointment(
        .init(number: van.number, missedBy: .crew, reason: "a puncture"), options: shop.command())
    }
    #expect(violation(await refusal { try await miss() }) == "NOT_YET")
    shop.clock.advance(days: 1)
    let missed = try await miss()
    #expect(missed.appointment?.state == .missed && missed.appointment?.missedBy == .crew)
    #expect(missed.alsoReleased == fit.number)
    #expect(try await booked(shop, "VAN")[0] == 1)
    #expect(try await booked(shop, "FIT-2") == [0, 0, 0])
    let again = try await book(shop, order, "VAN-2")
    try await set(shop, [slot("FIT-4", .installation, on: day(3, 7), minutes: 60)])
    let fitting = try await book(shop, order, "FIT-4")
    shop.clock.advance(days: 3)
    func complete() async throws -> [Int32] {
      try await shop.appointments.completeInstallation(
        .init(number: fitting.number, report: "as drawn"), options: shop.command()
      ).serviceLineNumbers
    }
    #expect(violation(await refusal { try await complete() }) == "NOT_YET")
    try await shop.deliver(order)
    #expect(try await show(shop, again.number).state == .kept)
    let delivered = try await shop.orders.getOrder(.init(number: order)).order
    #expect(delivered?.lines.map { $0.delivered?.micros } == [2_000_000, 0])
    func warranty() async throws -> AftersalesV1.WarrantyVerdict? {
      try await shop.warranties.checkWarranty(.init(orderNumber: order, lineNumber: 1)).verdict
    }
    #expect(try await warranty()?.acceptedOn == day(3, 6))
    shop.clock.advance(days: 1)
    #expect(try await complete() == [2])
    // The customer has what was sold once it is put together: two years from then.
    let covered = try await warranty()
    #expect(covered?.acceptedOn == day(3, 7))
    #expect(covered?.coveredUntil == .init(year: 2028, month: 3, day: 7))
    #expect(covered?.explanation.contains("installed on 2026-03-07") == true)
    let done = try await shop.orders.getOrder(.init(number: order)).order
    #expect(done?.lines.map { $0.delivered?.micros } == [2_000_000, 1_000_000])
    #expect(try await show(shop, fitting.number).state == .kept)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a crew is in one place at a time, and slots keep what customers were told")
  func slots() async throws {
    let shop = try await furnished([slot("A", on: day(3, 3), crew: "ONE", volume: 400_000)])
    #expect(
      try await set(shop, [slot("B", on: day(3, 3), from: 11, until: 13, crew: "ONE")])
        == ["B CREW_BUSY slots[0].crew_code"])
    #expect(try await set(shop, [slot("B", on: day(3, 3), from: 12, until: 13, crew: "ONE")]) == [])
    let order = try await place(shop, [("CHAIR", 1)])
    _ = try await book(shop, order, "A")
    #expect(
      try await set(shop, [slot("A", on: day(3, 4), crew: "ONE")]) == ["A SLOT_TAKEN slots[0].code"]
    )
    #expect(
      try await set(shop, [slot("A", on: day(3, 3), stops: 0, crew: "ONE", volume: 100_000)])
        == [
          "A CAPACITY_BOOKED slots[0].stops", "A CAPACITY_BOOKED slots[0].volume_ccm",
        ])
    var wrong = slot("C", on: .init(year: 2026, month: 2, day: 30), from: 12, until: 9)
    wrong.kind = .unspecified
    wrong.warehouseCode = "NOWHERE"
    #expect(
      try await set(shop, [wrong]) == [
        "C REQUIRED slots[0].kind", "C NOT_A_DATE slots[0].day",
        "C OUT_OF_RANGE slots[0].ends_minute", "C UNKNOWN_WAREHOUSE slots[0].warehouse_code",
      ])
    let times = try await shop.appointments.upsertAssemblyTimes(
      .init(times: [.init(sku: "NONE", minutes: 1), .init(sku: "CHAIR", minutes: -1)]),
      options: shop.command())
    #expect(
      times.verdicts.flatMap(\.violations).map { "\($0.reason) \($0.field)" }
        == ["UNKNOWN_PRODUCT times[0].sku", "OUT_OF_RANGE times[1].minutes"])
    #expect(try await shop.appointments.listAssemblyTimes(.init()).times.map(\.sku) == ["CHAIR"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
