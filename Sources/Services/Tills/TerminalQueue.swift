internal import Identity
internal import Messages
internal import RPC
internal import Storage
internal import Values

/// The queue of one terminal during one call of Sync: one number after the other, each answered
/// with what the log says about it.
struct TerminalQueue {
  private let service: TillService
  private let terminal: String
  /// Who syncs.
  private let actor: String
  /// Who syncs has proved it, and nobody else can be named as the actor.
  private let isProved: Bool
  private let context: CallContext
  private let writer: ResponseWriter<TillsV1.SyncResponse>
  /// The last number that was known to have its verdict. The log decides; this saves asking it.
  private var acknowledged: Int64 = 0

  init(
    service: TillService, terminal: String, actor: String, isProved: Bool, context: CallContext,
    writer: ResponseWriter<TillsV1.SyncResponse>
  ) {
    self.service = service
    self.terminal = terminal
    self.actor = actor
    self.isProved = isProved
    self.context = context
    self.writer = writer
  }

  /// Says how far the server is.
  mutating func open(after verdicts: Int64) async throws {
    acknowledged = try await last()
    guard verdicts <= acknowledged else {
      throw TillRejection.aheadOfServer(
        terminal: terminal, verdicts: verdicts, acknowledged: acknowledged
      ).status
    }
    try await writer.write(.init(acknowledgedThrough: acknowledged))
  }

  /// Settles the number of the message, unless that was done before, and sends its verdict. Throws
  /// what ends the call: whatever is no verdict.
  mutating func settle(_ message: TillsV1.SyncRequest) async throws {
    let queue = self
    switch message.step {
    case .opening: throw TillRejection.openingRepeated.status
    case nil: throw TillRejection.stepMissing.status
    case .command(let command):
      let step = TerminalStep(terminal: terminal, number: command.number, sent: command.encoded())
      try await settle(step) { try await queue.carryOut(command, step) }
    case .voided(let voided):
      var reader = RequestReader()
      _ = reader.text(voided.reason, "voided.reason", 1...200)
      try FailureStatus.refusing { try reader.check() }
      let step = TerminalStep(terminal: terminal, number: voided.number, sent: [])
      try await settle(step, isVoid: true) { try await queue.giveUp(voided, step) }
    }
  }

  private mutating func settle(
    _ step: TerminalStep, isVoid: Bool = false, _ work: () async throws -> Void
  ) async throws {
    var failure: (any Error)?
    if step.number != acknowledged + 1 { acknowledged = try await last() }
    if step.number == acknowledged + 1 {
      do { try await work() } catch { failure = error }
    }
    let gap = TillRejection.gap(
      terminal: terminal, expected: acknowledged + 1, given: step.number)
    guard let settled = try await known(step.number) else {
      if let failure, !(failure is TerminalStep.OutOfTurn) { throw failure }
      throw gap.status
    }
    guard isVoid || settled.fingerprint == step.fingerprint else {
      throw TillRejection.reused(terminal: terminal, number: step.number).status
    }
    acknowledged = max(acknowledged, step.number)
    try await send(settled, replayed: !step.isFresh)
  }

  // MARK: Work

  /// Runs the method. Whatever refuses the command before it gets to the log is noted there, too.
  private func carryOut(
    _ command: TillsV1.QueuedCommand, _ step: TerminalStep
  ) async throws {
    let actor = command.actor.isEmpty ? actor : command.actor
    do {
      guard let method = service.queued.method(command.method), method.idempotency == .idempotent
      else { throw TillRejection.notACommand(method: command.method).status }
      guard !isProved || actor == self.actor else {
        throw TillRejection.actorNotProved(actor: Echo.text(actor), caller: self.actor).status
      }
      let inner = CallContext(
        method: method, metadata: metadata(of: command, actor), deadline: context.deadline,
        peer: context.peer, identity: context.identity)
      inner[TerminalStep.Key.self] = step
      _ = try await service.queued.call(command.request, inner)
    } catch {
      guard !step.isSettled, let refusal = Self.verdict(error, on: command) else { throw error }
      try await service.commands.settle(
        step, refused: refusal,
        CommandEntry(
          actor: isProved || actor.count > 100 ? self.actor : actor,
          origin: CallOrigin(context), method: Echo.text(command.method),
          key: command.idempotencyKey,
          request: Self.loggable(command)))
    }
  }

