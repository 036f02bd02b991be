package import Values

/// What is refused of another system's customers, in the order in which it is checked. Ids are not
/// repeated: somebody may be known by them.
package enum SyncRejection: Rejection, Hashable {
  /// Not a system, a colon and a name.
  case invalidExternalID(field: String)
  /// Of a contact or an address: of another system than its customer.
  case otherSystem(field: String, system: String)
  /// Nobody has changed it yet: a clock is wrong.
  case modifiedInFuture(field: String)
  case unknownExternalID(field: String)
  /// It names somebody else.
  case mappedElsewhere(field: String)
}

extension SyncRejection {
  package var kind: RejectionKind {
    switch self {
    case .invalidExternalID, .otherSystem, .modifiedInFuture: .invalid
    case .unknownExternalID: .notFound
    case .mappedElsewhere: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .invalidExternalID: "INVALID_EXTERNAL_ID"
    case .otherSystem: "OTHER_SYSTEM"
    case .modifiedInFuture: "MODIFIED_IN_FUTURE"
    case .unknownExternalID: "UNKNOWN_EXTERNAL_ID"
    case .mappedElsewhere: "MAPPED_ELSEWHERE"
    }
  }

  package var message: String {
    switch self {
    case .invalidExternalID:
      "An external id is a system of 1 to 20 capital letters, digits, _ or -, a colon, and 1 to "
        + "100 signs without blanks"
    case .otherSystem(_, let system): "The row is of \(system), and so are all parts of it"
    case .modifiedInFuture: "Nobody can have changed it in the future"
    case .unknownExternalID: "Nothing is known by this id"
    case .mappedElsewhere: "The id is that of something else"
    }
  }

  package var field: String? {
    switch self {
    case .invalidExternalID(let field), .otherSystem(let field, _),
      .modifiedInFuture(let field), .unknownExternalID(let field), .mappedElsewhere(let field):
      field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .otherSystem(_, let system): [Fact("system", system)]
    case .invalidExternalID, .modifiedInFuture, .unknownExternalID, .mappedElsewhere: []
    }
  }
}
