import MasterData
package import Storage
package import Values

/// Offers something else, or the same anew, at the prices of today. What was offered before stays
/// on record and cannot be taken any more.
package struct ReviseQuote: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  /// Without variants: the same as in the revision before.
  package let draft: QuoteDraft
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(
    number: String, expectedVersion: Int64? = nil, _ draft: QuoteDraft, by actor: String,
    roles: Set<String> = []
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.draft = draft
    self.actor = actor
    self.roles = roles
  }

  static let limit = 100

  package func run(in tx: Transaction, at now: Moment) throws -> OfferedQuote {
    var (quote, before) = try Quotes.requireNewest(number: number, in: tx)
    try quote.expect(version: expectedVersion)
    try quote.expect("revise", in: [.open, .expired], on: now.day)
    guard quote.revisions < Self.limit else {
      throw QuoteRejection.tooManyRevisions(quote: number, limit: Self.limit)
    }
    var draft = draft
    if draft.variants.isEmpty {
      draft.variants = before.variants.map { .init(title: $0.title, order: $0.order.draft) }
    }
    var check = FieldCheck(.request)
    draft.checkShape(&check, on: now.day)
    try check.pass()
    let customer = try quote.buyer(in: tx)
    let variants = try draft.priced(
      for: customer, quote.gross.currency, by: actor, roles: roles, at: now, &check, in: tx)
    try check.pass()
    quote.revisions += 1
    quote.gross = variants[0].order.gross
    quote.validUntil = draft.lastDay(from: now.day)
    try quote.update(in: tx)
    let revision = QuoteRevision(
      revision: quote.revisions, validUntil: quote.validUntil, note: draft.note, createdBy: actor,
      roles: roles, createdAt: now.instant, createdOn: now.day, variants: variants)
    try quote.insert(revision, in: tx)
    tx.record(DomainEvent("quote.revised", quote.reference, quote.facts(of: revision)))
    return OfferedQuote(quote: quote, revision: revision)
  }
}

extension Quote {
  /// Writes what can change of it, and counts the version up.
  mutating func update(in tx: Transaction) throws {
    try QuoteTable.update(self, in: tx)
    version += 1
  }

  /// Who would buy; refuses one whom the caller may not see any more, and one who was erased.
  func buyer(in snapshot: Snapshot) throws -> Customer {
    guard let customer = try Customers.seen(code: customerCode, in: snapshot) else {
      throw MasterDataRejection.unknownCustomer(field: "number", code: customerCode)
    }
    guard !customer.isErased else {
      throw QuoteRejection.customerGone(quote: number, customer: customerCode)
    }
    return customer
  }
}
