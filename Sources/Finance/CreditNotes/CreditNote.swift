package import Values

/// A part of an invoice line that is charged no more.
package struct CreditNoteLine: Hashable, Sendable {
  /// Position of the line in the invoice, from 1.
  package let invoiceLine: Int
  /// Line of the order.
  package let orderLine: Int
  package let description: String
  package let quantity: Quantity
  package let unit: String
  package let net: Money
  package let taxRate: Rate
  /// As it was invoiced, never computed again.
  package let tax: Money
  /// As it was invoiced, in the base currency.
  package let baseNet: Money
  package let baseTax: Money
}

/// What a customer need not pay of an invoice, or gets back of it (红字发票). Posted when it is made,
/// and never changed.
package struct CreditNote: Hashable, Sendable {
  package let id: ID<CreditNote>
  /// "CN-2026-000004".
  package let number: String
  package let invoiceNumber: String
  package let customerCode: String
  /// The sales order that the invoice is for.
  package let order: DocumentReference
  /// The return that it is for.
  package let cause: DocumentReference
  package let issuedOn: Day
  package let net: Money
  package let tax: Money
  package let gross: Money
  /// What of it had been paid, and is the customer's money again.
  package let released: Money
  /// In the base currency, as its lines were invoiced.
  package let baseGross: Money
  package internal(set) var lines: [CreditNoteLine]

  package var reference: DocumentReference { DocumentReference(.creditNote, number) }
}

/// How much of a line of an invoice is to be credited.
package struct CreditedQuantity: Hashable, Sendable {
  /// Position of the line in the invoice, from 1.
  package let invoiceLine: Int
  package let quantity: Quantity

  package init(invoiceLine: Int, quantity: Quantity) {
    self.invoiceLine = invoiceLine
    self.quantity = quantity
  }
}
