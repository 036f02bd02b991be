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
    guard var found = try SessionHolder.find(session, at: now, in: tx) else {
      return .sessionEnded
    }
    guard found.password.hash == compared, !found.password.isLocked(at: now.instant) else {
      return .passwordWrong(field: "old_password")
    }
    guard matched else {
      try found.countFailure(at: now, in: tx)
      return .passwordWrong(field: "old_password")
    }
    try PasswordTable.put(
      StoredPassword(
        hash: password, mustChange: false, changedAt: now.instant, failures: 0, lockedUntil: nil),
      of: found.person.id, in: tx)
    try SessionTable.end(
      allOf: found.person.id, but: session, .passwordChanged, at: now.instant, in: tx)
    tx.record(DomainEvent("principal.password-changed", found.person.reference))
    return nil
  }
}
