import MasterData
package import Storage
package import Values

/// Writes down what a customer may buy some day, in the first stage.
package struct CreateOpportunity: Sendable {
  package let customerCode: String
  package let draft: OpportunityDraft
  /// Who asks.
  package let actor: String

  package init(customerCode: String, _ draft: OpportunityDraft, by actor: String) {
    self.customerCode = customerCode
    self.draft = draft
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Opportunity {
    var check = FieldCheck(.request)
    let customer = try Customers.seen(code: customerCode, in: tx)
    if customer == nil {
      check.refuse(
        MasterDataRejection.unknownCustomer(field: "customer_code", code: customerCode)
          .ifNamed(customerCode))
    } else if customer?.isErased == true {
      check.refuse(MasterDataRejection.customerErased(field: "customer_code", code: customerCode))
    }
    var found = FieldCheck(OpportunityDraft.path)
    _ = found.required(draft.title, "title")
    draft.check(&found, for: customer, on: now.day)
    for violation in found.violations { check.refuse(violation) }
    try check.pass()
    guard let customer else { preconditionFailure("a missing customer has been refused") }
    let stages = try OpportunityStages.current(in: tx)
    guard let first = stages.stages.first(where: { $0.state == .open }) else {
      throw MissingRow("opportunity_stage", stages.version)
    }
    var made = Opportunity(
      id: ID(0), number: try DocumentNumbers.next(.opportunity, on: now.day, in: tx),
      customerCode: customer.code, customerName: customer.name, title: draft.title ?? "",
      note: draft.note ?? "",
      owner: draft.owner ?? (customer.owner.isEmpty ? actor : customer.owner),
      storeCode: draft.storeCode ?? customer.storeCode, channel: draft.channel,
      sourceCode: draft.sourceCode ?? "", expected: draft.expected ?? .zero(customer.currency),
      expectedCloseOn: draft.expectedCloseOn
        ?? now.day.adding(days: OpportunityDraft.usualDays),
      stage: first, stagesVersion: stages.version, steps: 1, createdBy: actor,
      createdAt: now.instant, createdOn: now.day)
    made.id = try OpportunityTable.insert(made, in: tx)
    try OpportunityTable.insert(
      OpportunityStep(
        step: 1, stagesVersion: stages.version, stageCode: first.code, state: first.state,
        actor: actor, at: now.instant), of: made.id, in: tx)
    tx.record(
      DomainEvent(
        "opportunity.created", made.reference,
        [
          Fact("actor", actor), Fact("customer", made.customerCode), Fact("stage", first.code),
          Fact("owner", made.owner), Fact("store", made.storeCode),
          Fact("expected", made.expected), Fact("expected_close_on", made.expectedCloseOn),
          Fact("source", made.sourceCode),
        ]))
    return made
  }
}

/// Changes what is known of an opportunity that is open.
package struct ChangeOpportunity: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let draft: OpportunityDraft
  /// Who asks.
  package let actor: String

  package init(
    number: String, expectedVersion: Int64? = nil, _ draft: OpportunityDraft, by actor: String
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.draft = draft
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Opportunity {
    var found = try Opportunities.require(number: number, in: tx)
    try found.expect(version: expectedVersion)
    try found.expect("change", in: [.open])
    let customer = try found.buyer(in: tx)
    var check = FieldCheck(OpportunityDraft.path)
    draft.check(&check, for: customer, on: now.day)
    if let currency = draft.expected?.currency, currency != found.expected.currency,
      try QuoteTable.hasAny(ofOpportunity: number, in: tx)
    {
      check.refuse(
        CurrencyRejection.otherThanDocument(
          field: check.path.field("expected"), given: currency, document: "What was offered",
          expected: found.expected.currency))
    }
    try check.pass()
    let before = found
    found.title = draft.title ?? found.title
    found.note = draft.note ?? found.note
    found.owner = draft.owner ?? found.owner
    found.storeCode = draft.storeCode ?? found.storeCode
    found.channel = draft.channel ?? found.channel
    found.sourceCode = draft.sourceCode ?? found.sourceCode
    found.expected = draft.expected ?? found.expected
    found.expectedCloseOn = draft.expectedCloseOn ?? found.expectedCloseOn
    guard found != before else { return found }
    try found.update(in: tx)
    guard try OpportunityTable.isInScope(number, in: tx) else {
      throw MasterDataRejection.outOfScope(
        field: check.path.field(draft.owner == nil ? "store_code" : "owner"))
    }
    tx.record(
      DomainEvent(
        "opportunity.changed", found.reference,
        [
          Fact("actor", actor), Fact("owner", found.owner), Fact("store", found.storeCode),
          Fact("expected", found.expected), Fact("expected_close_on", found.expectedCloseOn),
          Fact("source", found.sourceCode),
        ]))
    return found
  }
}
