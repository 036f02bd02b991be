import Messages
import RPC
import TestKit
import TestRandom
import Testing

/// A change that somebody has asked for: what it is, which order it was asked of, and who of those
/// who are asked has agreed.
struct AskedChange {
  let counts: [Int: Int64]
  let added: [(sku: String, count: Int64)]
  /// Of the order, as its own answer said.
  var version: Int64
  /// Cents more, as it was shown.
  var more: Int64
  /// Cents that ordering less costs, as it was shown.
  var fee: Int64
  /// In their order, and by whom.
  var steps: [(role: String, by: String?)]
  /// Something of it would have waited for goods then.
  var waits: Bool
  /// Out of date or sent back: to be asked again.
  var isOpen = true
}

extension Workload {
  private static let askers = [("fin", "FINANCE"), ("boss", "BOSS"), ("zhao", "FINANCE,BOSS")]

  /// Finance agrees to all that touches a discount, the boss to what is at least five hundred more
  /// or less.
  static func askForChanges(_ shop: Shop) async throws {
    _ = try await shop.changes.setChangePolicy(
      .init(
        rules: [
          .init(kinds: [.discount], step: .init(role: "FINANCE")),
          .init(
            kinds: [.discount], minimumChange: yuan("500"), step: .init(role: "BOSS")),
        ], expireHours: 2_000, reason: "two pairs of eyes"), options: shop.command())
  }

  /// Somebody asks for a change, or one of those who must agree decides, or it is asked again.
  mutating func askSome() async throws {
    guard let number = asked.keys.sorted().randomElement(using: &random), random.chance(75),
      let wish = asked[number]
    else { return try await askForChange() }
    if !wish.isOpen || random.chance(10) { return try await askAgain(number, wish) }
    if random.chance(15) { return try await refuseChange(number, wish) }
    try await agree(number, wish)
  }

  /// How many wait of an order that is otherwise by now, which a sweep tells; they are to be asked
  /// again.
  mutating func outdatedRequests() async throws -> Int32 {
    var count: Int32 = 0
    for number in asked.keys.sorted() where asked[number]?.isOpen == true {
      let version = try await shop.orders.getOrder(.init(number: number)).order?.version
      guard version != asked[number]?.version else { continue }
      asked[number]?.isOpen = false
      count += 1
    }
    return count
  }

  private func pending(_ more: Int64) -> [(role: String, by: String?)] {
    [("FINANCE", nil)] + (abs(more) >= 50_000 ? [("BOSS", nil)] : [])
  }

  /// The discount is said to be what it is, so that finance is asked about any of it.
  private func message(
    _ order: ShopModel.Order, _ wish: (counts: [Int: Int64], added: [(sku: String, count: Int64)])
  ) -> OrdersV1.OrderChange {
    .init(
      lines: wish.counts.map { index, count in
        count == 0
          ? .init(lineNumber: Int32(index + 1), remove: true)
          : .init(lineNumber: Int32(index + 1), quantity: pieces(count))
      },
      addedLines: wish.added.map { .init(sku: $0.sku, quantity: pieces($0.count)) },
      discountMicros: order.percent * 10_000)
  }

