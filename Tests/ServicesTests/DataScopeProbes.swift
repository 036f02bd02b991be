import Messages
import RPC
import TestKit

/// What requests name.
struct Named: Sendable {
  var order = "SO-2026-000001"
  var preorder = "SO-2026-000014"
  var quote = "QU-2026-000001"
  var opportunity = "OP-2026-000001"
  var blanket = "BO-2026-000001"
  var shipment = "SH-2026-000003"
  /// One that has left.
  var delivered = "SH-2026-000001"
  /// A carton of that.
  var carton = "069012340000000009"
  var appointment = "AP-2026-000001"
  var slot = "EVERY-DAY"
  var customerReturn = "RT-2026-000001"
  var exchange = "EX-2026-000001"
  var creditNote = "CN-2026-000001"
  var complaint = "CP-2026-000001"
  var invoice = "IN-2026-000001"
  var payment = "PY-2026-000001"
  var payout = "PB-2026-000001"
  var claim = "SH-2026-000002/DAMAGED"
  var card = "GC-2026-000001"
  var letter = "DL-2026-000001"
  var debt = "IN-2025-000001"
  var workOrder = "WO-2026-000001"
  var purchaseOrder = "PO-2026-000001"
  var dropShipment = "PO-2026-000002"
  var piece = "SP-2026-000001"
  var transfer = "TO-2026-000001"
  var customer = "KUNDE-7"
  var externalID = "CRM:000001"
  /// Of a notice about that customer's order.
  var notice: Int64 = 1
  var stop: Int64 = 1
  var warehouse = "MAIN"
  var terminal = "till-1"
  var marketplace = "TMALL"

  /// What is there.
  static let known = Named()
  /// What is not: as long, so that answers differ in nothing else.
  static let unknown = Named(
    order: "SO-2026-900001", preorder: "SO-2026-900014", quote: "QU-2026-900001",
    opportunity: "OP-2026-900001", blanket: "BO-2026-900001", shipment: "SH-2026-900003",
    delivered: "SH-2026-900001", carton: "969012340000000002", appointment: "AP-2026-900001",
    slot: "NEVER-DAY",
    customerReturn: "RT-2026-900001", exchange: "EX-2026-900001", creditNote: "CN-2026-900001",
    complaint: "CP-2026-900001", invoice: "IN-2026-900001", payment: "PY-2026-900001",
    payout: "PB-2026-900001", claim: "SH-2026-900002/DAMAGED", card: "GC-2026-900001",
    letter: "DL-2026-900001", debt: "IN-2025-900001", workOrder: "WO-2026-900001",
    purchaseOrder: "PO-2026-900001", dropShipment: "PO-2026-900002", piece: "SP-2026-900001",
    transfer: "TO-2026-900001", customer: "KUNDE-9", externalID: "CRM:900001", notice: 99, stop: 99,
    warehouse: "NAIM", terminal: "till-9", marketplace: "LLAMT")

  var all: [String] {
    [
      order, preorder, quote, opportunity, externalID, blanket, shipment, delivered, carton,
      appointment, slot, customerReturn, exchange, creditNote, complaint, invoice, payment, payout,
      claim, card, letter, debt, workOrder, purchaseOrder, dropShipment, piece, transfer, customer,
      warehouse,
      terminal, marketplace,
    ]
  }
}

/// One way to ask a method.
struct Probe: Sendable {
  enum Kind: Sendable {
    /// It names something: out of scope that is as if it were not there.
    case names
    /// It lists: out of scope there is nothing.
    case lists
    /// It names something that it does not look for.
    case blind
  }

  let method: MethodDescriptor
  let kind: Kind
  let request: @Sendable (Named) -> Raw

  init<Request: WireMessage>(
    _ method: MethodDescriptor, _ kind: Kind = .names,
    _ request: @escaping @Sendable (Named) -> Request
  ) {
    self.method = method
    self.kind = kind
    self.request = { Raw(request($0)) }
  }

