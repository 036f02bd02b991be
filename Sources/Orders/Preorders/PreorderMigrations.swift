extension OrdersMigrations {
  /// What is sold before it is there, and the orders for it. Their lines may be written anew: what
  /// is pre-ordered of a product is what the lines of such an order have of it.
  static let preorders: StaticString = """
    CREATE TABLE presale (
      id INTEGER PRIMARY KEY,
      product_id INTEGER NOT NULL UNIQUE REFERENCES product (id),
      sku TEXT NOT NULL,
      unit TEXT NOT NULL,
      opens_on INTEGER NOT NULL,
      closes_on INTEGER NOT NULL CHECK (closes_on >= opens_on),
      releases_on INTEGER NOT NULL,
      limit_micros INTEGER NOT NULL CHECK (limit_micros > 0),
      customer_limit_micros INTEGER CHECK (customer_limit_micros > 0),
      deposit_micros INTEGER NOT NULL CHECK (deposit_micros BETWEEN 1 AND 1000000),
      deposit_kind TEXT NOT NULL CHECK (
        deposit_kind = 'PREPAYMENT' OR deposit_kind = 'EARNEST'),
      deposit_days INTEGER NOT NULL CHECK (deposit_days BETWEEN 0 AND 365)
    ) STRICT;

    CREATE TABLE preorder (
      sales_order_id INTEGER PRIMARY KEY REFERENCES sales_order (id),
      deposit_kind TEXT NOT NULL CHECK (
        deposit_kind = 'PREPAYMENT' OR deposit_kind = 'EARNEST'),
      due_on INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX preorder_due ON preorder (due_on);

    CREATE TABLE preorder_product (
      presale_id INTEGER NOT NULL REFERENCES presale (id),
      sales_order_id INTEGER NOT NULL REFERENCES preorder (sales_order_id),
      PRIMARY KEY (presale_id, sales_order_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX preorder_product_order ON preorder_product (sales_order_id);
    """
}
