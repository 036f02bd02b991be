import MasterData
package import Storage
package import Values

/// Questions about opportunities.
package enum Opportunities {
  /// The opportunity that a field of a request names; refuses an unknown one, and one out of scope.
  package static func require(
    number: String, field: @autoclosure () -> String = "number", in snapshot: Snapshot
  ) throws -> Opportunity {
    guard let found = try OpportunityTable.fetch(number, in: snapshot),
      try OpportunityTable.isInScope(number, in: snapshot)
    else {
      throw OpportunityRejection.unknownOpportunity(field: field(), number: number)
        .ifNamed(number)
    }
    return found
  }

  /// Where it was, the oldest first.
  package static func steps(
    of opportunity: Opportunity, in snapshot: Snapshot
  ) throws -> [OpportunityStep] {
    try OpportunityTable.steps(of: opportunity.id, in: snapshot)
  }

  /// What was offered for it, as far as the caller may see it, the newest first.
  package static func quotes(
    of opportunity: Opportunity, in snapshot: Snapshot
  ) throws -> [Quote] {
    try QuoteTable.ofOpportunity(opportunity.number, in: snapshot)
  }

  /// Which opportunities a list is to show; empty texts mean any.
  package struct Filter: Hashable, Sendable {
    package var customerCode: String
    package var state: OpportunityState?
    package var stageCode: String
    package var owner: String
    package var storeCode: String

    package init(
      customerCode: String = "", state: OpportunityState? = nil, stageCode: String = "",
      owner: String = "", storeCode: String = ""
    ) {
      self.customerCode = customerCode
      self.state = state
      self.stageCode = stageCode
      self.owner = owner
      self.storeCode = storeCode
    }
  }

  /// What all lists have in common.
  struct Range {
    let before: ID<Opportunity>
    let state: OpportunityState?
    let stage: String
    let owner: String
    let store: String
    let limit: Int
  }

  /// The newest first, from the one before `id` on (nil: from the newest).
  package static func list(
    _ filter: Filter = Filter(), before id: ID<Opportunity>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [Opportunity] {
    let range = Range(
      before: id ?? ID(.max), state: filter.state, stage: filter.stageCode, owner: filter.owner,
      store: filter.storeCode, limit: limit)
    if !filter.customerCode.isEmpty {
      return try OpportunityTable.ofCustomer(filter.customerCode, range, in: snapshot)
    }
    if !filter.owner.isEmpty {
      return try OpportunityTable.ofOwner(filter.owner, range, in: snapshot)
    }
    if !filter.storeCode.isEmpty {
      return try OpportunityTable.ofStore(filter.storeCode, range, in: snapshot)
    }
    if let state = filter.state {
      return try OpportunityTable.inState(state, range, in: snapshot)
    }
    return try OpportunityTable.all(range, in: snapshot)
  }
}
