import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  /// A file of some orders: new ones, one that was there before, one that is another now. Each is
  /// placed, refused or known as the model says; what waits for its note is released or given up.
  mutating func importSome() async throws {
    var rows: [OrdersV1.ImportRow] = []
    for index in 0..<random.number(1...4) {
      let number = Int64(imported.count) * 10 + index
      rows.append(try await newRow(number))
    }
    if let known = imported.randomElement(using: &random) {
      rows.append(known.row)
      if random.chance(30) { rows[rows.count - 1].order?.note += "!" }
    }
    let replies = try await shop.intake.importOrders(options: shop.command()) { [rows] writer in
      try await writer.write(
        .init(
          opening: .init(mode: .bestEffort, source: "night", allVerdicts: true), rows: rows))
    }
    var verdicts: [OrdersV1.ImportVerdict] = []
    for try await reply in replies { verdicts += reply.verdicts }
    try #require(verdicts.count == rows.count)
    var waiting: [(number: String, order: ShopModel.Order)] = []
    for (row, verdict) in zip(rows, verdicts) {
      if let order = expect(verdict, of: row) { waiting.append((verdict.orderNumber, order)) }
    }
    for (number, order) in waiting { try await settle(number, order) }
  }

  private mutating func newRow(_ number: Int64) async throws -> OrdersV1.ImportRow {
    let lines = [(sku: pickSku(), count: random.number(1...5))]
    let needsNote = random.chance(30)
    var input = shop.input(
      lines, customer: random.chance(60) ? "VIP" : "TIGHT", channel: needsNote ? .kiosk : .email,
      externalID: "file-\(number)")
    if needsNote, random.chance(50) { input.note = "gift" }
    return .init(row: number, order: input)
  }

  /// The order, where it waits.
  private mutating func expect(
    _ verdict: OrdersV1.ImportVerdict, of row: OrdersV1.ImportRow
  ) -> ShopModel.Order? {
    let input = row.order ?? .init()
    let id = input.externalId
    if let known = imported.first(where: { $0.row.order?.externalId == id }) {
      #expect(verdict.outcome == (known.row == row ? .unchanged : .refused), "\(id)")
      if known.row == row { #expect(verdict.orderNumber == known.number) }
      return nil
    }
    let lines = input.lines.map { (sku: $0.sku, count: ($0.quantity?.micros ?? 0) / 1_000_000) }
    let order = model.draft(input.customerCode, lines)
    let number = verdict.orderNumber
    if input.channel == .kiosk, input.note.isEmpty {
      #expect(verdict.outcome == .waiting && verdict.holds.map(\.kind) == [.data], "\(id)")
      imported.append((row, number))
      return order
    }
    let accepted = model.mayConfirm(order, refuseShortage: false)
    #expect(verdict.outcome == (accepted ? .placed : .refused), "\(id)")
    guard accepted else { return nil }
    imported.append((row, number))
    model.add(number, order, confirmed: true)
    return nil
  }

  /// Somebody has looked at it: it is confirmed where credit allows, and given up where not.
  private mutating func settle(_ number: String, _ order: ShopModel.Order) async throws {
    let held = await refusal {
      try await shop.orders.confirmOrder(.init(number: number), options: shop.command())
    }
    #expect(held?.code == .failedPrecondition)
    _ = try await shop.orders.releaseOrderHold(
      .init(number: number, kind: .data, reason: "no note is needed"), options: shop.command())
    let accepted = model.mayConfirm(order, refuseShortage: false)
    let refused = await refusal {
      try await shop.orders.confirmOrder(.init(number: number), options: shop.command())
    }
    #expect((refused == nil) == accepted, "\(number)")
    if accepted { return model.add(number, order, confirmed: true) }
    _ = try await shop.orders.cancelOrder(
      .init(number: number, reason: .customerWish), options: shop.command())
  }
}
