package import Storage
package import Values

/// By which a customer without a login follows one order.
package struct PortalLink: Hashable, Sendable {
  /// Names it, and opens nothing.
  package let publicID: String
  package let orderNumber: String
  /// Of what opens it.
  package let digest: [UInt8]
  package let madeBy: String
  package let madeAt: Instant
  package let expiresAt: Instant
  /// Nil for nobody yet.
  package let revokedBy: String?
  package let revokedAt: Instant?

  /// It opens its order.
  package func isOpen(at now: Instant) -> Bool { revokedAt == nil && now < expiresAt }

  /// Of one order at the same time.
  static let limit = 20
}

/// Questions about links to orders.
package enum PortalLinks {
  /// Whosever order it is: whoever shows what opens it may see it.
  package static func find(_ publicID: String, in snapshot: Snapshot) throws -> PortalLink? {
    try PortalLinkTable.find(publicID, in: snapshot)
  }

  /// Of an order, the newest first.
  package static func list(
    of order: SalesOrder, limit: Int = 100, in snapshot: Snapshot
  ) throws -> [PortalLink] {
    try PortalLinkTable.list(of: order.id, limit: limit, in: snapshot)
  }
}
