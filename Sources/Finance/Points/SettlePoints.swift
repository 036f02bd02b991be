package import MasterData
package import Storage
package import Values

/// Brings the points of an order in line with what has earned them so far: more are granted, or
/// those of goods that came back are taken. It is a function of the sums, so that doing it once
/// more changes nothing, and the points of any parts sum to those of the whole.
package struct SettlePoints: Sendable {
  package let customer: Customer
  package let order: DocumentReference
  package let programme: PointsProgramme
  /// What earns points, with tax and without; what was paid with points earns none.
  package let gross: Money
  package let net: Money

  package init(
    of customer: Customer, for order: DocumentReference, by programme: PointsProgramme,
    gross: Money, net: Money
  ) {
    self.customer = customer
    self.order = order
    self.programme = programme
    self.gross = gross
    self.net = net
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    let zero = Money.zero(gross.currency)
    guard
      var earned = try PointsOrderTable.find(order.number, in: tx)
        ?? programme.rate(for: customer.customerClass).map({
          PointsOrder(version: programme.version, rate: $0, gross: zero, net: zero, points: 0)
        })
    else { return }
    let (before, base) = (earned.points, earned.net)
    earned.gross = gross.minor > 0 ? gross : zero
    earned.net = net.minor > 0 ? net : zero
    earned.points = earned.rate.points(of: earned.gross)
    try PointsOrderTable.put(earned, order.number, of: customer.id, in: tx)
    if earned.points > before {
      try grant(earned.points - before, for: earned.net - base, in: tx, at: now)
    } else if earned.points < before {
      try takeBack(before - earned.points, in: tx, at: now)
    }
  }

  private func grant(
    _ points: Int64, for net: Money, in tx: Transaction, at now: Moment
  ) throws {
    let deferred = try PointsAllocation.deferred(
      net, points: programme.fairValue.amount(ofPoints: points))
    var grant = try PointsTable.grant(
      points, .earned, to: customer.id, liability: deferred, order: order.number,
      expiresOn: programme.lastDay(from: now.day), in: tx, at: now)
    if deferred.minor > 0 {
      try PostEntry(
        event: .pointsEarned, origin: Origin(order.kind, order.number), occurrence: grant.id.value,
        text: "\(points) points of \(customer.code) for \(order)",
        postings: [
          Posting(debit: .pointsDeferral, credit: .points, amount: deferred, party: customer.code)
        ]
      ).run(in: tx, at: now)
    }
    record("points.earned", points, in: tx)
    try PointsTable.offset(&grant, in: tx, at: now)
  }

  /// Those of the order first, then those that end first; what was used already is owed.
  private func takeBack(_ points: Int64, in tx: Transaction, at now: Moment) throws {
    var rest = points
    while rest > 0 {
      let open = try PointsTable.open(of: customer.id, limit: 500, in: tx)
      guard
        var grant = open.first(where: { $0.orderNumber == order.number }) ?? open.first
      else { break }
      let part = min(rest, grant.remaining)
      try PointsTable.take(
        part, .takenBack, from: &grant, order: order.number, in: tx, at: now)
      rest -= part
    }
    if rest > 0 {
      try PointsTable.owe(
        rest, by: customer.id, order: order.number, gross.currency, in: tx, at: now)
    }
    record("points.taken-back", points, in: tx)
  }

  private func record(_ event: String, _ points: Int64, in tx: Transaction) {
    tx.record(
      DomainEvent(event, order, [Fact("customer", customer.code), Fact("points", points)]))
  }
}

/// Takes points away whose last day is over, and books what stood for them as revenue.
package struct ExpirePoints: Sendable {
  package static let limit = 500

  package init() {}

  package func run(
    in tx: Transaction, at now: Moment
  ) throws -> (grants: Int, points: Int64, more: Bool) {
    let found = try PointsTable.ended(before: now.day, limit: Self.limit + 1, in: tx)
    var points: Int64 = 0
    for var grant in found.prefix(Self.limit) {
      points += grant.remaining
      try PointsTable.take(grant.remaining, .expired, from: &grant, in: tx, at: now)
    }
    if points > 0 {
      tx.record(
        DomainEvent(
          "points.expired", DocumentReference(.masterData, "points"),
          [Fact("grants", min(found.count, Self.limit)), Fact("points", points)]))
    }
    return (min(found.count, Self.limit), points, found.count > Self.limit)
  }
}
