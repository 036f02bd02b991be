internal import ArgumentParser

/// `joinery verify`: the check of everything on a database file that no server has open.
struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a database file: pages, audit chain, books, stock, orders.",
    discussion: """
      Works on a file that no server has open; `joinery report verify` asks a running one. Names \
      every rule that is broken with the values that show it, and exits with 1 then.
      """)

  @Option(name: .long, help: ArgumentHelp("The database.", valueName: "file"))
  var database = "joinery.db"
  @OptionGroup var secrets: SecretsKeyOption

  func run() async throws {
    let check = try await StoreCheck(of: database, try secrets.pages(), to: "verify")
    check.report()
    if !check.findings.isEmpty { throw ExitCode(1) }
  }
}