  /// At least one for every method of one request and one answer that is about somebody's data.
  static let all =
    orders + intake + notices + cancellations + promises + returns + quotes + blankets
    + shipments + appointments + carriers + cashOnDelivery + claims + dock + parties + supply
    + purchases + transfers + work + vouchers + debts + changeRequests + sales

  private typealias Orders = OrdersV1.OrderServiceMethods
  private typealias Approvals = OrdersV1.ApprovalServiceMethods
  private typealias Quotes = OrdersV1.QuoteServiceMethods
  private typealias Finance = FinanceV1.FinanceServiceMethods
  private typealias Stock = InventoryV1.InventoryServiceMethods
  private typealias Making = ProductionV1.ProductionServiceMethods
  private typealias Customers = CustomersV1.CustomerServiceMethods

  static func order(_ named: Named) -> OrdersV1.OrderInput {
    .init(
      channel: .store, customerCode: named.customer, warehouseCode: "MAIN",
      lines: [.init(sku: "CHAIR", quantity: pieces(1))], shortageRule: .wait)
  }

  private typealias Choosing = ConfiguratorV1.ConfiguratorServiceMethods

  private static let orders: [Probe] = [
    Probe(Choosing.startConfiguration, .blind) {
      ConfiguratorV1.StartConfigurationRequest(sku: "TABLE", customerCode: $0.customer)
    },
    Probe(Choosing.changeConfiguration, .blind) { _ in
      ConfiguratorV1.ChangeConfigurationRequest(number: "CF-2026-000001")
    },
    Probe(Choosing.getConfiguration, .blind) { _ in
      ConfiguratorV1.GetConfigurationRequest(number: "CF-2026-000001")
    },
    Probe(Orders.createOrder, .blind) { OrdersV1.CreateOrderRequest(order: order($0)) },
    Probe(Orders.submitOrder) { OrdersV1.SubmitOrderRequest(number: $0.order) },
    Probe(Orders.approveOrder) { OrdersV1.ApproveOrderRequest(number: $0.order) },
    Probe(Orders.rejectOrder) { OrdersV1.RejectOrderRequest(number: $0.order, reason: "no") },
    Probe(Approvals.getApprovals) { OrdersV1.GetApprovalsRequest(orderNumber: $0.order) },
    Probe(Approvals.listApprovals, .lists) { _ in OrdersV1.ListApprovalsRequest() },
    Probe(Approvals.returnOrder) { OrdersV1.ReturnOrderRequest(number: $0.order, reason: "no") },
    Probe(Approvals.sweepApprovals, .blind) { _ in OrdersV1.SweepApprovalsRequest() },
    Probe(Orders.confirmOrder) { OrdersV1.ConfirmOrderRequest(number: $0.order) },
    Probe(Orders.placeOrder) { OrdersV1.PlaceOrderRequest(order: order($0)) },
    Probe(Orders.cancelOrder) {
      OrdersV1.CancelOrderRequest(number: $0.order, reason: .customerWish)
    },
    Probe(Orders.changeOrder) {
      OrdersV1.ChangeOrderRequest(
        number: $0.order, change: .init(asSoonAsPossible: true), reason: "called")
    },
    Probe(Orders.listOrderVersions) { OrdersV1.ListOrderVersionsRequest(number: $0.order) },
    Probe(Orders.getOrderVersion) { OrdersV1.GetOrderVersionRequest(number: $0.order) },
    Probe(Orders.diffOrderVersions) { OrdersV1.DiffOrderVersionsRequest(number: $0.order) },
    Probe(Orders.holdOrder) {
      OrdersV1.HoldOrderRequest(number: $0.order, kind: .price, reason: "in doubt")
    },
    Probe(Orders.releaseOrderHold) {
      OrdersV1.ReleaseOrderHoldRequest(number: $0.order, kind: .price, reason: "clear")
    },
    Probe(Orders.getAllowedActions) { OrdersV1.GetAllowedActionsRequest(number: $0.order) },
    Probe(Orders.getOrder) { OrdersV1.GetOrderRequest(number: $0.order) },
    Probe(Orders.listOrders, .lists) { _ in OrdersV1.ListOrdersRequest() },
    Probe(Orders.listOrders, .lists) { _ in OrdersV1.ListOrdersRequest(state: .confirmed) },
    Probe(Orders.listOrders, .lists) { _ in OrdersV1.ListOrdersRequest(sku: "CHAIR") },
    Probe(Orders.listOrders, .lists) { _ in OrdersV1.ListOrdersRequest(prefix: "SO") },
    Probe(OrdersV1.RecommendationServiceMethods.recommend) {
      OrdersV1.RecommendRequest(customerCode: $0.customer)
    },
    Probe(Orders.listOrders, .lists) { _ in OrdersV1.ListOrdersRequest(channel: .store) },
    Probe(Orders.listOrders) { OrdersV1.ListOrdersRequest(customerCode: $0.customer) },
    Probe(Orders.listOrders) { OrdersV1.ListOrdersRequest(prefix: $0.order) },
    Probe(Orders.getDeliveryAddress) { OrdersV1.GetDeliveryAddressRequest(number: $0.order) },
    Probe(Orders.getOrderTimeline) { OrdersV1.GetOrderTimelineRequest(number: $0.order) },
    Probe(Orders.invoiceOrder) { OrdersV1.InvoiceOrderRequest(number: $0.order) },
  ]

