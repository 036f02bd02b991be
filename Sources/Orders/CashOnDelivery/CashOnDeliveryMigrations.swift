extension OrdersMigrations {
  /// What is paid at the door, and what carriers remit of it.
  static let cashOnDelivery: StaticString = """
    CREATE TABLE cash_on_delivery (
      shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
      collector TEXT NOT NULL CHECK (collector = 'OWN_CREW' OR collector = 'CARRIER'),
      currency TEXT NOT NULL,
      due_minor INTEGER CHECK (due_minor >= 0),
      owed_minor INTEGER NOT NULL DEFAULT 0,
      collected_minor INTEGER NOT NULL DEFAULT 0,
      remitted_minor INTEGER NOT NULL DEFAULT 0 CHECK (remitted_minor >= 0),
      written_off_minor INTEGER NOT NULL DEFAULT 0 CHECK (written_off_minor >= 0),
      CHECK (owed_minor BETWEEN 0 AND COALESCE(due_minor, 0)),
      CHECK (collected_minor BETWEEN 0 AND owed_minor),
      CHECK (remitted_minor + written_off_minor <= collected_minor),
      CHECK (collector = 'CARRIER' OR remitted_minor + written_off_minor = 0)
    ) STRICT;
    -- What is still to come.
    CREATE INDEX cash_on_delivery_uncollected ON cash_on_delivery (shipment_id)
      WHERE collected_minor < owed_minor;

    CREATE TABLE cash_on_delivery_payment (
      payment_number TEXT PRIMARY KEY,
      shipment_id INTEGER NOT NULL REFERENCES cash_on_delivery (shipment_id),
      amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
      currency TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX cash_on_delivery_payment_shipment ON cash_on_delivery_payment (shipment_id);

    CREATE TABLE remittance (
      id INTEGER PRIMARY KEY,
      carrier TEXT NOT NULL,
      statement TEXT NOT NULL,
      row_id TEXT NOT NULL,
      shipment_number TEXT NOT NULL,
      tracking_number TEXT NOT NULL,
      amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
      fee_minor INTEGER NOT NULL CHECK (fee_minor BETWEEN 0 AND amount_minor),
      currency TEXT NOT NULL,
      shipment_id INTEGER REFERENCES cash_on_delivery (shipment_id),
      credited_minor INTEGER NOT NULL CHECK (credited_minor BETWEEN 0 AND amount_minor),
      state TEXT NOT NULL CHECK (
        state = 'MATCHED' OR state = 'SHORT' OR state = 'OVER' OR state = 'UNKNOWN' OR
        state = 'SETTLED'),
      imported_at INTEGER NOT NULL,
      settled_by TEXT,
      reason TEXT NOT NULL DEFAULT '',
      UNIQUE (carrier, statement, row_id),
      CHECK (shipment_id IS NOT NULL OR credited_minor = 0)
    ) STRICT;
    CREATE INDEX remittance_shipment ON remittance (shipment_id) WHERE shipment_id IS NOT NULL;
    CREATE INDEX remittance_open ON remittance (id)
      WHERE state = 'SHORT' OR state = 'OVER' OR state = 'UNKNOWN';
    """

  /// Orders of which every shipment is paid at the door.
  static let ordersPaidAtDoor: StaticString = """
    ALTER TABLE sales_order ADD COLUMN cash_collector TEXT
      CHECK (cash_collector = 'OWN_CREW' OR cash_collector = 'CARRIER');
    """

  /// Differences of remittances above a bound are settled by two.
  static let remittanceProposals: StaticString = """
    CREATE TABLE remittance_policy (
      version INTEGER PRIMARY KEY,
      alone_minor INTEGER CHECK (alone_minor >= 0),
      currency TEXT NOT NULL,
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;

    ALTER TABLE remittance ADD COLUMN proposed_settlement TEXT
      CHECK (proposed_settlement = 'WRITE_OFF' OR proposed_settlement = 'PAY_BACK');
    ALTER TABLE remittance ADD COLUMN proposed_minor INTEGER CHECK (proposed_minor > 0)
      CHECK ((proposed_minor IS NULL) = (proposed_settlement IS NULL));
    ALTER TABLE remittance ADD COLUMN proposed_by TEXT
      CHECK ((proposed_by IS NULL) = (proposed_settlement IS NULL))
      CHECK (state <> 'SETTLED' OR settled_by IS NULL OR proposed_by <> settled_by);
    ALTER TABLE remittance ADD COLUMN proposed_at INTEGER
      CHECK ((proposed_at IS NULL) = (proposed_settlement IS NULL));
    """
}
