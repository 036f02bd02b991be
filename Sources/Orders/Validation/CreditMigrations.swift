extension OrdersMigrations {
  /// More that orders are looked at for: how large the first ones of a customer are, the day that
  /// is asked for, and how much of its credit the customer uses.
  static let validationOfCredit: StaticString = """
    CREATE TABLE validation_rule_next (
      policy_version INTEGER NOT NULL REFERENCES validation_policy (version),
      position INTEGER NOT NULL CHECK (position > 0),
      code TEXT NOT NULL,
      channel TEXT,
      customer_class TEXT,
      sourcing TEXT CHECK (sourcing = 'STOCK' OR sourcing = 'MAKE' OR sourcing = 'SERVICE'),
      condition TEXT NOT NULL CHECK (
        condition = 'REQUIRED' OR condition = 'FORMAT' OR condition = 'REGION' OR
        condition = 'QUANTITY' OR condition = 'AMOUNT' OR condition = 'DUPLICATE' OR
        condition = 'OVERDUE' OR condition = 'TERMS' OR condition = 'NEWCOMER' OR
        condition = 'REQUESTED_DAY' OR condition = 'CREDIT'),
      element TEXT,
      patterns TEXT,
      country_code TEXT,
      postcode_prefix TEXT,
      region_prefix TEXT,
      factor_micros INTEGER CHECK (factor_micros > 0),
      minimum_history INTEGER CHECK (minimum_history > 0),
      least_spread_micros INTEGER CHECK (least_spread_micros >= 0),
      hours INTEGER CHECK (hours > 0),
      overdue_days INTEGER CHECK (overdue_days >= 0),
      most_net_days INTEGER CHECK (most_net_days >= 0),
      least_deposit_micros INTEGER CHECK (least_deposit_micros BETWEEN 0 AND 1000000),
      fewer_closed INTEGER CHECK (fewer_closed > 0),
      fewer_orders INTEGER CHECK (fewer_orders > 0),
      most_quantity INTEGER CHECK (most_quantity > 0),
      most_amount_minor INTEGER CHECK (most_amount_minor > 0),
      currency TEXT,
      earliest_days INTEGER,
      latest_days INTEGER CHECK (latest_days >= earliest_days),
      share_micros INTEGER CHECK (share_micros BETWEEN 1 AND 1000000),
      at_dispatch INTEGER NOT NULL CHECK (at_dispatch IN (0, 1)),
      hold TEXT,
      PRIMARY KEY (policy_version, position),
      UNIQUE (policy_version, code),
      CHECK ((most_amount_minor IS NULL) = (currency IS NULL)),
      CHECK (at_dispatch = 0 OR condition = 'OVERDUE' OR condition = 'CREDIT')
    ) STRICT, WITHOUT ROWID;
    INSERT INTO validation_rule_next (policy_version, position, code, channel, customer_class,
      sourcing, condition, element, patterns, country_code, postcode_prefix, region_prefix,
      factor_micros, minimum_history, least_spread_micros, hours, overdue_days, most_net_days,
      least_deposit_micros, fewer_closed, at_dispatch, hold)
    SELECT policy_version, position, code, channel, customer_class, sourcing, condition, element,
      patterns, country_code, postcode_prefix, region_prefix, factor_micros, minimum_history,
      least_spread_micros, hours, overdue_days, most_net_days, least_deposit_micros, fewer_closed,
      0, hold
    FROM validation_rule;
    DROP TABLE validation_rule;
    ALTER TABLE validation_rule_next RENAME TO validation_rule;
    """
}
