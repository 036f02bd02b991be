extension OrdersMigrations {
  /// What is claimed from carriers. A shipment that is lost is stored as called off, as nothing of
  /// it counts as shipped any more; `lost_at` tells one from the other.
  static let carrierClaims: StaticString = """
    ALTER TABLE shipment ADD COLUMN lost_at INTEGER
      CHECK (lost_at IS NULL OR state = 'CANCELLED');
    -- When the goods of a lost one came back to us.
    ALTER TABLE shipment ADD COLUMN recovered_at INTEGER
      CHECK (recovered_at IS NULL OR lost_at IS NOT NULL);
    CREATE INDEX shipment_lost ON shipment (id) WHERE lost_at IS NOT NULL;
    -- By when it was to arrive, since it left.
    ALTER TABLE shipment ADD COLUMN due_on INTEGER;
    UPDATE shipment SET due_on = (
      SELECT o.requested_on FROM sales_order AS o WHERE o.id = shipment.sales_order_id)
    WHERE state = 'DISPATCHED';
    CREATE INDEX shipment_due ON shipment (due_on, id)
      WHERE state = 'DISPATCHED' AND due_on IS NOT NULL;
    ALTER TABLE carrier_event ADD COLUMN trouble TEXT
      CHECK (trouble IS NULL OR (status = 'EXCEPTION' AND (
        trouble = 'LATE' OR trouble = 'LOST' OR trouble = 'DAMAGED' OR trouble = 'ADDRESS')));

    CREATE TABLE carrier_claim (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      shipment_id INTEGER NOT NULL REFERENCES shipment (id),
      shipment_number TEXT NOT NULL,
      order_number TEXT NOT NULL,
      carrier TEXT NOT NULL,
      cause TEXT NOT NULL CHECK (cause = 'LOST' OR cause = 'DAMAGED'),
      state TEXT NOT NULL CHECK (
        state = 'OPEN' OR state = 'FILED' OR state = 'ACCEPTED' OR state = 'REJECTED' OR
        state = 'PAID' OR state = 'WITHDRAWN'),
      basis TEXT NOT NULL CHECK (basis = 'COST' OR basis = 'SALES_VALUE'),
      claimed_minor INTEGER NOT NULL CHECK (claimed_minor >= 0),
      currency TEXT NOT NULL,
      accepted_minor INTEGER,
      reference TEXT NOT NULL DEFAULT '',
      reason TEXT NOT NULL DEFAULT '',
      opened_on INTEGER NOT NULL,
      -- How often it was withdrawn after it had been accepted.
      reversals INTEGER NOT NULL DEFAULT 0,
      UNIQUE (shipment_id, cause),
      CHECK ((accepted_minor IS NOT NULL) = (state = 'ACCEPTED' OR state = 'PAID')),
      CHECK (accepted_minor IS NULL OR accepted_minor BETWEEN 1 AND claimed_minor)
    ) STRICT;
    CREATE INDEX carrier_claim_open ON carrier_claim (id)
      WHERE state <> 'PAID' AND state <> 'WITHDRAWN';

    CREATE TABLE carrier_claim_line (
      claim_id INTEGER NOT NULL REFERENCES carrier_claim (id),
      line_number INTEGER NOT NULL CHECK (line_number > 0),
      sku TEXT NOT NULL,
      unit TEXT NOT NULL,
      quantity INTEGER NOT NULL CHECK (quantity > 0),
      cost_minor INTEGER NOT NULL CHECK (cost_minor >= 0),
      sales_minor INTEGER NOT NULL CHECK (sales_minor >= 0),
      currency TEXT NOT NULL,
      PRIMARY KEY (claim_id, line_number)
    ) STRICT, WITHOUT ROWID;

    -- By what a carrier is claimed from; the empty one for all others.
    CREATE TABLE carrier_claim_terms (
      carrier TEXT PRIMARY KEY,
      basis TEXT NOT NULL CHECK (basis = 'COST' OR basis = 'SALES_VALUE')
    ) STRICT, WITHOUT ROWID;
    """

  /// What a carrier has paid for goods that turned up it is to have back.
  static let claimsOwedBack: StaticString = """
    CREATE TABLE carrier_claim_next (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      shipment_id INTEGER NOT NULL REFERENCES shipment (id),
      shipment_number TEXT NOT NULL,
      order_number TEXT NOT NULL,
      carrier TEXT NOT NULL,
      cause TEXT NOT NULL CHECK (cause = 'LOST' OR cause = 'DAMAGED'),
      state TEXT NOT NULL CHECK (
        state = 'OPEN' OR state = 'FILED' OR state = 'ACCEPTED' OR state = 'REJECTED' OR
        state = 'PAID' OR state = 'WITHDRAWN' OR state = 'OWED_BACK' OR state = 'PAID_BACK' OR
        state = 'WAIVED'),
      basis TEXT NOT NULL CHECK (basis = 'COST' OR basis = 'SALES_VALUE'),
      claimed_minor INTEGER NOT NULL CHECK (claimed_minor >= 0),
      currency TEXT NOT NULL,
      accepted_minor INTEGER,
      reference TEXT NOT NULL DEFAULT '',
      reason TEXT NOT NULL DEFAULT '',
      opened_on INTEGER NOT NULL,
      -- How often something that was posted of it was taken back.
      reversals INTEGER NOT NULL DEFAULT 0,
      -- Since when its goods are there, while its carrier knows of it and has not paid.
      turned_up_on INTEGER CHECK (
        turned_up_on IS NULL OR state = 'FILED' OR state = 'ACCEPTED' OR state = 'REJECTED'),
      UNIQUE (shipment_id, cause),
      CHECK ((accepted_minor IS NOT NULL) = (
        state = 'ACCEPTED' OR state = 'PAID' OR state = 'OWED_BACK' OR state = 'PAID_BACK' OR
        state = 'WAIVED')),
      CHECK (accepted_minor IS NULL OR accepted_minor BETWEEN 1 AND claimed_minor)
    ) STRICT;
    INSERT INTO carrier_claim_next (id, number, shipment_id, shipment_number, order_number, carrier,
      cause, state, basis, claimed_minor, currency, accepted_minor, reference, reason, opened_on,
      reversals)
    SELECT id, number, shipment_id, shipment_number, order_number, carrier, cause, state, basis,
      claimed_minor, currency, accepted_minor, reference, reason, opened_on, reversals
    FROM carrier_claim ORDER BY id;
    DROP TABLE carrier_claim;
    ALTER TABLE carrier_claim_next RENAME TO carrier_claim;
    CREATE INDEX carrier_claim_open ON carrier_claim (id)
      WHERE state <> 'PAID' AND state <> 'WITHDRAWN' AND state <> 'PAID_BACK' AND
        state <> 'WAIVED';
    """
}
