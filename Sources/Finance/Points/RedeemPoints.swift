package import MasterData
package import Storage
package import Values

/// Pays for a document with points, those that end first first: what was deferred for them is owed
/// for the document, and what they pay beyond it is less revenue. How much may be paid is the
/// caller's to know.
package struct RedeemPoints: Sendable {
  package let customer: Customer
  package let document: DocumentReference
  package let points: Int64

  package init(of customer: Customer, for document: DocumentReference, points: Int64) {
    self.customer = customer
    self.document = document
    self.points = points
  }

  /// What they pay, if they may be used now.
  package func amount(in snapshot: Snapshot, at now: Moment) throws -> Money {
    var check = FieldCheck(.request)
    check.range(points, "points", 1...1_000_000_000_000)
    try check.pass()
    guard let programme = try PointsProgrammes.inForce(on: now.day, in: snapshot) else {
      throw PointsRejection.noProgramme(day: now.day)
    }
    guard points >= programme.minimum else {
      throw PointsRejection.belowMinimum(
        field: "points", given: points, minimum: programme.minimum)
    }
    let available = try Points.available(of: customer, on: now.day, in: snapshot)
    guard points <= available else {
      throw PointsRejection.notThatMany(
        field: "points", customer: customer.code, requested: points, available: available)
    }
    let amount = try programme.value.amount(ofPoints: points)
    guard amount.minor > 0 else {
      throw PointsRejection.worthNothing(field: "points", points: points)
    }
    return amount
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Payment {
    let amount = try amount(in: tx, at: now)
    let payment = try ReceivePayment(
      customer: customer, amount: amount, method: .points, earmark: document, receivedOn: now.day
    ).store(as: .points, reference: nil, at: now, in: tx)
    var rest = points
    var deferred = Money.zero(amount.currency)
    while rest > 0 {
      let open = try PointsTable.open(of: customer.id, from: now.day, limit: 500, in: tx)
      guard !open.isEmpty else { throw MissingRow("points_grant", customer.id.value) }
      for var grant in open where rest > 0 {
        let part = min(rest, grant.remaining)
        deferred =
          try deferred
          + PointsTable.take(
            part, .redeemed, from: &grant, order: document.number, payment: payment.id, in: tx,
            at: now)
        rest -= part
      }
    }
    try post(amount, deferred, payment, in: tx, at: now)
    tx.record(
      DomainEvent(
        "points.redeemed", payment.reference, related: document,
        [
          Fact("customer", customer.code), Fact("points", points), Fact("amount", amount),
        ]))
    return try payment.payOpenInvoices(of: customer, in: tx, at: now)
  }

  private func post(
    _ amount: Money, _ deferred: Money, _ payment: Payment, in tx: Transaction, at now: Moment
  ) throws {
    let covered = Money(minor: min(amount.minor, deferred.minor), currency: amount.currency)
    let postings = [
      Posting(debit: .points, credit: .customerDeposits, amount: covered, party: customer.code),
      Posting(
        debit: .pointsDeferral, credit: .customerDeposits, amount: try amount - covered,
        party: customer.code),
      Posting(debit: .points, credit: .pointsDeferral, amount: try deferred - covered),
    ].filter { $0.amount.minor > 0 }
    try PostEntry(
      event: .pointsRedeemed, origin: Origin(.payment, payment.number),
      text: "\(points) points of \(customer.code) paid \(payment.number)", postings: postings
    ).run(in: tx, at: now)
  }
}

extension Points {
  /// Gives a part of a payment that was made with points back as points, which are good for as long
  /// as new ones: as many as it took, so that the points of all parts sum to those that were used.
  /// `use` is the id of the row that says so, which is there already.
  static func giveBack(
    _ amount: Money, of payment: Payment, use: Int64, in tx: Transaction, at now: Moment
  ) throws -> Int64 {
    let root = try PaymentUseTable.root(of: payment.id, in: tx)
    let used = try PointsTable.redeemed(by: root.id, in: tx)
    let after = Int128(root.refunded.minor)
    let before = after - Int128(amount.minor)
    func share(_ whole: Int64) throws -> Int64 {
      let paid = Int128(root.amount.minor)
      return try Rounding.quotient(Int128(whole) * after, paid)
        - Rounding.quotient(Int128(whole) * before, paid)
    }
    let points = try share(used.points)
    let liability = Money(
      minor: points == 0 ? 0 : min(try share(used.liability.minor), amount.minor),
      currency: amount.currency)
    try PostEntry(
      event: .paymentRefunded, origin: Origin(.payment, payment.number), occurrence: use,
      text: "Payment \(payment.number) of \(payment.customerCode): \(points) points",
      postings: [
        Posting(
          debit: .customerDeposits, credit: .points, amount: liability,
          party: payment.customerCode),
        Posting(
          debit: .customerDeposits, credit: .pointsDeferral, amount: try amount - liability,
          party: payment.customerCode),
      ].filter { $0.amount.minor > 0 }
    ).run(in: tx, at: now)
    guard points > 0 else { return 0 }
    let programme = try PointsProgrammes.inForce(on: now.day, in: tx)
    var grant = try PointsTable.grant(
      points, .returned, to: payment.customer, liability: liability,
      order: payment.earmark?.number, payment: root.id,
      expiresOn: programme.flatMap { $0.lastDay(from: now.day) }, in: tx, at: now)
    try PointsTable.offset(&grant, in: tx, at: now)
    return points
  }
}
