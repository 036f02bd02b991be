import Storage

extension FinanceMigrations {
  /// Money on account that goes back.
  static let payouts: StaticString = """
    CREATE TABLE payout (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      customer_id INTEGER NOT NULL REFERENCES customer (id),
      customer_code TEXT NOT NULL,
      state TEXT NOT NULL CHECK (
        state = 'PROPOSED' OR state = 'PAID' OR state = 'DECLINED'),
      amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
      currency TEXT NOT NULL,
      reason TEXT NOT NULL,
      proposed_by TEXT NOT NULL,
      proposed_at INTEGER NOT NULL,
      decided_by TEXT,
      decided_at INTEGER,
      method TEXT,
      external_reference TEXT NOT NULL DEFAULT '',
      comment TEXT NOT NULL DEFAULT '',
      CHECK ((state = 'PROPOSED') = (decided_by IS NULL)),
      CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
      CHECK ((state = 'PAID') = (method IS NOT NULL))
    ) STRICT;
    CREATE INDEX payout_state ON payout (state, id);
    CREATE INDEX payout_customer ON payout (customer_id, id);
    ALTER TABLE payment_use ADD COLUMN payout_id INTEGER REFERENCES payout (id);
    CREATE INDEX payment_use_payout ON payment_use (payout_id) WHERE payout_id IS NOT NULL;
    """
}
