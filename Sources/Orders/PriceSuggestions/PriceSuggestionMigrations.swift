extension OrdersMigrations {
  /// Prices that rules suggest. A company begins without rules: nothing is suggested, and nothing
  /// that is sold or priced looks at these tables.
  static let priceSuggestions: StaticString = """
    CREATE TABLE price_suggestion_policy (
      version INTEGER PRIMARY KEY,
      valid_from INTEGER NOT NULL,
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE price_rule (
      policy_version INTEGER NOT NULL REFERENCES price_suggestion_policy (version),
      rule_number INTEGER NOT NULL CHECK (rule_number > 0),
      code TEXT NOT NULL,
      price_list_code TEXT NOT NULL REFERENCES price_list (code),
      product_class TEXT NOT NULL,
      sku TEXT NOT NULL,
      supplier_code TEXT NOT NULL,
      window_days INTEGER NOT NULL CHECK (window_days BETWEEN 1 AND 366),
      change_micros INTEGER
        CHECK (change_micros BETWEEN -900000 AND 1000000 AND change_micros <> 0),
      target_margin_micros INTEGER CHECK (target_margin_micros BETWEEN 0 AND 950000),
      ending_step_minor INTEGER CHECK (ending_step_minor > 0),
      ending_minor INTEGER CHECK (ending_minor >= 0 AND ending_minor < ending_step_minor),
      currency TEXT,
      most_down_micros INTEGER NOT NULL CHECK (most_down_micros BETWEEN 0 AND 900000),
      most_up_micros INTEGER NOT NULL CHECK (most_up_micros BETWEEN 0 AND 1000000),
      farthest_down_micros INTEGER NOT NULL CHECK (farthest_down_micros BETWEEN 0 AND 900000),
      farthest_up_micros INTEGER NOT NULL CHECK (farthest_up_micros BETWEEN 0 AND 1000000),
      floor_margin_micros INTEGER CHECK (floor_margin_micros BETWEEN 0 AND 950000),
      minimum_days INTEGER NOT NULL CHECK (minimum_days BETWEEN 1 AND 366),
      expires_after_days INTEGER NOT NULL CHECK (expires_after_days BETWEEN 1 AND 90),
      beyond_band INTEGER NOT NULL CHECK (beyond_band IN (0, 1)),
      applies_within_band INTEGER NOT NULL CHECK (applies_within_band IN (0, 1)),
      PRIMARY KEY (policy_version, rule_number),
      UNIQUE (policy_version, code),
      CHECK ((change_micros IS NULL) <> (target_margin_micros IS NULL)),
      CHECK ((ending_step_minor IS NULL) = (currency IS NULL)),
      CHECK ((ending_step_minor IS NULL) = (ending_minor IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE price_condition (
      policy_version INTEGER NOT NULL,
      rule_number INTEGER NOT NULL,
      number INTEGER NOT NULL CHECK (number > 0),
      fact TEXT NOT NULL CHECK (
        fact = 'COVER_DAYS' OR fact = 'STOCK_AGE_DAYS' OR fact = 'UNITS_SOLD' OR
        fact = 'SELL_THROUGH' OR fact = 'MARGIN' OR fact = 'DAYS_TO_END' OR
        fact = 'INCOMING_UNITS' OR fact = 'AVAILABLE_UNITS'),
      bound TEXT NOT NULL CHECK (bound = 'AT_LEAST' OR bound = 'AT_MOST'),
      value_micros INTEGER NOT NULL,
      PRIMARY KEY (policy_version, rule_number, number),
      FOREIGN KEY (policy_version, rule_number)
        REFERENCES price_rule (policy_version, rule_number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE price_suggestion (
      id INTEGER PRIMARY KEY,
      price_list_id INTEGER NOT NULL REFERENCES price_list (id),
      price_list_code TEXT NOT NULL,
      product_id INTEGER NOT NULL REFERENCES product (id),
      sku TEXT NOT NULL,
      minimum_quantity_micros INTEGER NOT NULL CHECK (minimum_quantity_micros >= 0),
      base_unit TEXT NOT NULL,
      unit TEXT NOT NULL,
      currency TEXT NOT NULL,
      price_micros INTEGER NOT NULL CHECK (price_micros >= 0),
      price_from INTEGER NOT NULL,
      list_price_micros INTEGER NOT NULL CHECK (list_price_micros >= 0),
      suggested_micros INTEGER NOT NULL CHECK (suggested_micros > 0),
      beyond_band INTEGER NOT NULL CHECK (beyond_band IN (0, 1)),
      policy_version INTEGER NOT NULL,
      rule_code TEXT NOT NULL,
      suggested_on INTEGER NOT NULL,
      valid_from INTEGER NOT NULL CHECK (valid_from > price_from),
      expires_on INTEGER NOT NULL CHECK (expires_on >= suggested_on),
      on_hand INTEGER NOT NULL,
      reserved INTEGER NOT NULL,
      incoming INTEGER NOT NULL,
      units_sold INTEGER NOT NULL,
      window_days INTEGER NOT NULL,
      stock_age_days INTEGER,
      days_to_end INTEGER,
      unit_cost_micros INTEGER,
      tax_rate_micros INTEGER NOT NULL,
      explanation TEXT NOT NULL,
      cost_explanation TEXT NOT NULL,
      state TEXT NOT NULL CHECK (
        state = 'OPEN' OR state = 'PENDING' OR state = 'ACCEPTED' OR state = 'REJECTED' OR
        state = 'EXPIRED' OR state = 'STALE'),
      accepted_by TEXT,
      decided_by TEXT,
      decided_at INTEGER,
      decided_on INTEGER,
      reason TEXT NOT NULL,
      applied_from INTEGER,
      base_cost_micros INTEGER,
      base_currency TEXT,
      FOREIGN KEY (policy_version, rule_code) REFERENCES price_rule (policy_version, code),
      CHECK (suggested_micros <> price_micros),
      CHECK ((state = 'ACCEPTED') = (applied_from IS NOT NULL)),
      CHECK (state <> 'PENDING' OR beyond_band = 1 AND accepted_by IS NOT NULL),
      CHECK (state <> 'ACCEPTED' OR accepted_by IS NOT NULL),
      CHECK ((decided_at IS NULL) = (decided_on IS NULL)),
      CHECK ((base_cost_micros IS NULL) = (base_currency IS NULL))
    ) STRICT;
    -- One for each price, whatever happens.
    CREATE UNIQUE INDEX price_suggestion_open
      ON price_suggestion (product_id, price_list_id, minimum_quantity_micros)
      WHERE state = 'OPEN' OR state = 'PENDING';
    CREATE INDEX price_suggestion_price
      ON price_suggestion (product_id, price_list_id, minimum_quantity_micros, state, id);
    CREATE INDEX price_suggestion_sku ON price_suggestion (sku, id);
    CREATE INDEX price_suggestion_state ON price_suggestion (state, id);
    """
}
