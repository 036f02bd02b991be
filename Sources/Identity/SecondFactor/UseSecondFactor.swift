package import Storage
package import Values

/// What a person does with a code of its second factor. A wrong one counts as a failed login.
package struct UseSecondFactor: Sendable {
  package enum Purpose: Sendable {
    /// The first code of a factor that was added: it counts from now on.
    case confirm(recoveryCodes: [String])
    /// Once more, for sensitive methods.
    case prove
    case replace(recoveryCodes: [String])
    case remove
  }

  package let session: ID<Session>
  package let code: ShownCode
  package let purpose: Purpose

  package init(session: ID<Session>, code: ShownCode, for purpose: Purpose) {
    self.session = session
    self.code = code
    self.purpose = purpose
  }

  /// Nil when it is done, else why not; what was counted stays.
  package func run(in tx: Transaction, at now: Moment) throws -> IdentityRejection? {
    guard var found = try SessionHolder.find(session, at: now, in: tx) else {
      return .sessionEnded
    }
    guard let factor = try SecondFactorTable.find(found.person.id, in: tx) else {
      return .secondFactorMissing
    }
    switch purpose {
    case .confirm: if factor.confirmedAt != nil { return .secondFactorExists }
    case .prove, .replace, .remove: if factor.confirmedAt == nil { return .secondFactorMissing }
    }
    guard !found.password.isLocked(at: now.instant) else { return .codeWrong(field: "code") }
    guard try code.spend(by: factor, of: found.person, at: now, in: tx) else {
      try found.countFailure(at: now, in: tx)
      return .codeWrong(field: "code")
    }
    try found.forgetFailures(in: tx)
    try finish(found, at: now, in: tx)
    return nil
  }

  private func finish(
    _ found: SessionHolder, at now: Moment, in tx: Transaction
  ) throws {
    let person = found.person
    switch purpose {
    case .confirm(let codes):
      guard var factor = try SecondFactorTable.find(person.id, in: tx) else { return }
      factor.confirmedAt = now.instant
      try SecondFactorTable.put(factor, in: tx)
      try SecondFactorTable.replaceRecoveryCodes(
        codes.map(RecoveryCode.digest), of: person.id, in: tx)
      tx.record(DomainEvent("second-factor.added", person.reference))
    case .prove: break
    case .replace(let codes):
      try SecondFactorTable.replaceRecoveryCodes(
        codes.map(RecoveryCode.digest), of: person.id, in: tx)
      tx.record(DomainEvent("second-factor.recovery-codes-replaced", person.reference))
    case .remove:
      try SecondFactorTable.delete(person.id, in: tx)
      tx.record(DomainEvent("second-factor.removed", person.reference))
    }
    try SessionTable.prove(found.session.id, at: now.instant, in: tx)
  }
}
