import Messages
import RPC
import Testing
import TestKit

@Suite("What callers are told of what they ask")
struct FieldAccessTests {
  /// A shop with one customer, and a caller of a role of its own.
  private func opened(
    permissions: [String]
  ) async throws -> (gate: Gatehouse, caller: CallOptions) {
    let gate = try await Gatehouse()
    let verdicts = try await gate.shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "C-1", name: "Zhang", phone: "13900001111", address: "Road 1",
          creditLimit: .init(currencyCode: "CNY", minorUnits: 20_000))
      ]), options: gate.command(gate.admin)
    ).verdicts
    #expect(verdicts.allSatisfy { $0.violations.isEmpty })
    _ = try await gate.shop.identity.upsertRole(
      .init(role: .init(name: "CLERK", title: "Clerk", permissions: permissions)),
      options: gate.command(gate.admin))
    _ = try await gate.shop.identity.createMachine(
      .init(name: "clerk", kind: .service, displayName: "Clerk", roles: ["CLERK"]),
      options: gate.command(gate.admin))
    let key = try await gate.shop.identity.issueKey(
      .init(principal: "clerk"), options: gate.command(gate.admin))
    gate.note(key.secret)
    return (gate, bearer(key.secret))
  }

  private func customer(
    _ gate: Gatehouse, _ options: CallOptions
  ) async throws -> Reply<CustomersV1.GetCustomerResponse> {
    try await gate.shop.channel.unary(
      CustomersV1.CustomerServiceMethods.getCustomer, CustomersV1.GetCustomerRequest(code: "C-1"),
      options: options)
  }

  @Test("fields are told to who holds their permission, and the answer says what is missing")
  func fields() async throws {
    let (gate, clerk) = try await opened(permissions: ["customers.read"])
    let told = try await customer(gate, gate.admin)
    #expect(told.message.customer?.phone == "13900001111")
    #expect(told.message.credit?.limit?.minorUnits == 20_000)
    #expect(told.trailers["joinery-withheld"] == nil)
    let withheld = try await customer(gate, clerk)
    #expect(withheld.message.customer?.name == "Zhang")
    #expect(withheld.message.customer?.phone == "" && withheld.message.customer?.address == "")
    #expect(withheld.message.customer?.creditLimit == nil)
    #expect(withheld.message.credit == CustomersV1.CreditUse())
    #expect(withheld.trailers[all: "joinery-withheld"] == ["credit.read", "personal.read"])
    let list = try await gate.shop.customers.listCustomers(.init(), options: clerk)
    #expect(list.customers.map(\.phone) == [""])
    // From the moment that the role holds it.
    _ = try await gate.shop.identity.upsertRole(
      .init(
        role: .init(
          name: "CLERK", title: "Clerk", permissions: ["customers.read", "personal.read"])),
      options: gate.command(gate.admin))
    #expect(try await customer(gate, clerk).message.customer?.phone == "13900001111")
    try await gate.close()
  }

  @Test("nobody is found by what the asker may not see")
  func search() async throws {
    let (gate, clerk) = try await opened(permissions: ["customers.read"])
    for (prefix, count) in [("139", 0), ("zh", 1), ("c-", 1)] {
      let found = try await gate.shop.customers.listCustomers(
        .init(prefix: prefix), options: clerk)
      #expect(found.customers.count == count, "\(prefix)")
    }
    let found = try await gate.shop.customers.listCustomers(
      .init(prefix: "139"), options: gate.admin)
    #expect(found.customers.count == 1)
    try await gate.close()
  }

  @Test("what a caller may not see it cannot change, and does not wipe out")
  func writes() async throws {
    let (gate, clerk) = try await opened(permissions: ["customers.read", "customers.write"])
    let given = try await gate.shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "C-1", name: "Zhang", phone: "1",
          creditLimit: .init(currencyCode: "CNY", minorUnits: 99_999_999))
      ]), options: gate.command(clerk))
    #expect(
      given.verdicts[0].violations.map(\.field) == [
        "customers[0].phone", "customers[0].credit_limit",
      ])
    #expect(given.verdicts[0].violations.map(\.reason) == ["HIDDEN_FIELD", "HIDDEN_FIELD"])
    let renamed = try await gate.shop.customers.upsertCustomers(
      .init(customers: [.init(code: "C-1", name: "Zhang Wei")]), options: gate.command(clerk))
    #expect(renamed.verdicts[0].violations.isEmpty)
    let stored = try await customer(gate, gate.admin).message.customer
    #expect(stored?.name == "Zhang Wei" && stored?.phone == "13900001111")
    #expect(stored?.address == "Road 1" && stored?.creditLimit?.minorUnits == 20_000)
    try await gate.close()
  }

  @Test("of contacts and places it is the same")
  func details() async throws {
    let (gate, clerk) = try await opened(permissions: ["customers.read", "customers.write"])
    let fang = CustomersV1.Contact(name: "Fang", phone: "13900003333", email: "fang@example.cn")
    let stored = try #require(
      try await gate.shop.customers.setContact(
        .init(customerCode: "C-1", contact: fang), options: gate.command(gate.admin)
      ).contact)
    _ = try await gate.shop.customers.setAddress(
      .init(
        customerCode: "C-1", address: .init(label: "Home", regionCode: "330106", street: "Road 1")),
      options: gate.command(gate.admin))
    let told = try await customer(gate, clerk).message
    #expect(told.contacts.map(\.name) == ["Fang"])
    #expect(told.contacts.map(\.phone) == [""] && told.contacts.map(\.email) == [""])
    #expect(told.addresses.map(\.label) == ["Home"] && told.addresses.map(\.street) == [""])
    let given = await refusal {
      try await gate.shop.customers.setContact(
        .init(customerCode: "C-1", contact: stored), options: gate.command(clerk))
    }
    #expect(violations(given) == ["HIDDEN_FIELD contact.phone", "HIDDEN_FIELD contact.email"])
    let place = await refusal {
      try await gate.shop.customers.setAddress(
        .init(
          customerCode: "C-1", address: .init(label: "x", regionCode: "330106", street: "Road 2")),
        options: gate.command(clerk))
    }
    #expect(place?.code == .permissionDenied && reason(place) == "HIDDEN_FIELD")
    let renamed = try await gate.shop.customers.setContact(
      .init(customerCode: "C-1", contact: .init(id: stored.id, name: "Fang Fang")),
      options: gate.command(clerk)
    ).contact
    #expect(renamed?.name == "Fang Fang" && renamed?.phone == "")
    let kept = try await customer(gate, gate.admin).message.contacts.first
    #expect(kept?.phone == "13900003333" && kept?.email == "fang@example.cn")
    try await gate.close()
  }

  @Test("facts of events are told to who holds their permission")
  func events() async throws {
    let (gate, clerk) = try await opened(permissions: ["events.read"])
    _ = try await gate.shop.catalog.upsertWarehouses(
      .init(warehouses: [.init(code: "MAIN", name: "总仓")]), options: gate.command(gate.admin))
    _ = try await gate.shop.catalog.upsertProducts(
      .init(products: [
        .init(sku: "CHAIR", name: "椅", kind: .stocked, unitCode: "pcs", taxClass: "STANDARD")
      ]),
      options: gate.command(gate.admin))
    _ = try await gate.shop.inventory.receiveStock(
      .init(
        sku: "CHAIR", warehouseCode: "MAIN",
        quantity: .init(micros: 2_000_000, unitCode: "pcs"),
        unitCost: .init(currencyCode: "CNY", micros: 210_000_000), reason: "opening"),
      options: gate.command(gate.admin))
    func value(_ options: CallOptions) async throws -> String? {
      var batches = try await gate.shop.events.watch(
        .init(types: ["stock.received"]), options: options
      ).makeAsyncIterator()
      let event = try await batches.next()?.events.first
      return event?.facts.first { $0.name == "value" }?.value
    }
    #expect(try await value(gate.admin) == "420.00 CNY")
    #expect(try await value(clerk) == "")
    try await gate.close()
  }
}
