internal import MasterData
package import Storage
package import Values

/// Questions about roles.
package enum Roles {
  /// More than any company tells apart.
  package static let limit = 200

  package static func find(name: String, in snapshot: Snapshot) throws -> Role? {
    try RoleTable.find(name, in: snapshot)
  }

  /// Of the role that a row points to.
  package static func name(of role: ID<Role>, in snapshot: Snapshot) throws -> String {
    guard let found = try RoleTable.fetch(role, in: snapshot) else {
      throw MissingRow("role", role.value)
    }
    return found.name
  }

  /// By name.
  package static func list(in snapshot: Snapshot) throws -> [Role] {
    try RoleTable.list(limit: limit, in: snapshot)
  }

  /// Whether one of the roles has power over who may do what.
  static func havePower(_ names: [String], in snapshot: Snapshot) throws -> Bool {
    try names.contains { try RoleTable.find($0, in: snapshot).map(FourEyes.hasPower) ?? false }
  }

  /// The roles that a field of a request names, each once; notes the unknown ones.
  static func resolve(
    _ names: [String], _ field: String, _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> [Role] {
    guard names.count <= limit else {
      check.refuse(IdentityRejection.tooMany(field: field, count: names.count, limit: limit))
      return []
    }
    var found: [Role] = []
    for (index, name) in names.enumerated() {
      guard let role = try RoleTable.find(name, in: snapshot) else {
        check.refuse(IdentityRejection.unknownRole(field: "\(field)[\(index)]", name: name))
        continue
      }
      if !found.contains(where: { $0.id == role.id }) { found.append(role) }
    }
    return found
  }
}
