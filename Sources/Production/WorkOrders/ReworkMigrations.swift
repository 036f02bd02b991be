extension ProductionMigrations {
  /// What was begun may become something else: what was chosen is kept for each rework, and none
  /// for what the product's own bill says. Of material something may be of no use any more, and
  /// nothing may be needed. Steps that count for nothing any more keep their minutes.
  static let rework: StaticString = """
    CREATE TABLE work_order_configuration_next (
      work_order_id INTEGER NOT NULL REFERENCES work_order (id),
      rework INTEGER NOT NULL CHECK (rework >= 0),
      configuration TEXT,
      PRIMARY KEY (work_order_id, rework)
    ) STRICT;
    INSERT INTO work_order_configuration_next (work_order_id, rework, configuration)
    SELECT work_order_id, 0, configuration FROM work_order_configuration;
    DROP TABLE work_order_configuration;
    ALTER TABLE work_order_configuration_next RENAME TO work_order_configuration;

    CREATE TABLE work_order_component_next (
      work_order_id INTEGER NOT NULL REFERENCES work_order (id),
      line_no INTEGER NOT NULL CHECK (line_no > 0),
      product_id INTEGER NOT NULL REFERENCES product (id),
      sku TEXT NOT NULL,
      unit TEXT NOT NULL,
      required INTEGER NOT NULL CHECK (required >= 0),
      issued INTEGER NOT NULL DEFAULT 0 CHECK (issued >= 0),
      cost_minor INTEGER NOT NULL DEFAULT 0 CHECK (cost_minor >= 0),
      supply_number TEXT,
      spoiled INTEGER NOT NULL DEFAULT 0 CHECK (spoiled >= 0),
      PRIMARY KEY (work_order_id, line_no),
      CHECK (spoiled <= issued AND spoiled <= required)
    ) STRICT;
    INSERT INTO work_order_component_next (
      work_order_id, line_no, product_id, sku, unit, required, issued, cost_minor, supply_number)
    SELECT
      work_order_id, line_no, product_id, sku, unit, required, issued, cost_minor, supply_number
    FROM work_order_component;
    DROP TABLE work_order_component;
    ALTER TABLE work_order_component_next RENAME TO work_order_component;

    ALTER TABLE work_order_operation ADD COLUMN rework INTEGER NOT NULL DEFAULT 0
      CHECK (rework >= 0);
    ALTER TABLE work_order_operation ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0
      CHECK (dropped = 0 OR dropped = 1);
    DROP VIEW view_work_in_hand;
    CREATE VIEW view_work_in_hand AS
      SELECT w.root_kind, w.root_number, w.number, COALESCE((
          SELECT o.is_inspection FROM work_order_operation AS o
          WHERE o.work_order_id = w.id AND o.done = 0 AND o.dropped = 0
          ORDER BY o.sequence LIMIT 1), 0)
          AS waits_for_inspection
      FROM work_order AS w
      WHERE w.pegged = 1 AND (w.state = 'RELEASED' OR w.state = 'IN_PROGRESS');
    """
}
