import Storage
import Values

/// What must hold of stages: an open order of which something is kept stands where it follows from
/// facts, one that is through stands nowhere, and its visits come one after the other as orders go.
enum StageInvariants {
  static let rules = [
    "orders.stage-is-derived", "orders.stages-follow-each-other", "orders.stage-is-kept",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try derived(in: snapshot) + gaps(in: snapshot) + unkept(in: snapshot)
  }

  private static func derived(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, v.stage, o.state, f.facts
      FROM order_stage_visit AS v
      JOIN sales_order AS o ON o.id = v.sales_order_id
      JOIN view_order_stage_facts AS f ON f.id = o.id
      WHERE v.left_at IS NULL ORDER BY v.id
      """
    ) { row in
      let kept: OrderStage = try row.value(1)
      let stage = OrderStage(try row.value(2), OrderStage.Facts(rawValue: row.int64(3)))
      return kept == stage
        ? nil
        : InvariantViolation(
          "orders.stage-is-derived", "An order is kept in a stage where it does not stand",
          [
            Fact("order", row.text(0)), Fact("kept", kept.rawValue),
            Fact("stage", stage.rawValue),
          ])
    }.compactMap(\.self)
  }

  private static func gaps(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, v.before_stage, v.stage, v.before_left_at, v.entered_at
      FROM (
        SELECT sales_order_id, id, stage, entered_at,
          LAG(stage) OVER (PARTITION BY sales_order_id ORDER BY id) AS before_stage,
          LAG(left_at) OVER (PARTITION BY sales_order_id ORDER BY id) AS before_left_at
        FROM order_stage_visit) AS v
      JOIN sales_order AS o ON o.id = v.sales_order_id
      WHERE v.before_stage IS NOT NULL ORDER BY v.id
      """
    ) { row in
      let (before, stage) = (try row.value(1) as OrderStage, try row.value(2) as OrderStage)
      let isWhole = row.optionalInstant(3) == row.instant(4) && before.next.contains(stage)
      return isWhole
        ? nil
        : InvariantViolation(
          "orders.stages-follow-each-other", "An order went from stage to stage as none does",
          [
            Fact("order", row.text(0)), Fact("from", before.rawValue),
            Fact("to", stage.rawValue),
          ])
    }.compactMap(\.self)
  }

  /// Once the orders of before are through, each that is open stands somewhere.
  private static func unkept(in snapshot: Snapshot) throws -> [InvariantViolation] {
    guard try StageEnrolmentTable.place(in: snapshot) == nil else { return [] }
    return try snapshot.all(
      """
      SELECT o.number FROM sales_order AS o
      WHERE (o.state = 'DRAFT' OR o.state = 'SUBMITTED' OR o.state = 'CONFIRMED'
          OR o.state = 'PARTLY_SHIPPED' OR o.state = 'SHIPPED' OR o.state = 'DELIVERED')
        AND NOT EXISTS (
          SELECT 1 FROM order_stage_visit AS v
          WHERE v.sales_order_id = o.id AND v.left_at IS NULL)
      ORDER BY o.id
      """
    ) { row in
      InvariantViolation(
        "orders.stage-is-kept", "Nobody keeps how far an open order has come",
        [Fact("order", row.text(0))])
    }
  }
}
