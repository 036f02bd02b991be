extension OrdersMigrations {
  /// Slots of crews and what of them is booked. What is booked stands in the slot, too: its checks
  /// hold whatever the verbs do, and an invariant holds it to the sum of the appointments.
  static let appointments: StaticString = """
    CREATE TABLE delivery_slot (
      id INTEGER PRIMARY KEY,
      code TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL CHECK (kind = 'DELIVERY' OR kind = 'INSTALLATION'),
      warehouse_code TEXT NOT NULL,
      zone_code TEXT NOT NULL,
      crew_code TEXT NOT NULL,
      slot_on INTEGER NOT NULL,
      begins_minute INTEGER NOT NULL CHECK (begins_minute BETWEEN 0 AND 1439),
      ends_minute INTEGER NOT NULL CHECK (ends_minute BETWEEN 1 AND 1440),
      stops INTEGER NOT NULL CHECK (stops BETWEEN 0 AND 10000),
      minutes INTEGER CHECK (minutes > 0),
      volume_ccm INTEGER CHECK (volume_ccm > 0),
      booked_stops INTEGER NOT NULL DEFAULT 0,
      booked_minutes INTEGER NOT NULL DEFAULT 0,
      booked_volume_ccm INTEGER NOT NULL DEFAULT 0,
      CHECK (begins_minute < ends_minute),
      CHECK (booked_stops BETWEEN 0 AND stops),
      CHECK (booked_minutes >= 0 AND (minutes IS NULL OR booked_minutes <= minutes)),
      CHECK (booked_volume_ccm >= 0 AND (volume_ccm IS NULL OR booked_volume_ccm <= volume_ccm))
    ) STRICT;
    CREATE INDEX delivery_slot_offer
      ON delivery_slot (warehouse_code, kind, slot_on, begins_minute, id);
    CREATE INDEX delivery_slot_day ON delivery_slot (slot_on, begins_minute, id);
    CREATE INDEX delivery_slot_crew ON delivery_slot (crew_code, slot_on);

    CREATE TABLE appointment (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      order_number TEXT NOT NULL,
      slot_id INTEGER NOT NULL REFERENCES delivery_slot (id),
      kind TEXT NOT NULL CHECK (kind = 'DELIVERY' OR kind = 'INSTALLATION'),
      state TEXT NOT NULL CHECK (
        state = 'BOOKED' OR state = 'KEPT' OR state = 'MISSED' OR state = 'RELEASED'),
      minutes INTEGER NOT NULL CHECK (minutes >= 0),
      asked_minutes INTEGER CHECK (asked_minutes > 0),
      volume_ccm INTEGER NOT NULL CHECK (volume_ccm >= 0),
      explanation TEXT NOT NULL,
      booked_by TEXT NOT NULL,
      remark TEXT NOT NULL,
      missed_by TEXT CHECK (
        missed_by = 'CUSTOMER' OR missed_by = 'CREW' OR missed_by = 'GOODS'),
      CHECK ((missed_by IS NOT NULL) = (state = 'MISSED'))
    ) STRICT;
    CREATE UNIQUE INDEX appointment_booked ON appointment (sales_order_id, kind)
      WHERE state = 'BOOKED';
    CREATE INDEX appointment_order ON appointment (sales_order_id, id);
    CREATE INDEX appointment_slot ON appointment (slot_id, id);
    """

  /// Appointments are at places: one of a kind may be booked for each. A van waits for all of a
  /// line, but for one whose parts have days of their own, and one of which the customer takes what
  /// is there.
  static let appointmentPlaces: StaticString = """
    ALTER TABLE appointment ADD COLUMN address_id INTEGER;
    DROP INDEX appointment_booked;
    CREATE UNIQUE INDEX appointment_booked
      ON appointment (sales_order_id, kind, COALESCE(address_id, 0)) WHERE state = 'BOOKED';
    CREATE VIEW view_van_promise AS
      SELECT p.sales_order_id, p.line_number, p.expected_on
      FROM order_promise AS p
      JOIN sales_order_line AS l
        ON l.sales_order_id = p.sales_order_id AND l.line_number = p.line_number
      WHERE p.state = 'WAITING' AND l.drop_shipped = 0 AND l.schedules IS NULL
        AND NOT EXISTS (
          SELECT 1 FROM shortage_choice AS c
          WHERE c.sales_order_id = p.sales_order_id AND c.line_number = p.line_number
            AND c.choice = 'PART_SHIP'
            AND NOT EXISTS (
              SELECT 1 FROM shortage_choice AS later
              WHERE later.sales_order_id = c.sales_order_id AND later.line_number = c.line_number
                AND later.id > c.id AND later.choice = 'WAIT'));
    UPDATE appointment SET overtaken = EXISTS (
      SELECT 1 FROM view_van_promise AS p
      WHERE p.sales_order_id = appointment.sales_order_id
        AND (p.expected_on IS NULL OR p.expected_on > (
          SELECT s.slot_on FROM delivery_slot AS s WHERE s.id = appointment.slot_id)))
    WHERE state = 'BOOKED' AND kind = 'DELIVERY';
    """
}
