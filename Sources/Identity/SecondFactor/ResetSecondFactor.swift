package import Storage
package import Values

/// Removes the second factor of a person who has lost it. Whoever holds a session of that person
/// may be the one who took it, so all of them end.
package struct ResetSecondFactor: Sendable {
  package let name: String
  /// Who asks; nil for whoever has the database itself.
  package let requester: String?

  package init(name: String, by requester: String? = nil) {
    self.name = name
    self.requester = requester
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Principal {
    let person = try Principals.requirePerson(name: name, field: "name", in: tx)
    try FourEyes.checkReset(of: person, by: requester, in: tx)
    guard person.hasSecondFactor else { throw IdentityRejection.secondFactorMissing }
    try SecondFactorTable.delete(person.id, in: tx)
    try SessionTable.end(
      allOf: person.id, but: nil, .secondFactorReset, at: now.instant, in: tx)
    tx.record(DomainEvent("second-factor.reset", person.reference))
    return try Principals.fetch(person.id, in: tx)
  }
}
