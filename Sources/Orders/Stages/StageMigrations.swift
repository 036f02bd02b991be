extension OrdersMigrations {
  /// How far orders have come, and how long they may take. What is kept of an order begins with the
  /// first policy: without one nothing is written here. The indexes of clocks hold open orders
  /// alone, however many are through.
  static let stages: StaticString = """
    CREATE TABLE stage_policy (
      version INTEGER PRIMARY KEY,
      valid_from INTEGER NOT NULL,
      still_on_hold TEXT NOT NULL,
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE stage_term (
      policy_version INTEGER NOT NULL REFERENCES stage_policy (version),
      position INTEGER NOT NULL CHECK (position > 0),
      stage TEXT NOT NULL,
      channel TEXT,
      customer_class TEXT,
      hours INTEGER NOT NULL CHECK (hours > 0),
      in_business_hours INTEGER NOT NULL CHECK (in_business_hours IN (0, 1)),
      remind_before_hours INTEGER NOT NULL CHECK (remind_before_hours >= 0),
      escalation_role TEXT NOT NULL,
      PRIMARY KEY (policy_version, position),
      CHECK (remind_before_hours < hours)
    ) STRICT, WITHOUT ROWID;

    -- How far the orders that were open before the first policy are looked through, state by state.
    CREATE TABLE stage_enrolment (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      state TEXT,
      created_on INTEGER NOT NULL,
      sales_order_id INTEGER NOT NULL
    ) STRICT;
    INSERT INTO stage_enrolment (id, state, created_on, sales_order_id)
    VALUES (1, 'DRAFT', -2147483648, 0);

    CREATE TABLE order_stage_visit (
      id INTEGER PRIMARY KEY,
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      stage TEXT NOT NULL CHECK (
        stage = 'CREATED' OR stage = 'IN_REVIEW' OR stage = 'CONFIRMED' OR
        stage = 'IN_PRODUCTION' OR stage = 'QUALITY_CHECK' OR stage = 'PICKING' OR
        stage = 'SHIPPED' OR stage = 'IN_DELIVERY' OR stage = 'DELIVERED'),
      entered_at INTEGER NOT NULL,
      entered_before INTEGER NOT NULL CHECK (entered_before IN (0, 1)),
      policy_version INTEGER NOT NULL REFERENCES stage_policy (version),
      term INTEGER,
      due_at INTEGER,
      -- When it is to be told of next.
      next_at INTEGER,
      still_at INTEGER,
      -- Microseconds that were left of its clock when that stopped.
      remaining INTEGER CHECK (remaining >= 0),
      -- Microseconds that it stood still before, of the time that counts.
      held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
      reminded_at INTEGER,
      escalated_at INTEGER,
      left_at INTEGER CHECK (left_at >= entered_at),
      -- Microseconds for which its clock ran.
      spent INTEGER CHECK (spent >= 0),
      CHECK ((left_at IS NULL) = (spent IS NULL)),
      CHECK (term IS NOT NULL OR (due_at IS NULL AND remaining IS NULL)),
      CHECK (remaining IS NULL OR (still_at IS NOT NULL AND due_at IS NULL)),
      CHECK (next_at IS NULL OR due_at IS NOT NULL)
    ) STRICT;
    CREATE UNIQUE INDEX order_stage_visit_open ON order_stage_visit (sales_order_id)
      WHERE left_at IS NULL;
    CREATE INDEX order_stage_visit_order ON order_stage_visit (sales_order_id, id);
    CREATE INDEX order_stage_visit_due ON order_stage_visit (due_at, id)
      WHERE left_at IS NULL AND due_at IS NOT NULL;
    CREATE INDEX order_stage_visit_next ON order_stage_visit (next_at, id)
      WHERE left_at IS NULL AND next_at IS NOT NULL;
    CREATE INDEX order_stage_visit_still ON order_stage_visit (still_at, id)
      WHERE left_at IS NULL AND still_at IS NOT NULL;
    CREATE INDEX order_stage_visit_present ON order_stage_visit (stage, due_at, id)
      WHERE left_at IS NULL;
    CREATE INDEX order_stage_visit_left ON order_stage_visit (stage, left_at)
      WHERE left_at IS NOT NULL;

    ALTER TABLE order_view ADD COLUMN stage TEXT;

    -- What is true of an order beside its state (`OrderStage.Facts`), as far as its state asks.
    CREATE VIEW view_order_stage_facts AS
      SELECT o.id, CASE
        WHEN o.state = 'CONFIRMED' OR o.state = 'PARTLY_SHIPPED' THEN
          CASE WHEN EXISTS (
            SELECT 1 FROM view_work_in_hand AS w
            WHERE w.root_kind = 'SALES_ORDER' AND w.root_number = o.number
              AND w.waits_for_inspection = 0) THEN 1 ELSE 0 END
          + CASE WHEN EXISTS (
            SELECT 1 FROM view_work_in_hand AS w
            WHERE w.root_kind = 'SALES_ORDER' AND w.root_number = o.number
              AND w.waits_for_inspection = 1) THEN 2 ELSE 0 END
          + CASE WHEN EXISTS (
            SELECT 1 FROM shipment AS s
            WHERE s.sales_order_id = o.id
              AND (s.state = 'PREPARED' OR s.state = 'PICKED' OR s.state = 'PACKED'))
            THEN 4 ELSE 0 END
        WHEN o.state = 'SHIPPED' THEN
          CASE WHEN EXISTS (
              SELECT 1 FROM shipment AS s
              WHERE s.sales_order_id = o.id AND s.state = 'DISPATCHED')
            AND NOT EXISTS (
              SELECT 1 FROM shipment AS s
              WHERE s.sales_order_id = o.id AND s.state = 'DISPATCHED'
                AND COALESCE(s.carrier_status, 'ACCEPTED') = 'ACCEPTED')
            THEN 8 ELSE 0 END
        ELSE 0 END AS facts
      FROM sales_order AS o;
    """
}
