extension OrdersMigrations {
  /// Links by which customers follow an order; of what opens them the hash alone.
  static let portalLinks: StaticString = """
    CREATE TABLE portal_link (
      id INTEGER PRIMARY KEY,
      public_id TEXT NOT NULL UNIQUE,
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      digest BLOB NOT NULL CHECK (length(digest) = 32),
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL CHECK (expires_at > made_at),
      revoked_by TEXT,
      revoked_at INTEGER,
      CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
    ) STRICT;
    CREATE INDEX portal_link_order ON portal_link (sales_order_id, id);
    """
}
