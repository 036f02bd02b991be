internal import ArgumentParser
private import Foundation
internal import RPC
internal import Services
internal import Storage

/// `joinery serve`
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve a database until SIGTERM or SIGINT.",
    discussion: """
      Creates the database when there is none and migrates an older one. Prints \
      `listening HOST:PORT` for each address when it accepts calls there. On SIGTERM or SIGINT it \
      takes no new connections, finishes the calls that run, and ends.

      Callers prove who they are, by `joinery login`, a key, or a client certificate. On an empty \
      database it adds the first administrator and prints its one-time password, once. Beyond this \
      machine it speaks TLS, or cleartext only if told so.
      """)

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Address, or unix:PATH; may be repeated. Port 0 takes a free one. (default: 127.0.0.1:50051)",
      valueName: "host:port"))
  var listen: [String] = []

  @OptionGroup var security: ServerSecurity
  @OptionGroup var life: ConnectionLife
  @OptionGroup var backups: BackupSchedule

  @Option(
    name: .customLong("limit"),
    help: ArgumentHelp(
      "A bound of the server: \(RPCLimits.names.joined(separator: ", ")). Times as 500ms, 5s, 2m. "
        + "May be repeated.", valueName: "name=value"))
  var bounds: [String] = []

  @Option(name: .long, help: ArgumentHelp("The database.", valueName: "file"))
  var database = "joinery.db"

  @Option(
    name: .long,
    help: ArgumentHelp("How long running calls may take after SIGTERM.", valueName: "seconds"))
  var grace = 20

  @Flag(
    name: .long,
    help: "Believe callers who they say they are: on this machine only, to try things out.")
  var trustCallers = false

  func validate() throws {
    for text in listen where Endpoint(text) == nil {
      throw ValidationError(
        "--listen \(text): expected HOST:PORT, such as 127.0.0.1:50051, or unix:PATH")
    }
    if trustCallers, let open = endpoints.first(where: { !$0.isLocal }) {
      throw ValidationError(
        "--trust-callers: whoever reaches \(open) would be whoever it says; listen on this "
          + "machine only")
    }
    _ = try boundLimits()
    guard (0...3600).contains(grace) else { throw ValidationError("--grace is 0 to 3600 seconds") }
  }

  private var endpoints: [Endpoint] {
    listen.isEmpty ? [.tcp(host: "127.0.0.1", port: 50_051)] : listen.compactMap { Endpoint($0) }
  }

  private func boundLimits() throws -> RPCLimits {
    var limits = life.limits
    for bound in bounds {
      let parts = bound.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw ValidationError("--limit \(bound): expected NAME=VALUE") }
      do { try limits.set(String(parts[0]), to: String(parts[1])) } catch {
        throw ValidationError("--limit \(bound): \(error.description)")
      }
    }
    return limits
  }

  func run() async throws {
    let limits = try boundLimits()
    let tls = try security.load(for: endpoints)
    let keeper = try backups.load()
    // A terminal that hangs up ends a server that has no certificate to load again.
    let signals = Signals([SIGTERM, SIGINT] + (tls == nil ? [] : [SIGHUP]))
    let store: Database
    do {
      store = try Database.open(
        Database.Configuration(path: database), migrations: Schema.migrations, now: Clock.now())
    } catch {
      throw Failure("cannot serve \(database): \(error.message)")
    }
    let application = try await Application.compose(
      store, now: Clock.now,
      identity: IdentitySettings(
        callers: trustCallers ? .believed : .proved, chance: Chance.bytes)
    ) { line in
      Terminal.standardError("\(Clock.now()) \(line)")
    }
    let server: RPCServer
    do {
      server = try await RPCServer.start(
        application.router, on: endpoints, tls: tls, interceptors: application.interceptors,
        limits: limits)
    } catch {
      store.close()
      throw Failure(error.description)
    }
    if !trustCallers, let first = try await application.addFirstAdministrator() {
      Terminal.standardOutput(
        "first administrator: \(first.name), one-time password \(first.password)\n"
          + "  It is shown this once: joinery login \(first.name)")
    }
    let keeping = keeper.map { keeper in
      Task { await keeper.run(store) { Terminal.standardError("\(Clock.now()) \($0)") } }
    }
    for endpoint in server.endpoints { Terminal.standardOutput("listening \(endpoint)") }
    await signals.wait(hangUp: { tls?.reload() })
    application.announceShutdown()
    await server.shutDown(grace: .seconds(grace))
    // A backup that is under way is finished.
    keeping?.cancel()
    await keeping?.value
    store.close()
  }
}
