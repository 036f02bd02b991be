internal import Identity
internal import Logging
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values
private import Synchronization

/// Follows the committed events and carries out what rules say about them, one after the other in
/// the order of commits. A command goes the way of every other one, in the name of the rule's
/// principal, with a key made of the rule's version and the event: so a server that dies in between
/// asks again and gets the first answer, and nothing is done twice. It sleeps where there are no
/// rules.
final class RuleRunner: Sendable {
  /// What one look at the log came to.
  private enum Step { case noRules, caughtUp, more }

  /// Events of one look.
  private static let width = 200
  /// Commands that may be looked at again after a restart; the place is written that often where no
  /// rule fitted.
  private static let forgetful: Int64 = 10_000
  /// How long events are collected while commands come one after the other.
  private static let pause: Duration = .milliseconds(50)

  private let questions: Questions
  private let clock: SiteClock
  private let dispatcher: Dispatcher
  /// Up to where it has looked in this process.
  private let seen = Mutex<Int64>(0)
  /// Rings when there is another rule than before.
  private let changes = Bell()

  /// `router` knows what rules may do.
  init(questions: Questions, clock: SiteClock, router: Router) {
    self.questions = questions
    self.clock = clock
    dispatcher = Dispatcher(router)
  }

  /// There is another rule.
  func noteChange() { changes.ring() }

  /// Until the task is cancelled. A failure is told once and tried again.
  func run(log: @escaping @Sendable () -> Logger) async {
    await UnendingWork.keep(log, "rules not run") { try await follow() }
  }

  /// Everything that is committed and what comes of it; for tests.
  func settle() async throws { while try await step() == .more {} }

  private func follow() async throws {
    let commits = questions.database.commits
    while true {
      let rings = commits.rings
      let changed = changes.rings
      switch try await step() {
      case .noRules: try await changes.wait(beyond: changed)
      case .caughtUp:
        try await commits.wait(beyond: rings)
        try await Task.sleep(for: Self.pause)
      case .more: break
      }
    }
  }

  // MARK: Looking

  private struct Look: Sendable {
    let rules: [AutomationRule]
    let events: [CommittedEvent]
    let stored: Int64
    let from: Int64
  }

  private func step() async throws -> Step {
    let seen = seen.withLock { $0 }
    let look: Look? = try await questions.askForServer { snapshot in
      let rules = try AutomationTable.newest(in: snapshot).filter(\.message.active)
      guard let start = rules.map(\.since).min() else { return nil }
      let stored = try AutomationTable.place(in: snapshot)
      let from = max(stored, seen, start)
      return Look(
        rules: rules,
        events: try EventTable.events(
          after: EventPosition(place: from), limit: Self.width, in: snapshot),
        stored: stored, from: from)
    }
    guard let look else { return .noRules }
    var written = look.stored
    var reached = look.from
    for event in look.events {
      let place = event.place
      let rules = look.rules.filter {
        $0.since < place && $0.message.eventType == event.event.type
      }
      if !rules.isEmpty, event.event.root.kind == .salesOrder {
        for rule in rules { try await carryOut(rule, event) }
        try await advance(to: place)
        written = place
      }
      reached = place
    }
    let commands =
      EventPosition(place: reached).sequence - EventPosition(place: written).sequence
    if commands >= Self.forgetful { try await advance(to: reached) }
    self.seen.withLock { $0 = max($0, reached) }
    // What was done just now are events, too.
    return look.events.isEmpty ? .caughtUp : .more
  }

  private func advance(to place: Int64) async throws {
    try await FailureStatus.translating { [questions] in
      try await questions.database.write { try AutomationTable.advance(to: place, in: $0) }
    }
  }

  // MARK: Doing

  /// What is to be done about a rule and an event.
  private enum Plan: Sendable {
    /// It does not fit, or is done.
    case nothing
    case verdict(RuleVerdict, String, depth: Int)
    case call(request: [UInt8], Admission, depth: Int)
  }

