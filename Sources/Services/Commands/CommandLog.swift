internal import Identity
internal import Messages
internal import RPC
internal import Storage
internal import Values

/// What a verb may know about the command it runs for.
struct Command: Sendable {
  let caller: Caller
  let moment: Moment
}

/// Runs every mutation exactly once (law 7). In one transaction: the key is looked up, the verb
/// runs, and request, reply, audit hash and events are stored with its effect. The same key with
/// the same request gets the first answer again, refusals included; nothing of a command whose
/// transaction failed remains, so that it can be retried.
struct CommandLog: Sendable {
  let database: Database
  let clock: SiteClock

  /// `Metadata idempotency-key`, 1–128 printable characters, chosen by the caller.
  static let keyField = "idempotency-key"
  /// Metadata `dry-run: true` answers what would happen and changes nothing.
  static let dryRunField = "dry-run"
  /// Trailer on an answer that comes from the log.
  static let replayedField = "idempotency-replayed"
  /// Trailer with the position of the command in the order of commits.
  static let sequenceField = "commit-sequence"

  func run<Request: WireMessage, Reply: WireMessage>(
    _ request: Request, _ context: CallContext,
    _ verb: @escaping @Sendable (Transaction, Command) throws -> Reply
  ) async throws -> Reply {
    let caller = try CallerMetadata.caller(context)
    if try dryRun(context) { return try await rehearse(caller, verb) }
    let asked = CommandEntry(
      sequence: 0, at: Instant(microseconds: 0), actor: caller.name, peer: context.peer,
      method: "\(context.method.service)/\(context.method.name)", key: try key(context),
      request: request.encoded(), status: 0, reply: [])
    let outcome = try await write { [clock] tx -> Outcome<Reply> in
      if let first = try CommandTable.find(actor: asked.actor, key: asked.key, in: tx) {
        return .replayed(first)
      }
      let moment = clock.moment()
      var entry = asked
      entry.at = moment.instant
      return try Self.perform(&entry, Command(caller: caller, moment: moment), verb, in: tx)
    }
    switch outcome {
    case .done(let reply, let sequence):
      context.addTrailer(Self.sequenceField, String(sequence))
      return reply
    case .refused(let refusal, let sequence):
      context.addTrailer(Self.sequenceField, String(sequence))
      throw refusal
    case .replayed(let first):
      return try replay(first, of: asked, context)
    }
  }

  /// A write whose failure says nothing of the store's inside.
  private func write<Value: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    do {
      return try await database.write(body)
    } catch {
      throw FailureStatus.translate(error)
    }
  }

  private enum Outcome<Reply: Sendable>: Sendable {
    case done(Reply, sequence: Int64)
    case refused(RPCError, sequence: Int64)
    case replayed(CommandEntry)
  }

  /// Runs the verb inside its own savepoint, then writes the log entry whichever way it ended.
  private static func perform<Reply: WireMessage>(
    _ entry: inout CommandEntry, _ command: Command,
    _ verb: (Transaction, Command) throws -> Reply, in tx: Transaction
  ) throws -> Outcome<Reply> {
    let result: Result<Reply, RPCError>
    do {
      let reply = try tx.attempt { try verb(tx, command) }
      entry.reply = reply.encoded()
      result = .success(reply)
    } catch {
      guard let refusal = RejectionStatus.refusal(error) else { throw error }
      entry.status = refusal.code.rawValue
      entry.reply = refusal.encodedStatus()
      result = .failure(refusal)
    }
    let head = try CommandTable.head(in: tx)
    entry.sequence = head.sequence + 1
    let events = tx.takeEvents().map(StoredEvent.init)
    let hash = AuditHash.hash(of: entry, events: events, after: head.hash)
    try CommandTable.insert(entry, hash: hash, in: tx)
    for (ordinal, event) in events.enumerated() {
      try EventTable.insert(event, sequence: entry.sequence, ordinal: ordinal, in: tx)
    }
    return switch result {
    case .success(let reply): .done(reply, sequence: entry.sequence)
    case .failure(let refusal): .refused(refusal, sequence: entry.sequence)
    }
  }

  private func rehearse<Reply: WireMessage>(
    _ caller: Caller, _ verb: @escaping @Sendable (Transaction, Command) throws -> Reply
  ) async throws -> Reply {
    do {
      return try await database.rehearse { [clock] tx in
        try verb(tx, Command(caller: caller, moment: clock.moment()))
      }
    } catch {
      throw FailureStatus.translate(error)
    }
  }

  private func replay<Reply: WireMessage>(
    _ first: CommandEntry, of asked: CommandEntry, _ context: CallContext
  ) throws -> Reply {
    guard first.method == asked.method, first.request == asked.request else {
      throw RejectionStatus.status(of: [RequestRejection.keyReused(first.key, method: first.method)]
      )
    }
    context.addTrailer(Self.replayedField, "true")
    context.addTrailer(Self.sequenceField, String(first.sequence))
    if first.status != 0 { throw RPCError(encodedStatus: first.reply) }
    return try Reply(wire: first.reply)
  }

  private func key(_ context: CallContext) throws -> String {
    let key = context.metadata[Self.keyField] ?? ""
    guard !key.isEmpty else { throw RejectionStatus.status(of: [RequestRejection.keyMissing]) }
    guard (1...128).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw RejectionStatus.status(of: [RequestRejection.keyInvalid]) }
    return key
  }

  private func dryRun(_ context: CallContext) throws -> Bool {
    switch context.metadata[Self.dryRunField] {
    case nil, "false": return false
    case "true": return true
    default: throw RejectionStatus.status(of: [RequestRejection.dryRunNotBoolean])
    }
  }
}
