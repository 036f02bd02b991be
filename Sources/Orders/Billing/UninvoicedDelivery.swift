import Finance
package import MasterData
package import Storage
package import Values

/// What of an order waits for a consolidated invoice.
package struct UninvoicedDelivery: Sendable {
  /// Of the order; grows with time: with the customer the key by which pages go on.
  package let id: ID<SalesOrder>
  package let orderNumber: String
  package let customerCode: String
  /// Nil for work alone.
  package let firstOn: Day?
  package let lastOn: Day?
  package let shipments: [String]
  package let net: Money
  package let tax: Money
}

/// Questions about what is delivered and waits for a consolidated invoice.
package enum UninvoicedDeliveries {
  /// Of customers in scope or one of them, by customer, the oldest order first, from the one after
  /// an order of a customer on.
  package static func list(
    of customer: Customer? = nil, after key: (customer: String, id: ID<SalesOrder>)? = nil,
    limit: Int, in snapshot: Snapshot
  ) throws -> [UninvoicedDelivery] {
    let key = key ?? ("", ID(0))
    let numbers =
      if let customer {
        try UninvoicedTable.orders(of: customer.code, after: key.id, limit: limit, in: snapshot)
      } else {
        try UninvoicedTable.all(after: key, limit: limit, in: snapshot)
      }
    return try numbers.compactMap { number in
      guard let order = try SalesOrders.find(number: number, in: snapshot) else { return nil }
      let lines = try order.deliveredToInvoice(through: Day(daysSinceEpoch: .max), in: snapshot)
      let shipments = Set(lines.compactMap(\.shipment))
      let days = try UninvoicedTable.arrivals(of: order.id, in: snapshot)
        .filter { $0.shipment.map(shipments.contains) ?? false }.compactMap(\.day)
      return UninvoicedDelivery(
        id: order.id, orderNumber: number, customerCode: order.customerCode, firstOn: days.min(),
        lastOn: days.max(), shipments: shipments.sorted(),
        net: try lines.map(\.net).sum(order.currency),
        tax: try lines.map(\.tax).sum(order.currency))
    }
  }
}

/// Which orders have something delivered, or done, that waits for a consolidated invoice.
enum UninvoicedTable {
  /// The next customer in scope with such an order, by code.
  static func customer(after code: String, in snapshot: Snapshot) throws -> String? {
    try snapshot.first(
      """
      SELECT o.customer_code FROM sales_order AS o
      WHERE o.is_invoiced_together = 1 AND o.state <> 'CLOSED' AND o.state <> 'CANCELLED'
        AND o.customer_code > ?
        AND EXISTS (
          SELECT 1 FROM sales_order_line AS l
          WHERE l.sales_order_id = o.id AND l.delivered > l.invoiced)
        AND EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.code = o.customer_code AND in_scope(c.owner, c.store_code))
      ORDER BY o.customer_code LIMIT 1
      """, code
    ) { $0.text(0) }
  }

  /// Numbers, the oldest first.
  static func orders(
    of customer: String, after id: ID<SalesOrder> = ID(0), limit: Int = 10_000,
    in snapshot: Snapshot
  ) throws -> [String] {
    try snapshot.all(
      """
      SELECT o.number FROM sales_order AS o
      WHERE o.is_invoiced_together = 1 AND o.state <> 'CLOSED' AND o.state <> 'CANCELLED'
        AND o.customer_code = ? AND o.id > ?
        AND EXISTS (
          SELECT 1 FROM sales_order_line AS l
          WHERE l.sales_order_id = o.id AND l.delivered > l.invoiced)
      ORDER BY o.id LIMIT ?
      """, customer, id, limit
    ) { $0.text(0) }
  }

  /// Numbers of those of customers in scope, by customer, the oldest first.
  static func all(
    after key: (customer: String, id: ID<SalesOrder>), limit: Int, in snapshot: Snapshot
  ) throws -> [String] {
    try snapshot.all(
      """
      SELECT o.number FROM sales_order AS o
      WHERE o.is_invoiced_together = 1 AND o.state <> 'CLOSED' AND o.state <> 'CANCELLED'
        AND (o.customer_code, o.id) > (?, ?)
        AND EXISTS (
          SELECT 1 FROM sales_order_line AS l
          WHERE l.sales_order_id = o.id AND l.delivered > l.invoiced)
        AND EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.code = o.customer_code AND in_scope(c.owner, c.store_code))
      ORDER BY o.customer_code, o.id LIMIT ?
      """, key.customer, key.id, limit
    ) { $0.text(0) }
  }

  /// What shipments brought of an order, in the order in which it came.
  static func arrivals(
    of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> [SalesOrder.Arrival] {
    try snapshot.all(
      """
      SELECT l.line_number, l.quantity, s.number, s.delivered_on
      FROM shipment AS s JOIN shipment_line AS l ON l.shipment_id = s.id
      WHERE s.sales_order_id = ? AND s.state = 'DELIVERED'
      ORDER BY s.delivered_on, s.id
      """, order
    ) { row in
      SalesOrder.Arrival(
        line: row.int(0), quantity: row.quantity(1), shipment: row.text(2),
        day: row.optionalDay(3))
    }
  }
}
