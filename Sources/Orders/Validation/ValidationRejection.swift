package import Values

/// What validation refuses: rules that cannot be, then orders that break one.
package enum ValidationRejection: Rejection, Hashable {
  case duplicateRule(field: String, code: String)
  case notFormatted(field: String, element: OrderElement)
  case invalidPattern(field: String, given: String)
  case invalidPrefix(field: String, given: String)
  case nothingLimited(field: String)
  /// Only what a customer owes is looked at again when goods leave.
  case notForDispatch(field: String)
  case unknownPolicy(field: String, version: Int64)
  /// An import has another content for an order that it has brought.
  case importedOtherwise(field: String, externalID: String, order: String)
  case ruleBroken(field: String?, rule: String, policy: Int64?, text: String, facts: [Fact])
}

extension ValidationRejection {
  package var kind: RejectionKind {
    switch self {
    case .duplicateRule, .notFormatted, .invalidPattern, .invalidPrefix, .nothingLimited,
      .notForDispatch:
      .invalid
    case .unknownPolicy: .notFound
    case .importedOtherwise: .alreadyExists
    case .ruleBroken: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .duplicateRule: "DUPLICATE_RULE"
    case .notFormatted: "NOT_FORMATTED"
    case .invalidPattern: "INVALID_PATTERN"
    case .invalidPrefix: "INVALID_PREFIX"
    case .nothingLimited: "NOTHING_LIMITED"
    case .notForDispatch: "NOT_FOR_DISPATCH"
    case .unknownPolicy: "UNKNOWN_POLICY"
    case .importedOtherwise: "IMPORTED_OTHERWISE"
    case .ruleBroken: "VALIDATION_RULE_BROKEN"
    }
  }

  package var message: String {
    switch self {
    case .duplicateRule(_, let code): "\(code) is named twice"
    case .notFormatted(_, let element): "A format cannot be asked of the \(element.words)"
    case .invalidPattern(_, let given):
      "\(given) is no pattern of 1–40 characters, with * at the end only"
    case .invalidPrefix(_, let given): "\(given) cannot be how such codes begin"
    case .nothingLimited: "Nothing is limited"
    case .notForDispatch: "Only what is overdue or too much is looked at again when goods leave"
    case .unknownPolicy(_, let version): "There is no version \(version) of the policy"
    case .importedOtherwise(_, let externalID, let order):
      order.isEmpty
        ? "\(externalID) was imported before with another content"
        : "\(externalID) was imported before with another content, as \(order)"
    case .ruleBroken(_, let rule, _, let text, _): "\(text) (rule \(rule))"
    }
  }

  package var field: String? {
    switch self {
    case .duplicateRule(let field, _), .notFormatted(let field, _),
      .invalidPattern(let field, _), .invalidPrefix(let field, _), .unknownPolicy(let field, _),
      .importedOtherwise(let field, _, _), .nothingLimited(let field),
      .notForDispatch(let field):
      field
    case .ruleBroken(let field, _, _, _, _): field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .duplicateRule(_, let code): [Fact("code", code)]
    case .notFormatted(_, let element): [Fact("element", element.rawValue)]
    case .invalidPattern(_, let given), .invalidPrefix(_, let given): [Fact("given", given)]
    case .nothingLimited, .notForDispatch: []
    case .unknownPolicy(_, let version): [Fact("version", version)]
    case .importedOtherwise(_, let externalID, let order):
      [Fact("external_id", externalID), Fact("order", order)]
    case .ruleBroken(_, let rule, let policy, _, let facts):
      [Fact("rule", rule)] + (policy.map { [Fact("policy", $0)] } ?? []) + facts
    }
  }
}
