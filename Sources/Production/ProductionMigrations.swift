package import Storage

/// Tables of production. Entries are only ever appended. Quantities are millionths of the product's
/// base unit, minutes millionths of a minute.
package enum ProductionMigrations {
  package static let all: [Migration] = [
    // A bill is never changed: another version takes its place. Products stand here with the codes
    // and units that they keep for ever, so that a bill needs no table of another area.
    Migration(
      "production-0001-bill",
      """
      CREATE TABLE work_centre (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        hourly_rate_minor INTEGER NOT NULL CHECK (hourly_rate_minor >= 0),
        currency TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0)
      ) STRICT;

      CREATE TABLE bill_of_material (
        id INTEGER PRIMARY KEY,
        product_id INTEGER NOT NULL REFERENCES product (id),
        sku TEXT NOT NULL,
        unit TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0),
        UNIQUE (product_id, version)
      ) STRICT;

      CREATE TABLE bill_component (
        bill_id INTEGER NOT NULL REFERENCES bill_of_material (id),
        line_no INTEGER NOT NULL CHECK (line_no > 0),
        product_id INTEGER NOT NULL REFERENCES product (id),
        sku TEXT NOT NULL,
        unit TEXT NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        scrap_micros INTEGER NOT NULL CHECK (scrap_micros BETWEEN 0 AND 999999),
        PRIMARY KEY (bill_id, line_no),
        UNIQUE (bill_id, product_id)
      ) STRICT;

      CREATE TABLE bill_operation (
        bill_id INTEGER NOT NULL REFERENCES bill_of_material (id),
        sequence INTEGER NOT NULL CHECK (sequence > 0),
        name TEXT NOT NULL,
        work_centre_id INTEGER NOT NULL REFERENCES work_centre (id),
        work_centre_code TEXT NOT NULL,
        setup_minutes INTEGER NOT NULL CHECK (setup_minutes >= 0),
        unit_minutes INTEGER NOT NULL CHECK (unit_minutes >= 0),
        PRIMARY KEY (bill_id, sequence)
      ) STRICT;
      """),
    // What goes in and out of work in progress stands on the order, so that the rest is never less
    // than nothing and nothing is left of an order that is closed. A component that is partly taken
    // from stock and partly made has a line for each.
    Migration(
      "production-0002-work-order",
      """
      CREATE TABLE work_order (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        product_id INTEGER NOT NULL REFERENCES product (id),
        sku TEXT NOT NULL,
        unit TEXT NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        good INTEGER NOT NULL DEFAULT 0 CHECK (good >= 0),
        scrapped INTEGER NOT NULL DEFAULT 0 CHECK (scrapped >= 0),
        warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
        warehouse_code TEXT NOT NULL,
        origin_kind TEXT,
        origin_number TEXT,
        origin_line INTEGER,
        pegged INTEGER NOT NULL CHECK (pegged IN (0, 1)),
        root_kind TEXT,
        root_number TEXT,
        due_on INTEGER,
        hold TEXT CHECK (hold IN ('DEPOSIT')),
        state TEXT NOT NULL CHECK (
          state = 'PLANNED' OR state = 'RELEASED' OR state = 'IN_PROGRESS' OR
          state = 'COMPLETED' OR state = 'CLOSED' OR state = 'CANCELLED'),
        currency TEXT NOT NULL,
        material_minor INTEGER NOT NULL DEFAULT 0 CHECK (material_minor >= 0),
        labour_minor INTEGER NOT NULL DEFAULT 0 CHECK (labour_minor >= 0),
        output_minor INTEGER NOT NULL DEFAULT 0 CHECK (output_minor >= 0),
        scrap_minor INTEGER NOT NULL DEFAULT 0 CHECK (scrap_minor >= 0),
        variance_minor INTEGER NOT NULL DEFAULT 0 CHECK (variance_minor >= 0),
        planned_at INTEGER NOT NULL,
        version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
        CHECK ((origin_kind IS NULL) = (origin_number IS NULL)),
        CHECK ((origin_kind IS NULL) = (origin_line IS NULL)),
        CHECK (pegged = 0 OR origin_kind IS NOT NULL),
        CHECK ((root_kind IS NULL) = (root_number IS NULL)),
        CHECK (hold IS NULL OR state IN ('PLANNED', 'CANCELLED')),
        CHECK (material_minor + labour_minor - output_minor - scrap_minor - variance_minor >= 0)
      ) STRICT;
      CREATE INDEX work_order_state ON work_order (state, id);
      CREATE INDEX work_order_origin ON work_order (origin_kind, origin_number, origin_line)
        WHERE origin_number IS NOT NULL;
      CREATE INDEX work_order_root ON work_order (root_kind, root_number, id)
        WHERE root_number IS NOT NULL;

      CREATE TABLE work_order_component (
        work_order_id INTEGER NOT NULL REFERENCES work_order (id),
        line_no INTEGER NOT NULL CHECK (line_no > 0),
        product_id INTEGER NOT NULL REFERENCES product (id),
        sku TEXT NOT NULL,
        unit TEXT NOT NULL,
        required INTEGER NOT NULL CHECK (required > 0),
        issued INTEGER NOT NULL DEFAULT 0 CHECK (issued >= 0),
        cost_minor INTEGER NOT NULL DEFAULT 0 CHECK (cost_minor >= 0),
        supply_number TEXT,
        PRIMARY KEY (work_order_id, line_no)
      ) STRICT;

      CREATE TABLE work_order_operation (
        work_order_id INTEGER NOT NULL REFERENCES work_order (id),
        sequence INTEGER NOT NULL CHECK (sequence > 0),
        name TEXT NOT NULL,
        work_centre_code TEXT NOT NULL,
        hourly_rate_minor INTEGER NOT NULL CHECK (hourly_rate_minor >= 0),
        planned_minutes INTEGER NOT NULL CHECK (planned_minutes >= 0),
        reported_minutes INTEGER NOT NULL DEFAULT 0 CHECK (reported_minutes >= 0),
        cost_minor INTEGER NOT NULL DEFAULT 0 CHECK (cost_minor >= 0),
        done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),
        PRIMARY KEY (work_order_id, sequence)
      ) STRICT;

      CREATE TABLE time_report (
        id INTEGER PRIMARY KEY,
        work_order_id INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        minutes INTEGER NOT NULL CHECK (minutes >= 0),
        cost_minor INTEGER NOT NULL CHECK (cost_minor >= 0),
        reported_at INTEGER NOT NULL,
        FOREIGN KEY (work_order_id, sequence)
          REFERENCES work_order_operation (work_order_id, sequence)
      ) STRICT;
      CREATE INDEX time_report_operation ON time_report (work_order_id, sequence);
      """),
    // The view says once, and in which order, what a work order is read from.
    Migration(
      "production-0003-replacement",
      """
      ALTER TABLE work_order ADD COLUMN replacement_number TEXT;
      CREATE VIEW work_order_record AS
        SELECT id, number, state, product_id, sku, unit, quantity, good, scrapped, warehouse_id,
          warehouse_code, origin_kind, origin_number, origin_line, pegged, root_kind, root_number,
          due_on, hold, material_minor, labour_minor, output_minor, scrap_minor, variance_minor,
          currency, replacement_number, version
        FROM work_order;
      """),
    // What its customer chose, as text of `Configuration`.
    Migration(
      "production-0004-configuration",
      """
      CREATE TABLE work_order_configuration (
        work_order_id INTEGER PRIMARY KEY REFERENCES work_order (id),
        configuration TEXT NOT NULL
      ) STRICT;
      """),
    // For whoever asks where something is made.
    Migration(
      "production-0005-work-order-place",
      """
      CREATE VIEW view_work_order_place AS SELECT number, warehouse_code FROM work_order;
      """),
    // Documents for which nothing may be begun.
    Migration(
      "production-0006-stopped-work",
      """
      CREATE TABLE stopped_work (
        root_kind TEXT NOT NULL,
        root_number TEXT NOT NULL,
        PRIMARY KEY (root_kind, root_number)
      ) STRICT, WITHOUT ROWID;
      """),
    // What is made for nobody in particular, where somebody asks when goods come.
    Migration(
      "production-0007-work-for-stock",
      """
      CREATE INDEX work_order_for_stock ON work_order (product_id, warehouse_id, id)
        WHERE pegged = 0 AND state IN ('PLANNED', 'RELEASED', 'IN_PROGRESS');
      """),
    // Steps that inspect, and for whom the workshop has something in hand: whose next step inspects
    // it is made. Few work orders are in hand at a time.
    Migration(
      "production-0008-inspection",
      """
      ALTER TABLE work_centre ADD COLUMN inspects INTEGER NOT NULL DEFAULT 0
        CHECK (inspects IN (0, 1));
      ALTER TABLE work_order_operation ADD COLUMN is_inspection INTEGER NOT NULL DEFAULT 0
        CHECK (is_inspection IN (0, 1));
      CREATE VIEW view_work_in_hand AS
        SELECT w.root_kind, w.root_number, w.number, COALESCE((
            SELECT o.is_inspection FROM work_order_operation AS o
            WHERE o.work_order_id = w.id AND o.done = 0 ORDER BY o.sequence LIMIT 1), 0)
            AS waits_for_inspection
        FROM work_order AS w
        WHERE w.pegged = 1 AND (w.state = 'RELEASED' OR w.state = 'IN_PROGRESS');
      """),
    Migration("production-0009-rework", rework),
  ]
}
