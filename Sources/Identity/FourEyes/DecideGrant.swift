package import Storage
package import Values

/// Agrees to a withheld grant, or does not. Four eyes: neither who asked for it, nor whom it is
/// for, nor a stand-in of who asked agrees; whoever asked may take it back.
package struct DecideGrant: Sendable {
  package let grant: String
  package let approves: Bool
  package let caller: Caller

  package init(grant: String, approves: Bool, by caller: Caller) {
    self.grant = grant
    self.approves = approves
    self.caller = caller
  }

  package func run(in tx: Transaction, at now: Moment) throws -> WithheldGrant {
    let found = try WithheldGrants.require(name: grant, in: tx)
    guard found.isApproved == nil else {
      throw IdentityRejection.grantDecided(name: grant, by: found.decidedBy ?? "")
    }
    let holder = try found.principal.map { try Principals.fetch($0, in: tx) }
    if approves {
      let isParty =
        caller.name == found.requestedBy || caller.name == holder?.name
        || caller.standsInFor.contains(found.requestedBy)
      if isParty { throw IdentityRejection.mayNotApprove(grant: grant, name: caller.name) }
      try apply(found, in: tx)
    } else if found.kind == .key {
      // It has the name of its grant, and nobody will ever need it.
      _ = try RevokeKey(key: grant).run(in: tx, at: now)
    }
    try WithheldGrantTable.decide(
      found.id, isApproved: approves, by: caller.name, at: now.instant, in: tx)
    let role = try found.role.flatMap { try RoleTable.fetch($0, in: tx) }
    tx.record(
      DomainEvent(
        approves ? "grant.approved" : "grant.rejected",
        holder?.reference ?? role?.reference ?? DocumentReference(.masterData, "grant/\(grant)"),
        [
          Fact("grant", grant), Fact("kind", found.kind.rawValue),
          Fact("requested_by", found.requestedBy), Fact("role", role?.name ?? ""),
        ]))
    return try WithheldGrants.require(name: grant, in: tx)
  }

  private func apply(_ found: WithheldGrant, in tx: Transaction) throws {
    switch found.kind {
    case .role:
      guard let principal = found.principal, let role = found.role else { return }
      try PrincipalTable.addRole(role, to: principal, in: tx)
      try PrincipalTable.update(try Principals.fetch(principal, in: tx), in: tx)
    case .key:
      guard let key = found.key else { return }
      try APIKeyTable.release(key, in: tx)
    case .permission:
      guard let id = found.role, var role = try RoleTable.fetch(id, in: tx) else { return }
      role.permissions = Set(role.permissions + [Principals.administration]).sorted()
      try RoleTable.update(role, in: tx)
    }
  }
}
