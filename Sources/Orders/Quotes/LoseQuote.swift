import MasterData
package import Storage
package import Values

/// Records that the customer does not want it, and why.
package struct LoseQuote: Sendable {
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

  package func run(in tx: Transaction, at now: Moment) throws -> OfferedQuote {
    var check = FieldCheck(.request)
    check.text(reasonCode, "reason_code", limit: 40, required: true)
    check.text(comment, "comment", limit: 500)
    try check.pass()
    var (quote, revision) = try Quotes.requireNewest(number: number, in: tx)
    try quote.expect(version: expectedVersion)
    try quote.expect("lose", in: [.open, .expired], on: now.day)
    try QuoteReasons.check(reasonCode, for: .lost, in: tx)
    try quote.lose(reasonCode, comment, by: actor, on: now.day, in: tx)
    return OfferedQuote(quote: quote, revision: revision)
  }
}

extension Quote {
  /// The customer does not want it: by itself, or with all that it belongs to.
  mutating func lose(
    _ reasonCode: String, _ comment: String, by actor: String, on day: Day, in tx: Transaction
  ) throws {
    storedState = .lost
    self.reasonCode = reasonCode
    self.comment = comment
    decidedOn = day
    try update(in: tx)
    tx.record(
      DomainEvent(
        "quote.lost", reference,
        [Fact("actor", actor), Fact("reason", reasonCode), Fact("gross", gross)]))
  }
}

/// Closes quotes that expired before a day and that nobody came back to.
package struct LapseQuotes: Sendable {
  /// Nil for today; not later.
  package let expiredBefore: Day?

  package init(expiredBefore: Day? = nil) { self.expiredBefore = expiredBefore }

  /// At a time.
  static let limit = 500

  /// Their numbers, those that expired first in front; as many as the limit mean that there may be
  /// more.
  package func run(in tx: Transaction, at now: Moment) throws -> [String] {
    let day = expiredBefore ?? now.day
    var check = FieldCheck(.request)
    check.range(day, "expired_before", now.day.adding(days: -36_600)...now.day)
    try check.pass()
    let numbers = try QuoteTable.lapse(before: day, on: now.day, limit: Self.limit, in: tx)
    for number in numbers {
      tx.record(DomainEvent("quote.lapsed", DocumentReference(.quote, number)))
    }
    return numbers
  }
}
