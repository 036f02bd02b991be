package import Storage
package import Values

/// New tokens for old.
package struct RefreshSession: Sendable {
  /// The refresh token as it was given.
  package let token: String
  /// Makes the new tokens of the session with this name.
  package let entropy: [UInt8]

  package init(token: String, entropy: [UInt8]) {
    self.token = token
    self.entropy = entropy
  }

  package enum Outcome: Sendable {
    case refreshed(Session, SessionTokens)
    /// Not a throw: the session that a spent token ends stays ended.
    case refused(IdentityRejection)
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    guard let name = Secret.name(in: token, prefix: Session.refreshPrefix),
      let session = try SessionTable.find(name: name, in: tx)
    else { return .refused(.tokenUnknown) }
    let digest = Secret.digest(token)
    let person = try Principals.fetch(session.principal, in: tx)
    guard Secret.equal(digest, session.refreshDigest) else {
      guard try SessionTable.wasSpent(digest, of: session.id, in: tx) else {
        return .refused(.tokenUnknown)
      }
      if session.isLive(at: now.instant) {
        try SessionTable.end(session.id, .refreshReused, at: now.instant, in: tx)
        tx.record(
          DomainEvent(
            "session.refresh-reused", person.reference, [Fact("session", session.name)]))
      }
      return .refused(.refreshTokenReused)
    }
    guard session.isLive(at: now.instant), !person.isDisabled else {
      return .refused(.sessionEnded)
    }
    let tokens = SessionTokens(session: session.name, entropy: entropy)
    try SessionTable.rotate(session, to: tokens, at: now.instant, in: tx)
    guard let fresh = try SessionTable.find(session.id, in: tx) else {
      return .refused(.sessionEnded)
    }
    return .refreshed(fresh, tokens)
  }
}
