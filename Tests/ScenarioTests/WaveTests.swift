import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: the shipments of a morning are prepared and picked together")
struct WaveTests {
  private func furnished() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 20, cost: "210")
    try await shop.stock("LAMP", 20, cost: "80")
    return shop
  }

  private func place(
    _ shop: Shop, _ lines: [(sku: String, count: Int64)], wanted: Int32? = nil, zone: String? = nil
  ) async throws -> String {
    var input = shop.input(lines, customer: "VIP")
    input.requestedOn = wanted.map { .init(year: 2026, month: 3, day: $0) }
    input.delivery = zone.map { .init(zoneCode: $0) }
    return try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      .order?.number ?? ""
  }

  private func wave(
    _ shop: Shop, _ request: OrdersV1.PrepareWaveRequest = .init(warehouseCode: "MAIN")
  ) async throws -> OrdersV1.PrepareWaveResponse {
    try await shop.picking.prepareWave(request, options: shop.command())
  }

  @Test("what is due and there, one list by place; what speaks against one stops none")
  func morning() async throws {
    let shop = try await furnished()
    let places = try await shop.picking.setPickPlaces(
      .init(
        warehouseCode: "MAIN",
        places: [
          .init(sku: "LAMP", place: "A-01"), .init(sku: "CHAIR", place: "B-07"),
          .init(sku: "NOTHING", place: "C"), .init(sku: "TABLE", place: "C 1"),
        ]), options: shop.command())
    #expect(places.verdicts.map(\.outcome) == [.created, .created, .refused, .refused])
    let first = try await place(shop, [("CHAIR", 2), ("LAMP", 1)])
    let held = try await place(shop, [("CHAIR", 1)])
    _ = try await shop.orders.holdOrder(
      .init(number: held, kind: .fraud, reason: "called twice"), options: shop.command())
    let late = try await place(shop, [("CHAIR", 1)], wanted: 20)
    let second = try await place(shop, [("CHAIR", 3)], wanted: 2)
    // Nothing of it is there.
    _ = try await place(shop, [("TABLE", 1)])
    let done = try await wave(shop)
    #expect(done.verdicts.map(\.orderNumber) == [first, held, second])
    #expect(done.verdicts.map(\.shipmentNumber.isEmpty) == [false, true, false])
    #expect(done.verdicts[1].violations.map(\.reason) == ["ORDER_ON_HOLD"])
    #expect(done.wave == 1 && done.nextToken.isEmpty)
    let list = try await shop.picking.getPickList(.init(warehouseCode: "MAIN", wave: 1))
    #expect(list.rows.map { "\($0.place) \($0.sku)" } == ["A-01 LAMP", "B-07 CHAIR"])
    #expect(list.rows[1].quantity == amount("5", "pcs"))
    #expect(
      list.rows[1].shares.map(\.shipmentNumber) == [
        done.verdicts[0].shipmentNumber, done.verdicts[2].shipmentNumber,
      ])
    #expect(list.rows[1].shares.map(\.orderNumber) == [first, second])
    // What is picked is off the list, and what was prepared is not prepared again.
    _ = try await shop.orders.pickShipment(
      .init(number: done.verdicts[0].shipmentNumber), options: shop.command())
    let rest = try await shop.picking.getPickList(.init(warehouseCode: "MAIN"))
    #expect(rest.rows.map(\.sku) == ["CHAIR"] && rest.rows[0].quantity == amount("3", "pcs"))
    let again = try await wave(shop)
    #expect(again.wave == 0 && again.verdicts.map(\.orderNumber) == [held])
    let ahead = try await wave(
      shop, .init(warehouseCode: "MAIN", dueBy: .init(year: 2026, month: 3, day: 31)))
    #expect(ahead.wave == 2 && ahead.verdicts.map(\.orderNumber) == [held, late])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a zone, a carrier that goes there, and an appointment decide who is of it")
  func choice() async throws {
    let shop = try await furnished()
    _ = try await shop.coverage.setCoverage(
      .init(
        rows: [.init(zoneCode: "HZ", carrier: "德邦"), .init(zoneCode: "SH", carrier: "SF")],
        reason: "contract"), options: shop.command())
    let near = try await place(shop, [("CHAIR", 1)], zone: "HZ")
    let far = try await place(shop, [("CHAIR", 1)], zone: "SH")
    let fetched = try await place(shop, [("CHAIR", 1)])
    _ = try await shop.appointments.upsertDeliverySlots(
      .init(slots: [
        .init(
          code: "LATER", kind: .delivery, warehouseCode: "MAIN", crewCode: "CREW",
          day: .init(year: 2026, month: 3, day: 5), beginsMinute: 540, endsMinute: 720, stops: 2)
      ]), options: shop.command())
    let agreed = try await place(shop, [("LAMP", 1)], zone: "HZ")
    _ = try await shop.appointments.bookAppointment(
      .init(orderNumber: agreed, slotCode: "LATER", minutes: 20), options: shop.command())
    func orders(_ request: OrdersV1.PrepareWaveRequest) async throws -> [String] {
      try await shop.picking.prepareWave(request, options: shop.command(dryRun: true))
        .verdicts.map(\.orderNumber)
    }
    #expect(try await orders(.init(warehouseCode: "MAIN")) == [near, far, fetched])
    #expect(try await orders(.init(warehouseCode: "MAIN", zoneCode: "SH")) == [far])
    #expect(try await orders(.init(warehouseCode: "MAIN", carrier: "德邦")) == [near])
    #expect(
      try await orders(
        .init(
          warehouseCode: "MAIN", dueBy: .init(year: 2026, month: 3, day: 5), zoneCode: "HZ"))
        == [near, agreed])
    #expect(try await orders(.init(warehouseCode: "EAST")) == [])
    await shop.close()
  }

  @Test("it goes on where it ended, and every order comes once")
  func pages() async throws {
    let shop = try await furnished()
    var orders: [String] = []
    for _ in 1...7 { orders.append(try await place(shop, [("CHAIR", 1)])) }
    var request = OrdersV1.PrepareWaveRequest(warehouseCode: "MAIN", limit: 3)
    var seen: [String] = []
    var waves: [Int64] = []
    repeat {
      let done = try await wave(shop, request)
      seen += done.verdicts.map(\.orderNumber)
      waves.append(done.wave)
      request.token = done.nextToken
    } while !request.token.isEmpty
    #expect(seen == orders && waves == [1, 2, 3])
    let foreign = await refusal {
      try await wave(shop, .init(warehouseCode: "EAST", token: "\(request.token)x"))
    }
    #expect(foreign?.code == .invalidArgument)
    let wide = await refusal { try await wave(shop, .init(warehouseCode: "MAIN", limit: 101)) }
    #expect(violations(wide) == ["OUT_OF_RANGE limit"])
    let unknown = await refusal {
      try await shop.picking.getPickList(.init(warehouseCode: "EAST", wave: 1))
    }
    #expect(unknown?.code == .notFound && reason(unknown) == "UNKNOWN_WAVE")
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
