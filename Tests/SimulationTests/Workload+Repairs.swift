import Messages
import RPC
import TestKit
import Testing

extension Workload {
  /// Goods that have left are repaired with new ones: for nothing where they were bad, at the usual
  /// price where they were not; or nothing has left, and nothing is repaired.
  mutating func repair() async throws {
    guard let number = pickOrder(), let origin = model.orders[number],
      let index = origin.lines.indices.randomElement(using: &random)
    else { return }
    let isBad = random.chance(50)
    let parts = [(sku: pickSku(), count: random.number(1...3))]
    var order = model.draft(origin.customer, parts)
    order.isRepair = true
    if isBad {
      for line in order.lines.indices { (order.lines[line].net, order.lines[line].tax) = (0, 0) }
    }
    let accepted =
      origin.lines[index].shipped > 0
      && (isBad || model.mayConfirm(order, refuseShortage: false))
    let request = AftersalesV1.CreateRepairRequest(
      orderNumber: number, lineNumber: Int32(index + 1),
      lines: parts.map { .init(sku: $0.sku, quantity: pieces($0.count)) },
      reasonCode: isBad ? "DEFECT" : "CHANGED_MIND")
    let options = shop.command()
    do {
      let done = try await shop.repairs.createRepair(request, options: options)
      #expect(accepted, "\(number) line \(index + 1) was repaired")
      #expect(done.repair?.free == isBad && done.repair?.gross?.minorUnits == order.gross)
      let made = done.order?.number ?? ""
      model.hurry(made, 1_000)
      model.add(made, order, confirmed: true)
      repeatLast = { [shop] in
        let again = try await shop.repairs.createRepair(request, options: options)
        #expect(again == done)
      }
      try await explain(made, isDefect: isBad)
    } catch {
      #expect(!accepted, "\(number) line \(index + 1), \(parts): \(error)")
    }
  }

  /// Whoever looks at what is repaired names its lot, and names another one where the first was
  /// wrong; what is no defect has none.
  private mutating func explain(_ document: String, isDefect: Bool) async throws {
    for _ in 0..<random.number(0...2) {
      let lot = "L-\(random.number(1...3))"
      let request = AftersalesV1.RecordDefectFindingRequest(documentNumber: document, lot: lot)
      do {
        let done = try await shop.defects.recordDefectFinding(request, options: shop.command())
        #expect(isDefect && done.finding?.lot == lot, "\(document) is of \(lot)")
        model.lots[document] = lot
      } catch {
        #expect(!isDefect, "\(document): \(error)")
      }
    }
    for lot in ["L-1", "L-2", "L-3"] {
      let page = try await shop.defects.listDefectFindings(.init(pageSize: 500, lot: lot))
      let expected = model.lots.filter { $0.value == lot }.keys
      #expect(Set(page.findings.map(\.documentNumber)) == Set(expected), "of \(lot)")
    }
  }
}
