internal import Finance
internal import Identity
internal import MasterData
internal import Messages
internal import Notifications
internal import Orders
internal import RPC
internal import Reports
internal import Values

/// joinery.customers.v1: messages to the verbs and questions of MasterData, with the credit in use
/// from Finance.
struct CustomerService: CustomersV1.CustomerService {
  let commands: CommandLog
  let questions: Questions

  func upsertCustomers(
    _ request: CustomersV1.UpsertCustomersRequest, context: CallContext
  ) async throws -> CustomersV1.UpsertCustomersResponse {
    var reader = RequestReader()
    let fields: Set<CustomerDraft.Field>? = reader.fields(request.updateMask, "update_mask")
    try FailureStatus.refusing { try reader.check() }
    let verb = UpsertCustomers(
      request.customers.enumerated().map { CustomerDraft($1, row: $0) }, fields: fields,
      hidden: Self.hidden(from: context), by: try CallerMetadata.caller(context).name)
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func getCustomer(
    _ request: CustomersV1.GetCustomerRequest, context: CallContext
  ) async throws -> CustomersV1.GetCustomerResponse {
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let customer = try Customers.require(code: request.code, field: "code", in: snapshot)
      let details = try CustomerDetails.of(customer, on: today, in: snapshot)
      return .init(
        customer: CustomersV1.Customer(customer), credit: details.credit,
        contacts: details.contacts, addresses: details.addresses, tags: details.tags,
        creditGrants: details.grants)
    }
  }

  func getCustomerOverview(
    _ request: CustomersV1.GetCustomerOverviewRequest, context: CallContext
  ) async throws -> CustomersV1.GetCustomerOverviewResponse {
    let today = commands.clock.moment().day
    let orders = context.scope(for: "orders.read")
    let finance = context.scope(for: "finance.read")
    return try await questions.ask(context) { snapshot in
      let customer = try Customers.require(code: request.code, field: "code", in: snapshot)
      let found = try CustomerOverview.of(
        customer, orders: orders, finance: finance, on: today, in: snapshot)
      let details = try CustomerDetails.of(customer, on: today, in: snapshot)
      return .init(
        customer: CustomersV1.Customer(customer), credit: details.credit,
        openOrders: found.openOrders.map { OrdersV1.OrderSummary($0) },
        openInvoices: found.openInvoices.map { CustomersV1.OpenInvoice($0, on: today) },
        payments: found.payments.map { CustomersV1.ReceivedPayment($0) },
        orderCount: found.orderCount,
        lastOrderedOn: found.lastOrderedOn.map { GoogleType.Date($0) },
        contacts: details.contacts, addresses: details.addresses, tags: details.tags,
        creditGrants: details.grants, openComplaints: found.complaints.map { .init($0) },
        openReturns: try found.returns.map { try .init($0, in: snapshot) },
        satisfaction: try .init(found.satisfaction),
        openOpportunities: try found.opportunities.map { try .init($0) },
        dunning: found.dunning.map { .init($0) })
    }
  }

  func mergeCustomers(
    _ request: CustomersV1.MergeCustomersRequest, context: CallContext
  ) async throws -> CustomersV1.MergeCustomersResponse {
    let verb = MergeCustomers(duplicate: request.duplicateCode, into: request.intoCode)
    return try await commands.run(request, context) { tx, command in
      let done = try verb.run(in: tx, at: command.moment)
      try NoticePreferences.give(allOf: done.duplicate, to: done.customer.code, in: tx)
      return .init(
        customer: CustomersV1.Customer(done.customer), orders: Int32(done.orders),
        invoices: Int32(done.invoices), payments: Int32(done.payments))
    }
  }

