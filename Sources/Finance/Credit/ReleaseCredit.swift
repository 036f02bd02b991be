package import MasterData
package import Storage
package import Values

/// Asks whether limits allow that goods leave which did not count since limits were asked for them:
/// they were wanted later than orders counted, and others may have been promised in their place.
/// What else is promised and did not count does not count here either: who leaves first has the
/// room.
package struct ReleaseCredit: Sendable {
  package let customer: Customer
  package let document: DocumentReference
  /// What is wanted on which days of the same exposure once the goods have left.
  package let wanted: [WantedPart]

  package init(customer: Customer, document: DocumentReference, wanted: [WantedPart]) {
    self.customer = customer
    self.document = document
    self.wanted = wanted
  }

  /// What speaks against it; nil where nothing does.
  package func refusal(on day: Day, in snapshot: Snapshot) throws -> FinanceRejection? {
    let before = try ExposureTable.exposure(of: document, in: snapshot)
    var after = before
    after.wanted = wanted
    let room = CreditRoom(
      customer: customer,
      reach: try CreditHorizons.reach(
        of: customer.customerClass, on: day, onlyChecked: true, in: snapshot))
    return try room.refusal(from: before, to: after, in: snapshot)
  }
}

/// What limits leave for a document that counts for more though it is nothing more, because it
/// leaves or is wanted sooner.
struct CreditRoom {
  let customer: Customer
  let reach: CreditReach

  func refusal(
    from before: DocumentExposure, to after: DocumentExposure, in snapshot: Snapshot
  ) throws -> FinanceRejection? {
    let minor = reach.counted(after) - reach.counted(before)
    guard minor > 0 else { return nil }
    let requested = Money(minor: minor, currency: customer.creditLimit.currency)
    let use = try Receivables.exposure(
      of: customer, on: reach.day, countsUntil: reach.lastDay,
      uncounted: ExposureTable.uncounted(of: customer.id, reach, in: snapshot), in: snapshot)
    guard minor <= use.available.minor else {
      return .creditLimitExceeded(customer: customer.code, use: use, requested: requested)
    }
    let groups = try GroupCredit.of(
      customer, on: reach.day, onlyChecked: reach.onlyChecked, in: snapshot)
    return groups.first { $0.exposure.minor + minor > $0.limit.minor }.map {
      .groupLimitExceeded($0, requested: requested)
    }
  }
}