  private mutating func askForChange() async throws {
    guard let number = pickOrder(), let order = model.orders[number], order.isConfirmed,
      order.deposit == 0, !order.isRepair, asked[number] == nil,
      !order.lines.contains(where: \.isPiece),
      // Which of what is billed may be said anew is not for this model.
      order.lines.allSatisfy({ $0.invoiced == 0 })
    else { return }
    let stocked = order.lines.indices.filter { !order.lines[$0].isMade }
    var counts: [Int: Int64] = [:]
    if let index = stocked.randomElement(using: &random) { counts[index] = random.number(0...8) }
    let added = random.chance(30) ? [(sku: pickSku(), count: random.number(1...3))] : []
    let changed = model.changed(order, counts, adding: added)
    let fee = model.fee(from: order, to: changed)
    let accepted = model.mayChange(order, to: changed, counts, adding: added, fee: fee)
    let more = changed.gross - order.gross
    let version = try await shop.orders.getOrder(.init(number: number)).order?.version ?? 0
    let request = OrdersV1.RequestOrderChangeRequest(
      orderNumber: number, change: message(order, (counts, added)), reason: "asked for")
    let options = shop.command(by: "zhao", roles: "SALES_MANAGER,FINANCE")
    do {
      let reply = try await shop.changes.requestOrderChange(request, options: options)
      #expect(accepted, "\(number): \(counts) \(added) of \(order)")
      #expect(reply.request?.impact?.grossChange?.minorUnits == more, "\(number)")
      #expect(reply.request?.impact?.fee?.minorUnits == fee, "\(number)")
      asked[number] = AskedChange(
        counts: counts, added: added, version: version, more: more, fee: fee,
        steps: pending(more), waits: waits(number, changed))
      try await compare(number, reply.request)
      repeatLast = { [shop] in
        let again = try await shop.changes.requestOrderChange(request, options: options)
        #expect(again == reply)
      }
    } catch {
      #expect(!accepted, "\(number): \(counts) \(added): \(error)")
    }
  }

  /// Whether the change would be made now; nil where that is for the goods' days, of which this
  /// model knows nothing.
  private func isValid(_ number: String, _ wish: AskedChange, _ version: Int64) -> Bool? {
    guard let order = model.orders[number], version == wish.version else { return false }
    let changed = model.changed(order, wish.counts, adding: wish.added)
    let fee = model.fee(from: order, to: changed)
    guard model.mayChange(order, to: changed, wish.counts, adding: wish.added, fee: fee),
      fee == wish.fee, changed.gross - order.gross == wish.more
    else { return false }
    return wish.waits || waits(number, changed) ? nil : true
  }

  private func waits(_ number: String, _ changed: ShopModel.Order) -> Bool {
    var after = model
    after.replace(number, by: changed)
    return after.orders[number]?.lines.contains { $0.waiting > 0 || $0.isDirect } ?? true
  }

