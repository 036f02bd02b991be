import MasterData
package import Storage
package import Values

/// Brings an opportunity into another open stage of today's, forward or back; one that was lost is
/// opened again by it.
package struct MoveOpportunity: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let stageCode: String
  /// Why; nobody needs to say where it goes on.
  package let comment: String
  /// Who asks.
  package let actor: String

  package init(
    number: String, expectedVersion: Int64? = nil, stageCode: String, comment: String = "",
    by actor: String
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.stageCode = stageCode
    self.comment = comment
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Opportunity {
    var found = try Opportunities.require(number: number, in: tx)
    try found.expect(version: expectedVersion)
    try found.expect("move", in: [.open, .lost])
    _ = try found.buyer(in: tx)
    let stages = try OpportunityStages.current(in: tx)
    var check = FieldCheck(.request)
    let reopens = found.state == .lost
    guard let stage = stages.stage(stageCode) else {
      throw OpportunityRejection.unknownStage(field: "stage_code", code: stageCode)
        .ifNamed(stageCode)
    }
    if stage.state != .open {
      check.refuse(
        OpportunityRejection.stageDecides(
          field: "stage_code", code: stageCode, state: stage.state))
    } else if stage.code == found.stage.code, stages.version == found.stagesVersion {
      check.refuse(
        OpportunityRejection.alreadyThere(field: "stage_code", number: number, code: stageCode))
    }
    let goesBack = isBefore(stage.code, found.stage.code, among: stages)
    check.text(comment, "comment", limit: 500, required: goesBack || reopens)
    try check.pass()
    try found.enter(
      stage, of: stages.version, by: actor, at: now, comment: comment,
      reopens ? "opportunity.reopened" : "opportunity.moved", in: tx)
    return found
  }

  /// What a version does not have is before nothing and behind nothing.
  private func isBefore(
    _ code: String, _ other: String, among stages: OpportunityStages
  ) -> Bool {
    guard let left = stages.position(of: code), let right = stages.position(of: other) else {
      return false
    }
    return left < right
  }
}

/// Records that the customer does not want it, and why. What is offered for it is lost with it.
package struct LoseOpportunity: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let reasonCode: String
  /// A remark for the record.
  package let comment: String
  /// Who asks.
  package let actor: String

  package init(
    number: String, expectedVersion: Int64? = nil, reasonCode: String, comment: String = "",
    by actor: String
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.reasonCode = reasonCode
    self.comment = comment
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Opportunity {
    var check = FieldCheck(.request)
    check.text(reasonCode, "reason_code", limit: 40, required: true)
    check.text(comment, "comment", limit: 500)
    try check.pass()
    var found = try Opportunities.require(number: number, in: tx)
    try found.expect(version: expectedVersion)
    try found.expect("lose", in: [.open])
    try QuoteReasons.check(reasonCode, for: .lost, in: tx)
    for var quote in try QuoteTable.undecided(ofOpportunity: number, in: tx) {
      try quote.lose(reasonCode, comment, by: actor, on: now.day, in: tx)
    }
    let stages = try OpportunityStages.current(in: tx)
    try found.enter(
      try stages.only(.lost), of: stages.version, by: actor, at: now, reasonCode: reasonCode,
      comment: comment, "opportunity.lost", in: tx)
    return found
  }
}
