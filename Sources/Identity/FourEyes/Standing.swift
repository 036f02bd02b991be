import Storage
import Values

/// What a principal may do at a moment, and in whose place.
struct Standing: Hashable, Sendable {
  let permissions: Set<String>
  let caller: Caller
  /// When that changes by itself; nil for never.
  let changesAt: Instant?

  init(of principal: Principal, at now: Instant, in snapshot: Snapshot) throws {
    let standIns = try DelegationTable.standIns(for: principal.id, at: now, in: snapshot)
    permissions = try Principals.permissions(of: principal, at: now, in: snapshot)
    caller = Caller(
      name: principal.name, roles: Set(principal.roles + standIns.map(\.role)),
      standsInFor: Set(standIns.map(\.delegator)))
    changesAt = try DelegationTable.nextChange(for: principal.id, after: now, in: snapshot)
  }
}
