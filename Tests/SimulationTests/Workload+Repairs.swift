import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  /// Goods that have left and not come back are repaired with new ones: for nothing where they were
  /// bad, at the usual price where they were not; what is more than the customer keeps waits until
  /// a second person agrees.
  mutating func repair() async throws {
    guard let number = pickOrder(), let origin = model.orders[number],
      let index = origin.lines.indices.randomElement(using: &random)
    else { return }
    let isBad = random.chance(50)
    let parts = [(sku: pickSku(), count: random.number(1...3))]
    let order = free(origin.customer, parts, isBad: isBad)
    let accepted =
      origin.lines[index].shipped > origin.lines[index].returned
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
      repeatLast = { [shop] in
        let again = try await shop.repairs.createRepair(request, options: options)
        #expect(again == done)
      }
      try await give(made, order, for: .init(order: number, line: index), isFree: isBad)
      try await explain(made, isDefect: isBad)
    } catch let error as RPCError {
      #expect(!accepted, "\(number) line \(index + 1), \(parts): \(error)")
    }
  }

  /// The same product is made again, or another is sent: no more of the same than the customer
  /// keeps.
  mutating func makeAgain() async throws {
    guard let number = pickOrder(), let origin = model.orders[number],
      let index = origin.lines.indices.randomElement(using: &random)
    else { return }
    let line = origin.lines[index]
    let isBad = random.chance(70)
    let part = (sku: random.chance(50) ? line.sku : pickSku(), count: random.number(1...3))
    let order = free(origin.customer, [part], isBad: isBad)
    let kept = line.shipped - line.returned
    let accepted =
      kept > 0 && (part.sku != line.sku || part.count <= kept)
      && (isBad || model.mayConfirm(order, refuseShortage: false))
    let request = AftersalesV1.CreateRemakeRequest(
      orderNumber: number, lineNumber: Int32(index + 1), quantity: pieces(part.count),
      reasonCode: isBad ? "DEFECT" : "CHANGED_MIND", sku: part.sku)
    let options = shop.command()
    do {
      let done = try await shop.remakes.createRemake(request, options: options)
      #expect(accepted, "\(number) line \(index + 1) was made again")
      #expect(done.remake?.free == isBad && done.remake?.gross?.minorUnits == order.gross)
      repeatLast = { [shop] in
        let again = try await shop.remakes.createRemake(request, options: options)
        #expect(again == done)
      }
      try await give(
        done.remake?.orderNumber ?? "", order, for: .init(order: number, line: index),
        isFree: isBad)
    } catch let error as RPCError {
      #expect(!accepted, "\(number) line \(index + 1), \(part): \(error)")
    }
  }

  func root(of line: ShopModel.Place) -> ShopModel.Place {
    var root = line
    while let before = gifts[root.order] { root = before.root }
    return root
  }

  /// Of a line that was sold: what one piece lists for, in millionths of a cent, and in cents what
  /// was given for it and what the customer keeps of it.
  private func bound(
    _ root: ShopModel.Place
  ) async throws -> (price: Int64, sku: String?, given: Int64, kept: Int64) {
    let sold = try await shop.orders.getOrder(.init(number: root.order)).order?.lines[root.line]
    let price = (sold?.unitPrice?.micros ?? 0) * 100
    var given: Int64 = 0
    for (number, gift) in gifts where gift.isFree && gift.root == root {
      for (price, line) in zip(gift.prices, model.orders[number]?.lines ?? []) {
        given += Gift.cents(price, line.wanted)
      }
    }
    let bought = model.orders[root.order]?.lines[root.line]
    return (
      price, sold?.sku, given,
      Gift.cents(price, (bought?.shipped ?? 0) - (bought?.returned ?? 0))
    )
  }

  /// More was given for a line than the customer keeps of it when so many pieces come back.
  func takesTwo(_ line: ShopModel.Place, back count: Int64) async throws -> Bool {
    guard gifts[line.order] == nil else { return false }
    let (price, _, given, kept) = try await bound(line)
    return given > 0 && given > kept - Gift.cents(price, count)
  }

  private func free(
    _ customer: String, _ parts: [(sku: String, count: Int64)], isBad: Bool
  ) -> ShopModel.Order {
    var order = model.draft(customer, parts)
    order.isRepair = true
    guard isBad else { return order }
    for line in order.lines.indices { (order.lines[line].net, order.lines[line].tax) = (0, 0) }
    return order
  }

  /// An order that makes goods of a line again or repairs them is there; what it may not give alone
  /// somebody else agrees to, or nobody, and it is called off.
  private mutating func give(
    _ made: String, _ order: ShopModel.Order, for line: ShopModel.Place, isFree: Bool
  ) async throws {
    let root = root(of: line)
    let new = try await shop.orders.getOrder(.init(number: made)).order
    let (price, sku, before, kept) = try await bound(root)
    let prices = (new?.lines ?? []).map {
      $0.sku == sku ? price : ($0.unitPrice?.micros ?? 0) * 100
    }
    let given = zip(prices, order.lines).reduce(before) {
      $0 + Gift.cents($1.0, $1.1.ordered)
    }
    let isTooMuch = isFree && given > kept
    #expect((new?.state == .submitted) == isTooMuch, "\(made): \(given) of \(kept)")
    #expect((new?.approval?.pending ?? false) == isTooMuch, "\(made): \(given) of \(kept)")
    gifts[made] = .init(root: root, isFree: isFree, prices: prices)
    model.hurry(made, 1_000)
    model.add(made, order, confirmed: !isTooMuch)
    guard isTooMuch else { return }
    let alone = await refusal {
      try await shop.orders.approveOrder(
        .init(number: made), options: shop.command(roles: "SALES_MANAGER"))
    }
    #expect(alone?.code == .permissionDenied, "\(made)")
    guard random.chance(60) else {
      _ = try await shop.orders.cancelOrder(
        .init(number: made, reason: .customerWish), options: shop.command())
      _ = model.cancel(made)
      return
    }
    _ = try await shop.orders.approveOrder(
      .init(number: made), options: shop.command(by: "boss", roles: "SALES_MANAGER"))
    _ = try await shop.orders.confirmOrder(
      .init(number: made), options: shop.command(by: "boss"))
    model.confirm(made)
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

/// What was given for a line that was sold, or sold for it.
struct Gift {
  let root: ShopModel.Place
  let isFree: Bool
  /// Of one piece of each line, as it counts for the line that was sold: millionths of a cent.
  let prices: [Int64]

  static func cents(_ price: Int64, _ count: Int64) -> Int64 {
    (2 * price * count + 1_000_000) / 2_000_000
  }
}
