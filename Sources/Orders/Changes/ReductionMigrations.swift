extension OrdersMigrations {
  /// What a change takes out of an order costs what cancelling it would, and several roles may have
  /// to agree to a cancellation. What waits for one is a request with one step.
  static let reductions: StaticString = """
    -- rule: position of the rule that decided about it, from 1; 0 for none. is_reduction: it was
    -- taken from what is ordered, not added to what is cancelled.
    ALTER TABLE sales_order_cancellation ADD COLUMN rule INTEGER CHECK (rule >= 0);
    ALTER TABLE sales_order_cancellation ADD COLUMN is_reduction INTEGER NOT NULL DEFAULT 0
      CHECK (is_reduction IN (0, 1));

    -- The line whose shortage it is to settle.
    ALTER TABLE cancel_request ADD COLUMN short_line INTEGER;
    CREATE TABLE cancel_request_step (
      request_id INTEGER NOT NULL REFERENCES cancel_request (id),
      position INTEGER NOT NULL CHECK (position > 0),
      role TEXT NOT NULL,
      decided_by TEXT,
      decided_at INTEGER,
      PRIMARY KEY (request_id, position),
      CHECK ((decided_by IS NULL) = (decided_at IS NULL))
    ) STRICT, WITHOUT ROWID;
    INSERT INTO cancel_request_step (request_id, position, role)
    SELECT id, 1, role FROM cancel_request WHERE state = 'PENDING';

    ALTER TABLE change_request ADD COLUMN reduction_reason TEXT NOT NULL DEFAULT '';
    ALTER TABLE change_request ADD COLUMN fee_minor INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE change_request ADD COLUMN forfeited_minor INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE change_request ADD COLUMN compensation_minor INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE change_request ADD COLUMN fee_explanation TEXT NOT NULL DEFAULT '';

    ALTER TABLE sales_order_version_line ADD COLUMN configuration TEXT NOT NULL DEFAULT '';

    -- Until now whoever changed a confirmed order decided about the change.
    ALTER TABLE approval_round ADD COLUMN is_by_maker INTEGER NOT NULL DEFAULT 0
      CHECK (is_by_maker IN (0, 1));
    UPDATE approval_round SET is_by_maker = 1
    WHERE is_change = 1 AND change_request_id IS NULL;
    """
}
