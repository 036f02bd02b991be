extension OrdersMigrations {
  /// Which warehouse orders get that name none. A company begins without rules: orders name theirs.
  static let assignment: StaticString = """
    CREATE TABLE assignment_policy (
      version INTEGER PRIMARY KEY,
      valid_from INTEGER NOT NULL,
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE assignment_rule (
      policy_version INTEGER NOT NULL REFERENCES assignment_policy (version),
      position INTEGER NOT NULL CHECK (position > 0),
      channel TEXT,
      customer_class TEXT,
      store_code TEXT,
      zone_code TEXT,
      product_class TEXT,
      is_made INTEGER NOT NULL CHECK (is_made IN (0, 1)),
      -- Codes with blanks between, the first choice first.
      warehouse_codes TEXT NOT NULL CHECK (warehouse_codes <> ''),
      choice TEXT NOT NULL CHECK (choice IN ('COMPLETE', 'FIRST')),
      PRIMARY KEY (policy_version, position)
    ) STRICT, WITHOUT ROWID;

    -- Of an order that named none. Who writes a draft anew may name another one afterwards.
    CREATE TABLE order_assignment (
      sales_order_id INTEGER PRIMARY KEY REFERENCES sales_order (id),
      warehouse_code TEXT NOT NULL,
      policy_version INTEGER NOT NULL,
      rule INTEGER NOT NULL,
      explanation TEXT NOT NULL,
      FOREIGN KEY (policy_version, rule) REFERENCES assignment_rule (policy_version, position)
    ) STRICT;
    """
}
