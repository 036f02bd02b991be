extension OrdersMigrations {
  /// What customers ask for beside the goods, as text of typed rows; null for nothing, which is
  /// nearly every order. Shipments have their own once they have left.
  static let instructions: StaticString = """
    ALTER TABLE sales_order ADD COLUMN instructions TEXT;
    ALTER TABLE sales_order_line ADD COLUMN instructions TEXT;
    ALTER TABLE sales_order_version ADD COLUMN instructions TEXT;
    ALTER TABLE sales_order_version_line ADD COLUMN instructions TEXT;
    ALTER TABLE change_request ADD COLUMN instructions TEXT NOT NULL DEFAULT '';
    ALTER TABLE change_request_line ADD COLUMN instructions TEXT NOT NULL DEFAULT '';
    ALTER TABLE quote_variant ADD COLUMN instructions TEXT;
    ALTER TABLE quote_line ADD COLUMN instructions TEXT;
    ALTER TABLE shipment ADD COLUMN instructions TEXT;
    ALTER TABLE shipment_line ADD COLUMN instructions TEXT;
    """

  /// What carriers and late goods bring onto the board of exceptions.
  static let lateExceptions: StaticString = """
    ALTER TABLE appointment ADD COLUMN overtaken INTEGER NOT NULL DEFAULT 0
      CHECK (overtaken IN (0, 1));
    CREATE INDEX appointment_overtaken ON appointment (id)
      WHERE overtaken = 1 AND state = 'BOOKED';
    CREATE INDEX shipment_trouble ON shipment (id)
      WHERE state = 'DISPATCHED' AND (carrier_status = 'EXCEPTION' OR carrier_status = 'REFUSED');

    -- What suppliers bring alone keeps no appointment of our van from here on.
    CREATE TABLE idle_appointment AS
      SELECT a.id, a.slot_id, a.minutes, a.volume_ccm FROM appointment AS a
      WHERE a.kind = 'DELIVERY' AND a.state = 'BOOKED' AND NOT EXISTS (
        SELECT 1 FROM sales_order_line AS l
        WHERE l.sales_order_id = a.sales_order_id AND l.sourcing <> 'SERVICE'
          AND l.drop_shipped = 0 AND l.delivered < l.ordered - l.cancelled);
    UPDATE delivery_slot SET
      booked_stops = booked_stops
        - (SELECT COUNT(*) FROM idle_appointment AS i WHERE i.slot_id = delivery_slot.id),
      booked_minutes = booked_minutes - (
        SELECT COALESCE(SUM(i.minutes), 0) FROM idle_appointment AS i
        WHERE i.slot_id = delivery_slot.id),
      booked_volume_ccm = booked_volume_ccm - (
        SELECT COALESCE(SUM(i.volume_ccm), 0) FROM idle_appointment AS i
        WHERE i.slot_id = delivery_slot.id)
    WHERE id IN (SELECT i.slot_id FROM idle_appointment AS i);
    UPDATE appointment SET state = 'RELEASED' WHERE id IN (SELECT i.id FROM idle_appointment AS i);
    DROP TABLE idle_appointment;

    UPDATE appointment SET overtaken = 1
    WHERE kind = 'DELIVERY' AND state = 'BOOKED' AND EXISTS (
      SELECT 1 FROM order_promise AS p
      JOIN sales_order_line AS l
        ON l.sales_order_id = p.sales_order_id AND l.line_number = p.line_number
      WHERE p.sales_order_id = appointment.sales_order_id AND p.state = 'WAITING'
        AND l.drop_shipped = 0
        AND (p.expected_on IS NULL OR p.expected_on > (
          SELECT s.slot_on FROM delivery_slot AS s WHERE s.id = appointment.slot_id)));
    """

  /// Rows of edits that were carried out, by all that they say.
  static let orderEdits: StaticString = """
    CREATE TABLE order_edit (
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      fingerprint BLOB NOT NULL,
      version INTEGER NOT NULL CHECK (version > 0),
      source TEXT NOT NULL,
      PRIMARY KEY (sales_order_id, fingerprint)
    ) STRICT, WITHOUT ROWID;
    """
}
