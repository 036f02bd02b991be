import Storage
import Values

/// What must hold of slots and appointments.
enum AppointmentInvariants {
  static let rules = [
    "orders.slots-within-capacity", "orders.appointments-serve-orders",
    "orders.appointments-overtaken",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try bookings(in: snapshot) + idle(in: snapshot) + overtaken(in: snapshot)
  }

  /// What is booked of a slot is what its appointments take, and no more than there is.
  private static func bookings(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT s.code
      FROM delivery_slot AS s
      LEFT JOIN (
        SELECT slot_id, COUNT(*) AS stops, SUM(minutes) AS minutes, SUM(volume_ccm) AS volume
        FROM appointment WHERE state <> 'RELEASED' GROUP BY slot_id
      ) AS a ON a.slot_id = s.id
      WHERE s.booked_stops <> COALESCE(a.stops, 0)
        OR s.booked_minutes <> COALESCE(a.minutes, 0)
        OR s.booked_volume_ccm <> COALESCE(a.volume, 0)
        OR s.booked_stops > s.stops OR s.booked_minutes > s.minutes
        OR s.booked_volume_ccm > s.volume_ccm
      ORDER BY s.id
      """
    ) { row in
      InvariantViolation(
        "orders.slots-within-capacity", "A slot counts other bookings than its appointments",
        [Fact("slot", row.text(0))])
    }
  }

  /// Those whose goods come after them are known, and no others; of what no van waits for it is not
  /// written down when it is there.
  private static func overtaken(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT a.number, a.order_number
      FROM appointment AS a JOIN delivery_slot AS s ON s.id = a.slot_id
      WHERE a.state = 'BOOKED' AND a.kind = 'DELIVERY'
        AND NOT EXISTS (
          SELECT 1 FROM sales_order_line AS l
          WHERE l.sales_order_id = a.sales_order_id AND l.schedules IS NOT NULL)
        AND NOT EXISTS (
          SELECT 1 FROM shortage_choice AS c
          WHERE c.sales_order_id = a.sales_order_id AND c.choice = 'PART_SHIP')
        AND a.overtaken <> EXISTS (
          SELECT 1 FROM view_van_promise AS p
          WHERE p.sales_order_id = a.sales_order_id
            AND (p.expected_on IS NULL OR p.expected_on > s.slot_on))
      ORDER BY a.id
      """
    ) { row in
      InvariantViolation(
        "orders.appointments-overtaken",
        "An appointment is said to come in time for its goods and does not, or the other way round",
        [Fact("appointment", row.text(0)), Fact("order", row.text(1))])
    }
  }

  /// What is to come is for an order that it can be for, and brings something.
  private static func idle(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT a.number, o.number
      FROM appointment AS a
      JOIN sales_order AS o ON o.id = a.sales_order_id
      JOIN delivery_slot AS s ON s.id = a.slot_id
      WHERE a.state = 'BOOKED'
        AND (o.state IN ('DRAFT', 'SUBMITTED', 'CANCELLED') OR s.kind <> a.kind
          OR s.warehouse_code <> o.warehouse_code
          OR (a.address_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM sales_order_place AS p
            WHERE p.sales_order_id = o.id AND p.address_id = a.address_id))
          OR (a.kind = 'DELIVERY' AND NOT EXISTS (
            SELECT 1 FROM sales_order_line AS l
            WHERE l.sales_order_id = o.id AND l.sourcing <> 'SERVICE' AND l.drop_shipped = 0
              AND l.delivered < l.ordered - l.cancelled)))
      ORDER BY a.id
      """
    ) { row in
      InvariantViolation(
        "orders.appointments-serve-orders", "An appointment is booked for nothing",
        [Fact("appointment", row.text(0)), Fact("order", row.text(1))])
    }
  }
}
