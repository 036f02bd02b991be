import Storage
import Values

/// What a principal may do at a moment, and in whose place.
struct Standing: Hashable, Sendable {
  /// Of each permission that it holds, for whose data.
  private(set) var scopes: [String: DataScope]
  let permissions: Set<String>
  let caller: Caller
  /// When that changes by itself; nil for never.
  let changesAt: Instant?

  init(of principal: Principal, at now: Instant, in snapshot: Snapshot) throws {
    let standIns = try DelegationTable.standIns(for: principal.id, at: now, in: snapshot)
    scopes = try Scopes.byPermission(of: principal, at: now, in: snapshot)
    permissions = Set(scopes.keys)
    caller = Caller(
      name: principal.name, roles: Set(principal.roles + standIns.map(\.role)),
      standsInFor: Set(standIns.map(\.delegator)))
    changesAt = try DelegationTable.nextChange(for: principal.id, after: now, in: snapshot)
  }

  /// What of it is left to a key that is bound to a store; nil: that is bound to none.
  func bound(toStore store: String?) -> Standing {
    guard let store else { return self }
    var bound = self
    bound.scopes = scopes.mapValues { $0.bound(toStore: store, of: caller.name) }
    return bound
  }
}
