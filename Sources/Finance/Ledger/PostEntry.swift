import MasterData
package import Storage
package import Values

/// Writes one entry into the journal and brings the balances of its accounts up to date. Entries
/// are never changed and never deleted: a correction is another entry.
///
/// An entry belongs to the day on which it is posted, not to the date of its document, so that the
/// books of a past day stay as they were.
package struct PostEntry: Sendable {
  package let event: PostingEvent
  package let origin: Origin
  /// Tells apart entries of one event and origin where that may recur: the id of the stock move,
  /// say.
  package let occurrence: Int64
  /// What it is about, in one sentence.
  package let text: String
  package let postings: [Posting]

  package init(
    event: PostingEvent, origin: Origin, occurrence: Int64 = 0, text: String, postings: [Posting]
  ) {
    self.event = event
    self.origin = origin
    self.occurrence = occurrence
    self.text = text
    self.postings = postings
  }

  /// The number of the entry.
  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> String {
    let turnovers = try turnovers()
    let number = try DocumentNumbers.next(.journalEntry, on: now.day, in: tx)
    try JournalTable.insert(self, number: number, at: now, in: tx)
    for turnover in turnovers {
      guard try AccountBalanceTable.add(turnover, in: tx) else {
        throw FinanceRejection.balanceTooLarge(
          turnover.account,
          limit: Money(
            minor: AccountBalanceTable.highestMinor, currency: turnover.debits.currency))
      }
    }
    return number
  }

  /// Debits and credits of each account, in the order of the codes, so that balances are always
  /// written in one order.
  private func turnovers() throws -> [Turnover] {
    guard let first = postings.first else {
      throw InvalidPosting(description: "\(event) of \(origin) has no movement")
    }
    var turnovers: [Account: Turnover] = [:]
    for posting in postings {
      guard posting.amount.minor >= 0, posting.base.minor >= 0,
        posting.amount.minor > 0 || posting.base.minor > 0, posting.debit != posting.credit
      else {
        throw InvalidPosting(description: "\(event) of \(origin) has an empty movement: \(posting)")
      }
      try turnovers[posting.debit, default: .none(of: posting.debit, like: first)].debit(posting)
      try turnovers[posting.credit, default: .none(of: posting.credit, like: first)].credit(posting)
    }
    return turnovers.values.sorted { $0.account.rawValue < $1.account.rawValue }
  }
}

/// What was debited and credited to one account.
struct Turnover: Hashable {
  let account: Account
  private(set) var debits: Money
  private(set) var credits: Money
  /// In the base currency.
  private(set) var baseDebits: Money
  private(set) var baseCredits: Money

  static func none(of account: Account, like posting: Posting) -> Turnover {
    let (none, base) = (posting.amount.currency, posting.base.currency)
    return Turnover(
      account: account, debits: .zero(none), credits: .zero(none), baseDebits: .zero(base),
      baseCredits: .zero(base))
  }

  mutating func debit(_ posting: Posting) throws {
    debits = try debits + posting.amount
    baseDebits = try baseDebits + posting.base
  }

  mutating func credit(_ posting: Posting) throws {
    credits = try credits + posting.amount
    baseCredits = try baseCredits + posting.base
  }
}
