internal import Identity
internal import Messages
internal import RPC
internal import Storage
internal import Values

// Who stands in for whom, what two must agree to, and what one should not hold.
extension IdentityService {
  func delegateRole(
    _ request: IdentityV1.DelegateRoleRequest, context: CallContext
  ) async throws -> IdentityV1.DelegateRoleResponse {
    let (admission, _) = try ownSession(context)
    let verb = DelegateRole(
      delegator: admission.principal.name, delegate: request.delegate, role: request.role,
      beginsAt: request.beginTime.map { Instant($0) }, endsAt: request.endTime.map { Instant($0) },
      name: freshName())
    return try await command(request, context, concerning: request.delegate) { tx, command in
      let delegation = try verb.run(in: tx, at: command.moment)
      return .init(delegation: try IdentityV1.Delegation(delegation, in: tx))
    }
  }

  func revokeDelegation(
    _ request: IdentityV1.RevokeDelegationRequest, context: CallContext
  ) async throws -> IdentityV1.RevokeDelegationResponse {
    let admission = try authentication.admission(context)
    let verb = RevokeDelegation(
      delegation: request.delegationId,
      party: isAdministrator(admission) ? nil : admission.principal.name)
    return try await command(request, context, concerning: nil) { tx, command in
      _ = try verb.run(in: tx, at: command.moment)
      return .init()
    }
  }

  func listDelegations(
    _ request: IdentityV1.ListDelegationsRequest, context: CallContext
  ) async throws -> IdentityV1.ListDelegationsResponse {
    let name = try nameAskedFor(request.principal, "ListDelegations", context)
    let now = commands.clock.instant()
    return try await questions.ask(context) { snapshot in
      let principal = try Principals.require(name: name, field: "principal", in: snapshot)
      return .init(
        delegations: try Delegations.open(of: principal, at: now, in: snapshot).map {
          try IdentityV1.Delegation($0, in: snapshot)
        })
    }
  }

  func listGrants(
    _ request: IdentityV1.ListGrantsRequest, context: CallContext
  ) async throws -> IdentityV1.ListGrantsResponse {
    try await questions.ask(context) { snapshot in
      .init(
        grants: try WithheldGrants.pending(in: snapshot).map {
          try IdentityV1.Grant($0, in: snapshot)
        })
    }
  }

  func approveGrant(
    _ request: IdentityV1.ApproveGrantRequest, context: CallContext
  ) async throws -> IdentityV1.ApproveGrantResponse {
    try await command(request, context, concerning: nil) { tx, command in
      let verb = DecideGrant(grant: request.grantId, approves: true, by: command.caller)
      return .init(
        grant: try IdentityV1.Grant(try verb.run(in: tx, at: command.moment), in: tx))
    }
  }

  func rejectGrant(
    _ request: IdentityV1.RejectGrantRequest, context: CallContext
  ) async throws -> IdentityV1.RejectGrantResponse {
    try await command(request, context, concerning: nil) { tx, command in
      let verb = DecideGrant(grant: request.grantId, approves: false, by: command.caller)
      return .init(
        grant: try IdentityV1.Grant(try verb.run(in: tx, at: command.moment), in: tx))
    }
  }

  func listDutyConflicts(
    _ request: IdentityV1.ListDutyConflictsRequest, context: CallContext
  ) async throws -> IdentityV1.ListDutyConflictsResponse {
    let now = commands.clock.instant()
    return try await questions.ask(context) { snapshot in
      .init(
        findings: try DutyConflicts.findings(at: now, limit: 1_000, in: snapshot).map {
          .init(
            principal: $0.principal, conflict: IdentityV1.DutyConflict($0.conflict),
            roles: $0.roles)
        },
        conflicts: try DutyConflicts.list(in: snapshot).map { IdentityV1.DutyConflict($0) })
    }
  }

  func replaceDutyConflicts(
    _ request: IdentityV1.ReplaceDutyConflictsRequest, context: CallContext
  ) async throws -> IdentityV1.ReplaceDutyConflictsResponse {
    let verb = ReplaceDutyConflicts(
      request.conflicts.map { DutyConflict(first: $0.first, second: $0.second, reason: $0.reason) },
      known: Self.permissions)
    return try await commands.run(request, context) { tx, command in
      try verb.run(in: tx, at: command.moment)
      return .init(
        conflicts: try DutyConflicts.list(in: tx).map { IdentityV1.DutyConflict($0) })
    }
  }

  /// The caller's own name, or that of somebody else whom it may know about.
  func nameAskedFor(
    _ asked: String, _ method: String, _ context: CallContext
  ) throws -> String {
    let admission = try authentication.admission(context)
    let own = admission.principal.name
    guard !asked.isEmpty, asked != own else { return own }
    try FailureStatus.refusing {
      let method = "\(method) of \(Echo.text(asked))"
      try admission.check(permission: Self.reading, of: method)
      try admission.check(unlimited: Self.reading, of: method)
    }
    return asked
  }

  /// Whoever has only a one-time password administers nothing.
  func isAdministrator(_ admission: Admission) -> Bool {
    admission.scope(for: Principals.administration).isAll && !admission.mustChangePassword
  }

  private static var reading: String { "identity.read" }
}

extension IdentityV1.Delegation {
  init(_ delegation: Delegation, in snapshot: Snapshot) throws {
    self.init(
      delegationId: delegation.name,
      delegator: try Principals.fetch(delegation.delegator, in: snapshot).name,
      delegate: try Principals.fetch(delegation.delegate, in: snapshot).name,
      role: try Roles.name(of: delegation.role, in: snapshot),
      beginTime: GoogleProtobuf.Timestamp(delegation.beginsAt),
      endTime: GoogleProtobuf.Timestamp(delegation.endsAt))
  }
}

extension IdentityV1.Grant {
  init(_ grant: WithheldGrant, in snapshot: Snapshot) throws {
    self.init(
      grantId: grant.name,
      principal: try grant.principal.map { try Principals.fetch($0, in: snapshot).name } ?? "",
      role: try grant.role.map { try Roles.name(of: $0, in: snapshot) } ?? "",
      // A key's grant has the name of the key.
      keyId: grant.kind == .key ? grant.name : "", requestedBy: grant.requestedBy,
      requestTime: GoogleProtobuf.Timestamp(grant.requestedAt))
  }
}

extension IdentityV1.DutyConflict {
  init(_ conflict: DutyConflict) {
    self.init(first: conflict.first, second: conflict.second, reason: conflict.reason)
  }
}

extension Instant {
  /// To the microsecond; what is beyond reach is the end of time.
  fileprivate init(_ timestamp: GoogleProtobuf.Timestamp) {
    let seconds = max(min(timestamp.seconds, 253_402_300_799), -62_135_596_800)
    self.init(microseconds: seconds * 1_000_000 + Int64(timestamp.nanos / 1_000))
  }
}
