extension AfterSalesMigrations {
  /// Reminding of overdue invoices. A company begins without a policy: nobody is reminded. How far
  /// an invoice has come is in the lines of its letters.
  static let dunning: StaticString = """
    ALTER TABLE pricing_rules ADD COLUMN has_dunning INTEGER NOT NULL DEFAULT 0
      CHECK (has_dunning IN (0, 1));

    CREATE TABLE dunning_policy (
      version INTEGER PRIMARY KEY,
      valid_from INTEGER NOT NULL,
      minimum_minor INTEGER NOT NULL CHECK (minimum_minor >= 0),
      currency TEXT NOT NULL,
      spares_complaints INTEGER NOT NULL CHECK (spares_complaints IN (0, 1)),
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX dunning_policy_day ON dunning_policy (valid_from, version);

    CREATE TABLE dunning_level (
      policy_version INTEGER NOT NULL REFERENCES dunning_policy (version),
      level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 9),
      after_days INTEGER NOT NULL CHECK (after_days > 0),
      letter TEXT NOT NULL CHECK (
        letter = 'REMINDER' OR letter = 'DEMAND' OR letter = 'FINAL_DEMAND'),
      fee_minor INTEGER NOT NULL CHECK (fee_minor >= 0),
      interest_micros INTEGER NOT NULL CHECK (interest_micros BETWEEN 0 AND 1000000),
      blocks_orders INTEGER NOT NULL CHECK (blocks_orders IN (0, 1)),
      PRIMARY KEY (policy_version, level)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE dunning_letter (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      customer_id INTEGER NOT NULL REFERENCES customer (id),
      policy_version INTEGER NOT NULL,
      level INTEGER NOT NULL,
      fee_minor INTEGER NOT NULL CHECK (fee_minor >= 0),
      currency TEXT NOT NULL,
      written_on INTEGER NOT NULL,
      written_by TEXT NOT NULL,
      written_at INTEGER NOT NULL,
      FOREIGN KEY (policy_version, level) REFERENCES dunning_level (policy_version, level)
    ) STRICT;
    CREATE INDEX dunning_letter_customer ON dunning_letter (customer_id, id);

    CREATE TABLE dunning_letter_line (
      letter_id INTEGER NOT NULL REFERENCES dunning_letter (id),
      line_no INTEGER NOT NULL CHECK (line_no > 0),
      invoice_id INTEGER NOT NULL REFERENCES invoice (id),
      invoice_number TEXT NOT NULL,
      order_number TEXT NOT NULL,
      level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 9),
      due_on INTEGER NOT NULL,
      open_minor INTEGER NOT NULL CHECK (open_minor > 0),
      interest_minor INTEGER NOT NULL CHECK (interest_minor >= 0),
      currency TEXT NOT NULL,
      PRIMARY KEY (letter_id, line_no),
      -- Once for each level, whatever happens.
      UNIQUE (invoice_id, level)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE dunning_stop (
      id INTEGER PRIMARY KEY,
      customer_id INTEGER NOT NULL REFERENCES customer (id),
      invoice_id INTEGER REFERENCES invoice (id),
      invoice_number TEXT NOT NULL,
      reason TEXT NOT NULL CHECK (
        reason = 'DISPUTE' OR reason = 'COMPLAINT' OR reason = 'INSTALMENTS' OR
        reason = 'INSOLVENCY' OR reason = 'OTHER'),
      note TEXT NOT NULL,
      until_on INTEGER NOT NULL,
      stopped_by TEXT NOT NULL,
      stopped_at INTEGER NOT NULL,
      lifted_by TEXT,
      lifted_at INTEGER,
      CHECK ((lifted_by IS NULL) = (lifted_at IS NULL)),
      CHECK ((invoice_id IS NULL) = (invoice_number = ''))
    ) STRICT;
    CREATE INDEX dunning_stop_customer ON dunning_stop (customer_id, until_on)
      WHERE lifted_at IS NULL;

    CREATE TABLE payment_promise (
      id INTEGER PRIMARY KEY,
      customer_id INTEGER NOT NULL REFERENCES customer (id),
      invoice_id INTEGER NOT NULL REFERENCES invoice (id),
      invoice_number TEXT NOT NULL,
      amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
      open_minor INTEGER NOT NULL CHECK (open_minor >= amount_minor),
      currency TEXT NOT NULL,
      promised_on INTEGER NOT NULL,
      note TEXT NOT NULL,
      noted_by TEXT NOT NULL,
      noted_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX payment_promise_invoice ON payment_promise (invoice_id, id);
    CREATE INDEX payment_promise_customer ON payment_promise (customer_id, id);

    CREATE VIEW view_dunning_letter_owner AS
      SELECT d.number, c.owner, c.store_code
      FROM dunning_letter AS d JOIN view_customer_owner AS c ON c.id = d.customer_id;

    -- What is open, how far its customer was reminded of it, and what holds that back.
    CREATE VIEW view_dunning AS
      SELECT i.id, i.number, i.customer_id, i.customer_code, i.order_number, i.due_on,
        i.open_minor, i.currency, i.base_open_minor, i.base_currency,
        COALESCE((SELECT MAX(l.level) FROM dunning_letter_line AS l
          WHERE l.invoice_id = i.id), 0) AS level,
        COALESCE((SELECT d.number FROM dunning_letter_line AS l
          JOIN dunning_letter AS d ON d.id = l.letter_id
          WHERE l.invoice_id = i.id ORDER BY l.level DESC LIMIT 1), '') AS letter_number,
        COALESCE((SELECT v.blocks_orders FROM dunning_letter_line AS l
          JOIN dunning_letter AS d ON d.id = l.letter_id
          JOIN dunning_level AS v
            ON v.policy_version = d.policy_version AND v.level = l.level
          WHERE l.invoice_id = i.id ORDER BY l.level DESC LIMIT 1), 0) AS blocks_orders,
        (SELECT MAX(s.until_on) FROM dunning_stop AS s
          WHERE s.customer_id = i.customer_id AND s.lifted_at IS NULL
            AND (s.invoice_id IS NULL OR s.invoice_id = i.id)) AS stopped_until,
        (SELECT p.promised_on FROM payment_promise AS p
          WHERE p.invoice_id = i.id ORDER BY p.id DESC LIMIT 1) AS promised_on,
        EXISTS (SELECT 1 FROM sales_order AS o
          JOIN complaint AS c ON c.sales_order_id = o.id
          WHERE o.number = i.order_number AND c.resolved_at IS NULL) AS has_complaint
      FROM view_open_invoice AS i;
    """
  /// What of a letter is booked as owed when it is written; nothing by the policies there are.
  /// Nobody is reminded of what reminding costs.
  static let dunningClaims: StaticString = """
    ALTER TABLE dunning_policy ADD COLUMN claims_fee INTEGER NOT NULL DEFAULT 0
      CHECK (claims_fee IN (0, 1));
    ALTER TABLE dunning_policy ADD COLUMN fee_tax_micros INTEGER NOT NULL DEFAULT 0
      CHECK (fee_tax_micros BETWEEN 0 AND 1000000);
    ALTER TABLE dunning_policy ADD COLUMN claims_interest INTEGER NOT NULL DEFAULT 0
      CHECK (claims_interest IN (0, 1));
    ALTER TABLE dunning_policy ADD COLUMN interest_tax_micros INTEGER NOT NULL DEFAULT 0
      CHECK (interest_tax_micros BETWEEN 0 AND 1000000);
    ALTER TABLE dunning_policy ADD COLUMN claim_net_days INTEGER NOT NULL DEFAULT 0
      CHECK (claim_net_days BETWEEN 0 AND 365);
    ALTER TABLE dunning_letter_line ADD COLUMN is_booked INTEGER NOT NULL DEFAULT 0
      CHECK (is_booked IN (0, 1));

    DROP VIEW view_dunning;
    CREATE VIEW view_dunning AS
      SELECT i.id, i.number, i.customer_id, i.customer_code, i.order_number, i.due_on,
        i.open_minor, i.currency, i.base_open_minor, i.base_currency,
        COALESCE((SELECT MAX(l.level) FROM dunning_letter_line AS l
          WHERE l.invoice_id = i.id), 0) AS level,
        COALESCE((SELECT d.number FROM dunning_letter_line AS l
          JOIN dunning_letter AS d ON d.id = l.letter_id
          WHERE l.invoice_id = i.id ORDER BY l.level DESC LIMIT 1), '') AS letter_number,
        COALESCE((SELECT v.blocks_orders FROM dunning_letter_line AS l
          JOIN dunning_letter AS d ON d.id = l.letter_id
          JOIN dunning_level AS v
            ON v.policy_version = d.policy_version AND v.level = l.level
          WHERE l.invoice_id = i.id ORDER BY l.level DESC LIMIT 1), 0) AS blocks_orders,
        (SELECT MAX(s.until_on) FROM dunning_stop AS s
          WHERE s.customer_id = i.customer_id AND s.lifted_at IS NULL
            AND (s.invoice_id IS NULL OR s.invoice_id = i.id)) AS stopped_until,
        (SELECT p.promised_on FROM payment_promise AS p
          WHERE p.invoice_id = i.id ORDER BY p.id DESC LIMIT 1) AS promised_on,
        EXISTS (SELECT 1 FROM sales_order AS o
          JOIN complaint AS c ON c.sales_order_id = o.id
          WHERE o.number = i.order_number AND c.resolved_at IS NULL) AS has_complaint
      FROM view_open_invoice AS i WHERE i.order_kind <> 'DUNNING_LETTER';
    """
}
