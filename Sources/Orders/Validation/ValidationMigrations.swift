extension OrdersMigrations {
  static let marketplaces: StaticString = """
    CREATE TABLE marketplace (
      code TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      customer_code TEXT NOT NULL,
      warehouse_code TEXT NOT NULL,
      tolerance_micros INTEGER NOT NULL CHECK (tolerance_micros BETWEEN 0 AND 1000000)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE marketplace_status (
      marketplace_code TEXT NOT NULL REFERENCES marketplace (code),
      state TEXT NOT NULL,
      word TEXT NOT NULL,
      PRIMARY KEY (marketplace_code, state)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE marketplace_product (
      marketplace_code TEXT NOT NULL REFERENCES marketplace (code),
      external_sku TEXT NOT NULL,
      sku TEXT NOT NULL,
      PRIMARY KEY (marketplace_code, external_sku)
    ) STRICT, WITHOUT ROWID;
    """

  static let validation: StaticString = """
    CREATE TABLE validation_policy (
      version INTEGER PRIMARY KEY,
      valid_from INTEGER NOT NULL,
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX validation_policy_day ON validation_policy (valid_from, version);
    INSERT INTO validation_policy (version, valid_from, reason, made_by, made_at)
    VALUES (1, -719162, 'As shipped: nothing is looked for', '', 0);
    ALTER TABLE pricing_rules ADD COLUMN has_validation INTEGER NOT NULL DEFAULT 0
      CHECK (has_validation IN (0, 1));

    CREATE TABLE validation_rule (
      policy_version INTEGER NOT NULL REFERENCES validation_policy (version),
      position INTEGER NOT NULL CHECK (position > 0),
      code TEXT NOT NULL,
      channel TEXT,
      customer_class TEXT,
      sourcing TEXT CHECK (sourcing = 'STOCK' OR sourcing = 'MAKE' OR sourcing = 'SERVICE'),
      condition TEXT NOT NULL CHECK (
        condition = 'REQUIRED' OR condition = 'FORMAT' OR condition = 'REGION' OR
        condition = 'QUANTITY' OR condition = 'AMOUNT' OR condition = 'DUPLICATE'),
      element TEXT,
      patterns TEXT,
      country_code TEXT,
      postcode_prefix TEXT,
      region_prefix TEXT,
      factor_micros INTEGER CHECK (factor_micros > 0),
      minimum_history INTEGER CHECK (minimum_history > 0),
      least_spread_micros INTEGER CHECK (least_spread_micros >= 0),
      hours INTEGER CHECK (hours > 0),
      hold TEXT,
      PRIMARY KEY (policy_version, position),
      UNIQUE (policy_version, code)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE sales_order_hold_next (
      id INTEGER PRIMARY KEY,
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      kind TEXT NOT NULL CHECK (
        kind = 'CREDIT' OR kind = 'PRICE' OR kind = 'ADDRESS' OR kind = 'FRAUD' OR
        kind = 'MATERIAL' OR kind = 'CUSTOMER' OR kind = 'DUPLICATE' OR kind = 'OUTLIER' OR
        kind = 'DATA'),
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
    SELECT id, sales_order_id, kind, reason, '', set_by, set_at, released_by, released_at,
      release_reason
    FROM sales_order_hold;
    DROP TABLE sales_order_hold;
    ALTER TABLE sales_order_hold_next RENAME TO sales_order_hold;
    CREATE UNIQUE INDEX sales_order_hold_open ON sales_order_hold (sales_order_id, kind)
      WHERE released_at IS NULL;

    ALTER TABLE sales_order ADD COLUMN line_fingerprint INTEGER;
    CREATE INDEX sales_order_fingerprint
      ON sales_order (customer_code, line_fingerprint, created_at)
      WHERE line_fingerprint IS NOT NULL;

    CREATE TABLE order_finding (
      id INTEGER PRIMARY KEY,
      found_on INTEGER NOT NULL,
      cause TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome = 'HELD' OR outcome = 'REFUSED'),
      hold TEXT,
      channel TEXT NOT NULL,
      source TEXT NOT NULL,
      sales_order_id INTEGER REFERENCES sales_order (id),
      external_id TEXT NOT NULL,
      policy_version INTEGER REFERENCES validation_policy (version),
      warehouse_code TEXT NOT NULL,
      made_by TEXT NOT NULL,
      CHECK ((outcome = 'HELD') = (sales_order_id IS NOT NULL)),
      CHECK ((outcome = 'HELD') = (hold IS NOT NULL))
    ) STRICT;
    CREATE INDEX order_finding_day ON order_finding (found_on, id);
    CREATE INDEX order_finding_cause ON order_finding (cause, id);
    CREATE UNIQUE INDEX order_finding_refusal
      ON order_finding (found_on, cause, external_id, channel) WHERE outcome = 'REFUSED';
    CREATE INDEX order_finding_order ON order_finding (sales_order_id)
      WHERE sales_order_id IS NOT NULL;

    CREATE TABLE order_intake (
      channel TEXT NOT NULL,
      external_id TEXT NOT NULL,
      fingerprint BLOB NOT NULL,
      sales_order_id INTEGER NOT NULL UNIQUE REFERENCES sales_order (id),
      source TEXT NOT NULL,
      PRIMARY KEY (external_id, channel)
    ) STRICT, WITHOUT ROWID;
    """

  static let validationOfPayment: StaticString = """
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
        condition = 'OVERDUE' OR condition = 'TERMS'),
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
      hold TEXT,
      PRIMARY KEY (policy_version, position),
      UNIQUE (policy_version, code)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO validation_rule_next (policy_version, position, code, channel, customer_class,
      sourcing, condition, element, patterns, country_code, postcode_prefix, region_prefix,
      factor_micros, minimum_history, least_spread_micros, hours, hold)
    SELECT policy_version, position, code, channel, customer_class, sourcing, condition, element,
      patterns, country_code, postcode_prefix, region_prefix, factor_micros, minimum_history,
      least_spread_micros, hours, hold
    FROM validation_rule;
    DROP TABLE validation_rule;
    ALTER TABLE validation_rule_next RENAME TO validation_rule;
    """
}
