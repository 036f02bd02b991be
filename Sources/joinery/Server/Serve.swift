internal import ArgumentParser
private import Foundation
internal import Identity
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
      takes no new connections, finishes the calls that run, and ends. On SIGUSR2 it restarts with \
      the program that is there then, and nobody is refused: who connects meanwhile waits. On \
      SIGHUP it reads certificates, keys and settings again and uses what needs no restart: keys, \
      limits and the level of the log. It takes sockets from systemd.

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

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Settings: a YAML file whose keys are these options' names. What the environment says "
        + "(\(ServeSettings.environmentPrefix)LISTEN and so on) wins over it, and options win over "
        + "both. Read again on SIGHUP.", valueName: "file"))
  var config: String?

  @OptionGroup var security: ServerSecurity
  @OptionGroup var logins: LoginRules
  @OptionGroup var secrets: SecretsKeyOption
  @OptionGroup var life: ConnectionLife
  @OptionGroup var backups: BackupSchedule
  @OptionGroup var notices: NoticeOptions
  @OptionGroup var log: LogOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Serve /metrics (Prometheus), /live and /ready there, over plain HTTP. (default: nowhere)",
      valueName: "host:port"))
  var admin: String?
  @OptionGroup var audit: AuditKeyOption

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
    if let admin {
      guard case .tcp = Endpoint(admin) else {
        throw ValidationError("--admin \(admin): expected HOST:PORT, such as 127.0.0.1:9090")
      }
    }
    _ = try boundLimits()
    guard (0...3600).contains(grace) else { throw ValidationError("--grace is 0 to 3600 seconds") }
  }

  var endpoints: [Endpoint] {
    listen.isEmpty ? [.tcp(host: "127.0.0.1", port: 50_051)] : listen.compactMap { Endpoint($0) }
  }

  func boundLimits() throws -> RPCLimits {
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

  /// What it has from files before it opens anything.
  struct Loaded {
    /// Nil for cleartext.
    let tls: ServerTLS?
    /// Nil where no backups are made.
    let backups: BackupSchedule.Keeper?
    let identity: IdentitySettings
    /// Of the database's file.
    let pages: PageProtection
    /// What notices are sent with.
    let notices: NoticeSettings
  }

  /// Certificates and keys, for listening at `endpoints`. Throws `Failure` where one is missing or
  /// is none.
  func load(
    for endpoints: [Endpoint], log: @escaping @Sendable (String) -> Void
  ) throws -> Loaded {
    try audit.check(for: database)
    let keys = try secrets.load()
    return Loaded(
      tls: try security.load(for: endpoints, log: log), backups: try backups.load(),
      identity: logins.settings(callers: trustCallers ? .believed : .proved, keys: keys),
      pages: PageProtection(keys.pageKeys), notices: try notices.load())
  }

  /// What is served and for how long; in `RunningServer` is how.
  func run() async throws {
    // A terminal that hangs up ends a server that has nothing to load again.
    let reloads = config != nil || security.certificate != nil || secrets.source != nil
    let signals = Signals([SIGTERM, SIGINT, SIGUSR2] + (reloads ? [SIGHUP] : []))
    let server = try await RunningServer.start(self)
    for await signal in signals.stream {
      switch signal {
      case SIGHUP: await server.reload()
      case SIGUSR2: if await server.restart() { return }
      default: return await server.stop()
      }
    }
  }
}
