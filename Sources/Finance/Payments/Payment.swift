package import MasterData
package import Values

/// How something was paid.
package enum PaymentMethod: String, Hashable, Sendable, CaseIterable {
  case cash = "CASH"
  case card = "CARD"
  case bankTransfer = "BANK_TRANSFER"
  case alipay = "ALIPAY"
  case weChatPay = "WECHAT_PAY"
  case other = "OTHER"
  /// An instrument: the money comes when the bank has paid it.
  case cheque = "CHEQUE"
  /// 银行承兑汇票: as a cheque, at its day.
  case bankAcceptance = "BANK_ACCEPTANCE"
  /// No money came in: what was owed on a gift card is owed for this now.
  case giftCard = "GIFT_CARD"
  /// No money came in: what was owed as points is owed for this now.
  case points = "POINTS"

  /// Whether it brings money in, or takes it out.
  package var isMoney: Bool { self != .giftCard && self != .points }

  /// Whether the money comes later than the payment.
  package var isInstrument: Bool { self == .cheque || self == .bankAcceptance }
}

/// What money that comes before the goods is in law (PRC Civil Code, 586–588).
package enum DepositKind: String, Hashable, Sendable, CaseIterable {
  /// 订金, 预付款: part of the price, paid early. What is not needed goes back.
  case prepayment = "PREPAYMENT"
  /// 定金: forfeited when the customer backs out, and owed twice when we do.
  case earnest = "EARNEST"
}

/// What a payment was used for besides invoices.
package enum PaymentUseKind: String, Hashable, Sendable, CaseIterable {
  case forfeited = "FORFEITED"
  case refunded = "REFUNDED"
  /// It is the money of another document now, and a payment of its own.
  case carried = "CARRIED"
  /// The bank has taken it back.
  case dishonoured = "DISHONOURED"

  var words: String { rawValue.lowercased() }
}

/// Part of a payment that the customer has back or has lost, that is for another document, or that
/// was never had.
package struct PaymentUse: Hashable, Sendable {
  package let kind: PaymentUseKind
  package let amount: Money
  package let usedOn: Day
  /// In the base currency: what it was worth when it came in less what it was worth then; below
  /// zero for a loss.
  package let exchangeGain: Money
  /// The number of the payment that it is now; nil unless it was carried.
  package let carriedTo: String?
}

/// Part of a payment that paid (part of) an invoice.
package struct PaymentApplication: Hashable, Sendable {
  package let invoiceNumber: String
  package let amount: Money
  package let appliedOn: Day
  /// In the base currency: what the money was worth less what that part of the invoice was; below
  /// zero for a loss.
  package let exchangeGain: Money
}

/// Part of a payment that does not pay an invoice any more: a credit note left less to pay, or the
/// payment was not honoured.
package struct PaymentRelease: Hashable, Sendable {
  package let invoiceNumber: String
  package let amount: Money
  package let releasedOn: Day
  /// What is taken back of the gain or loss that applying it was.
  package let exchangeGain: Money
}

/// Where an instrument stands that came in as a payment.
package enum Clearing: String, Hashable, Sendable, CaseIterable {
  /// The bank has not paid it: it counts in the credit in use. Can transition to any other state.
  case held = "HELD"
  /// The bank has paid it.
  case cleared = "CLEARED"
  /// The bank has not paid it, or has taken its money back. Final.
  case dishonoured = "DISHONOURED"
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
  package let kind: DepositKind
  /// Of the day of receipt; nil where its currency is that of the books.
  package let rate: ExchangeRate?
  /// In the base currency.
  package let baseAmount: Money
  /// What of that is applied.
  package internal(set) var baseApplied: Money
  /// To invoices, less what was released, and for any other use.
  package internal(set) var applied: Money
  package internal(set) var applications: [PaymentApplication]
  package internal(set) var uses: [PaymentUse] = []
  /// The number of the payment that it was a part of; nil for money that came in by itself.
  package internal(set) var carriedFrom: String?
  package internal(set) var releases: [PaymentRelease] = []
  /// Nil for what is no instrument.
  package internal(set) var clearing: Clearing?

  package var reference: DocumentReference { DocumentReference(.payment, number) }

  package var unapplied: Money {
    Money(minor: amount.minor - applied.minor, currency: amount.currency)
  }

  /// What that is worth in the base currency.
  package var baseUnapplied: Money {
    Money(minor: baseAmount.minor - baseApplied.minor, currency: baseAmount.currency)
  }

  /// What a part of what is not applied is worth: all of it with the last.
  func worth(of part: Money) throws(ArithmeticError) -> Money {
    try baseUnapplied.share(of: part, in: unapplied)
  }
}
