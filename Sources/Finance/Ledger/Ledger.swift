import MasterData
package import Storage
package import Values

/// What was debited and credited to one account in one currency.
package struct AccountBalance: Hashable, Sendable {
  package let account: Account
  /// In the company's language.
  package let name: String
  package let nameEnglish: String
  package let type: AccountType
  package let debits: Money
  package let credits: Money
  /// The same in the base currency.
  package let baseDebits: Money
  package let baseCredits: Money

  /// Debits less credits: positive for what is owned or spent, negative for what is owed or earned.
  package func balance() throws -> Money { try debits - credits }

  /// The same in the base currency.
  package func baseBalance() throws -> Money { try baseDebits - baseCredits }
}

/// The general ledger: sums of the journal by account.
package enum Ledger {
  /// Debits less credits of an account in all currencies, in the base currency.
  package static func balance(of account: Account, in snapshot: Snapshot) throws -> Money {
    let currency = try Companies.current(in: snapshot).baseCurrency
    return Money(
      minor: try AccountBalanceTable.balance(of: account, in: snapshot), currency: currency)
  }

  /// Accounts that were ever used, in the order of their codes; up to and including `day`, or all
  /// that is posted. The sum of all debits is the sum of all credits, in each currency and in the
  /// base currency.
  package static func trialBalance(
    through day: Day? = nil, in snapshot: Snapshot
  ) throws -> [AccountBalance] {
    let base = try Companies.current(in: snapshot).baseCurrency
    guard let day else { return try AccountBalanceTable.all(base, in: snapshot) }
    return try AccountBalanceTable.all(through: day, base, in: snapshot)
  }
}
