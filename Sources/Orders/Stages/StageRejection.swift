package import Values

/// What is refused about stages, in the order in which it is checked.
package enum StageRejection: Rejection, Hashable {
  /// An order ends there.
  case noTerm(field: String, stage: OrderStage)
  case duplicateHold(field: String, kind: OrderHoldKind)
  case unknownPolicy(field: String, version: Int64)
}

extension StageRejection {
  package var kind: RejectionKind {
    switch self {
    case .noTerm, .duplicateHold: .invalid
    case .unknownPolicy: .notFound
    }
  }

  package var reason: String {
    switch self {
    case .noTerm: "STAGE_HAS_NO_TERM"
    case .duplicateHold: "DUPLICATE_HOLD_KIND"
    case .unknownPolicy: "UNKNOWN_STAGE_POLICY"
    }
  }

  package var message: String {
    switch self {
    case .noTerm(_, let stage): "An order ends when it is \(stage.words): nothing is due there"
    case .duplicateHold(_, let kind): "\(kind.rawValue) stands there already"
    case .unknownPolicy(_, let version):
      version == 0
        ? "Nobody has said how long orders may stay in a stage"
        : "There is no stage policy of version \(version)"
    }
  }

  package var field: String? {
    switch self {
    case .noTerm(let field, _), .duplicateHold(let field, _), .unknownPolicy(let field, _): field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .noTerm(_, let stage): [Fact("stage", stage.rawValue)]
    case .duplicateHold(_, let kind): [Fact("hold", kind.rawValue)]
    case .unknownPolicy(_, let version): [Fact("version", version)]
    }
  }
}
