import Messages
import TestKit
import Testing

@Suite("Scenario: many orders are changed from a file")
struct OrderEditTests {
  private func edit(
    _ shop: Shop, _ edits: [OrdersV1.OrderEdit], mode: OrdersV1.ImportMode = .bestEffort,
    roles: String = "", dryRun: Bool = false
  ) async throws -> OrdersV1.EditOrdersResponse {
    try await shop.intake.editOrders(
      .init(mode: mode, source: "monday.csv", edits: edits),
      options: shop.command(roles: roles, dryRun: dryRun))
  }

  private func told(_ reply: OrdersV1.EditOrdersResponse) -> [String] {
    reply.verdicts.map { verdict in
      ([
        "\(verdict.row)", String(verdict.outcome.name.dropFirst("ORDER_EDIT_OUTCOME_".count)),
      ] + verdict.violations.map { "\($0.reason) \($0.field)" }).joined(separator: " ")
    }
  }

  /// Two orders of chairs, and rows that ask for three of each.
  private func file(_ shop: Shop) async throws -> [OrdersV1.OrderEdit] {
    try await shop.furnish()
    try await shop.stock("CHAIR", 20, cost: "200")
    var rows: [OrdersV1.OrderEdit] = []
    for row in 1...2 as ClosedRange<Int64> {
      let order = try await shop.place([("CHAIR", 2)])
      rows.append(
        .init(
          row: row, number: order.number, expectedVersion: order.version,
          change: .init(
            lines: [.init(lineNumber: 1, quantity: pieces(3))],
            instructions: .init(packing: .init(method: .eco))), reason: "three fit better"))
    }
    return rows
  }

  @Test("each row is carried out or refused by itself, and the same file again does nothing")
  func bestEffort() async throws {
    let shop = try await Shop.open()
    var rows = try await file(shop)
    rows.append(
      .init(row: 3, number: "SO-2026-009999", expectedVersion: 1, change: .init(), reason: "x"))
    rows.append(
      .init(
        row: 4, number: rows[0].number, expectedVersion: rows[0].expectedVersion,
        change: .init(lines: [.init(lineNumber: 1, quantity: pieces(9))]), reason: "late"))
    rows.append(
      .init(
        row: 5, number: rows[1].number, expectedVersion: rows[1].expectedVersion + 1,
        change: .init(
          lines: [.init(lineNumber: 7, quantity: pieces(9))],
          instructions: .init(packing: .init(method: .unrecognized(9)))), reason: "odd"))
    let expected = [
      "1 CHANGED", "2 CHANGED", "3 REFUSED UNKNOWN_ORDER number",
      "4 REFUSED VERSION_CONFLICT expected_version",
      "5 REFUSED UNKNOWN_VALUE change.instructions.packing.method",
    ]
    let shown = try await edit(shop, rows, dryRun: true)
    #expect(told(shown) == expected)
    #expect(try await shop.orders.getOrder(.init(number: rows[0].number)).order?.version == 1)
    let done = try await edit(shop, rows)
    #expect(done == shown)
    #expect([done.changed, done.unchanged, done.refused] == [2, 0, 3])
    // 499 yuan and 13 % of it.
    #expect(done.verdicts.first?.grossChange == yuan("563.87"))
    let order = try await shop.orders.getOrder(.init(number: rows[0].number)).order
    #expect(order?.lines.first?.ordered == amount("3", "pcs"))
    #expect(order?.instructions?.packing?.method == .eco)
    #expect(order?.version == done.verdicts.first?.version)
    let again = try await edit(shop, rows)
    #expect(told(again).prefix(2) == ["1 UNCHANGED", "2 UNCHANGED"])
    #expect(again.verdicts.map(\.version) == done.verdicts.map(\.version))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("all or none: one row that cannot be done leaves every order as it was")
  func atomic() async throws {
    let shop = try await Shop.open()
    var rows = try await file(shop)
    rows.append(
      .init(
        row: 3, number: rows[1].number, expectedVersion: 99, change: rows[1].change, reason: "x"))
    let refused = try await edit(shop, rows, mode: .atomic)
    #expect(
      told(refused) == ["1 REFUSED", "2 REFUSED", "3 REFUSED VERSION_CONFLICT expected_version"])
    for row in rows {
      let order = try await shop.orders.getOrder(.init(number: row.number)).order
      #expect(order?.version == 1 && order?.lines.first?.ordered == amount("2", "pcs"))
    }
    let done = try await edit(shop, Array(rows.prefix(2)), mode: .atomic)
    #expect(told(done) == ["1 CHANGED", "2 CHANGED"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("the rights of a change are those of one change, and what takes approval is refused")
  func rights() async throws {
    let shop = try await Shop.open()
    let rows = try await file(shop)
    var discount = rows[0]
    discount.change = .init(reprice: true)
    let denied = try await edit(shop, [discount])
    #expect(told(denied) == ["1 REFUSED CHANGE_TAKES_ROLE change.reprice"])
    var large = rows[1]
    large.change = .init(lines: [.init(lineNumber: 1, quantity: pieces(15))])
    let shown = try await edit(shop, [large], dryRun: true)
    #expect(told(shown) == ["2 REFUSED CHANGE_NEEDS_APPROVAL "])
    #expect(try await edit(shop, [large]) == shown)
    await shop.close()
  }

  @Test("a request that is no file is refused as a whole")
  func shape() async throws {
    let shop = try await Shop.open()
    func refused(_ request: OrdersV1.EditOrdersRequest) async -> [String] {
      let error = await refusal {
        try await shop.intake.editOrders(request, options: shop.command())
      }
      return violations(error)
    }
    #expect(
      await refused(.init()) == [
        "REQUIRED mode", "REQUIRED source", "OUT_OF_RANGE edits",
      ]
    )
    let row = OrdersV1.OrderEdit(row: 1, number: "SO-1", expectedVersion: 0, reason: "x")
    #expect(
      await refused(.init(mode: .bestEffort, source: "a", edits: [row])) == [
        "OUT_OF_RANGE edits[0].expected_version"
      ])
    #expect(
      await refused(
        .init(mode: .atomic, source: "a", edits: Array(repeating: row, count: 101))
      ).contains("OUT_OF_RANGE edits"))
    await shop.close()
  }
}
