import MasterData
package import Storage
package import Values

/// How far an opportunity may have come.
package struct OpportunityStage: Hashable, Sendable {
  package let code: String
  /// For people.
  package let name: String
  /// That the customer buys, once it is here.
  package let probability: Rate
  /// Of an opportunity that is here.
  package let state: OpportunityState

  package init(code: String, name: String, probability: Rate, state: OpportunityState) {
    self.code = code
    self.name = name
    self.probability = probability
    self.state = state
  }
}

/// A version of the stages, in their order. None is ever changed: what an opportunity was in keeps
/// what that meant.
package struct OpportunityStages: Hashable, Sendable {
  package let version: Int64
  package let stages: [OpportunityStage]
  package let reason: String
  /// Empty for those that a company begins with.
  package let madeBy: String
  package let madeAt: Instant

  func stage(_ code: String) -> OpportunityStage? { stages.first { $0.code == code } }

  /// Where a stage stands; nil for one that this version does not have.
  func position(of code: String) -> Int? { stages.firstIndex { $0.code == code } }

  /// There is one of each, in every version.
  func only(_ state: OpportunityState) throws -> OpportunityStage {
    guard let found = stages.first(where: { $0.state == state }) else {
      throw MissingRow("opportunity_stage", version)
    }
    return found
  }

  /// Those of today.
  static func current(in snapshot: Snapshot) throws -> OpportunityStages {
    guard let found = try OpportunityStagesTable.newest(in: snapshot) else {
      throw MissingRow("opportunity_stages", 1)
    }
    return found
  }

  /// 0 means those of today; refuses a version that there never was.
  package static func require(
    version: Int64, field: String = "version", in snapshot: Snapshot
  ) throws -> OpportunityStages {
    if version == 0 { return try current(in: snapshot) }
    guard let found = try OpportunityStagesTable.find(version, in: snapshot) else {
      throw OpportunityRejection.unknownStages(field: field, version: version)
    }
    return found
  }
}

/// Makes a new version of the stages. Opportunities stay in those that they are in.
package struct SetOpportunityStages: Sendable {
  package let stages: [OpportunityStage]
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(stages: [OpportunityStage], reason: String, by actor: String) {
    self.stages = stages
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> OpportunityStages {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    check.range(stages.count, "stages", 3...20)
    var codes: Set<String> = []
    for (index, stage) in stages.prefix(20).enumerated() {
      var found = FieldCheck(FieldPath("stages", row: index))
      found.code(stage.code, "code")
      found.text(stage.name, "name", limit: 100, required: true)
      let probabilities: ClosedRange<Rate> =
        switch stage.state {
        case .open: .zero ... .one
        case .won: .one ... .one
        case .lost: .zero ... .zero
        }
      found.range(stage.probability, "probability_micros", probabilities)
      if !codes.insert(stage.code).inserted {
        found.refuse(
          OpportunityRejection.duplicateStage(field: found.path.field("code"), code: stage.code))
      }
      for violation in found.violations { check.refuse(violation) }
    }
    for state in [OpportunityState.won, .lost] where stages.count(where: { $0.state == state }) != 1
    {
      check.refuse(OpportunityRejection.notOneStage(field: "stages", state: state))
    }
    try check.pass()
    let made = try OpportunityStagesTable.insert(
      stages, reason: reason, by: actor, at: now, in: tx)
    tx.record(
      DomainEvent(
        "opportunity-stages.set", DocumentReference(.masterData, "opportunity-stages"),
        [
          Fact("version", made.version), Fact("stages", stages.count), Fact("actor", actor),
          Fact("reason", reason),
        ]))
    return made
  }
}

/// All SQL of `opportunity_stages` and `opportunity_stage`. There is no update and no delete.
enum OpportunityStagesTable {
  static func insert(
    _ stages: [OpportunityStage], reason: String, by actor: String, at now: Moment,
    in tx: Transaction
  ) throws -> OpportunityStages {
    let version: ID<OpportunityStages> = try tx.insert(
      "INSERT INTO opportunity_stages (reason, made_by, made_at) VALUES (?, ?, ?)", reason, actor,
      now.instant)
    for (index, stage) in stages.enumerated() {
      try tx.execute(
        """
        INSERT INTO opportunity_stage
          (stages_version, position, code, name, probability_micros, state)
        VALUES (?, ?, ?, ?, ?, ?)
        """, version, index + 1, stage.code, stage.name, stage.probability, stage.state)
    }
    return OpportunityStages(
      version: version.value, stages: stages, reason: reason, madeBy: actor, madeAt: now.instant)
  }

  static func newest(in snapshot: Snapshot) throws -> OpportunityStages? {
    try snapshot.first(
      "SELECT version FROM opportunity_stages ORDER BY version DESC LIMIT 1"
    ) { $0.int64(0) }.flatMap { try find($0, in: snapshot) }
  }

  static func find(_ version: Int64, in snapshot: Snapshot) throws -> OpportunityStages? {
    let stages = try snapshot.all(
      """
      SELECT code, name, probability_micros, state FROM opportunity_stage
      WHERE stages_version = ? ORDER BY position
      """, version
    ) { row in
      OpportunityStage(
        code: row.text(0), name: row.text(1), probability: row.rate(2), state: try row.value(3))
    }
    return try snapshot.first(
      "SELECT version, reason, made_by, made_at FROM opportunity_stages WHERE version = ?",
      version
    ) { row in
      OpportunityStages(
        version: row.int64(0), stages: stages, reason: row.text(1), madeBy: row.text(2),
        madeAt: row.instant(3))
    }
  }

  /// What the newest version that has a stage calls it.
  static func name(of code: String, in snapshot: Snapshot) throws -> String? {
    try snapshot.first(
      """
      SELECT name FROM opportunity_stage WHERE code = ? ORDER BY stages_version DESC LIMIT 1
      """, code
    ) { $0.text(0) }
  }
}
