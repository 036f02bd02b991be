extension FinanceMigrations {
  /// Payments that were not honoured: another use of them, and another cause of a release.
  static let dishonouredPayments: StaticString = """
    CREATE TABLE payment_use_next (
      id INTEGER PRIMARY KEY,
      payment_id INTEGER NOT NULL REFERENCES payment (id),
      kind TEXT NOT NULL CHECK (
        kind = 'FORFEITED' OR kind = 'REFUNDED' OR kind = 'CARRIED' OR kind = 'DISHONOURED'),
      amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
      currency TEXT NOT NULL,
      used_on INTEGER NOT NULL,
      used_at INTEGER NOT NULL,
      carried_to INTEGER UNIQUE REFERENCES payment (id),
      payment_base_minor INTEGER NOT NULL DEFAULT 0 CHECK (payment_base_minor >= 0),
      used_base_minor INTEGER NOT NULL DEFAULT 0 CHECK (used_base_minor >= 0),
      payout_id INTEGER REFERENCES payout (id),
      CHECK ((kind = 'CARRIED') = (carried_to IS NOT NULL)),
      CHECK (carried_to <> payment_id)
    ) STRICT;
    INSERT INTO payment_use_next (id, payment_id, kind, amount_minor, currency, used_on, used_at,
      carried_to, payment_base_minor, used_base_minor, payout_id)
    SELECT id, payment_id, kind, amount_minor, currency, used_on, used_at, carried_to,
      payment_base_minor, used_base_minor, payout_id
    FROM payment_use ORDER BY id;
    DROP TABLE payment_use;
    ALTER TABLE payment_use_next RENAME TO payment_use;
    CREATE INDEX payment_use_payment ON payment_use (payment_id);
    CREATE INDEX payment_use_payout ON payment_use (payout_id) WHERE payout_id IS NOT NULL;

    ALTER TABLE payment_release ADD COLUMN cause TEXT NOT NULL DEFAULT 'CREDITED'
      CHECK (cause = 'CREDITED' OR cause = 'DISHONOURED');
    """
}
