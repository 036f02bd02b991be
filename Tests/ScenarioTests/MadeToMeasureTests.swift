import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a table made as its customer chose")
struct MadeToMeasureTests {
  /// A shop whose oak table can be configured, with boards enough.
  private func shop() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("BOARD", 50, cost: "180")
    _ = try await shop.configurator.publishModel(.init(model: .table), options: shop.command())
    return shop
  }

  private func input(
    _ settings: [(String, String)]?, sku: String = "TABLE", version: Int64 = 0, count: Int64 = 1,
    in shop: Shop
  ) -> OrdersV1.OrderInput {
    var order = shop.input([(sku, count)], customer: "VIP")
    order.lines[0].configuration = settings.map { settings in
      .init(
        modelVersion: version, settings: settings.map { .init(name: $0.0, value: $0.1) })
    }
    return order
  }

  private func place(_ order: OrdersV1.OrderInput, in shop: Shop) async throws -> OrdersV1.Order {
    try await shop.orders.placeOrder(.init(order: order), options: shop.command()).order ?? .init()
  }

  private func workOrder(
    of order: String, in shop: Shop
  ) async throws -> ProductionV1.GetWorkOrderResponse {
    let planned = try await shop.production.listWorkOrders(.init(orderNumber: order))
    return try await shop.production.getWorkOrder(
      .init(number: try #require(planned.workOrders.first?.number)))
  }

  private func make(
    _ workOrder: String, good: Int64, scrapped: Int64 = 0, in shop: Shop
  ) async throws -> String {
    _ = try await shop.production.releaseWorkOrder(
      .init(number: workOrder), options: shop.command())
    _ = try await shop.production.issueMaterials(
      .init(number: workOrder), options: shop.command())
    let done = try await shop.production.completeWorkOrder(
      .init(number: workOrder, good: pieces(good), scrapped: pieces(scrapped)),
      options: shop.command())
    return done.workOrder?.replacementNumber ?? ""
  }

  @Test("the line is priced by the model, and a work order with a bill of its own makes it")
  func orderedAndMade() async throws {
    let shop = try await shop()
    let order = try await place(
      input([("length", "1800"), ("oiled", "yes")], count: 2, in: shop), in: shop)
    let line = try #require(order.lines.first)
    #expect(line.unitPrice == yuanEach("1848") && line.net == yuan("3696.00"))
    #expect(line.priceExplanation?.steps.first?.rule == "CONFIGURED_PRICE")
    #expect(line.configuration?.modelVersion == 1)
    #expect(line.configuration?.settings.map(\.value) == ["1800", "yes"])
    #expect(line.configuration?.panels.map(\.length) == [amount("1800", "mm")])

    let planned = try await workOrder(of: order.number, in: shop)
    let made = try #require(planned.workOrder)
    // 2 × 1.8 m × 0.8 m ÷ (1 − 10 %), and not what the bill of the plain table says.
    #expect(
      made.components.map { "\($0.sku) \($0.required?.micros ?? 0)" } == [
        "BOARD 3200000", "SCREW 32000000",
      ])
    #expect(made.operations.map(\.plannedMinutesMicros) == [118_000_000])
    #expect(planned.configuration?.digest == line.configuration?.digest)
    #expect(planned.configuration?.panels == line.configuration?.panels)

    // What the model says later changes nothing of it.
    var dearer = ConfiguratorV1.Model.table
    dearer.prices[0].amount = "area * 9000"
    _ = try await shop.configurator.publishModel(.init(model: dearer), options: shop.command())
    let shown = try await shop.orders.getOrder(.init(number: order.number)).order
    #expect(shown?.lines == order.lines)

    #expect(try await make(made.number, good: 2, in: shop) == "")
    try await shop.deliver(order.number)
    let invoice = try await shop.orders.invoiceOrder(
      .init(number: order.number), options: shop.command())
    #expect(invoice.gross == order.gross)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is scrapped is made again as it was chosen, whatever tables are on the shelf")
  func madeAgain() async throws {
    let shop = try await shop()
    try await shop.stock("TABLE", 5, cost: "900")
    let order = try await place(
      input([("length", "2400"), ("oiled", "yes")], count: 2, in: shop), in: shop)
    #expect(order.lines.first?.reserved?.micros == 0)
    let first = try await workOrder(of: order.number, in: shop)
    let again = try await make(first.workOrder?.number ?? "", good: 1, scrapped: 1, in: shop)
    let second = try await shop.production.getWorkOrder(.init(number: again))
    #expect(second.workOrder?.quantity?.micros == 1_000_000)
    #expect(second.configuration == first.configuration)
    // 2.4 m × 0.8 m ÷ (1 − 10 %), rounded up.
    #expect(second.workOrder?.components.first?.required?.micros == 2_133_334)
    let held = try await shop.orders.getOrder(.init(number: order.number)).order?.lines.first
    #expect(held?.reserved?.micros == 1_000_000)
    #expect(try await make(again, good: 1, in: shop) == "")
    try await shop.deliver(order.number)
    #expect(
      try await shop.orders.getOrder(.init(number: order.number)).order?.state == .delivered)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("discounts come off the model's price, and freight counts what the chosen piece weighs")
  func discountAndFreight() async throws {
    let shop = try await shop()
    _ = try await shop.catalog.upsertProducts(
      .init(products: [
        .init(sku: "FREIGHT", name: "运费", kind: .service, unitCode: "pcs", taxClass: "REDUCED")
      ]), options: shop.command())
    _ = try await shop.pricing.replaceChargeRules(
      .init(rules: [
        .init(
          charge: "FREIGHT", sku: "FREIGHT", occasion: .delivery, base: yuan("30.00"),
          perKilogram: yuanEach("1.5"))
      ]), options: shop.command())
    var order = input([("length", "1800"), ("oiled", "yes")], count: 2, in: shop)
    order.lines[0].discountMicros = 100_000
    order.delivery = .init()
    let placed = try await place(order, in: shop)
    // 2 × 1,848.00 less 10 %; 30.00 and 1.5 for each of 2 × 36 kg.
    #expect(placed.lines.map(\.net) == [yuan("3326.40"), yuan("138.00")])
    #expect(placed.lines.map(\.configuration?.modelVersion) == [1, nil])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a draft keeps what was chosen, and submitting fixes what it comes to")
  func draft() async throws {
    let shop = try await shop()
    let created = try await shop.orders.createOrder(
      .init(order: input([("length", "2000")], in: shop)), options: shop.command())
    let drafted = try #require(created.order?.lines.first?.configuration)
    #expect(drafted.settings == [.init(name: "length", value: "2000")])
    #expect(drafted.price == nil && drafted.modelVersion == 0)
    var dearer = ConfiguratorV1.Model.table
    dearer.prices[0].amount = "area * 1300"
    _ = try await shop.configurator.publishModel(.init(model: dearer), options: shop.command())
    let number = created.order?.number ?? ""
    let submitted = try await shop.orders.submitOrder(
      .init(number: number), options: shop.command()
    ).order?.lines.first
    #expect(submitted?.configuration?.modelVersion == 2)
    #expect(submitted?.unitPrice == yuanEach("2080"))
    #expect(try await shop.orders.getOrder(.init(number: number)).order?.lines.first == submitted)
    let pinned = try await place(
      input([("length", "2000")], version: 1, in: shop), in: shop)
    #expect(pinned.lines.first?.unitPrice == yuanEach("1920"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a line that says nothing, too much or what cannot be is refused with its field")
  func refused() async throws {
    let shop = try await shop()
    let nothing = await refusal { try await place(input(nil, in: shop), in: shop) }
    #expect(violations(nothing) == ["CONFIGURATION_MISSING order.lines[0].configuration"])
    let chair = await refusal { try await place(input([], sku: "CHAIR", in: shop), in: shop) }
    #expect(violations(chair) == ["UNKNOWN_MODEL order.lines[0].configuration"])
    let invalid = await refusal {
      try await place(input([("length", "2400")], in: shop), in: shop)
    }
    #expect(violations(invalid) == ["INVALID_CHOICE order.lines[0].configuration.settings"])
    let unread = await refusal { try await place(input([("colour", "red")], in: shop), in: shop) }
    #expect(
      violations(unread) == ["UNKNOWN_PARAMETER order.lines[0].configuration.settings[0].name"])
    let late = await refusal { try await place(input([], version: 7, in: shop), in: shop) }
    #expect(
      violations(late) == ["UNKNOWN_MODEL_VERSION order.lines[0].configuration.model_version"])
    let shapeless = await refusal {
      try await place(input([("", "x\ny")], version: -1, in: shop), in: shop)
    }
    #expect(
      violations(shapeless) == [
        "OUT_OF_RANGE order.lines[0].configuration.model_version",
        "REQUIRED order.lines[0].configuration.settings[0].name",
        "CONTROL_CHARACTER order.lines[0].configuration.settings[0].value",
      ])
    #expect(try await shop.orders.listOrders(.init()).orders.isEmpty)
    await shop.close()
  }
  @Test("what cannot be made is refused with what could: for each rule, and for all together")
  func nearest() async throws {
    let shop = try await shop()
    let long = await refusal {
      try await place(input([("length", "2400"), ("oiled", "no")], in: shop), in: shop)
    }
    #expect(violations(long) == ["INVALID_CHOICE order.lines[0].configuration.settings"])
    #expect(
      long?.message.contains("[LONG]; instead: oiled=yes, length=2000; all would be valid with")
        == true, "\(long as Any)")
    // Between two steps both are as near.
    let between = await refusal {
      try await place(input([("length", "1649")], in: shop), in: shop)
    }
    #expect(between?.message.contains("[STEP]; instead: length=1600") == true, "\(between as Any)")
    // Beyond the end the end is the nearest.
    let beyond = await refusal {
      try await place(input([("length", "9000"), ("oiled", "yes")], in: shop), in: shop)
    }
    #expect(beyond?.message.contains("[RANGE]; instead: length=2400") == true, "\(beyond as Any)")
    #expect(try await shop.orders.listOrders(.init()).orders.isEmpty)
    await shop.close()
  }

  @Test("a choice that nobody has touched for thirty days is not ordered, swept or not")
  func choiceOver() async throws {
    let shop = try await shop()
    let number =
      try await shop.configurator.startConfiguration(
        .init(sku: "TABLE", settings: [.init(name: "length", value: "1800")]),
        options: shop.command()
      ).draft?.number ?? ""
    var order = shop.input([("TABLE", 1)], customer: "VIP")
    order.lines[0].configuration = .init(number: number)
    let draft = try await shop.orders.createOrder(.init(order: order), options: shop.command())
    let placed = try await place(order, in: shop)
    shop.clock.advance(seconds: 30 * 86_400 - 1)
    _ = try await shop.pricing.priceOrder(.init(order: order))
    shop.clock.advance(seconds: 1)
    func told(_ verb: () async throws -> Void) async -> String? {
      reason(await refusal(verb))
    }
    let over = "CONFIGURATION_EXPIRED"
    #expect(await told { _ = try await shop.pricing.priceOrder(.init(order: order)) } == over)
    #expect(await told { _ = try await place(order, in: shop) } == over)
    #expect(
      await told {
        _ = try await shop.orders.createOrder(.init(order: order), options: shop.command())
      } == over)
    let change = OrdersV1.OrderChange(
      lines: [.init(lineNumber: 1, configuration: .init(number: number))])
    #expect(
      await told {
        _ = try await shop.orders.changeOrder(
          .init(number: placed.number, change: change, reason: "as she wanted"),
          options: shop.command(by: "zhao"))
      } == over)
    // What took it in time keeps it.
    let submitted = try await shop.orders.submitOrder(
      .init(number: draft.order?.number ?? ""), options: shop.command())
    #expect(submitted.order?.lines.first?.configuration != nil)
    await shop.close()
  }

  @Test("a line names a kept choice: what it is then counts, with its drawings, for ever")
  func keptChoice() async throws {
    let shop = try await shop()
    let drawing = try await shop.configurator.addAttachment(
      .init(content: Array("<svg/>".utf8), mediaType: "image/svg+xml"), options: shop.command())
    let begun = try await shop.configurator.startConfiguration(
      .init(sku: "TABLE", settings: [.init(name: "length", value: "1800")]),
      options: shop.command())
    let number = begun.draft?.number ?? ""
    _ = try await shop.configurator.changeConfiguration(
      .init(number: number, attach: [.init(digest: drawing.digest, name: "table.svg")]),
      options: shop.command())
    var order = shop.input([("TABLE", 1), ("CHAIR", 1)], customer: "VIP")
    order.lines[0].configuration = .init(number: number)
    let asked = try await shop.pricing.priceOrder(.init(order: order))
    let placed = try await place(order, in: shop)
    let line = try #require(placed.lines.first)
    #expect(line.unitPrice == yuanEach("1728") && asked.lines.first?.net == line.net)
    #expect(line.configuration?.settings.map(\.value) == ["1800", "no"])
    #expect(line.attachments == [.init(digest: drawing.digest, name: "table.svg")])
    // What becomes of the choice changes nothing of the order.
    _ = try await shop.configurator.changeConfiguration(
      .init(
        number: number, settings: [.init(name: "oiled", value: "yes")], detach: [drawing.digest]),
      options: shop.command())
    let shown = try await shop.orders.getOrder(.init(number: placed.number)).order
    #expect(shown?.lines == placed.lines)
    // What is added later is what it is then.
    let more = try await shop.orders.changeOrder(
      .init(
        number: placed.number,
        change: .init(addedLines: [
          .init(sku: "TABLE", quantity: pieces(1), configuration: .init(number: number))
        ]), reason: "another"), options: shop.command()
    ).order
    #expect(more?.lines.last?.unitPrice == yuanEach("1848"))
    #expect(more?.lines.last?.attachments == [])
    try await refusedChoices(number, in: shop)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func refusedChoices(_ number: String, in shop: Shop) async throws {
    func refused(
      _ sku: String, _ chosen: OrdersV1.ConfigurationInput
    ) async -> [String] {
      var order = shop.input([(sku, 1)], customer: "VIP")
      order.lines[0].configuration = chosen
      return violations(await refusal { [order] in try await place(order, in: shop) })
    }
    let path = "order.lines[0].configuration"
    #expect(
      await refused("TABLE", .init(number: "CF-2026-000099"))
        == ["UNKNOWN_CONFIGURATION \(path).number"])
    #expect(
      await refused("CHAIR", .init(number: number))
        == ["CHOICE_OF_ANOTHER_PRODUCT \(path).number"])
    #expect(
      await refused("TABLE", .init(modelVersion: 1, number: number)).map {
        $0.contains("NOT_BOTH")
      } == [true])
    #expect(
      await refused(
        "TABLE", .init(settings: [.init(name: "oiled", value: "no")], number: number)
      ).map { $0.contains("NOT_BOTH") } == [true])
  }
}
