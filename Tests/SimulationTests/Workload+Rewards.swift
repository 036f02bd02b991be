import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  /// A club whose members earn a point for each yuan, worth five cents; others earn nothing.
  static func reward(_ shop: Shop) async throws {
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [.init(code: "MEMBER", name: "会员", customerClass: "CLUB")]),
      options: shop.command())
    _ = try await shop.points.setPointsProgramme(
      .init(
        moment: .invoice, rates: [.init(customerClass: "CLUB", pointsMicros: 1_000_000)],
        redemptionValue: yuanEach("0.05"), fairValue: yuanEach("0.04"), reason: "a club"),
      options: shop.command())
  }

  /// A member buys lamps that are there, pays with whatever it has, and takes them, gives some back
  /// or changes its mind.
  mutating func pleaseMember() async throws {
    if rewards.cards.count < 3 || random.chance(30) { try await sellCard() }
    guard model.free("LAMP") > 0 else { return }
    let count = random.number(1...min(3, model.free("LAMP")))
    let wanted = model.draft("MEMBER", [("LAMP", count)])
    let placed = try await shop.place([("LAMP", count)], customer: "MEMBER")
    #expect(placed.gross?.minorUnits == wanted.gross)
    rewards.add(placed.number)
    var open = wanted.gross
    var tenders: [RewardModel.Tender] = []
    for _ in 0..<random.number(0...3) where open > 0 {
      guard let tender = try await pay(placed.number, open: open) else { continue }
      rewards.use(tender)
      tenders.append(tender)
      open -= tender.cents
    }
    if random.chance(40) { return try await regret(placed.number, tenders) }
    if open > 0 {
      tenders.append(.cash(open))
      try await payCash(placed.number, open)
    }
    try await shop.deliver(placed.number)
    model.lose("LAMP", count)
    let billed = try await shop.orders.invoiceOrder(
      .init(number: placed.number), options: shop.command())
    #expect(billed.gross?.minorUnits == wanted.gross)
    rewards.earn(wanted.gross, tenders)
    if random.chance(40) { try await giveLampsBack(placed.number, wanted, tenders) }
  }

  /// One way of paying a part, valid or not; nil where it was refused.
  private mutating func pay(_ order: String, open: Int64) async throws -> RewardModel.Tender? {
    switch random.number(0...2) {
    case 0:
      let cents = random.number(1...open)
      try await payCash(order, cents)
      return .cash(cents)
    case 1:
      guard let code = rewards.cards.keys.sorted().randomElement(using: &random) else { return nil }
      return try await payByCard(order, code, open: open)
    default:
      return try await payByPoints(order, open: open)
    }
  }

  private func payCash(_ order: String, _ cents: Int64) async throws {
    _ = try await shop.finance.receivePayment(
      .init(
        amount: .init(currencyCode: "CNY", minorUnits: cents), method: .cash, orderNumber: order),
      options: shop.command())
  }

  private mutating func payByCard(
    _ order: String, _ code: String, open: Int64
  ) async throws -> RewardModel.Tender? {
    let balance = rewards.cards[code] ?? 0
    let asked = random.chance(50) ? nil : random.number(1...open + 2_000)
    let expected = asked ?? min(open, balance)
    let accepted = expected > 0 && expected <= min(open, balance)
    let request = FinanceV1.RedeemGiftCardRequest(
      code: code, orderNumber: order,
      amount: asked.map { .init(currencyCode: "CNY", minorUnits: $0) })
    let options = shop.command()
    do {
      let done = try await shop.giftCards.redeemGiftCard(request, options: options)
      #expect(accepted, "\(order): \(expected) of \(balance) for \(open)")
      #expect(done.payment?.amount?.minorUnits == expected)
      #expect(done.balance?.minorUnits == balance - expected)
      repeatLast = { [shop] in
        let again = try await shop.giftCards.redeemGiftCard(request, options: options)
        #expect(again == done)
      }
      return .card(code, expected)
    } catch {
      #expect(!accepted, "\(order): \(expected) of \(balance) for \(open): \(error)")
      return nil
    }
  }

  private mutating func payByPoints(
    _ order: String, open: Int64
  ) async throws -> RewardModel.Tender? {
    let points = random.number(1...max(1, rewards.points + 20))
    let cents = points * 5
    let accepted = points <= rewards.points && cents <= open
    do {
      let done = try await shop.points.redeemPoints(
        .init(orderNumber: order, points: points), options: shop.command())
      #expect(accepted, "\(order): \(points) of \(rewards.points) for \(open)")
      #expect(done.payment?.amount?.minorUnits == cents)
      #expect(done.balance == rewards.points - points)
      return .points(points, cents)
    } catch {
      #expect(!accepted, "\(order): \(points) of \(rewards.points) for \(open): \(error)")
      return nil
    }
  }

  private mutating func regret(_ order: String, _ tenders: [RewardModel.Tender]) async throws {
    let done = try await shop.orders.cancelOrder(
      .init(number: order, reason: .customerWish), options: shop.command())
    let fee = done.impact?.fee?.minorUnits ?? 0
    let paid = tenders.reduce(0) { $0 + $1.cents }
    #expect(done.impact?.refund?.minorUnits == max(0, paid - fee), "\(order)")
    if paid > fee {
      _ = try await shop.cancellations.payRefund(
        .init(orderNumber: order, method: .cash), options: shop.command(by: "cashier"))
    }
    rewards.refund(tenders, less: fee)
  }

  private mutating func giveLampsBack(
    _ order: String, _ sold: ShopModel.Order, _ tenders: [RewardModel.Tender]
  ) async throws {
    let line = sold.lines[0]
    let count = random.number(1...line.ordered)
    let asked = try await shop.returns.requestReturn(
      .init(
        orderNumber: order,
        lines: [.init(lineNumber: 1, quantity: pieces(count), reasonCode: "DEFECT")]),
      options: shop.command())
    let back = asked.customerReturn?.number ?? ""
    _ = try await shop.returns.receiveReturn(.init(number: back), options: shop.command())
    _ = try await shop.returns.gradeReturn(
      .init(number: back, lines: [.init(lineNumber: 1, quantity: pieces(count), grade: .c)]),
      options: shop.command())
    let done = try await shop.returns.creditReturn(.init(number: back), options: shop.command())
    let credited =
      ShopModel.share(line.net, count, of: line.ordered)
      + ShopModel.share(line.tax, count, of: line.ordered)
    #expect(done.customerReturn?.credited?.minorUnits == credited, "\(order)")
    rewards.giveBack(credited, of: sold.gross, tenders)
  }

  private mutating func sellCard() async throws {
    let cents = random.number(1...40_000)
    let sold = try await shop.giftCards.sellGiftCard(
      .init(amount: .init(currencyCode: "CNY", minorUnits: cents), method: .cash),
      options: shop.command())
    rewards.sell(sold.code, sold.giftCard?.number ?? "", cents)
    guard random.chance(20), let lost = rewards.cards.keys.sorted().randomElement(using: &random)
    else { return }
    let new = try await shop.giftCards.replaceGiftCard(
      .init(number: rewards.numbers[lost] ?? "", reason: "lost"), options: shop.command())
    rewards.replace(lost, by: new.code, new.giftCard?.number ?? "")
    let gone = await refusal {
      try await shop.giftCards.redeemGiftCard(
        .init(code: lost, orderNumber: rewards.orders.first ?? ""), options: shop.command())
    }
    #expect(gone != nil)
  }

  func auditRewards() async throws {
    for (code, cents) in rewards.cards {
      let card = try await shop.giftCards.getGiftCard(.init(number: rewards.numbers[code] ?? ""))
      #expect(card.giftCard?.balance?.minorUnits == cents)
    }
    let points = try await shop.points.getPoints(.init(customerCode: "MEMBER"))
    #expect(points.balance == rewards.points)
    #expect(points.available == max(0, rewards.points))
  }
}
