import Storage
import Values

/// All SQL of `cash_on_delivery` and of the payments that it became.
enum CashOnDeliveryTable {
  static func insert(
    _ cash: CashOnDelivery, of shipment: ID<Shipment>, in tx: Transaction
  ) throws {
    try tx.execute(
      "INSERT INTO cash_on_delivery (shipment_id, collector, currency) VALUES (?, ?, ?)",
      shipment, cash.collector, cash.owed.currency)
  }

  /// Writes all that may change.
  static func update(_ cash: CashOnDelivery, of shipment: ID<Shipment>, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE cash_on_delivery SET collector = ?, due_minor = ?, owed_minor = ?,
        collected_minor = ?, remitted_minor = ?, written_off_minor = ?
      WHERE shipment_id = ?
      """, cash.collector, cash.due?.minor, cash.owed.minor, cash.collected.minor,
      cash.remitted.minor, cash.writtenOff.minor, shipment)
  }

  static func find(_ shipment: ID<Shipment>, in snapshot: Snapshot) throws -> CashOnDelivery? {
    try snapshot.first(
      """
      SELECT collector, currency, due_minor, owed_minor, collected_minor, remitted_minor,
        written_off_minor
      FROM cash_on_delivery WHERE shipment_id = ?
      """, shipment
    ) { try cash($0, 0) }
  }

  /// What is still to be collected of other shipments of an order that are on their way.
  static func underWay(
    of order: ID<SalesOrder>, but shipment: ID<Shipment>, in snapshot: Snapshot
  ) throws -> Int64 {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(c.owed_minor - c.collected_minor), 0)
      FROM shipment AS s JOIN cash_on_delivery AS c ON c.shipment_id = s.id
      WHERE s.sales_order_id = ? AND s.state = 'DISPATCHED' AND s.id <> ?
      """, order, shipment
    ) { $0.int64(0) } ?? 0
  }

  /// Writes down that a payment was collected at the door.
  static func insert(
    payment: String, _ amount: Money, of shipment: ID<Shipment>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO cash_on_delivery_payment (shipment_id, payment_number, amount_minor, currency)
      VALUES (?, ?, ?, ?)
      """, shipment, payment, amount.minor, amount.currency)
  }

  /// Delivered, and not all that was owed is collected; the order, too.
  static func uncollected(
    after id: ID<Shipment>, limit: Int, in snapshot: Snapshot
  ) throws -> [(open: OpenCashOnDelivery, order: String, deliveredOn: Day?)] {
    try snapshot.all(
      """
      SELECT s.id, s.number, s.carrier, s.state, c.collector, c.currency, c.due_minor,
        c.owed_minor, c.collected_minor, c.remitted_minor, c.written_off_minor, s.order_number,
        s.delivered_on
      FROM cash_on_delivery AS c JOIN shipment AS s ON s.id = c.shipment_id
      WHERE c.collected_minor < c.owed_minor AND s.state = 'DELIVERED' AND c.shipment_id > ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = s.order_number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY c.shipment_id LIMIT ?
      """, id, limit
    ) { row in (open: try open(row), order: row.text(11), deliveredOn: row.optionalDay(12)) }
  }

  static func open(
    carrier: String, after id: ID<Shipment>, limit: Int, in snapshot: Snapshot
  ) throws -> [OpenCashOnDelivery] {
    try snapshot.all(
      """
      SELECT s.id, s.number, s.carrier, s.state, c.collector, c.currency, c.due_minor,
        c.owed_minor, c.collected_minor, c.remitted_minor, c.written_off_minor
      FROM cash_on_delivery AS c JOIN shipment AS s ON s.id = c.shipment_id
      WHERE c.shipment_id > ?
        AND (c.collected_minor < c.owed_minor
          OR (c.collector = 'CARRIER'
            AND c.remitted_minor + c.written_off_minor < c.collected_minor))
        AND (? = '' OR s.carrier = ?)
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = s.order_number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY c.shipment_id LIMIT ?
      """, id, carrier, carrier, limit, map: open)
  }

  /// The shipment at whose door a carrier collected a payment; nil for any other payment.
  static func shipment(withCarrier payment: String, in snapshot: Snapshot) throws -> String? {
    try snapshot.first(
      """
      SELECT s.number FROM cash_on_delivery_payment AS p
      JOIN cash_on_delivery AS c ON c.shipment_id = p.shipment_id
      JOIN shipment AS s ON s.id = c.shipment_id
      WHERE p.payment_number = ? AND c.collector = 'CARRIER'
      """, payment
    ) { $0.text(0) }
  }

  private static func open(_ row: Row) throws -> OpenCashOnDelivery {
    OpenCashOnDelivery(
      id: row.id(0), shipmentNumber: row.text(1), carrier: row.text(2),
      shipmentState: try row.value(3), cash: try cash(row, 4))
  }

  /// From the column on that says who collects.
  private static func cash(_ row: Row, _ first: Int) throws -> CashOnDelivery {
    let currency = first + 1
    var cash = CashOnDelivery(try row.value(first), in: row.money(first + 3, currency).currency)
    cash.due = row.optionalMoney(first + 2, currency)
    cash.owed = row.money(first + 3, currency)
    cash.collected = row.money(first + 4, currency)
    cash.remitted = row.money(first + 5, currency)
    cash.writtenOff = row.money(first + 6, currency)
    return cash
  }
}

extension CashOnDelivery.Collector: Bindable {}
