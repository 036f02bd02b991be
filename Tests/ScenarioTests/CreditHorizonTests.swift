import Foundation
import Messages
import RPC
import Services
import TestKit
import Testing

@testable import Storage

@Suite("Scenario: orders that are wanted far ahead need no credit until they are near or leave")
struct CreditHorizonTests {
  /// With tax.
  private static let chair: Int64 = 56_387

  /// HOTEL may owe two chairs; orders count thirty days ahead.
  private func opened(
    _ configuration: Database.Configuration = .inMemory
  ) async throws -> Shop {
    let shop = try await Shop.open(configuration)
    try await shop.furnish()
    try await shop.stock("CHAIR", 90, cost: "200")
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "HOTEL", name: "酒店", customerClass: "VIP", creditLimit: yuan("1200"),
          terms: .init(netDays: 30))
      ]), options: shop.command())
    try await count(shop, 30)
    return shop
  }

  @discardableResult
  private func count(
    _ shop: Shop, _ days: Int32?, from: GoogleType.Date? = nil
  ) async throws -> CustomersV1.CreditHorizon? {
    try await shop.customers.setCreditHorizon(
      .init(
        validFrom: from, rules: days.map { [.init(customerClass: "VIP", days: $0)] } ?? [],
        reason: "hotels order a year ahead"), options: shop.command()
    ).horizon
  }

  private func day(_ month: Int32, _ day: Int32) -> GoogleType.Date {
    .init(year: 2026, month: month, day: day)
  }

  private func place(
    _ shop: Shop, _ count: Int64, on day: GoogleType.Date? = nil, dryRun: Bool = false,
    _ change: (inout OrdersV1.OrderInput) -> Void = { _ in }
  ) async throws -> OrdersV1.PlaceOrderResponse {
    var input = shop.input([("CHAIR", count)], customer: "HOTEL")
    input.requestedOn = day
    change(&input)
    return try await shop.orders.placeOrder(
      .init(order: input), options: shop.command(dryRun: dryRun))
  }

  private func change(
    _ shop: Shop, _ number: String, _ change: OrdersV1.OrderChange, dryRun: Bool = false
  ) async throws {
    _ = try await shop.orders.changeOrder(
      .init(number: number, change: change, reason: "they called"),
      options: shop.command(roles: "SALES_MANAGER", dryRun: dryRun))
  }

  private func prepare(_ shop: Shop, _ number: String) async throws -> String {
    try await shop.orders.prepareShipment(
      .init(orderNumber: number), options: shop.command()
    ).shipment?.number ?? ""
  }

  private func pack(_ shop: Shop, _ number: String) async throws -> String {
    let shipment = try await prepare(shop, number)
    _ = try await shop.orders.pickShipment(.init(number: shipment), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: shipment, cartons: 1), options: shop.command())
    return shipment
  }

  private func dispatch(_ shop: Shop, _ shipment: String) async throws {
    _ = try await shop.orders.dispatchShipment(
      .init(number: shipment, carrier: "SF"), options: shop.command())
  }

  /// Of orders, of that what does not count yet, and what is left.
  private func used(_ shop: Shop) async throws -> [Int64?] {
    let use = try await shop.customers.getCustomer(.init(code: "HOTEL")).credit
    return [use?.orders, use?.beyondHorizon, use?.available].map { $0?.minorUnits }
  }

  private func facts(_ error: RPCError?, _ names: String...) -> [String] {
    let known = error?.detail(GoogleRPC.ErrorInfo.self)?.metadata ?? [:]
    return names.map { known[$0] ?? "-" }
  }

  private func obstacles(
    _ shop: Shop, _ number: String, _ action: OrdersV1.OrderAction
  ) async throws -> [String]? {
    try await shop.orders.getAllowedActions(.init(number: number)).actions
      .first { $0.action == action }?.obstacles.map(\.reason)
  }

  @Test("counted when it is near, and asked for when it leaves: who leaves first has the room")
  func life() async throws {
    let shop = try await opened()
    let near = try await place(shop, 2, on: day(3, 12)).order?.number ?? ""
    // The thirtieth day counts, the next does not.
    let refused = await refusal { try await place(shop, 1, on: day(4, 1)) }
    #expect(reason(refused) == "CREDIT_LIMIT_EXCEEDED")
    let first = try await place(shop, 2, on: day(4, 2)).order?.number ?? ""
    let second = try await place(shop, 2, on: day(4, 2)).order?.number ?? ""
    #expect(try await used(shop) == [6 * Self.chair, 4 * Self.chair, 7_226])
    let credit = try await shop.customers.getCustomerOverview(.init(code: "HOTEL")).credit
    #expect(credit?.countsUntil == day(4, 1))

    shop.clock.advance(days: 1)
    #expect(try await used(shop) == [6 * Self.chair, 0, 120_000 - 6 * Self.chair])
    let more = await refusal { try await place(shop, 1, on: day(3, 20)) }
    #expect(reason(more) == "CREDIT_LIMIT_EXCEEDED")
    // What was counted when it was promised leaves, whatever has come near meanwhile.
    try await shop.deliver(near)
    let late = await refusal { try await prepare(shop, first) }
    #expect(reason(late) == "CREDIT_LIMIT_EXCEEDED")
    #expect(
      facts(late, "exposure", "beyond_horizon", "requested")
        == ["1127.74 CNY", "2255.48 CNY", "1127.74 CNY"])
    #expect(try await obstacles(shop, first, .ship) == ["CREDIT_LIMIT_EXCEEDED"])
    #expect(try await shop.violations() == [])

    _ = try await shop.orders.invoiceOrder(.init(number: near), options: shop.command())
    _ = try await shop.finance.receivePayment(
      .init(
        amount: .init(currencyCode: "CNY", minorUnits: 2 * Self.chair), method: .bankTransfer,
        orderNumber: near), options: shop.command())
    #expect(try await obstacles(shop, first, .ship) == [])
    let shipments = [try await pack(shop, first), try await pack(shop, second)]
    #expect(try await obstacles(shop, second, .dispatch) == [])
    try await dispatch(shop, shipments[0])
    #expect(try await obstacles(shop, second, .dispatch) == ["CREDIT_LIMIT_EXCEEDED"])
    let atDoor = await refusal { try await dispatch(shop, shipments[1]) }
    #expect(reason(atDoor) == "CREDIT_LIMIT_EXCEEDED")
    let grant = try await shop.customers.grantCredit(
      .init(
        customerCode: "HOTEL", amount: yuan("1100"), validUntil: day(4, 2),
        reason: "they open in April"), options: shop.command()
    ).grant
    _ = try await shop.customers.decideCredit(
      .init(id: grant?.id ?? 0, approve: true), options: shop.command(by: "wang.fang"))
    try await dispatch(shop, shipments[1])
    #expect(try await used(shop) == [4 * Self.chair, 0, 230_000 - 4 * Self.chair])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a day that is moved closer is asked for, before and as it is done; further is not")
  func moved() async throws {
    let shop = try await opened()
    let near = try await place(shop, 2, on: day(3, 31)).order?.number ?? ""
    let far = try await place(shop, 2, on: day(6, 1)).order?.number ?? ""
    for dryRun in [true, false] {
      let refused = await refusal {
        try await change(shop, far, .init(requestedOn: day(4, 1)), dryRun: dryRun)
      }
      #expect(reason(refused) == "CREDIT_LIMIT_EXCEEDED")
      #expect(facts(refused, "requested") == ["1127.74 CNY"])
    }
    try await change(shop, far, .init(requestedOn: day(4, 2)))
    #expect(try await used(shop) == [4 * Self.chair, 2 * Self.chair, 7_226])
    try await change(shop, near, .init(requestedOn: day(5, 2)))
    #expect(try await used(shop) == [4 * Self.chair, 4 * Self.chair, 120_000])
    try await change(shop, far, .init(requestedOn: day(3, 2)))
    #expect(try await used(shop) == [4 * Self.chair, 2 * Self.chair, 7_226])
    // The one was asked for now, the other gave up its room.
    try await shop.deliver(far)
    let late = await refusal { try await prepare(shop, near) }
    #expect(reason(late) == "CREDIT_LIMIT_EXCEEDED")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("parts of a line count on their days; money is for what is wanted last, cancelling too")
  func parts() async throws {
    let shop = try await opened()
    let number =
      try await place(shop, 6) { input in
        input.lines[0].schedules = [
          .init(requestedOn: day(3, 10), quantity: pieces(1)),
          .init(requestedOn: day(4, 1), quantity: pieces(1)),
          .init(requestedOn: day(4, 10), quantity: pieces(2)),
          .init(requestedOn: day(7, 1), quantity: pieces(2)),
        ]
      }.order?.number ?? ""
    let whole = try await used(shop)[0] ?? 0
    #expect(whole > 0)
    let sixth = whole / 6
    func beyond() async throws -> Int64 {
      ((try await used(shop)[1] ?? 0) + sixth / 2) / sixth
    }
    #expect(try await beyond() == 4)
    shop.clock.advance(days: 9)
    #expect(try await beyond() == 2)
    // The part of April was not counted; that of March and the first of April were.
    try await shop.deliver(number)
    let april = await refusal {
      try await shop.orders.prepareShipment(
        .init(
          orderNumber: number, schedules: [.init(lineNumber: 1, scheduleNumber: 3)]),
        options: shop.command())
    }
    #expect(reason(april) == "CREDIT_LIMIT_EXCEEDED")
    _ = try await shop.orders.prepareShipment(
      .init(orderNumber: number, schedules: [.init(lineNumber: 1, scheduleNumber: 2)]),
      options: shop.command())
    _ = try await shop.finance.receivePayment(
      .init(
        amount: .init(currencyCode: "CNY", minorUnits: sixth), method: .card,
        orderNumber: number), options: shop.command())
    #expect(try await beyond() == 1)
    _ = try await shop.orders.cancelOrder(
      .init(
        number: number, reason: .customerWish,
        quantities: [.init(lineNumber: 1, quantity: pieces(2))]), options: shop.command())
    #expect(try await used(shop)[1] == 0)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("from the day of a new policy on it counts otherwise; what was promised stays")
  func policy() async throws {
    let shop = try await opened()
    let told = try await count(shop, 60, from: day(3, 9))
    #expect(told?.version == 2 && told?.validFrom == day(3, 9))
    #expect(told?.rules == [.init(customerClass: "VIP", days: 60)])
    _ = try await place(shop, 2, on: day(3, 31))
    let far = try await place(shop, 2, on: day(5, 1)).order?.number ?? ""
    func version(_ request: CustomersV1.GetCreditHorizonRequest) async throws -> Int64? {
      try await shop.customers.getCreditHorizon(request).horizon?.version
    }
    #expect(try await version(.init()) == 1)
    #expect(try await version(.init(day: day(3, 9))) == 2)
    #expect(try await version(.init(day: day(3, 1))) == 0)
    #expect(try await version(.init(version: 2)) == 2)
    let unknown = await refusal { try await version(.init(version: 3)) }
    #expect(unknown?.code == .notFound)
    let both = await refusal { try await version(.init(day: day(3, 1), version: 1)) }
    #expect(both?.code == .invalidArgument)
    shop.clock.advance(days: 7)
    #expect(try await used(shop) == [4 * Self.chair, 0, 120_000 - 4 * Self.chair])
    // Off: what no check has counted is still asked for when it leaves.
    try await count(shop, nil)
    let leaving = await refusal { try await prepare(shop, far) }
    #expect(reason(leaving) == "CREDIT_LIMIT_EXCEEDED")
    let off = await refusal { try await place(shop, 2, on: day(12, 1)) }
    #expect(reason(off) == "CREDIT_LIMIT_EXCEEDED")
    let wrong = await refusal {
      try await shop.customers.setCreditHorizon(
        .init(validFrom: day(3, 1), rules: [.init(days: 5), .init(days: 4_000)]),
        options: shop.command())
    }
    #expect(
      violations(wrong) == [
        "OUT_OF_RANGE valid_from", "OUT_OF_RANGE rules[1].days",
        "DUPLICATE_HORIZON_CLASS rules[1].customer_class", "REQUIRED reason",
      ])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("rules about credit look at what counts; what a supplier sends counts at once")
  func rules() async throws {
    let shop = try await opened()
    _ = try await shop.intake.setValidationPolicy(
      .init(
        rules: [
          .init(
            code: "HALF", condition: .credit(.init(shareMicros: 500_000)), hold: .warning,
            atDispatch: true)
        ], reason: "half is enough"), options: shop.command())
    let far = try await place(shop, 1, on: day(6, 1))
    let near = try await place(shop, 1, on: day(3, 10))
    #expect(far.holds.isEmpty && near.holds.isEmpty)
    let number = far.order?.number ?? ""
    let sent = try await shop.dropShipments.dropShipLine(
      .init(orderNumber: number, lineNumber: 1, supplierCode: "WOOD"), options: shop.command()
    ).dropShipment?.purchaseOrderNumber
    #expect(try await used(shop) == [2 * Self.chair, 0, 7_226])
    let full = try await place(shop, 2, on: day(6, 1)).order?.number ?? ""
    let refused = await refusal {
      try await shop.dropShipments.dropShipLine(
        .init(orderNumber: full, lineNumber: 1, supplierCode: "WOOD"), options: shop.command())
    }
    #expect(reason(refused) == "CREDIT_LIMIT_EXCEEDED")
    _ = try await shop.dropShipments.cancelDropShipment(
      .init(purchaseOrderNumber: sent ?? "", reason: "we have it"), options: shop.command())
    #expect(try await used(shop) == [4 * Self.chair, 3 * Self.chair, 120_000 - Self.chair])
    // It is within the limit, and half of that is not enough for both.
    let shipment = try await pack(shop, number)
    let warned = await refusal { try await dispatch(shop, shipment) }
    #expect(
      warned?.detail(GoogleRPC.ErrorInfo.self)?.metadata["requested"] == "563.87 CNY")
    // Closer is more for the rule, too.
    let held = try await shop.orders.changeOrder(
      .init(number: number, change: .init(requestedOn: day(3, 20)), reason: "they called"),
      options: shop.command(roles: "SALES_MANAGER"))
    #expect(held.holds.map(\.kind) == [.warning])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func stored(_ database: Database) throws -> [String] {
    try database.writeBlocking { tx in
      try tx.all(
        """
        SELECT document_number || ' ' || wanted_until || ' ' || wanted FROM credit_exposure
        WHERE wanted IS NOT NULL ORDER BY document_number
        """
      ) { $0.text(0) }
    }
  }

  @Test("a database from before knows what is wanted when")
  func migrated() async throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("joinery-horizon-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let configuration = Database.Configuration(path: directory.path + "/shop.db")
    let shop = try await opened(configuration)
    for (count, month) in [(Int64(1), Int32(5)), (2, 6), (5, 7)] {
      let number = try await place(shop, count, on: day(month, 1)).order?.number ?? ""
      guard count == 2 else { continue }
      let shipment =
        try await shop.orders.prepareShipment(
          .init(orderNumber: number, lines: [.init(lineNumber: 1, quantity: pieces(1))]),
          options: shop.command()
        ).shipment?.number ?? ""
      try await shop.deliver(shipment: shipment)
    }
    #expect(try await shop.violations() == [])
    await shop.close()

    let fill = try #require(
      Schema.migrations.first {
        $0.id.hasPrefix("orders-") && $0.id.hasSuffix("-wanted-exposure")
      })
    let now = TestClock().now
    let before = try Database.open(configuration, migrations: Schema.migrations, now: now)
    let wanted = try stored(before)
    #expect(wanted.count == 3, "\(wanted)")
    try before.writeBlocking { tx in
      try tx.execute("UPDATE credit_exposure SET wanted = NULL, wanted_until = NULL")
    }
    before.close()
    let again = Schema.migrations + [Migration("again-0001-wanted-exposure", fill.sql)]
    let after = try Database.open(configuration, migrations: again, now: now)
    #expect(try stored(after) == wanted)
    after.close()
  }
}
