internal import ArgumentParser
private import Foundation
internal import Messages
internal import RPC

/// How to reach the server and who asks.
struct ConnectionOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Server to talk to, or unix:PATH; several, separated by commas, take turns "
        + "[env: JOINERY_SERVER].", valueName: "host:port"))
  var server: String = environment("JOINERY_SERVER") ?? "127.0.0.1:50051"

  @OptionGroup var security: ClientSecurity

  @Option(name: .shortAndLong, help: "Tables for people or json for scripts.")
  var output: OutputFormat = .table

  @Option(name: .long, help: "Who asks, as recorded in the audit [env: JOINERY_ACTOR].")
  var actor: String = environment("JOINERY_ACTOR") ?? environment("USER") ?? "anonymous"

  @Option(
    name: .long, help: "Roles to act in, comma-separated [env: JOINERY_ROLES].")
  var roles: String = environment("JOINERY_ROLES") ?? ""

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Give up after this long. (default: 30; for streams never)", valueName: "seconds"))
  var timeout: Int?

  @Flag(name: .long, help: "Wait for a server that is not there yet, as long as --timeout.")
  var wait = false

  func validate() throws {
    guard timeout ?? 1 > 0 else { throw ValidationError("--timeout must be at least 1 second") }
    guard Endpoint.list(server) != nil else {
      throw ValidationError(
        "--server \(server): expected HOST:PORT, such as 127.0.0.1:50051, or unix:PATH")
    }
    for (option, value) in [("--actor", actor), ("--roles", roles)] where !isSendable(value) {
      throw ValidationError(
        "\(option) \(value): only printable ASCII can be sent, such as zhang.wei")
    }
  }

  /// Those that the command has validated.
  var endpoints: [Endpoint] { Endpoint.list(server) ?? [] }

  /// For a call with this metadata.
  func callOptions(_ metadata: Metadata, isStream: Bool = false) -> CallOptions {
    let seconds = timeout ?? (isStream ? nil : 30)
    return CallOptions(
      metadata: metadata, timeout: seconds.map { .seconds($0) }, waitsForReady: wait)
  }

  var metadata: Metadata {
    var metadata: Metadata = ["joinery-actor": actor]
    if !roles.isEmpty { metadata.add("joinery-roles", roles) }
    return metadata
  }

  static func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// What a command that changes something takes beside.
struct CommandOptions: ParsableArguments {
  @Flag(name: .long, help: "Say what would happen and change nothing.")
  var dryRun = false

  @Option(
    name: .long,
    help: "Idempotency key: the same key with the same request is done once. Made anew when absent."
  )
  var key: String?

  @Option(name: .long, help: "Why, in your own words, for the audit; 200 characters are kept.")
  var why: String?

  func validate() throws {
    guard let key else { return }
    guard (1...128).contains(key.utf8.count), isSendable(key), !key.contains(" ") else {
      throw ValidationError(
        "--key \(key): expected 1 to 128 printable ASCII characters without blanks")
    }
  }

  func sayWhenDry() {
    if dryRun { Terminal.standardError("dry run: this is what would happen; nothing was changed") }
  }

  /// Adds key and dry-run to the caller's metadata.
  func extend(_ metadata: Metadata) -> Metadata {
    var metadata = metadata
    metadata.add("idempotency-key", key ?? IdempotencyKey.fresh())
    if dryRun { metadata.add("dry-run", "true") }
    if let why {
      metadata.add(
        "joinery-reason",
        why.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? "")
    }
    return metadata
  }
}

/// Metadata is printable ASCII.
private func isSendable(_ text: String) -> Bool {
  text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case table
  case json
}
