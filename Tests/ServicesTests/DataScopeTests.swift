import Messages
import RPC
import Storage
import TestKit
import Testing

@Suite("Whose data somebody sees and touches")
struct DataScopeTests {
  private func customers(_ gate: ScopedShop, _ name: String) async throws -> [String] {
    try await gate.shop.customers.listCustomers(.init(), options: gate.asks(name))
      .customers.map(\.code)
  }

  @Test("a temporary limit of a customer out of scope is decided by nobody who does not see it")
  func credit() async throws {
    let gate = try await ScopedShop([("li.wei", [.ownCustomers])])
    let told = try await gate.shop.customers.getCustomer(
      .init(code: "KUNDE-8"), options: gate.asks("everybody"))
    let id = try #require(told.creditGrants.first?.id)
    for caller in ["nobody", "li.wei"] {
      let (known, unknown) = (
        await refusal {
          try await gate.shop.customers.decideCredit(
            .init(id: id, approve: true), options: gate.commands(caller))
        },
        await refusal {
          try await gate.shop.customers.decideCredit(
            .init(id: id + 5, approve: true), options: gate.commands(caller))
        }
      )
      #expect(known?.code == .notFound)
      #expect(known?.message.replacing("\(id)", with: "\(id + 5)") == unknown?.message)
    }
    let decided = try await gate.shop.customers.decideCredit(
      .init(id: id, approve: true), options: gate.commands("everybody"))
    #expect(decided.grant?.state == .approved)
    try await gate.close()
  }

  @Test("a gift card pays no order that its bearer does not see, and stays as it was")
  func cards() async throws {
    let gate = try await ScopedShop([])
    let sold = try await gate.shop.giftCards.sellGiftCard(
      .init(amount: yuan("50.00"), method: .cash), options: gate.commands("everybody"))
    func redeem(_ order: String, _ name: String) async -> RPCError? {
      await refusal {
        try await gate.shop.giftCards.redeemGiftCard(
          .init(code: sold.code, orderNumber: order), options: gate.commands(name))
      }
    }
    let placed = try await gate.shop.orders.placeOrder(
      .init(order: gate.shop.input([("CHAIR", 1)], customer: "KUNDE-7")),
      options: gate.commands("everybody"))
    let waiting = try #require(placed.order).number
    let known = await redeem(waiting, "nobody")
    let unknown = await redeem(Named.unknown.order, "nobody")
    #expect(known?.code == .notFound && unknown?.code == .notFound)
    #expect(known?.message.replacing(waiting, with: Named.unknown.order) == unknown?.message)
    #expect(await redeem(waiting, "everybody") == nil)
    try await gate.close()
  }

  private func orders(_ gate: ScopedShop, _ name: String) async throws -> Set<String> {
    Set(
      try await gate.shop.orders.listOrders(.init(), options: gate.asks(name))
        .orders.map(\.customerCode))
  }

  @Test(
    "its own customers, those of its department, those of its store, or what its warehouse does")
  func reaches() async throws {
    let gate = try await ScopedShop([
      ("li.wei", [.ownCustomers]), ("wu.bo", [.ownCustomers]), ("he.fei", [.ownDepartment]),
      ("store-1", [.ownStore]), ("east", [.ownWarehouse]),
    ])
    for name in ["li.wei", "he.fei", "store-1"] {
      #expect(try await customers(gate, name) == ["KUNDE-7"], "\(name)")
      #expect(try await orders(gate, name) == ["KUNDE-7"], "\(name)")
      let invoices = try await gate.shop.finance.listInvoices(.init(), options: gate.asks(name))
      #expect(invoices.invoices.map(\.customerCode) == ["KUNDE-7"], "\(name)")
      let due = try await gate.shop.reports.getAgedReceivables(.init(), options: gate.asks(name))
      #expect(due.rows.map(\.customerCode) == ["KUNDE-7"], "\(name)")
    }
    #expect(try await customers(gate, "wu.bo") == [])
    #expect(try await customers(gate, "east") == [])
    // Everything was shipped from MAIN.
    #expect(try await orders(gate, "east") == [])
    _ = try await gate.shop.inventory.transferStock(
      .init(
        sku: "CHAIR", fromWarehouseCode: "MAIN", toWarehouseCode: "EAST", quantity: pieces(5)),
      options: gate.commands("everybody"))
    let stock = try await gate.shop.inventory.listStock(.init(), options: gate.asks("east"))
    #expect(stock.levels.map(\.warehouseCode) == ["EAST"])
    let moves = try await gate.shop.inventory.listMoves(
      .init(sku: "CHAIR"), options: gate.asks("east"))
    #expect(moves.moves.map(\.toLocation) == ["EAST/STOCK"])
    let sold = try await gate.shop.orders.placeOrder(
      .init(
        order: .init(
          channel: .store, customerCode: "KUNDE-8", warehouseCode: "EAST",
          lines: [.init(sku: "CHAIR", quantity: pieces(1))], shortageRule: .wait)),
      options: gate.commands("everybody"))
    #expect(try await orders(gate, "east") == ["KUNDE-8"])
    // It can be shipped without being told more of the customer.
    let shipment = try await gate.shop.orders.prepareShipment(
      .init(orderNumber: sold.order?.number ?? ""), options: gate.commands("east"))
    #expect(shipment.shipment?.state == .prepared)
    let refused = await refusal {
      try await gate.shop.customers.getCustomer(
        .init(code: "KUNDE-8"), options: gate.asks("east"))
    }
    #expect(refused?.code == .notFound)
    try await gate.close()
  }

