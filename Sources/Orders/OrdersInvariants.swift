import Finance
import Inventory
import Production
import Purchasing
package import Storage
package import Values

/// What must hold of orders at every commit, beyond what their tables enforce by themselves.
package enum OrdersInvariants {
  /// The names of the rules that are checked.
  package static let rules =
    [
      "orders.line-quantities", "orders.totals-are-sums", "orders.state-is-derived",
      "orders.shipments-match-lines", "orders.invoices-match-lines", "orders.make-line-has-supply",
      "orders.no-orphan-reservation", "orders.exposure-matches",
      "orders.cancellations-match-lines", "orders.reductions-are-sums",
      "orders.taxes-follow-policy",
      "orders.prices-make-amounts", "orders.coupons-count-orders",
      "orders.version-is-order", "orders.holds-stop-work",
      "orders.call-offs-within-blanket", "orders.address-is-fixed",
      "orders.promise-waits", "orders.preorders-within-limit",
      "orders.scheduled-order-calls-off", "orders.edits-made-versions",
    ] + QuoteInvariants.rules + OpportunityInvariants.rules + CancellationInvariants.rules
    + ValidationInvariants.rules
    + ReturnInvariants.rules + RemakeInvariants.rules + ExchangeInvariants.rules
    + DefectInvariants.rules
    + ApprovalInvariants.rules + ChangeRequestInvariants.rules
    + AppointmentInvariants.rules + CarrierInvariants.rules + CashOnDeliveryInvariants.rules
    + CarrierClaimInvariants.rules
    + LoadingInvariants.rules + InstructionInvariants.rules + PickingInvariants.rules
    + DropShipInvariants.rules + ShowroomInvariants.rules + RepairInvariants.rules
    + DunningInvariants.rules + ComplaintInvariants.rules + StageInvariants.rules
    + PriceSuggestionInvariants.rules + ScheduleInvariants.rules

  package static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try lineQuantities(in: snapshot) + totals(in: snapshot) + shipments(in: snapshot)
      + cancellations(in: snapshot) + reductions(in: snapshot)
      + coupons(in: snapshot) + stoppedWork(in: snapshot)
      + promises(in: snapshot)
      + QuoteInvariants.violations(in: snapshot)
      + OpportunityInvariants.violations(in: snapshot)
      + BlanketTable.overdrawn(in: snapshot) + PreorderTable.overdrawn(in: snapshot)
      + DeliveryScheduleTable.strangers(in: snapshot) + openAddresses(in: snapshot)
      + CancellationInvariants.violations(in: snapshot)
      + ValidationInvariants.violations(in: snapshot)
      + ReturnInvariants.violations(in: snapshot) + RemakeInvariants.violations(in: snapshot)
      + DefectInvariants.violations(in: snapshot)
      + ExchangeInvariants.violations(in: snapshot)
      + ApprovalInvariants.violations(in: snapshot)
      + ChangeRequestInvariants.violations(in: snapshot)
      + AppointmentInvariants.violations(in: snapshot)
      + CarrierInvariants.violations(in: snapshot)
      + CashOnDeliveryInvariants.violations(in: snapshot)
      + CarrierClaimInvariants.violations(in: snapshot)
      + LoadingInvariants.violations(in: snapshot)
      + PickingInvariants.violations(in: snapshot)
      + DropShipInvariants.violations(in: snapshot)
      + ShowroomInvariants.violations(in: snapshot)
      + RepairInvariants.violations(in: snapshot)
      + InstructionInvariants.violations(in: snapshot) + OrderEditTable.ahead(in: snapshot)
      + DunningInvariants.violations(in: snapshot) + ComplaintInvariants.violations(in: snapshot)
      + StageInvariants.violations(in: snapshot)
      + PriceSuggestionInvariants.violations(in: snapshot)
      + ScheduleInvariants.violations(in: snapshot)
      + OrderAudit.violations(in: snapshot)
  }

  /// What an address said is written down when the order is submitted, until the person is erased.
  private static func openAddresses(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, a.address_id
      FROM sales_order_address AS a JOIN sales_order AS o ON o.id = a.sales_order_id
      WHERE a.street = '' AND o.customer_name <> '' AND o.state <> 'DRAFT'
        AND o.state <> 'CANCELLED'
      ORDER BY o.id
      """
    ) { row in
      InvariantViolation(
        "orders.address-is-fixed", "An order does not say where its goods go",
        [Fact("order", row.text(0)), Fact("address", row.int64(1))])
    }
  }

  /// The table's own checks hold this; a damaged file may not.
  private static func lineQuantities(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, l.line_number
      FROM sales_order_line AS l JOIN sales_order AS o ON o.id = l.sales_order_id
      WHERE l.shipped + l.cancelled > l.ordered OR l.delivered > l.shipped
        OR l.invoiced > l.delivered OR l.cancelled < 0 OR l.shipped < 0 OR l.delivered < 0
        OR l.invoiced < 0
      ORDER BY o.id, l.line_number
      """
    ) { row in
      InvariantViolation(
        "orders.line-quantities", "A line's quantities contradict each other",
        [Fact("order", row.text(0)), Fact("line", row.int(1))])
    }
  }

  private static func totals(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number FROM sales_order AS o
      WHERE o.net_minor <> COALESCE(
          (SELECT SUM(l.net_minor) FROM sales_order_line AS l WHERE l.sales_order_id = o.id), 0)
        OR o.tax_minor <> COALESCE(
          (SELECT SUM(l.tax_minor) FROM sales_order_line AS l WHERE l.sales_order_id = o.id), 0)
        OR o.gross_minor <> o.net_minor + o.tax_minor
      ORDER BY o.id
      """
    ) { row in
      InvariantViolation(
        "orders.totals-are-sums", "An order's totals are not the sums of its lines",
        [Fact("order", row.text(0))])
    }
  }

  private static func shipments(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, l.line_number
      FROM sales_order_line AS l
      JOIN sales_order AS o ON o.id = l.sales_order_id
      LEFT JOIN (
        SELECT sl.sales_order_id AS sales_order_id, sl.line_number AS line_number,
          SUM(CASE WHEN s.state IN ('DISPATCHED', 'DELIVERED') THEN sl.quantity ELSE 0 END)
            AS shipped,
          SUM(CASE WHEN s.state = 'DELIVERED' THEN sl.quantity ELSE 0 END) AS delivered
        FROM shipment_line AS sl JOIN shipment AS s ON s.id = sl.shipment_id
        GROUP BY sl.sales_order_id, sl.line_number
      ) AS sent ON sent.sales_order_id = l.sales_order_id AND sent.line_number = l.line_number
      WHERE l.sourcing IN ('STOCK', 'MAKE')
        AND (l.shipped <> COALESCE(sent.shipped, 0)
          OR l.delivered <> COALESCE(sent.delivered, 0))
      ORDER BY o.id, l.line_number
      """
    ) { row in
      InvariantViolation(
        "orders.shipments-match-lines", "A line counts other quantities than its shipments",
        [Fact("order", row.text(0)), Fact("line", row.int(1))])
    }
  }

  private static func cancellations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, l.line_number
      FROM sales_order_line AS l
      JOIN sales_order AS o ON o.id = l.sales_order_id
      WHERE l.cancelled <> COALESCE(
        (SELECT SUM(c.quantity) FROM sales_order_cancellation AS c
         WHERE c.sales_order_id = l.sales_order_id AND c.line_number = l.line_number
           AND c.is_reduction = 0), 0)
      ORDER BY o.id, l.line_number
      """
    ) { row in
      InvariantViolation(
        "orders.cancellations-match-lines", "A line was cancelled without a record of it",
        [Fact("order", row.text(0)), Fact("line", row.int(1))])
    }
  }

  private static func reductions(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, l.line_number
      FROM sales_order_line AS l
      JOIN sales_order AS o ON o.id = l.sales_order_id
      WHERE l.reduction_minor <> COALESCE(
        (SELECT SUM(a.amount_minor) FROM sales_order_adjustment AS a
         WHERE a.sales_order_id = l.sales_order_id AND a.line_number = l.line_number), 0)
      ORDER BY o.id, l.line_number
      """
    ) { row in
      InvariantViolation(
        "orders.reductions-are-sums", "A line is reduced by another sum than its adjustments",
        [Fact("order", row.text(0)), Fact("line", row.int(1))])
    }
  }

  /// Work may not begin for the orders that are held, and for no others.
  private static func stoppedWork(in snapshot: Snapshot) throws -> [InvariantViolation] {
    let kinds = OrderHoldKind.allCases.filter { $0.blocked.contains(.startWork) }
    let held = Set(try OrderHoldTable.orders(heldFor: Set(kinds), in: snapshot))
    let stopped = Set(try StopWork.all(of: .salesOrder, in: snapshot))
    return held.symmetricDifference(stopped).sorted().map {
      InvariantViolation(
        "orders.holds-stop-work", "Work is stopped for another reason than a hold, or goes on",
        [Fact("order", $0)])
    }
  }

  /// What is written down to wait does: the line is open, and not all of it is on the shelf.
  private static func promises(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try PromiseTable.waiting(in: snapshot).compactMap { order, line in
      let origin = Origin(.salesOrder, order, line: line)
      let demands = try Reservations.of(origin, in: snapshot)
      guard !demands.contains(where: \.waiting.isPositive),
        try !PurchaseOrders.direct(for: origin, in: snapshot)
          .contains(where: { $0.lines.contains(where: \.open.isPositive) })
      else { return nil }
      return InvariantViolation(
        "orders.promise-waits", "A line that has its goods is said to wait for them",
        [Fact("order", order), Fact("line", line)])
    }
  }

  private static func coupons(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT c.code FROM coupon AS c
      WHERE c.redeemed <> (
        SELECT COUNT(*) FROM coupon_redemption AS r
        JOIN sales_order AS o ON o.id = r.sales_order_id
        WHERE r.coupon_id = c.id AND o.state <> 'DRAFT' AND o.state <> 'CANCELLED')
      ORDER BY c.id
      """
    ) { row in
      InvariantViolation(
        "orders.coupons-count-orders", "A coupon counts other orders than have used it",
        [Fact("coupon", row.text(0))])
    }
  }
}
