import MasterData
package import Storage
package import Values

/// When an order could leave if it were placed now: by doing so. Whoever asks takes it back. Credit
/// and approval do not count, and what is short waits whatever the order says.
package struct AskPromise: Sendable {
  package let draft: OrderDraft
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(_ draft: OrderDraft, by actor: String, roles: Set<String> = []) {
    self.draft = draft
    self.actor = actor
    self.roles = roles
  }

  package func run(in tx: Transaction, at now: Moment) throws -> [LinePromise] {
    let submission = try Submission.of(draft, by: roles, at: now, in: tx)
    let priced = submission.priced
    var order = SalesOrder(
      draft: draft, number: try DocumentNumbers.next(.salesOrder, on: now.day, in: tx),
      currency: priced.gross.currency, by: actor, at: now)
    order.take(submission)
    order.state = .confirmed
    try order.insert(in: tx)
    var promise = Promise(
      customer: priced.customer, warehouse: submission.warehouse, products: priced.products,
      received: .zero(order.currency))
    promise.isQuestion = true
    try promise.make(&order, in: tx, at: now)
    return try OrderPromises.of(order, on: now.day, in: tx)
  }
}
