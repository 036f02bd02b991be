import Storage
import Values

/// All SQL of `account` and of `account_balance`, the cached sums of the journal's lines.
enum AccountBalanceTable {
  /// Ten thousand million million of the major unit, the most that is ever debited or credited to
  /// one account: a thousand of the largest documents.
  static let highestMinor: Int64 = 1_000_000_000_000_000_000

  /// False, and nothing changed, when the account would pass the limit.
  static func add(_ turnover: Turnover, in tx: Transaction) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO account_balance (account, currency, debit_minor, credit_minor,
        base_debit_minor, base_credit_minor)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (account, currency) DO UPDATE SET
        debit_minor = account_balance.debit_minor + excluded.debit_minor,
        credit_minor = account_balance.credit_minor + excluded.credit_minor,
        base_debit_minor = account_balance.base_debit_minor + excluded.base_debit_minor,
        base_credit_minor = account_balance.base_credit_minor + excluded.base_credit_minor
      WHERE account_balance.debit_minor + excluded.debit_minor <= ?
        AND account_balance.credit_minor + excluded.credit_minor <= ?
        AND account_balance.base_debit_minor + excluded.base_debit_minor <= ?
        AND account_balance.base_credit_minor + excluded.base_credit_minor <= ?
      """, turnover.account, turnover.debits.currency, turnover.debits.minor,
      turnover.credits.minor, turnover.baseDebits.minor, turnover.baseCredits.minor,
      Self.highestMinor, Self.highestMinor, Self.highestMinor, Self.highestMinor) == 1
  }

  /// Debits less credits of all currencies, in minor units of the base currency.
  static func balance(of account: Account, in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(base_debit_minor - base_credit_minor), 0) FROM account_balance
      WHERE account = ?
      """, account
    ) { $0.int64(0) } ?? 0
  }

  static func all(_ base: Currency, in snapshot: Snapshot) throws -> [AccountBalance] {
    try snapshot.all(
      """
      SELECT a.code, a.name, a.name_english, a.type, b.debit_minor, b.credit_minor, b.currency,
        b.base_debit_minor, b.base_credit_minor
      FROM account_balance AS b JOIN account AS a ON a.code = b.account
      ORDER BY a.code, b.currency
      """
    ) { try balance($0, base) }
  }

  /// The cached sums less what was posted after `day`: the later the day, the less there is to add
  /// up.
  static func all(
    through day: Day, _ base: Currency, in snapshot: Snapshot
  ) throws -> [AccountBalance] {
    try snapshot.all(
      """
      WITH later AS (
        SELECT l.debit_account, l.credit_account, l.amount_minor, l.base_minor, l.currency
        FROM journal_entry AS e JOIN journal_line AS l ON l.entry_id = e.id
        WHERE e.posted_on > ?
      ), side AS (
        SELECT debit_account AS account, currency, amount_minor AS debit, 0 AS credit,
          base_minor AS base_debit, 0 AS base_credit
        FROM later
        UNION ALL
        SELECT credit_account, currency, 0, amount_minor, 0, base_minor FROM later
      ), turnover AS (
        SELECT account, currency, SUM(debit) AS debit, SUM(credit) AS credit,
          SUM(base_debit) AS base_debit, SUM(base_credit) AS base_credit
        FROM side GROUP BY account, currency
      )
      SELECT a.code, a.name, a.name_english, a.type,
        b.debit_minor - COALESCE(t.debit, 0) AS debits,
        b.credit_minor - COALESCE(t.credit, 0) AS credits, b.currency,
        b.base_debit_minor - COALESCE(t.base_debit, 0) AS base_debits,
        b.base_credit_minor - COALESCE(t.base_credit, 0) AS base_credits
      FROM account_balance AS b
      JOIN account AS a ON a.code = b.account
      LEFT JOIN turnover AS t ON t.account = b.account AND t.currency = b.currency
      WHERE b.base_debit_minor - COALESCE(t.base_debit, 0) <> 0
        OR b.base_credit_minor - COALESCE(t.base_credit, 0) <> 0
        OR b.debit_minor - COALESCE(t.debit, 0) <> 0
        OR b.credit_minor - COALESCE(t.credit, 0) <> 0
      ORDER BY a.code, b.currency
      """, day
    ) { try balance($0, base) }
  }

  private static func balance(_ row: Row, _ base: Currency) throws -> AccountBalance {
    AccountBalance(
      account: try row.value(0), name: row.text(1), nameEnglish: row.text(2),
      type: try row.value(3), debits: row.money(4, 6), credits: row.money(5, 6),
      baseDebits: Money(minor: row.int64(7), currency: base),
      baseCredits: Money(minor: row.int64(8), currency: base))
  }
}
