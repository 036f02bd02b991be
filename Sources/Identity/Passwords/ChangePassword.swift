package import Storage
package import Values

/// Sets a person's password in place of one that it knows. What hashing says was found out before,
/// outside of the transaction.
package struct ChangePassword: Sendable {
  package let session: ID<Session>
  /// The hash that the old password was compared with.
  package let compared: PasswordHash
  /// Whether it matched.
  package let matched: Bool
  /// Of the new password, which keeps the policy.
  package let password: PasswordHash

  package init(
    session: ID<Session>, compared: PasswordHash, matched: Bool, password: PasswordHash
  ) {
    self.session = session
    self.compared = compared
    self.matched = matched
    self.password = password
  }

  /// Nil when it is done, else why not; a wrong old password is counted also then.
  package func run(in tx: Transaction, at now: Moment) throws -> IdentityRejection? {
    guard let session = try SessionTable.find(session, in: tx), session.isLive(at: now.instant),
      var stored = try PasswordTable.find(session.principal, in: tx)
    else { return .sessionEnded }
    let person = try Principals.fetch(session.principal, in: tx)
    guard stored.hash == compared, !stored.isLocked(at: now.instant) else {
      return .passwordWrong(field: "old_password")
    }
    guard matched else {
      try LogIn.countFailure(&stored, of: person, at: now.instant, in: tx)
      return .passwordWrong(field: "old_password")
    }
    try PasswordTable.put(
      StoredPassword(
        hash: password, mustChange: false, changedAt: now.instant, failures: 0, lockedUntil: nil),
      of: person.id, in: tx)
    try SessionTable.end(
      allOf: person.id, but: session.id, .passwordChanged, at: now.instant, in: tx)
    tx.record(DomainEvent("principal.password-changed", person.reference))
    return nil
  }
}
