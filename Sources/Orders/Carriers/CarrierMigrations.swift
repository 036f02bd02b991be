extension OrdersMigrations {
  /// What carriers reported, each event once, and what was signed at the door.
  static let carriers: StaticString = """
    CREATE TABLE carrier_event (
      id INTEGER PRIMARY KEY,
      carrier TEXT NOT NULL,
      event_id TEXT NOT NULL,
      tracking_number TEXT NOT NULL,
      shipment_number TEXT NOT NULL,
      shipment_id INTEGER REFERENCES shipment (id),
      status TEXT NOT NULL CHECK (
        status = 'ACCEPTED' OR status = 'IN_TRANSIT' OR status = 'OUT_FOR_DELIVERY' OR
        status = 'EXCEPTION' OR status = 'REFUSED' OR status = 'DELIVERED'),
      occurred_at INTEGER NOT NULL,
      place TEXT NOT NULL,
      text TEXT NOT NULL,
      told_at INTEGER NOT NULL,
      UNIQUE (carrier, event_id)
    ) STRICT;
    CREATE INDEX carrier_event_shipment ON carrier_event (shipment_id, occurred_at, id);
    CREATE INDEX carrier_event_unmatched ON carrier_event (id) WHERE shipment_id IS NULL;
    CREATE INDEX carrier_event_waiting ON carrier_event (carrier, id) WHERE shipment_id IS NULL;
    CREATE INDEX shipment_tracking ON shipment (tracking_number) WHERE tracking_number <> '';

    ALTER TABLE shipment ADD COLUMN carrier_status TEXT CHECK (
      carrier_status = 'ACCEPTED' OR carrier_status = 'IN_TRANSIT' OR
      carrier_status = 'OUT_FOR_DELIVERY' OR carrier_status = 'EXCEPTION' OR
      carrier_status = 'REFUSED' OR carrier_status = 'DELIVERED');

    CREATE TABLE delivery_proof (
      shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
      signed_by TEXT NOT NULL,
      signed_at INTEGER NOT NULL,
      place TEXT NOT NULL,
      recorded_by TEXT NOT NULL,
      return_id INTEGER REFERENCES customer_return (id)
    ) STRICT;
    CREATE TABLE delivery_proof_attachment (
      shipment_id INTEGER NOT NULL REFERENCES delivery_proof (shipment_id),
      position INTEGER NOT NULL CHECK (position > 0),
      digest TEXT NOT NULL,
      PRIMARY KEY (shipment_id, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE delivery_proof_line (
      shipment_id INTEGER NOT NULL REFERENCES delivery_proof (shipment_id),
      line_number INTEGER NOT NULL CHECK (line_number > 0),
      refused INTEGER NOT NULL CHECK (refused >= 0),
      reason_code TEXT NOT NULL,
      cartons INTEGER NOT NULL CHECK (cartons >= 0),
      PRIMARY KEY (shipment_id, line_number),
      CHECK ((refused > 0) = (reason_code <> ''))
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE delivery_proof_serial (
      shipment_id INTEGER NOT NULL,
      line_number INTEGER NOT NULL,
      serial TEXT NOT NULL,
      PRIMARY KEY (shipment_id, line_number, serial),
      FOREIGN KEY (shipment_id, line_number)
        REFERENCES delivery_proof_line (shipment_id, line_number)
    ) STRICT, WITHOUT ROWID;
    """
}
