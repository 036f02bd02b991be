import Storage
import Values

/// A code that somebody shows for its second factor, with what it takes to check it.
package struct ShownCode: Sendable {
  package let text: String
  package let keys: SealKeys
  /// Random bytes, for sealing the secret anew where its key was replaced.
  package let nonce: [UInt8]

  package init(_ text: String, keys: SealKeys, nonce: [UInt8]) {
    self.text = text
    self.keys = keys
    self.nonce = nonce
  }

  /// Whether it is right; then it is spent. Six digits are a code of the app, all else is a
  /// recovery code, which is good only for a factor that is confirmed.
  func spend(
    by factor: SecondFactor, of person: Principal, at now: Moment, in tx: Transaction
  ) throws -> Bool {
    let digits = text.filter { $0 != " " }
    if digits.utf8.count == TOTP.digits, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return try spend(digits, by: factor, at: now, in: tx)
    }
    guard factor.confirmedAt != nil else { return false }
    let given = RecoveryCode.digest(text)
    let unused = try SecondFactorTable.recoveryCodes(of: person.id, in: tx)
    // Every one is compared, wherever the right one stands.
    let matches = unused.filter { Secret.equal($0, given) }
    guard let match = matches.first else { return false }
    try SecondFactorTable.useRecoveryCode(match, of: person.id, at: now.instant, in: tx)
    tx.record(
      DomainEvent(
        "second-factor.recovery-code-used", person.reference,
        [Fact("left", unused.count - 1)]))
    return true
  }

  private func spend(
    _ digits: String, by factor: SecondFactor, at now: Moment, in tx: Transaction
  ) throws -> Bool {
    let purpose = SecondFactor.purpose(factor.person)
    let secret = try keys.open(factor.secret, for: purpose)
    guard
      let step = TOTP.step(
        of: digits, secret: secret, at: now.instant, after: factor.lastStep)
    else { return false }
    var spent = factor
    spent.lastStep = step
    if !keys.isCurrent(factor.secret) {
      spent.secret = try keys.seal(secret, for: purpose, nonce: nonce)
    }
    try SecondFactorTable.put(spent, in: tx)
    return true
  }
}
