internal import MasterData
package import Storage
package import Values

/// Gives a principal exactly these roles.
package struct SetRoles: Sendable {
  package let name: String
  package let roles: [String]
  package let expectedVersion: Int64

  package init(name: String, roles: [String], expectedVersion: Int64 = 0) {
    self.name = name
    self.roles = roles
    self.expectedVersion = expectedVersion
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Principal {
    let stored = try Principals.require(name: name, field: "name", in: tx)
    var check = FieldCheck(.request)
    let found = try Roles.resolve(roles, "roles", &check, in: tx)
    check.version(expectedVersion, stored: stored.version, code: name)
    try check.pass()
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
}