  private static let intake: [Probe] = [
    Probe(OrdersV1.IntakeServiceMethods.getFindingReport, .lists) { _ in
      OrdersV1.GetFindingReportRequest()
    },
    Probe(OrdersV1.IntakeServiceMethods.listFindings, .lists) { _ in
      OrdersV1.ListFindingsRequest()
    },
    Probe(OrdersV1.IntakeServiceMethods.listFindings, .lists) { _ in
      OrdersV1.ListFindingsRequest(cause: "NOTE")
    },
    Probe(OrdersV1.MarketplaceServiceMethods.listMarketplaceOrders, .lists) { _ in
      OrdersV1.ListMarketplaceOrdersRequest(marketplaceCode: "TMALL")
    },
    Probe(OrdersV1.MarketplaceServiceMethods.listMarketplaceStock) {
      OrdersV1.ListMarketplaceStockRequest(marketplaceCode: $0.marketplace)
    },
    Probe(OrdersV1.MarketplaceServiceMethods.takeMarketplaceOrders, .blind) { _ in
      OrdersV1.TakeMarketplaceOrdersRequest(
        marketplaceCode: "TMALL",
        orders: [.init(orderId: "1", lines: [.init(externalSku: "l", quantity: pieces(1))])])
    },
  ]

  private typealias Telling = NotificationsV1.NotificationServiceMethods

  private static let notices: [Probe] = [
    Probe(Telling.previewNotice) {
      NotificationsV1.PreviewNoticeRequest(
        template: .init(eventType: "order.confirmed", channel: .email, locale: "en"),
        documentNumber: $0.order)
    },
    Probe(Telling.setNoticePreference) {
      NotificationsV1.SetNoticePreferenceRequest(
        preference: .init(customerCode: $0.customer, locale: "en"))
    },
    Probe(Telling.getNoticePreference) {
      NotificationsV1.GetNoticePreferenceRequest(customerCode: $0.customer)
    },
    Probe(Telling.listNotices, .lists) { _ in NotificationsV1.ListNoticesRequest() },
    Probe(Telling.getNotice) { NotificationsV1.GetNoticeRequest(id: $0.notice) },
    Probe(Telling.retryNotice) { NotificationsV1.RetryNoticeRequest(id: $0.notice) },
    Probe(Telling.discardNotice) {
      NotificationsV1.DiscardNoticeRequest(id: $0.notice, reason: "nobody's")
    },
  ]

  private typealias Cancelling = OrdersV1.CancellationServiceMethods

