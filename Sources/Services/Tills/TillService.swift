internal import Identity
internal import Messages
internal import RPC
internal import Storage
internal import Values

/// joinery.tills.v1: the queues of terminals.
///
/// A queued command names its method and carries the encoded request, as a single call would: every
/// command of the API, of today and later, can be queued without a word here, passes the same
/// interceptors with its own permission, and is the same command to the log as one that was tried
/// in a single call before the network broke.
struct TillService: TillsV1.TillService {
  let commands: CommandLog
  let questions: Questions
  /// The methods that may be queued.
  let queued: Dispatcher
  let sessions: TillSessions
  let authentication: Authentication

  func sync(
    _ requests: RequestStream<TillsV1.SyncRequest>, writer: ResponseWriter<TillsV1.SyncResponse>,
    context: CallContext
  ) async throws {
    let caller = try CallerMetadata.caller(context)
    guard context.metadata[CommandLog.dryRunField] ?? "false" == "false" else {
      throw TillRejection.dryRun.status
    }
    let session = try sessions.join()
    defer { sessions.leave(session) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await session.untilEnded() }
      group.addTask { [authentication] in
        try await authentication.whileAdmitted(context) {
          try await settle(requests, of: caller, in: session, writer, context)
        }
      }
      try await group.next()
    }
  }

  /// Settles what one call sends.
  private func settle(
    _ requests: RequestStream<TillsV1.SyncRequest>, of caller: Caller,
    in session: TillSessions.Session, _ writer: ResponseWriter<TillsV1.SyncResponse>,
    _ context: CallContext
  ) async throws {
    var messages = requests.makeAsyncIterator()
    guard case .opening(let opening)? = try await messages.next()?.step else {
      throw TillRejection.openingMissing.status
    }
    var reader = RequestReader()
    let terminal = reader.text(opening.terminal, "opening.terminal", 1...100)
    if opening.verdictsThrough < 0 {
      reader.refuse(.outOfRange("opening.verdicts_through", allowed: "0 or more"))
    }
    try FailureStatus.refusing { try reader.check() }
    // Whoever proves who it is speaks for its own queue and for nobody else's.
    let isProved = context[Authentication.Key.self] != nil
    guard !isProved || terminal == caller.name else {
      throw TillRejection.terminalForeign(terminal: terminal, caller: caller.name).status
    }
    sessions.take(terminal, session)
    var queue = TerminalQueue(
      service: self, terminal: terminal, actor: caller.name, isProved: isProved,
      context: context, writer: writer)
    try await queue.open(after: opening.verdictsThrough)
    while let message = try await messages.next() { try await queue.settle(message) }
  }

  func getTerminal(
    _ request: TillsV1.GetTerminalRequest, context: CallContext
  ) async throws -> TillsV1.GetTerminalResponse {
    var reader = RequestReader()
    let terminal = reader.text(request.terminal, "terminal", 1...100)
    try FailureStatus.refusing { try reader.check() }
    return try await questions.ask(context) { snapshot in
      guard let last = try TerminalTable.lastCommand(of: terminal, in: snapshot) else {
        return .init()
      }
      return .init(
        acknowledgedThrough: last.number, commitSequence: last.sequence,
        lastTime: GoogleProtobuf.Timestamp(last.at))
    }
  }
}