  private mutating func agree(_ number: String, _ wish: AskedChange) async throws {
    guard let (actor, roles) = Self.askers.randomElement(using: &random) else { return }
    let seen = try await shop.orders.getOrder(.init(number: number)).order
    let mine = wish.steps.firstIndex { $0.by == nil && $0.role == roles }
    let options = shop.command(by: actor, roles: roles)
    do {
      let reply = try await shop.changes.approveChangeRequest(
        .init(orderNumber: number), options: options)
      let index = try #require(mine, "\(number) by \(actor)")
      let expected = isValid(number, wish, seen?.version ?? 0)
      let isStale = reply.request?.state == .stale
      if let expected { #expect(isStale != expected, "\(number): \(reply)") }
      let now = try await shop.orders.getOrder(.init(number: number)).order
      if isStale {
        #expect(now == seen, "\(number)")
        asked[number]?.isOpen = false
      } else {
        asked[number]?.steps[index].by = actor
        if asked[number]?.steps.allSatisfy({ $0.by != nil }) ?? false {
          try await make(number, wish, reply)
        } else {
          #expect(now == seen, "\(number)")
          try await compare(number, reply.request)
        }
      }
      repeatLast = { [shop] in
        let again = try await shop.changes.approveChangeRequest(
          .init(orderNumber: number), options: options)
        #expect(again == reply)
      }
    } catch {
      #expect(mine == nil, "\(number) by \(actor): \(error)")
    }
  }

  /// The last has agreed: it is done at once, and just as it was shown.
  private mutating func make(
    _ number: String, _ wish: AskedChange, _ reply: OrdersV1.ApproveChangeRequestResponse
  ) async throws {
    let order = try #require(model.orders[number])
    let changed = model.changed(order, wish.counts, adding: wish.added)
    #expect(reply.request?.state == .applied, "\(number)")
    #expect(reply.order?.gross?.minorUnits == changed.gross, "\(number)")
    model.replace(number, by: changed, fee: model.fee(from: order, to: changed))
    follow(number)
    try await takeInRedirected()
    asked[number] = nil
    applied.append(number)
  }

  private mutating func refuseChange(_ number: String, _ wish: AskedChange) async throws {
    let seen = try await shop.orders.getOrder(.init(number: number)).order
    let boss = shop.command(by: "fin", roles: "FINANCE")
    let mayDecide = wish.steps.first?.by == nil
    if random.chance(30) {
      _ = try await shop.changes.withdrawChangeRequest(
        .init(orderNumber: number), options: shop.command(by: "zhao"))
      asked[number] = nil
    } else if random.chance(50) {
      let done = try? await shop.changes.rejectChangeRequest(
        .init(orderNumber: number, reason: "no"), options: boss)
      #expect((done != nil) == mayDecide, "\(number)")
      if done != nil { asked[number] = nil }
    } else {
      let done = try? await shop.changes.returnChangeRequest(
        .init(orderNumber: number, reason: "otherwise"), options: boss)
      #expect((done != nil) == mayDecide, "\(number)")
      if done != nil { asked[number]?.isOpen = false }
    }
    #expect(try await shop.orders.getOrder(.init(number: number)).order == seen)
  }

  /// The same of the order as it is now: who has agreed has, unless it costs more.
  private mutating func askAgain(_ number: String, _ wish: AskedChange) async throws {
    guard let order = model.orders[number],
      let version = try await shop.orders.getOrder(.init(number: number)).order?.version
    else { return }
    let changed = model.changed(order, wish.counts, adding: wish.added)
    let more = changed.gross - order.gross
    let fee = model.fee(from: order, to: changed)
    let accepted =
      order.lines.allSatisfy { $0.invoiced == 0 } && order.state != "CANCELLED"
      && model.mayChange(order, to: changed, wish.counts, adding: wish.added, fee: fee)
    do {
      let reply = try await shop.changes.resubmitChangeRequest(
        .init(orderNumber: number),
        options: shop.command(by: "zhao", roles: "SALES_MANAGER,FINANCE"))
      #expect(accepted, "\(number): \(wish) of \(order)")
      var steps = pending(more)
      for index in steps.indices where more <= wish.more && fee <= wish.fee {
        steps[index].by = wish.steps.first { $0.role == steps[index].role }?.by
      }
      asked[number]?.version = version
      asked[number]?.more = more
      asked[number]?.fee = fee
      let isShort = waits(number, changed)
      asked[number]?.waits = isShort
      asked[number]?.steps = steps
      asked[number]?.isOpen = true
      #expect(reply.request?.impact?.grossChange?.minorUnits == more, "\(number)")
      if steps.allSatisfy({ $0.by != nil }) {
        #expect(reply.request?.state == .applied, "\(number)")
        model.replace(number, by: changed, fee: fee)
        follow(number)
        try await takeInRedirected()
        asked[number] = nil
        applied.append(number)
      } else {
        try await compare(number, reply.request)
      }
    } catch {
      #expect(!accepted, "\(number): \(wish): \(error)")
      _ = try await shop.changes.withdrawChangeRequest(
        .init(orderNumber: number), options: shop.command(by: "zhao"))
      asked[number] = nil
    }
  }

  private func compare(_ number: String, _ request: OrdersV1.ChangeRequest?) async throws {
    let told = (request?.steps ?? []).map { "\($0.role) \($0.decidedBy)" }
    #expect(told == asked[number]?.steps.map { "\($0.role) \($0.by ?? "")" }, "\(number)")
    let open = try await shop.orders.getOrder(.init(number: number)).changeRequest
    #expect(open?.state == .pending, "\(number)")
  }
}