  private static let cancellations: [Probe] = [
    Probe(Cancelling.listCancelRequests, .lists) { _ in OrdersV1.ListCancelRequestsRequest() },
    Probe(Cancelling.approveCancellation) {
      OrdersV1.ApproveCancellationRequest(orderNumber: $0.order)
    },
    Probe(Cancelling.rejectCancellation) {
      OrdersV1.RejectCancellationRequest(orderNumber: $0.order, reason: "no")
    },
    Probe(Cancelling.listRefunds, .lists) { _ in OrdersV1.ListRefundsRequest() },
    Probe(Cancelling.payRefund) {
      OrdersV1.PayRefundRequest(orderNumber: $0.order, method: .card)
    },
    Probe(Cancelling.proposeRefund) {
      OrdersV1.ProposeRefundRequest(orderNumber: $0.order, reason: "too much")
    },
    Probe(Cancelling.declineRefund) {
      OrdersV1.DeclineRefundRequest(orderNumber: $0.order, reason: "no")
    },
    Probe(Cancelling.getCancellationReport, .lists) { _ in
      OrdersV1.GetCancellationReportRequest()
    },
  ]

  private typealias Promising = OrdersV1.PromiseServiceMethods
  private typealias Shortages = OrdersV1.ShortageServiceMethods

  private static let promises: [Probe] = [
    Probe(Promising.promiseOrder) { OrdersV1.PromiseOrderRequest(order: order($0)) },
    Probe(Promising.getPromises) { OrdersV1.GetPromisesRequest(orderNumber: $0.order) },
    Probe(Promising.refreshPromises) { OrdersV1.RefreshPromisesRequest(orderNumber: $0.order) },
    Probe(Promising.refreshPromises, .blind) { _ in OrdersV1.RefreshPromisesRequest() },
    Probe(Promising.getPriority) { OrdersV1.GetPriorityRequest(orderNumber: $0.order) },
    Probe(Promising.setPriority) {
      OrdersV1.SetPriorityRequest(orderNumber: $0.order, score: 5, reason: "urgent")
    },
    Probe(Shortages.getShortage) { OrdersV1.GetShortageRequest(orderNumber: $0.order) },
    Probe(Shortages.agreeToWait) {
      OrdersV1.AgreeToWaitRequest(orderNumber: $0.order, lineNumber: 1)
    },
    Probe(Shortages.substituteLine) {
      OrdersV1.SubstituteLineRequest(orderNumber: $0.order, lineNumber: 1, sku: "LAMP")
    },
    Probe(Shortages.partShipLine) {
      OrdersV1.PartShipLineRequest(orderNumber: $0.order, lineNumber: 1)
    },
    Probe(Shortages.cancelShortLine) {
      OrdersV1.CancelShortLineRequest(orderNumber: $0.order, lineNumber: 1)
    },
    Probe(Shortages.listExceptions, .lists) { _ in OrdersV1.ListExceptionsRequest() },
  ]

  private typealias Complaining = AftersalesV1.ComplaintServiceMethods
  private typealias Returning = AftersalesV1.ReturnServiceMethods

