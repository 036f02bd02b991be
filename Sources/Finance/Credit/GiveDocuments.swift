package import MasterData
package import Storage

/// What one customer owes and has paid is another's from now on, with the credit that it uses.
/// Limits are not asked: nothing new is promised.
package struct GiveDocuments: Sendable {
  package let from: Customer
  package let to: Customer

  package init(from: Customer, to: Customer) {
    self.from = from
    self.to = to
  }

  package func run(in tx: Transaction) throws -> (invoices: Int, payments: Int) {
    let invoices = try InvoiceTable.give(allOf: from.id, to: to, in: tx)
    let payments = try PaymentTable.give(allOf: from.id, to: to, in: tx)
    try PayoutTable.give(allOf: from.id, to: to, in: tx)
    try ExposureTable.give(allOf: from.id, to: to.id, in: tx)
    try CreditGrantTable.give(allOf: from.id, to: to.id, in: tx)
    try GiftCardTable.give(allOf: from.id, to: to.id, in: tx)
    return (invoices, payments)
  }
}
