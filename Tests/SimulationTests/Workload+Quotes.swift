import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  /// Offers something, or takes what was offered some time ago: at the price of then, if credit and
  /// stock of now allow.
  mutating func quote() async throws {
    guard let index = random.chance(50) ? nil : offers.indices.last else {
      let lines = [(sku: pickSku(), count: random.number(1...6)), ("TABLE", 1)]
      let customer = random.chance(60) ? "VIP" : "TIGHT"
      let refuses = random.chance(30)
      var input = shop.input(lines, customer: customer, shortage: refuses ? .refuse : .wait)
      let percent = random.number(0...20)
      input.discountMicros = percent * 10_000
      let opportunity = talk(of: customer)
      let reply = try await shop.quotes.createQuote(
        .init(
          customerCode: customer, variants: [.init(order: input)], opportunityNumber: opportunity),
        options: shop.command())
      var order = model.draft(customer, lines, percent: percent)
      order.refusesShortage = refuses
      #expect(reply.quote?.gross?.minorUnits == order.gross)
      offers.append((reply.quote?.number ?? "", order, refuses))
      talks[opportunity]?.quotes.insert(reply.quote?.number ?? "")
      return
    }
    if random.chance(25) { return try await revise(index) }
    let offer = offers[index]
    let request = OrdersV1.ConvertQuoteRequest(number: offer.number)
    let options = shop.command()
    guard model.mayConfirm(offer.order, refuseShortage: offer.refusesShortage) else {
      let refused = await refusal {
        try await shop.quotes.convertQuote(request, options: options)
      }
      #expect(refused?.code == .failedPrecondition, "\(offer)")
      return
    }
    let reply = try await shop.quotes.convertQuote(request, options: options)
    #expect(reply.order?.gross?.minorUnits == offer.order.gross)
    model.add(reply.order?.number ?? "", offer.order, confirmed: true)
    offers.remove(at: index)
    winTalk(by: offer.number)
    let twice = await refusal {
      try await shop.quotes.convertQuote(request, options: shop.command())
    }
    #expect(twice?.code == .alreadyExists)
    repeatLast = { [shop] in
      let again = try await shop.quotes.convertQuote(request, options: options)
      #expect(again == reply)
    }
  }

  /// Other chairs or lamps in the newest offer: what is otherwise is told, to the cent.
  private mutating func revise(_ index: Int) async throws {
    let offer = offers[index]
    let lines = [(sku: pickSku(), count: random.number(1...6)), ("TABLE", 1)]
    var input = shop.input(
      lines, customer: offer.order.customer, shortage: offer.refusesShortage ? .refuse : .wait)
    input.discountMicros = offer.order.percent * 10_000
    let revised = try await shop.quotes.reviseQuote(
      .init(number: offer.number, variants: [.init(order: input)]), options: shop.command())
    var order = model.draft(offer.order.customer, lines, percent: offer.order.percent)
    order.refusesShortage = offer.refusesShortage
    #expect(revised.quote?.gross?.minorUnits == order.gross)
    let revision = revised.quote?.revisions ?? 0
    let told = try await shop.quotes.diffQuoteRevisions(
      .init(number: offer.number, fromRevision: revision - 1))
    let gross = told.variants.flatMap(\.differences).filter {
      $0.lineNumber == 0 && $0.field == .gross
    }
    let expected =
      order.gross == offer.order.gross
      ? [] : [[Self.words(offer.order.gross), Self.words(order.gross)]]
    #expect(gross.map { [$0.before, $0.after] } == expected, "\(offer.number)")
    offers[index].order = order
  }

  private static func words(_ cents: Int64) -> String {
    let rest = cents % 100
    return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest) CNY"
  }
}
