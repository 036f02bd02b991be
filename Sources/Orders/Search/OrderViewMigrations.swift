extension OrdersMigrations {
  /// Searches that people keep. A filter that says nothing is NULL.
  static let orderViews: StaticString = """
    CREATE TABLE order_view (
      id INTEGER PRIMARY KEY,
      owner TEXT NOT NULL,
      name TEXT NOT NULL,
      shared_role TEXT,
      saved_at INTEGER NOT NULL,
      customer_code TEXT,
      state TEXT,
      channel TEXT,
      number_prefix TEXT,
      created_from INTEGER,
      created_until INTEGER,
      created_within_days INTEGER CHECK (created_within_days > 0),
      currency TEXT,
      gross_from_minor INTEGER,
      gross_until_minor INTEGER,
      sku TEXT,
      salesperson TEXT,
      store_code TEXT,
      hold_kind TEXT,
      requested_from INTEGER,
      requested_until INTEGER,
      expected_from INTEGER,
      expected_until INTEGER,
      UNIQUE (owner, name),
      CHECK (created_from IS NULL OR created_within_days IS NULL),
      CHECK ((currency IS NULL) = (gross_from_minor IS NULL AND gross_until_minor IS NULL))
    ) STRICT;
    CREATE INDEX order_view_shared ON order_view (shared_role, name, owner)
      WHERE shared_role IS NOT NULL;
    CREATE INDEX order_view_customer ON order_view (customer_code)
      WHERE customer_code IS NOT NULL;
    """
}
