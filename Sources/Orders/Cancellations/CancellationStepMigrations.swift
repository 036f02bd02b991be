extension OrdersMigrations {
  /// Cancellations are agreed to by steps as approvals are: what a rule asks has due times, and who
  /// was asked before is in a round of the order's approval. Of those nobody knows the rule; each
  /// role is taken as one, as somebody with two could agree for both.
  static let cancellationSteps: StaticString = """
    CREATE TABLE cancellation_rule_step (
      policy_version INTEGER NOT NULL,
      rule INTEGER NOT NULL,
      position INTEGER NOT NULL CHECK (position > 0),
      role TEXT NOT NULL,
      due_hours INTEGER CHECK (due_hours > 0),
      remind_hours INTEGER CHECK (remind_hours > 0),
      escalation_role TEXT,
      PRIMARY KEY (policy_version, rule, position),
      FOREIGN KEY (policy_version, rule)
        REFERENCES cancellation_rule (policy_version, position),
      CHECK (escalation_role IS NULL OR due_hours IS NOT NULL)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO cancellation_rule_step (policy_version, rule, position, role)
    SELECT policy_version, position, 1, approver_role FROM cancellation_rule
    WHERE approver_role IS NOT NULL;
    ALTER TABLE cancellation_rule DROP COLUMN approver_role;
    ALTER TABLE cancellation_rule ADD COLUMN is_parallel INTEGER NOT NULL DEFAULT 0
      CHECK (is_parallel IN (0, 1));
    ALTER TABLE cancellation_rule ADD COLUMN window_hours INTEGER CHECK (window_hours > 0);

    -- What was asked before requests had steps was decided at once, by one role.
    INSERT INTO cancel_request_step (request_id, position, role, decided_by, decided_at)
    SELECT r.id, 1, r.role, CASE WHEN r.state = 'APPROVED' THEN r.decided_by END,
      CASE WHEN r.state = 'APPROVED' THEN r.decided_at END
    FROM cancel_request AS r
    WHERE NOT EXISTS (SELECT 1 FROM cancel_request_step AS s WHERE s.request_id = r.id);

    ALTER TABLE approval_round ADD COLUMN cancel_request_id INTEGER
      REFERENCES cancel_request (id);
    INSERT INTO approval_round (sales_order_id, round, policy_version, asked_by, asked_at,
      is_change, gross_minor, currency, discount_micros, region, is_refused, is_by_maker,
      cancel_request_id)
    SELECT r.sales_order_id,
      (SELECT coalesce(max(w.round), 0) FROM approval_round AS w
        WHERE w.sales_order_id = r.sales_order_id)
        + row_number() OVER (PARTITION BY r.sales_order_id ORDER BY r.id),
      (SELECT max(version) FROM approval_policy), r.requested_by, r.requested_at, 0,
      r.amount_minor, r.currency, 0, '', 0, r.state <> 'PENDING', r.id
    FROM cancel_request AS r;
    CREATE UNIQUE INDEX approval_round_cancellation ON approval_round (cancel_request_id)
      WHERE cancel_request_id IS NOT NULL;

    INSERT INTO approval_step (sales_order_id, round, number, kind, rule, position, follows, role,
      state, opened_at, decided_by, standing_in_for, decided_at, comment)
    SELECT w.sales_order_id, w.round, s.position, 'CANCEL', s.position, 1, 0, s.role,
      CASE WHEN s.decided_by IS NOT NULL THEN 'APPROVED'
        WHEN r.state = 'PENDING' THEN 'OPEN' ELSE 'DROPPED' END,
      r.requested_at, s.decided_by, '', s.decided_at, ''
    FROM cancel_request_step AS s
    JOIN cancel_request AS r ON r.id = s.request_id
    JOIN approval_round AS w ON w.cancel_request_id = r.id
    ORDER BY r.id, s.position;
    DROP TABLE cancel_request_step;
    ALTER TABLE cancel_request DROP COLUMN role;
    """

  /// A part of a line can be cancelled by its name.
  static let cancelledSchedules: StaticString = """
    ALTER TABLE cancel_request_line ADD COLUMN schedule_number INTEGER
      CHECK (schedule_number > 0);
    """
}
