import Messages
import TestKit
import Testing

@Suite("Scenario: the van brings our own goods, on a day on which they are there")
struct OvertakenAppointmentTests {
  private func day(_ month: Int32, _ day: Int32) -> GoogleType.Date {
    .init(year: 2026, month: month, day: day)
  }

  private func slot(
    _ code: String, _ kind: OrdersV1.SlotKind = .delivery, on date: GoogleType.Date,
    from begins: Int32 = 9, until ends: Int32 = 12
  ) -> OrdersV1.DeliverySlot {
    .init(
      code: code, kind: kind, warehouseCode: "MAIN", crewCode: "CREW-\(code)", day: date,
      beginsMinute: begins * 60, endsMinute: ends * 60, stops: 9,
      minutes: kind == .installation ? 600 : nil)
  }

  /// The shop of 2 March 2026, with two lamps, chairs to be bought of WOOD in ten days, and slots.
  private func furnished(_ slots: [OrdersV1.DeliverySlot]) async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 2, cost: "80")
    _ = try await shop.assortment.upsertCartons(
      .init(
        products: ["CHAIR", "LAMP"].map { sku in
          .init(
            sku: sku,
            cartons: [
              .init(number: 1, weightGrams: 8_000, lengthMm: 1_000, widthMm: 500, heightMm: 400)
            ])
        }), options: shop.command())
    _ = try await shop.appointments.upsertAssemblyTimes(
      .init(times: [.init(sku: "CHAIR", minutes: 30)]), options: shop.command())
    _ = try await shop.appointments.upsertDeliverySlots(
      .init(slots: slots), options: shop.command())
    return shop
  }

  private func place(
    _ shop: Shop, _ lines: [(sku: String, count: Int64)],
    _ asked: OrdersV1.OrderInstructions? = nil
  ) async throws -> String {
    var input = shop.input(lines, customer: "VIP")
    input.delivery = .init(zoneCode: "")
    input.instructions = asked
    return try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      .order?.number ?? ""
  }

  private func book(
    _ shop: Shop, _ order: String, _ slot: String
  ) async throws -> OrdersV1.Appointment {
    try #require(
      try await shop.appointments.bookAppointment(
        .init(orderNumber: order, slotCode: slot), options: shop.command()
      ).appointment)
  }

  private func show(_ shop: Shop, _ number: String) async throws -> OrdersV1.Appointment {
    try #require(
      try await shop.appointments.getAppointment(.init(number: number)).appointment)
  }

  private func dropShip(
    _ shop: Shop, _ order: String, line: Int32
  ) async throws -> OrdersV1.DropShipLineResponse {
    try await shop.dropShipments.dropShipLine(
      .init(orderNumber: order, lineNumber: line, supplierCode: "WOOD"), options: shop.command())
  }

  private func board(_ shop: Shop) async throws -> [OrdersV1.ExceptionRow] {
    try await shop.shortages.listExceptions(
      .init(kinds: [.carrierTrouble, .appointmentOvertaken])
    ).rows
  }

  @Test("what suppliers bring alone books no van; of a mixed order our own goods count")
  func suppliersBring() async throws {
    let shop = try await furnished([
      slot("VAN", on: day(3, 30)), slot("EARLY", on: day(3, 3)),
      slot("FIT", .installation, on: day(3, 4)), slot("FIT-LATE", .installation, on: day(3, 20)),
    ])
    let chairs = try await place(shop, [("CHAIR", 3)])
    _ = try await dropShip(shop, chairs, line: 1)
    let refused = await refusal { try await book(shop, chairs, "VAN") }
    #expect(violation(refused) == "SUPPLIERS_BRING order_number")
    let offer = await refusal {
      try await shop.appointments.offerSlots(.init(orderNumber: chairs, kind: .delivery))
    }
    #expect(violation(offer) == "SUPPLIERS_BRING order_number")
    // Who puts them together comes after the supplier, who needs ten days.
    let soon = await refusal { try await book(shop, chairs, "FIT") }
    #expect(violation(soon) == "SLOT_TOO_EARLY slot_code")
    let fit = try await book(shop, chairs, "FIT-LATE")
    #expect(fit.explanation?.steps.map(\.rule) == ["SUPPLIER", "DEMAND"])

    let mixed = try await place(shop, [("LAMP", 2), ("CHAIR", 2)])
    _ = try await dropShip(shop, mixed, line: 2)
    // The lamps are there: the day and the room are theirs alone.
    let booked = try await book(shop, mixed, "EARLY")
    #expect(booked.volumeCcm == 400_000)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a van that was booked for what a supplier brings after all is free again")
  func givenToSupplier() async throws {
    let shop = try await furnished([slot("VAN", on: day(3, 30))])
    try await shop.stock("CHAIR", 5, cost: "200")
    let order = try await place(shop, [("CHAIR", 3)])
    let van = try await book(shop, order, "VAN")
    let mixed = try await place(shop, [("LAMP", 1), ("CHAIR", 2)])
    let shared = try await book(shop, mixed, "VAN")
    #expect(shared.volumeCcm == 600_000)
    let done = try await dropShip(shop, order, line: 1)
    #expect(done.verdicts.map(\.document?.number) == [van.number])
    #expect(try await show(shop, van.number).state == .released)
    _ = try await dropShip(shop, mixed, line: 2)
    let left = try await show(shop, shared.number)
    #expect(left.state == .booked && left.volumeCcm == 200_000)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("goods that come after the van are on the board until it is moved, or they come sooner")
  func overtaken() async throws {
    let shop = try await furnished([slot("VAN", on: day(3, 13)), slot("LATE", on: day(4, 13))])
    let order = try await place(shop, [("LAMP", 1), ("CHAIR", 2)])
    let bought =
      try await shop.purchasing.createPurchaseOrder(
        .init(
          supplierCode: "WOOD", warehouseCode: "MAIN",
          lines: [.init(sku: "CHAIR", quantity: pieces(2), unitPrice: yuanEach("210"))],
          expectedOn: day(3, 10)), options: shop.command()
      ).purchaseOrder?.number ?? ""
    let van = try await book(shop, order, "VAN")
    #expect(!van.overtaken)
    #expect(try await board(shop) == [])
    func expect(on date: GoogleType.Date) async throws {
      _ = try await shop.purchasing.confirmPurchaseOrder(
        .init(number: bought, supplierReference: "A-1", expectedOn: date),
        options: shop.command())
    }
    try await expect(on: day(3, 20))
    let row = try #require(try await board(shop).first)
    #expect(row.kind == .appointmentOvertaken && row.document?.number == van.number)
    #expect(row.orderNumber == order && row.day == day(3, 13))
    #expect(row.text.hasSuffix("its goods are there on 2026-03-20"), "\(row.text)")
    #expect(try await show(shop, van.number).overtaken)
    #expect(try await show(shop, van.number).state == .booked)
    try await expect(on: day(3, 12))
    #expect(try await board(shop) == [])
    try await expect(on: day(3, 21))
    _ = try await shop.appointments.moveAppointment(
      .init(number: van.number, slotCode: "LATE"), options: shop.command())
    #expect(try await board(shop) == [])
    #expect(try await !show(shop, van.number).overtaken)
    // What is given up waits for nothing any more.
    try await expect(on: day(4, 20))
    #expect(try await show(shop, van.number).overtaken)
    _ = try await shop.appointments.releaseAppointment(
      .init(number: van.number, reason: "will call"), options: shop.command())
    #expect(try await !show(shop, van.number).overtaken)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what carriers could not bring is on the board until they bring it")
  func carriers() async throws {
    let shop = try await furnished([])
    let order = try await place(shop, [("LAMP", 2)])
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: order), options: shop.command())
    let number = prepared.shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 2), options: shop.command())
    _ = try await shop.orders.dispatchShipment(
      .init(number: number, carrier: "SF", trackingNumber: "T-1"), options: shop.command())
    func tell(
      _ status: OrdersV1.CarrierStatus, _ second: Int64,
      _ trouble: OrdersV1.CarrierTrouble = .unspecified
    ) async throws {
      let reply = try await shop.carriers.ingestCarrierEvents(
        .init(
          carrier: "SF",
          events: [
            .init(
              eventId: "E-\(second)", trackingNumber: "T-1", status: status,
              occurredAt: .init(seconds: 1_772_413_200 + second), text: "Mrs Wang's dog",
              trouble: trouble)
          ]), options: shop.command())
      #expect(reply.results.count == 1)
    }
    try await tell(.inTransit, 1)
    #expect(try await board(shop) == [])
    try await tell(.exception, 3)
    let row = try #require(try await board(shop).first)
    #expect(row.kind == .carrierTrouble && row.document?.number == number)
    #expect(row.text == "SF reports of \(number) that something is wrong with it")
    // What happened before changes nothing, whenever it is told.
    try await tell(.outForDelivery, 2)
    #expect(try await board(shop).count == 1)
    try await tell(.outForDelivery, 4)
    #expect(try await board(shop) == [])
    try await tell(.exception, 5, .damaged)
    #expect(
      try await board(shop).first?.text == "SF reports of \(number) that it is damaged")
    try await tell(.refused, 6)
    let refused = try await board(shop).map(\.text)
    #expect(refused == ["SF reports of \(number) that the customer did not take it"])
    _ = try await shop.orders.deliverShipment(.init(number: number), options: shop.command())
    #expect(try await board(shop) == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a van that has gone before anybody gets in is refused, and the crew reads the remarks")
  func noEntry() async throws {
    let shop = try await furnished([
      slot("DAWN", on: day(3, 3), from: 6, until: 8), slot("DAY", on: day(3, 3)),
    ])
    let remarks = OrdersV1.DeliveryRemarks(
      care: [.callBefore], noEntryBeforeMinute: 8 * 60, text: "gate 3")
    let order = try await place(shop, [("LAMP", 1)], .init(delivery: remarks))
    let early = await refusal { try await book(shop, order, "DAWN") }
    #expect(violation(early) == "ENTRY_TOO_EARLY slot_code")
    let booked = try await book(shop, order, "DAY")
    #expect(booked.remarks == remarks)
    _ = try await shop.orders.changeOrder(
      .init(
        number: order, change: .init(instructions: .init(delivery: .init(text: "gate 4"))),
        reason: "moved"), options: shop.command())
    #expect(try await show(shop, booked.number).remarks == .init(text: "gate 4"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
