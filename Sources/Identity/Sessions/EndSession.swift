package import Storage
package import Values

/// Ends a session, from this moment on.
package struct EndSession: Sendable {
  package let session: String
  package let reason: Session.End
  /// Whose session it must be; nil for anybody's.
  package let owner: String?

  package init(session: String, reason: Session.End, owner: String?) {
    self.session = session
    self.reason = reason
    self.owner = owner
  }

  /// Somebody else's session does not exist for whoever may end only its own.
  package func run(in tx: Transaction, at now: Moment) throws {
    let found = try Sessions.require(
      name: session, field: "session_id", at: now.instant, in: tx)
    let person = try Principals.fetch(found.principal, in: tx)
    guard owner == nil || owner == person.name else {
      throw IdentityRejection.unknownSession(field: "session_id", name: session)
    }
    try SessionTable.end(found.id, reason, at: now.instant, in: tx)
    tx.record(
      DomainEvent(
        "session.ended", person.reference,
        [Fact("session", session), Fact("reason", reason.rawValue)]))
  }
}
