import MasterData
package import Storage
package import Values

/// Approves the variants of the newest revision that wait for a role of whoever asks. Four eyes:
/// who gave the revision cannot, and neither can who stands in for them.
package struct ApproveQuote: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  /// A remark for the record.
  package let comment: String
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>
  /// Names of those for whom they stand in.
  package let standingInFor: Set<String>

  package init(
    number: String, expectedVersion: Int64? = nil, comment: String = "", by actor: String,
    roles: Set<String>, standingInFor: Set<String> = []
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.comment = comment
    self.actor = actor
    self.roles = roles
    self.standingInFor = standingInFor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> OfferedQuote {
    var check = FieldCheck(.request)
    check.text(comment, "comment", limit: 500)
    try check.pass()
    var (quote, revision) = try Quotes.requireNewest(number: number, in: tx)
    try quote.expect(version: expectedVersion)
    try quote.expect("approve", in: [.open], on: now.day)
    let pending = revision.variants.indices.filter {
      revision.variants[$0].order.approval.isPending
    }
    guard !pending.isEmpty else { throw OrdersRejection.noApprovalPending(order: number) }
    try revision.checkAuthor(of: number, by: actor, standingInFor: standingInFor)
    let entitled = pending.filter { index in
      revision.variants[index].order.approval.requiredRole.map(roles.contains) ?? false
    }
    guard !entitled.isEmpty else {
      let role = revision.variants[pending[0]].order.approval.requiredRole ?? ""
      throw OrdersRejection.roleMissing(order: number, role: role)
    }
    for index in entitled {
      revision.variants[index].order.approval.decidedBy = actor
      try QuoteVariantTable.approve(
        revision.variants[index], of: quote.id, revision: revision.revision, by: actor, in: tx)
    }
    try quote.update(in: tx)
    tx.record(
      DomainEvent(
        "quote.approved", quote.reference,
        [
          Fact("actor", actor), Fact("revision", revision.revision),
          Fact("variants", entitled.map { String($0 + 1) }.joined(separator: " ")),
          Fact("comment", comment),
        ]))
    return OfferedQuote(quote: quote, revision: revision)
  }
}

extension QuoteRevision {
  /// Refuses who offered it, and who stands in for them.
  func checkAuthor(
    of document: String, by actor: String, standingInFor: Set<String>
  ) throws {
    try OrdersRejection.checkFourEyes(
      on: document, madeBy: createdBy, decidedBy: actor, standingInFor: standingInFor)
  }
}
