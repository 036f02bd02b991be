import Storage
import Values

/// What must hold of opportunities at every commit: they stand where their last step brought them,
/// are won exactly by their quotes, and offer nothing once they are lost.
enum OpportunityInvariants {
  static let rules = [
    "orders.opportunity-stands-at-its-step", "orders.opportunity-won-by-quote",
    "orders.opportunity-has-its-quotes",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try steps(in: snapshot) + wins(in: snapshot) + quotes(in: snapshot)
  }

  private static func steps(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number
      FROM opportunity AS o
      LEFT JOIN opportunity_step AS p ON p.opportunity_id = o.id AND p.step = o.steps
      LEFT JOIN opportunity_stage AS s
        ON s.stages_version = o.stages_version AND s.code = o.stage_code
      WHERE p.step IS NULL OR p.stage_code <> o.stage_code
        OR p.stages_version <> o.stages_version OR s.state IS NULL OR s.state <> o.state
        OR p.state <> o.state OR (o.state = 'OPEN') <> (o.decided_on IS NULL)
        OR o.steps <> (
          SELECT COUNT(*) FROM opportunity_step AS a WHERE a.opportunity_id = o.id)
      ORDER BY o.id
      """
    ) { row in
      InvariantViolation(
        "orders.opportunity-stands-at-its-step",
        "An opportunity stands elsewhere than its last step says",
        [Fact("opportunity", row.text(0))])
    }
  }

  private static func wins(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, o.state FROM opportunity AS o
      WHERE (o.state = 'WON') <> EXISTS (
        SELECT 1 FROM quote AS q WHERE q.opportunity_number = o.number AND q.state = 'WON')
      ORDER BY o.id
      """
    ) { row in
      InvariantViolation(
        "orders.opportunity-won-by-quote",
        "An opportunity is won without an order, or has one and is not won",
        [Fact("opportunity", row.text(0)), Fact("state", row.text(1))])
    }
  }

  private static func quotes(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT q.number, q.opportunity_number FROM quote AS q
      LEFT JOIN opportunity AS o ON o.number = q.opportunity_number
      WHERE q.opportunity_number IS NOT NULL
        AND (o.id IS NULL OR o.customer_code <> q.customer_code OR o.currency <> q.currency
          OR (o.state = 'LOST' AND q.state = 'OPEN'))
      ORDER BY q.id
      """
    ) { row in
      InvariantViolation(
        "orders.opportunity-has-its-quotes",
        "A quote is an offer for an opportunity that it cannot be one for",
        [Fact("quote", row.text(0)), Fact("opportunity", row.text(1))])
    }
  }
}
