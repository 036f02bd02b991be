internal import MasterData
package import Storage
package import Values

/// Adds or changes a role. The power over who may do what is put into one once somebody else
/// agrees.
package struct UpsertRole: Sendable {
  package let name: String
  package let title: String
  package let permissions: [String]
  package let expectedVersion: Int64
  /// Every permission that a method of the API asks for: another would permit nothing, and is most
  /// likely a slip.
  package let known: Set<String>
  /// Who asks.
  package let requester: String
  /// Names what waits for somebody else's agreement.
  package let grantName: String

  package init(
    name: String, title: String, permissions: [String], expectedVersion: Int64 = 0,
    known: Set<String>, by requester: String, grantName: String
  ) {
    self.name = name
    self.title = title
    self.permissions = permissions
    self.expectedVersion = expectedVersion
    self.known = known
    self.requester = requester
    self.grantName = grantName
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Role {
    let stored = try RoleTable.find(name, in: tx)
    var check = FieldCheck(FieldPath("role"))
    if name.isEmpty {
      check.code(name, "name")
    } else if !Self.isRoleName(name) {
      check.refuse(IdentityRejection.roleNameInvalid(field: "role.name", given: name))
    }
    check.text(title, "title", limit: 100, required: true)
    for (index, permission) in permissions.enumerated() where !known.contains(permission) {
      check.refuse(
        IdentityRejection.unknownPermission(
          field: "role.permissions[\(index)]", given: permission))
    }
    check.version(expectedVersion, stored: stored?.version, code: name)
    try check.pass()
    let power = Principals.administration
    let isWithheld =
      try permissions.contains(power) && stored?.permissions.contains(power) != true
      && FourEyes.apply(to: requester, in: tx)
    let wanted = Set(permissions).filter { !isWithheld || $0 != power }.sorted()
    if let stored, !isWithheld, stored.title == title, stored.permissions == wanted {
      return stored
    }
    var role = Role(
      id: stored?.id ?? ID(0), name: name, title: title, permissions: wanted,
      version: stored?.version ?? 1)
    if stored == nil {
      let count = try RoleTable.count(in: tx)
      guard count < Roles.limit else {
        throw IdentityRejection.tooManyRoles(limit: Roles.limit)
      }
      _ = try RoleTable.insert(role, in: tx)
    } else {
      try Principals.keepingAdministrator(in: tx) { try RoleTable.update(role, in: tx) }
      role.version += 1
    }
    let before = Set(stored?.permissions ?? [])
    tx.record(
      DomainEvent(
        stored == nil ? "role.created" : "role.changed", role.reference,
        [
          Fact("added", wanted.filter { !before.contains($0) }.joined(separator: " ")),
          Fact("removed", before.subtracting(wanted).sorted().joined(separator: " ")),
        ]))
    guard let written = try RoleTable.find(name, in: tx) else { return role }
    if isWithheld {
      try FourEyes.withhold(
        WithheldGrant(
          id: ID(0), name: grantName, kind: .permission, principal: nil, role: written.id,
          key: nil, requestedBy: requester, requestedAt: now.instant),
        of: written.reference, [Fact("permission", power)], in: tx)
    }
    return written
  }

  private static func isRoleName(_ name: String) -> Bool {
    (1...40).contains(name.utf8.count)
      && name.utf8.allSatisfy {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
      }
  }
}
