extension OrdersMigrations {
  /// What pickers have not found. A line of a shipment that nothing is left of is gone, so that its
  /// number stands here alone.
  static let shortPicks: StaticString = """
    CREATE TABLE short_pick (
      id INTEGER PRIMARY KEY,
      shipment_id INTEGER NOT NULL REFERENCES shipment (id),
      shipment_number TEXT NOT NULL,
      order_number TEXT NOT NULL,
      line_number INTEGER NOT NULL,
      product_id INTEGER NOT NULL REFERENCES product (id),
      sku TEXT NOT NULL,
      unit TEXT NOT NULL,
      warehouse_code TEXT NOT NULL,
      asked INTEGER NOT NULL,
      found INTEGER NOT NULL CHECK (found >= 0 AND found < asked),
      -- What of the rest was set apart in stock until somebody has looked.
      held INTEGER NOT NULL CHECK (held BETWEEN 0 AND asked - found),
      cause TEXT NOT NULL CHECK (
        cause = 'NOT_FOUND' OR cause = 'DAMAGED' OR cause = 'WRONG_GOODS'),
      picked_by TEXT NOT NULL,
      picked_at INTEGER NOT NULL,
      closed_by TEXT,
      closed_at INTEGER,
      UNIQUE (shipment_id, line_number),
      CHECK ((closed_by IS NULL) = (closed_at IS NULL))
    ) STRICT;
    CREATE INDEX short_pick_open ON short_pick (id) WHERE closed_at IS NULL;
    CREATE INDEX short_pick_place ON short_pick (product_id, warehouse_code)
      WHERE closed_at IS NULL;
    CREATE INDEX short_pick_order ON short_pick (order_number, id);
    """

  /// Shipments that were prepared together, and where in a warehouse a picker looks for what.
  static let pickWaves: StaticString = """
    CREATE TABLE pick_wave (
      id INTEGER PRIMARY KEY,
      warehouse_code TEXT NOT NULL,
      due_by INTEGER NOT NULL,
      zone_code TEXT NOT NULL,
      carrier TEXT NOT NULL,
      prepared_by TEXT NOT NULL,
      prepared_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE pick_wave_shipment (
      shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
      wave_id INTEGER NOT NULL REFERENCES pick_wave (id)
    ) STRICT;
    CREATE INDEX pick_wave_shipment_wave ON pick_wave_shipment (wave_id);
    CREATE INDEX shipment_prepared ON shipment (id) WHERE state = 'PREPARED';

    CREATE TABLE pick_place (
      warehouse_code TEXT NOT NULL,
      product_id INTEGER NOT NULL REFERENCES product (id),
      code TEXT NOT NULL,
      PRIMARY KEY (warehouse_code, product_id)
    ) STRICT, WITHOUT ROWID;
    """
}
