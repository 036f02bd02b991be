package import Values

/// An entry of the journal, as posted.
package struct JournalEntry: Hashable, Sendable {
  /// One movement, with the accounts' names in the company's language.
  package struct Line: Hashable, Sendable {
    package let debit: Account
    package let debitName: String
    package let credit: Account
    package let creditName: String
    package let amount: Money
    /// In the base currency.
    package let base: Money
    /// Code of the customer or supplier it concerns.
    package let party: String?
  }

  /// Grows with time; the key by which pages go on.
  package let id: ID<JournalEntry>
  package let number: String
  /// The business day to which it belongs.
  package let postedOn: Day
  package let postedAt: Instant
  package let event: PostingEvent
  package let origin: Origin
  package let text: String
  package internal(set) var lines: [Line]
}
