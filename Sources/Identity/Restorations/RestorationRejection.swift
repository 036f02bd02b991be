package import Values

/// What is refused about restorations, in the order in which it is checked.
package enum RestorationRejection: Rejection, Hashable {
  /// The database did not come out of a backup.
  case neverRestored
  /// Another restoration than the last one, or none.
  case unknownRestoration(field: String, name: String)
  case decided(name: String, state: Restoration.State, by: String)
  /// Who has agreed already, or stands in for them.
  case mayNotApprove(name: String, caller: String)
}

extension RestorationRejection {
  package var kind: RejectionKind {
    switch self {
    case .neverRestored, .unknownRestoration: .notFound
    case .decided: .precondition
    case .mayNotApprove: .denied
    }
  }

  package var reason: String {
    switch self {
    case .neverRestored: "NEVER_RESTORED"
    case .unknownRestoration: "UNKNOWN_RESTORATION"
    case .decided: "RESTORATION_DECIDED"
    case .mayNotApprove: "MAY_NOT_APPROVE"
    }
  }

  package var message: String {
    switch self {
    case .neverRestored: "This database was never restored from a backup"
    case .unknownRestoration(_, let name): "\(name) is not the last restoration of this database"
    case .decided(let name, .rejected, let decider):
      "\(decider) has refused the restoration \(name): restore another one"
    case .decided(let name, _, let decider): "The restoration \(name) was decided by \(decider)"
    case .mayNotApprove(_, let caller):
      "\(caller) has agreed already: another administrator has to agree"
    }
  }

  package var field: String? {
    if case .unknownRestoration(let field, _) = self { field } else { nil }
  }

  package var facts: [Fact] {
    switch self {
    case .neverRestored: []
    case .unknownRestoration(_, let name): [Fact("name", name)]
    case .decided(let name, let state, let decider):
      [Fact("restoration", name), Fact("state", state.rawValue), Fact("decided_by", decider)]
    case .mayNotApprove(let name, let caller):
      [Fact("restoration", name), Fact("name", caller)]
    }
  }
}
