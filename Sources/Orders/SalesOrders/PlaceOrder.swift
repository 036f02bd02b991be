import MasterData
package import Storage
package import Values

/// Creates, submits and confirms an order in one command: what a till calls. An order that somebody
/// must approve stays SUBMITTED, and the outcome says so. Everything is decided before the first
/// row is written, and each row is written once: this is the hot path of the house.
package struct PlaceOrder: Sendable {
  package let draft: OrderDraft
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(_ draft: OrderDraft, by actor: String, roles: Set<String> = []) {
    self.draft = draft
    self.actor = actor
    self.roles = roles
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    try run(try submission(on: now.day, in: tx), in: tx, at: now)
  }

  /// All that is checked and decided without writing: prices, taxes, who must approve. Refuses with
  /// every violation at once.
  package func submission(on day: Day, in snapshot: Snapshot) throws -> Submission {
    try Submission.of(draft, by: roles, on: day, in: snapshot)
  }

  /// The rest. What the submission was read from must be as it was, and the day the same.
  package func run(
    _ submission: Submission, in tx: Transaction, at now: Moment
  ) throws -> SalesOrder {
    let number = try DocumentNumbers.next(.salesOrder, on: now.day, in: tx)
    let priced = submission.priced
    let currency = priced.gross.currency
    var order = SalesOrder(
      draft: draft, number: number, currency: currency, by: actor, at: now)
    order.take(submission)
    try order.place(
      for: priced.customer, from: submission.warehouse, priced.products, priced.coupons, in: tx,
      at: now)
    return order
  }
}

extension SalesOrder {
  /// Writes an order that did not exist before and has everything that submitting decides: promised
  /// at once, unless somebody must approve it. `products` are those of its lines.
  mutating func place(
    for customer: Customer, from warehouse: Warehouse, _ products: [Product], _ coupons: [Coupon],
    in tx: Transaction, at now: Moment
  ) throws {
    if !approval.isPending { state = .confirmed }
    try insert(in: tx)
    try redeem(coupons, in: tx)
    guard state == .confirmed else { return record(.submitted, in: tx) }
    record(.confirmed, in: tx)
    // Nobody can have paid for an order that did not exist.
    try Promise(
      customer: customer, warehouse: warehouse, products: products, received: .zero(currency)
    ).make(&self, in: tx, at: now)
  }
}
