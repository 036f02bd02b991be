package import Storage
package import Values

/// A key opens nothing any more.
package struct RevokeKey: Sendable {
  package let key: String

  package init(key: String) { self.key = key }

  package func run(in tx: Transaction, at now: Moment) throws -> APIKey {
    var found = try APIKeys.require(name: key, field: "key_id", in: tx)
    guard found.revokedAt == nil else { return found }
    found.revokedAt = now.instant
    try APIKeyTable.update(found, in: tx)
    let holder = try Principals.fetch(found.principal, in: tx)
    tx.record(DomainEvent("key.revoked", holder.reference, [Fact("key", key)]))
    return found
  }
}
