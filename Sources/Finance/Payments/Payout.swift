package import MasterData
package import Storage
package import Values

/// Money on account that goes back to a customer: what was paid for nothing in particular and pays
/// nothing any more. Somebody asks for it, and somebody else pays or declines it. Money for an
/// order goes back by the order's refund.
package struct Payout: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Can transition to any other state.
    case proposed = "PROPOSED"
    /// The customer has it. Final.
    case paid = "PAID"
    /// The money stays with us for the customer. Final.
    case declined = "DECLINED"
  }

  package let id: ID<Payout>
  /// "PB-2026-000002".
  package let number: String
  let customer: ID<Customer>
  package let customerCode: String
  package internal(set) var state: State
  package let amount: Money
  /// Why; empty once the person is forgotten.
  package let reason: String
  package let proposedBy: String
  package let proposedAt: Instant
  package internal(set) var decidedBy: String?
  /// Nil where it was not paid.
  package internal(set) var method: PaymentMethod?
  package internal(set) var externalReference: String
  /// Why it was declined; empty where it was not.
  package internal(set) var comment: String

  package var reference: DocumentReference { DocumentReference(.payout, number) }

  /// Refuses what is decided already.
  func expectProposed() throws(FinanceRejection) {
    guard state == .proposed else { throw .payoutDecided(number: number, state: state) }
  }
}

/// Questions about payouts.
package enum Payouts {
  /// The payout that a field of a request names; refuses an unknown one, and one of a customer out
  /// of scope.
  package static func require(
    number: String, field: @autoclosure () -> String = "number", in snapshot: Snapshot
  ) throws -> Payout {
    guard let found = try PayoutTable.find(number, in: snapshot) else {
      throw FinanceRejection.unknownPayout(field: field(), number: number).ifNamed(number)
    }
    return found
  }

  /// Those of customers in scope in a state, the oldest first, from the one after `id` on.
  package static func list(
    _ state: Payout.State, after id: ID<Payout>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Payout] {
    try PayoutTable.list(state, after: id ?? ID(0), limit: limit, in: snapshot)
  }

  /// Of a customer, the oldest first, from the one after `id` on.
  package static func list(
    of customer: Customer, after id: ID<Payout>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Payout] {
    try PayoutTable.list(of: customer.id, after: id ?? ID(0), limit: limit, in: snapshot)
  }

  /// Takes out the reasons, which may be about the person. Returns the numbers of all payouts.
  package static func erase(of customer: Customer, in tx: Transaction) throws -> [String] {
    try PayoutTable.erase(customer.id, in: tx)
  }
}

/// Asks for money on account to go back: never more than is there and not asked for already.
package struct ProposePayout: Sendable {
  package let customerCode: String
  package let amount: Money
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(customerCode: String, amount: Money, reason: String, by actor: String) {
    self.customerCode = customerCode
    self.amount = amount
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Payout {
    var check = FieldCheck(.request)
    if amount.minor <= 0 {
      check.refuse(FinanceRejection.amountNotPositive(field: "amount", given: amount))
    }
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    let customer = try Customers.require(code: customerCode, field: "customer_code", in: tx)
    let free = try PayoutTable.onAccount(of: customer.id, amount.currency, in: tx)
    let asked = try PayoutTable.proposed(of: customer.id, amount.currency, in: tx)
    guard amount.minor <= free - asked else {
      throw FinanceRejection.notThatMuchOnAccount(
        field: "amount", customer: customer.code, requested: amount,
        free: Money(minor: max(0, free - asked), currency: amount.currency))
    }
    let number = try DocumentNumbers.next(.payout, on: now.day, in: tx)
    try PayoutTable.insert(self, number: number, for: customer, at: now, in: tx)
    let found = try Payouts.require(number: number, in: tx)
    // Why stands in the payout, which can forget it; an event cannot.
    found.record("payout.proposed", by: actor, in: tx)
    return found
  }
}

/// Pays what somebody else has asked for: the money leaves, the oldest payment first.
package struct PayPayout: Sendable {
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

  package func run(in tx: Transaction, at now: Moment) throws -> Payout {
    var check = FieldCheck(.request)
    check.text(externalReference, "external_reference", limit: 100)
    check.money(method, "method")
    try check.pass()
    var found = try Payouts.require(number: number, in: tx)
    try found.expectProposed()
    guard found.proposedBy != actor, !standingInFor.contains(found.proposedBy) else {
      throw FinanceRejection.proposerMayNotPay(
        number: number, actor: actor, proposer: found.proposedBy)
    }
    try UsePayments(of: found).run(in: tx, at: now)
    found.state = .paid
    found.decidedBy = actor
    found.method = method
    found.externalReference = externalReference
    try PayoutTable.decide(found, at: now, in: tx)
    found.record("payout.paid", by: actor, [Fact("method", method.rawValue)], in: tx)
    return found
  }
}

/// Declines what was asked for: the money stays with us for the customer. Nothing moves, so whoever
/// asked may take it back.
package struct DeclinePayout: Sendable {
  package let number: String
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(number: String, reason: String, by actor: String) {
    self.number = number
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Payout {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    var found = try Payouts.require(number: number, in: tx)
    try found.expectProposed()
    found.state = .declined
    found.decidedBy = actor
    found.comment = reason
    try PayoutTable.decide(found, at: now, in: tx)
    found.record("payout.declined", by: actor, in: tx)
    return found
  }
}

extension Payout {
  fileprivate func record(
    _ event: String, by actor: String, _ facts: [Fact] = [], in tx: Transaction
  ) {
    tx.record(
      DomainEvent(
        event, reference, related: DocumentReference(.masterData, "customer/\(customerCode)"),
        [Fact("customer", customerCode), Fact("amount", amount)] + facts + [Fact("actor", actor)]))
  }
}
