internal import Finance
internal import Identity
internal import Inventory
internal import MasterData
internal import Notifications
internal import Orders
internal import Production
internal import Purchasing
package import Storage
package import Values

/// The full check of a database: the audit chain and the invariants of every area, on one snapshot.
package struct Verification: Sendable {
  package let violations: [InvariantViolation]
  /// Audit entries whose chain was checked.
  package let auditEntries: Int64
  /// Hash of the newest audit entry.
  package let chainHead: [UInt8]

  package init(of snapshot: Snapshot) throws {
    let chain = try AuditChain.check(in: snapshot)
    auditEntries = chain.entries
    chainHead = chain.head
    violations =
      try chain.violations
      + MasterDataInvariants.violations(in: snapshot) + FinanceInvariants.violations(in: snapshot)
      + InventoryInvariants.violations(in: snapshot)
      + PurchasingInvariants.violations(in: snapshot)
      + ProductionInvariants.violations(in: snapshot) + OrdersInvariants.violations(in: snapshot)
      + TerminalTable.violations(in: snapshot) + IdentityInvariants.violations(in: snapshot)
      + NotificationsInvariants.violations(in: snapshot) + NoticeEvents.violations(in: snapshot)
      + AutomationTable.violations(in: snapshot)
  }

  /// The chain's head as people compare it: lower-case hexadecimal.
  package var chainHeadText: String { Hex.text(chainHead) }
}
