import Storage

extension FinanceMigrations {
  /// Loyalty points. A company begins without a programme. What a customer has is the sum of its
  /// entries; each grant keeps what is left of it, and what that is worth in the books.
  static let points: StaticString = """
    CREATE TABLE points_programme (
      version INTEGER PRIMARY KEY,
      valid_from INTEGER NOT NULL,
      moment TEXT NOT NULL CHECK (moment = 'DELIVERY' OR moment = 'INVOICE'),
      value_micros INTEGER NOT NULL CHECK (value_micros > 0),
      fair_micros INTEGER NOT NULL CHECK (fair_micros BETWEEN 0 AND value_micros),
      currency TEXT NOT NULL,
      minimum_points INTEGER NOT NULL CHECK (minimum_points >= 0),
      valid_months INTEGER NOT NULL CHECK (valid_months BETWEEN 0 AND 1200),
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX points_programme_day ON points_programme (valid_from, version);
    CREATE TABLE points_rate (
      version INTEGER NOT NULL REFERENCES points_programme (version),
      customer_class TEXT NOT NULL,
      points_micros INTEGER NOT NULL CHECK (points_micros > 0),
      PRIMARY KEY (version, customer_class)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE points_account (
      customer_id INTEGER PRIMARY KEY REFERENCES customer (id),
      balance INTEGER NOT NULL,
      -- Taken back when they had been used already.
      owed INTEGER NOT NULL CHECK (owed >= 0)
    ) STRICT;

    -- What an order has earned so far, by the terms of its first time.
    CREATE TABLE points_order (
      order_number TEXT PRIMARY KEY,
      customer_id INTEGER NOT NULL REFERENCES customer (id),
      version INTEGER NOT NULL REFERENCES points_programme (version),
      points_micros INTEGER NOT NULL CHECK (points_micros > 0),
      gross_minor INTEGER NOT NULL CHECK (gross_minor >= 0),
      net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
      points INTEGER NOT NULL CHECK (points >= 0),
      currency TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX points_order_customer ON points_order (customer_id);

    CREATE TABLE points_grant (
      id INTEGER PRIMARY KEY,
      customer_id INTEGER NOT NULL REFERENCES customer (id),
      order_number TEXT,
      granted_on INTEGER NOT NULL,
      expires_on INTEGER CHECK (expires_on >= granted_on),
      granted INTEGER NOT NULL CHECK (granted > 0),
      remaining INTEGER NOT NULL CHECK (remaining BETWEEN 0 AND granted),
      liability_minor INTEGER NOT NULL CHECK (liability_minor >= 0),
      currency TEXT NOT NULL,
      CHECK (remaining > 0 OR liability_minor = 0)
    ) STRICT;
    CREATE INDEX points_grant_open ON points_grant (customer_id, expires_on, id)
      WHERE remaining > 0;
    CREATE INDEX points_grant_ending ON points_grant (expires_on, id) WHERE remaining > 0;
    CREATE INDEX points_grant_customer ON points_grant (customer_id);

    CREATE TABLE points_entry (
      id INTEGER PRIMARY KEY,
      customer_id INTEGER NOT NULL REFERENCES customer (id),
      kind TEXT NOT NULL CHECK (
        kind = 'EARNED' OR kind = 'TAKEN_BACK' OR kind = 'REDEEMED' OR kind = 'RETURNED' OR
        kind = 'EXPIRED' OR kind = 'OFFSET'),
      points INTEGER NOT NULL CHECK (points > 0),
      -- None for points that had been used when they were taken back.
      grant_id INTEGER REFERENCES points_grant (id),
      liability_minor INTEGER NOT NULL CHECK (liability_minor >= 0),
      currency TEXT NOT NULL,
      order_number TEXT,
      payment_id INTEGER REFERENCES payment (id),
      entered_on INTEGER NOT NULL,
      entered_at INTEGER NOT NULL,
      CHECK (grant_id IS NOT NULL OR kind = 'TAKEN_BACK'),
      CHECK ((payment_id IS NOT NULL) = (kind = 'REDEEMED' OR kind = 'RETURNED'))
    ) STRICT;
    CREATE INDEX points_entry_customer ON points_entry (customer_id, id);
    CREATE INDEX points_entry_grant ON points_entry (grant_id);
    CREATE INDEX points_entry_payment ON points_entry (payment_id) WHERE payment_id IS NOT NULL;
    """
}
