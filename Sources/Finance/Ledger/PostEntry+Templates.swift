package import Values

/// One template per business event (DOMAIN 5.13).
extension PostEntry {
  /// All money from customers is a liability first, whatever it is for.
  static func paymentReceived(_ payment: String, amount: Money, customer: String) -> PostEntry {
    PostEntry(
      event: .paymentReceived, origin: Origin(.payment, payment),
      text: "Payment \(payment) received from \(customer)",
      postings: [Posting(debit: .bank, credit: .customerDeposits, amount: amount, party: customer)])
  }

  static func paymentApplied(
    _ payment: String, to invoice: String, application: Int64, amount: Money, customer: String
  ) -> PostEntry {
    PostEntry(
      event: .paymentApplied, origin: Origin(.payment, payment), occurrence: application,
      text: "Payment \(payment) applied to invoice \(invoice)",
      postings: [
        Posting(debit: .customerDeposits, credit: .receivable, amount: amount, party: customer)
      ])
  }

  /// Money of a payment that goes another way than to an invoice; `use` is the id of its row. Nil
  /// where it is owed to the customer as before.
  static func paymentUsed(
    _ payment: String, for kind: PaymentUseKind, use: Int64, amount: Money, customer: String,
    toGiftCard: Bool = false
  ) -> PostEntry? {
    let (event, account): (PostingEvent, Account)
    switch kind {
    case .forfeited: (event, account) = (.earnestForfeited, .compensationIncome)
    case .refunded: (event, account) = (.paymentRefunded, toGiftCard ? .giftCards : .bank)
    case .carried: return nil
    }
    return PostEntry(
      event: event, origin: Origin(.payment, payment), occurrence: use,
      text: "Payment \(payment) of \(customer): \(kind.words)",
      postings: [
        Posting(debit: .customerDeposits, credit: account, amount: amount, party: customer)
      ])
  }

  /// What we owe a customer for a breach of contract of our own, from when it is known until it is
  /// paid or withdrawn. `occurrence` is the id of the refund.
  package static func compensation(
    _ event: PostingEvent, _ order: Origin, occurrence: Int64, amount: Money, customer: String
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
      postings: [Posting(debit: debit, credit: credit, amount: amount, party: customer)])
  }

  /// Nil for an invoice of nothing, which has nothing to post.
  static func invoiceIssued(_ invoice: Invoice) throws -> PostEntry? {
    let currency = invoice.gross.currency
    var credits = try [Account.revenue, .serviceRevenue, .compensationIncome].map { account in
      (account, try invoice.lines.filter { $0.income == account }.map(\.net).sum(currency))
    }
    credits += try invoice.taxTotals().map { (.outputVAT, $0.tax) }
    let postings = credits.filter { $0.1.minor > 0 }.map { account, amount in
      Posting(debit: .receivable, credit: account, amount: amount, party: invoice.customerCode)
    }
    guard !postings.isEmpty else { return nil }
    return PostEntry(
      event: .invoiceIssued, origin: Origin(.invoice, invoice.number),
      text: "Invoice \(invoice.number) to \(invoice.customerCode) for \(invoice.order)",
      postings: postings)
  }

  /// Nil for a credit note of nothing.
  static func creditNoteIssued(
    _ number: String, of invoice: Invoice, net: Money, tax: Money
  ) -> PostEntry? {
    let postings = [(Account.salesReturns, net), (.outputVAT, tax)].filter { $0.1.minor > 0 }.map {
      Posting(debit: $0.0, credit: .receivable, amount: $0.1, party: invoice.customerCode)
    }
    guard !postings.isEmpty else { return nil }
    return PostEntry(
      event: .creditNoteIssued, origin: Origin(.creditNote, number),
      text: "Credit note \(number) to \(invoice.customerCode) for \(invoice.number)",
      postings: postings)
  }

  /// Money that had paid an invoice is the customer's again; `release` is the id of its row.
  static func paymentReleased(
    _ payment: String, from invoice: String, release: Int64, amount: Money, customer: String
  ) -> PostEntry {
    PostEntry(
      event: .paymentReleased, origin: Origin(.payment, payment), occurrence: release,
      text: "Payment \(payment) released from invoice \(invoice)",
      postings: [
        Posting(debit: .receivable, credit: .customerDeposits, amount: amount, party: customer)
      ])
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
