internal import MasterData
package import Storage
package import Values

/// Power over who may do what that one administrator has given and that works once another has
/// agreed. Power is the permission `identity.write`: a role that has it, a key of a machine that
/// has it, or the permission itself put into a role.
///
/// Who is the only administrator is asked nobody: there is nobody to ask.
package struct WithheldGrant: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// `role` for `principal`.
    case role = "ROLE"
    /// `key` of `principal`.
    case key = "KEY"
    /// The permission for `role`.
    case permission = "PERMISSION"
  }

  package let id: ID<WithheldGrant>
  /// Names it in lists.
  package let name: String
  package let kind: Kind
  package let principal: ID<Principal>?
  package let role: ID<Role>?
  package let key: ID<APIKey>?
  package let requestedBy: String
  package let requestedAt: Instant
  package internal(set) var decidedBy: String?
  package internal(set) var isApproved: Bool?
}

enum FourEyes {
  /// Whether somebody else than `requester` is there to agree.
  static func apply(to requester: String, in snapshot: Snapshot) throws -> Bool {
    try Principals.administrators(in: snapshot).contains { $0 != requester }
  }

  /// Who gets somebody else's password or takes away the second factor can be that somebody. So
  /// administrators do that for everybody but each other.
  static func checkReset(
    of person: Principal, by requester: String?, in snapshot: Snapshot
  ) throws {
    guard let requester, requester != person.name,
      try Principals.administrators(in: snapshot).contains(person.name)
    else { return }
    throw IdentityRejection.resetOfAdministrator(name: person.name)
  }

  static func hasPower(_ role: Role) -> Bool {
    role.permissions.contains(Principals.administration)
  }

  /// Takes note of what is to be agreed to.
  static func withhold(
    _ grant: WithheldGrant, of subject: DocumentReference, _ facts: [Fact], in tx: Transaction
  ) throws {
    try WithheldGrantTable.insert(grant, in: tx)
    tx.record(
      DomainEvent(
        "grant.withheld", subject,
        [Fact("grant", grant.name), Fact("kind", grant.kind.rawValue)] + facts))
  }
}

/// Questions about withheld grants.
package enum WithheldGrants {
  /// Those that nobody has decided about, oldest first.
  package static func pending(in snapshot: Snapshot) throws -> [WithheldGrant] {
    try WithheldGrantTable.pending(in: snapshot)
  }

  package static func require(name: String, in snapshot: Snapshot) throws -> WithheldGrant {
    guard let found = try WithheldGrantTable.find(name, in: snapshot) else {
      throw IdentityRejection.unknownGrant(field: "grant_id", name: name).ifNamed(name)
    }
    return found
  }
}
