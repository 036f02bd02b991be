package import MasterData
import Finance
package import Storage
package import Values

/// Forgets the person behind a customer (GDPR article 17, PIPL article 47): name, phone, addresses,
/// contacts and tags, where orders went, remarks on orders, quotes and returns, complaints and
/// opinions, who took the deliveries, which gift cards were bought, and choices that are not made
/// up yet; points lapse, while cards are whoever's has them. Code, orders, invoices
/// and the books stay: what they say about goods and money is kept by law. Not before everything is
/// settled.
package struct EraseCustomer: Sendable {
  package let code: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let reason: String

  package struct Outcome: Sendable {
    package let customer: Customer
    /// Numbers of the documents that said something about the person.
    package let orders: [String]
    package let shipments: [String]
    package let appointments: [String]
    package let quotes: [String]
    package let opportunities: [String]
    package let blankets: [String]
    package let complaints: [String]
    /// By which other systems knew the person.
    package let externalIDs: [String]
    /// Of invoices that it promised to pay.
    package let promised: [String]
    /// Of money that went back to it.
    package let payouts: [String]
  }

  package init(code: String, expectedVersion: Int64? = nil, reason: String) {
    self.code = code
    self.expectedVersion = expectedVersion
    self.reason = reason
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    let customer = try Customers.require(code: code, field: "code", in: tx)
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    check.version(expectedVersion, stored: customer.version, code: code)
    if customer.isErased {
      check.refuse(MasterDataRejection.customerErased(field: "code", code: code))
    }
    try check.pass()
    try checkSettled(customer, in: tx)
    let orders = try SalesOrderTable.erasePeople(of: customer.code, in: tx)
    try DeliveryAddressTable.erasePeople(of: customer.code, in: tx)
    try DeliveryPlaceTable.erasePeople(of: customer.code, in: tx)
    try ReturnTable.erasePeople(of: customer.code, in: tx)
    try SatisfactionTable.erasePeople(of: customer.code, in: tx)
    let complaints = try ComplaintTable.erasePeople(of: customer.code, in: tx)
    try CreditGrants.erase(of: customer, in: tx)
    let payouts = try Payouts.erase(of: customer, in: tx)
    try DunningStopTable.erasePeople(of: customer.id, in: tx)
    let promised = try PaymentPromiseTable.erasePeople(of: customer.id, in: tx)
    try ComplaintPauseTable.erasePeople(of: customer.code, in: tx)
    let shipments = try ShipmentTable.erasePeople(of: customer.code, in: tx)
    try CarrierEventTable.erasePeople(of: customer.code, in: tx)
    try DeliveryProofTable.erasePeople(of: customer.code, in: tx)
    try PortalLinkTable.revoke(
      ofCustomer: customer.code, because: "customer erased", at: now.instant, in: tx)
    let appointments = try AppointmentTable.erasePeople(of: customer.code, in: tx)
    let quotes = try QuoteTable.erasePeople(of: customer.code, in: tx)
    let opportunities = try OpportunityTable.erasePeople(of: customer.code, in: tx)
    let blankets = try BlanketTable.erasePeople(of: customer.code, in: tx)
    try ConfigurationDrafts.forget(customer: customer.code, in: tx)
    try GiftCards.forget(customer, in: tx)
    try Points.lapse(customer, in: tx, at: now)
    let externalIDs = try ExternalIDs.erase(customer, in: tx)
    let erased = try Customers.erase(customer, in: tx)
    tx.record(
      DomainEvent(
        "customer.erased", DocumentReference(.masterData, "customer/\(customer.code)"),
        [Fact("code", customer.code), Fact("version", erased.version), Fact("reason", reason)]))
    return Outcome(
      customer: erased, orders: orders, shipments: shipments, appointments: appointments,
      quotes: quotes, opportunities: opportunities, blankets: blankets, complaints: complaints,
      externalIDs: externalIDs, promised: promised, payouts: payouts)
  }

  private func checkSettled(_ customer: Customer, in snapshot: Snapshot) throws {
    let orders = try SalesOrderTable.countOpen(of: customer.code, in: snapshot)
    let invoices = try Receivables.exposure(of: customer, in: snapshot).invoices
    let payments = try Payments.unapplied(of: customer, in: snapshot)
    guard orders == 0, invoices.minor == 0, payments.minor == 0 else {
      throw OrdersRejection.customerStillNeeded(
        code: code, orders: orders, openInvoices: invoices, unappliedPayments: payments)
    }
    let returns = try ReturnTable.countOpen(of: customer.code, in: snapshot)
    guard returns == 0 else {
      throw ReturnRejection.stillOpen(customer: customer.code, count: returns)
    }
    let complaints = try ComplaintTable.countOpen(of: customer.code, in: snapshot)
    guard complaints == 0 else {
      throw ComplaintRejection.stillOpen(customer: customer.code, count: complaints)
    }
    let pieces = try ShowroomPieceTable.countLent(to: customer.code, in: snapshot)
    guard pieces == 0 else {
      throw ShowroomRejection.stillLent(customer: customer.code, count: pieces)
    }
  }
}
