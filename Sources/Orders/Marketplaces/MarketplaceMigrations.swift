extension OrdersMigrations {
  /// What marketplaces may offer, and what they were told. Those that there are may offer all that
  /// is free, as they could before; products say nothing of their own.
  static let marketplaceStock: StaticString = """
    ALTER TABLE marketplace ADD COLUMN share_micros INTEGER NOT NULL DEFAULT 1000000
      CHECK (share_micros BETWEEN 0 AND 1000000);
    ALTER TABLE marketplace ADD COLUMN keep_back_units INTEGER NOT NULL DEFAULT 0
      CHECK (keep_back_units >= 0);
    ALTER TABLE marketplace ADD COLUMN at_most_units INTEGER CHECK (at_most_units >= 0);
    ALTER TABLE marketplace_product ADD COLUMN share_micros INTEGER
      CHECK (share_micros BETWEEN 0 AND 1000000);
    ALTER TABLE marketplace_product ADD COLUMN keep_back_units INTEGER
      CHECK (keep_back_units >= 0 AND share_micros IS NOT NULL
        OR keep_back_units IS NULL AND share_micros IS NULL);
    ALTER TABLE marketplace_product ADD COLUMN at_most_units INTEGER
      CHECK (at_most_units >= 0 AND share_micros IS NOT NULL OR at_most_units IS NULL);

    CREATE TABLE marketplace_offer (
      marketplace_code TEXT NOT NULL REFERENCES marketplace (code),
      external_sku TEXT NOT NULL,
      sku TEXT NOT NULL,
      unit TEXT NOT NULL,
      quantity INTEGER NOT NULL CHECK (quantity >= 0),
      since INTEGER NOT NULL,
      sequence INTEGER NOT NULL CHECK (sequence > 0),
      PRIMARY KEY (marketplace_code, external_sku),
      UNIQUE (marketplace_code, sequence)
    ) STRICT, WITHOUT ROWID;
    """
}
