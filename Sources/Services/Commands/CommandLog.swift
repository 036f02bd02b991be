internal import Identity
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// What a verb may know about the command it runs for.
struct Command: Sendable {
  let caller: Caller
  let moment: Moment
  /// What it does is taken back.
  var isRehearsal = false
}

/// What a verb came to that leaves something behind also where it refuses, such as a counted
/// attempt.
enum Verdict<Reply> {
  case done(Reply)
  case refused(any Rejection)
}

/// Runs every mutation exactly once (law 7). In one transaction: the key is looked up, the verb
/// runs, and request, reply, audit hash and events are stored with its effect. The same key with
/// the same request gets the first answer again, refusals included; nothing of a command whose
/// transaction failed remains, so that it can be retried.
struct CommandLog: Sendable {
  let database: Database
  let clock: SiteClock
  /// Around what it keeps about people.
  let subjects: SubjectSeal

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
    if try dryRun(context) { return try await rehearse(caller, context.scope, verb) }
    let asked = try asked(request, context, caller)
    let outcome = try await FailureStatus.translating {
      try await database.write { tx in
        try perform(asked, in: tx) { .done(try verb($0, $1)) }
      }
    }
    return try answer(outcome, to: asked, context)
  }

  /// As `run`, for a reply with a secret in it: the log keeps what `kept` makes of it, which is
  /// also what the same command gets when it comes again. `request` holds no secret either. The
  /// verb may refuse without undoing what it did.
  func run<Request: WireMessage, Reply: WireMessage>(
    _ request: Request, _ context: CallContext,
    keeping kept: @escaping @Sendable (Reply) -> Reply,
    _ verb: @escaping @Sendable (Transaction, Command) throws -> Verdict<Reply>
  ) async throws -> Reply {
    let caller = try CallerMetadata.caller(context)
    if try dryRun(context) {
      return try await rehearse(caller, context.scope) { tx, command in
        switch try verb(tx, command) {
        case .done(let reply): return kept(reply)
        case .refused(let refusal): throw refusal
        }
      }
    }
    let asked = try asked(request, context, caller)
    return try await run(asked, context, keeping: kept, verb)
  }

  /// As `run` with a secret, for what its caller cannot ask for twice: a login. `caller` is who it
  /// turns out to be, and `key` one that no caller can give.
  func record<Request: WireMessage, Reply: WireMessage>(
    _ request: Request, _ context: CallContext, by caller: Caller, key: String,
    keeping kept: @escaping @Sendable (Reply) -> Reply,
    _ verb: @escaping @Sendable (Transaction, Command) throws -> Verdict<Reply>
  ) async throws -> Reply {
    precondition(!Self.isKey(key), "a caller could give the key of a record")
    let asked = Asked(
      entry: CommandEntry(
        actor: caller.name, origin: CallOrigin(context),
        method: context.method.fullName, key: key,
        request: request.encoded()),
      caller: caller, step: nil)
    return try await run(asked, context, keeping: kept, verb)
  }

  private func run<Reply: WireMessage>(
    _ asked: Asked, _ context: CallContext, keeping kept: @escaping @Sendable (Reply) -> Reply,
    _ verb: @escaping @Sendable (Transaction, Command) throws -> Verdict<Reply>
  ) async throws -> Reply {
    let outcome = try await FailureStatus.translating {
      try await database.write { tx in
        try perform(asked, in: tx, keeping: kept, verb)
      }
    }
    return try answer(outcome, to: asked, context)
  }

  /// As `run`, for a verb that has much to look up: `find` does so ahead, on a snapshot of the
  /// moment, and the verb gets what it found. It is as if the verb had called it first.
  func run<Request: WireMessage, Found: Sendable, Reply: WireMessage>(
    _ request: Request, _ context: CallContext,
    preparing find: @escaping @Sendable (Snapshot, Moment) throws -> Found,
    _ verb: @escaping @Sendable (Transaction, Command, Found) throws -> Reply
  ) async throws -> Reply {
    let caller = try CallerMetadata.caller(context)
    if try dryRun(context) {
      return try await rehearse(caller, context.scope) { tx, command in
        try verb(tx, command, try find(tx, command.moment))
      }
    }
    let asked = try asked(request, context, caller)
    let outcome = try await FailureStatus.translating { [clock] in
      let scope = asked.entry.scope
      let findToday = { @Sendable (snapshot: Snapshot) in
        snapshot.scope = scope
        let now = clock.moment()
        return (day: now.day, found: try find(snapshot, now))
      }
      return try await database.write(preparing: findToday) { tx, preparation in
        try perform(asked, in: tx) { tx, command in
          let prepared = try preparation.value(in: tx)
          // Over midnight another price may hold.
          let now = command.moment
          let found = prepared.day == now.day ? prepared.found : try find(tx, now)
          return .done(try verb(tx, command, found))
        }
      }
    }
    return try answer(outcome, to: asked, context)
  }

  /// What was asked, before anything is known of the answer.
  private struct Asked: Sendable {
    let entry: CommandEntry
    let caller: Caller
    /// The number of a terminal's queue that it is, if it comes from one.
    let step: TerminalStep?
  }

  private func asked(
    _ request: some WireMessage, _ context: CallContext, _ caller: Caller
  ) throws -> Asked {
    var entry = CommandEntry(
      actor: caller.name, origin: CallOrigin(context),
      method: context.method.fullName, key: try key(context),
      request: request.encoded())
    entry.scope = context.scope
    return Asked(entry: entry, caller: caller, step: context[TerminalStep.Key.self])
  }

  private func answer<Reply: WireMessage>(
    _ outcome: Outcome<Reply>, to asked: Asked, _ context: CallContext
  ) throws -> Reply {
    switch outcome {
    case .done(let reply, let bytes, let sequence):
      context.addTrailer(Self.sequenceField, String(sequence))
      context.encodedResponse = bytes
      return reply
    case .refused(let refusal, let sequence):
      context.addTrailer(Self.sequenceField, String(sequence))
      context[AuditQueue.Recorded.self] = true
      throw refusal
    case .replayed(let first, let isSame):
      return try replay(first, isSame, context)
    }
  }

  private enum Outcome<Reply: Sendable>: Sendable {
    /// `bytes` is the encoded reply, where the caller gets what the log was given.
    case done(Reply, bytes: [UInt8]?, sequence: Int64)
    case refused(RPCError, sequence: Int64)
    /// Opened; `isSame` says whether it asked the same.
    case replayed(CommandEntry, isSame: Bool)
  }

  /// Runs the verb inside its own savepoint, then writes the log entry whichever way it ended.
  /// Answers from the log when the command is there.
  private func perform<Reply: WireMessage>(
    _ asked: Asked, in tx: Transaction, keeping kept: ((Reply) -> Reply)? = nil,
    _ verb: (Transaction, Command) throws -> Verdict<Reply>
  ) throws -> Outcome<Reply> {
    let moment = clock.moment()
    var entry = asked.entry
    entry.request = try subjects.sealed(requestOf: entry, in: tx)
    try asked.step?.check(in: tx)
    if var first = try CommandTable.find(actor: entry.actor, key: entry.key, in: tx) {
      let isSame = first.repeats(entry)
      if isSame {
        try asked.step?.settle(by: first.sequence, isFresh: false, in: tx)
        if first.status == 0 {
          first.reply = try subjects.opened(first.reply, of: Reply.fullName, in: tx)
        }
      }
      return .replayed(first, isSame: isSame)
    }
    entry.at = moment.instant
    tx.scope = entry.scope
    let result: Result<(reply: Reply, bytes: [UInt8]), RPCError>
    do {
      let command = Command(caller: asked.caller, moment: moment)
      try tx.noteChanges(AuditChanges.filter)
      switch try tx.attempt({ try followed(verb, in: tx, command) }) {
      case .done(let reply):
        let bytes = (kept?(reply) ?? reply).encoded()
        entry.reply = try subjects.sealed(bytes, of: Reply.fullName, in: tx)
        result = .success((reply, bytes))
      case .refused(let rejection):
        let refusal = RejectionStatus.status(of: [rejection])
        entry.status = refusal.code.rawValue
        entry.reply = refusal.encodedStatus()
        result = .failure(refusal)
      }
    } catch {
      guard let refusal = RejectionStatus.refusal(error) else { throw error }
      entry.status = refusal.code.rawValue
      entry.reply = refusal.encodedStatus()
      result = .failure(refusal)
    }
    try append(&entry, asked.step, in: tx)
    return switch result {
    case .success(let (reply, bytes)):
      .done(reply, bytes: kept == nil ? bytes : nil, sequence: entry.sequence)
    case .failure(let refusal): .refused(refusal, sequence: entry.sequence)
    }
  }

  /// Runs the verb, and then writes down where the orders stand that it had to do with. Here all of
  /// what happened to an order is known, whichever areas it happened in, and nothing is forgotten.
  private func followed<Reply>(
    _ verb: (Transaction, Command) throws -> Verdict<Reply>, in tx: Transaction,
    _ command: Command
  ) throws -> Verdict<Reply> {
    let verdict = try verb(tx, command)
    var orders: [String] = []
    for event in tx.recordedEvents {
      let root = event.related ?? event.subject
      if root.kind == .salesOrder, orders.last != root.number { orders.append(root.number) }
    }
    try FollowOrders(orders).run(in: tx, at: command.moment)
    return verdict
  }

  /// Puts the entry behind the newest one, with the events that its command recorded.
  private func append(
    _ entry: inout CommandEntry, _ step: TerminalStep?, in tx: Transaction
  ) throws {
    let head = try CommandTable.head(in: tx)
    entry.sequence = head.sequence + 1
    // A key that no caller can give: nobody asks for it again.
    if entry.kind != .command { entry.key = "\(entry.kind) \(entry.sequence)" }
    let events = tx.takeEvents().map(StoredEvent.init)
    entry.changes = try AuditChanges.encoded(tx.takeChanges()) { text, subject in
      try subjects.sealed(text, about: subject, in: tx)
    }
    let record = AuditRecord.bytes(of: entry, events: events)
    let hash = AuditHash.next(after: head.hash, record)
    try CommandTable.insert(entry, hash: hash, in: tx)
    for (ordinal, event) in events.enumerated() {
      try EventTable.insert(event, sequence: entry.sequence, ordinal: ordinal, in: tx)
    }
    try step?.settle(by: entry.sequence, isFresh: true, in: tx)
  }

  /// Writes down a refusal of what was queued at a terminal and did not get as far as the log, or
  /// was given up: it is the verdict on its number. Without a key of its own, or where that is
  /// taken, it has one that no caller can give.
  func settle(
    _ step: TerminalStep, refused refusal: RPCError, _ asked: CommandEntry
  ) async throws {
    try await FailureStatus.translating { [clock] in
      try await database.write { tx in
        try step.check(in: tx)
        var entry = asked
        // Nobody's data was looked at.
        entry.scope = .nothing
        entry.at = clock.moment().instant
        entry.request = try subjects.sealed(requestOf: entry, in: tx)
        entry.status = refusal.code.rawValue
        entry.reply = refusal.encodedStatus()
        let isTaken = try CommandTable.find(actor: entry.actor, key: entry.key, in: tx) != nil
        if isTaken || !Self.isKey(entry.key) { entry.key = "\(step.terminal) \(step.number)" }
        try append(&entry, step, in: tx)
      }
    }
  }

  /// Puts entries of what were no commands behind the newest one, in one transaction.
  func note(_ entries: [CommandEntry]) async throws {
    try await database.write { [clock] tx in
      for var entry in entries {
        entry.at = clock.moment().instant
        entry.request = try subjects.sealed(requestOf: entry, in: tx)
        try append(&entry, nil, in: tx)
      }
    }
  }

  /// Answers a question by what a verb would come to, which is taken back: nothing is written, and
  /// no key is asked for.
  func answer<Reply: WireMessage>(
    _ context: CallContext, _ verb: @escaping @Sendable (Transaction, Command) throws -> Reply
  ) async throws -> Reply {
    try await rehearse(try CallerMetadata.caller(context), context.scope, verb)
  }

  private func rehearse<Reply: WireMessage>(
    _ caller: Caller, _ scope: DataScope,
    _ verb: @escaping @Sendable (Transaction, Command) throws -> Reply
  ) async throws -> Reply {
    try await FailureStatus.translating { [clock] in
      try await database.rehearse { tx in
        tx.scope = scope
        return try verb(
          tx, Command(caller: caller, moment: clock.moment(), isRehearsal: true))
      }
    }
  }

  private func replay<Reply: WireMessage>(
    _ first: CommandEntry, _ isSame: Bool, _ context: CallContext
  ) throws -> Reply {
    guard isSame else {
      throw RejectionStatus.status(of: [RequestRejection.keyReused(first.key, method: first.method)]
      )
    }
    // What was answered when the caller saw more is not told again.
    guard context.method.scope != .rows || context.scope.covers(first.scope) else {
      throw RejectionStatus.status(of: [IdentityRejection.scopeChanged])
    }
    context.addTrailer(Self.replayedField, "true")
    context.addTrailer(Self.sequenceField, String(first.sequence))
    context[AuditQueue.Recorded.self] = true
    if first.status != 0 { throw RPCError(encodedStatus: first.reply) }
    return try Reply(wire: first.reply)
  }

  private func key(_ context: CallContext) throws -> String {
    guard let key = try Self.givenKey(context) else {
      throw RejectionStatus.status(of: [RequestRejection.keyMissing])
    }
    return key
  }

  /// The idempotency key of a call that can do without; refuses what is none.
  static func givenKey(_ context: CallContext) throws -> String? {
    guard let key = context.metadata[keyField], !key.isEmpty else { return nil }
    guard isKey(key) else { throw RejectionStatus.status(of: [RequestRejection.keyInvalid]) }
    return key
  }

  private static func isKey(_ key: String) -> Bool {
    (1...128).contains(key.utf8.count) && key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }

  private func dryRun(_ context: CallContext) throws -> Bool {
    switch context.metadata[Self.dryRunField] {
    case nil, "false": return false
    case "true": return true
    default: throw RejectionStatus.status(of: [RequestRejection.dryRunNotBoolean])
    }
  }
}
