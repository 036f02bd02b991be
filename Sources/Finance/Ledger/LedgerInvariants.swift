import Storage
import Values

/// The journal is balanced, and the cached balances are its sums.
enum LedgerInvariants {
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try emptyEntries(in: snapshot) + wrongBalances(in: snapshot)
      + unbalancedCurrencies(in: snapshot) + controlAccounts(in: snapshot)
  }

  private static func emptyEntries(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT number FROM journal_entry
      WHERE id NOT IN (SELECT entry_id FROM journal_line) ORDER BY id
      """
    ) {
      InvariantViolation(
        "finance.entry-has-lines", "A journal entry moves nothing", [Fact("entry", $0.text(0))])
    }
  }

  private static func wrongBalances(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH side AS (
        SELECT debit_account AS account, currency, amount_minor AS debit, 0 AS credit
        FROM journal_line
        UNION ALL
        SELECT credit_account, currency, 0, amount_minor FROM journal_line
        UNION ALL
        SELECT account, currency, -debit_minor, -credit_minor FROM account_balance
      )
      SELECT account, currency, SUM(debit), SUM(credit) FROM side
      GROUP BY account, currency HAVING SUM(debit) <> 0 OR SUM(credit) <> 0
      ORDER BY account, currency
      """
    ) { row in
      InvariantViolation(
        "finance.balance-is-sum-of-lines", "The balance of an account is not the sum of its lines",
        [
          Fact("account", row.text(0)), Fact("debits_missing", row.money(2, 1)),
          Fact("credits_missing", row.money(3, 1)),
        ])
    }
  }

  private static func unbalancedCurrencies(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT currency, SUM(debit_minor), SUM(credit_minor) FROM account_balance
      GROUP BY currency HAVING SUM(debit_minor) <> SUM(credit_minor) ORDER BY currency
      """
    ) { row in
      InvariantViolation(
        "finance.debits-equal-credits", "Debits and credits differ",
        [Fact("debits", row.money(1, 0)), Fact("credits", row.money(2, 0))])
    }
  }

  /// The accounts whose balance is told by documents, too.
  private static func controlAccounts(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH document AS (
        SELECT '1122' AS account, currency, gross_minor - paid_minor AS amount FROM invoice
        UNION ALL
        SELECT '2204', currency, applied_minor - amount_minor FROM payment
      ), side AS (
        SELECT account, currency, amount AS documents, 0 AS ledger FROM document
        UNION ALL
        SELECT account, currency, 0, debit_minor - credit_minor FROM account_balance
        WHERE account IN ('1122', '2204')
      )
      SELECT account, currency, SUM(ledger), SUM(documents) FROM side
      GROUP BY account, currency HAVING SUM(ledger) <> SUM(documents)
      ORDER BY account, currency
      """
    ) { row in
      let facts = [Fact("ledger", row.money(2, 1)), Fact("documents", row.money(3, 1))]
      let account: Account = try row.value(0)
      return account == .receivable
        ? InvariantViolation(
          "finance.receivable-is-open-invoices",
          "The receivable is not what is open of the invoices", facts)
        : InvariantViolation(
          "finance.deposits-are-unapplied-payments",
          "The customer deposits are not what is left of the payments", facts)
    }
  }
}
