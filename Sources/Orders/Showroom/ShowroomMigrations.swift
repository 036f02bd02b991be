extension OrdersMigrations {
  /// Pieces that left the shelves to be shown, and who has or had them on loan.
  static let showroom: StaticString = """
    CREATE TABLE showroom_piece (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      version INTEGER NOT NULL CHECK (version > 0),
      product_id INTEGER NOT NULL REFERENCES product (id),
      sku TEXT NOT NULL,
      warehouse_code TEXT NOT NULL,
      state TEXT NOT NULL CHECK (
        state = 'SHOWN' OR state = 'LENT' OR state = 'SOLD' OR state = 'RESHELVED'),
      condition TEXT NOT NULL,
      discount_micros INTEGER NOT NULL CHECK (discount_micros BETWEEN 0 AND 1000000),
      shown_on INTEGER NOT NULL,
      shown_by TEXT NOT NULL,
      order_number TEXT UNIQUE,
      CHECK ((state = 'SOLD') = (order_number IS NOT NULL))
    ) STRICT;

    CREATE TABLE showroom_loan (
      id INTEGER PRIMARY KEY,
      piece_id INTEGER NOT NULL REFERENCES showroom_piece (id),
      customer_code TEXT NOT NULL,
      lent_on INTEGER NOT NULL,
      due_back_on INTEGER NOT NULL CHECK (due_back_on >= lent_on),
      returned_on INTEGER
    ) STRICT;
    CREATE INDEX showroom_loan_piece ON showroom_loan (piece_id);
    CREATE UNIQUE INDEX showroom_loan_open ON showroom_loan (piece_id) WHERE returned_on IS NULL;
    CREATE INDEX showroom_loan_customer ON showroom_loan (customer_code);
    """
}
