package import MasterData
package import Storage
package import Values

/// What somebody says about suggestions, a verdict for each.
package struct DecidePriceSuggestions: Sendable {
  package enum Decision: Hashable, Sendable {
    /// Makes those within the band prices, from a day on (nil: the one that each was made for, or
    /// today where that is over); the others wait for somebody else.
    case accept(from: Day?)
    /// Makes those that wait prices. Four eyes: not who accepted them, nor who stands in for them.
    case approve
    case reject(reason: String)
  }

  package let ids: [ID<PriceSuggestion>]
  package let decision: Decision
  /// Who asks.
  package let actor: String
  /// Names of those for whom they stand in.
  package let standingInFor: Set<String>

  package init(
    _ ids: [ID<PriceSuggestion>], _ decision: Decision, by actor: String,
    standingInFor: Set<String> = []
  ) {
    self.ids = ids
    self.decision = decision
    self.actor = actor
    self.standingInFor = standingInFor
  }

  package struct Outcome: Sendable {
    package let verdicts: [RowVerdict]
    /// Those that were not refused, in the order of the request.
    package let suggestions: [PriceSuggestion]
  }

  package static let limit = 500

  /// One of a request; another with the same id meets what the first has left behind.
  private struct Row: BatchRow {
    let index: Int
    let id: ID<PriceSuggestion>
    var code: String { "\(id.value)" }
    var identity: String { "\(index)" }
    var malformed: [any Rejection] { [] }
    static var codeField: String { "ids" }
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    var check = FieldCheck(.request)
    check.range(ids.count, "ids", 1...Self.limit)
    if case .reject(let reason) = decision {
      check.text(reason, "reason", limit: 500, required: true)
    }
    if case .accept(let from?) = decision {
      check.range(from, "valid_from", now.day...now.day.adding(days: 366))
    }
    try check.pass()
    var decided: [PriceSuggestion] = []
    let rows = ids.enumerated().map { Row(index: $0, id: $1) }
    let verdicts = try Batch.run(rows, field: "ids", in: tx) { row, path in
      var one = try PriceSuggestions.require(row.id, field: path.description, in: tx)
      try decide(&one, field: path.description, in: tx, at: now)
      decided.append(one)
      return .updated
    }
    return Outcome(verdicts: verdicts, suggestions: decided)
  }

  private func decide(
    _ one: inout PriceSuggestion, field: String, in tx: Transaction, at now: Moment
  ) throws {
    let state = one.state(on: now.day)
    let isWanted = decision == .approve ? state == .pending : state == .open
    let isRejected = if case .reject = decision { state.isOpen } else { false }
    if state == .expired, one.state.isOpen {
      throw PriceSuggestionRejection.expired(field: field, id: one.id.value, on: one.expiresOn)
    }
    guard isWanted || isRejected else {
      throw PriceSuggestionRejection.decided(
        field: field, id: one.id.value, state: state.rawValue.lowercased())
    }
    (one.decidedAt, one.decidedOn) = (now.instant, now.day)
    switch decision {
    case .accept(let from): try accept(&one, from, field: field, in: tx, at: now)
    case .approve: try approve(&one, field: field, in: tx, at: now)
    case .reject(let reason):
      (one.state, one.decidedBy, one.reason) = (.rejected, actor, reason)
      try PriceSuggestionTable.update(one, in: tx)
      one.record("price-suggestion.rejected", by: actor, [Fact("reason", reason)], in: tx)
    }
  }

  private func accept(
    _ one: inout PriceSuggestion, _ from: Day?, field: String, in tx: Transaction, at now: Moment
  ) throws {
    let day = max(from ?? one.validFrom, now.day)
    try one.check(on: day, field: field, in: tx, at: now)
    one.acceptedBy = actor
    guard one.isBeyondBand else {
      try one.apply(from: day, in: tx, at: now)
      return one.record("price-suggestion.accepted", by: actor, [Fact("from", day)], in: tx)
    }
    (one.state, one.validFrom) = (.pending, day)
    try PriceSuggestionTable.update(one, in: tx)
    one.record("price-suggestion.approval-requested", by: actor, in: tx)
  }

  private func approve(
    _ one: inout PriceSuggestion, field: String, in tx: Transaction, at now: Moment
  ) throws {
    let acceptedBy = one.acceptedBy ?? ""
    guard actor != acceptedBy, !standingInFor.contains(acceptedBy) else {
      throw PriceSuggestionRejection.takesAnother(
        field: field, id: one.id.value, actor: actor, acceptedBy: acceptedBy)
    }
    let day = max(one.validFrom, now.day)
    try one.check(on: day, field: field, in: tx, at: now)
    one.decidedBy = actor
    try one.apply(from: day, in: tx, at: now)
    one.record(
      "price-suggestion.accepted", by: actor,
      [Fact("from", day), Fact("accepted_by", acceptedBy)], in: tx)
  }
}

extension PriceSuggestion {
  /// What holds of its list, product and minimum quantity on a day.
  func current(on day: Day, in snapshot: Snapshot) throws -> Price? {
    try PriceLists.price(
      of: subject.product, in: subject.list, from: subject.minimumQuantity, on: day, in: snapshot)
  }

  /// Refuses what was computed from another price, and what by now would earn too little.
  fileprivate func check(
    on day: Day, field: String, in snapshot: Snapshot, at now: Moment
  ) throws {
    guard day > priceFrom else {
      throw PriceSuggestionRejection.tooEarly(
        field: field, id: id.value, day: day, priceFrom: priceFrom)
    }
    guard let price = try current(on: day, in: snapshot), isFrom(price) else {
      throw PriceSuggestionRejection.stale(field: field, id: id.value, price: self.price)
    }
    let policy = try PriceSuggestionPolicies.require(
      version: policyVersion, on: now.day, in: snapshot)
    guard let rule = policy.rule(ruleCode), let floor = rule.floorMargin else { return }
    var reader = try PriceFactReader(today: now.day, in: snapshot)
    try reader.read([subject.product], in: snapshot)
    let facts = try reader.facts(
      of: Products.fetch(subject.product, in: snapshot), price,
      in: PriceLists.require(code: subject.listCode, field: field, in: snapshot),
      window: 1, askingAge: false, in: snapshot)
    guard let least = try rule.floor(facts), suggested.micros >= least else {
      throw PriceSuggestionRejection.belowFloor(
        field: field, id: id.value, floorMargin: floor)
    }
  }

  /// Makes it a price of its list as anybody would: the old one ends the day before, and the new
  /// one lasts as long as that would have.
  mutating func apply(from day: Day, in tx: Transaction, at now: Moment) throws {
    guard let price = try current(on: day, in: tx), isFrom(price) else {
      throw PriceSuggestionRejection.stale(field: "ids", id: id.value, price: self.price)
    }
    let verdicts = try UpsertPrices([
      price.draft(list: subject.listCode, sku: subject.sku, until: day.adding(days: -1)),
      price.draft(
        list: subject.listCode, sku: subject.sku, suggested, from: day, until: price.validUntil),
    ]).run(in: tx, at: now)
    try Rejections.check(verdicts.flatMap(\.violations))
    (state, appliedFrom) = (.accepted, day)
    (decidedAt, decidedOn) = (now.instant, now.day)
    try PriceSuggestionTable.update(self, in: tx)
  }
}
