internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.automation.v1: what the server does by itself.
struct AutomationService: AutomationV1.AutomationService {
  let commands: CommandLog
  let questions: Questions
  let runner: RuleRunner

  func setRule(
    _ request: AutomationV1.SetRuleRequest, context: CallContext
  ) async throws -> AutomationV1.SetRuleResponse {
    let given = request.rule ?? .init()
    defer { runner.noteChange() }
    return try await commands.run(request, context) { tx, command in
      var rule = AutomationRule(message: given, since: 0)
      try rule.check(base: try Companies.current(in: tx).baseCurrency)
      let stored = try AutomationTable.newest(rule.code, in: tx)
      var check = FieldCheck(FieldPath("rule"))
      check.version(given.version, stored: stored?.message.version, code: rule.code)
      if stored == nil, try AutomationTable.newest(in: tx).count >= AutomationRule.limit {
        check.refuse(AutomationRejection.tooManyRules(field: "rule", limit: AutomationRule.limit))
      }
      try check.pass()
      // Who switches a rule off need not ask whether it could act.
      if given.active { _ = try rule.admission(at: command.moment.instant, in: tx) }
      rule.message.version = stored?.message.version ?? 0
      if let stored, stored.message == rule.message { return .init(rule: stored.message) }
      rule.message.version += 1
      // It looks at nothing that has happened before.
      rule.since = EventPosition(after: try CommandTable.head(in: tx).sequence).place
      try AutomationTable.insert(
        rule, by: command.caller.name, at: command.moment.instant, in: tx)
      tx.record(
        DomainEvent(
          "automation-rule.set", DocumentReference(.masterData, "automation-rule/\(rule.code)"),
          [
            Fact("version", rule.message.version), Fact("event", given.eventType),
            Fact("active", given.active), Fact("principal", given.principal),
            Fact("actor", command.caller.name),
          ]))
      return .init(rule: rule.message)
    }
  }

  func listRules(
    _ request: AutomationV1.ListRulesRequest, context: CallContext
  ) async throws -> AutomationV1.ListRulesResponse {
    try await questions.ask(context) { snapshot in
      .init(
        rules: try AutomationTable.newest(in: snapshot).map(\.message),
        lookedThrough: EventPosition(place: try AutomationTable.place(in: snapshot)).sequence)
    }
  }

  /// Events that are tried at most.
  private static let trials = 50

  private struct Found: Sendable {
    let events: Int
    let fitting: Int
    /// The newest first.
    let newest: [(event: CommittedEvent, request: [UInt8])]
    let admission: Admission?
    let refusal: String
  }

  func tryRule(
    _ request: AutomationV1.TryRuleRequest, context: CallContext
  ) async throws -> AutomationV1.TryRuleResponse {
    var reader = RequestReader()
    let commands = reader.count(
      request.commands == 0 ? 1_000 : Int(request.commands), "commands", 1...10_000)
    try FailureStatus.refusing { try reader.check() }
    let rule = AutomationRule(message: request.rule ?? .init(), since: 0)
    let now = self.commands.clock.instant()
    let found = try await questions.ask(context) {
      try Self.find(rule, commands: commands, at: now, in: $0)
    }
    var trials: [AutomationV1.RuleTrial] = []
    for (event, request) in found.newest {
      var outcome = (RuleVerdict.forbidden, refusal: found.refusal)
      if let admission = found.admission {
        outcome = try await runner.call(
          rule, request, admission, at: event.place, dryRun: true)
      }
      trials.append(
        .init(
          eventId: EventPosition(place: event.place).eventID,
          time: GoogleProtobuf.Timestamp(event.at),
          orderNumber: event.event.root.number, verdict: outcome.0.message,
          refusal: outcome.refusal))
    }
    return .init(events: Int64(found.events), fitting: Int64(found.fitting), trials: trials)
  }

  private static func find(
    _ rule: AutomationRule, commands: Int, at now: Instant, in snapshot: Snapshot
  ) throws -> Found {
    try rule.check(base: try Companies.current(in: snapshot).baseCurrency)
    let head = try CommandTable.head(in: snapshot).sequence
    let events = try EventTable.events(
      after: EventPosition(after: head - Int64(commands)), limit: 20 * commands, in: snapshot)
    let ofType = events.filter {
      $0.event.type == rule.message.eventType && $0.event.root.kind == .salesOrder
    }
    var fitting: [(event: CommittedEvent, request: [UInt8])] = []
    for event in ofType {
      guard let order = try SalesOrders.find(number: event.event.root.number, in: snapshot),
        try rule.fits(event.event, order, in: snapshot)
      else { continue }
      fitting.append((event, rule.request(about: order)))
    }
    let newest = Array(fitting.suffix(Self.trials).reversed())
    do {
      return Found(
        events: events.count, fitting: fitting.count, newest: newest,
        admission: try rule.admission(at: now, in: snapshot), refusal: "")
    } catch let rejection as any Rejection {
      return Found(
        events: events.count, fitting: fitting.count, newest: newest, admission: nil,
        refusal: rejection.reason)
    }
  }

  func listRuleRuns(
    _ request: AutomationV1.ListRuleRunsRequest, context: CallContext
  ) async throws -> AutomationV1.ListRuleRunsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: [
        "rule runs", request.ruleCode, request.orderNumber, "\(request.needsAttention)",
      ])
    return try await questions.ask(context) { snapshot in
      let found = try AutomationTable.list(
        code: request.ruleCode, order: request.orderNumber,
        needsAttention: request.needsAttention, before: page.row(0) ?? .max, limit: page.limit,
        in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id)"] }
      return .init(runs: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func settleRuleRun(
    _ request: AutomationV1.SettleRuleRunRequest, context: CallContext
  ) async throws -> AutomationV1.SettleRuleRunResponse {
    try await commands.run(request, context) { tx, command in
      guard request.id != 0 else { throw MasterDataRejection.missingValue(field: "id") }
      guard var run = try AutomationTable.find(request.id, in: tx) else {
        throw AutomationRejection.unknownRun(field: "id")
      }
      guard run.needsAttention else { throw AutomationRejection.nothingToSettle(id: run.id) }
      try AutomationTable.settle(run.id, by: command.caller.name, in: tx)
      (run.needsAttention, run.settledBy) = (false, command.caller.name)
      tx.record(
        DomainEvent(
          "automation-run.settled",
          DocumentReference(.masterData, "automation-rule/\(run.code)"),
          [Fact("run", run.id), Fact("order", run.order), Fact("actor", command.caller.name)]))
      return .init(run: .init(run))
    }
  }
}

extension RuleVerdict {
  var message: AutomationV1.RuleVerdict {
    switch self {
    case .done: .done
    case .refused: .refused
    case .forbidden: .forbidden
    case .loop: .loop
    case .limit: .limit
    case .failed: .failed
    }
  }
}

extension AutomationV1.RuleRun {
  fileprivate init(_ run: RuleRun) {
    self.init(
      id: run.id, ruleCode: run.code, ruleVersion: run.version,
      eventId: EventPosition(place: run.place).eventID, eventType: run.eventType,
      orderNumber: run.order, verdict: run.verdict.message, refusal: run.refusal,
      depth: Int32(run.depth), commandSequence: run.command ?? 0,
      time: GoogleProtobuf.Timestamp(run.at), needsAttention: run.needsAttention,
      settledBy: run.settledBy)
  }
}
