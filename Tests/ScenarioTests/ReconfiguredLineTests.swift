import Messages
import TestKit
import Testing

@Suite("Scenario: the customer wants the table otherwise, while it is made")
struct ReconfiguredLineTests {
  private func shop() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("BOARD", 50, cost: "180")
    _ = try await shop.configurator.publishModel(.init(model: .table), options: shop.command())
    return shop
  }

  private func choice(_ settings: [(String, String)]) -> OrdersV1.ConfigurationInput {
    .init(settings: settings.map { .init(name: $0.0, value: $0.1) })
  }

  private func place(_ shop: Shop) async throws -> OrdersV1.Order {
    var order = shop.input([("TABLE", 2)], customer: "VIP")
    order.lines[0].configuration = choice([("length", "1800"), ("oiled", "yes")])
    return try await shop.orders.placeOrder(
      .init(order: order), options: shop.command()
    ).order ?? .init()
  }

  private func change(
    _ shop: Shop, _ number: String, _ line: OrdersV1.LineChange, dryRun: Bool = false
  ) async throws -> OrdersV1.ChangeOrderResponse {
    try await shop.orders.changeOrder(
      .init(number: number, change: .init(lines: [line]), reason: "a larger room"),
      options: shop.command(roles: "SALES_MANAGER", dryRun: dryRun))
  }

  private func works(
    _ shop: Shop, _ order: String
  ) async throws -> [ProductionV1.WorkOrder] {
    try await shop.production.listWorkOrders(.init(orderNumber: order)).workOrders
  }

  private func begin(_ shop: Shop, _ work: String) async throws {
    _ = try await shop.production.releaseWorkOrder(.init(number: work), options: shop.command())
    _ = try await shop.production.issueMaterials(.init(number: work), options: shop.command())
  }

  @Test("what nobody has begun is made as it is chosen now; price and version follow")
  func unbegun() async throws {
    let shop = try await shop()
    let order = try await place(shop)
    let before = try #require(try await works(shop, order.number).first)
    let wish = OrdersV1.LineChange(
      lineNumber: 1, configuration: choice([("length", "2400"), ("oiled", "yes")]))
    let shown = try await change(shop, order.number, wish, dryRun: true)
    let done = try await change(shop, order.number, wish)
    #expect(shown.impact?.differences == done.impact?.differences)
    #expect(done.impact?.differences.map(\.field).contains(.configuration) == true)
    #expect(done.impact?.verdicts.map(\.outcome) == [.cancelled, .planned])
    let line = try #require(done.order?.lines.first)
    #expect(line.lineNumber == 1 && line.configuration?.settings.map(\.value) == ["2400", "yes"])
    #expect(line.net != order.lines.first?.net)

    let now = try await works(shop, order.number).filter { $0.number != before.number }
    let made = try await shop.production.getWorkOrder(
      .init(number: try #require(now.first?.number)))
    #expect(made.configuration?.digest == line.configuration?.digest)
    let stored = try await shop.orders.getOrder(.init(number: order.number)).order
    #expect(stored?.lines == done.order?.lines)
    let first = try await shop.orders.getOrderVersion(
      .init(number: order.number, version: 1)
    ).version
    #expect(first?.lines.first?.configuration == "model 1: length=1800, oiled=yes")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what has begun is kept as stock, or stopped and written off, as is said")
  func begun() async throws {
    for scrap in [false, true] {
      let shop = try await shop()
      let order = try await place(shop)
      let before = try #require(try await works(shop, order.number).first)
      try await begin(shop, before.number)
      let wish = OrdersV1.LineChange(
        lineNumber: 1, configuration: choice([("length", "2400"), ("oiled", "yes")]),
        begunWork: scrap ? .scrap : .unspecified)
      let denied = await refusal {
        try await shop.orders.changeOrder(
          .init(number: order.number, change: .init(lines: [wish]), reason: "larger"),
          options: shop.command())
      }
      #expect(violations(denied) == ["CHANGE_TAKES_ROLE change.lines[0].configuration"])
      let shown = try await change(shop, order.number, wish, dryRun: true)
      #expect(shown.impact?.sunkCost?.minorUnits ?? 0 > 0)
      let done = try await change(shop, order.number, wish)
      #expect(
        done.impact?.verdicts.map(\.outcome) == [scrap ? .scrapped : .keptAsStock, .planned])
      #expect(done.impact?.sunkCost == shown.impact?.sunkCost)
      let old = try await shop.production.getWorkOrder(.init(number: before.number)).workOrder
      #expect(old?.state == (scrap ? .closed : .inProgress))
      let now = try #require(
        try await works(shop, order.number).first { $0.number != before.number })
      try await begin(shop, now.number)
      _ = try await shop.production.completeWorkOrder(
        .init(number: now.number, good: pieces(2)), options: shop.command())
      let made = try await shop.orders.getOrder(.init(number: order.number)).order
      #expect(made?.lines.first?.reserved == amount("2", "pcs"))
      #expect(try await shop.violations() == [])
      await shop.close()
    }
  }

  @Test("a requested change keeps what was chosen and what becomes of the old work")
  func requested() async throws {
    let shop = try await shop()
    let order = try await place(shop)
    let before = try #require(try await works(shop, order.number).first)
    try await begin(shop, before.number)
    let wish = OrdersV1.LineChange(
      lineNumber: 1, configuration: choice([("length", "2400"), ("oiled", "yes")]),
      begunWork: .scrap)
    let asked = try await shop.changes.requestOrderChange(
      .init(orderNumber: order.number, change: .init(lines: [wish]), reason: "larger"),
      options: shop.command(by: "zhao"))
    let line = asked.request?.change?.lines.first
    #expect(line?.configuration?.settings == wish.configuration?.settings)
    #expect(line?.begunWork == .scrap)
    #expect(asked.request?.impact?.verdicts.map(\.outcome) == [.scrapped, .planned])
    #expect(try await works(shop, order.number).count == 1)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what cannot be chosen, and what has left, names its field")
  func refused() async throws {
    let shop = try await shop()
    let order = try await place(shop)
    func refused(_ line: OrdersV1.LineChange) async -> [String] {
      violations(await refusal { try await change(shop, order.number, line) })
    }
    #expect(
      await refused(.init(lineNumber: 1, configuration: choice([("length", "1")])))
        == ["INVALID_CHOICE change.lines[0].configuration.settings"])
    #expect(
      await refused(.init(lineNumber: 1, remove: true, configuration: choice([]))).map {
        $0.split(separator: " ").last
      } == ["change.lines[0].remove"])
    let work = try #require(try await works(shop, order.number).first?.number)
    try await begin(shop, work)
    _ = try await shop.production.completeWorkOrder(
      .init(number: work, good: pieces(2)), options: shop.command())
    let shipment =
      try await shop.orders.prepareShipment(
        .init(orderNumber: order.number, lines: [.init(lineNumber: 1, quantity: pieces(1))]),
        options: shop.command()
      ).shipment?.number ?? ""
    try await shop.deliver(shipment: shipment)
    #expect(
      await refused(
        .init(lineNumber: 1, configuration: choice([("length", "2400"), ("oiled", "yes")])))
        == ["LINE_LEFT change.lines[0].configuration"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
