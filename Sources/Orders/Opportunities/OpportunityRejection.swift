package import Values

/// What opportunities refuse, in the order in which it is checked.
package enum OpportunityRejection: Rejection, Hashable {
  case duplicateStage(field: String, code: String)
  /// Stages without one, or with several, that are WON or LOST.
  case notOneStage(field: String, state: OpportunityState)
  case unknownStages(field: String, version: Int64)
  case unknownOpportunity(field: String, number: String)
  /// Today's stages have none of this code.
  case unknownStage(field: String, code: String)
  /// Opportunities come to the end by a quote's conversion or by being lost.
  case stageDecides(field: String, code: String, state: OpportunityState)
  case alreadyThere(field: String, number: String, code: String)
  case stateForbids(number: String, state: OpportunityState, action: String)
  case otherCustomer(field: String, number: String, customer: String)
  /// Its customer's data was erased.
  case customerGone(number: String, customer: String)
}

extension OpportunityRejection {
  package var kind: RejectionKind {
    switch self {
    case .duplicateStage, .notOneStage, .stageDecides, .otherCustomer: .invalid
    case .unknownStages, .unknownOpportunity, .unknownStage: .notFound
    case .alreadyThere, .stateForbids, .customerGone: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .duplicateStage: "DUPLICATE_STAGE"
    case .notOneStage: "NOT_ONE_STAGE"
    case .unknownStages: "UNKNOWN_STAGES"
    case .unknownOpportunity: "UNKNOWN_OPPORTUNITY"
    case .unknownStage: "UNKNOWN_STAGE"
    case .stageDecides: "STAGE_DECIDES"
    case .alreadyThere: "ALREADY_IN_STAGE"
    case .stateForbids: "OPPORTUNITY_STATE_FORBIDS"
    case .otherCustomer: "OTHER_CUSTOMER"
    case .customerGone: "CUSTOMER_GONE"
    }
  }

  package var message: String {
    switch self {
    case .duplicateStage(_, let code): "The stage \(code) is there twice"
    case .notOneStage(_, let state): "One stage is \(state.rawValue), no fewer and no more"
    case .unknownStages(_, let version): "There is no version \(version) of the stages"
    case .unknownOpportunity(_, let number): "There is no opportunity \(number)"
    case .unknownStage(_, let code): "There is no stage \(code)"
    case .stageDecides(_, let code, .won):
      "\(code) is where an opportunity comes when one of its quotes is converted"
    case .stageDecides(_, let code, _): "\(code) is where an opportunity comes when it is lost"
    case .alreadyThere(_, let number, let code): "\(number) is in \(code)"
    case .stateForbids(let number, let state, let action):
      "\(number) is \(state.rawValue): cannot \(action)"
    case .otherCustomer(_, let number, let customer): "\(number) is of \(customer)"
    case .customerGone(let number, let customer): "\(customer) of \(number) was erased"
    }
  }

  package var field: String? {
    switch self {
    case .duplicateStage(let field, _), .notOneStage(let field, _), .unknownStages(let field, _),
      .unknownOpportunity(let field, _), .unknownStage(let field, _),
      .stageDecides(let field, _, _), .alreadyThere(let field, _, _),
      .otherCustomer(let field, _, _):
      field
    case .stateForbids, .customerGone: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .duplicateStage(_, let code), .unknownStage(_, let code): [Fact("code", code)]
    case .notOneStage(_, let state): [Fact("state", state.rawValue)]
    case .unknownStages(_, let version): [Fact("version", version)]
    case .unknownOpportunity(_, let number): [Fact("number", number)]
    case .stageDecides(_, let code, let state):
      [Fact("code", code), Fact("state", state.rawValue)]
    case .alreadyThere(_, let number, let code): [Fact("number", number), Fact("code", code)]
    case .stateForbids(let number, let state, let action):
      [Fact("number", number), Fact("state", state.rawValue), Fact("action", action)]
    case .otherCustomer(_, let number, let customer), .customerGone(let number, let customer):
      [Fact("number", number), Fact("customer", customer)]
    }
  }
}
