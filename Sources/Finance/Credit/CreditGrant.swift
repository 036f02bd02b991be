package import MasterData
package import Storage
package import Values

/// How much more a customer may owe and have on order on some days, or how much from now on. It
/// counts once somebody else than who asked for it has approved it.
package struct CreditGrant: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// On top of the limit, on some days.
    case temporary = "TEMPORARY"
    /// The customer's limit, once it is approved.
    case limit = "LIMIT"
    /// The limit of the customer's group, once it is approved.
    case groupLimit = "GROUP_LIMIT"
    /// On top of the limit of the customer's group, on some days.
    case temporaryGroup = "TEMPORARY_GROUP"

    package var isTemporary: Bool { self == .temporary || self == .temporaryGroup }
  }

  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Can become `approved` or `refused`.
    case pending = "PENDING"
    /// Counts on its days, and can become `withdrawn`; or was made the limit.
    case approved = "APPROVED"
    case refused = "REFUSED"
    case withdrawn = "WITHDRAWN"
  }

  package var id: ID<CreditGrant> = ID(0)
  package let customer: ID<Customer>
  package let kind: Kind
  /// Tax included.
  package let amount: Money
  /// Of what is not temporary the day on which it was asked for, as is the last.
  package let validFrom: Day
  package let validUntil: Day
  /// Empty once the person is erased.
  package let reason: String
  package var state: State = .pending
  package let grantedBy: String
  /// The last who approved, refused or withdrew it; nil while nobody has.
  package var decidedBy: String?

  /// Days from today to the first, and from the first to the last one.
  static let longest = 366
}

extension CreditGrant.State: Bindable {}
extension CreditGrant.Kind: Bindable {}

/// Questions about limits that were asked for.
package enum CreditGrants {
  /// Temporary ones that are of `day` or later, and others that wait for a decision; 100 at most.
  package static func current(
    of customer: Customer, on day: Day, in snapshot: Snapshot
  ) throws -> [CreditGrant] {
    try CreditGrantTable.current(of: customer.id, on: day, limit: 100, in: snapshot)
  }

  /// All there ever were, the newest first, from the one before `id` on (nil: from the newest).
  package static func list(
    of customer: Customer, before id: ID<CreditGrant>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [CreditGrant] {
    try CreditGrantTable.list(
      of: customer.id, before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  /// Takes out the reasons, which may be about the person.
  package static func erase(of customer: Customer, in tx: Transaction) throws {
    try CreditGrantTable.erase(customer.id, in: tx)
  }
}

/// Asks for credit beside the limit on some days, or for another limit.
package struct GrantCredit: Sendable {
  package let customerCode: String
  package let kind: CreditGrant.Kind
  package let amount: Money
  /// Nil for today, and where it is not temporary.
  package let validFrom: Day?
  /// Nil where it is not temporary.
  package let validUntil: Day?
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    customerCode: String, kind: CreditGrant.Kind = .temporary, amount: Money,
    validFrom: Day? = nil, validUntil: Day? = nil, reason: String, by actor: String
  ) {
    self.customerCode = customerCode
    self.kind = kind
    self.amount = amount
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> CreditGrant {
    let customer = try Customers.require(code: customerCode, field: "customer_code", in: tx)
    var check = FieldCheck(.request)
    if customer.isErased {
      check.refuse(
        MasterDataRejection.customerErased(field: "customer_code", code: customerCode))
    }
    if amount.minor <= 0 {
      check.refuse(FinanceRejection.amountNotPositive(field: "amount", given: amount))
    }
    check.amount(
      amount, "amount", base: customer.creditLimit.currency,
      highest: CustomerDraft.highestLimitMinor)
    let from = validFrom ?? now.day
    let longest = CreditGrant.longest
    if kind.isTemporary {
      check.range(from, "valid_from", now.day...now.day.adding(days: longest))
      if let validUntil {
        check.range(validUntil, "valid_until", from...from.adding(days: longest))
      } else {
        check.refuse(MasterDataRejection.missingValue(field: "valid_until"))
      }
    }
    if kind == .temporaryGroup, customer.groupLimit == nil {
      check.refuse(
        FinanceRejection.noGroupLimit(field: "customer_code", customer: customer.code))
    }
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    var grant = CreditGrant(
      customer: customer.id, kind: kind, amount: amount, validFrom: from,
      validUntil: validUntil ?? from, reason: reason, grantedBy: actor)
    grant.id = try CreditGrantTable.insert(grant, in: tx)
    grant.record("credit.asked", of: customer, by: actor, in: tx)
    return grant
  }
}

/// Approves or refuses what was asked for, or takes an approved temporary limit back. Four eyes:
/// not who asked for it, nor who stands in for them.
package struct DecideCredit: Sendable {
  package let id: ID<CreditGrant>
  package let isApproval: Bool
  /// Who asks.
  package let actor: String
  /// Names of those for whom they stand in.
  package let standingInFor: Set<String>

  package init(
    id: ID<CreditGrant>, approve isApproval: Bool, by actor: String,
    standingInFor: Set<String> = []
  ) {
    self.id = id
    self.isApproval = isApproval
    self.actor = actor
    self.standingInFor = standingInFor
  }

  package struct Outcome: Hashable, Sendable {
    package let grant: CreditGrant
    package let customer: Customer
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    guard id.value != 0 else { throw MasterDataRejection.missingValue(field: "id") }
    guard var grant = try CreditGrantTable.find(id, in: tx),
      let customer = try Customers.seen(
        code: Customers.fetch(grant.customer, in: tx).code, in: tx)
    else { throw FinanceRejection.unknownCreditGrant(field: "id", id: id.value) }
    switch (grant.state, isApproval) {
    case (.pending, true): grant.state = .approved
    case (.pending, false): grant.state = .refused
    case (.approved, false) where grant.kind.isTemporary: grant.state = .withdrawn
    case (.approved, _), (.refused, _), (.withdrawn, _):
      throw FinanceRejection.creditGrantDecided(id: id.value, state: grant.state)
    }
    guard actor != grant.grantedBy, !standingInFor.contains(grant.grantedBy) else {
      throw FinanceRejection.granterMayNotDecide(
        id: id.value, actor: actor, granter: grant.grantedBy)
    }
    grant.decidedBy = actor
    try CreditGrantTable.update(grant, in: tx)
    let word =
      switch grant.state {
      case .approved: "credit.approved"
      case .withdrawn: "credit.withdrawn"
      case .pending, .refused: "credit.refused"
      }
    grant.record(word, of: customer, by: actor, in: tx)
    guard grant.state == .approved, !grant.kind.isTemporary else {
      return Outcome(grant: grant, customer: customer)
    }
    return Outcome(
      grant: grant,
      customer: try Customers.setLimit(
        grant.amount, ofGroup: grant.kind == .groupLimit, customer, in: tx))
  }
}

extension CreditGrant {
  /// The amount is told to those only who may know of credit.
  fileprivate func record(
    _ type: String, of customer: Customer, by actor: String, in tx: Transaction
  ) {
    let facts =
      switch kind {
      case .temporary, .temporaryGroup:
        [
          Fact(kind == .temporary ? "temporary_credit" : "temporary_group_credit", amount),
          Fact("valid_from", validFrom),
          Fact("valid_until", validUntil),
        ]
      case .limit: [Fact("credit_limit", amount)]
      case .groupLimit: [Fact("group_limit", amount)]
      }
    tx.record(
      DomainEvent(
        type, DocumentReference(.masterData, "customer/\(customer.code)"),
        [Fact("grant", id.value), Fact("actor", actor)] + facts))
  }
}
