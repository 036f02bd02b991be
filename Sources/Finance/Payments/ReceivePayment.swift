package import MasterData
package import Storage
package import Values

/// Records money received from a customer, at the exchange rate of the day on which it came in: all
/// of it is a liability first. Then it pays what is owed in its currency: the invoices of the
/// earmarked order, or without earmark the customer's invoices, the one that is due first first.
/// The rest stays the customer's until an invoice needs it.
package struct ReceivePayment: Sendable {
  package let customer: Customer
  /// In the currency of the earmarked document, or in one in which the customer trades.
  package let amount: Money
  package let method: PaymentMethod?
  /// The gateway's or bank's id; nil or empty for none.
  package let externalReference: String?
  /// The document (sales order) that the money is for.
  package let earmark: DocumentReference?
  package let receivedOn: Day
  /// Earnest money is for an order.
  package let kind: DepositKind
  /// A carrier has it, and owes it to us, a cheque as money.
  package let isWithCarrier: Bool

  package init(
    customer: Customer, amount: Money, method: PaymentMethod?, externalReference: String? = nil,
    earmark: DocumentReference? = nil, receivedOn: Day, kind: DepositKind = .prepayment,
    isWithCarrier: Bool = false
  ) {
    self.customer = customer
    self.amount = amount
    self.method = method
    self.externalReference = externalReference
    self.earmark = earmark
    self.receivedOn = receivedOn
    self.kind = kind
    self.isWithCarrier = isWithCarrier
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Payment {
    let payment = try insert(at: now, in: tx)
    let isHeld = payment.clearing == .held
    try PostEntry.paymentReceived(
      payment.number,
      into: isWithCarrier ? .carrierReceivable : isHeld ? .billsReceivable : .bank,
      amount: amount, base: payment.baseAmount, customer: customer.code
    ).run(in: tx, at: now)
    let used = try payment.payOpenInvoices(of: customer, in: tx, at: now)
    // What it pays uses no credit any more; it does itself until the bank has paid it.
    if isHeld {
      try SetExposure(
        customer: customer, document: payment.reference, amount: payment.baseAmount,
        enforceLimit: false
      ).run(in: tx, at: now)
    }
    return used
  }

  private func insert(at now: Moment, in tx: Transaction) throws -> Payment {
    let reference = externalReference.flatMap { $0.isEmpty ? nil : $0 }
    let method = try check(reference, at: now, in: tx)
    let rate = try ExchangeRates.rate(
      of: amount.currency, base: customer.baseCurrency, on: receivedOn,
      field: "amount.currency_code", in: tx)
    return try store(as: method, rate, reference: reference, at: now, in: tx)
  }

  /// Writes the payment down; what was checked before, and what is posted, is the caller's. `rate`
  /// is nil where the amount is in the base currency.
  func store(
    as method: PaymentMethod, _ rate: ExchangeRate? = nil, reference: String?, at now: Moment,
    in tx: Transaction
  ) throws -> Payment {
    let number = try DocumentNumbers.next(.payment, on: now.day, in: tx)
    let payment = try PaymentTable.insert(
      self, rate, base: try rate?.base(of: amount) ?? amount, method: method, reference: reference,
      number: number, at: now, in: tx)
    tx.record(
      DomainEvent(
        "payment.received", payment.reference, related: earmark,
        [
          Fact("customer", customer.code), Fact("amount", amount),
          Fact("method", method.rawValue), Fact("received_on", receivedOn),
          Fact("kind", kind == .earnest ? kind.rawValue : ""),
        ]))
    return payment
  }

  /// Refuses what is wrong with the request, all at once; then a second record of the same receipt.
  private func check(
    _ reference: String?, at now: Moment, in tx: Transaction
  ) throws -> PaymentMethod {
    var check = FieldCheck(.request)
    if amount.minor <= 0 {
      check.refuse(FinanceRejection.amountNotPositive(field: "amount", given: amount))
    } else {
      check.amount(amount, "amount", base: amount.currency)
    }
    if !customer.trades(in: amount.currency), earmark == nil {
      check.refuse(
        CurrencyRejection.notTraded(
          field: "amount.currency_code", given: amount.currency, customer: customer.code,
          traded: customer.currency))
    }
    let method = check.required(method, "method")
    if let method { check.money(method, "method", orInstrument: true) }
    if let reference { check.text(reference, "external_reference", limit: 100) }
    if receivedOn > now.day {
      check.refuse(
        FinanceRejection.dayInFuture(field: "received_on", given: receivedOn, today: now.day))
    }
    if kind == .earnest, earmark == nil {
      check.refuse(FinanceRejection.earnestWithoutOrder(field: "kind"))
    }
    try check.pass()
    guard let method else { throw MasterDataRejection.missingValue(field: "method") }
    if let reference,
      let payment = try PaymentTable.number(of: method, reference: reference, in: tx)
        ?? GiftCardTable.number(of: method, reference: reference, in: tx)
    {
      throw FinanceRejection.duplicateExternalReference(
        field: "external_reference", method: method, reference: reference, payment: payment)
    }
    return method
  }
}
