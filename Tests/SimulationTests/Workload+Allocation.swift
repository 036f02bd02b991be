import Messages
import RPC
import TestKit
import Testing

extension Workload {
  /// Says how urgent an order is, or gives the goods of a product out anew: previewed first, which
  /// must be the same, and once more, which must change nothing.
  mutating func giveOut() async throws {
    if random.chance(60), let number = model.orders.keys.sorted().randomElement(using: &random) {
      let score = random.number(-3...3)
      let state = model.orders[number]?.state
      let error = await refusal {
        try await shop.promises.setPriority(
          .init(orderNumber: number, score: Int32(score), reason: "a wish"),
          options: shop.command())
      }
      let isOpen = state == "CONFIRMED" || state == "PARTLY_SHIPPED"
      #expect((error == nil) == isOpen, "\(number) \(state ?? ""): \(String(describing: error))")
      if isOpen { model.hurry(number, score) }
      return
    }
    let sku = pickSku()
    var request = OrdersV1.ReallocateRequest(
      sku: sku, warehouseCode: "MAIN", reason: "by what is urgent")
    let shown = try await shop.promises.reallocate(request, options: shop.command(dryRun: true))
    request.preview = shown.preview
    let done = try await shop.promises.reallocate(request, options: shop.command())
    #expect(done.changes == shown.changes)
    model.giveAnew(sku)
    for change in done.changes {
      let line = model.orders[change.orderNumber]?.lines[Int(change.lineNumber) - 1]
      #expect(change.heldAfter?.micros == (line?.held ?? 0) * 1_000_000, "\(change)")
    }
    request.preview = ""
    let again = try await shop.promises.reallocate(request, options: shop.command())
    #expect(again.changes == [])
  }
}
