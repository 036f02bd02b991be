internal import MasterData
package import Storage
internal import Values

/// Questions about keys.
package enum APIKeys {
  package static func find(name: String, in snapshot: Snapshot) throws -> APIKey? {
    try APIKeyTable.find(name, in: snapshot)
  }

  /// The key that a field of a request names; refuses an unknown one.
  package static func require(
    name: String, field: String, in snapshot: Snapshot
  ) throws -> APIKey {
    guard let key = try APIKeyTable.find(name, in: snapshot) else {
      throw IdentityRejection.unknownKey(field: field, name: name).ifNamed(name)
    }
    return key
  }

  /// The newest, those that no longer work among them.
  package static func list(of principal: Principal, in snapshot: Snapshot) throws -> [APIKey] {
    try APIKeyTable.list(of: principal.id, limit: 100, in: snapshot)
  }
}
