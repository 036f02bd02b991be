package import Values

/// One template per business event (DOMAIN 5.13).
extension PostEntry {
  /// All money from customers is a liability first, whatever it is for.
  static func paymentReceived(
    _ payment: String, into account: Account = .bank, amount: Money, base: Money, customer: String
  ) -> PostEntry {
    PostEntry(
      event: .paymentReceived, origin: Origin(.payment, payment),
      text: "Payment \(payment) received from \(customer)",
      postings: [
        Posting(
          debit: account, credit: .customerDeposits, amount: amount, base: base, party: customer)
      ])
  }

  /// The bank has paid a cheque or a bank acceptance.
  static func instrumentCleared(_ payment: Payment) -> PostEntry {
    PostEntry(
      event: .instrumentCleared, origin: Origin(.payment, payment.number),
      text: "Payment \(payment.number) of \(payment.customerCode) cleared",
      postings: [
        Posting(
          debit: .bank, credit: .billsReceivable, amount: payment.amount,
          base: payment.baseAmount, party: payment.customerCode)
      ])
  }

  /// `worth` is in the base currency: of the money when it came in, and of that part of the
  /// invoice.
  static func paymentApplied(
    _ payment: String, to invoice: String, application: Int64, amount: Money,
    worth: (payment: Money, invoice: Money), customer: String
  ) -> PostEntry {
    PostEntry(
      event: .paymentApplied, origin: Origin(.payment, payment), occurrence: application,
      text: "Payment \(payment) applied to invoice \(invoice)",
      postings: Posting.exchanging(
        debit: .customerDeposits, worth: worth.payment, credit: .receivable, worth: worth.invoice,
        amount: amount, party: customer))
  }

  /// Money of a payment that goes another way than to an invoice; `use` is the id of its row, and
  /// `worth` in the base currency: when it came in, and now. Nil where it is owed to the customer
  /// as before.
  static func paymentUsed(
    _ payment: String, for kind: PaymentUseKind, use: Int64, amount: Money,
    worth: (payment: Money, now: Money), customer: String, toGiftCard: Bool = false,
    isHeld: Bool = false
  ) -> PostEntry? {
    let (event, account): (PostingEvent, Account)
    switch kind {
    case .forfeited: (event, account) = (.earnestForfeited, .compensationIncome)
    case .refunded: (event, account) = (.paymentRefunded, toGiftCard ? .giftCards : .bank)
    case .dishonoured: (event, account) = (.paymentDishonoured, isHeld ? .billsReceivable : .bank)
    case .carried: return nil
    }
    return PostEntry(
      event: event, origin: Origin(.payment, payment), occurrence: use,
      text: "Payment \(payment) of \(customer): \(kind.words)",
      postings: Posting.exchanging(
        debit: .customerDeposits, worth: worth.payment, credit: account, worth: worth.now,
        amount: amount, party: customer))
  }

  /// What we owe a customer for a breach of contract of our own, from when it is known until it is
  /// paid or withdrawn. `occurrence` is the id of the refund. In the base currency it was worth
  /// `owed` when it was promised, and `now` when it is paid (nil: as much).
  package static func compensation(
    _ event: PostingEvent, _ order: Origin, occurrence: Int64, amount: Money, owed: Money,
    now: Money? = nil, customer: String
  ) -> PostEntry {
    let (debit, credit): (Account, Account) =
      switch event {
      case .compensationPaid: (.otherPayable, .bank)
      case .compensationWithdrawn: (.otherPayable, .compensationExpense)
      default: (.compensationExpense, .otherPayable)
      }
    return PostEntry(
      event: event, origin: order, occurrence: occurrence,
      text: "Compensation of \(customer) for \(order.number)",
      postings: Posting.exchanging(
        debit: debit, worth: owed, credit: credit, worth: now ?? owed, amount: amount,
        party: customer))
  }

  /// Nil for an invoice of nothing, which has nothing to post.
  static func invoiceIssued(_ invoice: Invoice) throws -> PostEntry? {
    let (currency, base) = (invoice.gross.currency, invoice.baseGross.currency)
    let accounts: [Account] = [
      .revenue, .serviceRevenue, .compensationIncome, .reminderFees, .defaultInterest,
    ]
    var credits = try accounts.map { account in
      let lines = invoice.lines.filter { $0.income == account }
      return (account, try lines.map(\.net).sum(currency), try lines.map(\.baseNet).sum(base))
    }
    credits += try invoice.taxTotals().map { (.outputVAT, $0.tax, $0.baseTax) }
    let postings = credits.filter { $0.1.minor > 0 || $0.2.minor > 0 }.map {
      account, amount, base in
      Posting(
        debit: .receivable, credit: account, amount: amount, base: base,
        party: invoice.customerCode)
    }
    guard !postings.isEmpty else { return nil }
    return PostEntry(
      event: .invoiceIssued, origin: Origin(.invoice, invoice.number),
      text: "Invoice \(invoice.number) to \(invoice.customerCode) for \(invoice.order)",
      postings: postings)
  }

