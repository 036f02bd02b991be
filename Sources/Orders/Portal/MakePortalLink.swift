import MasterData
package import Storage
package import Values

/// Makes a link by which a customer follows an order. What opens it is made outside and never comes
/// here: its hash does.
package struct MakePortalLink: Sendable {
  package let orderNumber: String
  /// 0 for `standardDays`.
  package let validDays: Int
  package let publicID: String
  package let digest: [UInt8]
  package let actor: String

  /// What an order takes from its confirmation to the customer, and some more.
  static let standardDays = 90

  package init(
    orderNumber: String, validDays: Int, publicID: String, digest: [UInt8], by actor: String
  ) {
    self.orderNumber = orderNumber
    self.validDays = validDays
    self.publicID = publicID
    self.digest = digest
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> PortalLink {
    var check = FieldCheck(.request)
    check.range(validDays, "valid_days", 0...400)
    try check.pass()
    let order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    try order.expect("make a link to", in: Set(OrderState.allCases).subtracting([.draft]))
    guard
      try PortalLinkTable.countOpen(of: order.id, at: now.instant, in: tx) < PortalLink.limit
    else {
      throw PortalRejection.tooManyLinks(
        field: "order_number", order: order.number, limit: PortalLink.limit)
    }
    let days = validDays == 0 ? Self.standardDays : validDays
    let link = PortalLink(
      publicID: publicID, orderNumber: order.number, digest: digest, madeBy: actor,
      madeAt: now.instant, expiresAt: now.instant.adding(seconds: Int64(days) * 86_400),
      revokedBy: nil, revokedAt: nil)
    try PortalLinkTable.insert(link, to: order.id, in: tx)
    tx.record(
      DomainEvent(
        "order.link-made", order.reference,
        [
          Fact("link", publicID), Fact("expires_at", link.expiresAt.description),
          Fact("actor", actor),
        ]))
    return link
  }
}

/// Ends a link to an order, or all that are open.
package struct RevokePortalLinks: Sendable {
  package let orderNumber: String
  /// Empty for all.
  package let publicID: String
  package let actor: String

  package init(orderNumber: String, publicID: String, by actor: String) {
    self.orderNumber = orderNumber
    self.publicID = publicID
    self.actor = actor
  }

  /// How many were open.
  package func run(in tx: Transaction, at now: Moment) throws -> Int {
    let order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    if !publicID.isEmpty {
      guard let link = try PortalLinkTable.find(publicID, in: tx),
        link.orderNumber == order.number
      else {
        throw PortalRejection.unknownLink(field: "link_id", order: order.number, link: publicID)
      }
    }
    let count = try PortalLinkTable.revoke(
      publicID, of: order.id, by: actor, at: now.instant, in: tx)
    if count > 0 {
      tx.record(
        DomainEvent(
          "order.links-revoked", order.reference,
          [Fact("link", publicID), Fact("count", count), Fact("actor", actor)]))
    }
    return count
  }
}
