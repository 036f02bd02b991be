package import Storage

/// Tables of stock. Entries are only ever appended. Quantities are millionths of the product's base
/// unit.
package enum InventoryMigrations {
  package static let all: [Migration] = [
    // Product and warehouse stand here with the codes that name them for ever, so that a page of
    // stock needs no table of another area. A guarded balance is one of our own places: never less
    // there than nothing, never more promised than there is, and no value left where no goods are.
    Migration(
      "inventory-0001-stock",
      """
      CREATE TABLE stock_location (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (
          kind = 'STOCK' OR kind = 'SUPPLIER' OR kind = 'OPENING' OR kind = 'TRANSIT' OR
          kind = 'CUSTOMER' OR kind = 'PRODUCTION' OR kind = 'LOSS' OR kind = 'SCRAP'),
        warehouse_id INTEGER REFERENCES warehouse (id),
        warehouse_code TEXT,
        CHECK ((kind = 'STOCK') = (warehouse_id IS NOT NULL)),
        CHECK ((warehouse_id IS NULL) = (warehouse_code IS NULL))
      ) STRICT;
      CREATE UNIQUE INDEX stock_location_warehouse ON stock_location (warehouse_id)
        WHERE kind = 'STOCK';
      INSERT INTO stock_location (id, code, kind) VALUES
        (1, 'SUPPLIER', 'SUPPLIER'), (2, 'CUSTOMER', 'CUSTOMER'), (3, 'TRANSIT', 'TRANSIT'),
        (4, 'PRODUCTION', 'PRODUCTION'), (5, 'LOSS', 'LOSS'), (6, 'SCRAP', 'SCRAP'),
        (7, 'OPENING', 'OPENING');

      CREATE TABLE stock_balance (
        product_id INTEGER NOT NULL REFERENCES product (id),
        location_id INTEGER NOT NULL REFERENCES stock_location (id),
        sku TEXT NOT NULL,
        unit TEXT NOT NULL,
        account TEXT NOT NULL,
        guarded INTEGER NOT NULL CHECK (guarded IN (0, 1)),
        on_hand INTEGER NOT NULL,
        reserved INTEGER NOT NULL DEFAULT 0,
        value_minor INTEGER NOT NULL,
        currency TEXT NOT NULL,
        PRIMARY KEY (product_id, location_id),
        CHECK (reserved >= 0 AND (guarded = 1 OR reserved = 0)),
        CHECK (guarded = 0 OR reserved <= on_hand),
        CHECK (guarded = 0 OR (value_minor >= 0 AND (on_hand > 0 OR value_minor = 0)))
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX stock_balance_sku ON stock_balance (sku, location_id) WHERE guarded = 1;

      CREATE TABLE stock_move (
        id INTEGER PRIMARY KEY,
        product_id INTEGER NOT NULL REFERENCES product (id),
        from_location_id INTEGER NOT NULL REFERENCES stock_location (id),
        to_location_id INTEGER NOT NULL REFERENCES stock_location (id),
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        value_minor INTEGER NOT NULL CHECK (value_minor >= 0),
        currency TEXT NOT NULL,
        cause TEXT NOT NULL,
        origin_kind TEXT NOT NULL,
        origin_number TEXT NOT NULL,
        origin_line INTEGER NOT NULL,
        reason TEXT NOT NULL,
        moved_at INTEGER NOT NULL,
        moved_on INTEGER NOT NULL,
        CHECK (from_location_id <> to_location_id)
      ) STRICT;
      CREATE INDEX stock_move_product ON stock_move (product_id, id);
      CREATE INDEX stock_move_origin ON stock_move (origin_kind, origin_number, id);
      """),
    // One row per demand and product, gone when nothing of it is wanted any more. Ids rise with
    // age.
    Migration(
      "inventory-0002-reservation",
      """
      CREATE TABLE reservation (
        id INTEGER PRIMARY KEY,
        product_id INTEGER NOT NULL REFERENCES product (id),
        location_id INTEGER NOT NULL REFERENCES stock_location (id),
        wanted INTEGER NOT NULL CHECK (wanted > 0),
        held INTEGER NOT NULL CHECK (held >= 0),
        priority INTEGER NOT NULL,
        origin_kind TEXT NOT NULL,
        origin_number TEXT NOT NULL,
        origin_line INTEGER NOT NULL,
        peg_kind TEXT,
        peg_number TEXT,
        root_kind TEXT,
        root_number TEXT,
        created_at INTEGER NOT NULL,
        UNIQUE (origin_kind, origin_number, origin_line, product_id),
        CHECK (held <= wanted),
        CHECK ((peg_kind IS NULL) = (peg_number IS NULL)),
        CHECK ((root_kind IS NULL) = (root_number IS NULL))
      ) STRICT;
      CREATE INDEX reservation_queue
        ON reservation (product_id, location_id, priority, id DESC);
      CREATE INDEX reservation_waiting
        ON reservation (product_id, location_id, priority DESC, id) WHERE held < wanted;
      CREATE INDEX reservation_waiting_age ON reservation (product_id, id) WHERE held < wanted;
      CREATE INDEX reservation_peg ON reservation (peg_kind, peg_number)
        WHERE peg_number IS NOT NULL;
      """),
    // For whoever asks where a document moved goods.
    Migration(
      "inventory-0003-document-place",
      """
      CREATE VIEW view_stock_document_place AS
        SELECT m.origin_kind AS kind, m.origin_number AS number, l.warehouse_code
        FROM stock_move AS m JOIN stock_location AS l ON l.id = m.from_location_id
        UNION ALL
        SELECT m.origin_kind, m.origin_number, l.warehouse_code
        FROM stock_move AS m JOIN stock_location AS l ON l.id = m.to_location_id;
      """),
    // Who is served before whom, and how much that is, in the index alone.
    Migration(
      "inventory-0004-reservation-ahead",
      """
      CREATE INDEX reservation_ahead
        ON reservation (product_id, location_id, priority DESC, id, wanted, held)
        WHERE held < wanted AND peg_number IS NULL;
      """),
    // A warehouse has a quarantine beside its shelves. The view names the table and is made again.
    Migration(
      "inventory-0005-quarantine",
      """
      DROP VIEW view_stock_document_place;
      CREATE TABLE stock_location_next (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (
          kind = 'STOCK' OR kind = 'QUARANTINE' OR kind = 'SUPPLIER' OR kind = 'OPENING' OR
          kind = 'TRANSIT' OR kind = 'CUSTOMER' OR kind = 'PRODUCTION' OR kind = 'LOSS' OR
          kind = 'SCRAP'),
        warehouse_id INTEGER REFERENCES warehouse (id),
        warehouse_code TEXT,
        CHECK ((kind = 'STOCK' OR kind = 'QUARANTINE') = (warehouse_id IS NOT NULL)),
        CHECK ((warehouse_id IS NULL) = (warehouse_code IS NULL))
      ) STRICT;
      INSERT INTO stock_location_next (id, code, kind, warehouse_id, warehouse_code)
      SELECT id, code, kind, warehouse_id, warehouse_code FROM stock_location;
      DROP TABLE stock_location;
      ALTER TABLE stock_location_next RENAME TO stock_location;
      CREATE UNIQUE INDEX stock_location_warehouse ON stock_location (warehouse_id)
        WHERE kind = 'STOCK';
      CREATE UNIQUE INDEX stock_location_quarantine ON stock_location (warehouse_id)
        WHERE kind = 'QUARANTINE';
      CREATE VIEW view_stock_document_place AS
        SELECT m.origin_kind AS kind, m.origin_number AS number, l.warehouse_code
        FROM stock_move AS m JOIN stock_location AS l ON l.id = m.from_location_id
        UNION ALL
        SELECT m.origin_kind, m.origin_number, l.warehouse_code
        FROM stock_move AS m JOIN stock_location AS l ON l.id = m.to_location_id;
      """),
    // Who holds goods is asked seldom and written with each line of each order. By product alone,
    // each line wrote a page of its own; by blocks of 1,024 demands, and by product within them,
    // the lines of a commit share a few.
    Migration(
      "inventory-0006-reservation-block",
      """
      DROP INDEX reservation_queue;
      CREATE INDEX reservation_by_block ON reservation (id >> 10, product_id, location_id);
      CREATE VIEW reservation_block AS
        WITH RECURSIVE block (number) AS (
          SELECT min(id) >> 10 FROM reservation
          UNION ALL
          SELECT (
            SELECT id >> 10 FROM reservation WHERE id >= (block.number + 1) << 10
            ORDER BY id LIMIT 1)
          FROM block WHERE block.number IS NOT NULL
        )
        SELECT number FROM block WHERE number IS NOT NULL;
      """),
    // A warehouse has a showroom beside its shelves, and pieces of it are lent. The view names the
    // table and is made again.
    Migration(
      "inventory-0007-showroom",
      """
      DROP VIEW view_stock_document_place;
      CREATE TABLE stock_location_next (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (
          kind = 'STOCK' OR kind = 'QUARANTINE' OR kind = 'SHOWROOM' OR kind = 'LENT' OR
          kind = 'SUPPLIER' OR kind = 'OPENING' OR kind = 'TRANSIT' OR kind = 'CUSTOMER' OR
          kind = 'PRODUCTION' OR kind = 'LOSS' OR kind = 'SCRAP'),
        warehouse_id INTEGER REFERENCES warehouse (id),
        warehouse_code TEXT,
        CHECK ((kind = 'STOCK' OR kind = 'QUARANTINE' OR kind = 'SHOWROOM' OR kind = 'LENT')
          = (warehouse_id IS NOT NULL)),
        CHECK ((warehouse_id IS NULL) = (warehouse_code IS NULL))
      ) STRICT;
      INSERT INTO stock_location_next (id, code, kind, warehouse_id, warehouse_code)
      SELECT id, code, kind, warehouse_id, warehouse_code FROM stock_location;
      DROP TABLE stock_location;
      ALTER TABLE stock_location_next RENAME TO stock_location;
      CREATE UNIQUE INDEX stock_location_warehouse ON stock_location (warehouse_id)
        WHERE kind = 'STOCK';
      CREATE UNIQUE INDEX stock_location_quarantine ON stock_location (warehouse_id)
        WHERE kind = 'QUARANTINE';
      CREATE UNIQUE INDEX stock_location_showroom ON stock_location (warehouse_id)
        WHERE kind = 'SHOWROOM';
      CREATE UNIQUE INDEX stock_location_lent ON stock_location (warehouse_id)
        WHERE kind = 'LENT';
      CREATE VIEW view_stock_document_place AS
        SELECT m.origin_kind AS kind, m.origin_number AS number, l.warehouse_code
        FROM stock_move AS m JOIN stock_location AS l ON l.id = m.from_location_id
        UNION ALL
        SELECT m.origin_kind, m.origin_number, l.warehouse_code
        FROM stock_move AS m JOIN stock_location AS l ON l.id = m.to_location_id;
      """),
    Migration("inventory-0008-transfers", transfers),
  ]
}
