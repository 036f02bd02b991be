package import Values

/// What is refused about suggested prices, in the order in which it is checked.
package enum PriceSuggestionRejection: Rejection, Hashable {
  case duplicateRule(field: String, code: String)
  case unknownPolicy(field: String, version: Int64)
  case unknownSuggestion(field: String, id: Int64)
  /// Other rules have come into force while prices were looked at.
  case policyChanged(version: Int64, current: Int64)
  /// Not one of the states that the verb asks for.
  case decided(field: String, id: Int64, state: String)
  case expired(field: String, id: Int64, on: Day)
  /// Four eyes: whoever accepted it does not approve it.
  case takesAnother(field: String, id: Int64, actor: String, acceptedBy: String)
  /// Before the price that it was computed from is a day old.
  case tooEarly(field: String, id: Int64, day: Day, priceFrom: Day)
  /// The price that it was computed from is not in force on that day.
  case stale(field: String, id: Int64, price: UnitPrice)
  /// What it costs by now leaves less than the margin that is never undercut.
  case belowFloor(field: String, id: Int64, floorMargin: Rate)
}

extension PriceSuggestionRejection {
  package var kind: RejectionKind {
    switch self {
    case .duplicateRule: .invalid
    case .unknownPolicy, .unknownSuggestion: .notFound
    case .policyChanged: .conflict
    case .takesAnother: .denied
    case .decided, .expired, .tooEarly, .stale, .belowFloor: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .duplicateRule: "DUPLICATE_PRICE_RULE"
    case .unknownPolicy: "UNKNOWN_PRICE_SUGGESTION_POLICY"
    case .unknownSuggestion: "UNKNOWN_PRICE_SUGGESTION"
    case .policyChanged: "PRICE_SUGGESTION_POLICY_CHANGED"
    case .decided: "PRICE_SUGGESTION_DECIDED"
    case .expired: "PRICE_SUGGESTION_EXPIRED"
    case .takesAnother: "PRICE_SUGGESTION_TAKES_ANOTHER"
    case .tooEarly: "PRICE_SUGGESTION_TOO_EARLY"
    case .stale: "PRICE_SUGGESTION_STALE"
    case .belowFloor: "PRICE_SUGGESTION_BELOW_FLOOR"
    }
  }

  package var message: String {
    switch self {
    case .duplicateRule(_, let code): "There are two rules \(code)"
    case .unknownPolicy(_, let version):
      version == 0
        ? "Nobody has said which prices are suggested"
        : "There are no rules of version \(version)"
    case .unknownSuggestion(_, let id): "There is no price suggestion \(id)"
    case .policyChanged(let version, let current):
      "Prices were looked at by version \(version) of the rules; \(current) is in force by now"
    case .decided(_, let id, let state): "Price suggestion \(id) is \(state)"
    case .expired(_, let id, let day): "Price suggestion \(id) could be accepted until \(day)"
    case .takesAnother(_, let id, let actor, let acceptedBy):
      actor == acceptedBy
        ? "\(actor) has accepted price suggestion \(id); somebody else approves it"
        : "\(actor) stands in for \(acceptedBy), who has accepted price suggestion \(id)"
    case .tooEarly(_, let id, let day, let priceFrom):
      "Price suggestion \(id) changes a price of \(priceFrom); \(day) is not later"
    case .stale(_, let id, let price):
      "Price suggestion \(id) was computed from \(price), which is not the price any more"
    case .belowFloor(_, let id, let margin):
      "By now price suggestion \(id) would earn less than \(margin)"
    }
  }

  package var field: String? {
    switch self {
    case .duplicateRule(let field, _), .unknownPolicy(let field, _),
      .unknownSuggestion(let field, _), .decided(let field, _, _), .expired(let field, _, _),
      .takesAnother(let field, _, _, _), .tooEarly(let field, _, _, _), .stale(let field, _, _),
      .belowFloor(let field, _, _):
      field
    case .policyChanged: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .duplicateRule(_, let code): [Fact("rule", code)]
    case .unknownPolicy(_, let version): [Fact("version", version)]
    case .unknownSuggestion(_, let id): [Fact("id", id)]
    case .policyChanged(let version, let current):
      [Fact("version", version), Fact("current", current)]
    case .decided(_, let id, let state): [Fact("id", id), Fact("state", state)]
    case .expired(_, let id, let day): [Fact("id", id), Fact("expires_on", day)]
    case .takesAnother(_, let id, let actor, let acceptedBy):
      [Fact("id", id), Fact("actor", actor), Fact("accepted_by", acceptedBy)]
    case .tooEarly(_, let id, let day, let priceFrom):
      [Fact("id", id), Fact("day", day), Fact("price_from", priceFrom)]
    case .stale(_, let id, let price): [Fact("id", id), Fact("price", price)]
    case .belowFloor(_, let id, let margin): [Fact("id", id), Fact("floor_margin", margin)]
    }
  }
}
