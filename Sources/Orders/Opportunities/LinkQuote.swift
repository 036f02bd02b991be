import MasterData
package import Storage
package import Values

/// Says that a quote is an offer for an opportunity, or for another one, or for none.
package struct LinkQuote: Sendable {
  package let quoteNumber: String
  /// Empty for none.
  package let opportunityNumber: String
  /// Who asks.
  package let actor: String

  package init(quoteNumber: String, opportunityNumber: String, by actor: String) {
    self.quoteNumber = quoteNumber
    self.opportunityNumber = opportunityNumber
    self.actor = actor
  }

  /// The opportunity that has the quote now; nil for none.
  package func run(in tx: Transaction, at now: Moment) throws -> Opportunity? {
    var quote = try Quotes.require(quoteNumber, field: "quote_number", in: tx)
    try quote.expect("link", in: [.open, .expired], on: now.day)
    let opportunity = try Opportunity.offered(
      opportunityNumber, for: quote.customerCode, in: tx)
    try opportunity?.expect(quote.gross.currency, "quote_number")
    let before = quote.opportunityNumber
    guard before != opportunity?.number else { return opportunity }
    quote.opportunityNumber = opportunity?.number
    try quote.update(in: tx)
    if let before {
      tx.record(
        DomainEvent(
          "opportunity.quote-unlinked", DocumentReference(.opportunity, before),
          [Fact("actor", actor), Fact("quote", quote.number)]))
    }
    opportunity?.recordLink(to: quote, by: actor, in: tx)
    return opportunity
  }
}

extension Opportunity {
  /// The open one of a customer for which something is offered; nil where none is named.
  static func offered(
    _ number: String, for customer: String, in snapshot: Snapshot
  ) throws -> Opportunity? {
    guard !number.isEmpty else { return nil }
    let found = try Opportunities.require(
      number: number, field: "opportunity_number", in: snapshot)
    guard found.customerCode == customer else {
      throw OpportunityRejection.otherCustomer(
        field: "opportunity_number", number: number, customer: found.customerCode)
    }
    try found.expect("offer", in: [.open])
    return found
  }

  /// Refuses an offer in another currency than what is expected, which sums up what is offered.
  func expect(_ currency: Currency, _ field: String) throws {
    guard currency == expected.currency else {
      throw CurrencyRejection.otherThanDocument(
        field: field, given: currency, document: "The opportunity", expected: expected.currency)
    }
  }

  func recordLink(to quote: Quote, by actor: String, in tx: Transaction) {
    tx.record(
      DomainEvent(
        "opportunity.quote-linked", reference,
        [Fact("actor", actor), Fact("quote", quote.number), Fact("gross", quote.gross)]))
  }

  /// One of its quotes has become an order. What the caller may see of it does not matter.
  static func win(
    by quote: Quote, reasonCode: String, actor: String, in tx: Transaction, at now: Moment
  ) throws {
    guard let number = quote.opportunityNumber else { return }
    guard var found = try OpportunityTable.fetch(number, in: tx) else {
      throw StorageError(.corruptValue, "There is no opportunity \(number)")
    }
    // A second of its quotes adds to what it came to.
    guard found.state == .open else { return }
    let stages = try OpportunityStages.current(in: tx)
    try found.enter(
      try stages.only(.won), of: stages.version, by: actor, at: now, reasonCode: reasonCode,
      quote: quote.number, "opportunity.won", in: tx)
  }
}
