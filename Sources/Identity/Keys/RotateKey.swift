internal import MasterData
package import Storage
package import Values

/// Makes a key with the bindings of another, which goes on working for a while: its holder changes
/// from one to the other without being locked out.
package struct RotateKey: Sendable {
  package let key: String
  /// Nil for the usual.
  package let overlapHours: Int?
  /// 0 for the usual.
  package let lifetimeDays: Int
  /// Public name of the new key, and the key itself.
  package let name: String
  package let secret: Secret
  /// Who asks.
  package let requester: String

  package init(
    key: String, overlapHours: Int?, lifetimeDays: Int, name: String, secret: Secret,
    by requester: String
  ) {
    self.key = key
    self.overlapHours = overlapHours
    self.lifetimeDays = lifetimeDays
    self.name = name
    self.secret = secret
    self.requester = requester
  }

  package func run(
    in tx: Transaction, at now: Moment
  ) throws -> (key: APIKey, replaced: APIKey) {
    var check = FieldCheck(.request)
    let overlap = overlapHours ?? APIKey.standardOverlapHours
    check.range(overlap, "overlap_hours", APIKey.overlapHours)
    let days = lifetimeDays == 0 ? APIKey.standardLifetimeDays : lifetimeDays
    check.range(days, "lifetime_days", APIKey.lifetimeDays)
    try check.pass()
    var old = try APIKeys.require(name: key, field: "key_id", in: tx)
    guard old.isLive(at: now.instant) else {
      throw IdentityRejection.keyNotLive(field: "key_id", name: key)
    }
    let holder = try Principals.fetch(old.principal, in: tx)
    let fresh = try IssueKey.insert(
      APIKey(
        id: ID(0), name: name, principal: old.principal, label: old.label,
        createdAt: now.instant,
        expiresAt: now.instant.adding(seconds: Int64(days) * 86_400), revokedAt: nil,
        networks: old.networks, certificateSubject: old.certificateSubject,
        storeCode: old.storeCode, digest: secret.digest),
      of: holder, by: requester, in: tx)
    // Rotating never lets the old one live longer.
    old.expiresAt = min(old.expiresAt, now.instant.adding(seconds: Int64(overlap) * 3_600))
    try APIKeyTable.update(old, in: tx)
    tx.record(
      DomainEvent(
        "key.rotated", holder.reference,
        [Fact("key", old.name), Fact("successor", name), Fact("expires", old.expiresAt)]))
    return (fresh, old)
  }
}
