import MasterData
package import Storage
package import Values

/// Gives a customer an offer. Each variant is checked and priced as an order would be, and keeps
/// its prices.
package struct CreateQuote: Sendable {
  package let customerCode: String
  package let draft: QuoteDraft
  /// That it is an offer for; empty for none.
  package let opportunityNumber: String
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(
    customerCode: String, _ draft: QuoteDraft, for opportunityNumber: String = "",
    by actor: String, roles: Set<String> = []
  ) {
    self.customerCode = customerCode
    self.opportunityNumber = opportunityNumber
    self.draft = draft
    self.actor = actor
    self.roles = roles
  }

  package func run(in tx: Transaction, at now: Moment) throws -> OfferedQuote {
    var check = FieldCheck(.request)
    draft.checkShape(&check, on: now.day)
    let customer = try Customers.seen(code: customerCode, in: tx)
    if customer == nil {
      check.refuse(
        MasterDataRejection.unknownCustomer(field: "customer_code", code: customerCode)
          .ifNamed(customerCode))
    }
    try check.pass()
    guard let customer else { preconditionFailure("a missing customer has been refused") }
    let opportunity = try Opportunity.offered(opportunityNumber, for: customer.code, in: tx)
    let variants = try draft.priced(
      for: customer, by: actor, roles: roles, at: now, &check, in: tx)
    try check.pass()
    try opportunity?.expect(variants[0].order.gross.currency, "opportunity_number")
    var quote = Quote(
      id: ID(0), number: try DocumentNumbers.next(.quote, on: now.day, in: tx),
      customerCode: customer.code, customerName: customer.name, gross: variants[0].order.gross,
      validUntil: draft.lastDay(from: now.day), createdBy: actor, createdAt: now.instant,
      createdOn: now.day, opportunityNumber: opportunity?.number)
    quote.id = try QuoteTable.insert(quote, in: tx)
    let revision = QuoteRevision(
      revision: 1, validUntil: quote.validUntil, note: draft.note, createdBy: actor, roles: roles,
      createdAt: now.instant, createdOn: now.day, variants: variants)
    try quote.insert(revision, in: tx)
    tx.record(
      DomainEvent(
        "quote.created", quote.reference,
        [
          Fact("customer", quote.customerCode), Fact("opportunity", opportunity?.number ?? ""),
        ] + quote.facts(of: revision)))
    opportunity?.recordLink(to: quote, by: actor, in: tx)
    return OfferedQuote(quote: quote, revision: revision)
  }
}

extension Quote {
  /// Writes a new revision with its variants.
  func insert(_ revision: QuoteRevision, in tx: Transaction) throws {
    try QuoteTable.insert(revision, of: id, in: tx)
    for variant in revision.variants {
      try QuoteVariantTable.insert(variant, of: id, revision: revision.revision, in: tx)
    }
  }

  /// What is told of a revision when it is given.
  func facts(of revision: QuoteRevision) -> [Fact] {
    let waitsFor = revision.variants.compactMap {
      $0.order.approval.isPending ? $0.order.approval.requiredRole : nil
    }
    return [
      Fact("actor", revision.createdBy), Fact("revision", revision.revision),
      Fact("variants", revision.variants.count), Fact("gross", gross),
      Fact("valid_until", revision.validUntil),
      Fact("approver_role", Set(waitsFor).sorted().joined(separator: " ")),
    ]
  }
}
