package import Finance
import MasterData
package import Storage
package import Values

/// Money that is to go back to a customer because an order does not need it any more, after a
/// cancellation, a change or a return, until somebody else than who caused it has paid or declined
/// it. An order has at most one that is proposed.
package struct OrderRefund: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Can transition to any other state.
    case proposed = "PROPOSED"
    case paid = "PAID"
    /// The money stays with us for the customer, for nothing in particular.
    case declined = "DECLINED"
  }

  package let id: ID<OrderRefund>
  package let orderNumber: String
  package let customerCode: String
  package internal(set) var state: State
  /// Of the money that was received for the order.
  package internal(set) var amount: Money
  /// What we owe beyond it.
  package internal(set) var compensation: Money
  /// That in the base currency, at the rate of the order.
  let baseCompensation: Money
  package let proposedBy: String
  package internal(set) var decidedBy: String?

  /// amount + compensation.
  package func total() throws(ArithmeticError) -> Money { try amount + compensation }

  /// Brings the proposal for an order in line with a cancellation: `amount` in all, and
  /// `compensation` more than before, which is owed from now on.
  static func propose(
    for order: SalesOrder, amount: Money, compensation: Money, cancellation: Int64,
    reason: String = "", by actor: String, in tx: Transaction, at now: Moment
  ) throws {
    let base = try order.base(of: compensation)
    if compensation.minor > 0 {
      try PostEntry.compensation(
        .compensationOwed, Origin(.salesOrder, order.number), occurrence: cancellation,
        amount: compensation, owed: base, customer: order.customerCode
      ).run(in: tx, at: now)
    }
    let existing = try OrderRefundTable.proposed(of: order.id, in: tx)
    if let existing, existing.amount == amount, compensation.minor == 0 { return }
    let owed = try (existing?.compensation ?? .zero(order.currency)) + compensation
    let baseOwed = try (existing?.baseCompensation ?? .zero(base.currency)) + base
    guard amount.minor + owed.minor > 0 else {
      if let existing {
        try OrderRefundTable.decide(
          existing, .declined, by: actor, comment: "nothing is left to give back", at: now, in: tx)
      }
      return
    }
    if let existing {
      try OrderRefundTable.update(
        existing.id, amount: amount, compensation: owed, base: baseOwed, in: tx)
    } else {
      try OrderRefundTable.insert(
        for: order, amount: amount, compensation: owed, base: baseOwed, by: actor, at: now, in: tx)
    }
    tx.record(
      DomainEvent(
        "order.refund-proposed", order.reference,
        [Fact("amount", amount), Fact("compensation", owed)]
          + (reason.isEmpty ? [] : [Fact("reason", reason)])))
  }
}

