internal import MasterData
package import Storage
package import Values

/// Questions about principals.
package enum Principals {
  /// The permission of those who say who may do what: a company must not be left without one.
  package static let administration = "identity.write"

  package static func find(name: String, in snapshot: Snapshot) throws -> Principal? {
    try PrincipalTable.find(name, in: snapshot)
  }

  /// The principal that a field of a request names; refuses an unknown one.
  package static func require(
    name: String, field: String, in snapshot: Snapshot
  ) throws -> Principal {
    guard let principal = try PrincipalTable.find(name, in: snapshot) else {
      throw IdentityRejection.unknownPrincipal(field: field, name: name).ifNamed(name)
    }
    return principal
  }

  /// The person that a field of a request names; refuses services and tills.
  package static func requirePerson(
    name: String, field: String, in snapshot: Snapshot
  ) throws -> Principal {
    let principal = try require(name: name, field: field, in: snapshot)
    guard principal.kind == .person else {
      throw IdentityRejection.notAPerson(field: field, name: name)
    }
    return principal
  }

  /// The principal that a row points to.
  package static func fetch(_ id: ID<Principal>, in snapshot: Snapshot) throws -> Principal {
    guard let principal = try PrincipalTable.fetch(id, in: snapshot) else {
      throw MissingRow("principal", id.value)
    }
    return principal
  }

  /// Who is let in by a client certificate with this subject.
  package static func find(
    certificate subject: String, in snapshot: Snapshot
  ) throws -> Principal? {
    try PrincipalTable.find(certificate: subject, in: snapshot)
  }

  /// In the order of the name, from the one after `name` on (nil: from the first).
  package static func list(
    after name: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Principal] {
    try PrincipalTable.list(after: name ?? "", limit: limit, in: snapshot)
  }

  /// Whether nobody was ever added.
  package static func areNone(in snapshot: Snapshot) throws -> Bool {
    try PrincipalTable.isEmpty(in: snapshot)
  }

  /// Names of the people who may say of everybody who may do what and are let in, sorted.
  package static func administrators(in snapshot: Snapshot) throws -> [String] {
    try PrincipalTable.people(may: administration, in: snapshot)
  }

  /// A person's password, with the attempts that count for a caller at `peer`; nil for whoever has
  /// none.
  package static func password(
    of principal: Principal, at peer: String = "", in snapshot: Snapshot
  ) throws -> StoredPassword? {
    try PasswordTable.find(principal.id, from: Network.around(peer: peer), in: snapshot)
  }

  /// Refuses a change after which nobody is left who may undo it.
  static func keepingAdministrator<Value>(
    in tx: Transaction, _ change: () throws -> Value
  ) throws -> Value {
    let before = try administrators(in: tx)
    let value = try change()
    guard try before.isEmpty || !administrators(in: tx).isEmpty else {
      throw IdentityRejection.lastAdministrator(permission: administration)
    }
    return value
  }
}
