internal import Services
internal import Storage
internal import Values

/// What the check of everything found in a database file that no server has open.
struct StoreCheck {
  /// A line for every rule that is broken.
  let findings: [String]
  let auditEntries: Int64
  let chainHead: String

  /// - Parameters:
  ///   - verb: what is being done, for the message when the file cannot be opened.
  ///   - isCopy: that of an older version need not be kept as it was.
  ///   - then: runs behind the check, on the open database.
  init(
    of path: String, _ pages: PageProtection, to verb: String, isCopy: Bool = false,
    then: (Database) async throws -> Void = { _ in }
  ) async throws {
    let store: Database
    do {
      store = try Database.open(
        Database.Configuration(
          path: path, mustExist: true, pages: pages,
          beforeMigrating: isCopy
            ? nil : MigrationCopy.before(path) { Terminal.standardError($0) }),
        migrations: Schema.migrations, now: Clock.now())
    } catch {
      throw Failure("cannot \(verb) \(path): \(error.message)")
    }
    defer { store.close() }
    let damage = try await store.damage()
    let result = try await store.read { try Verification(of: $0) }
    findings = damage + result.violations.map(\.description)
    auditEntries = result.auditEntries
    chainHead = result.chainHeadText
    try await then(store)
  }

  func report() {
    for line in findings { Terminal.standardOutput(line) }
    Terminal.standardOutput("\(auditEntries) audit entries, head \(chainHead)")
    Terminal.standardOutput(
      findings.isEmpty ? "verified: nothing is wrong" : "\(findings.count) rules broken")
  }
}
