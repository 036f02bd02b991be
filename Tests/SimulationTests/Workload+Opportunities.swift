import Messages
import RPC
import TestKit
import TestRandom
import Testing

/// What customers may buy, as somebody would keep it in a notebook.
struct Talk {
  let customer: String
  var expected: Int64
  /// "OPEN", "WON" or "LOST".
  var state = "OPEN"
  /// Every stage it was in, in turn.
  var stages = ["NEW"]
  /// What is offered for it, decided or not.
  var quotes: Set<String> = []
}

extension Workload {
  private static let stages = ["NEW", "NEEDS", "OFFER", "NEGOTIATION"]

  /// An opportunity on which what is offered now may be for.
  mutating func talk(of customer: String) -> String {
    guard random.chance(60) else { return "" }
    let found = talks.keys.sorted().filter {
      talks[$0]?.customer == customer && talks[$0]?.state == "OPEN"
    }
    return found.randomElement(using: &random) ?? ""
  }

  /// The order that came of a quote wins what the quote was offered for.
  mutating func winTalk(by quote: String) {
    for (number, talk) in talks where talk.quotes.contains(quote) && talk.state == "OPEN" {
      talks[number]?.state = "WON"
      talks[number]?.stages.append("WON")
    }
  }

  /// Writes an opportunity down, brings it on or back, loses it, opens it again, or says for which
  /// one a quote is.
  mutating func talk() async throws {
    let numbers = talks.keys.sorted()
    guard !numbers.isEmpty, !random.chance(25),
      let number = numbers.randomElement(using: &random), let known = talks[number]
    else { return try await beginTalk() }
    switch random.number(0...3) {
    case 0: try await lose(number, known)
    case 1: try await link(number, known)
    default: try await move(number, known)
    }
  }

  private mutating func beginTalk() async throws {
    let customer = random.chance(60) ? "VIP" : "TIGHT"
    let expected = Int64(random.number(0...500)) * 1_000
    let request = OrdersV1.CreateOpportunityRequest(
      customerCode: customer,
      opportunity: .init(
        title: "talk", expected: .init(currencyCode: "CNY", minorUnits: expected)))
    let options = shop.command()
    let reply = try await shop.opportunities.createOpportunity(request, options: options)
    talks[reply.opportunity?.number ?? ""] = Talk(customer: customer, expected: expected)
    repeatLast = { [shop] in
      let again = try await shop.opportunities.createOpportunity(request, options: options)
      #expect(again == reply)
    }
  }

  private mutating func move(_ number: String, _ known: Talk) async throws {
    let stage = Self.stages.randomElement(using: &random) ?? "NEW"
    let here = known.stages.last ?? ""
    let goesBack =
      (Self.stages.firstIndex(of: stage) ?? 0) < (Self.stages.firstIndex(of: here) ?? 0)
    let isSaid = random.chance(70)
    let mayMove =
      known.state != "WON" && stage != here
      && (isSaid || known.state == "OPEN" && !goesBack)
    let refused = await refusal {
      try await shop.opportunities.moveOpportunity(
        .init(number: number, stageCode: stage, comment: isSaid ? "called" : ""),
        options: shop.command())
    }
    #expect((refused == nil) == mayMove, "\(number) \(known) to \(stage)")
    guard mayMove else { return }
    talks[number]?.state = "OPEN"
    talks[number]?.stages.append(stage)
  }

  /// What is offered for it goes with it.
  private mutating func lose(_ number: String, _ known: Talk) async throws {
    let refused = await refusal {
      try await shop.opportunities.loseOpportunity(
        .init(number: number, reasonCode: "TOO_LATE"), options: shop.command())
    }
    #expect((refused == nil) == (known.state == "OPEN"), "\(number) \(known)")
    guard known.state == "OPEN" else { return }
    talks[number]?.state = "LOST"
    talks[number]?.stages.append("LOST")
    offers.removeAll { known.quotes.contains($0.number) }
  }

  private mutating func link(_ number: String, _ known: Talk) async throws {
    guard let offer = offers.randomElement(using: &random) else { return }
    let fits = known.state == "OPEN" && known.customer == offer.order.customer
    let refused = await refusal {
      try await shop.opportunities.linkQuote(
        .init(quoteNumber: offer.number, opportunityNumber: number), options: shop.command())
    }
    #expect((refused == nil) == fits, "\(offer.number) \(number) \(known)")
    guard fits else { return }
    for other in talks.keys { talks[other]?.quotes.remove(offer.number) }
    talks[number]?.quotes.insert(offer.number)
  }

  /// Each stands where the notebook says, and the report counts what it says.
  func auditTalks() async throws {
    for (number, known) in talks {
      let found = try #require(
        try await shop.opportunities.getOpportunity(.init(number: number)).opportunity)
      #expect(found.state.name == "OPPORTUNITY_STATE_" + known.state, "\(number)")
      #expect(found.steps.map(\.stageCode) == known.stages, "\(number)")
      #expect(Set(found.quotes.map(\.number)) == known.quotes, "\(number)")
    }
    let told = try await shop.opportunities.getConversion(.init())
    let states = talks.values.map(\.state)
    let counts = ["OPEN", "WON", "LOST"].map { state in states.count { $0 == state } }
    let row = told.groups.first ?? .init()
    #expect([row.open, row.won, row.lost].map { Int($0) } == counts)
    let open = talks.values.filter { $0.state == "OPEN" }
    #expect(row.expected?.minorUnits ?? 0 == open.reduce(0) { $0 + $1.expected })
    for stage in told.stages {
      let were = talks.values.filter { $0.stages.contains(stage.stageCode) }
      #expect(Int(stage.opportunities) == were.count, "\(stage.stageCode)")
      let here = open.filter { $0.stages.last == stage.stageCode }
      #expect(Int(stage.here) == here.count, "\(stage.stageCode)")
    }
  }
}
