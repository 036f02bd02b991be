import MasterData
import Storage
import Values

/// All SQL of `shipment`.
enum ShipmentTable {
  static func insert(
    number: String, of order: SalesOrder, to address: ID<Address>? = nil, in tx: Transaction
  ) throws -> ID<Shipment> {
    try tx.insert(
      """
      INSERT INTO shipment (number, sales_order_id, order_number, state, address_id)
      VALUES (?, ?, ?, ?, ?)
      """, number, order.id, order.number, ShipmentState.prepared, address)
  }

  /// Writes all that may change.
  static func update(_ shipment: Shipment, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE shipment SET state = ?, cartons = ?, carrier = ?, tracking_number = ?,
        dispatched_on = ?, delivered_on = ?, received_by = ?, carrier_status = ?, lost_at = ?,
        recovered_at = ?, due_on = ?
      WHERE id = ?
      """, shipment.state == .lost ? ShipmentState.cancelled : shipment.state,
      shipment.cartons, shipment.carrier, shipment.trackingNumber,
      shipment.dispatchedOn, shipment.deliveredOn, shipment.receivedBy, shipment.carrierStatus,
      shipment.lostAt, shipment.recoveredAt, shipment.dueOn, shipment.id)
  }

  /// Writes down what its customer asks for now: from here on it keeps that.
  static func keepInstructions(of shipment: ID<Shipment>, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE shipment SET instructions = (
        SELECT o.instructions FROM sales_order AS o WHERE o.id = shipment.sales_order_id)
      WHERE id = ?
      """, shipment)
    try tx.execute(
      """
      UPDATE shipment_line SET instructions = (
        SELECT l.instructions FROM sales_order_line AS l
        WHERE l.sales_order_id = shipment_line.sales_order_id
          AND l.line_number = shipment_line.line_number)
      WHERE shipment_id = ?
      """, shipment)
  }

  /// Of what has left of our shelves for a place of an order and has not arrived; nil for where the
  /// order goes.
  static func setDue(
    _ day: Day, ofOrder order: ID<SalesOrder>, at address: ID<Address>?, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE shipment SET due_on = ?
      WHERE state = 'DISPATCHED' AND sales_order_id = ? AND address_id IS ?
        AND NOT EXISTS (SELECT 1 FROM drop_shipment AS d WHERE d.shipment_id = shipment.id)
      """, day, order, address)
  }

  /// Without its lines.
  static func find(_ number: String, in snapshot: Snapshot) throws -> Shipment? {
    try snapshot.first(
      """
      SELECT id, number, sales_order_id, order_number,
        CASE WHEN lost_at IS NULL THEN state ELSE 'LOST' END, cartons, carrier,
        tracking_number, dispatched_on, delivered_on, received_by, carrier_status,
        CASE WHEN state = 'DISPATCHED' OR state = 'DELIVERED' OR lost_at IS NOT NULL
          THEN instructions ELSE (
          SELECT o.instructions FROM sales_order AS o WHERE o.id = shipment.sales_order_id) END,
        lost_at, recovered_at, due_on, address_id
      FROM shipment WHERE number = ?
      """, number, map: shipment)
  }

  /// Of an order, without their lines, the oldest first.
  static func list(of order: ID<SalesOrder>, in snapshot: Snapshot) throws -> [Shipment] {
    try snapshot.all(
      """
      SELECT id, number, sales_order_id, order_number,
        CASE WHEN lost_at IS NULL THEN state ELSE 'LOST' END, cartons, carrier,
        tracking_number, dispatched_on, delivered_on, received_by, carrier_status,
        CASE WHEN state = 'DISPATCHED' OR state = 'DELIVERED' OR lost_at IS NOT NULL
          THEN instructions ELSE (
          SELECT o.instructions FROM sales_order AS o WHERE o.id = shipment.sales_order_id) END,
        lost_at, recovered_at, due_on, address_id
      FROM shipment WHERE sales_order_id = ? ORDER BY id
      """, order, map: shipment)
  }

  /// The last that a carrier knows by its own number; nil for none.
  static func number(
    carrier: String, tracking: String, in snapshot: Snapshot
  ) throws -> String? {
    try snapshot.first(
      """
      SELECT number FROM shipment
      WHERE tracking_number = ? AND tracking_number <> '' AND carrier = ?
      ORDER BY id DESC LIMIT 1
      """, tracking, carrier
    ) { $0.text(0) }
  }

  /// Takes out of the shipments of a customer's orders who took them. Returns the numbers of all of
  /// them.
  static func erasePeople(of customer: String, in tx: Transaction) throws -> [String] {
    try tx.execute(
      """
      UPDATE shipment_line SET instructions = NULL
      WHERE instructions IS NOT NULL
        AND sales_order_id IN (SELECT id FROM sales_order WHERE customer_code = ?)
      """, customer)
    return try tx.all(
      """
      UPDATE shipment SET received_by = '', instructions = NULL
      WHERE sales_order_id IN (SELECT id FROM sales_order WHERE customer_code = ?)
      RETURNING number
      """, customer
    ) { $0.text(0) }
  }

  private static func shipment(_ row: Row) throws -> Shipment {
    Shipment(
      id: row.id(0), number: row.text(1), order: row.id(2), orderNumber: row.text(3),
      state: try row.value(4), lines: [], cartons: row.int(5), carrier: row.text(6),
      trackingNumber: row.text(7), dispatchedOn: row.optionalDay(8),
      deliveredOn: row.optionalDay(9), dueOn: row.optionalDay(15),
      lostAt: row.optionalInstant(13),
      recoveredAt: row.optionalInstant(14), receivedBy: row.text(10),
      carrierStatus: try row.optionalValue(11), instructions: try row.instructions(12)?.ofGoods,
      addressID: row.optionalID(16))
  }
}

extension ShipmentState: Bindable {}
