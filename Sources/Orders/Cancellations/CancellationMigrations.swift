extension OrdersMigrations {
  static let cancellation: StaticString = """
    CREATE TABLE cancel_reason (
      position INTEGER PRIMARY KEY CHECK (position > 0),
      code TEXT NOT NULL UNIQUE,
      text TEXT NOT NULL,
      fault TEXT NOT NULL CHECK (
        fault = 'CUSTOMER' OR fault = 'SELLER' OR fault = 'NOBODY')
    ) STRICT;
    INSERT INTO cancel_reason (position, code, text, fault) VALUES
      (1, 'CUSTOMER_WISH', 'The customer no longer wants it', 'CUSTOMER'),
      (2, 'TOO_LATE', 'It takes too long', 'NOBODY'),
      (3, 'PRICE', 'Found cheaper elsewhere', 'CUSTOMER'),
      (4, 'NOT_AVAILABLE', 'The goods cannot be had', 'SELLER'),
      (5, 'ENTRY_ERROR', 'Entered twice or wrongly', 'NOBODY'),
      (6, 'NOT_PAID', 'It was not paid', 'CUSTOMER');

    CREATE TABLE cancellation_policy (
      version INTEGER PRIMARY KEY,
      valid_from INTEGER NOT NULL,
      earnest_cap_micros INTEGER NOT NULL CHECK (earnest_cap_micros BETWEEN 0 AND 1000000),
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX cancellation_policy_day ON cancellation_policy (valid_from, version);
    INSERT INTO cancellation_policy
      (version, valid_from, earnest_cap_micros, reason, made_by, made_at)
    VALUES (1, -719162, 200000, 'As shipped: cancelling is free', '', 0);

    CREATE TABLE cancellation_rule (
      policy_version INTEGER NOT NULL REFERENCES cancellation_policy (version),
      position INTEGER NOT NULL CHECK (position > 0),
      stage TEXT CHECK (
        stage = 'CONFIRMED' OR stage = 'IN_WORK' OR stage = 'MADE' OR stage = 'SET_APART'),
      sourcing TEXT CHECK (sourcing = 'STOCK' OR sourcing = 'MAKE' OR sourcing = 'SERVICE'),
      customer_class TEXT,
      share_micros INTEGER NOT NULL CHECK (share_micros BETWEEN 0 AND 1000000),
      fixed_minor INTEGER CHECK (fixed_minor >= 0),
      minimum_minor INTEGER CHECK (minimum_minor >= 0),
      maximum_minor INTEGER CHECK (maximum_minor >= minimum_minor OR minimum_minor IS NULL),
      waives_earnest INTEGER NOT NULL CHECK (waives_earnest IN (0, 1)),
      approver_role TEXT,
      approval_from_minor INTEGER CHECK (approval_from_minor >= 0),
      currency TEXT,
      PRIMARY KEY (policy_version, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE cancellation (
      id INTEGER PRIMARY KEY,
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      reason_code TEXT NOT NULL,
      fault TEXT NOT NULL,
      stage TEXT NOT NULL,
      policy_version INTEGER NOT NULL REFERENCES cancellation_policy (version),
      comment TEXT NOT NULL,
      cancelled_by TEXT NOT NULL,
      approved_by TEXT,
      cancelled_on INTEGER NOT NULL,
      cancelled_at INTEGER NOT NULL,
      amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
      fee_minor INTEGER NOT NULL CHECK (fee_minor BETWEEN 0 AND amount_minor),
      fee_paid_minor INTEGER NOT NULL CHECK (fee_paid_minor BETWEEN 0 AND fee_minor),
      forfeited_minor INTEGER NOT NULL CHECK (forfeited_minor >= 0),
      compensation_minor INTEGER NOT NULL CHECK (compensation_minor >= 0),
      sunk_minor INTEGER NOT NULL CHECK (sunk_minor >= 0),
      held_minor INTEGER NOT NULL,
      refund_minor INTEGER NOT NULL CHECK (refund_minor >= 0),
      kept_minor INTEGER NOT NULL CHECK (kept_minor >= 0),
      currency TEXT NOT NULL,
      fee_invoice TEXT,
      explanation TEXT NOT NULL,
      CHECK (held_minor = forfeited_minor + fee_paid_minor + refund_minor + kept_minor)
    ) STRICT;
    CREATE INDEX cancellation_order ON cancellation (sales_order_id);
    CREATE INDEX cancellation_day ON cancellation (cancelled_on);
    ALTER TABLE sales_order_cancellation
      ADD COLUMN cancellation_id INTEGER REFERENCES cancellation (id);
    ALTER TABLE sales_order_cancellation ADD COLUMN amount_minor INTEGER;
    CREATE INDEX sales_order_cancellation_whole ON sales_order_cancellation (cancellation_id)
      WHERE cancellation_id IS NOT NULL;

    CREATE TABLE cancel_request (
      id INTEGER PRIMARY KEY,
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      base_version INTEGER NOT NULL,
      reason_code TEXT NOT NULL,
      comment TEXT NOT NULL,
      role TEXT NOT NULL,
      amount_minor INTEGER NOT NULL,
      fee_minor INTEGER NOT NULL,
      forfeited_minor INTEGER NOT NULL,
      currency TEXT NOT NULL,
      essence TEXT NOT NULL,
      requested_by TEXT NOT NULL,
      requested_at INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (
        state = 'PENDING' OR state = 'APPROVED' OR state = 'REJECTED'),
      decided_by TEXT,
      decided_at INTEGER,
      decision TEXT,
      CHECK ((state = 'PENDING') = (decided_by IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX cancel_request_pending ON cancel_request (sales_order_id)
      WHERE state = 'PENDING';
    CREATE INDEX cancel_request_waiting ON cancel_request (id) WHERE state = 'PENDING';

    CREATE TABLE cancel_request_line (
      request_id INTEGER NOT NULL REFERENCES cancel_request (id),
      position INTEGER NOT NULL CHECK (position > 0),
      line_number INTEGER NOT NULL,
      quantity INTEGER CHECK (quantity > 0),
      unit TEXT,
      PRIMARY KEY (request_id, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE order_refund (
      id INTEGER PRIMARY KEY,
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      state TEXT NOT NULL CHECK (
        state = 'PROPOSED' OR state = 'PAID' OR state = 'DECLINED'),
      amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
      compensation_minor INTEGER NOT NULL CHECK (compensation_minor >= 0),
      currency TEXT NOT NULL,
      proposed_by TEXT NOT NULL,
      proposed_at INTEGER NOT NULL,
      decided_by TEXT,
      decided_at INTEGER,
      method TEXT,
      external_reference TEXT,
      comment TEXT,
      CHECK (amount_minor + compensation_minor > 0),
      CHECK ((state = 'PROPOSED') = (decided_by IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX order_refund_proposed ON order_refund (sales_order_id)
      WHERE state = 'PROPOSED';
    CREATE INDEX order_refund_state ON order_refund (state, id);
    """
}
