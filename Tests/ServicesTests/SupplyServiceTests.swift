import Messages
import RPC
import TestKit
import Testing

@Suite("Stock, purchasing and production over RPC")
struct SupplyServiceTests {
  @Test("goods move between warehouses, and every movement is listed")
  func stock() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "200")
    let moved = try await shop.inventory.transferStock(
      .init(
        sku: "CHAIR", fromWarehouseCode: "MAIN", toWarehouseCode: "EAST", quantity: pieces(4)),
      options: shop.command())
    #expect(moved.from?.onHand == amount("6", "pcs"))
    #expect(moved.to?.value == yuan("800.00"))
    let levels = try await shop.inventory.listStock(.init(warehouseCode: "EAST")).levels
    #expect(levels.map(\.sku) == ["CHAIR"])
    let moves = try await shop.inventory.listMoves(.init(sku: "CHAIR", pageSize: 1))
    #expect(moves.moves.map(\.toLocation) == ["EAST/STOCK"])
    #expect(!moves.nextPageToken.isEmpty)
    let counted = try await shop.inventory.adjustStock(
      .init(
        sku: "CHAIR", warehouseCode: "EAST", correction: .counted(pieces(3)), reason: "count"),
      options: shop.command())
    #expect(counted.level?.onHand == amount("3", "pcs"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what has not come of a purchase order is cancelled, and its requisition is open again")
  func purchaseOrders() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.place([("CHAIR", 3)])
    let short = try await shop.purchasing.listRequisitions(.init(state: .open)).requisitions
    let created = try await shop.purchasing.createPurchaseOrder(
      .init(
        supplierCode: "WOOD", warehouseCode: "MAIN",
        lines: short.map { .init(requisitionNumber: $0.number) }), options: shop.command())
    let number = try #require(created.purchaseOrder?.number)
    let listed = try await shop.purchasing.listPurchaseOrders(.init(supplierCode: "WOOD"))
    #expect(listed.purchaseOrders.map(\.number) == [number])
    _ = try await shop.purchasing.cancelPurchaseOrder(
      .init(number: number, reason: "too slow"), options: shop.command())
    let after = try await shop.purchasing.getPurchaseOrder(.init(number: number))
    #expect(after.purchaseOrder?.state == .cancelled)
    let again = try await shop.purchasing.listRequisitions(.init(state: .open)).requisitions
    #expect(again.map(\.number) == short.map(\.number))
    let suppliers = try await shop.purchasing.listSuppliers(.init()).suppliers
    #expect(suppliers.map(\.code) == ["WOOD"])
    await shop.close()
  }

  @Test("a work order for stock is planned, shown and called off with what is beneath it")
  func workOrders() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let bill = try await shop.production.getBillOfMaterial(.init(sku: "TABLE")).bill
    #expect(bill?.components.map(\.sku) == ["BOARD", "SCREW"])
    let planned = try await shop.production.planWorkOrder(
      .init(sku: "TABLE", quantity: pieces(2), warehouseCode: "MAIN"), options: shop.command())
    let number = try #require(planned.workOrder?.number)
    let shown = try await shop.production.getWorkOrder(.init(number: number)).workOrder
    #expect(shown?.components.map(\.required?.micros) == [5_555_556, 32_000_000])
    #expect(shown?.operations.map(\.plannedMinutesMicros) == [90_000_000])
    let off = try await shop.production.cancelWorkOrder(
      .init(number: number), options: shop.command())
    #expect(off.workOrder?.state == .cancelled)
    #expect(off.verdicts.compactMap(\.document?.kind).contains(.requisition))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a bill of material that needs itself is refused, and the way is named")
  func cycle() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let verdicts = try await shop.production.upsertBillsOfMaterial(
      .init(bills: [
        .init(sku: "CHAIR", components: [.init(sku: "TABLE", quantity: pieces(1))]),
        .init(
          sku: "BOARD", components: [.init(sku: "CHAIR", quantity: amount("1", "pcs"))]),
      ]), options: shop.command()
    ).verdicts
    #expect(verdicts.map(\.outcome) == [.created, .refused])
    #expect(verdicts.last?.violations.first?.message.contains("TABLE") == true)
    await shop.close()
  }
}
