package import Storage
package import Values

/// Begins the clocks of orders that were open before the first policy, reminds of those that it is
/// time for, and tells of those that are overdue. What it does follows from the moment and what is
/// stored alone.
package struct SweepStages: Sendable {
  package init() {}

  package struct Outcome: Hashable, Sendable {
    package var reminded = 0
    package var escalated = 0
    package var begun = 0
    /// More is to be done than one call does.
    package var hasMore = false
  }

  static let limit = 500

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    var outcome = Outcome()
    guard let policy = try StagePolicies.inForce(on: now.day, in: tx) else { return outcome }
    try enrol(by: policy, &outcome, in: tx, at: now)
    let due = try StageVisitTable.toTell(at: now.instant, limit: Self.limit + 1, in: tx)
    outcome.hasMore = outcome.hasMore || due.count > Self.limit
    for visit in due.prefix(Self.limit) { try tell(visit, &outcome, in: tx, at: now) }
    return outcome
  }

  /// Of what is overdue nobody is reminded any more.
  private func tell(
    _ due: StageVisit, _ outcome: inout Outcome, in tx: Transaction, at now: Moment
  ) throws {
    var visit = due
    let isOverdue = visit.dueAt.map { $0 <= now.instant } ?? false
    if isOverdue {
      visit.escalatedAt = now.instant
      visit.nextAt = nil
      outcome.escalated += 1
    } else {
      visit.remindedAt = now.instant
      visit.nextAt = visit.dueAt
      outcome.reminded += 1
    }
    try StageVisitTable.update(visit, in: tx)
    var facts = [Fact("stage", visit.stage.rawValue), Fact("since", visit.enteredAt)]
    if let due = visit.dueAt { facts.append(Fact("due", due)) }
    if let role = try visit.rule(in: tx)?.escalationRole {
      facts.append(Fact("role", role))
    }
    tx.record(
      DomainEvent(
        isOverdue ? "order.stage-overdue" : "order.stage-reminded",
        DocumentReference(.salesOrder, visit.orderNumber), facts))
  }

  /// Open orders once, state by state: what is created or moved since is followed by its commands.
  private func enrol(
    by policy: StagePolicy, _ outcome: inout Outcome, in tx: Transaction, at now: Moment
  ) throws {
    guard var place = try StageEnrolmentTable.place(in: tx) else { return }
    var room = Self.limit
    while let state = place.state {
      let found = try StageEnrolmentTable.orders(in: state, after: place, limit: room + 1, in: tx)
      for row in found.prefix(room) {
        guard let order = try StageVisitTable.standing(row.number, in: tx) else { continue }
        if try order.follow(by: policy, in: tx, at: now) { outcome.begun += 1 }
        place.createdOn = row.createdOn
        place.id = row.id
      }
      guard found.count <= room else {
        outcome.hasMore = true
        break
      }
      room -= found.count
      place = StageEnrolmentTable.Place(state: StageEnrolmentTable.state(after: state))
    }
    try StageEnrolmentTable.set(place, in: tx)
  }
}

/// All SQL of `stage_enrolment`, and of the orders that it goes through.
enum StageEnrolmentTable {
  struct Place {
    /// Nil once all are through.
    var state: OrderState?
    var createdOn = Day(daysSinceEpoch: .min)
    var id = ID<SalesOrder>(0)
  }

  private static let states: [OrderState] = [
    .draft, .submitted, .confirmed, .partlyShipped, .shipped, .delivered,
  ]

  static func state(after state: OrderState) -> OrderState? {
    guard let index = states.firstIndex(of: state), index + 1 < states.count else { return nil }
    return states[index + 1]
  }

  /// Nil once all are through.
  static func place(in snapshot: Snapshot) throws -> Place? {
    try snapshot.first(
      """
      SELECT state, created_on, sales_order_id FROM stage_enrolment
      WHERE id = 1 AND state IS NOT NULL
      """
    ) { Place(state: try $0.value(0), createdOn: $0.day(1), id: $0.id(2)) }
  }

  static func set(_ place: Place, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE stage_enrolment SET state = ?, created_on = ?, sales_order_id = ? WHERE id = 1",
      place.state, place.createdOn, place.id)
  }

  /// By the index of states: what is through is not looked at.
  static func orders(
    in state: OrderState, after place: Place, limit: Int, in snapshot: Snapshot
  ) throws -> [(number: String, createdOn: Day, id: ID<SalesOrder>)] {
    try snapshot.all(
      """
      SELECT number, created_on, id FROM sales_order
      WHERE state = ? AND (created_on, id) > (?, ?) ORDER BY created_on, id LIMIT ?
      """, state, place.createdOn, place.id, limit
    ) { ($0.text(0), $0.day(1), $0.id(2)) }
  }
}