  private static let returns: [Probe] = [
    Probe(Returning.getReturnable) {
      AftersalesV1.GetReturnableRequest(orderNumber: $0.order, reasonCode: "DEFECT")
    },
    Probe(Returning.requestReturn) {
      AftersalesV1.RequestReturnRequest(
        orderNumber: $0.order,
        lines: [.init(lineNumber: 1, quantity: pieces(1), reasonCode: "DEFECT")])
    },
    Probe(Returning.approveReturn) {
      AftersalesV1.ApproveReturnRequest(number: $0.customerReturn)
    },
    Probe(Returning.rejectReturn) {
      AftersalesV1.RejectReturnRequest(number: $0.customerReturn, reason: "no")
    },
    Probe(Returning.cancelReturn) {
      AftersalesV1.CancelReturnRequest(number: $0.customerReturn, reason: "no")
    },
    Probe(Returning.receiveReturn) {
      AftersalesV1.ReceiveReturnRequest(number: $0.customerReturn)
    },
    Probe(Returning.gradeReturn) {
      AftersalesV1.GradeReturnRequest(
        number: $0.customerReturn,
        lines: [.init(lineNumber: 1, quantity: pieces(1), grade: .a)])
    },
    Probe(Returning.creditReturn) {
      AftersalesV1.CreditReturnRequest(number: $0.customerReturn)
    },
    Probe(Returning.getReturn) { AftersalesV1.GetReturnRequest(number: $0.customerReturn) },
    Probe(Returning.listReturns, .lists) { _ in AftersalesV1.ListReturnsRequest() },
    Probe(Returning.listReturns) { AftersalesV1.ListReturnsRequest(orderNumber: $0.order) },
    Probe(AftersalesV1.ExchangeServiceMethods.createExchange) {
      AftersalesV1.CreateExchangeRequest(
        orderNumber: $0.order,
        lines: [.init(lineNumber: 1, quantity: pieces(1), reasonCode: "DEFECT")],
        order: .init(lines: [.init(sku: "LAMP", quantity: pieces(1))], shortageRule: .wait))
    },
    Probe(AftersalesV1.ExchangeServiceMethods.getExchange) {
      AftersalesV1.GetExchangeRequest(number: $0.exchange)
    },
    Probe(AftersalesV1.ExchangeServiceMethods.listExchanges, .lists) { _ in
      AftersalesV1.ListExchangesRequest()
    },
    Probe(AftersalesV1.ExchangeServiceMethods.listExchanges) {
      AftersalesV1.ListExchangesRequest(orderNumber: $0.order)
    },
    Probe(AftersalesV1.WarrantyServiceMethods.checkWarranty) {
      AftersalesV1.CheckWarrantyRequest(orderNumber: $0.order, lineNumber: 1)
    },
    Probe(AftersalesV1.RemakeServiceMethods.createRemake) {
      AftersalesV1.CreateRemakeRequest(
        orderNumber: $0.order, lineNumber: 1, quantity: pieces(1), reasonCode: "DEFECT")
    },
    Probe(AftersalesV1.RemakeServiceMethods.listRemakes, .lists) { _ in
      AftersalesV1.ListRemakesRequest()
    },
    Probe(AftersalesV1.RemakeServiceMethods.listRemakes) {
      AftersalesV1.ListRemakesRequest(orderNumber: $0.order)
    },
    Probe(AftersalesV1.DefectServiceMethods.recordDefectFinding) {
      AftersalesV1.RecordDefectFindingRequest(documentNumber: $0.customerReturn, lot: "L")
    },
    Probe(AftersalesV1.DefectServiceMethods.listDefectFindings, .lists) { _ in
      AftersalesV1.ListDefectFindingsRequest(lot: "L-1")
    },
    Probe(AftersalesV1.DefectServiceMethods.listDefectFindings) {
      AftersalesV1.ListDefectFindingsRequest(orderNumber: $0.order)
    },
    Probe(AftersalesV1.DefectServiceMethods.getDefectReport, .lists) { _ in
      AftersalesV1.GetDefectReportRequest()
    },
    Probe(Complaining.openComplaint) {
      AftersalesV1.OpenComplaintRequest(
        orderNumber: $0.order, category: .quality, severity: .low, text: "hm")
    },
    Probe(Complaining.assignComplaint) {
      AftersalesV1.AssignComplaintRequest(number: $0.complaint)
    },
    Probe(Complaining.resolveComplaint) {
      AftersalesV1.ResolveComplaintRequest(number: $0.complaint, resolution: "done")
    },
    Probe(Complaining.reopenComplaint) {
      AftersalesV1.ReopenComplaintRequest(number: $0.complaint, reason: "again")
    },
    Probe(Complaining.escalateComplaints, .blind) { _ in
      AftersalesV1.EscalateComplaintsRequest()
    },
    Probe(Complaining.getComplaint) { AftersalesV1.GetComplaintRequest(number: $0.complaint) },
    Probe(Complaining.listComplaints, .lists) { _ in AftersalesV1.ListComplaintsRequest() },
    Probe(Complaining.listComplaints) {
      AftersalesV1.ListComplaintsRequest(orderNumber: $0.order)
    },
    Probe(Complaining.recordSatisfaction) {
      AftersalesV1.RecordSatisfactionRequest(shipmentNumber: $0.shipment, score: 9)
    },
    Probe(Complaining.getSatisfactionReport, .lists) { _ in
      AftersalesV1.GetSatisfactionReportRequest()
    },
    Probe(Finance.getCreditNote) { FinanceV1.GetCreditNoteRequest(number: $0.creditNote) },
  ]

