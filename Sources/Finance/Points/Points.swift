package import MasterData
package import Storage
package import Values

/// What may happen to points.
package enum PointsEntryKind: String, Hashable, Sendable, CaseIterable {
  case earned = "EARNED"
  /// The goods came back.
  case takenBack = "TAKEN_BACK"
  case redeemed = "REDEEMED"
  /// Something of what they had paid was given back.
  case returned = "RETURNED"
  case expired = "EXPIRED"
  /// New points made good for those that were taken back when they had been used already.
  case offset = "OFFSET"
}

/// Something that happened to a customer's points.
package struct PointsEntry: Hashable, Sendable {
  package let id: ID<PointsEntry>
  package let kind: PointsEntryKind
  package let points: Int64
  package let orderNumber: String?
  package let paymentNumber: String?
  package let enteredOn: Day
}

/// Points that were granted together, with what is left of them.
package struct PointsGrant: Hashable, Sendable {
  package let id: ID<PointsGrant>
  package let customer: ID<Customer>
  package let orderNumber: String?
  package let grantedOn: Day
  /// The last day on which they pay; nil for ever.
  package let expiresOn: Day?
  package internal(set) var remaining: Int64
  /// What stands in the books for them.
  package internal(set) var liability: Money

  /// What so many of the points that are left stand for: the last takes what is there.
  func share(of points: Int64) throws(ArithmeticError) -> Money {
    guard points < remaining else { return liability }
    let part = try Rounding.quotient(
      Int128(liability.minor) * Int128(points), Int128(remaining))
    return Money(minor: part, currency: liability.currency)
  }
}

/// A customer's points.
package struct PointsAccount: Hashable, Sendable {
  /// Less than 0 where goods came back whose points had been used.
  package internal(set) var balance: Int64
  package internal(set) var owed: Int64

  static let empty = PointsAccount(balance: 0, owed: 0)
}

/// Questions about points, and what becomes of them when customers do.
package enum Points {
  /// Grants that are told of at most.
  private static let grantLimit = 500

  package static func account(
    of customer: Customer, in snapshot: Snapshot
  ) throws -> PointsAccount {
    try PointsTable.account(of: customer.id, in: snapshot)
  }

  /// What is left of each grant, also after its last day until it is taken away, what ends first
  /// first.
  package static func grants(
    of customer: Customer, in snapshot: Snapshot
  ) throws -> [PointsGrant] {
    try PointsTable.open(of: customer.id, limit: grantLimit, in: snapshot)
  }

  /// What can be used on a day.
  package static func available(
    of customer: Customer, on day: Day, in snapshot: Snapshot
  ) throws -> Int64 {
    let account = try PointsTable.account(of: customer.id, in: snapshot)
    let ended = try PointsTable.ended(of: customer.id, before: day, in: snapshot)
    return max(0, account.balance - ended)
  }

  /// What so many points pay on a day; nil without a programme.
  package static func value(
    of points: Int64, on day: Day, in snapshot: Snapshot
  ) throws -> Money? {
    try PointsProgrammes.inForce(on: day, in: snapshot)?.value.amount(ofPoints: points)
  }

  /// The newest first, from the one before `id` on (nil: from the newest).
  package static func entries(
    of customer: Customer, before id: ID<PointsEntry>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [PointsEntry] {
    try PointsTable.entries(
      of: customer.id, before: id ?? ID(Int64.max), limit: limit, in: snapshot)
  }

  /// One customer's points are another's from now on.
  package static func give(
    allOf from: Customer, to customer: Customer, in tx: Transaction, at now: Moment
  ) throws {
    guard try PointsProgrammes.exist(in: tx) else { return }
    try PointsTable.give(allOf: from.id, to: customer.id, in: tx)
    for var grant in try PointsTable.open(of: customer.id, limit: grantLimit, in: tx) {
      try PointsTable.offset(&grant, in: tx, at: now)
    }
  }

  /// Nobody is there any more who could use them.
  package static func lapse(_ customer: Customer, in tx: Transaction, at now: Moment) throws {
    guard try PointsProgrammes.exist(in: tx) else { return }
    while true {
      let grants = try PointsTable.open(of: customer.id, limit: grantLimit, in: tx)
      if grants.isEmpty { return }
      for var grant in grants {
        try PointsTable.take(grant.remaining, .expired, from: &grant, in: tx, at: now)
      }
    }
  }
}
