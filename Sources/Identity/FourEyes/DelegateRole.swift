internal import MasterData
package import Storage
package import Values

/// Lets somebody stand in for a person in one of its own roles. Who says who may do what is
/// appointed and has no stand-in, and what somebody has got by delegation is not passed on.
package struct DelegateRole: Sendable {
  package let delegator: String
  package let delegate: String
  package let role: String
  /// Nil for at once.
  package let beginsAt: Instant?
  package let endsAt: Instant?
  /// Of the new delegation.
  package let name: String

  package init(
    delegator: String, delegate: String, role: String, beginsAt: Instant?, endsAt: Instant?,
    name: String
  ) {
    self.delegator = delegator
    self.delegate = delegate
    self.role = role
    self.beginsAt = beginsAt
    self.endsAt = endsAt
    self.name = name
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Delegation {
    var check = FieldCheck(.request)
    let begin = max(beginsAt ?? now.instant, now.instant)
    if let end = check.required(endsAt, "end_time") {
      let longest = now.instant.adding(seconds: Delegation.longestDays * 86_400)
      if end <= begin || end > longest {
        check.refuse(
          MasterDataRejection.outOfRange(
            field: "end_time", given: end.description, lowest: begin.description,
            highest: longest.description))
      }
    }
    let roles = try Roles.resolve([role], "role", &check, in: tx)
    try check.pass()
    let giver = try Principals.requirePerson(name: delegator, field: "delegator", in: tx)
    let taker = try Principals.requirePerson(name: delegate, field: "delegate", in: tx)
    guard giver.id != taker.id else {
      throw IdentityRejection.delegateSelf(field: "delegate")
    }
    guard let role = roles.first, giver.roles.contains(role.name) else {
      throw IdentityRejection.roleNotHeld(field: "role", role: self.role)
    }
    guard !role.permissions.contains(Principals.administration) else {
      throw IdentityRejection.roleNotDelegable(field: "role", role: role.name)
    }
    let open = try DelegationTable.open(of: giver.id, at: now.instant, in: tx)
    guard open.count < Delegation.limit else {
      throw IdentityRejection.tooMany(
        field: "delegate", count: open.count + 1, limit: Delegation.limit)
    }
    try DelegationTable.insert(
      Delegation(
        id: ID(0), name: name, delegator: giver.id, delegate: taker.id, role: role.id,
        beginsAt: begin, endsAt: endsAt ?? begin, revokedAt: nil),
      in: tx)
    tx.record(
      DomainEvent(
        "role.delegated", giver.reference,
        [
          Fact("delegation", name), Fact("delegate", taker.name), Fact("role", role.name),
          Fact("from", begin), Fact("until", endsAt ?? begin),
        ]))
    return try Delegations.require(name: name, in: tx)
  }
}

/// Ends a delegation, from this moment on.
package struct RevokeDelegation: Sendable {
  package let delegation: String
  /// Who has given or got it; nil for anybody's.
  package let party: String?

  package init(delegation: String, party: String?) {
    self.delegation = delegation
    self.party = party
  }

  /// Somebody else's does not exist for whoever may end only its own.
  package func run(in tx: Transaction, at now: Moment) throws -> Delegation {
    var found = try Delegations.require(name: delegation, in: tx)
    let giver = try Principals.fetch(found.delegator, in: tx)
    let taker = try Principals.fetch(found.delegate, in: tx)
    guard party == nil || party == giver.name || party == taker.name else {
      throw IdentityRejection.unknownDelegation(field: "delegation_id", name: delegation)
    }
    guard !found.isOver(at: now.instant) else { return found }
    try DelegationTable.revoke(found.id, at: now.instant, in: tx)
    found.revokedAt = now.instant
    tx.record(
      DomainEvent(
        "role.delegation-revoked", giver.reference,
        [Fact("delegation", delegation), Fact("delegate", taker.name)]))
    return found
  }
}

/// Questions about who stands in for whom.
package enum Delegations {
  package static func require(name: String, in snapshot: Snapshot) throws -> Delegation {
    guard let found = try DelegationTable.find(name, in: snapshot) else {
      throw IdentityRejection.unknownDelegation(field: "delegation_id", name: name).ifNamed(name)
    }
    return found
  }

  /// What a principal has given or got that is not over.
  package static func open(
    of principal: Principal, at now: Instant, in snapshot: Snapshot
  ) throws -> [Delegation] {
    try DelegationTable.open(of: principal.id, at: now, in: snapshot)
  }
}
