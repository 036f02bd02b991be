internal import MasterData
package import Storage
package import Values

/// Lets a principal in no more, or again. Its sessions end and stay ended; its keys wait.
package struct SetPrincipalState: Sendable {
  package let name: String
  package let isDisabled: Bool
  package let expectedVersion: Int64

  package init(name: String, isDisabled: Bool, expectedVersion: Int64 = 0) {
    self.name = name
    self.isDisabled = isDisabled
    self.expectedVersion = expectedVersion
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Principal {
    var principal = try Principals.require(name: name, field: "name", in: tx)
    var check = FieldCheck(.request)
    check.version(expectedVersion, stored: principal.version, code: name)
    try check.pass()
    guard principal.isDisabled != isDisabled else { return principal }
    principal.isDisabled = isDisabled
    try Principals.keepingAdministrator(in: tx) { try PrincipalTable.update(principal, in: tx) }
    if isDisabled {
      try SessionTable.end(allOf: principal.id, but: nil, .disabled, at: now.instant, in: tx)
    }
    tx.record(
      DomainEvent(
        isDisabled ? "principal.disabled" : "principal.enabled", principal.reference))
    return try Principals.fetch(principal.id, in: tx)
  }
}
