internal import MasterData
package import Storage
package import Values

/// Gives a principal exactly these roles. Those with power over who may do what wait for somebody
/// else's agreement.
package struct SetRoles: Sendable {
  package let name: String
  package let roles: [String]
  package let expectedVersion: Int64
  /// Who asks.
  package let requester: String
  /// Begins the names of what waits for somebody else's agreement.
  package let grantName: String

  package init(
    name: String, roles: [String], expectedVersion: Int64 = 0, by requester: String,
    grantName: String
  ) {
    self.name = name
    self.roles = roles
    self.expectedVersion = expectedVersion
    self.requester = requester
    self.grantName = grantName
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Principal {
    let stored = try Principals.require(name: name, field: "name", in: tx)
    var check = FieldCheck(.request)
    let wanted = try Roles.resolve(roles, "roles", &check, in: tx)
    check.version(expectedVersion, stored: stored.version, code: name)
    try check.pass()
    let found = try Self.withholding(
      from: wanted, for: stored, by: requester, grantName, at: now, in: tx)
    guard found.map(\.name).sorted() != stored.roles else { return stored }
    try Principals.keepingAdministrator(in: tx) {
      try PrincipalTable.setRoles(found.map(\.id), of: stored.id, in: tx)
      try PrincipalTable.update(stored, in: tx)
    }
    let principal = try Principals.fetch(stored.id, in: tx)
    tx.record(
      DomainEvent(
        "principal.roles-set", principal.reference,
        [
          Fact("before", stored.roles.joined(separator: " ")),
          Fact("after", principal.roles.joined(separator: " ")),
        ]))
    return principal
  }

  /// What of the roles a principal gets at once. The rest waits; what waited before and is not
  /// wanted any more does not.
  static func withholding(
    from wanted: [Role], for principal: Principal, by requester: String, _ name: String,
    at now: Moment, in tx: Transaction
  ) throws -> [Role] {
    let pending = try WithheldGrantTable.pending(in: tx).filter {
      $0.kind == .role && $0.principal == principal.id
    }
    for grant in pending where !wanted.contains(where: { $0.id == grant.role }) {
      try WithheldGrantTable.decide(
        grant.id, isApproved: false, by: requester, at: now.instant, in: tx)
    }
    guard try FourEyes.apply(to: requester, in: tx) else { return wanted }
    let withheld = wanted.filter { FourEyes.hasPower($0) && !principal.roles.contains($0.name) }
    for (index, role) in withheld.enumerated()
    where !pending.contains(where: { $0.role == role.id }) {
      try FourEyes.withhold(
        WithheldGrant(
          id: ID(0), name: "\(name)-\(index + 1)", kind: .role, principal: principal.id,
          role: role.id, key: nil, requestedBy: requester, requestedAt: now.instant),
        of: principal.reference, [Fact("role", role.name)], in: tx)
    }
    return wanted.filter { role in !withheld.contains { $0.id == role.id } }
  }
}
