import MasterData
package import Storage
package import Values

/// Why quotes are won or lost: a row of a table that the company keeps.
package struct QuoteReason: Hashable, Sendable {
  package let code: String
  /// For people.
  package let text: String
  /// WON or LOST.
  package let outcome: QuoteState

  package init(code: String, text: String, outcome: QuoteState) {
    self.code = code
    self.text = text
    self.outcome = outcome
  }
}

/// The reasons that can be given.
package enum QuoteReasons {
  /// In their order; never more than `ReasonList.limit`.
  package static func list(in snapshot: Snapshot) throws -> [QuoteReason] {
    try QuoteReasonTable.list(in: snapshot)
  }

  /// Refuses a code that is not there, or for another outcome.
  static func check(_ code: String, for outcome: QuoteState, in snapshot: Snapshot) throws {
    guard try list(in: snapshot).contains(where: { $0.code == code && $0.outcome == outcome })
    else { throw QuoteRejection.unknownReason(field: "reason_code", code: code, outcome: outcome) }
  }
}

/// Replaces the reasons that can be given. Quotes keep the codes they have.
package struct ReplaceQuoteReasons: Sendable {
  package let reasons: [QuoteReason]

  package init(reasons: [QuoteReason]) { self.reasons = reasons }

  package func run(in tx: Transaction, at now: Moment) throws -> [QuoteReason] {
    try ReasonList.check(reasons.map { ($0.code, $0.text) }) {
      QuoteRejection.duplicateReason(field: $0, code: $1)
    }
    try QuoteReasonTable.replace(with: reasons, in: tx)
    tx.record(
      DomainEvent(
        "quote-reasons.replaced", DocumentReference(.masterData, "quote-reasons"),
        [Fact("reasons", reasons.count)]))
    return reasons
  }
}

/// All SQL of `quote_reason`.
private enum QuoteReasonTable {
  static func list(in snapshot: Snapshot) throws -> [QuoteReason] {
    try snapshot.all("SELECT code, text, outcome FROM quote_reason ORDER BY position") { row in
      QuoteReason(code: row.text(0), text: row.text(1), outcome: try row.value(2))
    }
  }

  static func replace(with reasons: [QuoteReason], in tx: Transaction) throws {
    try tx.execute("DELETE FROM quote_reason")
    for (index, reason) in reasons.enumerated() {
      try tx.execute(
        "INSERT INTO quote_reason (position, code, text, outcome) VALUES (?, ?, ?, ?)", index + 1,
        reason.code, reason.text, reason.outcome)
    }
  }
}
