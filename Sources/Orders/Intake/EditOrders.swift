package import Storage
package import Values

/// A change of one order among many.
package struct OrderEdit: Sendable {
  package let number: String
  /// That the row was written for.
  package let expectedVersion: Int64
  /// What was read of it, or what is wrong with its shape.
  package let change: Result<OrderChange, any Error>
  package let reason: String
  /// Of all that the row says, byte for byte.
  package let fingerprint: [UInt8]

  package init(
    number: String, expectedVersion: Int64, change: Result<OrderChange, any Error>,
    reason: String, fingerprint: [UInt8]
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.change = change
    self.reason = reason
    self.fingerprint = fingerprint
  }
}

/// Changes many orders, each just as one change of it would, or all of them or none. A row that was
/// carried out before is known by all that it says.
package struct EditOrders: Sendable {
  package enum Outcome: Sendable {
    case changed(version: Int64, gross: Money)
    /// Carried out before, as this version.
    case unchanged(version: Int64)
    case refused([any Rejection])
    /// Nothing is wrong with it, but with another one, and it is all or nothing.
    case undone
  }

  package let edits: [OrderEdit]
  package let isAllOrNothing: Bool
  /// The file.
  package let source: String
  /// Who asks, the roles they have, and for whom they stand in.
  package let actor: String
  package let roles: Set<String>
  package let standingInFor: Set<String>

  package init(
    _ edits: [OrderEdit], isAllOrNothing: Bool, source: String, by actor: String,
    roles: Set<String>, standingInFor: Set<String> = []
  ) {
    self.edits = edits
    self.isAllOrNothing = isAllOrNothing
    self.source = source
    self.actor = actor
    self.roles = roles
    self.standingInFor = standingInFor
  }

  /// What one transaction may hold: a till that comes in between waits for no more than this.
  package static let limit = 100

  private struct Undone: Error {}

  /// One outcome for each edit, in their order. `refusals` tells what of an error is a refusal; nil
  /// for what is none.
  package func run(
    in tx: Transaction, at now: Moment, refusals: (any Error) -> [any Rejection]?
  ) throws -> [Outcome] {
    var outcomes: [Outcome] = []
    do {
      try tx.attempt {
        for edit in edits {
          do {
            outcomes.append(try tx.attempt { try carryOut(edit, in: tx, at: now) })
          } catch {
            guard let found = refusals(error) else { throw error }
            outcomes.append(.refused(found))
          }
        }
        if isAllOrNothing, outcomes.contains(where: \.isRefused) { throw Undone() }
      }
    } catch is Undone {
      return outcomes.map { $0.isRefused ? $0 : .undone }
    }
    return outcomes
  }

  private func carryOut(
    _ edit: OrderEdit, in tx: Transaction, at now: Moment
  ) throws -> Outcome {
    let order = try SalesOrders.require(number: edit.number, in: tx)
    if let version = try OrderEditTable.version(edit.fingerprint, of: order.id, in: tx) {
      return .unchanged(version: version)
    }
    let done = try ChangeOrder(
      number: edit.number, expectedVersion: edit.expectedVersion, try edit.change.get(),
      reason: edit.reason, by: actor, roles: roles, standingInFor: standingInFor
    ).run(in: tx, at: now)
    try OrderEditTable.insert(
      edit.fingerprint, as: done.order.version, of: order.id, source: source, in: tx)
    return .changed(version: done.order.version, gross: done.impact.gross)
  }
}

extension EditOrders.Outcome {
  fileprivate var isRefused: Bool { if case .refused = self { true } else { false } }
}

/// All SQL of `order_edit`: rows of edits that were carried out.
enum OrderEditTable {
  /// That the row made; nil where it was not carried out.
  static func version(
    _ fingerprint: [UInt8], of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> Int64? {
    try snapshot.first(
      "SELECT version FROM order_edit WHERE sales_order_id = ? AND fingerprint = ?", order,
      fingerprint
    ) { $0.int64(0) }
  }

  static func insert(
    _ fingerprint: [UInt8], as version: Int64, of order: ID<SalesOrder>, source: String,
    in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO order_edit (sales_order_id, fingerprint, version, source) VALUES (?, ?, ?, ?)
      """, order, fingerprint, version, source)
  }

  /// Edits that made a version which their order has not had yet.
  static func ahead(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, e.version
      FROM order_edit AS e JOIN sales_order AS o ON o.id = e.sales_order_id
      WHERE e.version > o.version ORDER BY o.id
      """
    ) { row in
      InvariantViolation(
        "orders.edits-made-versions", "An edit made a version that its order has not had",
        [Fact("order", row.text(0)), Fact("version", row.int64(1))])
    }
  }
}
