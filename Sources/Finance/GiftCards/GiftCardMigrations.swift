import Storage

extension FinanceMigrations {
  /// Gift cards. The code is kept as a hash; what is on a card is the sum of its moves. `method` of
  /// a payment says how money came in: `voucher` says what paid instead.
  static let giftCards: StaticString = """
    INSERT INTO account (code, name, name_english, type) VALUES
      ('2204.01', '合同负债—礼品卡', 'Gift cards', 'LIABILITY'),
      ('2204.02', '合同负债—会员积分', 'Loyalty points', 'LIABILITY'),
      ('6001.04', '主营业务收入—积分递延', 'Revenue deferred as points', 'INCOME'),
      ('6001.05', '主营业务收入—未行使权利', 'Breakage of gift cards', 'INCOME');

    ALTER TABLE payment ADD COLUMN voucher TEXT
      CHECK (voucher = 'GIFT_CARD' OR voucher = 'POINTS');

    CREATE TABLE gift_card (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      code_digest BLOB NOT NULL UNIQUE,
      state TEXT NOT NULL CHECK (
        state = 'ACTIVE' OR state = 'BLOCKED' OR state = 'REPLACED'),
      customer_id INTEGER REFERENCES customer (id),
      value_minor INTEGER NOT NULL CHECK (value_minor >= 0),
      balance_minor INTEGER NOT NULL CHECK (balance_minor >= 0),
      currency TEXT NOT NULL,
      method TEXT,
      external_reference TEXT,
      issued_on INTEGER NOT NULL,
      issued_at INTEGER NOT NULL,
      issued_by TEXT NOT NULL,
      expires_on INTEGER CHECK (expires_on >= issued_on OR replaces IS NOT NULL),
      replaces INTEGER UNIQUE REFERENCES gift_card (id),
      reason TEXT NOT NULL,
      UNIQUE (method, external_reference),
      CHECK (state <> 'REPLACED' OR balance_minor = 0),
      CHECK ((method IS NULL) = (replaces IS NOT NULL)),
      CHECK (replaces <> id)
    ) STRICT;
    CREATE INDEX gift_card_customer ON gift_card (customer_id, id);
    CREATE INDEX gift_card_state ON gift_card (state, id);
    CREATE INDEX gift_card_ending ON gift_card (expires_on, id) WHERE balance_minor > 0;

    CREATE TABLE gift_card_move (
      id INTEGER PRIMARY KEY,
      card_id INTEGER NOT NULL REFERENCES gift_card (id),
      kind TEXT NOT NULL CHECK (
        kind = 'SOLD' OR kind = 'REDEEMED' OR kind = 'RETURNED' OR kind = 'MOVED_OUT' OR
        kind = 'MOVED_IN' OR kind = 'EXPIRED'),
      amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
      currency TEXT NOT NULL,
      -- The payment that was made with it, also where a part of that was carried on.
      payment_id INTEGER REFERENCES payment (id),
      moved_on INTEGER NOT NULL,
      moved_at INTEGER NOT NULL,
      CHECK ((kind = 'REDEEMED' OR kind = 'RETURNED') = (payment_id IS NOT NULL))
    ) STRICT;
    CREATE INDEX gift_card_move_card ON gift_card_move (card_id);
    CREATE INDEX gift_card_move_payment ON gift_card_move (payment_id) WHERE payment_id IS NOT NULL;

    CREATE TABLE gift_card_policy (
      version INTEGER PRIMARY KEY,
      valid_months INTEGER NOT NULL CHECK (valid_months BETWEEN 0 AND 1200),
      highest_minor INTEGER CHECK (highest_minor > 0),
      currency TEXT NOT NULL,
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;

    -- Codes that were none, by who gave them.
    CREATE TABLE gift_card_attempt (
      actor TEXT PRIMARY KEY,
      failures INTEGER NOT NULL CHECK (failures > 0),
      since INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """
}
