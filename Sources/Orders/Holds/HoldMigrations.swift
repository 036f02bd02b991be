extension OrdersMigrations {
  /// A kind of hold that stops nothing.
  static let warnings: StaticString = """
    CREATE TABLE sales_order_hold_next (
      id INTEGER PRIMARY KEY,
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      kind TEXT NOT NULL CHECK (
        kind = 'CREDIT' OR kind = 'PRICE' OR kind = 'ADDRESS' OR kind = 'FRAUD' OR
        kind = 'MATERIAL' OR kind = 'CUSTOMER' OR kind = 'DUPLICATE' OR kind = 'OUTLIER' OR
        kind = 'DATA' OR kind = 'WARNING'),
      reason TEXT NOT NULL,
      explanation TEXT NOT NULL,
      set_by TEXT NOT NULL,
      set_at INTEGER NOT NULL,
      released_by TEXT,
      released_at INTEGER,
      release_reason TEXT,
      CHECK ((released_by IS NULL) = (released_at IS NULL))
    ) STRICT;
    INSERT INTO sales_order_hold_next (id, sales_order_id, kind, reason, explanation, set_by,
      set_at, released_by, released_at, release_reason)
    SELECT id, sales_order_id, kind, reason, explanation, set_by, set_at, released_by,
      released_at, release_reason
    FROM sales_order_hold;
    DROP TABLE sales_order_hold;
    ALTER TABLE sales_order_hold_next RENAME TO sales_order_hold;
    CREATE UNIQUE INDEX sales_order_hold_open ON sales_order_hold (sales_order_id, kind)
      WHERE released_at IS NULL;
    CREATE INDEX sales_order_hold_lasting ON sales_order_hold (id) WHERE released_at IS NULL;
    """
}
