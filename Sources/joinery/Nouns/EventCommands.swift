internal import ArgumentParser
private import Foundation
internal import Messages
internal import RPC

private let kinds = Choice(TypeV1.DocumentKind.allCases, \.name)

/// `joinery events …`
struct EventCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "What happens, as it happens.", subcommands: [Watch.self],
    aliases: ["event"])

  struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show events as they are committed, from the first one on.",
      discussion: """
        Goes on until it is interrupted, also over lost connections and restarts of the server. \
        With --output json each line is a message with its events and the resume token behind \
        them; a message without events only tells how far the server has looked.

        --token-file keeps the token across runs: it is written after the events before it were \
        shown, so that nothing is left out, whatever happens.
        """)

    @Option(
      name: .long,
      help: ArgumentHelp("Go on after this resume token or commit sequence.", valueName: "token"))
    var after: String = ""

    @Flag(name: .long, help: "Only what is committed from now on.")
    var fromNow = false

    @Option(
      name: .long,
      help: ArgumentHelp(
        "Go on after the token in this file, and keep it there.", valueName: "file"))
    var tokenFile: String?

    @Option(
      name: .long, help: "Type (order.confirmed) or noun (order.*); give it again for more.")
    var type: [String] = []

    @Option(
      name: .long, help: ArgumentHelp("Kind of document: \(kinds.help)."),
      transform: kinds.callAsFunction)
    var kind: [TypeV1.DocumentKind] = []

    @Option(name: .long, help: "Number or code of a document; give it again for more.")
    var document: [String] = []

    @Option(
      name: .long,
      help: ArgumentHelp("Hear from the server at least so often.", valueName: "seconds"))
    var heartbeat: Int = 30

    @Flag(name: .long, help: "End when all is shown that was there at the start.")
    var untilCaughtUp = false

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
      guard after.isEmpty || !fromNow && tokenFile == nil else {
        throw ValidationError("--after goes with neither --from-now nor --token-file")
      }
      guard (1...3600).contains(heartbeat) else {
        throw ValidationError("--heartbeat is 1 to 3600 seconds")
      }
    }

    func run() async throws {
      let places = tokenFile.map { TokenFile(path: $0) }
      var request = EventsV1.WatchRequest(
        resumeToken: try places?.read() ?? after, fromNow: fromNow, types: type, kinds: kind,
        documentNumbers: document,
        heartbeatInterval: GoogleProtobuf.Duration(seconds: Int64(heartbeat)))
      try await RemoteCall.with(connection) { channel in
        let client = EventsV1.EventServiceClient(channel: channel)
        var patience = Patience(seconds: connection.timeout)
        while true {
          do {
            let options = connection.callOptions(connection.metadata, isStream: true)
            for try await message in try await client.watch(request, options: options) {
              patience.heard()
              try show(message)
              try places?.write(message.resumeToken)
              request.resumeToken = message.resumeToken
              if untilCaughtUp, message.caughtUp { return }
            }
          } catch let error as RPCError where error.code == .unavailable {
            guard let pause = patience.pause() else { throw error }
            Terminal.standardError("connection lost (\(error.message)), trying again")
            try await Task.sleep(for: pause)
          }
        }
      }
    }

    private func show(_ message: EventsV1.WatchResponse) throws {
      switch connection.output {
      case .json:
        try Terminal.stream(JSONMapping(printsDefaults: true).json(message, pretty: false))
      case .table:
        for event in message.events { try Terminal.stream(line(event)) }
        if message.caughtUp {
          Terminal.standardError("caught up; go on later with --after \(message.resumeToken)")
        }
      }
    }

    private func line(_ event: EventsV1.Event) throws -> String {
      var parts: [String] = []
      if let time = event.time {
        let value = try JSONMapping().value(
          time.encoded(), as: GoogleProtobuf.Timestamp.fullName)
        if case .text(let text) = value { parts.append(AlignedColumns.padded(text, 27)) }
      }
      parts.append(AlignedColumns.padded("\(event.commitSequence)", 8, toTheRight: true))
      parts.append(AlignedColumns.padded(event.type, 24))
      parts.append(AlignedColumns.padded(event.subject?.number ?? "", 15))
      if let related = event.related { parts.append("for \(related.number)") }
      parts.append("by \(event.actor)")
      parts += event.facts.map { "\($0.name)=\($0.value)" }
      return parts.joined(separator: "  ")
    }
  }
}

/// Keeps a resume token from one run to the next.
private struct TokenFile {
  let path: String

  /// "" where there is no file yet.
  func read() throws -> String {
    guard FileManager.default.fileExists(atPath: path) else { return "" }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure("cannot read \(path)")
    }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Replaces the file as a whole.
  func write(_ token: String) throws {
    do {
      try Data((token + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw Failure("cannot write \(path): \(error.localizedDescription)")
    }
  }
}
