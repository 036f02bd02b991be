import MasterData
import Storage
import Values

/// All SQL of `blanket_schedule`, `blanket_delivery` and its parts. What an order has called off
/// stays as it was.
enum DeliveryScheduleTable {
  static func replace(
    with deliveries: [ScheduledDelivery], _ terms: ScheduleTerms, of blanket: ID<Blanket>,
    in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO blanket_schedule (blanket_id, channel, warehouse_code, address_id)
      VALUES (?, ?, ?, ?)
      ON CONFLICT (blanket_id) DO UPDATE SET channel = excluded.channel,
        warehouse_code = excluded.warehouse_code, address_id = excluded.address_id
      """, blanket, terms.channel, terms.warehouseCode, terms.addressID)
    try tx.execute(
      """
      DELETE FROM blanket_delivery_part WHERE delivery_id IN (
        SELECT id FROM blanket_delivery WHERE blanket_id = ? AND sales_order_id IS NULL)
      """, blanket)
    try tx.execute(
      "DELETE FROM blanket_delivery WHERE blanket_id = ? AND sales_order_id IS NULL", blanket)
    for delivery in deliveries {
      let id: ID<ScheduledDelivery> = try tx.insert(
        "INSERT INTO blanket_delivery (blanket_id, due_on) VALUES (?, ?)", blanket,
        delivery.dueOn)
      for part in delivery.parts {
        try tx.execute(
          """
          INSERT INTO blanket_delivery_part (delivery_id, product_id, quantity) VALUES (?, ?, ?)
          """, id, part.product, part.quantity)
      }
    }
    try tx.execute("UPDATE blanket SET version = version + 1 WHERE id = ?", blanket)
  }

  static func set(
    order: ID<SalesOrder>, of delivery: ID<ScheduledDelivery>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE blanket_delivery SET sales_order_id = ? WHERE id = ?", order, delivery)
  }

  /// In the order of their days.
  static func list(
    of blanket: ID<Blanket>, in snapshot: Snapshot
  ) throws -> [ScheduledDelivery] {
    try snapshot.all(
      """
      SELECT d.id, d.due_on, o.number, o.state
      FROM blanket_delivery AS d LEFT JOIN sales_order AS o ON o.id = d.sales_order_id
      WHERE d.blanket_id = ? ORDER BY d.due_on, d.id
      """, blanket
    ) { row in
      ScheduledDelivery(
        id: row.id(0), dueOn: row.day(1), parts: [], orderNumber: row.optionalText(2),
        orderState: try row.optionalValue(3))
    }.map { delivery in
      var delivery = delivery
      delivery.parts = try parts(of: delivery.id, in: snapshot)
      return delivery
    }
  }

  private static func parts(
    of delivery: ID<ScheduledDelivery>, in snapshot: Snapshot
  ) throws -> [ScheduledDelivery.Part] {
    try snapshot.all(
      """
      SELECT b.product_id, b.sku, b.unit, p.quantity
      FROM blanket_delivery_part AS p
      JOIN blanket_delivery AS d ON d.id = p.delivery_id
      JOIN blanket_line AS b ON b.blanket_id = d.blanket_id AND b.product_id = p.product_id
      WHERE p.delivery_id = ? ORDER BY b.line_number
      """, delivery
    ) { row in
      ScheduledDelivery.Part(
        product: row.id(0), sku: row.text(1), unit: row.text(2), quantity: row.quantity(3))
    }
  }

  /// A delivery that no order calls off yet, with all that one needs to say.
  struct Due {
    let blanketNumber: String
    let customerCode: String
    let terms: ScheduleTerms
    var delivery: ScheduledDelivery
  }

  /// Of one blanket order, or of all in scope that are not ended.
  static func due(
    until day: Day, of blanket: ID<Blanket>?, limit: Int, in snapshot: Snapshot
  ) throws -> [Due] {
    try snapshot.all(
      """
      SELECT b.number, b.customer_code, s.channel, s.warehouse_code, s.address_id, d.id, d.due_on
      FROM blanket_delivery AS d
      JOIN blanket AS b ON b.id = d.blanket_id
      JOIN blanket_schedule AS s ON s.blanket_id = b.id
      WHERE d.sales_order_id IS NULL AND d.due_on <= ? AND (? IS NULL OR b.id = ?)
        AND b.close_reason IS NULL
        AND (in_scope(NULL, NULL, NULL, b.created_by) OR EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.code = b.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY d.due_on, d.id LIMIT ?
      """, day, blanket, blanket, limit
    ) { row in
      Due(
        blanketNumber: row.text(0), customerCode: row.text(1),
        terms: ScheduleTerms(
          channel: try row.value(2), warehouseCode: row.text(3), addressID: row.optionalID(4)),
        delivery: ScheduledDelivery(
          id: row.id(5), dueOn: row.day(6), parts: [], orderNumber: nil, orderState: nil))
    }.map { due in
      var due = due
      due.delivery.parts = try parts(of: due.delivery.id, in: snapshot)
      return due
    }
  }

  /// Deliveries whose order does not call off from their blanket order.
  static func strangers(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT b.number, o.number
      FROM blanket_delivery AS d
      JOIN blanket AS b ON b.id = d.blanket_id
      JOIN sales_order AS o ON o.id = d.sales_order_id
      WHERE o.blanket_number IS NULL OR o.blanket_number <> b.number
      ORDER BY d.id
      """
    ) { row in
      InvariantViolation(
        "orders.scheduled-order-calls-off", "A scheduled delivery names an order of something else",
        [Fact("blanket", row.text(0)), Fact("order", row.text(1))])
    }
  }
}
