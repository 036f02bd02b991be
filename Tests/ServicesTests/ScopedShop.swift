import Messages
import RPC
import Senders
import Services
import Storage
import Synchronization
import TestKit
import Values

/// A furnished shop whose callers prove who they are by keys, each with a role that permits all but
/// to say who may do what. Two stores have a customer each, "KUNDE-7" of li.wei and "KUNDE-8" of
/// nobody in particular, with a delivered order and what follows from it.
final class ScopedShop: Sendable {
  let shop: Shop
  private let keys: Mutex<[String: String]>
  /// The administrator's session.
  private let chief: String

  /// `people` are added with what their role reaches from where they belong; all with the
  /// department "SALES" but for "nobody", who belongs to a store without customers.
  init(_ people: [(name: String, reach: [IdentityV1.DataScope])]) async throws {
    let clock = TestClock()
    clock.advance(days: -100)
    let open = try await Shop.open(clock: clock, notices: Self.notices)
    try await open.furnish()
    _ = try await open.catalog.configureCompany(
      .init(company: .init(gs1Prefix: "6901234")), options: open.command())
    try await Self.owe(open)
    try await Self.tell(open)
    _ = try await open.stages.setStagePolicy(
      .init(
        terms: [.init(stage: .confirmed, hours: 24), .init(stage: .delivered, hours: 24)],
        reason: "the first"), options: open.command())
    try await Self.trade(open)
    try await Self.ask(open)
    try await open.settleNotices()
    _ = try await open.identity.upsertRole(
      .init(role: .init(name: "CLERK", title: "Clerk", permissions: Self.permissions)),
      options: open.command())
    var secrets: [String: String] = [:]
    for (name, reach) in people + [("everybody", [.all]), ("nobody", [.ownStore])] {
      _ = try await open.identity.createMachine(
        .init(name: name, kind: .till, displayName: name, roles: ["CLERK"]),
        options: open.command())
      _ = try await open.identity.setScope(
        .init(
          name: name, department: name == "nobody" ? "" : "SALES",
          storeCode: name == "nobody" ? "NOWHERE" : "S1",
          warehouseCode: name == "nobody" ? "" : "EAST",
          roleScopes: [.init(role: "CLERK", scopes: reach)]), options: open.command())
      secrets[name] = try await open.identity.issueKey(
        .init(principal: name), options: open.command()
      ).secret
    }
    let added = try await open.identity.createPerson(
      .init(name: "chief", displayName: "The Chief", roles: ["ADMINISTRATOR"]),
      options: open.command())
    keys = Mutex(secrets)
    shop = try await open.reopened(callers: .proved, notices: Self.notices)
    let login = try await shop.identity.login(
      .init(name: "chief", password: added.oneTimePassword))
    chief = login.tokens?.accessToken ?? ""
    _ = try await shop.identity.changePassword(
      .init(oldPassword: added.oneTimePassword, newPassword: Gatehouse.password),
      options: administers())
  }

  /// Every permission there is but the power over who may do what.
  private static let permissions: [String] = {
    let methods = DescriptorPool.joinery.services.flatMap(\.methods).map(\.descriptor.permission)
    return Set(methods).union(DescriptorPool.joinery.readPermissions)
      .subtracting(["", "open", "self", "identity.write"]).sorted()
  }()

  /// What a caller sends along with a question.
  func asks(_ name: String) -> CallOptions { bearer(keys.withLock { $0[name] }) }

  /// The same for a command.
  func commands(_ name: String, key: String? = nil, dryRun: Bool = false) -> CallOptions {
    var options = asks(name)
    options.metadata.add(
      "idempotency-key", key ?? shop.command().metadata["idempotency-key"] ?? "")
    if dryRun { options.metadata.add("dry-run", "true") }
    return options
  }

  /// What the administrator sends along with a command.
  func administers() -> CallOptions {
    var options = bearer(chief)
    options.metadata.add("idempotency-key", shop.command().metadata["idempotency-key"] ?? "")
    return options
  }

  /// Says how far somebody reaches.
  func reach(_ name: String, _ scopes: [IdentityV1.DataScope]) async throws {
    _ = try await shop.identity.setScope(
      .init(
        name: name, department: "SALES", storeCode: "S1", warehouseCode: "EAST",
        roleScopes: [.init(role: "CLERK", scopes: scopes)]), options: administers())
  }

