extension InventoryMigrations {
  /// Goods on the way between warehouses are at a place of the one that they go to. The view names
  /// the table of places and is made again.
  static let transfers: StaticString = """
    DROP VIEW view_stock_document_place;
    CREATE TABLE stock_location_next (
      id INTEGER PRIMARY KEY,
      code TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL CHECK (
        kind = 'STOCK' OR kind = 'QUARANTINE' OR kind = 'SHOWROOM' OR kind = 'LENT' OR
        kind = 'TRANSFER' OR kind = 'SUPPLIER' OR kind = 'OPENING' OR kind = 'TRANSIT' OR
        kind = 'CUSTOMER' OR kind = 'PRODUCTION' OR kind = 'LOSS' OR kind = 'SCRAP'),
      warehouse_id INTEGER REFERENCES warehouse (id),
      warehouse_code TEXT,
      CHECK ((kind = 'STOCK' OR kind = 'QUARANTINE' OR kind = 'SHOWROOM' OR kind = 'LENT' OR
        kind = 'TRANSFER') = (warehouse_id IS NOT NULL)),
      CHECK ((warehouse_id IS NULL) = (warehouse_code IS NULL))
    ) STRICT;
    INSERT INTO stock_location_next (id, code, kind, warehouse_id, warehouse_code)
    SELECT id, code, kind, warehouse_id, warehouse_code FROM stock_location;
    DROP TABLE stock_location;
    ALTER TABLE stock_location_next RENAME TO stock_location;
    CREATE UNIQUE INDEX stock_location_warehouse ON stock_location (warehouse_id, kind)
      WHERE warehouse_id IS NOT NULL;
    CREATE VIEW view_stock_document_place AS
      SELECT m.origin_kind AS kind, m.origin_number AS number, l.warehouse_code
      FROM stock_move AS m JOIN stock_location AS l ON l.id = m.from_location_id
      UNION ALL
      SELECT m.origin_kind, m.origin_number, l.warehouse_code
      FROM stock_move AS m JOIN stock_location AS l ON l.id = m.to_location_id;

    CREATE TABLE transfer_order (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      from_warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
      from_warehouse_code TEXT NOT NULL,
      to_warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
      to_warehouse_code TEXT NOT NULL,
      created_on INTEGER NOT NULL,
      expected_on INTEGER,
      note TEXT NOT NULL,
      state TEXT NOT NULL CHECK (
        state IN ('REQUESTED', 'PARTLY_DISPATCHED', 'IN_TRANSIT', 'RECEIVED', 'CANCELLED')),
      version INTEGER NOT NULL CHECK (version > 0),
      CHECK (from_warehouse_id <> to_warehouse_id)
    ) STRICT;
    CREATE INDEX transfer_order_open ON transfer_order (id)
      WHERE state NOT IN ('RECEIVED', 'CANCELLED');

    CREATE TABLE transfer_order_line (
      id INTEGER PRIMARY KEY,
      transfer_order_id INTEGER NOT NULL REFERENCES transfer_order (id),
      line_number INTEGER NOT NULL CHECK (line_number > 0),
      product_id INTEGER NOT NULL REFERENCES product (id),
      sku TEXT NOT NULL,
      unit TEXT NOT NULL,
      ordered INTEGER NOT NULL CHECK (ordered > 0),
      cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
      dispatched INTEGER NOT NULL DEFAULT 0 CHECK (dispatched >= 0),
      received INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
      lost INTEGER NOT NULL DEFAULT 0 CHECK (lost >= 0),
      UNIQUE (transfer_order_id, line_number),
      CHECK (dispatched <= ordered - cancelled),
      CHECK (received <= dispatched - lost)
    ) STRICT;
    CREATE INDEX transfer_order_line_under_way ON transfer_order_line (product_id)
      WHERE dispatched > received + lost;

    CREATE VIEW view_transfer_order_place AS
      SELECT number, from_warehouse_code AS warehouse_code FROM transfer_order
      UNION ALL
      SELECT number, to_warehouse_code FROM transfer_order;
    """
}
