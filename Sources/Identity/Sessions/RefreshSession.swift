package import Storage
package import Values

/// New tokens for old; again for the same, where the reply was lost.
package struct RefreshSession: Sendable {
  /// The refresh token as it was given.
  package let token: String
  /// Makes the new tokens of the session with this name.
  package let entropy: [UInt8]
  /// Digest of the idempotency key of the call; nil for none: it cannot come again then.
  package let key: [UInt8]?
  /// Digest of the access token that was used last in this session, as far as the server knows.
  package let lastUsed: [UInt8]?

  package init(token: String, entropy: [UInt8], key: [UInt8]? = nil, lastUsed: [UInt8]? = nil) {
    self.token = token
    self.entropy = entropy
    self.key = key
    self.lastUsed = lastUsed
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
      if let first = repeated(digest, session, at: now.instant), !person.isDisabled {
        // What was given first is spent: whoever has it after all ends the session with it.
        tx.record(
          DomainEvent(
            "session.refresh-repeated", person.reference, [Fact("session", session.name)]))
        return try rotate(session, repeatable: first, at: now.instant, in: tx)
      }
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
    let until = now.instant.adding(seconds: RepeatableRefresh.seconds)
    return try rotate(
      session, repeatable: key.map { RepeatableRefresh(token: digest, key: $0, until: until) },
      at: now.instant, in: tx)
  }

  /// The refresh that this one is once more, while nobody has used what it gave. That its refresh
  /// token was not used follows from the session, which would have another.
  private func repeated(
    _ digest: [UInt8], _ session: Session, at now: Instant
  ) -> RepeatableRefresh? {
    guard let key, let first = session.refresh, session.isLive(at: now), now < first.until,
      Secret.equal(digest, first.token), Secret.equal(key, first.key),
      lastUsed.map({ !Secret.equal($0, session.accessDigest) }) ?? true
    else { return nil }
    return first
  }

  private func rotate(
    _ session: Session, repeatable: RepeatableRefresh?, at now: Instant, in tx: Transaction
  ) throws -> Outcome {
    let tokens = SessionTokens(session: session.name, entropy: entropy)
    try SessionTable.rotate(session, to: tokens, repeatable: repeatable, at: now, in: tx)
    guard let fresh = try SessionTable.find(session.id, in: tx) else {
      return .refused(.sessionEnded)
    }
    return .refreshed(fresh, tokens)
  }
}
