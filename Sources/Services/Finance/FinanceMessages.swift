internal import Finance
internal import Messages
internal import Orders
internal import Values

// Payments, invoices and the journal as messages.

extension PaymentMethod {
  init?(_ message: FinanceV1.PaymentMethod) {
    switch message {
    case .cash: self = .cash
    case .card: self = .card
    case .bankTransfer: self = .bankTransfer
    case .alipay: self = .alipay
    case .wechatPay: self = .weChatPay
    case .other: self = .other
    case .cheque: self = .cheque
    case .bankAcceptance: self = .bankAcceptance
    case .giftCard: self = .giftCard
    case .points: self = .points
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: FinanceV1.PaymentMethod {
    switch self {
    case .cash: .cash
    case .card: .card
    case .bankTransfer: .bankTransfer
    case .alipay: .alipay
    case .weChatPay: .wechatPay
    case .other: .other
    case .cheque: .cheque
    case .bankAcceptance: .bankAcceptance
    case .giftCard: .giftCard
    case .points: .points
    }
  }
}

extension FinanceV1.Payment {
  init(_ payment: Payment) {
    self.init(
      number: payment.number, customerCode: payment.customerCode,
      amount: TypeV1.Money(payment.amount), method: payment.method.message,
      externalReference: payment.externalReference ?? "",
      orderNumber: payment.earmark?.number ?? "", receivedOn: GoogleType.Date(payment.receivedOn),
      applications: payment.applications.map {
        .init(
          invoiceNumber: $0.invoiceNumber, amount: TypeV1.Money($0.amount),
          appliedOn: GoogleType.Date($0.appliedOn),
          exchangeGain: TypeV1.Money(gain: $0.exchangeGain))
      },
      unapplied: TypeV1.Money(payment.unapplied), kind: payment.kind.message,
      uses: payment.uses.map {
        .init(
          kind: $0.kind.message, amount: TypeV1.Money($0.amount),
          usedOn: GoogleType.Date($0.usedOn), paymentNumber: $0.carriedTo ?? "",
          exchangeGain: TypeV1.Money(gain: $0.exchangeGain))
      },
      releases: payment.releases.map {
        .init(
          invoiceNumber: $0.invoiceNumber, amount: TypeV1.Money($0.amount),
          appliedOn: GoogleType.Date($0.releasedOn),
          exchangeGain: TypeV1.Money(gain: $0.exchangeGain))
      }, carriedFrom: payment.carriedFrom ?? "",
      exchangeRate: payment.rate.map { TypeV1.ExchangeRate($0) },
      baseAmount: TypeV1.Money(base: payment.baseAmount, by: payment.rate),
      clearing: payment.clearing?.message ?? .unspecified)
  }
}

extension Clearing {
  fileprivate var message: FinanceV1.PaymentClearing {
    switch self {
    case .held: .held
    case .cleared: .cleared
    case .dishonoured: .dishonoured
    }
  }
}

extension DepositKind {
  init?(_ message: FinanceV1.DepositKind) {
    switch message {
    case .prepayment: self = .prepayment
    case .earnest: self = .earnest
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: FinanceV1.DepositKind {
    switch self {
    case .prepayment: .prepayment
    case .earnest: .earnest
    }
  }
}

extension PaymentUseKind {
  var message: FinanceV1.PaymentUseKind {
    switch self {
    case .forfeited: .forfeited
    case .refunded: .refunded
    case .carried: .carried
    case .dishonoured: .dishonoured
    }
  }
}

extension FinanceV1.Invoice {
  init(_ invoice: Invoice) throws {
    self.init(
      number: invoice.number, state: invoice.state.message, customerCode: invoice.customerCode,
      orderNumber: invoice.salesOrder ?? "", invoicedOn: GoogleType.Date(invoice.issuedOn),
      dueOn: GoogleType.Date(invoice.dueOn),
      lines: invoice.lines.map { .init($0, of: invoice) },
      taxTotals: try invoice.taxTotals().map {
        .init(
          taxRateMicros: $0.rate.micros, net: TypeV1.Money($0.net), tax: TypeV1.Money($0.tax))
      },
      net: TypeV1.Money(invoice.net), tax: TypeV1.Money(invoice.tax),
      gross: TypeV1.Money(invoice.gross), open: TypeV1.Money(invoice.open),
      credited: TypeV1.Money(invoice.credited),
      exchangeRate: invoice.rate.map { TypeV1.ExchangeRate($0) },
      baseGross: TypeV1.Money(base: invoice.baseGross, by: invoice.rate),
      baseOpen: TypeV1.Money(base: invoice.baseOpen, by: invoice.rate),
      requirement: invoice.requirement.map { .init($0) },
      consolidatedNumber: invoice.consolidated ?? "",
      dunningLetterNumber: invoice.order.kind == .dunningLetter ? invoice.order.number : "")
  }

  /// The whole as it is sent: all lines of all parts.
  init(_ invoice: ConsolidatedInvoice) throws {
    let first = invoice.parts[0]
    self.init(
      number: invoice.number, state: try invoice.state().message,
      customerCode: invoice.customerCode, invoicedOn: GoogleType.Date(invoice.issuedOn),
      dueOn: GoogleType.Date(invoice.dueOn),
      lines: invoice.parts.flatMap { part in part.lines.map { .init($0, of: part) } },
      taxTotals: try invoice.taxTotals().map {
        .init(
          taxRateMicros: $0.rate.micros, net: TypeV1.Money($0.net), tax: TypeV1.Money($0.tax))
      },
      net: TypeV1.Money(try invoice.sum(\.net)), tax: TypeV1.Money(try invoice.sum(\.tax)),
      gross: TypeV1.Money(try invoice.sum(\.gross)), open: TypeV1.Money(try invoice.sum(\.open)),
      credited: TypeV1.Money(try invoice.sum(\.credited)),
      exchangeRate: first.rate.map { TypeV1.ExchangeRate($0) },
      baseGross: TypeV1.Money(base: try invoice.sum(\.baseGross), by: first.rate),
      baseOpen: TypeV1.Money(base: try invoice.sum(\.baseOpen), by: first.rate),
      requirement: first.requirement.map { .init($0) }, partNumbers: invoice.parts.map(\.number))
  }
}

extension FinanceV1.InvoiceLine {
  fileprivate init(_ line: InvoiceLine, of invoice: Invoice) {
    self.init(
      orderLineNumber: Int32(line.orderLine), description: line.description,
      quantity: TypeV1.Quantity(line.quantity, line.unit), net: TypeV1.Money(line.net),
      taxRateMicros: line.taxRate.micros, tax: TypeV1.Money(line.tax),
      baseNet: TypeV1.Money(base: line.baseNet, by: invoice.rate),
      baseTax: TypeV1.Money(base: line.baseTax, by: invoice.rate),
      orderNumber: invoice.salesOrder ?? "", shipmentNumber: line.shipment ?? "")
  }
}

extension FinanceV1.ConsolidatedInvoice {
  init(_ invoice: ConsolidatedInvoice) throws {
    self.init(
      number: invoice.number, state: try invoice.state().message,
      customerCode: invoice.customerCode, invoicedOn: GoogleType.Date(invoice.issuedOn),
      dueOn: GoogleType.Date(invoice.dueOn), through: GoogleType.Date(invoice.through),
      orderNumbers: invoice.parts.compactMap(\.salesOrder),
      net: TypeV1.Money(try invoice.sum(\.net)), tax: TypeV1.Money(try invoice.sum(\.tax)),
      gross: TypeV1.Money(try invoice.sum(\.gross)),
      open: TypeV1.Money(try invoice.sum(\.open)),
      credited: TypeV1.Money(try invoice.sum(\.credited)))
  }
}

extension FinanceV1.UninvoicedDelivery {
  init(_ found: UninvoicedDelivery) throws {
    self.init(
      orderNumber: found.orderNumber, customerCode: found.customerCode,
      firstDeliveredOn: found.firstOn.map { GoogleType.Date($0) },
      lastDeliveredOn: found.lastOn.map { GoogleType.Date($0) },
      shipmentNumbers: found.shipments, net: TypeV1.Money(found.net),
      tax: TypeV1.Money(found.tax), gross: TypeV1.Money(try found.net + found.tax))
  }
}

extension FinanceV1.CreditNote {
  init(_ note: CreditNote) {
    self.init(
      number: note.number, invoiceNumber: note.invoiceNumber, customerCode: note.customerCode,
      orderNumber: note.order.kind == .salesOrder ? note.order.number : "",
      cause: TypeV1.DocumentReference(note.cause),
      issuedOn: GoogleType.Date(note.issuedOn),
      lines: note.lines.map { line in
        .init(
          invoiceLineNumber: Int32(line.invoiceLine), orderLineNumber: Int32(line.orderLine),
          description: line.description, quantity: TypeV1.Quantity(line.quantity, line.unit),
          net: TypeV1.Money(line.net), taxRateMicros: line.taxRate.micros,
          tax: TypeV1.Money(line.tax))
      }, net: TypeV1.Money(note.net), tax: TypeV1.Money(note.tax),
      gross: TypeV1.Money(note.gross), released: TypeV1.Money(note.released),
      baseGross: note.baseGross.currency == note.gross.currency
        ? nil : TypeV1.Money(note.baseGross))
  }
}

extension InvoiceState {
  var message: FinanceV1.InvoiceState {
    switch self {
    case .open: .open
    case .partlyPaid: .partlyPaid
    case .paid: .paid
    }
  }
}

extension FinanceV1.JournalEntry {
  init(_ entry: JournalEntry) {
    self.init(
      number: entry.number, postedOn: GoogleType.Date(entry.postedOn),
      time: GoogleProtobuf.Timestamp(entry.postedAt), event: entry.event.rawValue,
      origin: TypeV1.DocumentReference(entry.origin.document), text: entry.text,
      lines: entry.lines.map { line in
        .init(
          debitAccount: line.debit.rawValue, debitAccountName: line.debitName,
          creditAccount: line.credit.rawValue, creditAccountName: line.creditName,
          amount: TypeV1.Money(line.amount), partyCode: line.party ?? "",
          baseAmount: TypeV1.Money(line.base))
      })
  }
}

extension FinanceV1.AccountBalance {
  init(_ balance: AccountBalance) throws {
    self.init(
      account: balance.account.rawValue, name: balance.name, nameEnglish: balance.nameEnglish,
      type: balance.type.message, debits: TypeV1.Money(balance.debits),
      credits: TypeV1.Money(balance.credits), balance: TypeV1.Money(try balance.balance()),
      baseDebits: TypeV1.Money(balance.baseDebits), baseCredits: TypeV1.Money(balance.baseCredits),
      baseBalance: TypeV1.Money(try balance.baseBalance()))
  }
}

extension AccountType {
  var message: FinanceV1.AccountType {
    switch self {
    case .asset: .asset
    case .liability: .liability
    case .equity: .equity
    case .income: .income
    case .expense: .expense
    }
  }
}