  @Test(
    "a new customer of somebody who sees but some is its own or its store's, and stays in scope")
  func ownNew() async throws {
    let gate = try await ScopedShop([("li.wei", [.ownCustomers]), ("store-1", [.ownStore])])
    func set(
      _ customer: CustomersV1.Customer, by name: String
    ) async throws -> [String] {
      try await gate.shop.customers.upsertCustomers(
        .init(customers: [customer]), options: gate.commands(name)
      ).verdicts.flatMap(\.violations).map { "\($0.reason) \($0.field)" }
    }
    func stored(_ code: String) async throws -> CustomersV1.Customer? {
      try await gate.shop.customers.getCustomer(
        .init(code: code), options: gate.asks("everybody")
      ).customer
    }
    #expect(try await set(.init(code: "N-1", name: "N"), by: "li.wei") == [])
    #expect(try await stored("N-1")?.owner == "li.wei")
    #expect(try await set(.init(code: "N-2", name: "N"), by: "store-1") == [])
    #expect(try await stored("N-2")?.storeCode == "S1")
    #expect(try await stored("N-2")?.owner == "")
    #expect(try await set(.init(code: "N-3", name: "N"), by: "everybody") == [])
    #expect(try await stored("N-3")?.owner == "")
    #expect(try await stored("N-3")?.storeCode == "")
    #expect(
      try await set(.init(code: "N-4", name: "N", owner: "wu.bo"), by: "li.wei")
        == ["OUT_OF_SCOPE customers[0].owner"])
    #expect(
      try await set(.init(code: "N-2", name: "N", storeCode: "S2"), by: "store-1")
        == ["OUT_OF_SCOPE customers[0].store_code"])
    // What is not said stays as it was.
    #expect(try await set(.init(code: "N-1", name: "New name"), by: "li.wei") == [])
    #expect(try await stored("N-1")?.owner == "li.wei")
    // Somebody else's from now on, with all that it ever ordered.
    #expect(
      try await set(
        .init(code: "KUNDE-7", name: "欧阳橡", owner: "wu.bo", storeCode: "S2"), by: "everybody")
        == [])
    #expect(try await customers(gate, "li.wei") == ["N-1"])
    #expect(try await orders(gate, "li.wei") == [])
    try await gate.close()
  }

  @Test("pages of customers in scope are whole and in order, whatever others have between")
  func pages() async throws {
    let gate = try await ScopedShop([("he.fei", [.ownDepartment, .ownStore])])
    let rows = (0..<40).map { index in
      CustomersV1.Customer(
        code: "P-\(100 + index)", name: "P", owner: ["he.fei", "stranger", ""][index % 3],
        storeCode: index % 5 == 0 ? "S1" : "")
    }
    _ = try await gate.shop.customers.upsertCustomers(
      .init(customers: rows), options: gate.commands("everybody"))
    let expected =
      ["KUNDE-7"]
      + rows.filter { $0.owner == "he.fei" || $0.storeCode == "S1" }
      .map(\.code)
    var found: [String] = []
    var token = ""
    repeat {
      let page = try await gate.shop.customers.listCustomers(
        .init(pageSize: 3, pageToken: token), options: gate.asks("he.fei"))
      found += page.customers.map(\.code)
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(found == expected)
    // However many they are, and however few.
    let few = try await orders(gate, "he.fei")
    let crowd = (0..<210).map {
      CustomersV1.Customer(code: "Q-\(100 + $0)", name: "Q", owner: "he.fei")
    }
    _ = try await gate.shop.customers.upsertCustomers(
      .init(customers: crowd), options: gate.commands("everybody"))
    #expect(few == ["KUNDE-7"])
    #expect(try await orders(gate, "he.fei") == few)
    let invoices = try await gate.shop.finance.listInvoices(.init(), options: gate.asks("he.fei"))
    #expect(invoices.invoices.map(\.customerCode) == ["KUNDE-7"])
    try await gate.close()
  }

  @Test("a key bound to a store reaches that store, whatever its roles reach")
  func boundKey() async throws {
    let gate = try await ScopedShop([])
    let issued = try await gate.shop.identity.issueKey(
      .init(principal: "everybody", storeCode: "S2"), options: gate.administers())
    #expect(issued.key?.storeCode == "S2")
    let rotated = try await gate.shop.identity.rotateKey(
      .init(keyId: issued.key?.keyId ?? ""), options: gate.administers())
    #expect(rotated.key?.storeCode == "S2")
    for secret in [issued.secret, rotated.secret] {
      let seen = try await gate.shop.customers.listCustomers(.init(), options: bearer(secret))
      #expect(seen.customers.map(\.code) == ["KUNDE-8"])
      let refused = await refusal {
        try await gate.shop.finance.getTrialBalance(.init(), options: bearer(secret))
      }
      #expect(reason(refused) == "SCOPE_TOO_NARROW")
    }
    try await gate.close()
  }

  @Test("what was answered to a caller who saw more is not told again")
  func replies() async throws {
    let gate = try await ScopedShop([("till-2", [.all])])
    let request = OrdersV1.PlaceOrderRequest(
      order: gate.shop.input([("CHAIR", 1)], customer: "KUNDE-8"))
    let number = try await gate.shop.orders.placeOrder(
      request, options: gate.commands("till-2", key: "sale-1")
    ).order?.number
    try await gate.reach("till-2", [.ownStore])
    let again = { @Sendable in
      try await gate.shop.orders.placeOrder(
        request, options: gate.commands("till-2", key: "sale-1"))
    }
    let refused = await refusal(again)
    #expect(reason(refused) == "SCOPE_CHANGED")
    #expect(refused?.message.contains(number ?? "SO") == false)
    // Nor by way of the till's queue.
    let queued = [
      open("till-2"), command(1, "OrderService/PlaceOrder", request.encoded(), key: "sale-1"),
    ]
    let verdict = try await sync(gate.shop, queued, options: gate.asks("till-2")).last?.verdict
    #expect(verdict?.code == Int32(RPCError.Code.permissionDenied.rawValue))
    #expect(verdict?.reply == [])
    // And again to whom it may be told.
    try await gate.reach("till-2", [.all])
    #expect(try await again().order?.number == number)
    try await gate.close()
  }

  @Test("access is explained with what decides whose data it is")
  func explained() async throws {
    let gate = try await ScopedShop([("li.wei", [.ownCustomers, .ownStore])])
    func explain(_ method: String) async throws -> String {
      let reply = try await gate.shop.identity.explainAccess(
        .init(principal: "li.wei", method: method), options: gate.asks("everybody"))
      let step = reply.explanation?.steps.first { $0.rule == "role.scope" }
      return "\(reply.allowed) \(step?.text ?? "")"
    }
    let reached = "CLERK reaches OWN_CUSTOMERS OWN_STORE"
    #expect(try await explain("OrderService/GetOrder") == "true \(reached)")
    #expect(
      try await explain("FinanceService/GetTrialBalance")
        == "false The method is about everybody's data, but \(reached)")
    #expect(try await explain("CatalogService/ListProducts") == "true ")
    try await gate.close()
  }

  @Test("access is explained of one document, customer or warehouse")
  func explainedOfOne() async throws {
    let gate = try await ScopedShop([("li.wei", [.ownCustomers]), ("wang", [.ownWarehouse])])
    func ask(
      _ name: String = "li.wei", document: String = "", customer: String = "",
      warehouse: String = ""
    ) async throws -> (allowed: Bool, step: TypeV1.Explanation.Step?) {
      let reply = try await gate.shop.identity.explainAccess(
        .init(
          principal: name, method: "OrderService/GetOrder", documentNumber: document,
          customerCode: customer, warehouseCode: warehouse), options: gate.asks("everybody"))
      return (reply.allowed, reply.explanation?.steps.first { $0.rule == "resource.scope" })
    }
    let orders = try await gate.shop.orders.listOrders(
      .init(pageSize: 100), options: gate.asks("everybody")
    ).orders
    for order in orders {
      let invoices = try await gate.shop.finance.listInvoices(
        .init(orderNumber: order.number), options: gate.asks("everybody")
      ).invoices.map(\.number)
      let shipments = try await gate.shop.orders.listShipments(
        .init(orderNumber: order.number), options: gate.asks("everybody")
      ).shipments.map(\.number)
      // What is explained is what happens.
      for name in ["li.wei", "wang"] {
        let found = await refusal {
          try await gate.shop.orders.getOrder(
            .init(number: order.number), options: gate.asks(name))
        }
        for document in [order.number] + shipments + invoices {
          #expect(try await ask(name, document: document).allowed == (found == nil))
        }
      }
    }
    let its = try await ask(customer: "KUNDE-7")
    #expect(its.allowed)
    #expect(
      its.step?.text == "KUNDE-7 is of salesperson li.wei, store S1: within the scope of li.wei")
    let others = try await ask(customer: "KUNDE-8")
    #expect(!others.allowed)
    #expect(others.step?.text.hasSuffix("not within the scope of li.wei") == true)
    #expect(try await ask(warehouse: "EAST").allowed == false)
    #expect(try await ask("wang", warehouse: "EAST").allowed)

    let missing = await refusal { try await ask(document: "SO-2026-999999") }
    #expect(missing?.code == .notFound)
    #expect(reason(missing) == "UNKNOWN_DOCUMENT")
    #expect(reason(await refusal { try await ask(customer: "NONE") }) == "UNKNOWN_CUSTOMER")
    #expect(reason(await refusal { try await ask(warehouse: "NONE") }) == "UNKNOWN_WAREHOUSE")
    let several = await refusal { try await ask(document: "SO-1", warehouse: "EAST") }
    #expect(several?.code == .invalidArgument)
    #expect(reason(several) == "SEVERAL_RESOURCES")
    try await gate.close()
  }

  @Test("a stream of events has what is in scope, and ends when that becomes less")
  func stream() async throws {
    let gate = try await ScopedShop([("he.fei", [.ownStore])])
    var batches = try await gate.shop.events.watch(.init(), options: gate.asks("he.fei"))
      .makeAsyncIterator()
    let first = try #require(try await batches.next())
    #expect(first.caughtUp)
    #expect(first.events.contains { $0.type == "order.created" })
    let customers = first.events.filter { $0.type == "order.created" }
      .compactMap { event in event.facts.first { $0.name == "customer" }?.value }
    #expect(Set(customers) == ["KUNDE-7"])
    // Of what is new, too.
    for customer in ["KUNDE-8", "KUNDE-7"] {
      _ = try await gate.shop.orders.placeOrder(
        .init(order: gate.shop.input([("CHAIR", 1)], customer: customer)),
        options: gate.commands("everybody"))
    }
    var created: [String] = []
    while created.isEmpty {
      let batch = try #require(try await batches.next())
      created += batch.events.filter { $0.type == "order.created" }
        .compactMap { event in event.facts.first { $0.name == "customer" }?.value }
    }
    #expect(created == ["KUNDE-7"])
    // More ends nothing, less does.
    try await gate.reach("he.fei", [.ownDepartment, .ownStore])
    try await gate.reach("he.fei", [.ownCustomers])
    let ended = await refusal { while try await batches.next() != nil {} }
    #expect(reason(ended) == "SCOPE_CHANGED")
    try await gate.close()
  }

  @Test("the overview of a customer has what each permission lets see of it")
  func overview() async throws {
    let gate = try await ScopedShop([("li.wei", [.ownCustomers])])
    let seen = try await gate.shop.customers.getCustomerOverview(
      .init(code: "KUNDE-7"), options: gate.asks("li.wei"))
    #expect(seen.customer?.name == "欧阳橡")
    #expect(
      seen.openOrders.map(\.number) == [
        "SO-2026-000019", "SO-2026-000017", "SO-2026-000015", "SO-2026-000014", "SO-2026-000013",
        "SO-2026-000006", "SO-2026-000005", "SO-2026-000002", "SO-2026-000001",
      ])
    #expect(seen.orderCount == 9 && seen.lastOrderedOn != nil)
    let invoice = try #require(seen.openInvoices.first)
    #expect(seen.openInvoices.count == 1 && invoice.daysOverdue == 0)
    // 1127.74 less the 100 and the 5 yuan that were received, and one chair of two that came back.
    #expect(invoice.gross == yuan("1127.74") && invoice.open == yuan("458.87"))
    #expect(seen.payments.map(\.amount) == [yuan("5.00"), yuan("100.00")])
    #expect(seen.credit?.invoices == invoice.open)
    // A role for customers alone is told of nothing else.
    for (permissions, orders, invoices) in [
      (["customers.read"], 0, 0), (["customers.read", "orders.read"], 9, 0),
      (["customers.read", "finance.read"], 0, 1),
    ] {
      _ = try await gate.shop.identity.upsertRole(
        .init(role: .init(name: "CLERK", title: "Clerk", permissions: permissions)),
        options: gate.administers())
      let part = try await gate.shop.customers.getCustomerOverview(
        .init(code: "KUNDE-7"), options: gate.asks("li.wei"))
      #expect(part.openOrders.count == orders && part.orderCount == orders)
      #expect(part.openInvoices.count == invoices && part.payments.count == invoices * 2)
    }
    // Due after 30 days.
    gate.shop.clock.advance(seconds: 40 * 86_400)
    let late = try await gate.shop.customers.getCustomerOverview(
      .init(code: "KUNDE-7"), options: gate.asks("li.wei"))
    #expect(late.openInvoices.map(\.daysOverdue) == [10])
    try await gate.close()
  }
}
