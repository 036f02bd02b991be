internal import MasterData
internal import Messages
internal import Orders
internal import Storage
internal import Values

// Opportunities: messages to drafts and nouns to messages.

extension OpportunityState {
  /// Nil for a state that is not given or not known.
  init?(_ message: OrdersV1.OpportunityState) {
    switch message {
    case .open: self = .open
    case .won: self = .won
    case .lost: self = .lost
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: OrdersV1.OpportunityState {
    switch self {
    case .open: .open
    case .won: .won
    case .lost: .lost
    }
  }
}

extension OpportunityDraft {
  init(_ message: OrdersV1.OpportunityInput?) throws {
    let message = message ?? .init()
    var reader = RequestReader(row: "opportunity")
    self.init(
      title: message.title, owner: message.owner, storeCode: message.storeCode,
      expected: reader.money(message.expected, "expected"),
      expectedCloseOn: reader.day(message.expectedCloseOn, "expected_close_on"),
      channel: reader.choice(
        Channel(message.channel), message.channel.rawValue, "channel", required: false),
      sourceCode: message.sourceCode, note: message.note)
    try FailureStatus.refusing { try reader.check() }
  }
}

extension OrdersV1.Opportunity {
  /// Without its steps and quotes.
  init(_ found: Opportunity) throws {
    self.init(
      number: found.number, version: found.version, state: found.state.message,
      customerCode: found.customerCode, customerName: found.customerName, title: found.title,
      owner: found.owner, storeCode: found.storeCode, expected: TypeV1.Money(found.expected),
      expectedCloseOn: GoogleType.Date(found.expectedCloseOn),
      channel: found.channel?.message ?? .unspecified, sourceCode: found.sourceCode,
      stageCode: found.stage.code, stagesVersion: found.stagesVersion,
      probabilityMicros: found.stage.probability.micros,
      weighted: TypeV1.Money(try found.weighted()), note: found.note,
      createdBy: found.createdBy, createTime: GoogleProtobuf.Timestamp(found.createdAt),
      decidedOn: found.decidedOn.map { GoogleType.Date($0) })
  }

  /// With its steps and quotes, as they stand on a day.
  init(_ found: Opportunity, on day: Day, in snapshot: Snapshot) throws {
    try self.init(found)
    steps = try Opportunities.steps(of: found, in: snapshot).map { .init($0) }
    quotes = try Opportunities.quotes(of: found, in: snapshot).map { .init($0, day) }
  }
}

extension OrdersV1.OpportunityStep {
  init(_ step: OpportunityStep) {
    self.init(
      step: Int32(step.step), stageCode: step.stageCode, stagesVersion: step.stagesVersion,
      state: step.state.message, actor: step.actor, time: GoogleProtobuf.Timestamp(step.at),
      reasonCode: step.reasonCode, comment: step.comment, quoteNumber: step.quoteNumber ?? "")
  }
}

extension OpportunityStage {
  init(_ message: OrdersV1.OpportunityStage, _ reader: inout RequestReader, field: String) {
    let state = reader.choice(
      OpportunityState(message.state), message.state.rawValue, field + ".state")
    self.init(
      code: message.code, name: message.name,
      probability: Rate(micros: message.probabilityMicros), state: state ?? .open)
  }
}

extension OrdersV1.OpportunityStages {
  init(_ stages: OpportunityStages) {
    self.init(
      version: stages.version,
      stages: stages.stages.map {
        .init(
          code: $0.code, name: $0.name, probabilityMicros: $0.probability.micros,
          state: $0.state.message)
      }, reason: stages.reason, madeBy: stages.madeBy,
      makeTime: GoogleProtobuf.Timestamp(stages.madeAt))
  }
}

extension Conversion.Group {
  /// Nil for a group that is not given or not known.
  init?(_ message: OrdersV1.ConversionGroup) {
    switch message {
    case .owner: self = .owner
    case .store: self = .store
    case .source: self = .source
    case .channel: self = .channel
    case .month: self = .month
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension OrdersV1.ConversionRow {
  init(_ row: ConversionRow) throws {
    self.init(
      key: row.key, opportunities: row.count.values.reduce(0, +), open: row.count[.open] ?? 0,
      won: row.count[.won] ?? 0, lost: row.count[.lost] ?? 0,
      winRateMicros: try row.winRate()?.micros, expected: TypeV1.Money(row.expected),
      weighted: TypeV1.Money(try row.weighted()), wonGross: TypeV1.Money(row.wonGross),
      lostExpected: TypeV1.Money(row.lostExpected))
  }
}

extension OrdersV1.StageConversionRow {
  init(_ row: StageConversionRow) throws {
    self.init(
      stageCode: row.stageCode, stageName: row.stageName, opportunities: row.opportunities,
      here: row.here, won: row.count[.won] ?? 0, lost: row.count[.lost] ?? 0,
      winRateMicros: try row.winRate()?.micros, meanDaysMicros: try row.meanDaysMicros(),
      expected: TypeV1.Money(row.expected), weighted: TypeV1.Money(try row.weighted()))
  }
}
