internal import ArgumentParser
internal import Messages
internal import RPC

/// `joinery till …`
struct TillCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "till", abstract: "Terminals that go on working without a network.",
    subcommands: [Sync.self, Show.self])

  struct Show: RemoteCommand {
    typealias Response = TillsV1.GetTerminalResponse
    static let configuration = CommandConfiguration(
      abstract: "Show how far the server has come with a terminal's queue.")
    static let method = TillsV1.TillServiceMethods.getTerminal
    @Argument(help: "Name of the terminal.") var terminal: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> TillsV1.GetTerminalRequest { .init(terminal: terminal) }
  }

  struct Sync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Carry out the commands queued in a file, each once.",
      discussion: """
        The queue is a text file, a command on each line; line 17 is the terminal's number 17. \
        Append to it while there is no network, and never change or remove a line:

          {"method": "PlaceOrder", "request": {"order": {…}}, "actor": "li.na"}
          {"void": "typed twice"}

        "actor" may be left out, and "key", the idempotency key of a single call that was tried \
        before. Each line gets its verdict as a line of QUEUE.verdicts. Run it again after a break \
        of any kind: it goes on where the verdicts end.
        """)

    @Option(name: .long, help: "Name of the terminal, the same for ever.") var terminal: String

    @Option(name: .long, help: ArgumentHelp("The queue.", valueName: "file")) var queue: String

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
      let queued = try QueueFile(path: queue, terminal: terminal)
      let verdicts = try VerdictFile(path: queue + ".verdicts")
      guard verdicts.count <= queued.steps.count else {
        throw Failure("\(queue).verdicts has more lines than \(queue)")
      }
      var patience = Patience(seconds: connection.timeout ?? 30)
      var refused = 0
      try await RemoteCall.with(connection) { channel in
        let client = TillsV1.TillServiceClient(channel: channel)
        while true {
          do {
            let known = Int64(verdicts.count)
            for try await answer in try await sync(queued, known, client) {
              patience.heard()
              guard let verdict = answer.verdict else { continue }
              let line = try queued.line(verdict)
              try verdicts.append(line)
              if line["outcome"] == .text("refused") { refused += 1 }
              try show(line)
            }
            return
          } catch let error as RPCError where error.code == .unavailable {
            guard let pause = patience.pause() else { throw error }
            Terminal.standardError("connection lost (\(error.message)), trying again")
            try await Task.sleep(for: pause)
          }
        }
      }
      if refused > 0 { throw ExitCode(1) }
    }

    /// The answers to everything that has no verdict here. What the server has settled already it
    /// answers from memory.
    private func sync(
      _ queued: QueueFile, _ known: Int64, _ client: TillsV1.TillServiceClient
    ) async throws -> ResponseStream<TillsV1.SyncResponse> {
      let options = connection.callOptions(connection.metadata, isStream: true)
      return try await client.sync(options: options) { [terminal] writer in
        try await writer.write(
          .init(step: .opening(.init(terminal: terminal, verdictsThrough: known))))
        for step in queued.steps.dropFirst(Int(known)) {
          try await writer.write(.init(step: step))
        }
      }
    }

    private func show(_ line: JSONValue) throws {
      guard connection.output == .table else {
        return try Terminal.stream(line.text(pretty: false))
      }
      var parts: [String] = []
      for name in ["number", "outcome", "method", "message"] {
        if case .text(let text)? = line[name] { parts.append(text) }
        if case .number(let text)? = line[name] { parts.append(text) }
      }
      try Terminal.stream(parts.joined(separator: "  "))
    }
  }
}
