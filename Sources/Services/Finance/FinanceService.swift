internal import Finance
internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import Reports
internal import RPC
internal import Storage
internal import Values

/// joinery.finance.v1: messages to the verbs and questions of Finance; payments go through Orders,
/// whose holds and states they move.
struct FinanceService: FinanceV1.FinanceService {
  let commands: CommandLog
  let questions: Questions

  func receivePayment(
    _ request: FinanceV1.ReceivePaymentRequest, context: CallContext
  ) async throws -> FinanceV1.ReceivePaymentResponse {
    var reader = RequestReader()
    let amount = reader.requiredMoney(request.amount, "amount")
    let receivedOn = reader.day(request.receivedOn, "received_on")
    let method = reader.choice(
      PaymentMethod(request.method), request.method.rawValue, "method")
    let kind =
      reader.choice(
        DepositKind(request.kind), request.kind.rawValue, "kind", required: false) ?? .prepayment
    let reference = reader.text(request.externalReference, "external_reference", 0...100)
    if request.customerCode.isEmpty, request.orderNumber.isEmpty {
      reader.refuse(.oneRequired("customer_code", or: "order_number"))
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      var customer = request.customerCode
      if customer.isEmpty {
        customer = try SalesOrders.require(
          number: request.orderNumber, field: "order_number", in: tx
        ).customerCode
      }
      let payment = try ReceiveOrderPayment(
        customerCode: customer, amount: amount, method: method, externalReference: reference,
        orderNumber: request.orderNumber, receivedOn: receivedOn, kind: kind
      ).run(in: tx, at: command.moment)
      return .init(payment: FinanceV1.Payment(payment))
    }
  }

  func clearPayment(
    _ request: FinanceV1.ClearPaymentRequest, context: CallContext
  ) async throws -> FinanceV1.ClearPaymentResponse {
    try await commands.run(request, context) { tx, command in
      let cleared = try ClearPayment(number: request.number, by: command.caller.name)
        .run(in: tx, at: command.moment)
      return .init(payment: FinanceV1.Payment(cleared))
    }
  }

  func dishonourPayment(
    _ request: FinanceV1.DishonourPaymentRequest, context: CallContext
  ) async throws -> FinanceV1.DishonourPaymentResponse {
    try await commands.run(request, context) { tx, command in
      let done = try DishonourOrderPayment(
        number: request.number, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(
        payment: FinanceV1.Payment(done.payment), invoiceNumbers: done.invoices,
        orderNumbers: done.orders)
    }
  }

  func getInvoice(
    _ request: FinanceV1.GetInvoiceRequest, context: CallContext
  ) async throws -> FinanceV1.GetInvoiceResponse {
    try await questions.ask(context) { snapshot in
      if let whole = try ConsolidatedInvoices.seen(number: request.number, in: snapshot) {
        return .init(invoice: try FinanceV1.Invoice(whole))
      }
      let invoice = try Invoices.require(number: request.number, field: "number", in: snapshot)
      return .init(invoice: try FinanceV1.Invoice(invoice))
    }
  }

  func consolidateInvoices(
    _ request: FinanceV1.ConsolidateInvoicesRequest, context: CallContext
  ) async throws -> FinanceV1.ConsolidateInvoicesResponse {
    var reader = RequestReader()
    let verb = ConsolidateInvoices(
      customerCode: request.customerCode, through: reader.day(request.through, "through"))
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let done = try verb.run(in: tx, at: command.moment)
      return .init(
        invoices: try done.invoices.map { try .init($0) },
        waiting: done.waiting.map {
          .init(
            orderNumber: $0.order, customerCode: $0.customer, reason: $0.refusal.reason,
            text: $0.refusal.message)
        }, more: done.hasMore)
    }
  }

