package import Storage

/// Tables of what happens after goods have arrived. Entries are only ever appended.
package enum AfterSalesMigrations {
  package static let all: [Migration] = [
    // A company begins with what the law has for distance selling: seven days for what is not made
    // to measure, and defects at any time once a manager agrees.
    Migration("aftersales-0001-return", returns),
    // A company begins with two years for everything.
    Migration("aftersales-0002-warranty", warranty),
    Migration("aftersales-0003-complaint", complaints),
    Migration("aftersales-0004-exchange", exchange),
    // What comes back as grade B can be worth less than it cost.
    Migration(
      "aftersales-0005-write-down",
      """
      ALTER TABLE return_rule ADD COLUMN write_down_micros INTEGER NOT NULL DEFAULT 0
        CHECK (write_down_micros BETWEEN 0 AND 1000000);
      ALTER TABLE customer_return_line ADD COLUMN written_down_minor INTEGER NOT NULL DEFAULT 0
        CHECK (written_down_minor BETWEEN 0 AND cost_minor);
      ALTER TABLE customer_return_line ADD COLUMN written_down_here_minor INTEGER NOT NULL
        DEFAULT 0 CHECK (written_down_here_minor BETWEEN 0 AND written_down_minor
          AND (grade_b > 0 OR written_down_here_minor = 0));
      """),
    Migration("aftersales-0006-dunning", dunning),
    Migration("aftersales-0007-complaint-pause", complaintPauses),
    Migration("aftersales-0008-defect-finding", defectFindings),
    Migration("aftersales-0009-dunning-claims", dunningClaims),
    // Each unit may come back within the days from its own delivery; what goods cost when they are
    // graded; and from which amount on two agree to what is given for nothing.
    Migration(
      "aftersales-0010-units",
      """
      ALTER TABLE customer_return ADD COLUMN requested_on INTEGER NOT NULL DEFAULT 0;
      UPDATE customer_return SET requested_on = requested_at / 86400000000;
      ALTER TABLE customer_return_line ADD COLUMN gone_cost_minor INTEGER NOT NULL DEFAULT 0
        CHECK (gone_cost_minor BETWEEN 0 AND cost_minor);
      UPDATE customer_return_line
      SET gone_cost_minor = CASE WHEN grade_a + grade_c = received THEN cost_minor
        ELSE CAST(round(CAST(cost_minor AS REAL) * (grade_a + grade_c) / received) AS INTEGER) END
      WHERE received > 0;
      ALTER TABLE warranty_policy ADD COLUMN approver_role TEXT NOT NULL
        DEFAULT 'SALES_MANAGER';
      ALTER TABLE warranty_policy ADD COLUMN free_limit_minor INTEGER
        CHECK (free_limit_minor >= 0);
      ALTER TABLE warranty_policy ADD COLUMN free_limit_currency TEXT
        CHECK ((free_limit_minor IS NULL) = (free_limit_currency IS NULL));
      CREATE INDEX remake_line ON remake (origin_order_id, origin_line);
      CREATE INDEX repair_line ON repair (origin_order_id, origin_line);
      """),
    // Which piece a serial number is.
    Migration(
      "aftersales-0011-serial",
      "CREATE INDEX delivery_proof_serial_number ON delivery_proof_serial (serial);"),
    Migration("aftersales-0012-complaint-channel", complaintChannels),
  ]

  private static let exchange: StaticString = """
    CREATE TABLE exchange (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      return_id INTEGER NOT NULL UNIQUE REFERENCES customer_return (id),
      sales_order_id INTEGER NOT NULL UNIQUE REFERENCES sales_order (id),
      origin_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      carried_minor INTEGER NOT NULL CHECK (carried_minor >= 0),
      currency TEXT NOT NULL,
      requested_by TEXT NOT NULL,
      requested_at INTEGER NOT NULL,
      CHECK (sales_order_id <> origin_order_id)
    ) STRICT;
    CREATE INDEX exchange_origin ON exchange (origin_order_id, id);
    """

  private static let warranty: StaticString = """
    CREATE TABLE warranty_policy (
      version INTEGER PRIMARY KEY,
      valid_from INTEGER NOT NULL,
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX warranty_policy_day ON warranty_policy (valid_from, version);
    INSERT INTO warranty_policy (version, valid_from, reason, made_by, made_at)
    VALUES (1, -719162, 'As shipped: two years', '', 0);

    CREATE TABLE warranty_rule (
      policy_version INTEGER NOT NULL REFERENCES warranty_policy (version),
      position INTEGER NOT NULL CHECK (position > 0),
      sku TEXT,
      sourcing TEXT CHECK (sourcing = 'STOCK' OR sourcing = 'MAKE'),
      component TEXT,
      months INTEGER NOT NULL CHECK (months BETWEEN 0 AND 1200),
      PRIMARY KEY (policy_version, position)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO warranty_rule (policy_version, position, months) VALUES (1, 1, 24);

    CREATE TABLE remake (
      id INTEGER PRIMARY KEY,
      sales_order_id INTEGER NOT NULL UNIQUE REFERENCES sales_order (id),
      origin_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      origin_line INTEGER NOT NULL CHECK (origin_line > 0),
      component TEXT NOT NULL,
      reason_code TEXT NOT NULL,
      responsible TEXT NOT NULL,
      is_free INTEGER NOT NULL CHECK (is_free IN (0, 1)),
      explanation TEXT NOT NULL,
      requested_by TEXT NOT NULL,
      requested_at INTEGER NOT NULL,
      requested_on INTEGER NOT NULL,
      CHECK (sales_order_id <> origin_order_id)
    ) STRICT;
    CREATE INDEX remake_origin ON remake (origin_order_id, id);
    CREATE INDEX remake_day ON remake (requested_on);
    """

  private static let complaints: StaticString = """
    CREATE TABLE complaint_term (
      severity TEXT PRIMARY KEY CHECK (
        severity = 'LOW' OR severity = 'NORMAL' OR severity = 'HIGH' OR severity = 'CRITICAL'),
      hours INTEGER NOT NULL CHECK (hours > 0),
      escalation_role TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO complaint_term (severity, hours, escalation_role) VALUES
      ('LOW', 168, 'SALES_MANAGER'), ('NORMAL', 72, 'SALES_MANAGER'),
      ('HIGH', 24, 'SALES_MANAGER'), ('CRITICAL', 4, 'GENERAL_MANAGER');

    CREATE TABLE complaint (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      version INTEGER NOT NULL CHECK (version > 0),
      state TEXT NOT NULL CHECK (
        state = 'OPEN' OR state = 'IN_PROGRESS' OR state = 'RESOLVED'),
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      line_number INTEGER NOT NULL CHECK (line_number >= 0),
      category TEXT NOT NULL,
      severity TEXT NOT NULL,
      text TEXT NOT NULL,
      assignee TEXT NOT NULL,
      opened_by TEXT NOT NULL,
      opened_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      level INTEGER NOT NULL CHECK (level >= 0),
      escalation_role TEXT NOT NULL,
      resolution TEXT NOT NULL,
      document_kind TEXT,
      document_number TEXT,
      resolved_at INTEGER,
      CHECK ((state = 'RESOLVED') = (resolved_at IS NOT NULL)),
      CHECK (state <> 'IN_PROGRESS' OR assignee <> ''),
      CHECK ((document_kind IS NULL) = (document_number IS NULL))
    ) STRICT;
    CREATE INDEX complaint_order ON complaint (sales_order_id, id);
    CREATE INDEX complaint_state ON complaint (state, id);
    CREATE INDEX complaint_due ON complaint (due_at) WHERE resolved_at IS NULL;

    CREATE TABLE satisfaction (
      id INTEGER PRIMARY KEY,
      shipment_id INTEGER NOT NULL UNIQUE REFERENCES shipment (id),
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 10),
      text TEXT NOT NULL,
      recorded_by TEXT NOT NULL,
      answered_on INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX satisfaction_order ON satisfaction (sales_order_id, id);
    CREATE INDEX satisfaction_day ON satisfaction (answered_on);
    """

  private static let returns: StaticString = """
    CREATE TABLE return_reason (
      position INTEGER PRIMARY KEY CHECK (position > 0),
      code TEXT NOT NULL UNIQUE,
      text TEXT NOT NULL,
      responsible TEXT NOT NULL CHECK (
        responsible = 'CUSTOMER' OR responsible = 'SELLER' OR responsible = 'WORKSHOP' OR
        responsible = 'CARRIER' OR responsible = 'SUPPLIER')
    ) STRICT;
    INSERT INTO return_reason (position, code, text, responsible) VALUES
      (1, 'CHANGED_MIND', 'The customer does not want it any more', 'CUSTOMER'),
      (2, 'WRONG_GOODS', 'Something else was ordered', 'SELLER'),
      (3, 'DEFECT', 'It was made badly', 'WORKSHOP'),
      (4, 'DAMAGED', 'It was damaged on the way', 'CARRIER'),
      (5, 'BAD_MATERIAL', 'It was bad when it came from the supplier', 'SUPPLIER');

    CREATE TABLE return_policy (
      version INTEGER PRIMARY KEY,
      valid_from INTEGER NOT NULL,
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX return_policy_day ON return_policy (valid_from, version);
    INSERT INTO return_policy (version, valid_from, reason, made_by, made_at)
    VALUES (1, -719162, 'As shipped: seven days, and defects', '', 0);

    CREATE TABLE return_rule (
      policy_version INTEGER NOT NULL REFERENCES return_policy (version),
      position INTEGER NOT NULL CHECK (position > 0),
      reason_code TEXT,
      is_defect INTEGER CHECK (is_defect IN (0, 1)),
      sourcing TEXT CHECK (sourcing = 'STOCK' OR sourcing = 'MAKE'),
      within_days INTEGER CHECK (within_days >= 0),
      allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
      fee_micros INTEGER NOT NULL CHECK (fee_micros BETWEEN 0 AND 1000000),
      approver_role TEXT,
      PRIMARY KEY (policy_version, position)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO return_rule (policy_version, position, is_defect, sourcing, within_days, allowed,
      fee_micros, approver_role)
    VALUES
      (1, 1, 1, NULL, NULL, 1, 0, 'SALES_MANAGER'),
      (1, 2, 0, 'MAKE', NULL, 0, 0, NULL),
      (1, 3, 0, 'STOCK', 7, 1, 0, NULL);

    CREATE TABLE customer_return (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      version INTEGER NOT NULL CHECK (version > 0),
      state TEXT NOT NULL CHECK (
        state = 'REQUESTED' OR state = 'APPROVED' OR state = 'REJECTED' OR
        state = 'CANCELLED' OR state = 'RECEIVED' OR state = 'INSPECTED' OR state = 'CREDITED'),
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      note TEXT NOT NULL,
      policy_version INTEGER NOT NULL REFERENCES return_policy (version),
      explanation TEXT NOT NULL,
      approver_role TEXT,
      requested_by TEXT NOT NULL,
      requested_at INTEGER NOT NULL,
      decided_by TEXT,
      decision TEXT NOT NULL,
      warehouse_code TEXT,
      received_on INTEGER,
      credited_by TEXT,
      credited_minor INTEGER NOT NULL CHECK (credited_minor >= 0),
      fee_minor INTEGER NOT NULL CHECK (fee_minor BETWEEN 0 AND credited_minor),
      currency TEXT NOT NULL,
      fee_invoice TEXT,
      CHECK ((warehouse_code IS NULL) = (received_on IS NULL)),
      CHECK ((state = 'CREDITED') = (credited_by IS NOT NULL))
    ) STRICT;
    CREATE INDEX customer_return_order ON customer_return (sales_order_id, id);
    CREATE INDEX customer_return_state ON customer_return (state, id);
    CREATE INDEX customer_return_day ON customer_return (received_on)
      WHERE received_on IS NOT NULL;

    CREATE TABLE customer_return_line (
      return_id INTEGER NOT NULL REFERENCES customer_return (id),
      line_number INTEGER NOT NULL CHECK (line_number > 0),
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      reason_code TEXT NOT NULL,
      responsible TEXT NOT NULL,
      rule INTEGER NOT NULL CHECK (rule > 0),
      fee_micros INTEGER NOT NULL CHECK (fee_micros BETWEEN 0 AND 1000000),
      requested INTEGER NOT NULL CHECK (requested > 0),
      received INTEGER NOT NULL CHECK (received BETWEEN 0 AND requested),
      grade_a INTEGER NOT NULL CHECK (grade_a >= 0),
      grade_b INTEGER NOT NULL CHECK (grade_b >= 0),
      grade_c INTEGER NOT NULL CHECK (grade_c >= 0),
      cost_minor INTEGER NOT NULL CHECK (cost_minor >= 0),
      scrap_minor INTEGER NOT NULL CHECK (scrap_minor BETWEEN 0 AND cost_minor),
      currency TEXT NOT NULL,
      PRIMARY KEY (return_id, line_number),
      CHECK (grade_a + grade_b + grade_c <= received)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX customer_return_line_order
      ON customer_return_line (sales_order_id, line_number);
    """
}
