internal import MasterData
package import Storage
package import Values

/// Questions about sessions.
package enum Sessions {
  package static func find(name: String, in snapshot: Snapshot) throws -> Session? {
    try SessionTable.find(name: name, in: snapshot)
  }

  /// The session that a field of a request names; refuses an unknown one, and one that has ended.
  package static func require(
    name: String, field: String, at now: Instant, in snapshot: Snapshot
  ) throws -> Session {
    guard let session = try SessionTable.find(name: name, in: snapshot), session.isLive(at: now)
    else { throw IdentityRejection.unknownSession(field: field, name: name).ifNamed(name) }
    return session
  }

  /// Those of a person that have not ended, newest first.
  package static func live(
    of principal: Principal, at now: Instant, in snapshot: Snapshot
  ) throws -> [Session] {
    try SessionTable.live(of: principal.id, at: now, in: snapshot)
  }

  /// The person to whom a refresh token was given, spent or not; refuses one that was never given.
  package static func holder(refresh token: String, in snapshot: Snapshot) throws -> Principal {
    let digest = Secret.digest(token)
    guard let name = Secret.name(in: token, prefix: Session.refreshPrefix),
      let session = try SessionTable.find(name: name, in: snapshot),
      try Secret.equal(digest, session.refreshDigest)
        || SessionTable.wasSpent(digest, of: session.id, in: snapshot)
    else { throw IdentityRejection.tokenUnknown }
    return try Principals.fetch(session.principal, in: snapshot)
  }
}
