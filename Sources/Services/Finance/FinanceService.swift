internal import Finance
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Reports
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

  func getInvoice(
    _ request: FinanceV1.GetInvoiceRequest, context: CallContext
  ) async throws -> FinanceV1.GetInvoiceResponse {
    try await questions.ask(context) { snapshot in
      let invoice = try Invoices.require(number: request.number, field: "number", in: snapshot)
      return .init(invoice: try FinanceV1.Invoice(invoice))
    }
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
