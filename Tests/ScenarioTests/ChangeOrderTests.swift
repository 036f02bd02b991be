import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: the customer changes an order")
struct ChangeOrderTests {
  private func preview(
    _ shop: Shop, _ number: String, _ change: OrdersV1.OrderChange, version: Int64? = nil
  ) async throws -> OrdersV1.ChangeOrderResponse {
    try await shop.orders.changeOrder(
      .init(number: number, expectedVersion: version, change: change, reason: "customer called"),
      options: shop.command(dryRun: true))
  }

  @Test("what the preview shows is what is done, and nothing before")
  func previewIsResult() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 4, cost: "200")
    try await shop.stock("LAMP", 9, cost: "80")
    let order = try await shop.place([("CHAIR", 2), ("TABLE", 1)])  // 998 + 3,200, less tax
    #expect(order.state == .submitted || order.state == .confirmed)
    let change = OrdersV1.OrderChange(
      lines: [.init(lineNumber: 1, quantity: pieces(3)), .init(lineNumber: 2, remove: true)],
      addedLines: [.init(sku: "LAMP", quantity: pieces(2))],
      requestedOn: .init(year: 2027, month: 1, day: 15))
    let shown = try await preview(shop, order.number, change)
    let impact = try #require(shown.impact)
    // (3 × 499 + 2 × 199.90) − (2 × 499 + 3,200)
    #expect(impact.netChange == yuan("-2301.20"))
    #expect(impact.baseVersion == order.version)
    let gone = impact.verdicts.filter { $0.outcome == .cancelled }.compactMap(\.document?.kind)
    #expect(Set(gone) == [.workOrder, .requisition])
    #expect(impact.approverRole.isEmpty)
    let untouched = try await shop.orders.getOrder(.init(number: order.number))
    #expect(untouched.order == order)

    let done = try await shop.orders.changeOrder(
      .init(
        number: order.number, expectedVersion: order.version, change: change,
        reason: "customer called", preview: shown.preview), options: shop.command())
    #expect(done == shown)
    #expect(done.order?.lines.map(\.ordered?.micros) == [3_000_000, 1_000_000, 2_000_000])
    #expect(done.order?.lines.map(\.reserved?.micros) == [3_000_000, 0, 2_000_000])
    let works = try await shop.production.listWorkOrders(.init(orderNumber: order.number))
    #expect(works.workOrders.map(\.state) == [.cancelled])
    #expect(try await shop.violations() == [])

    try await shop.deliver(order.number)
    let invoice = try await shop.orders.invoiceOrder(
      .init(number: order.number), options: shop.command())
    #expect(invoice.gross == done.order?.gross)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a preview that is outdated is refused, by version or by what it would do")
  func outdated() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 3, cost: "200")
    let order = try await shop.place([("CHAIR", 2)])
    let change = OrdersV1.OrderChange(lines: [.init(lineNumber: 1, quantity: pieces(3))])
    let shown = try await preview(shop, order.number, change)
    // Somebody else buys the third chair: the change would have to wait for one.
    _ = try await shop.place([("CHAIR", 1)], customer: "VIP")
    let stale = await refusal {
      try await shop.orders.changeOrder(
        .init(
          number: order.number, change: change, reason: "called", preview: shown.preview),
        options: shop.command())
    }
    #expect(stale?.code == .failedPrecondition)
    #expect(stale?.message.contains("something else now") == true)
    _ = try await shop.orders.changeOrder(
      .init(number: order.number, change: change, reason: "called"), options: shop.command())
    let versioned = await refusal {
      try await shop.orders.changeOrder(
        .init(
          number: order.number, expectedVersion: order.version, change: change, reason: "again"),
        options: shop.command())
    }
    #expect(versioned?.code == .aborted)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("versions are kept, and any two can be compared")
  func versions() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    let order = try await shop.place([("CHAIR", 2)])
    let first = order.version
    for count in [Int64(3), 4] {
      _ = try await shop.orders.changeOrder(
        .init(
          number: order.number,
          change: .init(lines: [.init(lineNumber: 1, quantity: pieces(count))]),
          reason: "now \(count)"), options: shop.command(by: "wang.fang"))
    }
    let versions = try await shop.orders.listOrderVersions(
      .init(number: order.number, pageSize: 2))
    #expect(versions.versions.map(\.reason) == ["", "now 3"])
    let rest = try await shop.orders.listOrderVersions(
      .init(number: order.number, pageSize: 2, pageToken: versions.nextPageToken))
    #expect(rest.versions.map(\.reason) == ["now 4"])
    #expect(rest.versions.first?.madeBy == "wang.fang")
    let all = versions.versions + rest.versions
    let middle = try await shop.orders.getOrderVersion(
      .init(number: order.number, version: all[1].version))
    #expect(middle.version?.lines.map(\.ordered?.micros) == [3_000_000])
    let diff = try await shop.orders.diffOrderVersions(
      .init(number: order.number, fromVersion: first)
    ).differences
    let quantity = diff.first { $0.field == .quantity }
    #expect(quantity?.before == "2 pcs")
    #expect(quantity?.after == "4 pcs")
    #expect(Set(diff.map(\.field)) == [.net, .tax, .gross, .quantity])
    let unknown = await refusal {
      try await shop.orders.diffOrderVersions(.init(number: order.number, fromVersion: 99))
    }
    #expect(unknown?.code == .notFound)
    await shop.close()
  }

  @Test("more than who changes may give takes an approval, which the preview says")
  func approval() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "200")
    let order = try await shop.place([("CHAIR", 2)])
    let change = OrdersV1.OrderChange(lines: [.init(lineNumber: 1, quantity: pieces(12))])
    let shown = try await preview(shop, order.number, change)
    #expect(shown.impact?.approverRole == "GENERAL_MANAGER")
    let request = OrdersV1.ChangeOrderRequest(
      number: order.number, change: change, reason: "more", preview: shown.preview)
    // Not even with the role: nobody approves what they change themselves.
    for (actor, roles) in [
      ("zhao", "SALES"), ("li.na", "GENERAL_MANAGER"), ("boss", "GENERAL_MANAGER"),
    ] {
      let refused = await refusal {
        try await shop.orders.changeOrder(request, options: shop.command(by: actor, roles: roles))
      }
      #expect(refused?.code == .permissionDenied)
    }
    _ = try await shop.changes.requestOrderChange(
      .init(orderNumber: order.number, change: change, reason: "more"),
      options: shop.command(by: "zhao"))
    let done = try await shop.changes.approveChangeRequest(
      .init(orderNumber: order.number),
      options: shop.command(by: "boss", roles: "GENERAL_MANAGER"))
    #expect(done.request?.state == .applied)
    #expect(done.order?.approval?.decidedBy == "boss")
    // Less of it touches nothing that was approved.
    let less = try await shop.orders.changeOrder(
      .init(
        number: order.number, change: .init(lines: [.init(lineNumber: 1, quantity: pieces(11))]),
        reason: "less"), options: shop.command(by: "zhao"))
    #expect(less.order?.approval?.decidedBy == "boss")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what the workshop has begun is not made more of; what is not wanted of it goes to stock")
  func begunWork() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("BOARD", 100, cost: "180")
    let order = try await shop.place([("TABLE", 3)], customer: "VIP")
    let works = try await shop.production.listWorkOrders(.init(orderNumber: order.number))
    let number = try #require(works.workOrders.first?.number)
    _ = try await shop.production.releaseWorkOrder(.init(number: number), options: shop.command())
    _ = try await shop.production.issueMaterials(.init(number: number), options: shop.command())
    let more = await refusal {
      try await preview(
        shop, order.number, .init(lines: [.init(lineNumber: 1, quantity: pieces(4))]))
    }
    #expect(more?.code == .failedPrecondition)
    #expect(more?.message.contains(number) == true)
    let less = OrdersV1.OrderChange(lines: [.init(lineNumber: 1, quantity: pieces(1))])
    let clerk = await refusal { try await preview(shop, order.number, less) }
    #expect(clerk?.code == .permissionDenied)
    let done = try await shop.orders.changeOrder(
      .init(number: order.number, change: less, reason: "a smaller room"),
      options: shop.command(roles: "SALES_MANAGER"))
    let verdict = try #require(done.impact?.verdicts.first)
    #expect(verdict.outcome == .keptAsStock)
    #expect(verdict.sunkCost == done.impact?.sunkCost)
    #expect((done.impact?.sunkCost?.minorUnits ?? 0) > 0)
    _ = try await shop.production.completeWorkOrder(
      .init(number: number, good: pieces(3)), options: shop.command())
    let levels = try await shop.inventory.getAvailability(.init(sku: "TABLE")).levels
    #expect(levels.map(\.available?.micros) == [2_000_000])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a draft and a submitted order are written anew, and priced when submitted")
  func beforeConfirmation() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "200")
    let draft = try await shop.orders.createOrder(
      .init(order: shop.input([("CHAIR", 2), ("LAMP", 1)])), options: shop.command())
    let number = try #require(draft.order?.number)
    let edited = try await shop.orders.changeOrder(
      .init(
        number: number, change: .init(lines: [.init(lineNumber: 1, remove: true)]),
        reason: "wrong"), options: shop.command())
    #expect(edited.order?.lines.map(\.sku) == ["LAMP"])
    #expect(edited.order?.state == .draft)
    let submitted = try await shop.orders.submitOrder(
      .init(number: number), options: shop.command())
    #expect(submitted.order?.net == yuan("199.90"))
    let changed = try await shop.orders.changeOrder(
      .init(
        number: number,
        change: .init(addedLines: [.init(sku: "CHAIR", quantity: pieces(12))]), reason: "more"),
      options: shop.command())
    #expect(changed.order?.state == .submitted)
    #expect(changed.order?.net == yuan("6187.90"))
    #expect(changed.order?.approval?.pending == true)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what cannot be changed names its field")
  func refusals() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    let order = try await shop.place([("CHAIR", 4)])
    let cases: [(OrdersV1.OrderChange, String, String)] = [
      (.init(), "change", "NOTHING_TO_CHANGE"),
      (
        .init(lines: [.init(lineNumber: 9, remove: true)]), "change.lines[0].line_number",
        "UNKNOWN_LINE"
      ),
      (.init(lines: [.init(lineNumber: 1)]), "change.lines[0]", "NOTHING_TO_CHANGE"),
      (
        .init(lines: [.init(lineNumber: 1, quantity: amount("0.5", "pcs"))]),
        "change.lines[0].quantity", "FRACTION_OF_UNIT"
      ),
      (
        .init(lines: [.init(lineNumber: 1, discountMicros: 2_000_000)]),
        "change.lines[0].discount_micros", "OUT_OF_RANGE"
      ),
      (
        .init(lines: [.init(lineNumber: 1, quantity: pieces(1), remove: true)]),
        "change.lines[0].remove", "CONTRADICTION"
      ),
      (
        .init(addedLines: [.init(sku: "SOFA", quantity: pieces(1))]), "change.added_lines[0].sku",
        "UNKNOWN_PRODUCT"
      ),
      (.init(lines: [.init(lineNumber: 1, remove: true)]), "", "NOTHING_LEFT"),
      (
        .init(requestedOn: .init(year: 2027, month: 2, day: 30)), "change.requested_on",
        "NOT_A_DATE"
      ),
      (.init(delivery: .init(floor: 999)), "change.delivery.floor", "OUT_OF_RANGE"),
    ]
    for (change, field, reason) in cases {
      let refused = await refusal { try await preview(shop, order.number, change) }
      let info = try #require(refused, "\(reason) was accepted")
      let texts = info.rawDetails.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
      #expect(texts.contains(reason), "\(reason): \(info.message)")
      #expect(field.isEmpty || texts.contains(field), "\(field): \(texts)")
    }
    let silent = await refusal {
      try await shop.orders.changeOrder(
        .init(number: order.number, change: .init(reprice: true)), options: shop.command())
    }
    #expect(silent?.code == .invalidArgument)
    await shop.close()
  }
}
