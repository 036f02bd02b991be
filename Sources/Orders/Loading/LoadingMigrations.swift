extension OrdersMigrations {
  /// Cartons that are on the van, and lines that leave only together.
  static let loading: StaticString = """
    CREATE TABLE carton_load (
      shipment_id INTEGER NOT NULL,
      line_number INTEGER NOT NULL,
      unit INTEGER NOT NULL CHECK (unit > 0),
      carton INTEGER NOT NULL CHECK (carton > 0),
      loaded_by TEXT NOT NULL,
      loaded_at INTEGER NOT NULL,
      PRIMARY KEY (shipment_id, line_number, unit, carton),
      FOREIGN KEY (shipment_id, line_number) REFERENCES shipment_line (shipment_id, line_number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE shipping_set (
      sales_order_id INTEGER NOT NULL,
      line_number INTEGER NOT NULL,
      code TEXT NOT NULL,
      PRIMARY KEY (sales_order_id, line_number),
      FOREIGN KEY (sales_order_id, line_number)
        REFERENCES sales_order_line (sales_order_id, line_number)
    ) STRICT, WITHOUT ROWID;
    """

  /// Cartons have numbers that nobody else's have, and that are never given again.
  static let cartonNumbers: StaticString = """
    CREATE TABLE shipment_carton (
      sscc TEXT PRIMARY KEY,
      shipment_id INTEGER NOT NULL REFERENCES shipment (id),
      position INTEGER NOT NULL CHECK (position > 0),
      line_number INTEGER,
      unit INTEGER CHECK (unit > 0),
      carton INTEGER CHECK (carton > 0),
      UNIQUE (shipment_id, position),
      UNIQUE (shipment_id, line_number, unit, carton),
      CHECK ((line_number IS NULL) = (unit IS NULL)),
      CHECK ((line_number IS NULL) = (carton IS NULL)),
      FOREIGN KEY (shipment_id, line_number) REFERENCES shipment_line (shipment_id, line_number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE sscc_serial (
      gs1_prefix TEXT PRIMARY KEY,
      next INTEGER NOT NULL CHECK (next >= 0)
    ) STRICT, WITHOUT ROWID;
    """
}
