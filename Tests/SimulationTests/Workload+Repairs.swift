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
    } catch {
      #expect(!accepted, "\(number) line \(index + 1), \(parts): \(error)")
    }
  }
}
