import Storage
import Values

/// The journal is balanced, and the cached balances are its sums.
enum LedgerInvariants {
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try emptyEntries(in: snapshot) + wrongBalances(in: snapshot)
      + unbalancedCurrencies(in: snapshot) + wrongWorth(in: snapshot)
      + controlAccounts(in: snapshot)
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
        SELECT debit_account AS account, currency, amount_minor AS debit, 0 AS credit,
          base_minor AS base_debit, 0 AS base_credit
        FROM journal_line
        UNION ALL
        SELECT credit_account, currency, 0, amount_minor, 0, base_minor FROM journal_line
        UNION ALL
        SELECT account, currency, -debit_minor, -credit_minor, -base_debit_minor,
          -base_credit_minor
        FROM account_balance
      )
      SELECT account, currency, SUM(debit), SUM(credit), SUM(base_debit), SUM(base_credit)
      FROM side
      GROUP BY account, currency
      HAVING SUM(debit) <> 0 OR SUM(credit) <> 0 OR SUM(base_debit) <> 0 OR SUM(base_credit) <> 0
      ORDER BY account, currency
      """
    ) { row in
      InvariantViolation(
        "finance.balance-is-sum-of-lines", "The balance of an account is not the sum of its lines",
        [
          Fact("account", row.text(0)), Fact("debits_missing", row.money(2, 1)),
          Fact("credits_missing", row.money(3, 1)), Fact("base_debits_missing", row.int64(4)),
          Fact("base_credits_missing", row.int64(5)),
        ])
    }
  }

  /// In each currency, and in that of the books.
  private static func unbalancedCurrencies(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT currency, SUM(debit_minor), SUM(credit_minor), SUM(base_debit_minor),
        SUM(base_credit_minor)
      FROM account_balance GROUP BY currency
      HAVING SUM(debit_minor) <> SUM(credit_minor)
        OR SUM(base_debit_minor) <> SUM(base_credit_minor)
      ORDER BY currency
      """
    ) { row in
      InvariantViolation(
        "finance.debits-equal-credits", "Debits and credits differ",
        [
          Fact("debits", row.money(1, 0)), Fact("credits", row.money(2, 0)),
          Fact("base_debits", row.int64(3)), Fact("base_credits", row.int64(4)),
        ])
    }
  }

  /// A movement in the currency of the books is worth what it is.
  private static func wrongWorth(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT e.number, l.line_no, l.amount_minor, l.currency, l.base_minor
      FROM journal_line AS l JOIN journal_entry AS e ON e.id = l.entry_id
      WHERE l.currency = (SELECT base_currency FROM company) AND l.amount_minor <> l.base_minor
      ORDER BY l.id
      """
    ) { row in
      InvariantViolation(
        "finance.base-amount-is-amount",
        "A movement in the base currency is not worth what it moves",
        [
          Fact("entry", row.text(0)), Fact("line", row.int(1)), Fact("amount", row.money(2, 3)),
          Fact("base", row.int64(4)),
        ])
    }
  }

  /// The accounts whose balance is told by documents, too: in each currency, and what that is worth
  /// in that of the books.
  private static func controlAccounts(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH document AS (
        SELECT '1122' AS account, currency, gross_minor - paid_minor AS amount,
          base_gross_minor - base_paid_minor AS base
        FROM invoice
        UNION ALL
        SELECT '2204', currency, applied_minor - amount_minor,
          base_applied_minor - base_amount_minor
        FROM payment
      ), side AS (
        SELECT account, currency, amount AS documents, 0 AS ledger, base AS base_documents,
          0 AS base_ledger
        FROM document
        UNION ALL
        SELECT account, currency, 0, debit_minor - credit_minor, 0,
          base_debit_minor - base_credit_minor
        FROM account_balance WHERE account IN ('1122', '2204')
      )
      SELECT account, currency, SUM(ledger), SUM(documents), SUM(base_ledger), SUM(base_documents)
      FROM side
      GROUP BY account, currency
      HAVING SUM(ledger) <> SUM(documents) OR SUM(base_ledger) <> SUM(base_documents)
      ORDER BY account, currency
      """
    ) { row in
      let facts = [
        Fact("ledger", row.money(2, 1)), Fact("documents", row.money(3, 1)),
        Fact("base_ledger", row.int64(4)), Fact("base_documents", row.int64(5)),
      ]
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