  func close() async throws {
    let violations = try await shop.violations()
    await shop.close()
    precondition(violations.isEmpty, "\(violations)")
  }

  // MARK: What there is

  private struct Mail: NoticeSender {
    func send(_ notice: OutgoingNotice) async -> DeliveryOutcome {
      .failed("451 not now")
    }
  }

  private static let notices = NoticeSettings(mail: Mail())

  /// A notice of each order that is confirmed from now on, to its customer.
  private static func tell(_ shop: Shop) async throws {
    _ = try await shop.notifications.setNoticeRule(
      .init(
        rule: .init(
          code: "CONFIRMED", eventType: "order.confirmed", channel: .email, audience: .customer,
          locale: "en", active: true)), options: shop.command())
  }

  static func customer(_ code: String, store: String) -> CustomersV1.Customer {
    .init(
      code: code, name: code == "KUNDE-7" ? "欧阳橡" : "诸葛松", phone: "1390000\(code.suffix(1))111",
      address: "榫卯路\(code.suffix(1))号", creditLimit: yuan("50000"),
      terms: .init(netDays: 30, depositMicros: 300_000), owner: code == "KUNDE-7" ? "li.wei" : "",
      storeCode: store)
  }

  /// In the year before, and of a customer whom nobody asks about: so other documents keep their
  /// numbers. What was not paid, the letter about it, and what holds the next one back.
  private static func owe(_ shop: Shop) async throws {
    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "RETAIL", sku: "LAMP", unitPrice: yuanEach("150"),
          validFrom: .init(year: 2025, month: 11, day: 1),
          validUntil: .init(year: 2025, month: 12, day: 31))
      ]), options: shop.command())
    try await shop.stock("LAMP", 3, cost: "80")
    _ = try await shop.dunning.setDunningPolicy(
      .init(levels: [.init(afterDays: 7, letter: .reminder)], reason: "the first"),
      options: shop.command())
    let order = try await shop.place([("LAMP", 1)], customer: "CREDIT").number
    try await shop.deliver(order)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    // One that is invoiced together with none other, and one that waits for the next time.
    for isLast in [false, true] {
      var input = shop.input([("LAMP", 1)], customer: "CREDIT")
      input.instructions = .init(invoice: .init(kind: .ordinary, consolidated: true))
      let number =
        try await shop.orders.placeOrder(.init(order: input), options: shop.command())
        .order?.number ?? ""
      try await shop.deliver(number)
      guard !isLast else { continue }
      _ = try await shop.finance.consolidateInvoices(.init(), options: shop.command())
    }
    shop.clock.advance(days: 100)
    _ = try await shop.dunning.runDunning(.init(), options: shop.command())
    _ = try await shop.dunning.stopDunning(
      .init(
        customerCode: "CREDIT", reason: .other, until: .init(year: 2026, month: 12, day: 31)),
      options: shop.command())
  }

  /// One order whose money is to go back, and one that somebody must agree to cancel.
  private static func cancel(_ shop: Shop) async throws {
    let free = try await shop.place([("LAMP", 1)], customer: "VIP").number
    _ = try await shop.finance.receivePayment(
      .init(amount: yuan("10.00"), method: .card, orderNumber: free), options: shop.command())
    _ = try await shop.orders.cancelOrder(
      .init(number: free, reason: .entryError), options: shop.command())
    _ = try await shop.cancellations.setCancellationPolicy(
      .init(rules: [.init(approverRole: "GENERAL_MANAGER")], reason: "strict"),
      options: shop.command())
    let asked = try await shop.place([("LAMP", 1)], customer: "VIP").number
    _ = try await shop.orders.cancelOrder(
      .init(number: asked, reason: .entryError), options: shop.command())
  }

  /// What a customer may buy, and what the CRM calls it.
  private static func talk(_ shop: Shop, _ code: String) async throws {
    _ = try await shop.opportunities.createOpportunity(
      .init(
        customerCode: code,
        opportunity: .init(title: "talk of \(code)", expected: yuan("500.00"))),
      options: shop.command())
    _ = try await shop.sync.syncCustomers(
      .init(customers: [
        .init(
          externalId: "CRM:00000\(code == "KUNDE-7" ? 1 : 2)",
          modifyTime: .init(seconds: shop.clock.now.microseconds / 1_000_000 + 1), code: code)
      ]), options: shop.command())
  }

  /// A change of an order that the general manager must agree to.
  private static func ask(_ shop: Shop) async throws {
    let order = try await shop.place([("LAMP", 1)]).number
    _ = try await shop.changes.requestOrderChange(
      .init(
        orderNumber: order,
        change: .init(lines: [.init(lineNumber: 1, quantity: pieces(40))]), reason: "more"),
      options: shop.command(by: "zhao"))
    _ = try await shop.transfers.createTransferOrder(
      .init(
        fromWarehouseCode: "MAIN", toWarehouseCode: "EAST",
        lines: [.init(sku: "LAMP", quantity: pieces(1))]), options: shop.command())
  }

  /// One of two chairs comes back and is credited.
  private static func giveBack(_ shop: Shop, _ order: String) async throws {
    let asked = try await shop.returns.requestReturn(
      .init(
        orderNumber: order,
        lines: [.init(lineNumber: 1, quantity: pieces(1), reasonCode: "CHANGED_MIND")]),
      options: shop.command())
    let number = asked.customerReturn?.number ?? ""
    _ = try await shop.returns.receiveReturn(.init(number: number), options: shop.command())
    _ = try await shop.returns.gradeReturn(
      .init(number: number, lines: [.init(lineNumber: 1, quantity: pieces(1), grade: .a)]),
      options: shop.command())
    _ = try await shop.returns.creditReturn(.init(number: number), options: shop.command())
  }

  /// One order that validation holds.
  private static func hold(_ shop: Shop) async throws {
    _ = try await shop.intake.setValidationPolicy(
      .init(
        rules: [
          .init(code: "NOTE", channel: .kiosk, condition: .required(.note), hold: .address)
        ], reason: "so that something is found"), options: shop.command())
    _ = try await shop.orders.placeOrder(
      .init(order: shop.input([("LAMP", 1)], customer: "VIP", channel: .kiosk)),
      options: shop.command())
  }

  /// One order of a marketplace.
  private static func sell(_ shop: Shop) async throws {
    _ = try await shop.marketplaces.upsertMarketplaces(
      .init(marketplaces: [
        .init(code: "TMALL", name: "天猫", customerCode: "VIP", warehouseCode: "MAIN")
      ]), options: shop.command())
    _ = try await shop.marketplaces.upsertMarketplaceProducts(
      .init(marketplaceCode: "TMALL", products: [.init(externalSku: "l", sku: "LAMP")]),
      options: shop.command())
    _ = try await shop.marketplaces.takeMarketplaceOrders(
      .init(
        marketplaceCode: "TMALL",
        orders: [.init(orderId: "1", lines: [.init(externalSku: "l", quantity: pieces(1))])]),
      options: shop.command())
  }

  /// A complaint whose clock stands still.
  private static func complain(_ shop: Shop, _ order: String) async throws {
    let opened = try await shop.complaints.openComplaint(
      .init(orderNumber: order, category: .quality, severity: .high, text: "wobbles"),
      options: shop.command())
    _ = try await shop.complaints.pauseComplaint(
      .init(number: opened.complaint?.number ?? "", reason: .customer), options: shop.command())
  }

  /// Documents of every kind, one of each for both customers where a customer has them.
  private static func trade(_ shop: Shop) async throws {
    try await shop.stock("CHAIR", 40, cost: "210")
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [customer("KUNDE-7", store: "S1"), customer("KUNDE-8", store: "S2")]),
      options: shop.command())
    _ = try await shop.customers.upsertSegments(
      .init(segments: [.init(code: "ALL", name: "Everybody")]), options: shop.command())
    for code in ["KUNDE-7", "KUNDE-8"] {
      let friend = CustomersV1.Contact(name: "friend of \(code)", email: "\(code)@oak.example")
      _ = try await shop.customers.setContact(
        .init(customerCode: code, contact: friend), options: shop.command())
      _ = try await shop.customers.setAddress(
        .init(
          customerCode: code,
          address: .init(label: "Home", regionCode: "330106", street: "street of \(code)")),
        options: shop.command())
      _ = try await shop.customers.tagCustomer(
        .init(customerCode: code, add: ["oak"]), options: shop.command())
      _ = try await shop.customers.grantCredit(
        .init(
          customerCode: code, amount: yuan("1"),
          validUntil: .init(year: 2026, month: 12, day: 9), reason: "reason of \(code)"),
        options: shop.command())
      let sold = try await shop.place([("CHAIR", 2)], customer: code).number
      try await shop.deliver(sold)
      _ = try await shop.orders.invoiceOrder(.init(number: sold), options: shop.command())
      _ = try await shop.finance.receivePayment(
        .init(amount: yuan("100.00"), method: .card, orderNumber: sold), options: shop.command())
      try await giveBack(shop, sold)
      try await complain(shop, sold)
      let sent = try await shop.orders.listShipments(.init(orderNumber: sold)).shipments
      _ = try await shop.complaints.recordSatisfaction(
        .init(shipmentNumber: sent[0].number, score: 9), options: shop.command())
      _ = try await shop.blankets.createBlanket(
        .init(
          customerCode: code, lines: [.init(sku: "CHAIR", quantity: pieces(9))],
          validUntil: .init(year: 2026, month: 12, day: 31)), options: shop.command())
      try await talk(shop, code)
      _ = try await shop.quotes.createQuote(
        .init(
          customerCode: code,
          variants: [.init(order: shop.input([("CHAIR", 1)], customer: code))]),
        options: shop.command())
      _ = try await shop.place([("TABLE", 1)], customer: code)
      _ = try await shop.finance.receivePayment(
        .init(customerCode: code, amount: yuan("5.00"), method: .cash), options: shop.command())
    }
    _ = try await shop.finance.receivePayment(
      .init(customerCode: "CASH", amount: yuan("2.00"), method: .cash), options: shop.command())
    _ = try await shop.finance.proposePayout(
      .init(customerCode: "CASH", amount: yuan("1.00"), reason: "too much"),
      options: shop.command())
    let wanted = try await shop.purchasing.listRequisitions(.init(state: .open)).requisitions
    _ = try await shop.purchasing.createPurchaseOrder(
      .init(
        supplierCode: "WOOD", warehouseCode: "MAIN",
        lines: wanted.map { .init(requisitionNumber: $0.number) }), options: shop.command())
    let waiting = try await shop.place([("CHAIR", 1)], customer: "KUNDE-7").number
    _ = try await shop.orders.prepareShipment(
      .init(orderNumber: waiting), options: shop.command())
    let sale = OrdersV1.PlaceOrderRequest(order: shop.input([("CHAIR", 1)], customer: "KUNDE-7"))
    _ = try await sync(
      shop, [open("till-1"), command(1, "OrderService/PlaceOrder", sale.encoded())])
    try await cancel(shop)
    try await hold(shop)
    try await sell(shop)
    try await makeAgain(shop)
    try await exchange(shop)
    try await sendPaidAtDoor(shop)
  }

  /// A chair that is paid at the door is on its way.
  private static func sendPaidAtDoor(_ shop: Shop) async throws {
    let order = try await shop.place([("CHAIR", 1)], customer: "KUNDE-7").number
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: order), options: shop.command())
    let number = prepared.shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 1), options: shop.command())
    _ = try await shop.cashOnDelivery.arrangeCashOnDelivery(
      .init(shipmentNumber: number, collector: .ownCrew), options: shop.command())
    _ = try await shop.orders.dispatchShipment(
      .init(number: number, carrier: "德邦"), options: shop.command())
    // And another was refused, as the carrier had broken it.
    _ = try await shop.carriers.recordProofOfDelivery(
      .init(
        shipmentNumber: "SH-2026-000002",
        proof: .init(
          signedBy: "somebody",
          signedAt: .init(seconds: shop.clock.now.microseconds / 1_000_000),
          lines: [.init(orderLineNumber: 1, refused: pieces(1), reasonCode: "DAMAGED")])),
      options: shop.command())
  }

  /// A bad chair, and the lot that it was of.
  private static func makeAgain(_ shop: Shop) async throws {
    let bad = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    try await shop.deliver(bad)
    let again = try await shop.remakes.createRemake(
      .init(orderNumber: bad, lineNumber: 1, quantity: pieces(1), reasonCode: "DEFECT"),
      options: shop.command())
    _ = try await shop.defects.recordDefectFinding(
      .init(documentNumber: again.remake?.orderNumber ?? "", lot: "L-1"),
      options: shop.command())
  }

  /// A crew comes to the customer on the last day of the year.
  private static func appoint(_ shop: Shop) async throws {
    _ = try await shop.appointments.upsertDeliverySlots(
      .init(slots: [
        .init(
          code: Named.known.slot, kind: .delivery, warehouseCode: "MAIN", crewCode: "A",
          day: .init(year: 2026, month: 12, day: 31), beginsMinute: 540, endsMinute: 720, stops: 9)
      ]), options: shop.command())
    var order = shop.input([("LAMP", 1)], customer: "VIP")
    order.delivery = .init(floor: 1)
    try await shop.stock("LAMP", 9, cost: "80")
    let placed = try await shop.orders.placeOrder(.init(order: order), options: shop.command())
    _ = try await shop.appointments.bookAppointment(
      .init(orderNumber: placed.order?.number ?? "", slotCode: Named.known.slot),
      options: shop.command())
  }

  /// The other chair of the first order is exchanged, and another ordered before it is there.
  private static func exchange(_ shop: Shop) async throws {
    _ = try await shop.exchanges.createExchange(
      .init(
        orderNumber: Named.known.order,
        lines: [.init(lineNumber: 1, quantity: pieces(1), reasonCode: "CHANGED_MIND")],
        order: .init(lines: [.init(sku: "CHAIR", quantity: pieces(1))], shortageRule: .wait)),
      options: shop.command())
    _ = try await shop.preorders.setPresale(
      .init(
        presale: .init(
          sku: "CHAIR", opensOn: .init(year: 2026, month: 1, day: 1),
          closesOn: .init(year: 2026, month: 12, day: 31),
          releasesOn: .init(year: 2026, month: 3, day: 2), limit: pieces(9),
          depositMicros: 500_000, depositKind: .prepayment)), options: shop.command())
    _ = try await shop.preorders.placePreorder(
      .init(order: shop.input([("CHAIR", 1)], customer: "KUNDE-7")), options: shop.command())
    _ = try await shop.blankets.scheduleDeliveries(
      .init(
        number: Named.known.blanket,
        deliveries: [
          .init(
            dueOn: .init(year: 2026, month: 3, day: 2),
            quantities: [.init(sku: "CHAIR", quantity: pieces(1))])
        ], channel: .store, warehouseCode: "MAIN", reason: "soon"), options: shop.command())
    // Somebody must approve it.
    _ = try await shop.orders.placeOrder(
      .init(order: shop.input([("CHAIR", 20)], customer: "KUNDE-7")), options: shop.command())
    try await appoint(shop)
    let direct = try await shop.place([("CHAIR", 1)], customer: "KUNDE-7").number
    _ = try await shop.dropShipments.dropShipLine(
      .init(orderNumber: direct, lineNumber: 1, supplierCode: "WOOD"), options: shop.command())
    _ = try await shop.catalog.upsertProducts(
      .init(products: [
        .init(
          sku: "VASE", name: "花瓶", kind: .stocked, unitCode: "pcs", taxClass: "STANDARD")
      ]), options: shop.command())
    try await shop.stock("VASE", 1, cost: "80")
    _ = try await shop.showroom.showPiece(
      .init(sku: "VASE", warehouseCode: "MAIN"), options: shop.command())
    // Of the first chairs of the other; all of the one's have come back, or are to.
    let theirs = try await shop.orders.listOrders(.init(customerCode: "KUNDE-8")).orders
    _ = try await shop.repairs.createRepair(
      .init(
        orderNumber: theirs.map(\.number).min() ?? "", lineNumber: 1,
        lines: [.init(sku: "LAMP", quantity: pieces(1))], reasonCode: "DEFECT"),
      options: shop.command())
    _ = try await shop.giftCards.sellGiftCard(
      .init(amount: yuan("100.00"), method: .cash, customerCode: "KUNDE-7"),
      options: shop.command())
  }
}
