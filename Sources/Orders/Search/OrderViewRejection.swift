package import Values

/// What is refused about saved searches, in the order in which it is checked.
package enum OrderViewRejection: Rejection, Hashable {
  /// A search is shown only to those one belongs to.
  case roleNotHeld(field: String, role: String)
  case unknownView(field: String, name: String)
  case tooManyViews(field: String, limit: Int)
}

extension OrderViewRejection {
  package var kind: RejectionKind {
    switch self {
    case .roleNotHeld: .invalid
    case .unknownView: .notFound
    case .tooManyViews: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .roleNotHeld: "ROLE_NOT_HELD"
    case .unknownView: "UNKNOWN_VIEW"
    case .tooManyViews: "TOO_MANY_VIEWS"
    }
  }

  package var message: String {
    switch self {
    case .roleNotHeld(_, let role): "You do not have role \(role), so you cannot share with it"
    case .unknownView(_, let name): "There is no saved search \"\(name)\""
    case .tooManyViews(_, let limit): "Nobody keeps more than \(limit) searches"
    }
  }

  package var field: String? {
    switch self {
    case .roleNotHeld(let field, _), .unknownView(let field, _), .tooManyViews(let field, _): field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .roleNotHeld(_, let role): [Fact("role", role)]
    case .unknownView(_, let name): [Fact("name", name)]
    case .tooManyViews(_, let limit): [Fact("limit", limit)]
    }
  }
}
