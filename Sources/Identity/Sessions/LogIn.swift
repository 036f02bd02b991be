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
  /// Of the second factor; empty for none.
  package let code: ShownCode
  /// Whether an unusual login of somebody without a second factor is refused.
  package let distrustsUnusual: Bool
  /// Public name of the session, and its secrets.
  package let session: String
  package let tokens: SessionTokens
  /// Network address of the caller.
  package let peer: String

  package init(
    name: String, compared: PasswordHash, matched: Bool, stronger: PasswordHash? = nil,
    code: ShownCode, distrustsUnusual: Bool = false, session: String, tokens: SessionTokens,
    peer: String
  ) {
    self.name = name
    self.compared = compared
    self.matched = matched
    self.stronger = stronger
    self.code = code
    self.distrustsUnusual = distrustsUnusual
    self.session = session
    self.tokens = tokens
    self.peer = peer
  }

  package enum Outcome: Sendable {
    case opened(Session, mustChange: Bool)
    /// Not a throw: what was counted stays.
    case refused(IdentityRejection)
  }

  /// Every refusal is the same, whatever its reason, but that a code is wanted of whoever knows the
  /// password: strangers learn nothing of who is here.
  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    let network = Network.around(peer: peer)
    guard let person = try PrincipalTable.find(name, in: tx), person.kind == .person,
      var password = try PasswordTable.find(person.id, from: network, in: tx),
      password.hash == compared, !password.isLocked(at: now.instant)
    else { return .refused(.loginRefused) }
    guard matched else {
      try Self.countFailure(&password, of: person, at: now.instant, in: tx)
      return .refused(.loginRefused)
    }
    guard !person.isDisabled else { return .refused(.loginRefused) }
    let unusual = try LoginHabit.judge(person.id, from: network, at: now.instant, in: tx)
    let factor = try SecondFactorTable.find(person.id, in: tx)
    let isProved: Bool
    if let factor, factor.confirmedAt != nil {
      if code.text.isEmpty { return .refused(.codeRequired(hasSecondFactor: true)) }
      guard try code.spend(by: factor, of: person, at: now, in: tx) else {
        try Self.countFailure(&password, of: person, at: now.instant, in: tx)
        return .refused(.loginRefused)
      }
      isProved = true
    } else {
      isProved = false
    }
    if !unusual.isEmpty { tx.record(event(unusual, from: network, of: person)) }
    if !unusual.isEmpty, !isProved, distrustsUnusual {
      return .refused(.codeRequired(hasSecondFactor: false))
    }
    if password.failures > 0 {
      password.succeed()
      try PasswordTable.setAttempts(password, of: person.id, in: tx)
    }
    if let stronger { try PasswordTable.setHash(stronger, of: person.id, in: tx) }
    try LoginHabit.note(person.id, from: network, at: now.instant, in: tx)
    guard let opened = try open(for: person, isProved: isProved, at: now, in: tx) else {
      return .refused(.loginRefused)
    }
    return .opened(opened, mustChange: password.mustChange)
  }

  private func open(
    for person: Principal, isProved: Bool, at now: Moment, in tx: Transaction
  ) throws -> Session? {
    try SessionTable.tidy(person.id, keeping: Session.limit - 1, at: now.instant, in: tx)
    let id = try SessionTable.insert(
      name: session, of: person.id, tokens, peer: peer,
      secondFactorAt: isProved ? now.instant : nil, at: now.instant, in: tx)
    tx.record(
      DomainEvent("session.opened", person.reference, [Fact("session", session)]))
    return try SessionTable.find(id, in: tx)
  }

  private func event(
    _ unusual: [UnusualLogin], from network: String, of person: Principal
  ) -> DomainEvent {
    DomainEvent(
      "session.unusual-login", person.reference,
      [
        Fact("unusual", unusual.map(\.rawValue).joined(separator: " ")), Fact("network", network),
      ])
  }

  /// Counts an attempt that failed, and says so when it begins a wait.
  static func countFailure(
    _ password: inout StoredPassword, of person: Principal, at now: Instant, in tx: Transaction
  ) throws {
    password.fail(at: now)
    try PasswordTable.setAttempts(password, of: person.id, in: tx)
    guard let until = password.lockedUntil else { return }
    tx.record(
      DomainEvent(
        "principal.locked", person.reference,
        [
          Fact("failures", password.failures), Fact("until", until),
          Fact("network", password.network ?? ""),
        ]))
  }
}
