import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  /// Lamps that can be had before there are any: forty in all, with a fifth of their price.
  static func presell(_ shop: Shop) async throws {
    _ = try await shop.preorders.setPresale(
      .init(
        presale: .init(
          sku: "LAMP", opensOn: .init(year: 2026, month: 1, day: 1),
          closesOn: .init(year: 2027, month: 12, day: 31),
          releasesOn: .init(year: 2026, month: 1, day: 1), limit: pieces(40),
          depositMicros: 200_000, depositKind: .prepayment)), options: shop.command())
  }

  /// Chairs that two customers take over the year, on days that they say.
  static func agree(_ shop: Shop) async throws {
    for customer in ["VIP", "TIGHT"] {
      _ = try await shop.blankets.createBlanket(
        .init(
          customerCode: customer, lines: [.init(sku: "CHAIR", quantity: pieces(10_000))],
          validUntil: .init(year: 2027, month: 12, day: 31)), options: shop.command())
    }
  }

  /// A delivery is due today: an order like any other, if stock and credit allow.
  mutating func callOff() async throws {
    let isVIP = random.chance(60)
    let count = random.number(1...6)
    let number = "BO-2026-00000\(isVIP ? 1 : 2)"
    // The clock of a simulation moves by seconds.
    let today = GoogleType.Date(year: 2026, month: 3, day: 2)
    _ = try await shop.blankets.scheduleDeliveries(
      .init(
        number: number,
        deliveries: [
          .init(dueOn: today, quantities: [.init(sku: "CHAIR", quantity: pieces(count))])
        ], channel: .salesRep, warehouseCode: "MAIN", reason: "a wish"), options: shop.command())
    var order = model.draft(isVIP ? "VIP" : "TIGHT", [(sku: "CHAIR", count: count)])
    order.agreed = ["CHAIR"]
    let accepted = model.mayConfirm(order, refuseShortage: false)
    let request = OrdersV1.CallOffDeliveriesRequest(number: number)
    let options = shop.command()
    let done = try await shop.blankets.callOffDeliveries(request, options: options)
    #expect(done.callOffs.map(\.refusal.isEmpty) == [accepted], "\(count) chairs for \(number)")
    if accepted, let placed = done.callOffs.first {
      model.add(placed.orderNumber, order, confirmed: true)
    }
    repeatLast = { [shop] in
      let again = try await shop.blankets.callOffDeliveries(request, options: options)
      #expect(again == done)
    }
  }

  /// Some lamps are ordered before they are there, and paid for in part, which promises them like
  /// any others if the credit is there; or they are not, and can be cancelled for nothing.
  mutating func preorder() async throws {
    let customer = random.chance(60) ? "VIP" : "TIGHT"
    let count = random.number(1...9)
    let taken = preordered.reduce(Int64(0)) { sum, number in
      sum + (model.orders[number]?.lines.reduce(0) { $0 + $1.wanted } ?? 0)
    }
    let accepted = taken + count <= 40
    let request = OrdersV1.PlacePreorderRequest(
      order: shop.input([(sku: "LAMP", count: count)], customer: customer))
    let options = shop.command()
    do {
      let done = try await shop.preorders.placePreorder(request, options: options)
      #expect(accepted, "\(taken) and \(count) lamps")
      let number = try #require(done.preorder).orderNumber
      var order = model.draft(customer, [(sku: "LAMP", count: count)])
      let deposit = (order.gross * 20 + 50) / 100
      #expect(done.preorder?.deposit?.minorUnits == deposit)
      model.add(number, order, confirmed: false)
      preordered.append(number)
      repeatLast = { [shop] in
        let again = try await shop.preorders.placePreorder(request, options: options)
        #expect(again == done)
      }
      guard random.chance(75) else { return }
      _ = try await shop.finance.receivePayment(
        .init(
          amount: .init(currencyCode: "CNY", minorUnits: deposit), method: .card,
          orderNumber: number), options: shop.command())
      order.deposit = deposit
      model.secure(number, deposit)
      if model.mayConfirm(order, refuseShortage: false) { model.confirm(number) }
    } catch let error as RPCError {
      #expect(!accepted, "\(taken) and \(count) lamps: \(error)")
    }
  }
}
