extension MasterDataMigrations {
  /// How new codes must be written. A company begins without patterns: any code will do.
  static let codePatterns: StaticString = """
    CREATE TABLE code_pattern_version (
      version INTEGER PRIMARY KEY,
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;
    INSERT INTO code_pattern_version (version, reason, made_by, made_at)
    VALUES (1, 'as shipped', '', 0);

    CREATE TABLE code_pattern (
      version INTEGER NOT NULL REFERENCES code_pattern_version (version),
      position INTEGER NOT NULL CHECK (position > 0),
      kind TEXT NOT NULL,
      class_code TEXT NOT NULL,
      pattern TEXT NOT NULL,
      PRIMARY KEY (version, position)
    ) STRICT, WITHOUT ROWID;
    """

  /// What other systems call customers, contacts and addresses, and who wrote a customer last:
  /// of customers that were there nobody knows, so whoever writes next is later. An id that was
  /// taken away stays written down, so that whoever is erased is forgotten under it, too.
  static let externalIDs: StaticString = """
    CREATE TABLE external_id (
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('CUSTOMER', 'CONTACT', 'ADDRESS')),
      external_id TEXT NOT NULL,
      customer_id INTEGER NOT NULL REFERENCES customer (id),
      part_id INTEGER,
      modified_at INTEGER NOT NULL,
      is_removed INTEGER NOT NULL CHECK (is_removed IN (0, 1)),
      CHECK ((kind = 'CUSTOMER') = (part_id IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX external_id_live ON external_id (external_id, kind)
      WHERE is_removed = 0;
    CREATE INDEX external_id_customer ON external_id (customer_id, external_id, id);

    ALTER TABLE customer ADD COLUMN modified_at INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE customer ADD COLUMN modified_by_system TEXT NOT NULL DEFAULT '';
    """
}
