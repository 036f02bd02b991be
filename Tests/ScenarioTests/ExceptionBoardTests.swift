import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: one board of all that somebody must look at")
struct ExceptionBoardTests {
  /// One thing of each kind, but for cancellations and refunds.
  private func trouble(_ shop: Shop) async throws {
    try await shop.furnish()
    try await shop.stock("CHAIR", 2, cost: "200")
    // Nobody is asked first for lamps: no one can say when they come.
    let lamps = try await shop.place([("LAMP", 3)]).number
    _ = try await shop.orders.holdOrder(
      .init(number: lamps, kind: .fraud, reason: "called twice"), options: shop.command())
    _ = try await shop.place([("TABLE", 1)])
    _ = try await shop.place([("CHAIR", 20)], customer: "CREDIT")
    let chairs = try await shop.place([("CHAIR", 2)], customer: "VIP").number
    let shipment = try await shop.orders.prepareShipment(
      .init(orderNumber: chairs), options: shop.command())
    let number = shipment.shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 1), options: shop.command())
    let wish = try await shop.orders.placeOrder(
      .init(
        order: .init(
          channel: .store, customerCode: "VIP", warehouseCode: "MAIN",
          lines: [.init(sku: "TABLE", quantity: pieces(1))],
          requestedOn: .init(year: 2026, month: 3, day: 4), shortageRule: .wait)),
      options: shop.command())
    #expect(wish.order?.state == .confirmed)
    _ = try await shop.purchasing.createPurchaseOrder(
      .init(
        supplierCode: "WOOD", warehouseCode: "MAIN",
        lines: [.init(sku: "BOARD", quantity: pieces(50))],
        expectedOn: .init(year: 2026, month: 3, day: 3)), options: shop.command())
    shop.clock.advance(days: 2)
    _ = try await shop.promises.refreshPromises(.init(), options: shop.command())
  }

  private func kinds(_ rows: [OrdersV1.ExceptionRow]) -> [String] {
    rows.map { String($0.kind.name.dropFirst("EXCEPTION_KIND_".count)) }
  }

  @Test("everything is there once, kind by kind, whatever the size of the pages")
  func pages() async throws {
    let shop = try await Shop.open()
    try await trouble(shop)
    let all = try await shop.shortages.listExceptions(.init(pageSize: 500)).rows
    #expect(
      kinds(all) == [
        "LATE_PROMISE", "NO_SUPPLY", "SHORT_LINE", "ON_HOLD", "APPROVAL_OVERDUE",
        "NOT_DISPATCHED", "SUPPLY_OVERDUE", "SUPPLY_NOT_ORDERED", "SUPPLY_NOT_ORDERED",
        "SUPPLY_NOT_ORDERED",
      ])
    #expect(all.first?.text.contains("TABLE is wanted on 2026-03-04") == true, "\(all)")
    var paged: [OrdersV1.ExceptionRow] = []
    var token = ""
    repeat {
      let page = try await shop.shortages.listExceptions(
        .init(pageSize: 2, pageToken: token))
      #expect(page.rows.count <= 2)
      paged += page.rows
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(paged == all)
    let some = try await shop.shortages.listExceptions(.init(kinds: [.onHold, .supplyOverdue]))
    #expect(kinds(some.rows) == ["ON_HOLD", "SUPPLY_OVERDUE"])
    let patient = try await shop.shortages.listExceptions(
      .init(kinds: [.approvalOverdue], approvalDays: 3))
    #expect(patient.rows == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is settled is gone from the board")
  func settled() async throws {
    let shop = try await Shop.open()
    try await trouble(shop)
    let overdue = try await shop.shortages.listExceptions(.init(kinds: [.supplyOverdue])).rows
    _ = try await shop.purchasing.receiveGoods(
      .init(purchaseOrderNumber: overdue.first?.document?.number ?? ""), options: shop.command())
    let left = try await shop.shortages.listExceptions(
      .init(kinds: [.supplyOverdue, .notDispatched])
    ).rows
    #expect(kinds(left) == ["NOT_DISPATCHED"])
    _ = try await shop.orders.dispatchShipment(
      .init(number: left.first?.document?.number ?? "", carrier: "德邦"), options: shop.command())
    let none = try await shop.shortages.listExceptions(.init(kinds: [.notDispatched])).rows
    #expect(none == [])
    await shop.close()
  }

  @Test("what is asked wrongly is refused by its field")
  func refusals() async throws {
    let shop = try await Shop.open()
    let wrong = await refusal {
      try await shop.shortages.listExceptions(
        .init(kinds: [.onHold, .unspecified], approvalDays: 400))
    }
    let fields = wrong?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.map(\.field)
    #expect(fields == ["kinds[1]", "approval_days"])
    let size = await refusal {
      try await shop.shortages.listExceptions(.init(pageSize: 501))
    }
    #expect(violations(size) == ["OUT_OF_RANGE page_size"])
    let token = await refusal {
      try await shop.shortages.listExceptions(.init(pageToken: "nonsense"))
    }
    #expect(violations(token) == ["PAGE_TOKEN_FOREIGN page_token"])
    await shop.close()
  }
}
