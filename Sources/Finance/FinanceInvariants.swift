package import Storage
package import Values

/// What must hold of the books at every commit, beyond what the tables enforce by themselves.
package enum FinanceInvariants {
  package static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try LedgerInvariants.violations(in: snapshot) + CreditInvariants.violations(in: snapshot)
      + InvoiceInvariants.violations(in: snapshot)
      + ConsolidatedInvoiceInvariants.violations(in: snapshot)
      + CreditNoteInvariants.violations(in: snapshot)
      + GiftCardInvariants.violations(in: snapshot) + PointsInvariants.violations(in: snapshot)
      + PayoutInvariants.violations(in: snapshot)
  }
}
