import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  /// Some pieces of a line come back: to the shelf or to be scrapped, credited by the bills, and
  /// the money goes out. Sometimes more than there are, for no good reason, or not at all in the
  /// end.
  mutating func giveBack() async throws {
    let settled = model.orders.keys.sorted().filter { number in
      guard let order = model.orders[number] else { return false }
      return order.uninvoiced == 0 && order.lines.contains { $0.invoiced > $0.returned }
    }
    guard let number = settled.randomElement(using: &random) ?? pickOrder(),
      let order = model.orders[number],
      let index = order.lines.indices.randomElement(using: &random)
    else { return }
    let line = order.lines[index]
    let count = random.number(1...max(1, line.shipped - line.returned + 1))
    let isWish = random.chance(50)
    let request = AftersalesV1.RequestReturnRequest(
      orderNumber: number,
      lines: [
        .init(
          lineNumber: Int32(index + 1), quantity: pieces(count),
          reasonCode: isWish ? "CHANGED_MIND" : "DEFECT")
      ])
    let accepted = count <= line.shipped - line.returned && !(isWish && line.isMade)
    do {
      let reply = try await shop.returns.requestReturn(request, options: shop.command())
      #expect(accepted, "\(number) line \(index + 1): \(count) came back")
      let asked = try #require(reply.customerReturn)
      let two = try await takesTwo(.init(order: number, line: index), back: count)
      #expect(asked.state == (two ? .requested : .approved), "\(number) line \(index + 1)")
      guard order.uninvoiced == 0, random.chance(80) else {
        if two, random.chance(50) {
          _ = try await shop.returns.rejectReturn(
            .init(number: asked.number, reason: "no"),
            options: shop.command(by: "boss", roles: "SALES_MANAGER"))
        } else {
          _ = try await shop.returns.cancelReturn(
            .init(number: asked.number, reason: "kept"), options: shop.command())
        }
        return
      }
      try await take(asked.number, number, line: index, count: count, isWish: isWish)
    } catch let error as RPCError {
      #expect(!accepted, "\(number) line \(index + 1): \(count): \(error)")
    }
  }

  /// A piece of what is paid or billed comes back for something else: both happen, or neither. What
  /// the one sets free pays the other.
  mutating func exchange() async throws {
    let settled = model.orders.keys.sorted().filter { number in
      guard let order = model.orders[number] else { return false }
      return order.uninvoiced == 0 && order.lines.contains { $0.invoiced > $0.returned }
    }
    guard let number = settled.randomElement(using: &random), let order = model.orders[number],
      let index = order.lines.indices.randomElement(using: &random)
    else { return }
    let line = order.lines[index]
    let count = random.number(1...max(1, line.shipped - line.returned))
    let isWish = random.chance(50)
    let wanted = [(sku: pickSku(), count: random.number(1...4))]
    var new = model.draft(order.customer, wanted)
    // What goes out instead goes where the other went.
    (new.isBrought, new.zone) = (order.isBrought, order.zone)
    let accepted =
      count <= line.shipped - line.returned && !(isWish && line.isMade)
      && model.mayConfirm(new, refuseShortage: false) && reaches(order.zone)
    let request = AftersalesV1.CreateExchangeRequest(
      orderNumber: number,
      lines: [
        .init(
          lineNumber: Int32(index + 1), quantity: pieces(count),
          reasonCode: isWish ? "CHANGED_MIND" : "DEFECT")
      ],
      note: "something else",
      order: .init(
        lines: wanted.map { .init(sku: $0.sku, quantity: pieces($0.count)) },
        shortageRule: .wait))
    let options = shop.command()
    do {
      let done = try await shop.exchanges.createExchange(request, options: options)
      #expect(accepted, "\(number) line \(index + 1): \(count) were exchanged for \(wanted)")
      let made = try #require(done.exchange)
      #expect(made.ordered?.minorUnits == new.gross)
      model.add(made.orderNumber, new, confirmed: true)
      // Whoever brings it is to know what the other crew knew.
      wishes[made.orderNumber] = wishes[number]?.delivery.map { .init(delivery: $0) }
      repeatLast = { [shop] in
        let again = try await shop.exchanges.createExchange(request, options: options)
        #expect(again == done)
      }
      guard random.chance(80) else {
        _ = try await shop.returns.cancelReturn(
          .init(number: made.returnNumber, reason: "kept"), options: shop.command())
        return
      }
      try await take(
        made.returnNumber, number, line: index, count: count, isWish: isWish,
        for: made.orderNumber)
      let told = try await shop.exchanges.getExchange(.init(number: made.number)).exchange
      let balance = (model.orders[made.orderNumber]).map { $0.uninvoiced - $0.deposit }
      #expect(told?.state == .settled && told?.toPay?.minorUnits == balance)
      // What would have been to pay was told before.
      #expect(made.toPay == told?.toPay && made.credited == told?.credited)
      #expect(made.difference == told?.difference)
    } catch let error as RPCError {
      #expect(!accepted, "\(number) line \(index + 1): \(count) for \(wanted): \(error)")
    }
  }

  /// Somebody else agrees to what waits, not who asked; received before that it is not.
  private func agree(_ back: String) async throws {
    let asked = try await shop.returns.getReturn(.init(number: back)).customerReturn
    guard asked?.state == .requested else { return }
    let early = await refusal {
      try await shop.returns.receiveReturn(.init(number: back), options: shop.command())
    }
    #expect(early?.code == .failedPrecondition, "\(back)")
    let alone = await refusal {
      try await shop.returns.approveReturn(
        .init(number: back), options: shop.command(roles: "SALES_MANAGER"))
    }
    #expect(alone?.code == .permissionDenied, "\(back)")
    _ = try await shop.returns.approveReturn(
      .init(number: back), options: shop.command(by: "boss", roles: "SALES_MANAGER"))
  }

  /// `other` is the order of what goes out instead.
  mutating func take(
    _ back: String, _ number: String, line index: Int, count: Int64, isWish: Bool,
    for other: String? = nil
  ) async throws {
    let line = Int32(index + 1)
    try await agree(back)
    _ = try await shop.returns.receiveReturn(.init(number: back), options: shop.command())
    let good = random.number(0...count)
    let graded: [AftersalesV1.GradedQuantity] = [
      .init(lineNumber: line, quantity: pieces(count), grade: .b),
      .init(lineNumber: line, quantity: pieces(good), grade: .a),
      .init(lineNumber: line, quantity: pieces(count - good), grade: .c),
    ]
    let looked = try await shop.returns.gradeReturn(
      .init(number: back, lines: graded.filter { $0.quantity?.micros != 0 }),
      options: shop.command())
    // All of it was grade B at first.
    let cost = looked.customerReturn?.lines.first?.cost?.minorUnits ?? 0
    #expect(
      looked.customerReturn?.lines.first?.writtenDown?.minorUnits
        == ShopModel.share(cost, 30, of: 100), "\(back)")
    let request = AftersalesV1.CreditReturnRequest(number: back)
    let options = shop.command()
    let done = try await shop.returns.creditReturn(request, options: options)
    let (credited, fee, spare) = model.giveBack(
      number, line: index, count: count, good: good, isWish: isWish)
    let carried = other.map { model.carry(spare, to: $0) } ?? 0
    let refund = spare - carried
    #expect(done.customerReturn?.credited?.minorUnits == credited, "\(number)")
    #expect(done.customerReturn?.fee?.minorUnits == fee, "\(number)")
    #expect(done.refund?.minorUnits == refund, "\(number)")
    if refund > 0 {
      _ = try await shop.cancellations.payRefund(
        .init(orderNumber: number, method: .card), options: shop.command(by: "cashier"))
    }
    repeatLast = { [shop] in
      let again = try await shop.returns.creditReturn(request, options: options)
      #expect(again == done)
    }
  }
}