/// Questions about refunds.
package enum OrderRefunds {
  /// Those of orders in scope in a state, the oldest first.
  package static func list(
    _ state: OrderRefund.State, after id: ID<OrderRefund>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [OrderRefund] {
    try OrderRefundTable.list(state, after: id ?? ID(0), limit: limit, in: snapshot)
  }
}

/// Pays a refund that is proposed: the money leaves, and what was owed beyond it is settled; what
/// was paid with a gift card or points goes back to the card, or comes back as points. Four
/// eyes: whoever cancelled something of the order, changed it, asked for a return of it or credited
/// one, agreed to that, or proposed the refund, cannot pay, and neither can who stands in for them.
package struct PayRefund: Sendable {
  /// Of the order.
  package let number: String
  package let method: PaymentMethod
  /// The bank's or gateway's id of it; empty for none.
  package let externalReference: String
  /// Who asks, and for whom they stand in.
  package let actor: String
  package let standingInFor: Set<String>

  package init(
    number: String, method: PaymentMethod, externalReference: String = "", by actor: String,
    standingInFor: Set<String> = []
  ) {
    self.number = number
    self.method = method
    self.externalReference = externalReference
    self.actor = actor
    self.standingInFor = standingInFor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> OrderRefund {
    var check = FieldCheck(.request)
    check.text(externalReference, "external_reference", limit: 100)
    check.money(method, "method")
    try check.pass()
    let order = try SalesOrders.require(number: number, field: "order_number", in: tx)
    var refund = try OrderRefund.toDecide(order, in: tx)
    try CancellationRejection.checkFourEyes(
      on: number,
      madeBy: CancellationTable.actors(of: order.id, in: tx)
        .union(ReturnTable.actors(of: order.id, in: tx))
        .union(OrderVersionTable.makers(of: order.id, in: tx)).union([refund.proposedBy]),
      decidedBy: actor, standingInFor: standingInFor)
    let unneeded = try order.unneeded(in: tx)
    guard refund.amount.minor <= unneeded.minor else {
      throw CancellationRejection.refundNotCovered(
        order: number, proposed: refund.amount, unneeded: unneeded)
    }
    try UsePayments(of: order.reference, for: .refunded, amount: refund.amount)
      .run(in: tx, at: now)
    if refund.compensation.minor > 0 {
      try PostEntry.compensation(
        .compensationPaid, Origin(.salesOrder, number), occurrence: refund.id.value,
        amount: refund.compensation, owed: refund.baseCompensation,
        now: try worth(of: refund.compensation, order, in: tx, at: now),
        customer: order.customerCode
      ).run(in: tx, at: now)
    }
    try OrderRefundTable.decide(
      refund, .paid, by: actor, method: method, reference: externalReference, at: now, in: tx)
    refund.state = .paid
    refund.decidedBy = actor
    tx.record(
      DomainEvent(
        "order.refund-paid", order.reference,
        [
          Fact("amount", refund.amount), Fact("compensation", refund.compensation),
          Fact("method", method.rawValue), Fact("actor", actor),
        ]))
    if order.state.isPromised {
      try order.updateExposure(of: try order.customer(in: tx), in: tx, at: now)
    }
    try order.settlePoints(in: tx, at: now)
    return refund
  }
}

extension PayRefund {
  /// What leaves the bank is worth what it is on that day; nil where that is what was owed.
  private func worth(
    of amount: Money, _ order: SalesOrder, in tx: Transaction, at now: Moment
  ) throws -> Money? {
    try ExchangeRates.rate(
      of: amount.currency, base: order.baseCurrency, on: now.day, field: "order_number", in: tx)?
      .base(of: amount)
  }
}

/// Proposes that what an order does not need of its money goes back, where nothing else does: what
/// was paid too much.
package struct ProposeRefund: Sendable {
  /// Of the order.
  package let number: String
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(number: String, reason: String, by actor: String) {
    self.number = number
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> OrderRefund {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    let order = try SalesOrders.require(number: number, field: "order_number", in: tx)
    // What is not priced yet needs whatever came for it.
    let unneeded = try order.state == .draft ? .zero(order.currency) : order.unneeded(in: tx)
    guard unneeded.minor > 0 else { throw CancellationRejection.nothingToRefund(order: number) }
    try OrderRefund.propose(
      for: order, amount: unneeded, compensation: .zero(order.currency), cancellation: 0,
      reason: reason, by: actor, in: tx, at: now)
    return try OrderRefund.toDecide(order, in: tx)
  }
}

/// Declines a refund that is proposed: the money is the customer's for nothing in particular from
/// now on, so that it pays what else is owed, and what was to be owed beyond it is not.
package struct DeclineRefund: Sendable {
  /// Of the order.
  package let number: String
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(number: String, reason: String, by actor: String) {
    self.number = number
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> OrderRefund {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    let order = try SalesOrders.require(number: number, field: "order_number", in: tx)
    var refund = try OrderRefund.toDecide(order, in: tx)
    if refund.compensation.minor > 0 {
      try PostEntry.compensation(
        .compensationWithdrawn, Origin(.salesOrder, number), occurrence: refund.id.value,
        amount: refund.compensation, owed: refund.baseCompensation, customer: order.customerCode
      ).run(in: tx, at: now)
    }
    try release(refund, of: order, in: tx, at: now)
    try OrderRefundTable.decide(refund, .declined, by: actor, comment: reason, at: now, in: tx)
    refund.state = .declined
    refund.decidedBy = actor
    tx.record(
      DomainEvent(
        "order.refund-declined", order.reference, [Fact("actor", actor), Fact("reason", reason)]))
    return refund
  }
}

extension DeclineRefund {
  /// What the order needs again meanwhile stays with it.
  private func release(
    _ refund: OrderRefund, of order: SalesOrder, in tx: Transaction, at now: Moment
  ) throws {
    let free = min(refund.amount.minor, try order.unneeded(in: tx).minor)
    let customer = try order.customer(in: tx)
    let paid = try CarryPayments(
      of: customer, from: order.reference, to: nil,
      amount: Money(minor: free, currency: order.currency)
    ).run(in: tx, at: now)
    for reference in paid {
      var other = try SalesOrders.find(number: reference.number, in: tx)
      try other?.settle(in: tx)
    }
    if order.state.isPromised { try order.updateExposure(of: customer, in: tx, at: now) }
    try order.settlePoints(in: tx, at: now)
  }
}

extension OrderRefund {
  fileprivate static func toDecide(_ order: SalesOrder, in tx: Transaction) throws -> OrderRefund {
    guard let refund = try OrderRefundTable.proposed(of: order.id, in: tx) else {
      throw CancellationRejection.noRefundProposed(order: order.number)
    }
    return refund
  }
}

/// All SQL of `order_refund`.
enum OrderRefundTable {
  static func insert(
    for order: SalesOrder, amount: Money, compensation: Money, base: Money, by actor: String,
    at now: Moment, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO order_refund (sales_order_id, state, amount_minor, compensation_minor, currency,
        proposed_by, proposed_at, base_currency, base_compensation_minor)
      VALUES (?, 'PROPOSED', ?, ?, ?, ?, ?, ?, ?)
      """, order.id, amount.minor, compensation.minor, order.currency, actor, now.instant,
      order.rate?.base, order.rate == nil ? nil : base.minor)
  }

  static func update(
    _ refund: ID<OrderRefund>, amount: Money, compensation: Money, base: Money, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE order_refund SET amount_minor = ?, compensation_minor = ?,
        base_compensation_minor = CASE WHEN base_currency IS NULL THEN NULL ELSE ? END
      WHERE id = ?
      """, amount.minor, compensation.minor, base.minor, refund)
  }

  static func decide(
    _ refund: OrderRefund, _ state: OrderRefund.State, by actor: String,
    method: PaymentMethod? = nil, reference: String = "", comment: String = "", at now: Moment,
    in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE order_refund SET state = ?, decided_by = ?, decided_at = ?, method = ?,
        external_reference = ?, comment = ?
      WHERE id = ?
      """, state, actor, now.instant, method?.rawValue, reference, comment, refund.id)
  }

  static func proposed(
    of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> OrderRefund? {
    try snapshot.first(
      """
      SELECT r.id, o.number, o.customer_code, r.state, r.amount_minor, r.compensation_minor,
        r.currency, r.proposed_by, r.decided_by, r.base_currency, r.base_compensation_minor
      FROM order_refund AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.sales_order_id = ? AND r.state = 'PROPOSED'
      """, order, map: refund(_:))
  }

  static func list(
    _ state: OrderRefund.State, after id: ID<OrderRefund>, limit: Int, in snapshot: Snapshot
  ) throws -> [OrderRefund] {
    try snapshot.all(
      """
      SELECT r.id, o.number, o.customer_code, r.state, r.amount_minor, r.compensation_minor,
        r.currency, r.proposed_by, r.decided_by, r.base_currency, r.base_compensation_minor
      FROM order_refund AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.state = ? AND r.id > ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY r.id LIMIT ?
      """, state, id, limit, map: refund(_:))
  }

  private static func refund(_ row: Row) throws -> OrderRefund {
    OrderRefund(
      id: row.id(0), orderNumber: row.text(1), customerCode: row.text(2),
      state: try row.value(3), amount: row.money(4, 6), compensation: row.money(5, 6),
      baseCompensation: row.optionalMoney(10, 9) ?? row.money(5, 6), proposedBy: row.text(7),
      decidedBy: row.optionalText(8))
  }
}

extension OrderRefund.State: Bindable {}
