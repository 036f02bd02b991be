internal import ArgumentParser
internal import Services
internal import Storage
internal import Values

/// `joinery verify`: the check of everything on a database file that no server has open.
struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a database file: audit chain, books, stock, orders.",
    discussion: """
      Works on a file that no server has open; `joinery report verify` asks a running one. Names \
      every rule that is broken with the values that show it, and exits with 1 then.
      """)

  @Option(name: .long, help: ArgumentHelp("The database.", valueName: "file"))
  var database = "joinery.db"

  func run() async throws {
    let store: Database
    do {
      store = try Database.open(
        Database.Configuration(path: database, mustExist: true), migrations: Schema.migrations,
        now: Clock.now())
    } catch {
      throw Failure("cannot verify \(database): \(error.message)")
    }
    defer { store.close() }
    let damage = try await store.damage()
    let result = try await store.read { try Verification(of: $0) }
    let found = damage + result.violations.map(\.description)
    for line in found { Terminal.standardOutput(line) }
    Terminal.standardOutput(
      "\(result.auditEntries) audit entries, head \(result.chainHeadText)\n"
        + (found.isEmpty ? "verified: nothing is wrong" : "\(found.count) rules broken"))
    if !found.isEmpty { throw ExitCode(1) }
  }
}
