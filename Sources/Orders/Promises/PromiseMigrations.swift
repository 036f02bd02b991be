extension OrdersMigrations {
  /// Lines that waited for goods once: a line that had all it wanted on the shelf has no row. What
  /// a waiting line waits for is found by product and warehouse when something comes.
  static let promises: StaticString = """
    CREATE TABLE order_promise (
      id INTEGER PRIMARY KEY,
      sales_order_id INTEGER NOT NULL,
      line_number INTEGER NOT NULL,
      product_id INTEGER NOT NULL REFERENCES product (id),
      promised_on INTEGER,
      expected_on INTEGER,
      state TEXT NOT NULL CHECK (state = 'WAITING' OR state = 'READY' OR state = 'GONE'),
      agreed INTEGER NOT NULL CHECK (agreed IN (0, 1)),
      late INTEGER NOT NULL CHECK (late IN (0, 1)),
      checked_on INTEGER NOT NULL,
      UNIQUE (sales_order_id, line_number),
      FOREIGN KEY (sales_order_id, line_number)
        REFERENCES sales_order_line (sales_order_id, line_number),
      CHECK (late = 0 OR (state = 'WAITING' AND expected_on IS NOT NULL))
    ) STRICT;
    CREATE INDEX order_promise_late ON order_promise (id) WHERE late = 1;
    CREATE INDEX order_promise_unknown ON order_promise (id)
      WHERE state = 'WAITING' AND expected_on IS NULL;
    CREATE INDEX order_promise_checked ON order_promise (checked_on, id) WHERE state = 'WAITING';

    CREATE TABLE order_promise_place (
      product_id INTEGER NOT NULL,
      warehouse_code TEXT NOT NULL,
      promise_id INTEGER NOT NULL REFERENCES order_promise (id),
      PRIMARY KEY (product_id, warehouse_code, promise_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX order_promise_place_promise ON order_promise_place (promise_id);
    """

  /// A company begins with a policy without points: who was confirmed first is served first.
  static let allocation: StaticString = """
    CREATE TABLE allocation_policy (
      version INTEGER PRIMARY KEY,
      criteria TEXT NOT NULL,
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;
    INSERT INTO allocation_policy (version, criteria, reason, made_by, made_at)
    VALUES (1, 'PRIORITY CONFIRMED', 'As shipped: first come, first served', '', 0);

    CREATE TABLE priority_rule (
      policy_version INTEGER NOT NULL REFERENCES allocation_policy (version),
      position INTEGER NOT NULL CHECK (position > 0),
      customer_class TEXT,
      from_gross_minor INTEGER CHECK (from_gross_minor >= 0),
      currency TEXT,
      within_days INTEGER CHECK (within_days >= 0),
      sku TEXT,
      points INTEGER NOT NULL CHECK (points BETWEEN -1000 AND 1000 AND points <> 0),
      PRIMARY KEY (policy_version, position),
      CHECK ((from_gross_minor IS NULL) = (currency IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE order_priority (
      id INTEGER PRIMARY KEY,
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      score INTEGER,
      reason TEXT NOT NULL,
      set_by TEXT NOT NULL,
      set_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX order_priority_order ON order_priority (sales_order_id, id);
    """

  /// What customers chose about lines for which there were not enough goods: a record that is only
  /// ever added to.
  static let shortage: StaticString = """
    CREATE TABLE shortage_choice (
      id INTEGER PRIMARY KEY,
      sales_order_id INTEGER NOT NULL,
      line_number INTEGER NOT NULL,
      choice TEXT NOT NULL CHECK (
        choice = 'WAIT' OR choice = 'SUBSTITUTE' OR choice = 'PART_SHIP' OR choice = 'CANCEL'),
      quantity INTEGER NOT NULL CHECK (quantity > 0),
      substitute_line INTEGER,
      agreed_on INTEGER,
      comment TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL,
      FOREIGN KEY (sales_order_id, line_number)
        REFERENCES sales_order_line (sales_order_id, line_number),
      CHECK ((choice = 'SUBSTITUTE') = (substitute_line IS NOT NULL))
    ) STRICT;
    CREATE INDEX shortage_choice_line ON shortage_choice (sales_order_id, line_number);
    """

  /// What somebody must look at, in indexes that hold nothing else.
  static let exceptions: StaticString = """
    CREATE INDEX order_promise_short ON order_promise (id)
      WHERE state = 'WAITING' AND late = 0 AND expected_on IS NOT NULL;
    CREATE INDEX sales_order_hold_lasting ON sales_order_hold (id) WHERE released_at IS NULL;
    CREATE INDEX shipment_packed ON shipment (id) WHERE state = 'PACKED';
    """
}
