extension OrdersMigrations {
  static let quotes: StaticString = """
    CREATE TABLE quote (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      version INTEGER NOT NULL CHECK (version > 0),
      state TEXT NOT NULL CHECK (
        state = 'OPEN' OR state = 'WON' OR state = 'LOST' OR state = 'LAPSED'),
      customer_code TEXT NOT NULL,
      customer_name TEXT NOT NULL,
      currency TEXT NOT NULL,
      gross_minor INTEGER NOT NULL CHECK (gross_minor >= 0),
      revisions INTEGER NOT NULL CHECK (revisions > 0),
      valid_until INTEGER NOT NULL,
      won_variant INTEGER CHECK (won_variant > 0),
      order_number TEXT UNIQUE REFERENCES sales_order (number),
      reason_code TEXT NOT NULL,
      comment TEXT NOT NULL,
      created_by TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      created_on INTEGER NOT NULL,
      decided_on INTEGER,
      CHECK ((state = 'WON') = (order_number IS NOT NULL)),
      CHECK ((state = 'WON') = (won_variant IS NOT NULL)),
      CHECK ((state = 'OPEN') = (decided_on IS NULL)),
      CHECK (state <> 'LOST' OR reason_code <> '')
    ) STRICT;
    CREATE INDEX quote_customer ON quote (customer_code, id);
    CREATE INDEX quote_state ON quote (state, id);
    CREATE INDEX quote_day ON quote (created_on);
    CREATE INDEX quote_open ON quote (valid_until, id) WHERE state = 'OPEN';

    CREATE TABLE quote_revision (
      quote_id INTEGER NOT NULL REFERENCES quote (id),
      revision INTEGER NOT NULL CHECK (revision > 0),
      valid_until INTEGER NOT NULL,
      note TEXT NOT NULL,
      created_by TEXT NOT NULL,
      created_roles TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (quote_id, revision)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE quote_variant (
      quote_id INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      variant_number INTEGER NOT NULL CHECK (variant_number > 0),
      title TEXT NOT NULL,
      channel TEXT NOT NULL,
      external_id TEXT,
      warehouse_code TEXT NOT NULL,
      requested_on INTEGER,
      shortage_rule TEXT NOT NULL CHECK (shortage_rule IN ('WAIT', 'REFUSE')),
      note TEXT NOT NULL,
      discount_micros INTEGER CHECK (discount_micros BETWEEN 0 AND 1000000),
      discount_minor INTEGER CHECK (discount_minor >= 0),
      coupon_codes TEXT NOT NULL,
      delivery_zone TEXT,
      delivery_floor INTEGER CHECK (delivery_floor >= 0),
      delivery_lift INTEGER CHECK (delivery_lift IN (0, 1)),
      delivery_assembly INTEGER CHECK (delivery_assembly IN (0, 1)),
      net_days INTEGER NOT NULL CHECK (net_days >= 0),
      tax_included INTEGER NOT NULL CHECK (tax_included IN (0, 1)),
      tax_scope TEXT NOT NULL CHECK (tax_scope = 'LINE' OR tax_scope = 'DOCUMENT'),
      rounding TEXT NOT NULL CHECK (rounding = 'HALF_AWAY' OR rounding = 'HALF_EVEN'),
      net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
      tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
      gross_minor INTEGER NOT NULL,
      deposit_required_minor INTEGER NOT NULL
        CHECK (deposit_required_minor BETWEEN 0 AND gross_minor),
      largest_discount_micros INTEGER NOT NULL
        CHECK (largest_discount_micros BETWEEN 0 AND 1000000),
      approver_role TEXT,
      decided_by TEXT,
      approval_explanation TEXT NOT NULL,
      PRIMARY KEY (quote_id, revision, variant_number),
      FOREIGN KEY (quote_id, revision) REFERENCES quote_revision (quote_id, revision),
      CHECK (gross_minor = net_minor + tax_minor),
      CHECK (decided_by IS NULL OR approver_role IS NOT NULL)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE quote_line (
      quote_id INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      variant_number INTEGER NOT NULL,
      line_number INTEGER NOT NULL CHECK (line_number > 0),
      product_id INTEGER NOT NULL REFERENCES product (id),
      sku TEXT NOT NULL,
      description TEXT NOT NULL,
      unit TEXT NOT NULL,
      sourcing TEXT NOT NULL CHECK (
        sourcing = 'STOCK' OR sourcing = 'MAKE' OR sourcing = 'SERVICE'),
      quantity INTEGER NOT NULL CHECK (quantity > 0),
      unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
      discount_micros INTEGER NOT NULL CHECK (discount_micros BETWEEN 0 AND 1000000),
      net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
      tax_rate_micros INTEGER NOT NULL CHECK (tax_rate_micros BETWEEN 0 AND 1000000),
      tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
      note TEXT NOT NULL,
      charge TEXT NOT NULL,
      price_explanation TEXT NOT NULL,
      adjustments TEXT NOT NULL,
      model_version INTEGER CHECK (model_version >= 0),
      settings TEXT,
      configuration TEXT,
      PRIMARY KEY (quote_id, revision, variant_number, line_number),
      FOREIGN KEY (quote_id, revision, variant_number)
        REFERENCES quote_variant (quote_id, revision, variant_number),
      CHECK ((model_version IS NULL) = (settings IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE quote_reason (
      position INTEGER PRIMARY KEY CHECK (position > 0),
      code TEXT NOT NULL UNIQUE,
      text TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome = 'WON' OR outcome = 'LOST')
    ) STRICT;
    INSERT INTO quote_reason (position, code, text, outcome) VALUES
      (1, 'GOOD_PRICE', 'The price was right', 'WON'),
      (2, 'DESIGN', 'Design and quality', 'WON'),
      (3, 'SHORT_WAIT', 'Sooner than others', 'WON'),
      (4, 'TRUST', 'Advice and service', 'WON'),
      (5, 'TOO_EXPENSIVE', 'Too expensive', 'LOST'),
      (6, 'TOO_LATE', 'It would have taken too long', 'LOST'),
      (7, 'COMPETITOR', 'Bought elsewhere', 'LOST'),
      (8, 'NOT_SUITABLE', 'Not what was looked for', 'LOST'),
      (9, 'NOT_NEEDED', 'Plans have changed', 'LOST');

    CREATE VIEW view_quote_owner AS
      SELECT q.number, c.owner, c.store_code, q.created_by AS author
      FROM quote AS q LEFT JOIN view_customer_owner AS c ON c.code = q.customer_code;
    """
}
