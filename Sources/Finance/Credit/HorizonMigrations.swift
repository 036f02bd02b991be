extension FinanceMigrations {
  /// How far ahead orders count in credit; a company begins without. On which days what of an
  /// order's exposure is wanted, and when limits were asked for it last, is of its row: nothing is
  /// known of it here, and Orders fills the days.
  static let creditHorizon: StaticString = """
    CREATE TABLE credit_horizon (
      version INTEGER PRIMARY KEY,
      valid_from INTEGER NOT NULL,
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE credit_horizon_rule (
      version INTEGER NOT NULL REFERENCES credit_horizon (version),
      customer_class TEXT NOT NULL,
      days INTEGER NOT NULL CHECK (days BETWEEN 0 AND 3650),
      PRIMARY KEY (version, customer_class)
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE credit_exposure ADD COLUMN wanted TEXT;
    ALTER TABLE credit_exposure ADD COLUMN wanted_until INTEGER
      CHECK ((wanted_until IS NULL) = (wanted IS NULL));
    ALTER TABLE credit_exposure ADD COLUMN checked_on INTEGER;
    CREATE INDEX credit_exposure_wanted ON credit_exposure (customer_id, wanted_until)
      WHERE wanted_until IS NOT NULL;
    """
}
