package import Storage
package import Values

/// Opens a session for a person whose password was compared before, outside of the transaction.
package struct LogIn: Sendable {
  package let name: String
  /// The hash that the password was compared with.
  package let compared: PasswordHash
  /// Whether it matched.
  package let matched: Bool
  /// The same password with more work in it, when the stored hash has too little.
  package let stronger: PasswordHash?
  /// Public name of the session, and its secrets.
  package let session: String
  package let tokens: SessionTokens
  /// Network address of the caller.
  package let peer: String

  package init(
    name: String, compared: PasswordHash, matched: Bool, stronger: PasswordHash? = nil,
    session: String, tokens: SessionTokens, peer: String
  ) {
    self.name = name
    self.compared = compared
    self.matched = matched
    self.stronger = stronger
    self.session = session
    self.tokens = tokens
    self.peer = peer
  }

  package enum Outcome: Sendable {
    case opened(Session, mustChange: Bool)
    /// Not a throw: what was counted stays.
    case refused(IdentityRejection)
  }

  /// Every refusal is the same, whatever its reason: strangers learn nothing of who is here.
  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    guard let person = try PrincipalTable.find(name, in: tx), person.kind == .person,
      var password = try PasswordTable.find(person.id, in: tx), password.hash == compared,
      !password.isLocked(at: now.instant)
    else { return .refused(.loginRefused) }
    guard matched else {
      try Self.countFailure(&password, of: person, at: now.instant, in: tx)
      return .refused(.loginRefused)
    }
    guard !person.isDisabled else { return .refused(.loginRefused) }
    let isChanged = password.failures > 0 || stronger != nil
    password.succeed()
    if let stronger { password.hash = stronger }
    if isChanged { try PasswordTable.put(password, of: person.id, in: tx) }
    try SessionTable.tidy(person.id, keeping: Session.limit - 1, at: now.instant, in: tx)
    let id = try SessionTable.insert(
      name: session, of: person.id, tokens, peer: peer, at: now.instant, in: tx)
    guard let opened = try SessionTable.find(id, in: tx) else {
      return .refused(.loginRefused)
    }
    tx.record(
      DomainEvent("session.opened", person.reference, [Fact("session", session)]))
    return .opened(opened, mustChange: password.mustChange)
  }

  /// Counts an attempt that failed, and says so when it begins a wait.
  static func countFailure(
    _ password: inout StoredPassword, of person: Principal, at now: Instant, in tx: Transaction
  ) throws {
    password.fail(at: now)
    try PasswordTable.put(password, of: person.id, in: tx)
    guard let until = password.lockedUntil else { return }
    tx.record(
      DomainEvent(
        "principal.locked", person.reference,
        [Fact("failures", password.failures), Fact("until", until)]))
  }
}