  /// Nil for a credit note of nothing. `difference` is what is left of the invoice in the books
  /// alone, once it is credited.
  static func creditNoteIssued(
    _ number: String, of invoice: Invoice, _ lines: [CreditNoteLine], _ totals: CreditNotes.Totals,
    difference: Money
  ) throws -> PostEntry? {
    let (currency, base) = (invoice.gross.currency, invoice.baseGross.currency)
    let accounts: [Account] = [.salesReturns, .reminderFees, .defaultInterest]
    var amounts = try accounts.map { account in
      let part = lines.filter { invoice.lines[$0.invoiceLine - 1].reduction == account }
      return (account, try part.map(\.net).sum(currency), try part.map(\.baseNet).sum(base))
    }
    amounts.append((.outputVAT, totals.tax, totals.baseTax))
    var postings = amounts.filter { $0.1.minor > 0 || $0.2.minor > 0 }.map {
      Posting(
        debit: $0.0, credit: .receivable, amount: $0.1, base: $0.2, party: invoice.customerCode)
    }
    let rest = Money(minor: -difference.minor, currency: difference.currency)
    if let rounding = Posting.revaluing(
      .receivable, by: rest, in: invoice.gross.currency, party: invoice.customerCode)
    {
      postings.append(rounding)
    }
    guard !postings.isEmpty else { return nil }
    return PostEntry(
      event: .creditNoteIssued, origin: Origin(.creditNote, number),
      text: "Credit note \(number) to \(invoice.customerCode) for \(invoice.number)",
      postings: postings)
  }

  /// Money that had paid an invoice is the customer's again; `release` is the id of its row, and
  /// `worth` in the base currency as when it was applied.
  static func paymentReleased(
    _ payment: String, from invoice: String, release: Int64, amount: Money,
    worth: (payment: Money, invoice: Money), customer: String
  ) -> PostEntry {
    PostEntry(
      event: .paymentReleased, origin: Origin(.payment, payment), occurrence: release,
      text: "Payment \(payment) released from invoice \(invoice)",
      postings: Posting.exchanging(
        debit: .receivable, worth: worth.invoice, credit: .customerDeposits, worth: worth.payment,
        amount: amount, party: customer))
  }

  /// A supplier's bill for goods that were received at the value `received`: the difference between
  /// their prices is price variance. Amounts may be zero; nil when all of them are.
  package static func supplierBilled(
    _ origin: Origin, supplier: String, received: Money, billed: Money, tax: Money, text: String
  ) throws -> PostEntry? {
    let difference = try billed - received
    let matched = difference.minor < 0 ? billed : received
    let postings = [
      Posting(debit: .goodsReceivedNotInvoiced, credit: .payable, amount: matched, party: supplier),
      Posting(debit: .priceVariance, credit: .payable, amount: difference, party: supplier),
      Posting(
        debit: .goodsReceivedNotInvoiced, credit: .priceVariance, amount: try received - billed,
        party: supplier),
      Posting(debit: .inputVAT, credit: .payable, amount: tax, party: supplier),
    ].filter { $0.amount.minor > 0 }
    guard !postings.isEmpty else { return nil }
    return PostEntry(event: .supplierBilled, origin: origin, text: text, postings: postings)
  }

  /// Working time put into a work order at its rate. `occurrence` is the id of the time report.
  package static func labourAbsorbed(
    _ origin: Origin, occurrence: Int64, amount: Money, text: String
  ) -> PostEntry {
    PostEntry(
      event: .labourAbsorbed, origin: origin, occurrence: occurrence, text: text,
      postings: [Posting(debit: .workInProgress, credit: .labourAbsorbed, amount: amount)])
  }

  /// Clears what is left in a closed work order: `residual` is positive when more went in than came
  /// out. Not zero.
  package static func productionSettled(
    _ origin: Origin, residual: Money, text: String
  ) throws -> PostEntry {
    let posting =
      residual.minor > 0
      ? Posting(debit: .productionVariance, credit: .workInProgress, amount: residual)
      : Posting(
        debit: .workInProgress, credit: .productionVariance,
        amount: try Money.zero(residual.currency) - residual)
    return PostEntry(event: .productionSettled, origin: origin, text: text, postings: [posting])
  }

  /// Goods of a value moved between places of different accounts; `move` is the id of the stock
  /// move.
  package static func stockMoved(
    _ event: PostingEvent, _ origin: Origin, move: Int64, debit: Account, credit: Account,
    value: Money, party: String? = nil, text: String
  ) -> PostEntry {
    PostEntry(
      event: event, origin: origin, occurrence: move, text: text,
      postings: [Posting(debit: debit, credit: credit, amount: value, party: party)])
  }
}