  private static func variant(_ named: Named) -> OrdersV1.QuoteVariantInput {
    .init(order: order(named))
  }

  private static let quotes: [Probe] = [
    Probe(Quotes.createQuote) {
      OrdersV1.CreateQuoteRequest(customerCode: $0.customer, variants: [variant($0)])
    },
    Probe(Quotes.reviseQuote) { OrdersV1.ReviseQuoteRequest(number: $0.quote) },
    Probe(Quotes.approveQuote) { OrdersV1.ApproveQuoteRequest(number: $0.quote) },
    Probe(Quotes.convertQuote) { OrdersV1.ConvertQuoteRequest(number: $0.quote) },
    Probe(Quotes.loseQuote) {
      OrdersV1.LoseQuoteRequest(number: $0.quote, reasonCode: "TOO_LATE")
    },
    Probe(Quotes.lapseQuotes, .blind) { _ in OrdersV1.LapseQuotesRequest() },
    Probe(Quotes.getQuote) { OrdersV1.GetQuoteRequest(number: $0.quote) },
    Probe(Quotes.listQuoteRevisions) { OrdersV1.ListQuoteRevisionsRequest(number: $0.quote) },
    Probe(Quotes.diffQuoteRevisions) {
      OrdersV1.DiffQuoteRevisionsRequest(number: $0.quote, fromRevision: 1)
    },
    Probe(Quotes.listQuotes, .lists) { _ in OrdersV1.ListQuotesRequest() },
    Probe(Quotes.listQuotes, .lists) { _ in OrdersV1.ListQuotesRequest(state: .open) },
    Probe(Quotes.listQuotes) { OrdersV1.ListQuotesRequest(customerCode: $0.customer) },
    Probe(Quotes.getQuoteOutcomes, .lists) { _ in OrdersV1.GetQuoteOutcomesRequest() },
  ]

  private typealias Blankets = OrdersV1.BlanketServiceMethods
  private typealias Preorders = OrdersV1.PreorderServiceMethods

  private static let blankets: [Probe] = [
    Probe(Blankets.createBlanket) {
      OrdersV1.CreateBlanketRequest(
        customerCode: $0.customer, lines: [.init(sku: "CHAIR", quantity: pieces(1))],
        validUntil: .init(year: 2026, month: 12, day: 31))
    },
    Probe(Blankets.closeBlanket) {
      OrdersV1.CloseBlanketRequest(number: $0.blanket, reason: "no")
    },
    Probe(Blankets.getBlanket) { OrdersV1.GetBlanketRequest(number: $0.blanket) },
    Probe(Blankets.listBlankets, .lists) { _ in OrdersV1.ListBlanketsRequest() },
    Probe(Preorders.placePreorder) { OrdersV1.PlacePreorderRequest(order: order($0)) },
    Probe(Preorders.getPreorder) { OrdersV1.GetPreorderRequest(orderNumber: $0.preorder) },
    Probe(Preorders.listPreorders, .lists) { _ in OrdersV1.ListPreordersRequest() },
    Probe(Preorders.lapsePreorders, .blind) { _ in
      OrdersV1.LapsePreordersRequest(reasonCode: "NOT_PAID")
    },
    Probe(Blankets.scheduleDeliveries) {
      OrdersV1.ScheduleDeliveriesRequest(
        number: $0.blanket, channel: .store, warehouseCode: "MAIN", reason: "none")
    },
    Probe(Blankets.callOffDeliveries, .lists) { _ in OrdersV1.CallOffDeliveriesRequest() },
    Probe(Blankets.callOffDeliveries) {
      OrdersV1.CallOffDeliveriesRequest(number: $0.blanket)
    },
    Probe(Blankets.listBlankets) { OrdersV1.ListBlanketsRequest(customerCode: $0.customer) },
    Probe(Orders.placeOrder) {
      var order = order($0)
      order.customerCode = "CREDIT"
      order.blanketNumber = $0.blanket
      return OrdersV1.PlaceOrderRequest(order: order)
    },
  ]