  func listCustomers(
    _ request: CustomersV1.ListCustomersRequest, context: CallContext
  ) async throws -> CustomersV1.ListCustomersResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: [
        "customers", request.prefix, request.owner, request.storeCode, request.tag,
        request.segmentCode,
      ])
    let filter = Customers.Filter(
      prefix: request.prefix, owner: request.owner, storeCode: request.storeCode,
      tag: request.tag)
    let hidden = Self.hidden(from: context)
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      if !request.segmentCode.isEmpty {
        let segment = try Segments.require(
          code: request.segmentCode, field: "segment_code", in: snapshot)
        let found = try SegmentMembers.page(
          of: segment, filter, hidden: hidden, after: page.after?[0], size: page.size, on: today,
          in: snapshot)
        return .init(
          customers: found.customers.map { CustomersV1.Customer($0) },
          nextPageToken: page.token(after: found.lastLookedAt.map { [$0] }))
      }
      let found = try Customers.list(
        filter, hidden: hidden, after: page.after?[0], limit: page.limit, in: snapshot)
      if found.isEmpty, page.after == nil {
        let similar = try Customers.similar(
          to: filter, hidden: hidden, limit: page.size, in: snapshot)
        return .init(
          customers: similar.map { CustomersV1.Customer($0) }, similar: !similar.isEmpty)
      }
      let (rows, next) = page.cut(found) { [$0.code] }
      return .init(customers: rows.map { CustomersV1.Customer($0) }, nextPageToken: next)
    }
  }

  /// What of customers the caller is not told.
  static func hidden(from context: CallContext) -> Set<CustomerDraft.Restricted> {
    let lacking = FieldAccess.lacking(context)
    var hidden: Set<CustomerDraft.Restricted> = []
    if lacking.contains("credit.read") { hidden.insert(.credit) }
    if lacking.contains("personal.read") { hidden.insert(.personal) }
    return hidden
  }
}

extension CustomerDraft {
  init(_ message: CustomersV1.Customer, row: Int) {
    var reader = RequestReader(row: "customers[\(row)]")
    self.init(
      code: message.code, name: message.name, customerClass: message.customerClass,
      phone: message.phone, address: message.address,
      creditLimit: reader.money(message.creditLimit, "credit_limit"),
      terms: PaymentTerms(
        netDays: Int(message.terms?.netDays ?? 0),
        deposit: Rate(micros: message.terms?.depositMicros ?? 0)),
      priceList: message.priceListCode, owner: message.owner, storeCode: message.storeCode,
      expectedVersion: message.version)
    parentCode = message.parentCode
    currencyCode = message.currencyCode
    groupLimit = reader.money(message.groupLimit, "group_limit")
    malformed = reader.found
  }
}

extension CustomersV1.Customer {
  init(_ customer: Customer) {
    self.init(
      code: customer.code, name: customer.name, customerClass: customer.customerClass,
      phone: customer.phone, address: customer.address,
      creditLimit: TypeV1.Money(customer.creditLimit),
      terms: CustomersV1.PaymentTerms(
        netDays: Int32(customer.terms.netDays), depositMicros: customer.terms.deposit.micros),
      priceListCode: customer.priceList ?? "", version: customer.version,
      owner: customer.owner, storeCode: customer.storeCode,
      parentCode: customer.parentCode ?? "",
      groupLimit: customer.groupLimit.map { TypeV1.Money($0) },
      currencyCode: customer.currency.code)
  }
}

extension CustomersV1.CreditUse {
  init(_ use: CreditUse) {
    self.init(
      limit: TypeV1.Money(use.limit), orders: TypeV1.Money(use.orders),
      invoices: TypeV1.Money(use.invoices), available: TypeV1.Money(use.available),
      temporary: use.temporary.minor > 0 ? TypeV1.Money(use.temporary) : nil,
      shipped: TypeV1.Money(use.shipped), uncleared: TypeV1.Money(use.uncleared),
      beyondHorizon: use.countsUntil == nil ? nil : TypeV1.Money(use.beyondHorizon),
      countsUntil: use.countsUntil.map { GoogleType.Date($0) })
  }
}

extension CustomersV1.OpenInvoice {
  init(_ invoice: Invoice, on today: Day) {
    self.init(
      number: invoice.number, orderNumber: invoice.salesOrder ?? "",
      gross: TypeV1.Money(invoice.gross), open: TypeV1.Money(invoice.open),
      dueOn: GoogleType.Date(invoice.dueOn),
      daysOverdue: max(0, today.daysSinceEpoch - invoice.dueOn.daysSinceEpoch))
  }
}

extension CustomersV1.ReceivedPayment {
  init(_ payment: Payment) {
    self.init(
      number: payment.number, orderNumber: payment.earmark?.number ?? "",
      amount: TypeV1.Money(payment.amount), unapplied: TypeV1.Money(payment.unapplied),
      receivedOn: GoogleType.Date(payment.receivedOn))
  }
}
