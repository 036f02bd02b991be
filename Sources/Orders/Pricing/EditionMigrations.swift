extension OrdersMigrations {
  /// What rules of charges and promotions were before they were changed, and by which of them an
  /// order was priced. Orders and quotes from before have no basis: they were priced by the rules
  /// as these are now, as far as anybody knows.
  static let pricingEditions: StaticString = """
    ALTER TABLE pricing_rules ADD COLUMN edition INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE promotion ADD COLUMN since_edition INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE sales_order ADD COLUMN pricing_basis TEXT;
    ALTER TABLE quote_variant ADD COLUMN pricing_basis TEXT;

    CREATE TABLE past_promotion_limit (
      until_edition INTEGER PRIMARY KEY,
      share_micros INTEGER,
      amount_minor INTEGER,
      currency TEXT
    ) STRICT;

    CREATE TABLE past_charge_set (
      until_edition INTEGER PRIMARY KEY
    ) STRICT;
    CREATE TABLE past_charge_rule (
      until_edition INTEGER NOT NULL REFERENCES past_charge_set (until_edition),
      position INTEGER NOT NULL CHECK (position > 0),
      charge TEXT NOT NULL,
      sku TEXT NOT NULL,
      occasion TEXT NOT NULL,
      zone TEXT,
      channel TEXT,
      customer_class TEXT,
      below_minor INTEGER,
      base_minor INTEGER,
      kilogram_micros INTEGER,
      cubic_metre_micros INTEGER,
      piece_micros INTEGER,
      floor_micros INTEGER,
      share_micros INTEGER NOT NULL,
      cap_minor INTEGER,
      currency TEXT NOT NULL,
      PRIMARY KEY (until_edition, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE past_promotion (
      id INTEGER PRIMARY KEY,
      since_edition INTEGER NOT NULL,
      until_edition INTEGER NOT NULL CHECK (until_edition > since_edition),
      code TEXT NOT NULL,
      name TEXT NOT NULL,
      valid_from INTEGER NOT NULL,
      valid_until INTEGER,
      channel TEXT,
      customer_class TEXT,
      stacking_group TEXT NOT NULL,
      is_exclusive INTEGER NOT NULL,
      priority INTEGER NOT NULL,
      full_price_only INTEGER NOT NULL,
      needs_coupon INTEGER NOT NULL,
      is_set INTEGER NOT NULL,
      minimum_quantity INTEGER NOT NULL,
      minimum_amount_minor INTEGER,
      share_micros INTEGER,
      amount_minor INTEGER,
      set_price_minor INTEGER,
      cap_minor INTEGER,
      currency TEXT,
      UNIQUE (code, until_edition)
    ) STRICT;
    CREATE INDEX past_promotion_edition ON past_promotion (until_edition, since_edition);
    CREATE TABLE past_promotion_item (
      past_promotion_id INTEGER NOT NULL REFERENCES past_promotion (id),
      position INTEGER NOT NULL CHECK (position > 0),
      sku TEXT NOT NULL,
      quantity INTEGER NOT NULL,
      PRIMARY KEY (past_promotion_id, position)
    ) STRICT, WITHOUT ROWID;
    """
}
