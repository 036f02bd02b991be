import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: bad goods are traced to a lot, a supplier and a step of the workshop")
struct DefectTests {
  private func record(
    _ shop: Shop, _ document: String, _ line: Int32 = 0, lot: String = "", supplier: String = "",
    work: String = "", step: Int32 = 0, dryRun: Bool = false
  ) async throws -> AftersalesV1.DefectFinding {
    let reply = try await shop.defects.recordDefectFinding(
      .init(
        documentNumber: document, lineNumber: line, lot: lot, supplierCode: supplier,
        workOrderNumber: work, operationSequence: step), options: shop.command(dryRun: dryRun))
    return try #require(reply.finding)
  }

  private func rows(
    _ shop: Shop, _ by: [AftersalesV1.DefectDimension]
  ) async throws -> [AftersalesV1.DefectCount] {
    try await shop.defects.getDefectReport(.init(dimensions: by)).rows
  }

  /// A chair that has come back for a defect, and four that have not been sold.
  private func cameBack(_ shop: Shop) async throws -> (order: String, returned: String) {
    try await shop.stock("CHAIR", 5, cost: "200")
    _ = try await shop.returns.replaceReturnReasons(
      .init(reasons: [
        .init(code: "CHANGED_MIND", text: "not wanted", responsible: .customer),
        .init(code: "DEFECT", text: "made badly", responsible: .workshop),
        .init(code: "BAD_MATERIAL", text: "came badly", responsible: .supplier),
      ]), options: shop.command())
    _ = try await shop.returns.setReturnPolicy(
      .init(rules: [.init(allowed: true)], reason: "whatever comes"), options: shop.command())
    let order = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    try await shop.deliver(order)
    let asked = try await shop.returns.requestReturn(
      .init(
        orderNumber: order,
        lines: [.init(lineNumber: 1, quantity: pieces(1), reasonCode: "BAD_MATERIAL")]),
      options: shop.command())
    let number = try #require(asked.customerReturn).number
    _ = try await shop.returns.receiveReturn(.init(number: number), options: shop.command())
    return (order, number)
  }

  @Test("the latest finding of a return counts, and a lot names all whose goods were of it")
  func lots() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let (order, number) = try await cameBack(shop)
    let shown = try await record(shop, number, lot: "F-2231", supplier: "WOOD", dryRun: true)
    let found = try await record(shop, number, lot: "F-2230")
    #expect(found.originOrderNumber == order && found.originLineNumber == 1 && found.sku == "CHAIR")
    #expect(shown.supplierCode == "WOOD" && found.supplierCode.isEmpty)
    let again = try await record(shop, number, 1, lot: "F-2231", supplier: "WOOD")
    #expect(try await shop.defects.listDefectFindings(.init()).findings == [again])
    #expect(try await shop.defects.listDefectFindings(.init(lot: "F-2230")).findings == [])
    #expect(try await shop.defects.listDefectFindings(.init(lot: "F-2231")).findings == [again])

    // Another order's chair, of the same lot, is made again.
    let other = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    try await shop.deliver(other)
    let remake = try await shop.remakes.createRemake(
      .init(
        orderNumber: other, lineNumber: 1, quantity: pieces(1), reasonCode: "DEFECT"),
      options: shop.command())
    let second = try await record(shop, remake.remake?.orderNumber ?? "", lot: "F-2231")
    #expect(second.originOrderNumber == other)
    let lot = try await shop.defects.listDefectFindings(.init(pageSize: 1, lot: "F-2231"))
    #expect(lot.findings == [second])
    let rest = try await shop.defects.listDefectFindings(
      .init(pageSize: 1, pageToken: lot.nextPageToken, lot: "F-2231"))
    #expect(rest.findings == [again] && rest.nextPageToken.isEmpty)
    let ofOrder = try await shop.defects.listDefectFindings(.init(orderNumber: other)).findings
    #expect(ofOrder == [second])