  private static let parties: [Probe] = [
    Probe(CatalogV1.CatalogServiceMethods.getPrice) {
      CatalogV1.GetPriceRequest(customerCode: $0.customer, sku: "CHAIR")
    },
    Probe(PricingV1.PricingServiceMethods.priceOrder) {
      PricingV1.PriceOrderRequest(order: order($0))
    },
    Probe(PricingV1.PricingServiceMethods.getCoupon, .blind) { _ in
      PricingV1.GetCouponRequest(code: "NONE")
    },
    Probe(Customers.getCustomer) { CustomersV1.GetCustomerRequest(code: $0.customer) },
    Probe(Customers.getCustomerOverview) {
      CustomersV1.GetCustomerOverviewRequest(code: $0.customer)
    },
    // Sensitive: refused before it is looked for.
    Probe(Customers.eraseCustomer, .blind) {
      CustomersV1.EraseCustomerRequest(code: $0.customer, reason: "asked")
    },
    Probe(Customers.mergeCustomers) {
      CustomersV1.MergeCustomersRequest(duplicateCode: $0.customer, intoCode: "CASH")
    },
    Probe(Customers.setContact) {
      CustomersV1.SetContactRequest(customerCode: $0.customer, contact: .init(name: "x"))
    },
    Probe(Customers.removeContact) {
      CustomersV1.RemoveContactRequest(customerCode: $0.customer, id: 1)
    },
    Probe(Customers.setAddress) {
      CustomersV1.SetAddressRequest(
        customerCode: $0.customer, address: .init(label: "x", regionCode: "330106", street: "x"))
    },
    Probe(Customers.removeAddress) {
      CustomersV1.RemoveAddressRequest(customerCode: $0.customer, id: 2)
    },
    Probe(Customers.grantCredit) {
      CustomersV1.GrantCreditRequest(
        customerCode: $0.customer, amount: yuan("1"),
        validUntil: .init(year: 2026, month: 3, day: 9), reason: "x")
    },
    // DataScopeTests asks for one that is there.
    Probe(Customers.decideCredit, .blind) { _ in
      CustomersV1.DecideCreditRequest(id: 99, approve: true)
    },
    Probe(Customers.recordConsent) {
      CustomersV1.RecordConsentRequest(
        customerCode: $0.customer, consent: .init(channel: .sms, purpose: .survey, source: "x"))
    },
    Probe(Customers.listConsents) { CustomersV1.ListConsentsRequest(customerCode: $0.customer) },
    Probe(Customers.mayContact) {
      CustomersV1.MayContactRequest(customerCode: $0.customer, channel: .sms, purpose: .order)
    },
    Probe(Customers.tagCustomer) {
      CustomersV1.TagCustomerRequest(customerCode: $0.customer, add: ["x"])
    },
    Probe(Customers.listCustomers, .lists) { _ in CustomersV1.ListCustomersRequest(tag: "oak") },
    Probe(Customers.listCustomers, .lists) { _ in
      CustomersV1.ListCustomersRequest(segmentCode: "ALL")
    },
    Probe(Customers.listCustomers, .lists) { _ in CustomersV1.ListCustomersRequest() },
    Probe(Customers.listCustomers, .lists) { _ in
      CustomersV1.ListCustomersRequest(owner: "li.wei")
    },
    Probe(Customers.listCustomers, .lists) { _ in
      CustomersV1.ListCustomersRequest(storeCode: "S2")
    },
    Probe(Customers.listCustomers, .lists) { _ in CustomersV1.ListCustomersRequest(prefix: "139") },
    Probe(Customers.listCustomers) { CustomersV1.ListCustomersRequest(prefix: $0.customer) },
    Probe(Finance.getInvoice) { FinanceV1.GetInvoiceRequest(number: $0.invoice) },
    Probe(Finance.listInvoices, .lists) { _ in FinanceV1.ListInvoicesRequest() },
    Probe(Finance.listInvoices, .lists) { _ in FinanceV1.ListInvoicesRequest(unpaidOnly: true) },
    Probe(Finance.listInvoices) { FinanceV1.ListInvoicesRequest(customerCode: $0.customer) },
    Probe(Finance.listInvoices) {
      FinanceV1.ListInvoicesRequest(customerCode: $0.customer, unpaidOnly: true)
    },
    Probe(Finance.listInvoices) { FinanceV1.ListInvoicesRequest(orderNumber: $0.order) },
    Probe(Finance.getPayment) { FinanceV1.GetPaymentRequest(number: $0.payment) },
    Probe(ReportsV1.ReportServiceMethods.getAgedReceivables, .lists) { _ in
      ReportsV1.GetAgedReceivablesRequest()
    },
    Probe(TillsV1.TillServiceMethods.getTerminal) {
      TillsV1.GetTerminalRequest(terminal: $0.terminal)
    },
  ]

