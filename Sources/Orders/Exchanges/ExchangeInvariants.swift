import Finance
import Storage
import Values

/// What must hold of exchanges: both sides are one customer's, and what went from one order to the
/// other is what the payments say.
enum ExchangeInvariants {
  static let rules = ["orders.exchange-is-of-one-customer", "orders.exchange-carries-payments"]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try strangers(in: snapshot) + carried(in: snapshot)
  }

  private static func strangers(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT e.number FROM exchange AS e
      JOIN customer_return AS r ON r.id = e.return_id
      JOIN sales_order AS o ON o.id = e.sales_order_id
      JOIN sales_order AS f ON f.id = e.origin_order_id
      WHERE r.sales_order_id <> e.origin_order_id OR o.customer_code <> f.customer_code
        OR (e.carried_minor > 0 AND r.state <> 'CREDITED')
      ORDER BY e.id
      """
    ) { row in
      InvariantViolation(
        "orders.exchange-is-of-one-customer", "The sides of an exchange do not belong together",
        [Fact("exchange", row.text(0))])
    }
  }

  private static func carried(in snapshot: Snapshot) throws -> [InvariantViolation] {
    let origins = try snapshot.all(
      """
      SELECT f.number, SUM(e.carried_minor), e.currency
      FROM exchange AS e JOIN sales_order AS f ON f.id = e.origin_order_id
      GROUP BY f.id, f.number, e.currency ORDER BY f.id
      """
    ) { row in (number: row.text(0), carried: row.money(1, 2)) }
    var found: [InvariantViolation] = []
    for origin in origins {
      let taken = try Payments.used(
        .carried, of: DocumentReference(.salesOrder, origin.number), origin.carried.currency,
        in: snapshot)
      guard taken != origin.carried else { continue }
      found.append(
        InvariantViolation(
          "orders.exchange-carries-payments",
          "Money of an order went to others than its exchanges say",
          [
            Fact("order", origin.number), Fact("told", origin.carried), Fact("taken", taken),
          ]))
    }
    return found
  }
}