  /// The request, but for what is no business of a queue and may hold a password.
  private static func loggable(_ command: TillsV1.QueuedCommand) -> [UInt8] {
    command.method.contains("IdentityService") ? [] : command.request
  }

  private func giveUp(_ voided: TillsV1.VoidedNumber, _ step: TerminalStep) async throws {
    let number = String(voided.number)
    let refusal = RPCError(
      .cancelled, "Number \(number) was voided: \(Echo.text(voided.reason, longest: 200))",
      details: [
        GoogleRPC.ErrorInfo(
          reason: "TERMINAL_NUMBER_VOIDED", domain: "joinery",
          metadata: ["terminal": Echo.text(terminal), "number": number])
      ])
    try await service.commands.settle(
      step, refused: refusal,
      CommandEntry(
        actor: actor, origin: CallOrigin(context),
        method: context.method.fullName, key: "",
        request: voided.encoded()))
  }

  /// The call's own metadata, with what belongs to the command. Who is not the caller has none of
  /// the caller's roles.
  private func metadata(of command: TillsV1.QueuedCommand, _ actor: String) -> Metadata {
    var metadata = context.metadata
    metadata.remove(CommandLog.keyField)
    metadata.remove(CommandLog.dryRunField)
    metadata.add(CommandLog.keyField, command.idempotencyKey)
    guard actor != self.actor else { return metadata }
    metadata.remove(CallerMetadata.nameField)
    metadata.remove(CallerMetadata.rolesField)
    metadata.add(CallerMetadata.nameField, actor)
    return metadata
  }

  /// The refusal that an error is; nil for one that says nothing of the command: it can be carried
  /// out later.
  private static func verdict(
    _ error: any Error, on command: TillsV1.QueuedCommand
  ) -> RPCError? {
    if error is WireError { return TillRejection.malformedRequest(method: command.method).status }
    guard let error = error as? RPCError else { return nil }
    switch error.code {
    case .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .failedPrecondition,
      .aborted, .outOfRange, .unimplemented:
      return error
    case .ok, .cancelled, .unknown, .deadlineExceeded, .resourceExhausted, .internal,
      .unavailable, .dataLoss, .unauthenticated:
      return nil
    }
  }

  // MARK: Answers

  private func last() async throws -> Int64 {
    try await service.questions.askForServer { [terminal] in
      try TerminalTable.last(of: terminal, in: $0)
    }
  }

  private func known(_ number: Int64) async throws -> SettledNumber? {
    try await service.questions.askForServer {
      [terminal, subjects = service.commands.subjects] snapshot in
      guard var settled = try TerminalTable.settled(terminal, number, in: snapshot) else {
        return nil
      }
      if settled.status == 0 {
        settled.reply = try subjects.opened(settled.reply, answerOf: settled.method, in: snapshot)
      }
      return settled
    }
  }

  private func send(_ settled: SettledNumber, replayed: Bool) async throws {
    var settled = settled
    if let admission = context[Authentication.Key.self],
      let method = service.queued.method(settled.method), method.scope == .rows,
      !admission.scope(for: method.permission).covers(settled.scope)
    {
      // What was answered when the caller saw more is not told again.
      let refusal = RejectionStatus.status(of: [IdentityRejection.scopeChanged])
      settled.status = refusal.code.rawValue
      settled.reply = refusal.encodedStatus()
    }
    try await writer.write(
      .init(
        acknowledgedThrough: acknowledged,
        verdict: TillsV1.Verdict(settled, replayed: replayed)))
  }
}

extension TillsV1.Verdict {
  init(_ settled: SettledNumber, replayed: Bool) {
    let isDone = settled.status == 0
    self.init(
      number: settled.number, code: Int32(settled.status),
      message: isDone ? "" : RPCError(encodedStatus: settled.reply).message,
      reply: isDone ? settled.reply : [], status: isDone ? [] : settled.reply,
      commitSequence: settled.commitSequence, replayed: replayed)
  }
}
