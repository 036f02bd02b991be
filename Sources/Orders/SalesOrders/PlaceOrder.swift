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
  /// The file or marketplace that it came in by; empty for a single call.
  package let source: String

  package init(
    _ draft: OrderDraft, by actor: String, roles: Set<String> = [], source: String = ""
  ) {
    self.draft = draft
    self.actor = actor
    self.roles = roles
    self.source = source
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    try run(try submission(at: now, in: tx), in: tx, at: now)
  }

  /// All that is checked and decided without writing: prices, taxes, who must approve. Refuses with
  /// every violation at once.
  package func submission(at now: Moment, in snapshot: Snapshot) throws -> Submission {
    try Submission.of(draft, by: roles, at: now, in: snapshot)
  }

  /// The rest. What the submission was read from must be as it was, and the day the same.
  package func run(
    _ submission: Submission, in tx: Transaction, at now: Moment
  ) throws -> SalesOrder {
    try run(submission, heldFor: [], in: tx, at: now)
  }

  /// With findings beside those of the rules.
  func run(
    _ submission: Submission, heldFor others: [Finding], peg: DocumentReference? = nil,
    in tx: Transaction, at now: Moment
  ) throws -> SalesOrder {
    let number = try DocumentNumbers.next(.salesOrder, on: now.day, in: tx)
    let priced = submission.priced
    let currency = priced.gross.currency
    var order = SalesOrder(
      draft: draft, number: number, currency: currency, by: actor, at: now)
    order.take(submission)
    if priced.approvalInput.policy.looksAtOthers {
      try order.weigh(priced.approvalInput, in: tx, at: now)
    }
    let findings = try others + submission.findings(about: order, in: tx, at: now)
    try order.place(
      for: priced.customer, from: submission.warehouse, priced.products, priced.coupons,
      heldFor: findings, source: source, peg: peg, in: tx, at: now)
    try order.keep(submission.assignment, in: tx)
    if submission.check?.asksForDuplicates == true {
      try OrderHistoryTable.set(fingerprintOf: order, in: tx)
    }
    return order
  }
}

extension SalesOrder {
  /// Writes an order that did not exist before and has everything that submitting decides: promised
  /// at once, unless somebody must approve it or what was found about it stops that. `products` are
  /// those of its lines.
  mutating func place(
    for customer: Customer, from warehouse: Warehouse, _ products: [Product], _ coupons: [Coupon],
    heldFor findings: [Finding] = [], source: String = "", priority: Int? = nil,
    peg: DocumentReference? = nil, in tx: Transaction, at now: Moment
  ) throws {
    let isStopped = findings.contains { $0.hold?.blocked.contains(.confirm) ?? false }
    if !approval.isPending, !isStopped { state = .confirmed }
    try insert(in: tx)
    try redeem(coupons, in: tx)
    try hold(for: findings, source: source, in: tx, at: now)
    guard state == .confirmed else {
      record(.submitted, in: tx)
      return try askApproval(by: createdBy, in: tx, at: now)
    }
    try askApproval(by: createdBy, in: tx, at: now)
    // Nobody can have paid for an order that did not exist.
    try Promise(
      customer: customer, warehouse: warehouse, products: products, received: .zero(currency),
      peg: peg, priority: priority
    ).make(&self, in: tx, at: now)
    record(.confirmed, in: tx)
  }
}
