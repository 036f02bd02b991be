import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: what was begun becomes the table that the customer wants now")
struct ReworkedLineTests {
  /// A table is planed, sawn to its length and finished; one that is oiled has screws of its own.
  private func shop(boards: Int64 = 50) async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("BOARD", boards, cost: "180")
    var model = ConfiguratorV1.Model.table
    let sawing = model.operations[0]
    model.operations = [
      .init(sequence: 1, name: "Plane", workCentre: "'SAW'", setupMinutes: "0", unitMinutes: "20"),
      .init(
        sequence: 2, name: "Saw", workCentre: "'SAW'", setupMinutes: sawing.setupMinutes,
        unitMinutes: sawing.unitMinutes),
      .init(sequence: 3, name: "Finish", workCentre: "'SAW'", setupMinutes: "0", unitMinutes: "15"),
    ]
    model.materials[0].when = "oiled"
    _ = try await shop.configurator.publishModel(.init(model: model), options: shop.command())
    return shop
  }

  private func choice(_ length: Int, oiled: Bool = true) -> OrdersV1.ConfigurationInput {
    .init(settings: [
      .init(name: "length", value: "\(length)"), .init(name: "oiled", value: oiled ? "yes" : "no"),
    ])
  }

  /// Two tables; the order, and the number of the work order.
  private func place(
    _ shop: Shop, _ length: Int, oiled: Bool = true
  ) async throws -> (order: OrdersV1.Order, work: String) {
    var input = shop.input([("TABLE", 2)], customer: "VIP")
    input.lines[0].configuration = choice(length, oiled: oiled)
    let order = try await shop.orders.placeOrder(.init(order: input), options: shop.command()).order
    let placed = try #require(order)
    return (placed, try #require(try await works(shop, placed.number).first))
  }

  private func works(_ shop: Shop, _ order: String) async throws -> [String] {
    try await shop.production.listWorkOrders(.init(orderNumber: order)).workOrders.map(\.number)
  }

  private func rework(
    _ length: Int, oiled: Bool = true, _ terms: OrdersV1.ReworkTerms? = nil
  ) -> OrdersV1.LineChange {
    .init(
      lineNumber: 1, configuration: choice(length, oiled: oiled), begunWork: .rework, rework: terms)
  }

  private func change(
    _ shop: Shop, _ number: String, _ line: OrdersV1.LineChange, dryRun: Bool = false
  ) async throws -> OrdersV1.ChangeOrderResponse {
    try await shop.orders.changeOrder(
      .init(number: number, change: .init(lines: [line]), reason: "another room"),
      options: shop.command(roles: "SALES_MANAGER", dryRun: dryRun))
  }

  private func begin(_ shop: Shop, _ work: String) async throws {
    _ = try await shop.production.releaseWorkOrder(.init(number: work), options: shop.command())
    _ = try await shop.production.issueMaterials(.init(number: work), options: shop.command())
  }

  private func report(
    _ shop: Shop, _ work: String, _ step: Int32, _ minutes: Int64, done: Bool = true
  ) async throws {
    _ = try await shop.production.reportOperation(
      .init(number: work, sequence: step, minutesMicros: minutes * 1_000_000, done: done),
      options: shop.command())
  }

  private func made(_ shop: Shop, _ work: String) async throws -> ProductionV1.WorkOrder {
    try #require(try await shop.production.getWorkOrder(.init(number: work)).workOrder)
  }

  /// "BOARD 3200000 of 3200000", with what is spoiled of it.
  private func material(_ work: ProductionV1.WorkOrder) -> [String] {
    work.components.map { part in
      let spoiled = part.spoiled?.micros ?? 0
      return "\(part.sku) \(part.issued?.micros ?? 0) of \(part.required?.micros ?? 0)"
        + (spoiled > 0 ? " spoiled \(spoiled)" : "")
    }
  }

  /// "4 Saw 118 rework 1".
  private func steps(_ work: ProductionV1.WorkOrder) -> [String] {
    work.operations.map { step in
      "\(step.sequence) \(step.name) \(step.plannedMinutesMicros / 1_000_000)"
        + (step.rework > 0 ? " rework \(step.rework)" : "") + (step.done ? " done" : "")
        + (step.dropped ? " dropped" : "")
    }
  }

  private func onHand(_ shop: Shop, _ sku: String) async throws -> Int64 {
    try await shop.inventory.getAvailability(.init(sku: sku)).levels
      .compactMap(\.onHand?.micros).reduce(0, +)
  }

  @Test("a shorter table: the same work order goes on, and the boards too many go back")
  func shorter() async throws {
    let shop = try await shop()
    let (order, work) = try await place(shop, 2400)
    try await begin(shop, work)
    try await report(shop, work, 1, 42)
    // 50 − 2 × 2.4 × 0.8 ÷ 0.9
    #expect(try await onHand(shop, "BOARD") == 45_733_333)

    let shown = try await change(shop, order.number, rework(1800), dryRun: true)
    #expect(try await onHand(shop, "BOARD") == 45_733_333)
    let done = try await change(shop, order.number, rework(1800))
    #expect(done == shown)
    let verdict = try #require(done.impact?.verdicts.first)
    #expect(done.impact?.verdicts.map(\.outcome) == [.reworked])
    #expect(verdict.document?.number == work && verdict.sunkCost == nil)
    #expect(done.impact?.sunkCost == yuan("0.00"))
    // 154 + 30 before, 118 + 30 after; 36 minutes less at 90.00 and 1.066667 boards less at 180.00.
    let outlook = try #require(verdict.rework)
    #expect(outlook.minutesBeforeMicros == 184_000_000)
    #expect(outlook.minutesAfterMicros == 148_000_000)
    let saved = (outlook.costBefore?.minorUnits ?? 0) - (outlook.costAfter?.minorUnits ?? 0)
    #expect(saved == 5_400 + 19_200)

    #expect(try await works(shop, order.number) == [work])
    #expect(try await onHand(shop, "BOARD") == 46_800_000)
    let now = try await shop.production.getWorkOrder(.init(number: work))
    #expect(now.configuration?.digest == done.order?.lines.first?.configuration?.digest)
    let goesOn = try #require(now.workOrder)
    #expect(goesOn.state == .inProgress)
    #expect(material(goesOn) == ["BOARD 3200000 of 3200000", "SCREW 32000000 of 32000000"])
    #expect(
      steps(goesOn) == ["1 Plane 40 done", "3 Saw 118 rework 1", "4 Finish 30 rework 1"])
    let returned = try await shop.inventory.listMoves(.init(sku: "BOARD")).moves.first
    #expect(returned?.cause == "MATERIAL_RETURN" && returned?.quantity?.micros == 1_066_667)

    try await report(shop, work, 3, 118)
    try await report(shop, work, 4, 30)
    let finished = try await shop.production.completeWorkOrder(
      .init(number: work, good: pieces(2)), options: shop.command()
    ).workOrder
    #expect(finished?.settledCost == outlook.costAfter)
    _ = try await shop.production.closeWorkOrder(.init(number: work), options: shop.command())
    try await shop.deliver(order.number)
    let invoice = try await shop.orders.invoiceOrder(
      .init(number: order.number), options: shop.command())
    #expect(invoice.gross == done.order?.gross)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a longer table of new boards: what was sawn in vain stays in the cost")
  func longer() async throws {
    let shop = try await shop(boards: 5)
    let (order, work) = try await place(shop, 1800)
    try await begin(shop, work)
    try await report(shop, work, 1, 40)
    try await report(shop, work, 2, 60, done: false)
    let wish = rework(2400, .init(spoiledSkus: ["BOARD"]))
    let shown = try await change(shop, order.number, wish, dryRun: true)
    let done = try await change(shop, order.number, wish)
    #expect(done == shown)
    #expect(done.impact?.verdicts.map(\.outcome) == [.reworked, .planned])
    // 3.2 boards at 180.00 and an hour at 90.00.
    #expect(done.impact?.sunkCost == yuan("666.00"))
    #expect(done.impact?.readyOn != done.impact?.readyOnBefore)
    let waits = try await made(shop, work)
    #expect(
      material(waits) == [
        "BOARD 3200000 of 3200000 spoiled 3200000", "SCREW 32000000 of 32000000",
        "BOARD 0 of 4266667",
      ])
    #expect(
      steps(waits) == [
        "1 Plane 40 done", "2 Saw 118 dropped", "4 Saw 154 rework 1", "5 Finish 30 rework 1",
      ])
    let dropped = await refusal { try await report(shop, work, 2, 5) }
    #expect(dropped?.message.contains("reworked") == true)

    // And once more: what is of no use stays so, and what is not there is not wanted any more.
    let again = try await change(shop, order.number, rework(1800))
    #expect(again.impact?.verdicts.map(\.outcome).first == .reworked)
    #expect(again.impact?.verdicts.map(\.outcome).contains(.reduced) == true)
    let shorter = try await made(shop, work)
    #expect(
      material(shorter) == [
        "BOARD 3200000 of 3200000 spoiled 3200000", "SCREW 32000000 of 32000000",
        "BOARD 0 of 3200000",
      ])
    #expect(
      steps(shorter) == [
        "1 Plane 40 done", "2 Saw 118 dropped", "4 Saw 118 rework 2", "5 Finish 30 rework 2",
      ])
    try await shop.stock("BOARD", 10, cost: "180")
    _ = try await shop.production.issueMaterials(.init(number: work), options: shop.command())
    try await report(shop, work, 4, 118)
    try await report(shop, work, 5, 30)
    let finished = try #require(
      try await shop.production.completeWorkOrder(
        .init(number: work), options: shop.command()
      ).workOrder)
    let spent = (finished.materialCost?.minorUnits ?? 0) + (finished.labourCost?.minorUnits ?? 0)
    #expect(finished.settledCost?.minorUnits == spent)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("all steps are done again where that is asked for")
  func repeated() async throws {
    let shop = try await shop()
    let (order, work) = try await place(shop, 1800)
    try await begin(shop, work)
    try await report(shop, work, 1, 40)
    let done = try await change(shop, order.number, rework(2000, .init(repeatSteps: true)))
    // 40 minutes at 90.00
    #expect(done.impact?.sunkCost == yuan("60.00"))
    let now = try await made(shop, work)
    #expect(
      steps(now) == [
        "1 Plane 40 done dropped", "2 Plane 40 rework 1", "3 Saw 130 rework 1",
        "4 Finish 30 rework 1",
      ])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("when all goes back and nothing was worked, it is to be begun anew")
  func allBack() async throws {
    let shop = try await shop()
    let (order, work) = try await place(shop, 1800)
    _ = try await shop.production.releaseWorkOrder(.init(number: work), options: shop.command())
    _ = try await shop.production.issueMaterials(
      .init(number: work, components: [.init(sku: "SCREW", quantity: pieces(32))]),
      options: shop.command())
    _ = try await change(shop, order.number, rework(1800, oiled: false))
    let now = try await made(shop, work)
    #expect(now.state == .released)
    #expect(material(now) == ["BOARD 0 of 3200000", "SCREW 0 of 0"])
    #expect(now.materialCost == yuan("0.00"))
    #expect(try await onHand(shop, "SCREW") == 1_000_000_000)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a planner agrees to a rework that was asked for, unless something has come out by then")
  func requested() async throws {
    for isFinished in [false, true] {
      let shop = try await shop()
      let (order, work) = try await place(shop, 2400)
      try await begin(shop, work)
      try await report(shop, work, 1, 40)
      let wish = rework(1800, .init(repeatSteps: true, spoiledSkus: ["SCREW"]))
      let asked = try #require(
        try await shop.changes.requestOrderChange(
          .init(orderNumber: order.number, change: .init(lines: [wish]), reason: "smaller"),
          options: shop.command(by: "zhao")
        ).request)
      #expect(asked.state == .pending && asked.change?.lines == [wish])
      #expect(asked.impact?.verdicts.map(\.outcome) == [.reworked])
      let stored = try await shop.changes.getChangeRequest(
        .init(orderNumber: order.number, number: asked.number)
      ).request
      #expect(stored?.impact?.verdicts == asked.impact?.verdicts)
      if isFinished {
        _ = try await shop.production.completeWorkOrder(
          .init(number: work, good: pieces(1)), options: shop.command())
      }
      let decided = try await shop.changes.approveChangeRequest(
        .init(orderNumber: order.number),
        options: shop.command(by: "boss", roles: "SALES_MANAGER"))
      #expect(decided.request?.state == (isFinished ? .stale : .applied))
      #expect(decided.request?.comment.contains("come out") == isFinished)
      #expect(try await works(shop, order.number) == [work])
      #expect(try await made(shop, work).operations.contains(where: \.dropped) == !isFinished)
      #expect(try await shop.violations() == [])
      await shop.close()
    }
  }

  @Test("what cannot be reworked names its field")
  func refused() async throws {
    let shop = try await shop()
    try await shop.stock("CHAIR", 4, cost: "200")
    func refused(_ order: String, _ line: OrdersV1.LineChange) async -> [String] {
      violations(await refusal { try await change(shop, order, line, dryRun: true) })
    }
    let field = "change.lines[0].begun_work"
    let (order, work) = try await place(shop, 1800)
    let number = order.number
    #expect(await refused(number, rework(2000)) == ["REWORK_NOT_BEGUN \(field)"])
    try await begin(shop, work)
    #expect(await refused(number, rework(1800)) == ["REWORK_UNCHANGED \(field)"])
    var silent = rework(2000)
    silent.configuration = nil
    silent.quantity = pieces(1)
    #expect(await refused(number, silent) == ["REWORK_UNCHANGED \(field)"])
    var fewer = rework(2000)
    fewer.quantity = pieces(1)
    #expect(await refused(number, fewer) == ["REWORK_OTHER_QUANTITY \(field)"])
    #expect(
      await refused(number, rework(2000, .init(spoiledSkus: ["BOARD", "LAMP"])))
        == ["NOT_A_COMPONENT change.lines[0].rework.spoiled_skus[1]"])
    var kept = rework(2000, .init(repeatSteps: true))
    kept.begunWork = .keepAsStock
    #expect(
      await refused(number, kept).first?.hasSuffix(" change.lines[0].rework") == true)
    let clerk = await refusal {
      try await shop.orders.changeOrder(
        .init(number: number, change: .init(lines: [rework(2000)]), reason: "longer"),
        options: shop.command())
    }
    #expect(violations(clerk) == ["CHANGE_TAKES_ROLE change.lines[0].configuration"])
    _ = try await shop.production.completeWorkOrder(
      .init(number: work, scrapped: pieces(1)), options: shop.command())
    #expect(await refused(number, rework(2000)) == ["REWORK_FINISHED \(field)"])
    let chairs = try await shop.place([("CHAIR", 1)])
    #expect(await refused(chairs.number, rework(2000)) == ["REWORK_NOT_MADE \(field)"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