    let byLot = try await rows(shop, [.lot])
    #expect(byLot.map(\.lot) == ["F-2231"])
    #expect(byLot.map(\.returns) == [1] && byLot.map(\.remakes) == [1])
    let bySupplier = try await rows(shop, [.supplier, .responsible])
    #expect(bySupplier.map(\.supplierCode) == ["WOOD", ""])
    #expect(bySupplier.map(\.responsible) == [.supplier, .workshop])
    let told = try await shop.orders.getOrderTimeline(.init(number: other)).events
    #expect(told.filter { $0.type == "defect.found" }.count == 1)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what has never come from anybody else is its supplier's, without a finding")
  func onlySupplier() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let bought = try await shop.purchasing.createPurchaseOrder(
      .init(
        supplierCode: "WOOD", warehouseCode: "MAIN",
        lines: [
          .init(sku: "CHAIR", quantity: pieces(4), unitPrice: yuanEach("200"))
        ]), options: shop.command())
    _ = try await shop.purchasing.receiveGoods(
      .init(
        purchaseOrderNumber: bought.purchaseOrder?.number ?? "",
        lines: [.init(lineNumber: 1, quantity: pieces(4))]), options: shop.command())
    let order = try await shop.place([("CHAIR", 2)], customer: "VIP").number
    try await shop.deliver(order)
    try await shop.stock("LAMP", 1, cost: "80")
    _ = try await shop.repairs.createRepair(
      .init(
        orderNumber: order, lineNumber: 1,
        lines: [.init(sku: "LAMP", quantity: pieces(1))], reasonCode: "DEFECT"),
      options: shop.command())
    let row = try #require(try await rows(shop, [.supplier, .product]).first)
    #expect(row.supplierCode == "WOOD" && row.sku == "CHAIR" && row.repairs == 1)
    #expect(try await rows(shop, [.lot, .operation]).map(\.lot) == [""])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a step of the work order that made a table did it badly")
  func operations() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("BOARD", 20, cost: "180")
    let order = try await shop.place([("TABLE", 1)], customer: "VIP").number
    let work = try #require(
      try await shop.production.listWorkOrders(.init(orderNumber: order)).workOrders.first)
    _ = try await shop.production.releaseWorkOrder(
      .init(number: work.number), options: shop.command())
    _ = try await shop.production.issueMaterials(
      .init(number: work.number), options: shop.command())
    _ = try await shop.production.completeWorkOrder(
      .init(number: work.number, good: work.quantity), options: shop.command())
    try await shop.deliver(order)
    let made = try await shop.remakes.createRemake(
      .init(orderNumber: order, lineNumber: 1, quantity: pieces(1), reasonCode: "DEFECT"),
      options: shop.command())
    let document = try #require(made.remake).orderNumber
    let whole = try await shop.production.getWorkOrder(.init(number: work.number)).workOrder
    let step = try #require(whole?.operations.first)
    let found = try await record(shop, document, step: step.sequence)
    #expect(found.workOrderNumber == work.number && found.operation == step.name)
    #expect(found.workCentreCode == step.workCentreCode)
    #expect(
      try await record(shop, document, work: work.number, step: step.sequence).operation
        == step.name)
    let row = try #require(try await rows(shop, [.operation]).first)
    #expect(row.operation == step.name && row.workCentreCode == step.workCentreCode)
    #expect(row.remakes == 1)

    let missing = await refusal { try await record(shop, document, step: 99) }
    #expect(violations(missing) == ["UNKNOWN_OPERATION operation_sequence"])
    let unsaid = await refusal { try await record(shop, document, work: work.number) }
    #expect(violations(unsaid) == ["REQUIRED lot", "REQUIRED operation_sequence"])
    let nowhere = await refusal { try await record(shop, document, work: "WO-1", step: 1) }
    #expect(violations(nowhere) == ["UNKNOWN_WORK_ORDER work_order_number"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is no defect has no finding, and bad input names its field")
  func refusals() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let (order, number) = try await cameBack(shop)
    func refused(
      _ document: String, _ line: Int32 = 0, lot: String = "L", supplier: String = "",
      step: Int32 = 0
    ) async -> [String] {
      violations(
        await refusal {
          try await record(shop, document, line, lot: lot, supplier: supplier, step: step)
        })
    }
    #expect(await refused("") == ["REQUIRED document_number"])
    #expect(await refused("RT-1") == ["UNKNOWN_DEFECT document_number"])
    #expect(await refused(order) == ["UNKNOWN_DEFECT document_number"])
    #expect(await refused(number, 7) == ["UNKNOWN_LINE line_number"])
    #expect(await refused(number, lot: "") == ["REQUIRED lot"])
    #expect(await refused(number, lot: "a\nb") == ["CONTROL_CHARACTER lot"])
    #expect(
      await refused(number, lot: String(repeating: "x", count: 41)) == ["TEXT_TOO_LONG lot"])
    #expect(await refused(number, supplier: "NOBODY") == ["UNKNOWN_SUPPLIER supplier_code"])
    #expect(await refused(number, step: -1) == ["OUT_OF_RANGE operation_sequence"])
    // Made by nobody: which work order?
    #expect(await refused(number, step: 1) == ["REQUIRED work_order_number"])

    let wish = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    try await shop.deliver(wish)
    let broken = try await shop.remakes.createRemake(
      .init(
        orderNumber: wish, lineNumber: 1, quantity: pieces(1), reasonCode: "CHANGED_MIND"),
      options: shop.command())
    #expect(
      await refused(broken.remake?.orderNumber ?? "") == ["NO_DEFECT document_number"])
    let both = await refusal {
      try await shop.defects.listDefectFindings(.init(orderNumber: order, lot: "L"))
    }
    #expect(both?.code == .invalidArgument)
    #expect(try await shop.defects.listDefectFindings(.init()).findings == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what was called off was no defect, and the report says what is worst")
  func calledOff() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 9, cost: "80")
    _ = try await cameBack(shop)
    let order = try await shop.place([("LAMP", 4)], customer: "VIP").number
    try await shop.deliver(order)
    func remake() async throws -> String {
      let reply = try await shop.remakes.createRemake(
        .init(orderNumber: order, lineNumber: 1, quantity: pieces(2), reasonCode: "DEFECT"),
        options: shop.command())
      return try #require(reply.remake).orderNumber
    }
    let off = try await remake()
    _ = try await shop.orders.cancelOrder(
      .init(number: off, reason: .entryError), options: shop.command())
    let repaired = try await shop.repairs.createRepair(
      .init(
        orderNumber: order, lineNumber: 1, lines: [.init(sku: "INSTALL", quantity: pieces(1))],
        reasonCode: "DEFECT"), options: shop.command())
    _ = try await shop.orders.cancelOrder(
      .init(number: repaired.repair?.orderNumber ?? "", reason: .entryError),
      options: shop.command())
    #expect(try await rows(shop, [.product]).map(\.sku) == ["CHAIR"])
    _ = try await remake()
    let shipments = try await shop.orders.listShipments(.init(orderNumber: order)).shipments
    _ = try await shop.complaints.recordSatisfaction(
      .init(shipmentNumber: shipments[0].number, score: 3), options: shop.command())
    let worst = try await shop.defects.getDefectReport(
      .init(dimensions: [.product], orderBy: .quantity)
    ).rows
    #expect(worst.map(\.sku) == ["LAMP", "CHAIR"])
    #expect(worst.map(\.quantity) == [amount("2", "pcs"), amount("1", "pcs")])
    #expect(worst.map(\.cumulativeShareMicros) == [666_667, 1_000_000])
    #expect(worst.map(\.delivered) == [amount("4", "pcs"), amount("1", "pcs")])
    #expect(worst.map(\.rateMicros) == [500_000, 1_000_000])
    #expect(worst.map(\.ratings) == [1, 0] && worst.map(\.meanScoreHundredths) == [300, 0])
    let usual = try await rows(shop, [.product])
    #expect(usual.map(\.sku) == ["CHAIR", "LAMP"])
    #expect(usual.map(\.cumulativeShareMicros) == [500_000, 1_000_000])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a complaint leads to the lot and the supplier of what it is about")
  func complaints() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let (order, number) = try await cameBack(shop)
    let opened = try await shop.complaints.openComplaint(
      .init(
        orderNumber: order, lineNumber: 1, category: .quality, severity: .high, text: "it smells"),
      options: shop.command())
    let complaint = try #require(opened.complaint)
    func findings() async throws -> [AftersalesV1.DefectFinding] {
      try await shop.complaints.getComplaint(.init(number: complaint.number)).findings
    }
    #expect(try await findings() == [])
    let returned = try await record(shop, number, lot: "F-1")
    let told = try await record(shop, complaint.number, lot: "F-2", supplier: "WOOD")
    #expect(told.originOrderNumber == order && told.originLineNumber == 1 && told.sku == "CHAIR")
    #expect(try await findings() == [told, returned])
    let whole = try await shop.complaints.openComplaint(
      .init(orderNumber: order, category: .quality, severity: .low, text: "all of it"),
      options: shop.command())
    let vague = await refusal { try await record(shop, whole.complaint?.number ?? "", lot: "F-3") }
    #expect(violations(vague) == ["UNKNOWN_LINE line_number"])
    #expect(try await record(shop, whole.complaint?.number ?? "", 1, lot: "F-3").lot == "F-3")
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
