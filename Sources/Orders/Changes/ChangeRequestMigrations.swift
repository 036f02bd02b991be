extension OrdersMigrations {
  /// A company begins with a policy that asks nobody beside the matrix and the approval rules, and
  /// ends what nobody decides in two weeks of work. Steps of requests are steps of approvals.
  static let changeRequests: StaticString = """
    CREATE TABLE change_policy (
      version INTEGER PRIMARY KEY,
      expire_hours INTEGER CHECK (expire_hours > 0),
      slack_days INTEGER NOT NULL CHECK (slack_days BETWEEN 0 AND 60),
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;
    INSERT INTO change_policy (version, expire_hours, slack_days, reason, made_by, made_at)
    VALUES (1, 90, 0, 'As shipped: requests end after two weeks', '', 0);

    -- kinds and stages: words with blanks between; empty for any.
    CREATE TABLE change_policy_rule (
      policy_version INTEGER NOT NULL REFERENCES change_policy (version),
      position INTEGER NOT NULL CHECK (position > 0),
      kinds TEXT NOT NULL,
      stages TEXT NOT NULL,
      minimum_minor INTEGER CHECK (minimum_minor >= 0),
      currency TEXT,
      role TEXT NOT NULL,
      due_hours INTEGER CHECK (due_hours > 0),
      remind_hours INTEGER CHECK (remind_hours > 0),
      escalation_role TEXT,
      PRIMARY KEY (policy_version, position),
      CHECK ((minimum_minor IS NULL) = (currency IS NULL)),
      CHECK (escalation_role IS NULL OR due_hours IS NOT NULL)
    ) STRICT, WITHOUT ROWID;

    -- roles: of who asked, then. What is set and NULL is taken away. round: the present one of the
    -- order's approval rounds; none where nobody had to agree.
    CREATE TABLE change_request (
      id INTEGER PRIMARY KEY,
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      number INTEGER NOT NULL CHECK (number > 0),
      version INTEGER NOT NULL CHECK (version > 0),
      state TEXT NOT NULL CHECK (
        state = 'PENDING' OR state = 'RETURNED' OR state = 'STALE' OR state = 'APPLIED' OR
        state = 'REJECTED' OR state = 'WITHDRAWN' OR state = 'EXPIRED'),
      requested_by TEXT NOT NULL,
      requested_at INTEGER NOT NULL,
      roles TEXT NOT NULL,
      reason TEXT NOT NULL,
      expires_at INTEGER,
      round INTEGER,
      sets_day INTEGER NOT NULL CHECK (sets_day IN (0, 1)),
      requested_on INTEGER,
      sets_delivery INTEGER NOT NULL CHECK (sets_delivery IN (0, 1)),
      delivery_zone TEXT,
      delivery_floor INTEGER,
      delivery_lift INTEGER,
      delivery_assembly INTEGER,
      delivery_address_id INTEGER,
      sets_discount INTEGER NOT NULL CHECK (sets_discount IN (0, 1)),
      discount_micros INTEGER,
      discount_minor INTEGER,
      is_repriced INTEGER NOT NULL CHECK (is_repriced IN (0, 1)),
      base_version INTEGER NOT NULL,
      net_minor INTEGER NOT NULL,
      tax_minor INTEGER NOT NULL,
      gross_minor INTEGER NOT NULL,
      sunk_minor INTEGER NOT NULL,
      unapplied_minor INTEGER NOT NULL,
      currency TEXT NOT NULL,
      ready_before INTEGER,
      ready_after INTEGER,
      differences TEXT NOT NULL,
      verdicts TEXT NOT NULL,
      decided_by TEXT,
      decided_at INTEGER,
      comment TEXT NOT NULL,
      applied_version INTEGER,
      UNIQUE (sales_order_id, number),
      CHECK ((state = 'APPLIED') = (applied_version IS NOT NULL)),
      CHECK (applied_version > base_version OR applied_version IS NULL),
      CHECK (expires_at IS NULL OR state = 'PENDING' OR state = 'RETURNED' OR state = 'STALE'),
      CHECK ((decided_by IS NULL) = (decided_at IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX change_request_pending ON change_request (sales_order_id)
      WHERE state = 'PENDING';
    CREATE INDEX change_request_open ON change_request (id)
      WHERE state = 'PENDING' OR state = 'RETURNED' OR state = 'STALE';
    CREATE INDEX change_request_state ON change_request (state, id);
    CREATE INDEX change_request_expiry ON change_request (expires_at, id)
      WHERE expires_at IS NOT NULL;

    -- line_number: of the line to change; none for one that is added.
    CREATE TABLE change_request_line (
      request_id INTEGER NOT NULL REFERENCES change_request (id),
      position INTEGER NOT NULL CHECK (position > 0),
      line_number INTEGER,
      is_removed INTEGER NOT NULL CHECK (is_removed IN (0, 1)),
      sku TEXT NOT NULL,
      quantity INTEGER,
      unit TEXT NOT NULL,
      discount_micros INTEGER,
      note TEXT NOT NULL,
      model_version INTEGER,
      settings TEXT,
      PRIMARY KEY (request_id, position),
      CHECK (line_number IS NOT NULL OR sku <> '' AND quantity IS NOT NULL)
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE approval_round ADD COLUMN change_request_id INTEGER
      REFERENCES change_request (id);
    CREATE INDEX approval_round_request ON approval_round (change_request_id)
      WHERE change_request_id IS NOT NULL;
    """
}
