extension OrdersMigrations {
  static let blankets: StaticString = """
    CREATE TABLE blanket (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      version INTEGER NOT NULL CHECK (version > 0),
      customer_code TEXT NOT NULL,
      customer_name TEXT NOT NULL,
      valid_from INTEGER NOT NULL,
      valid_until INTEGER NOT NULL CHECK (valid_until >= valid_from),
      note TEXT NOT NULL,
      close_reason TEXT,
      created_by TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX blanket_customer ON blanket (customer_code, id);

    CREATE TABLE blanket_line (
      blanket_id INTEGER NOT NULL REFERENCES blanket (id),
      line_number INTEGER NOT NULL CHECK (line_number > 0),
      product_id INTEGER NOT NULL REFERENCES product (id),
      sku TEXT NOT NULL,
      description TEXT NOT NULL,
      unit TEXT NOT NULL,
      agreed INTEGER NOT NULL CHECK (agreed > 0),
      unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
      currency TEXT NOT NULL,
      tax_included INTEGER NOT NULL CHECK (tax_included IN (0, 1)),
      price_explanation TEXT NOT NULL,
      PRIMARY KEY (blanket_id, line_number),
      UNIQUE (blanket_id, product_id)
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE sales_order ADD COLUMN blanket_number TEXT;
    CREATE INDEX sales_order_blanket ON sales_order (blanket_number, id)
      WHERE blanket_number IS NOT NULL;

    ALTER TABLE quote_revision ADD COLUMN created_on INTEGER NOT NULL DEFAULT 0;
    UPDATE quote_revision
    SET created_on = (SELECT q.created_on FROM quote AS q WHERE q.id = quote_id);

    CREATE VIEW view_blanket_owner AS
      SELECT b.number, c.owner, c.store_code, b.created_by AS author
      FROM blanket AS b LEFT JOIN view_customer_owner AS c ON c.code = b.customer_code;
    """

  /// On which days parts of a blanket order are to be delivered, and by which orders.
  static let schedules: StaticString = """
    CREATE TABLE blanket_schedule (
      blanket_id INTEGER PRIMARY KEY REFERENCES blanket (id),
      channel TEXT NOT NULL,
      warehouse_code TEXT NOT NULL,
      address_id INTEGER
    ) STRICT;

    CREATE TABLE blanket_delivery (
      id INTEGER PRIMARY KEY,
      blanket_id INTEGER NOT NULL REFERENCES blanket (id),
      due_on INTEGER NOT NULL,
      sales_order_id INTEGER UNIQUE REFERENCES sales_order (id)
    ) STRICT;
    CREATE INDEX blanket_delivery_blanket ON blanket_delivery (blanket_id, due_on);
    CREATE INDEX blanket_delivery_due ON blanket_delivery (due_on) WHERE sales_order_id IS NULL;

    CREATE TABLE blanket_delivery_part (
      delivery_id INTEGER NOT NULL REFERENCES blanket_delivery (id),
      product_id INTEGER NOT NULL REFERENCES product (id),
      quantity INTEGER NOT NULL CHECK (quantity > 0),
      PRIMARY KEY (delivery_id, product_id)
    ) STRICT, WITHOUT ROWID;
    """
}
