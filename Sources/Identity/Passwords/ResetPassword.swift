package import Storage
package import Values

/// A new one-time password in place of a forgotten one. Where and when the person logs in is
/// learned anew: the next login is not unusual, wherever it comes from.
package struct ResetPassword: Sendable {
  package let name: String
  package let password: PasswordHash
  /// Who asks; nil for whoever has the database itself.
  package let requester: String?

  package init(name: String, password: PasswordHash, by requester: String? = nil) {
    self.name = name
    self.requester = requester
    self.password = password
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    let person = try Principals.requirePerson(name: name, field: "name", in: tx)
    try FourEyes.checkReset(of: person, by: requester, in: tx)
    try PasswordTable.put(
      StoredPassword(
        hash: password, mustChange: true, changedAt: now.instant, failures: 0, lockedUntil: nil),
      of: person.id, in: tx)
    try LoginHabitTable.forget(person.id, in: tx)
    try SessionTable.end(allOf: person.id, but: nil, .passwordReset, at: now.instant, in: tx)
    tx.record(DomainEvent("principal.password-reset", person.reference))
  }
}