  private func carryOut(_ rule: AutomationRule, _ event: CommittedEvent) async throws {
    let now = clock.instant()
    let plan = try await questions.askForServer {
      try Self.plan(rule, event, at: now, in: $0)
    }
    let verdict: RuleVerdict
    let refusal: String
    let depth: Int
    switch plan {
    case .nothing: return
    case .verdict(let found, let reason, let deep):
      (verdict, refusal, depth) = (found, reason, deep)
    case .call(let request, let admission, let deep):
      (verdict, refusal) = try await call(rule, request, admission, at: event.place)
      depth = deep
    }
    try await FailureStatus.translating { [questions] in
      try await questions.database.write { tx in
        let command = try CommandTable.find(
          actor: rule.message.principal, key: rule.key(at: event.place), in: tx)
        _ = try AutomationTable.insert(
          RuleRun(
            code: rule.code, version: rule.message.version, place: event.place,
            eventType: event.event.type, order: event.event.root.number, verdict: verdict,
            refusal: refusal, depth: depth, command: command?.sequence, at: now,
            needsAttention: verdict.needsAttention), in: tx)
      }
    }
  }

  private static func plan(
    _ rule: AutomationRule, _ event: CommittedEvent, at now: Instant, in snapshot: Snapshot
  ) throws -> Plan {
    let number = event.event.root.number
    guard try !AutomationTable.isRun(rule, at: event.place, in: snapshot),
      let order = try SalesOrders.find(number: number, in: snapshot)
    else { return .nothing }
    let depth = try AutomationTable.depth(ofCommand: event.sequence, in: snapshot)
    // What was begun before the server died is finished, whatever the order is by now.
    let isBegun =
      try CommandTable.find(
        actor: rule.message.principal, key: rule.key(at: event.place), in: snapshot) != nil
    if !isBegun {
      guard try rule.fits(event.event, order, in: snapshot) else { return .nothing }
      if depth >= AutomationRule.deepest { return .verdict(.loop, "TOO_DEEP", depth: depth) }
      let count = try AutomationTable.count(
        of: rule.code, order: number, since: now.adding(seconds: -3_600), in: snapshot)
      if count.rule >= rule.hourlyLimit || count.all >= AutomationRule.hourlyLimit {
        return .verdict(.limit, "TOO_OFTEN", depth: depth)
      }
    }
    do {
      let admission = try rule.admission(at: now, in: snapshot)
      return .call(request: rule.request(about: order), admission, depth: depth)
    } catch let rejection as any Rejection {
      return .verdict(.forbidden, rejection.reason, depth: depth)
    }
  }

  /// Calls the method in the principal's name; with `dryRun` what it does is taken back. Throws
  /// what says nothing of the command: it can be carried out later.
  func call(
    _ rule: AutomationRule, _ request: [UInt8], _ admission: Admission, at place: Int64,
    dryRun: Bool = false
  ) async throws -> (RuleVerdict, refusal: String) {
    let metadata: Metadata =
      dryRun
      ? [CommandLog.dryRunField: "true"] : [CommandLog.keyField: rule.key(at: place)]
    let context = CallContext(method: rule.method, metadata: metadata, peer: "rule")
    context[Authentication.Key.self] = admission
    do {
      _ = try await dispatcher.call(request, context)
      return (.done, "")
    } catch let error as RPCError {
      switch error.code {
      case .invalidArgument, .notFound, .alreadyExists, .failedPrecondition, .aborted, .outOfRange:
        return (.refused, error.refusal)
      case .permissionDenied, .unauthenticated: return (.forbidden, error.refusal)
      case .ok, .unknown, .internal, .unimplemented, .dataLoss: return (.failed, error.code.name)
      case .cancelled, .deadlineExceeded, .resourceExhausted, .unavailable: throw error
      }
    }
  }
}

extension CommittedEvent {
  /// As one number, in the order of commits.
  var place: Int64 { EventPosition(sequence: sequence, ordinal: Int64(ordinal)).place }
}

extension RPCError {
  /// The reason of a refusal, for programs.
  fileprivate var refusal: String {
    let told = RPCError(encodedStatus: encodedStatus())
    let field = told.detail(GoogleRPC.BadRequest.self)?.fieldViolations.first?.reason
    return told.detail(GoogleRPC.ErrorInfo.self)?.reason ?? field ?? code.name
  }
}
