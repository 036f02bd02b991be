internal import ArgumentParser
internal import Identity
internal import Services
internal import Storage

/// `joinery recover-administrator`
struct RecoverAdministrator: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover-administrator",
    abstract: "Give an administrator a new one-time password, on a database that is not served.",
    discussion: """
      For when nobody who administers knows a password any more: whoever may write the database \
      file may do this. It is on record under the name `joinery recover-administrator`, ends the \
      person's sessions, and prints the one-time password, once.
      """)

  @Option(name: .long, help: ArgumentHelp("The database.", valueName: "file"))
  var database = "joinery.db"
  @OptionGroup var secrets: SecretsKeyOption

  @Option(name: .long, help: "Which administrator; needed where there are several.")
  var name: String?

  @Flag(name: .long, help: "Remove the second factor, too: the app and its codes are lost.")
  var removeSecondFactor = false

  func run() async throws {
    let store: Database
    let keys = try secrets.load()
    do {
      store = try Database.open(
        Database.Configuration(
          path: database, mustExist: true, pages: PageProtection(keys.pageKeys)),
        migrations: Schema.migrations, now: Clock.now())
    } catch {
      throw Failure("cannot open \(database): \(error.message)")
    }
    defer { store.close() }
    let candidates = try await AdministratorRecovery.candidates(in: store)
    guard let chosen = name ?? (candidates.count == 1 ? candidates[0] : nil),
      candidates.contains(chosen)
    else {
      throw Failure(
        candidates.isEmpty
          ? "nobody administers \(database): serve it, and the first administrator is added"
          : "say which administrator with --name: \(candidates.joined(separator: ", "))")
    }
    var identity = IdentitySettings(callers: .proved, chance: Chance.bytes)
    identity.sealKeys = keys
    let password = try await AdministratorRecovery.run(
      store, name: chosen, removingSecondFactor: removeSecondFactor,
      identity: identity, now: Clock.now)
    Terminal.standardOutput(
      "administrator: \(chosen), one-time password \(password)\n"
        + "  It is shown this once: joinery login \(chosen)")
  }
}
