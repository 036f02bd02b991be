package import Storage
package import Values

/// Gives a person a secret to share with an authenticator app. What hashing says of the password
/// was found out before, outside of the transaction.
package struct AddSecondFactor: Sendable {
  package let session: ID<Session>
  /// The hash that the password was compared with.
  package let compared: PasswordHash
  /// Whether it matched.
  package let matched: Bool
  /// `TOTP.secretByteCount` random bytes.
  package let secret: [UInt8]
  package let keys: SealKeys
  /// `SealKeys.nonceByteCount` random bytes.
  package let nonce: [UInt8]

  package init(
    session: ID<Session>, compared: PasswordHash, matched: Bool, secret: [UInt8], keys: SealKeys,
    nonce: [UInt8]
  ) {
    self.session = session
    self.compared = compared
    self.matched = matched
    self.secret = secret
    self.keys = keys
    self.nonce = nonce
  }

  /// Nil when it is done, else why not; a wrong password is counted also then.
  package func run(in tx: Transaction, at now: Moment) throws -> IdentityRejection? {
    let found = try SessionHolder.find(session, at: now, in: tx)
    guard var found else { return .sessionEnded }
    guard found.password.hash == compared, !found.password.isLocked(at: now.instant) else {
      return .passwordWrong(field: "password")
    }
    guard matched else {
      try found.countFailure(at: now, in: tx)
      return .passwordWrong(field: "password")
    }
    if found.password.mustChange { return .passwordChangeRequired }
    if try SecondFactorTable.find(found.person.id, in: tx)?.confirmedAt != nil {
      return .secondFactorExists
    }
    try SecondFactorTable.put(
      SecondFactor(
        person: found.person.id,
        secret: try keys.seal(
          secret, for: SecondFactor.purpose(found.person.id), nonce: nonce),
        addedAt: now.instant, confirmedAt: nil, lastStep: 0),
      in: tx)
    return nil
  }
}
