package import Values

/// What is refused about the warehouses of orders that name none, in the order in which it is
/// checked.
package enum AssignmentRejection: Rejection, Hashable {
  case duplicateWarehouse(field: String, code: String)
  case unknownPolicy(field: String, version: Int64)
  /// An order names no warehouse, and no rule says which.
  case noRule(field: String, version: Int64)
  /// An order named its warehouse itself.
  case notAssigned(field: String, order: String)
}

extension AssignmentRejection {
  package var kind: RejectionKind {
    switch self {
    case .duplicateWarehouse: .invalid
    case .unknownPolicy, .notAssigned: .notFound
    case .noRule: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .duplicateWarehouse: "DUPLICATE_WAREHOUSE"
    case .unknownPolicy: "UNKNOWN_ASSIGNMENT_POLICY"
    case .noRule: "NO_ASSIGNMENT_RULE"
    case .notAssigned: "NOT_ASSIGNED"
    }
  }

  package var message: String {
    switch self {
    case .duplicateWarehouse(_, let code): "\(code) stands there already"
    case .unknownPolicy(_, let version):
      version == 0
        ? "Nobody has said which warehouse orders get that name none"
        : "There is no assignment policy of version \(version)"
    case .noRule(_, let version):
      "No rule of assignment policy \(version) fits the order; name its warehouse"
    case .notAssigned(_, let order): "\(order) named its warehouse itself"
    }
  }

  package var field: String? {
    switch self {
    case .duplicateWarehouse(let field, _), .unknownPolicy(let field, _), .noRule(let field, _),
      .notAssigned(let field, _):
      field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .duplicateWarehouse(_, let code): [Fact("warehouse", code)]
    case .unknownPolicy(_, let version), .noRule(_, let version): [Fact("version", version)]
    case .notAssigned(_, let order): [Fact("order", order)]
    }
  }
}
