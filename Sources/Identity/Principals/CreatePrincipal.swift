internal import MasterData
package import Storage
package import Values

/// Adds a person with a one-time password, or a service or a till, which needs a key or a client
/// certificate to be let in.
package struct CreatePrincipal: Sendable {
  package let name: String
  package let kind: PrincipalKind?
  package let displayName: String
  package let roles: [String]
  package let certificateSubject: String?
  /// A person's one-time password; nil for services and tills.
  package let password: PasswordHash?
  /// Who asks.
  package let requester: String
  /// Begins the names of what waits for somebody else's agreement.
  package let grantName: String

  package init(
    person name: String, displayName: String, roles: [String], password: PasswordHash,
    by requester: String, grantName: String
  ) {
    self.name = name
    kind = .person
    self.displayName = displayName
    self.roles = roles
    certificateSubject = nil
    self.password = password
    self.requester = requester
    self.grantName = grantName
  }

  /// `kind` nil: none was given.
  package init(
    machine name: String, kind: PrincipalKind?, displayName: String, roles: [String],
    certificateSubject: String?, by requester: String, grantName: String
  ) {
    self.name = name
    self.kind = kind
    self.displayName = displayName
    self.roles = roles
    self.certificateSubject = certificateSubject
    password = nil
    self.requester = requester
    self.grantName = grantName
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Principal {
    var check = FieldCheck(.request)
    check.code(name, "name")
    check.text(displayName, "display_name", limit: 100, required: true)
    check.text(certificateSubject ?? "", "certificate_subject", limit: 200)
    let kind = check.required(kind, "kind")
    if kind == .person, password == nil {
      check.refuse(IdentityRejection.notAMachine(field: "kind", name: name))
    }
    let found = try Roles.resolve(roles, "roles", &check, in: tx)
    try check.pass()
    if try PrincipalTable.find(name, in: tx) != nil {
      throw IdentityRejection.nameTaken(field: "name", name: name)
    }
    if let certificateSubject,
      let holder = try PrincipalTable.find(certificate: certificateSubject, in: tx)
    {
      throw IdentityRejection.certificateTaken(
        field: "certificate_subject", subject: certificateSubject, by: holder.name)
    }
    let id = try PrincipalTable.insert(
      Principal(
        id: ID(0), name: name, kind: kind ?? .service, displayName: displayName,
        isDisabled: false, certificateSubject: certificateSubject, createdAt: now.instant,
        version: 1, roles: []),
      in: tx)
    let created = try Principals.fetch(id, in: tx)
    let given = try SetRoles.withholding(
      from: found, for: created, by: requester, grantName, at: now, in: tx)
    try PrincipalTable.setRoles(given.map(\.id), of: id, in: tx)
    if let password {
      try PasswordTable.put(
        StoredPassword(
          hash: password, mustChange: true, changedAt: now.instant, failures: 0,
          lockedUntil: nil), of: id, in: tx)
    }
    let principal = try Principals.fetch(id, in: tx)
    tx.record(
      DomainEvent(
        "principal.created", principal.reference,
        [
          Fact("kind", principal.kind.rawValue),
          Fact("roles", principal.roles.joined(separator: " ")),
        ]))
    return principal
  }
}
