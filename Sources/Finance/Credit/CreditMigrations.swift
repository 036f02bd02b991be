extension FinanceMigrations {
  /// Limits of groups for a while.
  static let temporaryGroupLimits: StaticString = """
    CREATE TABLE credit_grant_next (
      id INTEGER PRIMARY KEY,
      customer_id INTEGER NOT NULL REFERENCES customer (id),
      amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
      currency TEXT NOT NULL,
      valid_from INTEGER NOT NULL,
      valid_until INTEGER NOT NULL CHECK (valid_until >= valid_from),
      reason TEXT NOT NULL,
      state TEXT NOT NULL CHECK (
        state = 'PENDING' OR state = 'APPROVED' OR state = 'REFUSED' OR state = 'WITHDRAWN'),
      granted_by TEXT NOT NULL,
      decided_by TEXT CHECK (decided_by <> granted_by),
      kind TEXT NOT NULL CHECK (
        kind = 'TEMPORARY' OR kind = 'LIMIT' OR kind = 'GROUP_LIMIT' OR kind = 'TEMPORARY_GROUP'),
      CHECK ((state = 'PENDING') = (decided_by IS NULL))
    ) STRICT;
    INSERT INTO credit_grant_next (id, customer_id, amount_minor, currency, valid_from,
      valid_until, reason, state, granted_by, decided_by, kind)
    SELECT id, customer_id, amount_minor, currency, valid_from, valid_until, reason, state,
      granted_by, decided_by, kind
    FROM credit_grant;
    DROP TABLE credit_grant;
    ALTER TABLE credit_grant_next RENAME TO credit_grant;
    CREATE INDEX credit_grant_customer ON credit_grant (customer_id, id);
    CREATE INDEX credit_grant_day ON credit_grant (customer_id, valid_until)
      WHERE state = 'APPROVED';
    """
}
