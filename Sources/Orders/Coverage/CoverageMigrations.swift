extension OrdersMigrations {
  /// Which carriers serve which zones. A company begins without a table: everybody is reached.
  static let coverage: StaticString = """
    CREATE TABLE carrier_coverage (
      version INTEGER PRIMARY KEY,
      valid_from INTEGER NOT NULL,
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX carrier_coverage_day ON carrier_coverage (valid_from, version);
    CREATE TABLE carrier_coverage_row (
      version INTEGER NOT NULL REFERENCES carrier_coverage (version),
      zone_code TEXT NOT NULL,
      position INTEGER NOT NULL CHECK (position > 0),
      carrier TEXT NOT NULL,
      PRIMARY KEY (version, zone_code, position),
      UNIQUE (version, zone_code, carrier)
    ) STRICT, WITHOUT ROWID;
    """
}
