import Finance
import Inventory
package import Storage
package import Values

/// What must hold of production at every commit.
package enum ProductionInvariants {
  package static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try details(in: snapshot) + states(in: snapshot) + timeReports(in: snapshot)
      + leftovers(in: snapshot) + demands(in: snapshot) + ledger(in: snapshot)
  }

  /// The costs of a work order are the sums of its components and operations.
  private static func details(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, o.material_minor, o.labour_minor, o.currency,
        coalesce((SELECT sum(c.cost_minor) FROM work_order_component AS c
          WHERE c.work_order_id = o.id), 0) AS material,
        coalesce((SELECT sum(s.cost_minor) FROM work_order_operation AS s
          WHERE s.work_order_id = o.id), 0) AS labour
      FROM work_order AS o
      WHERE o.material_minor <> coalesce((SELECT sum(c.cost_minor)
          FROM work_order_component AS c WHERE c.work_order_id = o.id), 0)
        OR o.labour_minor <> coalesce((SELECT sum(s.cost_minor)
          FROM work_order_operation AS s WHERE s.work_order_id = o.id), 0)
      ORDER BY o.id
      """
    ) { row in
      InvariantViolation(
        "production.costs-are-sums",
        "The costs of a work order are not the sums of its components and operations",
        [
          Fact("work_order", row.text(0)), Fact("material", row.money(1, 3)),
          Fact("of_components", row.money(4, 3)), Fact("labour", row.money(2, 3)),
          Fact("of_operations", row.money(5, 3)),
        ])
    }
  }

  private static func timeReports(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, s.sequence, s.reported_minutes, coalesce(sum(t.minutes), 0)
      FROM work_order_operation AS s
      JOIN work_order AS o ON o.id = s.work_order_id
      LEFT JOIN time_report AS t
        ON t.work_order_id = s.work_order_id AND t.sequence = s.sequence
      GROUP BY s.work_order_id, s.sequence, o.number, s.reported_minutes, s.cost_minor
      HAVING s.reported_minutes <> coalesce(sum(t.minutes), 0)
        OR s.cost_minor <> coalesce(sum(t.cost_minor), 0)
      ORDER BY s.work_order_id, s.sequence
      """
    ) { row in
      InvariantViolation(
        "production.time-is-sum-of-reports",
        "The time or cost of an operation is not the sum of its reports",
        [
          Fact("work_order", row.text(0)), Fact("sequence", row.int(1)),
          Fact("minutes", row.quantity(2)), Fact("of_reports", row.quantity(3)),
        ])
    }
  }

  /// The stored state is the one that the quantities tell.
  private static func states(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH progress AS (
        SELECT o.id, o.number, o.state, o.good + o.scrapped AS made,
          o.good + o.scrapped >= o.quantity AS finished,
          EXISTS (SELECT 1 FROM work_order_component AS c
            WHERE c.work_order_id = o.id AND c.issued > 0)
          OR EXISTS (SELECT 1 FROM work_order_operation AS s
            WHERE s.work_order_id = o.id AND (s.reported_minutes > 0 OR s.done = 1)) AS begun
        FROM work_order AS o
      )
      SELECT number, state FROM progress
      WHERE (state IN ('PLANNED', 'RELEASED', 'CANCELLED') AND (begun = 1 OR made > 0))
        OR (state = 'IN_PROGRESS' AND (begun = 0 OR finished = 1))
        OR (state = 'COMPLETED' AND (begun = 0 OR finished = 0))
      ORDER BY id
      """
    ) { row in
      InvariantViolation(
        "production.state-follows-quantities",
        "The state of a work order is not the one that its quantities tell",
        [Fact("work_order", row.text(0)), Fact("state", row.text(1))])
    }
  }

  /// A work order that is over leaves nothing in work in progress.
  private static func leftovers(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT number,
        material_minor + labour_minor - output_minor - scrap_minor - variance_minor, currency
      FROM work_order
      WHERE state IN ('CLOSED', 'CANCELLED')
        AND material_minor + labour_minor <> output_minor + scrap_minor + variance_minor
      ORDER BY id
      """
    ) { row in
      InvariantViolation(
        "production.closed-order-is-settled", "A work order that is over still carries cost",
        [Fact("work_order", row.text(0)), Fact("left", row.money(1, 2))])
    }
  }

  /// What a work order needs and has not taken is reserved for it, and nothing is for one that is
  /// over. What is made for it is there or will come.
  private static func demands(in snapshot: Snapshot) throws -> [InvariantViolation] {
    var found: [InvariantViolation] = []
    try snapshot.forEach("SELECT number FROM work_order ORDER BY id") { row in
      let order = try WorkOrders.require(number: row.text(0), in: snapshot)
      let demands = try Reservations.of(Origin(.workOrder, order.number), in: snapshot)
      if order.state.isOver, !demands.isEmpty {
        found.append(
          InvariantViolation(
            "production.ended-order-reserves-nothing",
            "Material is reserved for a work order that is over",
            [Fact("work_order", order.number)]))
      }
      guard !order.state.isOver else { return }
      for component in order.components {
        let demand = demands.first { $0.origin.line == component.line }
        if component.supply != nil, let demand, demand.waiting.isPositive,
          try !WorkOrders.supplies(demand, in: snapshot)
        {
          found.append(
            InvariantViolation(
              "production.component-has-supply",
              "A component that is made for a work order waits for nothing that will come",
              [
                Fact("work_order", order.number), Fact("sku", component.sku),
                Fact("waiting", demand.waiting),
              ]))
        }
        let wanted = demand?.wanted ?? .zero
        guard wanted != component.open else { continue }
        found.append(
          InvariantViolation(
            "production.demand-is-reserved",
            "What a work order still needs is not what is reserved for it",
            [
              Fact("work_order", order.number), Fact("sku", component.sku),
              Fact("needed", component.open), Fact("reserved", wanted),
            ]))
      }
    }
    return found
  }

  /// The work in progress of all work orders is the balance of its account.
  private static func ledger(in snapshot: Snapshot) throws -> [InvariantViolation] {
    let orders = try snapshot.first(
      """
      SELECT coalesce(sum(
        material_minor + labour_minor - output_minor - scrap_minor - variance_minor), 0)
      FROM work_order
      """
    ) { $0.int64(0) }
    let ledger = try Ledger.balance(of: .workInProgress, in: snapshot)
    guard let orders, orders != ledger.minor else { return [] }
    return [
      InvariantViolation(
        "production.work-in-progress-is-ledger",
        "The work in progress of the work orders is not the balance of its account",
        [
          Fact("work_orders", Money(minor: orders, currency: ledger.currency)),
          Fact("ledger", ledger),
        ])
    ]
  }
}
