import Messages
import RPC
import TestKit
import TestRandom
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

  /// One of the four things that a customer can choose about a line that waits.
  mutating func chooseAboutShortage() async throws {
    let waiting = model.orders.keys.sorted().flatMap { number in
      (model.orders[number]?.lines ?? []).enumerated().filter { !$1.isMade && $1.waiting > 0 }
        .map { (number: number, index: $0.offset, line: $0.element) }
    }.filter { place in
      // What becomes of money that is there before the bill is for other tests.
      model.orders[place.number].map {
        $0.isConfirmed && $0.deposit == 0 && !$0.isRepair
      } ?? false
    }
    guard let (number, index, line) = waiting.randomElement(using: &random) else { return }
    let place = Int32(index + 1)
    switch random.number(0...3) {
    case 0:
      let done = try await shop.shortages.agreeToWait(
        .init(orderNumber: number, lineNumber: place), options: shop.command())
      #expect(done.line?.late == false)
      model.take(number, line: index, inPart: false)
    case 1:
      let done = try await shop.shortages.cancelShortLine(
        .init(orderNumber: number, lineNumber: place), options: shop.command())
      #expect(done.cancellation?.impact?.fee?.minorUnits == 0, "\(number)")
      model.giveUpWaiting(number, line: index)
      follow(number)
    case 2 where line.held > 0 && isFree(number, index):
      let shipment = try await shop.shortages.partShipLine(
        .init(orderNumber: number, lineNumber: place), options: shop.command()
      ).shipment
      #expect(shipment?.lines.first?.quantity?.micros == line.held * 1_000_000)
      try await shop.deliver(shipment: shipment?.number ?? "")
      model.ship(number, line: index)
      model.take(number, line: index, inPart: true)
      bring(number)
    default: try await substitute(number, index, line)
    }
  }

  /// It is in no set, and carriers go there.
  private func isFree(_ number: String, _ line: Int) -> Bool {
    model.orders[number].map { !$0.set.contains(line) && reaches($0.zone) } ?? false
  }

  private mutating func substitute(
    _ number: String, _ index: Int, _ line: ShopModel.Line
  ) async throws {
    guard let order = model.orders[number] else { return }
    let other = line.sku == "CHAIR" ? "LAMP" : "CHAIR"
    let isWhole = line.waiting == line.open && line.shipped == 0
    let counts = [index: isWhole ? 0 : line.ordered - line.waiting]
    let added = [(sku: other, count: line.waiting)]
    let changed = model.changed(order, counts, adding: added)
    let accepted = model.mayChange(order, to: changed, counts, adding: added)
    do {
      let done = try await shop.shortages.substituteLine(
        .init(orderNumber: number, lineNumber: Int32(index + 1), sku: other),
        options: shop.command(roles: "SALES_MANAGER"))
      #expect(accepted, "\(number): \(counts) \(added)")
      #expect(
        done.change?.impact?.grossChange?.minorUnits == changed.gross - order.gross, "\(number)")
      model.replace(number, by: changed)
      follow(number)
    } catch {
      #expect(!accepted, "\(number): \(counts) \(added): \(error)")
    }
  }
}
