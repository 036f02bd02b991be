package import MasterData
package import Values

/// How money came in.
package enum PaymentMethod: String, Hashable, Sendable, CaseIterable {
  case cash = "CASH"
  case card = "CARD"
  case bankTransfer = "BANK_TRANSFER"
  case alipay = "ALIPAY"
  case weChatPay = "WECHAT_PAY"
  case other = "OTHER"
}

/// Part of a payment that paid (part of) an invoice.
package struct PaymentApplication: Hashable, Sendable {
  package let invoiceNumber: String
  package let amount: Money
  package let appliedOn: Day
}

/// Money received from a customer. What is not applied to an invoice is owed to the customer: a
/// liability, never a negative receivable.
package struct Payment: Hashable, Sendable {
  package let id: ID<Payment>
  package let number: String
  package let customer: ID<Customer>
  package let customerCode: String
  package let amount: Money
  package let method: PaymentMethod
  /// The gateway's or bank's id of it; unique for the method.
  package let externalReference: String?
  /// The document (sales order) that this money is for.
  package let earmark: DocumentReference?
  package let receivedOn: Day
  package internal(set) var applied: Money
  package internal(set) var applications: [PaymentApplication]

  package var reference: DocumentReference { DocumentReference(.payment, number) }

  package var unapplied: Money {
    Money(minor: amount.minor - applied.minor, currency: amount.currency)
  }
}