  private static let supply: [Probe] = [
    Probe(Stock.receiveStock) {
      InventoryV1.ReceiveStockRequest(
        sku: "CHAIR", warehouseCode: $0.warehouse, quantity: pieces(1), unitCost: yuanEach("1"),
        reason: "found")
    },
    Probe(Stock.adjustStock) {
      InventoryV1.AdjustStockRequest(
        sku: "CHAIR", warehouseCode: $0.warehouse, correction: .difference(pieces(1)),
        reason: "found")
    },
    Probe(Stock.transferStock) {
      InventoryV1.TransferStockRequest(
        sku: "CHAIR", fromWarehouseCode: $0.warehouse, toWarehouseCode: "EAST",
        quantity: pieces(1))
    },
    Probe(Stock.listStock, .lists) { _ in InventoryV1.ListStockRequest() },
    Probe(Stock.listStock) { InventoryV1.ListStockRequest(warehouseCode: $0.warehouse) },
    Probe(Stock.listMoves, .lists) { _ in InventoryV1.ListMovesRequest(sku: "CHAIR") },
  ]

  private static let work: [Probe] = [
    Probe(Making.planWorkOrder) {
      ProductionV1.PlanWorkOrderRequest(
        sku: "TABLE", quantity: pieces(1), warehouseCode: $0.warehouse)
    },
    Probe(Making.releaseWorkOrder) { ProductionV1.ReleaseWorkOrderRequest(number: $0.workOrder) },
    Probe(Making.issueMaterials) { ProductionV1.IssueMaterialsRequest(number: $0.workOrder) },
    Probe(Making.reportOperation) {
      ProductionV1.ReportOperationRequest(
        number: $0.workOrder, sequence: 1, minutesMicros: 60_000_000)
    },
    Probe(Making.completeWorkOrder) {
      ProductionV1.CompleteWorkOrderRequest(number: $0.workOrder, good: pieces(1))
    },
    Probe(Making.closeWorkOrder) { ProductionV1.CloseWorkOrderRequest(number: $0.workOrder) },
    Probe(Making.cancelWorkOrder) { ProductionV1.CancelWorkOrderRequest(number: $0.workOrder) },
    Probe(Making.getWorkOrder) { ProductionV1.GetWorkOrderRequest(number: $0.workOrder) },
    Probe(Making.listWorkOrders, .lists) { _ in ProductionV1.ListWorkOrdersRequest() },
    Probe(Making.listWorkOrders, .lists) { _ in
      ProductionV1.ListWorkOrdersRequest(state: .planned)
    },
    Probe(Making.listWorkOrders) {
      // The one with something to make.
      ProductionV1.ListWorkOrdersRequest(
        orderNumber: $0.order.replacing("000001", with: "000002"))
    },
  ]
}
