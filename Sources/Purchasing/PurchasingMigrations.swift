package import Storage

/// Tables of purchasing. Entries are only ever appended. Quantities are millionths of the product's
/// base unit.
package enum PurchasingMigrations {
  package static let all: [Migration] = [
    Migration(
      "purchasing-0001-order",
      """
      CREATE TABLE supplier_price (
        id INTEGER PRIMARY KEY,
        supplier_id INTEGER NOT NULL REFERENCES supplier (id),
        supplier_code TEXT NOT NULL,
        product_id INTEGER NOT NULL REFERENCES product (id),
        unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
        currency TEXT NOT NULL,
        lead_days INTEGER NOT NULL CHECK (lead_days >= 0),
        preferred INTEGER NOT NULL CHECK (preferred IN (0, 1)),
        UNIQUE (supplier_id, product_id)
      ) STRICT;
      CREATE UNIQUE INDEX supplier_price_preferred ON supplier_price (product_id)
        WHERE preferred = 1;

      CREATE TABLE purchase_order (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        supplier_id INTEGER NOT NULL REFERENCES supplier (id),
        supplier_code TEXT NOT NULL,
        warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
        warehouse_code TEXT NOT NULL,
        currency TEXT NOT NULL,
        ordered_on INTEGER NOT NULL,
        expected_on INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (
          state IN ('ORDERED', 'PARTLY_RECEIVED', 'RECEIVED', 'BILLED', 'CANCELLED')),
        version INTEGER NOT NULL CHECK (version > 0)
      ) STRICT;
      CREATE INDEX purchase_order_supplier ON purchase_order (supplier_id, id);
      CREATE INDEX purchase_order_state ON purchase_order (state, id);

      CREATE TABLE purchase_order_line (
        id INTEGER PRIMARY KEY,
        purchase_order_id INTEGER NOT NULL REFERENCES purchase_order (id),
        line_no INTEGER NOT NULL CHECK (line_no > 0),
        product_id INTEGER NOT NULL REFERENCES product (id),
        sku TEXT NOT NULL,
        unit TEXT NOT NULL,
        ordered INTEGER NOT NULL CHECK (ordered > 0),
        cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
        received INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
        billed INTEGER NOT NULL DEFAULT 0 CHECK (billed >= 0),
        unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
        requisition_number TEXT,
        UNIQUE (purchase_order_id, line_no),
        CHECK (received <= ordered - cancelled),
        CHECK (billed <= received)
      ) STRICT;
      CREATE INDEX purchase_order_line_open ON purchase_order_line (product_id)
        WHERE ordered > received + cancelled;
      """),
    // A requisition is on at most one line of an order at a time: open without one, ordered with
    // one, cancelled when what asked for it went away before anybody ordered. `pegged` says whether
    // it still asks.
    Migration(
      "purchasing-0002-requisition",
      """
      CREATE TABLE requisition (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        product_id INTEGER NOT NULL REFERENCES product (id),
        sku TEXT NOT NULL,
        unit TEXT NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
        warehouse_code TEXT NOT NULL,
        needed_on INTEGER,
        origin_kind TEXT NOT NULL,
        origin_number TEXT NOT NULL,
        origin_line INTEGER NOT NULL,
        root_kind TEXT,
        root_number TEXT,
        pegged INTEGER NOT NULL CHECK (pegged IN (0, 1)),
        order_line_id INTEGER UNIQUE REFERENCES purchase_order_line (id),
        state TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        CHECK (state = CASE WHEN order_line_id IS NOT NULL THEN 'ORDERED'
          WHEN pegged = 1 THEN 'OPEN' ELSE 'CANCELLED' END),
        CHECK ((root_kind IS NULL) = (root_number IS NULL))
      ) STRICT;
      CREATE INDEX requisition_state ON requisition (state, id);
      CREATE INDEX requisition_origin ON requisition (origin_kind, origin_number, origin_line);
      """),
    // `value_minor` of a receipt is what went into stock and into goods received not invoiced;
    // `received_minor` of a bill is what the bill took out of it again.
    Migration(
      "purchasing-0003-receipt-and-bill",
      """
      CREATE TABLE goods_receipt (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        purchase_order_id INTEGER NOT NULL REFERENCES purchase_order (id),
        supplier_id INTEGER NOT NULL REFERENCES supplier (id),
        delivery_note TEXT,
        received_at INTEGER NOT NULL,
        received_on INTEGER NOT NULL,
        UNIQUE (supplier_id, delivery_note)
      ) STRICT;
      CREATE INDEX goods_receipt_order ON goods_receipt (purchase_order_id);

      CREATE TABLE goods_receipt_line (
        id INTEGER PRIMARY KEY,
        goods_receipt_id INTEGER NOT NULL REFERENCES goods_receipt (id),
        order_line_id INTEGER NOT NULL REFERENCES purchase_order_line (id),
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        value_minor INTEGER NOT NULL CHECK (value_minor >= 0),
        currency TEXT NOT NULL,
        UNIQUE (goods_receipt_id, order_line_id)
      ) STRICT;
      CREATE INDEX goods_receipt_line_order ON goods_receipt_line (order_line_id);

      CREATE TABLE supplier_bill (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        purchase_order_id INTEGER NOT NULL REFERENCES purchase_order (id),
        supplier_id INTEGER NOT NULL REFERENCES supplier (id),
        bill_number TEXT NOT NULL,
        billed_on INTEGER NOT NULL,
        due_on INTEGER NOT NULL,
        net_minor INTEGER NOT NULL,
        tax_minor INTEGER NOT NULL,
        currency TEXT NOT NULL,
        entered_at INTEGER NOT NULL,
        UNIQUE (supplier_id, bill_number)
      ) STRICT;
      CREATE INDEX supplier_bill_order ON supplier_bill (purchase_order_id);

      CREATE TABLE supplier_bill_line (
        id INTEGER PRIMARY KEY,
        supplier_bill_id INTEGER NOT NULL REFERENCES supplier_bill (id),
        order_line_id INTEGER NOT NULL REFERENCES purchase_order_line (id),
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
        net_minor INTEGER NOT NULL,
        received_minor INTEGER NOT NULL,
        currency TEXT NOT NULL,
        UNIQUE (supplier_bill_id, order_line_id)
      ) STRICT;
      CREATE INDEX supplier_bill_line_order ON supplier_bill_line (order_line_id);
      """),
    // What a requisition is read from, once and in this order: with the supplier that its product
    // comes from, and the purchase order that it is on.
    Migration(
      "purchasing-0004-requisition-record",
      """
      CREATE VIEW requisition_record AS
        SELECT r.id, r.number, r.state, r.product_id, r.sku, r.unit, r.quantity, r.warehouse_id,
          r.warehouse_code, r.needed_on, r.origin_kind, r.origin_number, r.origin_line,
          r.root_kind, r.root_number, r.pegged, s.supplier_code AS preferred_supplier_code,
          o.number AS purchase_order_number
        FROM requisition AS r
        LEFT JOIN supplier_price AS s ON s.product_id = r.product_id AND s.preferred = 1
        LEFT JOIN purchase_order_line AS l ON l.id = r.order_line_id
        LEFT JOIN purchase_order AS o ON o.id = l.purchase_order_id;
      """),
    // For whoever asks where something comes in.
    Migration(
      "purchasing-0005-order-place",
      """
      CREATE VIEW view_purchase_order_place AS SELECT number, warehouse_code FROM purchase_order;
      """),
    // What is asked for below a document is moved with its day.
    Migration(
      "purchasing-0006-requisition-root",
      """
      CREATE INDEX requisition_root ON requisition (root_kind, root_number)
        WHERE root_number IS NOT NULL;
      """),
    // What is asked for and not ordered yet, where somebody asks when goods come: summed up in the
    // index alone.
    Migration(
      "purchasing-0007-requisition-open",
      """
      CREATE INDEX requisition_open ON requisition (product_id, warehouse_id, quantity)
        WHERE state = 'OPEN';
      """),
    // Orders of which something should have come.
    Migration(
      "purchasing-0008-order-expected",
      """
      CREATE INDEX purchase_order_expected ON purchase_order (expected_on, id)
        WHERE state NOT IN ('RECEIVED', 'BILLED', 'CANCELLED');
      """),
    // What suppliers have confirmed, and what they bring straight to our customers.
    Migration(
      "purchasing-0009-direct-order",
      """
      ALTER TABLE purchase_order ADD COLUMN confirmed_on INTEGER;
      ALTER TABLE purchase_order ADD COLUMN supplier_reference TEXT NOT NULL DEFAULT '';
      ALTER TABLE purchase_order ADD COLUMN direct_kind TEXT;
      ALTER TABLE purchase_order ADD COLUMN direct_number TEXT;
      ALTER TABLE purchase_order ADD COLUMN direct_line INTEGER;
      CREATE INDEX purchase_order_direct
        ON purchase_order (direct_number, direct_line, direct_kind)
        WHERE direct_number IS NOT NULL;
      CREATE VIEW view_direct_purchase AS
        SELECT o.id, o.number, o.warehouse_code, o.direct_kind, o.direct_number, o.direct_line,
          SUM(l.ordered) AS ordered, SUM(l.cancelled) AS cancelled, SUM(l.received) AS received
        FROM purchase_order AS o JOIN purchase_order_line AS l ON l.purchase_order_id = o.id
        WHERE o.direct_number IS NOT NULL GROUP BY o.id;
      """),
    // Whose goods they are: of a line that a supplier brought itself, and of a product that has
    // never come from anybody else.
    Migration(
      "purchasing-0010-whose-goods",
      """
      CREATE VIEW view_direct_supplier AS
        SELECT o.direct_kind, o.direct_number, o.direct_line, MIN(o.supplier_code) AS supplier_code
        FROM purchase_order AS o JOIN purchase_order_line AS l ON l.purchase_order_id = o.id
        WHERE o.direct_number IS NOT NULL AND l.received > 0
        GROUP BY o.direct_number, o.direct_line, o.direct_kind;
      CREATE VIEW view_only_supplier AS
        SELECT l.sku, MIN(o.supplier_code) AS supplier_code
        FROM purchase_order_line AS l JOIN purchase_order AS o ON o.id = l.purchase_order_id
        WHERE l.received > 0
        GROUP BY l.sku HAVING MIN(o.supplier_code) = MAX(o.supplier_code);
      """),
  ]
}
