package import Values

/// What approvals refuse beyond the order itself, in the order in which it is checked.
package enum ApprovalRejection: Rejection, Hashable {
  case unknownVersion(field: String, version: Int64)
  /// Four eyes through all steps: of one rule nobody decides two, and nobody for whom they stand
  /// in has.
  case stepTakesAnother(order: String, role: String, actor: String)
}

extension ApprovalRejection {
  package var kind: RejectionKind {
    switch self {
    case .unknownVersion: .notFound
    case .stepTakesAnother: .denied
    }
  }

  package var reason: String {
    switch self {
    case .unknownVersion: "UNKNOWN_RULES_VERSION"
    case .stepTakesAnother: "STEP_TAKES_ANOTHER"
    }
  }

  package var message: String {
    switch self {
    case .unknownVersion(_, let version): "There is no version \(version) of the rules"
    case .stepTakesAnother(let order, let role, let actor):
      "\(actor) has had a say in a step before: \(role) of \(order) takes somebody else"
    }
  }

  package var field: String? {
    switch self {
    case .unknownVersion(let field, _): field
    case .stepTakesAnother: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .unknownVersion(_, let version): [Fact("version", version)]
    case .stepTakesAnother(let order, let role, let actor):
      [Fact("order", order), Fact("role", role), Fact("actor", actor)]
    }
  }
}
