extension OrdersMigrations {
  /// Rules become the first version. Orders that wait have one step, of which nobody knows the
  /// rule.
  static let approvals: StaticString = """
    CREATE TABLE approval_policy (
      version INTEGER PRIMARY KEY,
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;
    INSERT INTO approval_policy (version, reason, made_by, made_at)
    VALUES (1, 'As it was before rules had versions', '', 0);

    CREATE TABLE approval_policy_rule (
      policy_version INTEGER NOT NULL REFERENCES approval_policy (version),
      position INTEGER NOT NULL CHECK (position > 0),
      kind TEXT NOT NULL,
      customer_class TEXT,
      minimum_gross_minor INTEGER CHECK (minimum_gross_minor >= 0),
      currency TEXT,
      minimum_discount_micros INTEGER CHECK (minimum_discount_micros BETWEEN 0 AND 1000000),
      margin_below_micros INTEGER CHECK (margin_below_micros BETWEEN -1000000 AND 1000000),
      exempt_role TEXT,
      gross_below_minor INTEGER CHECK (gross_below_minor >= 0),
      window_hours INTEGER CHECK (window_hours > 0),
      country_code TEXT,
      region_prefix TEXT,
      product_class TEXT,
      is_parallel INTEGER NOT NULL CHECK (is_parallel IN (0, 1)),
      PRIMARY KEY (policy_version, position),
      CHECK ((country_code IS NULL) = (region_prefix IS NULL)),
      CHECK (window_hours IS NULL OR minimum_gross_minor IS NOT NULL)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO approval_policy_rule (policy_version, position, kind, customer_class,
      minimum_gross_minor, currency, minimum_discount_micros, margin_below_micros, exempt_role,
      is_parallel)
    SELECT 1, position, 'ORDER', customer_class, minimum_gross_minor, currency,
      minimum_discount_micros, margin_below_micros, exempt_role, 0
    FROM approval_rule;

    CREATE TABLE approval_policy_step (
      policy_version INTEGER NOT NULL,
      rule INTEGER NOT NULL,
      position INTEGER NOT NULL CHECK (position > 0),
      role TEXT NOT NULL,
      due_hours INTEGER CHECK (due_hours > 0),
      remind_hours INTEGER CHECK (remind_hours > 0),
      escalation_role TEXT,
      PRIMARY KEY (policy_version, rule, position),
      FOREIGN KEY (policy_version, rule)
        REFERENCES approval_policy_rule (policy_version, position),
      CHECK (escalation_role IS NULL OR due_hours IS NOT NULL)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO approval_policy_step (policy_version, rule, position, role)
    SELECT 1, position, 1, approver_role FROM approval_rule WHERE approver_role IS NOT NULL;
    DROP TABLE approval_rule;

    CREATE TABLE approval_round (
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      round INTEGER NOT NULL CHECK (round > 0),
      policy_version INTEGER NOT NULL REFERENCES approval_policy (version),
      asked_by TEXT NOT NULL,
      asked_at INTEGER NOT NULL,
      is_change INTEGER NOT NULL CHECK (is_change IN (0, 1)),
      gross_minor INTEGER NOT NULL,
      currency TEXT NOT NULL,
      discount_micros INTEGER NOT NULL,
      margin_micros INTEGER,
      region TEXT NOT NULL,
      is_refused INTEGER NOT NULL CHECK (is_refused IN (0, 1)),
      PRIMARY KEY (sales_order_id, round)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO approval_round (sales_order_id, round, policy_version, asked_by, asked_at,
      is_change, gross_minor, currency, discount_micros, region, is_refused)
    SELECT id, 1, 1, created_by, created_at, 0, gross_minor, currency, 0, '', 0
    FROM sales_order WHERE state = 'SUBMITTED' AND approver_role IS NOT NULL;

    -- next_at: when the sweep has to look at it. decided_round: an earlier round, whose decision
    -- still counts.
    CREATE TABLE approval_step (
      id INTEGER PRIMARY KEY,
      sales_order_id INTEGER NOT NULL,
      round INTEGER NOT NULL,
      number INTEGER NOT NULL CHECK (number > 0),
      kind TEXT NOT NULL,
      rule INTEGER NOT NULL CHECK (rule >= 0),
      position INTEGER NOT NULL CHECK (position > 0),
      follows INTEGER NOT NULL CHECK (follows IN (0, 1)),
      role TEXT NOT NULL,
      due_hours INTEGER,
      remind_hours INTEGER,
      escalation_role TEXT,
      state TEXT NOT NULL CHECK (
        state = 'WAITING' OR state = 'OPEN' OR state = 'APPROVED' OR state = 'REJECTED' OR
        state = 'RETURNED' OR state = 'DROPPED'),
      opened_at INTEGER,
      remind_at INTEGER,
      due_at INTEGER,
      next_at INTEGER,
      reminded_at INTEGER,
      escalated_at INTEGER,
      decided_by TEXT,
      standing_in_for TEXT NOT NULL,
      decided_at INTEGER,
      comment TEXT NOT NULL,
      decided_round INTEGER,
      UNIQUE (sales_order_id, round, number),
      FOREIGN KEY (sales_order_id, round) REFERENCES approval_round (sales_order_id, round),
      CHECK ((decided_by IS NOT NULL)
        = (state = 'APPROVED' OR state = 'REJECTED' OR state = 'RETURNED')),
      CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
      CHECK (next_at IS NULL OR state = 'OPEN'),
      CHECK (decided_round < round OR decided_round IS NULL)
    ) STRICT;
    CREATE INDEX approval_step_open ON approval_step (id) WHERE state = 'OPEN';
    CREATE INDEX approval_step_next ON approval_step (next_at, id) WHERE next_at IS NOT NULL;
    INSERT INTO approval_step (sales_order_id, round, number, kind, rule, position, follows, role,
      state, opened_at, decided_by, standing_in_for, decided_at, comment)
    SELECT id, 1, 1, 'ORDER', 0, 1, 0, approver_role,
      CASE WHEN decided_by IS NULL THEN 'OPEN' ELSE 'APPROVED' END, created_at, decided_by, '',
      CASE WHEN decided_by IS NULL THEN NULL ELSE created_at END, ''
    FROM sales_order WHERE state = 'SUBMITTED' AND approver_role IS NOT NULL;

    CREATE INDEX sales_order_priced ON sales_order (customer_code, priced_on)
      WHERE priced_on IS NOT NULL;
    """
}