  func listConsolidatedInvoices(
    _ request: FinanceV1.ListConsolidatedInvoicesRequest, context: CallContext
  ) async throws -> FinanceV1.ListConsolidatedInvoicesResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["consolidated invoices", request.customerCode])
    return try await questions.ask(context) { snapshot in
      let customer = try named(request.customerCode, in: snapshot)
      let found = try ConsolidatedInvoices.list(
        of: customer?.id, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(invoices: try rows.map { try .init($0) }, nextPageToken: next)
    }
  }

  func listUninvoicedDeliveries(
    _ request: FinanceV1.ListUninvoicedDeliveriesRequest, context: CallContext
  ) async throws -> FinanceV1.ListUninvoicedDeliveriesResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 2,
      question: ["uninvoiced deliveries", request.customerCode])
    return try await questions.ask(context) { snapshot in
      let customer = try named(request.customerCode, in: snapshot)
      let found = try UninvoicedDeliveries.list(
        of: customer, after: page.row(1).flatMap { id in page.after.map { ($0[0], ID(id)) } },
        limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.customerCode, "\($0.id.value)"] }
      return .init(deliveries: try rows.map { try .init($0) }, nextPageToken: next)
    }
  }

  /// Nil where none is named.
  private func named(_ customer: String, in snapshot: Snapshot) throws -> Customer? {
    customer.isEmpty
      ? nil : try Customers.require(code: customer, field: "customer_code", in: snapshot)
  }

  func listInvoices(
    _ request: FinanceV1.ListInvoicesRequest, context: CallContext
  ) async throws -> FinanceV1.ListInvoicesResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["invoices", request.customerCode, request.orderNumber, "\(request.unpaidOnly)"])
    return try await questions.ask(context) { snapshot in
      var filter = Invoices.Filter(unpaidOnly: request.unpaidOnly)
      if !request.customerCode.isEmpty {
        filter.customer = try Customers.require(
          code: request.customerCode, field: "customer_code", in: snapshot
        ).id
      }
      if !request.orderNumber.isEmpty {
        filter.order = DocumentReference(.salesOrder, request.orderNumber)
      }
      let found = try Invoices.list(
        filter, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [String($0.id.value)] }
      return .init(invoices: try rows.map { try FinanceV1.Invoice($0) }, nextPageToken: next)
    }
  }

  func getPayment(
    _ request: FinanceV1.GetPaymentRequest, context: CallContext
  ) async throws -> FinanceV1.GetPaymentResponse {
    try await questions.ask(context) { snapshot in
      let payment = try Payments.require(number: request.number, field: "number", in: snapshot)
      return .init(payment: FinanceV1.Payment(payment))
    }
  }

  func getCreditNote(
    _ request: FinanceV1.GetCreditNoteRequest, context: CallContext
  ) async throws -> FinanceV1.GetCreditNoteResponse {
    try await questions.ask(context) { snapshot in
      let note = try CreditNotes.require(number: request.number, field: "number", in: snapshot)
      return .init(creditNote: FinanceV1.CreditNote(note))
    }
  }

  func listJournalEntries(
    _ request: FinanceV1.ListJournalEntriesRequest, context: CallContext
  ) async throws -> FinanceV1.ListJournalEntriesResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["journal", request.orderNumber])
    return try await questions.ask(context) { snapshot in
      let after = page.row(0).map { ID<JournalEntry>($0) }
      let found: [JournalEntry]
      if request.orderNumber.isEmpty {
        found = try Journal.list(after: after, limit: page.limit, in: snapshot)
      } else {
        let overview = try OrderOverview.of(request.orderNumber, in: snapshot)
        guard let overview else {
          throw OrdersRejection.unknownOrder(field: "order_number", number: request.orderNumber)
            .ifNamed(request.orderNumber)
        }
        let documents = overview.documents
        found = try Journal.entries(of: documents, after: after, limit: page.limit, in: snapshot)
      }
      let (rows, next) = page.cut(found) { [String($0.id.value)] }
      return .init(entries: rows.map { FinanceV1.JournalEntry($0) }, nextPageToken: next)
    }
  }

  func getTrialBalance(
    _ request: FinanceV1.GetTrialBalanceRequest, context: CallContext
  ) async throws -> FinanceV1.GetTrialBalanceResponse {
    var reader = RequestReader()
    let through = reader.day(request.through, "through")
    try FailureStatus.refusing { try reader.check() }
    return try await questions.ask(context) { snapshot in
      let accounts = try Ledger.trialBalance(through: through, in: snapshot)
      let currency = try Companies.current(in: snapshot).baseCurrency
      return .init(
        accounts: try accounts.map { try FinanceV1.AccountBalance($0) },
        debits: TypeV1.Money(try accounts.map(\.baseDebits).sum(currency)),
        credits: TypeV1.Money(try accounts.map(\.baseCredits).sum(currency)))
    }
  }
}
