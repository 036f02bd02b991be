internal import Values

/// What is refused about rules, in the order in which it is checked.
enum AutomationRejection: Rejection, Hashable {
  case invalidEventType(field: String, given: String)
  case tooManyRules(field: String, limit: Int)
  /// The principal of a rule may not call what the rule is to do.
  case principalMayNot(field: String, principal: String, permission: String)
  case unknownRun(field: String)
  case nothingToSettle(id: Int64)

  var kind: RejectionKind {
    switch self {
    case .invalidEventType: .invalid
    case .unknownRun: .notFound
    case .tooManyRules, .principalMayNot, .nothingToSettle: .precondition
    }
  }

  var reason: String {
    switch self {
    case .invalidEventType: "INVALID_EVENT_TYPE"
    case .tooManyRules: "TOO_MANY_RULES"
    case .principalMayNot: "PRINCIPAL_MAY_NOT"
    case .unknownRun: "UNKNOWN_RULE_RUN"
    case .nothingToSettle: "RULE_RUN_SETTLED"
    }
  }

  var message: String {
    switch self {
    case .invalidEventType(_, let given):
      "\"\(given)\" is no type of an event, such as order.held"
    case .tooManyRules(_, let limit): "There are \(limit) rules already"
    case .principalMayNot(_, let principal, let permission):
      "\(principal) does not hold \(permission) for everybody's data"
    case .unknownRun: "There is no such run of a rule"
    case .nothingToSettle(let id): "Nobody must look at run \(id)"
    }
  }

  var field: String? {
    switch self {
    case .invalidEventType(let field, _), .tooManyRules(let field, _),
      .principalMayNot(let field, _, _), .unknownRun(let field):
      field
    case .nothingToSettle: nil
    }
  }

  var facts: [Fact] {
    switch self {
    case .invalidEventType(_, let given): [Fact("given", given)]
    case .tooManyRules(_, let limit): [Fact("limit", limit)]
    case .principalMayNot(_, let principal, let permission):
      [Fact("principal", principal), Fact("permission", permission)]
    case .unknownRun: []
    case .nothingToSettle(let id): [Fact("id", id)]
    }
  }
}
