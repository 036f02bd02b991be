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
}
