import Messages
import RPC
import Storage
import TestKit
import Testing
import Values

@Suite("Scenario: customers as a CRM keeps them, and nothing is entered twice")
struct CustomerSyncTests {
  /// Minutes after the shop's clock began.
  private func minute(_ minutes: Int64, of shop: Shop) -> GoogleProtobuf.Timestamp {
    .init(seconds: shop.clock.now.microseconds / 1_000_000 + minutes * 60)
  }

  private func send(
    _ shop: Shop, _ rows: [CustomersV1.ExternalCustomer], key: String? = nil
  ) async throws -> [CustomersV1.SyncVerdict] {
    try await shop.sync.syncCustomers(
      .init(customers: rows), options: shop.command(by: "crm", key: key)
    ).verdicts
  }

  private func get(_ shop: Shop, _ code: String) async throws -> CustomersV1.GetCustomerResponse {
    try await shop.customers.getCustomer(.init(code: code))
  }

  /// What was told of customers so far, and where to go on.
  private func feed(
    _ shop: Shop, after token: String = ""
  ) async throws -> (events: [EventsV1.Event], token: String) {
    var events: [EventsV1.Event] = []
    let request = EventsV1.WatchRequest(resumeToken: token, types: ["customer.*"])
    for try await message in try await shop.events.watch(request) {
      events += message.events
      if message.caughtUp { return (events, message.resumeToken) }
    }
    return (events, "")
  }

  private func why(_ verdict: CustomersV1.SyncVerdict) -> [String] {
    verdict.violations.map { "\($0.reason) \($0.field)" }
  }

  @Test("the last writer wins, whoever it is, and each row tells which")
  func lastWriter() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    var row = CustomersV1.ExternalCustomer(
      externalId: "CRM:0035g", modifyTime: minute(-60, of: shop), code: "K-1", name: "欧阳橡",
      phone: "13900001111")
    let made = try await send(shop, [row], key: "first")
    #expect(made.map(\.outcome) == [.created] && made[0].code == "K-1" && made[0].version == 1)
    #expect(try await send(shop, [row], key: "first") == made)
    #expect(try await send(shop, [row]).map(\.outcome) == [.unchanged])
    row.code = ""
    row.modifyTime = minute(-50, of: shop)
    row.phone = "13900002222"
    let changed = try await send(shop, [row])
    #expect(changed.map(\.outcome) == [.updated] && changed[0].version == 2)
    // What the CRM changed before, and sends late.
    row.modifyTime = minute(-55, of: shop)
    row.phone = "13900003333"
    let late = try await send(shop, [row])
    #expect(late.map(\.outcome) == [.stale] && late[0].keptFrom == "CRM")
    #expect(late[0].keptTime == minute(-50, of: shop))
    // Somebody here changes it now: what the CRM did a minute ago is older.
    var own = try #require(try await get(shop, "K-1").customer)
    own.creditLimit = yuan("5000.00")
    own.name = "欧阳橡木"
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [own]), options: shop.command())
    row.modifyTime = minute(-1, of: shop)
    let older = try await send(shop, [row])
    #expect(older.map(\.outcome) == [.stale] && older[0].keptFrom == "")
    #expect(try await get(shop, "K-1").customer?.name == "欧阳橡木")
    shop.clock.advance(seconds: 120)
    row.modifyTime = minute(-1, of: shop)
    row.name = nil
    #expect(try await send(shop, [row]).map(\.outcome) == [.updated])
    // What it does not say stays, and credit is nothing that it decides about.
    let now = try #require(try await get(shop, "K-1").customer)
    #expect(now.phone == "13900003333" && now.name == "欧阳橡木")
    #expect(now.creditLimit == yuan("5000.00") && now.version == 4)
    // Another system at the very same time: what was there stays.
    let other = CustomersV1.ExternalCustomer(
      externalId: "ERP:7", modifyTime: row.modifyTime, code: "K-1", name: "Ouyang")
    let tie = try await send(shop, [other])
    #expect(tie.map(\.outcome) == [.stale] && tie[0].keptFrom == "CRM")
    let ids = try await shop.sync.listExternalIds(.init(customerCode: "K-1")).externalIds
    #expect(ids.map(\.externalId) == ["CRM:0035g", "ERP:7"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("contacts and addresses come with their own ids, change by them and go by them")
  func parts() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    var row = CustomersV1.ExternalCustomer(
      externalId: "CRM:A", modifyTime: minute(-60, of: shop), code: "K-1", name: "Hotel",
      contacts: [.init(externalId: "CRM:P1", contact: .init(role: .site, name: "李娜"))],
      addresses: [
        .init(
          externalId: "CRM:S1",
          address: .init(
            label: "Lobby", countryCode: "CN", regionCode: "330106", street: "文三路1号"))
      ])
    #expect(try await send(shop, [row]).map(\.outcome) == [.created])
    let first = try await get(shop, "K-1")
    #expect(first.contacts.map(\.name) == ["李娜"] && first.addresses.map(\.label) == ["Lobby"])
    #expect(try await send(shop, [row]).map(\.outcome) == [.unchanged])
    #expect(try await get(shop, "K-1") == first)
    row.modifyTime = minute(-50, of: shop)
    row.contacts[0].contact?.phone = "13900009999"
    #expect(try await send(shop, [row]).map(\.outcome) == [.updated])
    let second = try await get(shop, "K-1")
    #expect(second.contacts.map(\.id) == first.contacts.map(\.id))
    #expect(second.contacts.map(\.version) == [2] && second.addresses == first.addresses)
    #expect(second.customer?.version == 1)
    let ids = try await shop.sync.listExternalIds(.init(prefix: "CRM:")).externalIds
    #expect(ids.map(\.externalId) == ["CRM:A", "CRM:P1", "CRM:S1"])
    #expect(ids.map(\.contactId) == [0, first.contacts[0].id, 0])
    #expect(ids.map(\.addressId) == [0, 0, first.addresses[0].id])
    // Somebody here says something about the contact: that is later.
    var contact = second.contacts[0]
    contact.email = "li.na@hotel.cn"
    _ = try await shop.customers.setContact(
      .init(customerCode: "K-1", contact: contact), options: shop.command())
    row.modifyTime = minute(-40, of: shop)
    #expect(try await send(shop, [row]).map(\.outcome) == [.stale])
    shop.clock.advance(seconds: 60)
    row.modifyTime = minute(0, of: shop)
    row.contacts[0].removed = true
    row.addresses = []
    #expect(try await send(shop, [row]).map(\.outcome) == [.updated])
    let third = try await get(shop, "K-1")
    #expect(third.contacts == [] && third.addresses == first.addresses)
    // One bad part refuses its row, and nothing of it stays.
    row.modifyTime = minute(1, of: shop)
    row.name = "Motel"
    row.contacts = [
      .init(externalId: "CRM:P2", contact: .init(name: "Wang")),
      .init(externalId: "CRM:P3", contact: .init(name: "", email: "none")),
      .init(externalId: "ERP:P4", contact: .init(name: "Wu")),
      .init(externalId: "CRM:P2", contact: .init(name: "Wang")),
    ]
    #expect(
      Set(why(try await send(shop, [row])[0])) == [
        "OTHER_SYSTEM customers[0].contacts[2].external_id",
        "DUPLICATE_IN_BATCH customers[0].contacts[3].external_id",
      ])
    row.contacts.removeLast(2)
    #expect(
      Set(why(try await send(shop, [row])[0])) == [
        "REQUIRED customers[0].contacts[1].contact.name",
        "INVALID_EMAIL customers[0].contacts[1].contact.email",
      ])
    #expect(try await get(shop, "K-1") == third)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a batch has a verdict for each row, and one bad row stops no other")
  func batch() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let time = minute(-5, of: shop)
    let verdicts = try await send(
      shop,
      [
        .init(externalId: "CRM:1", modifyTime: time, code: "K-1", name: "One"),
        .init(externalId: "crm 2", modifyTime: minute(60, of: shop), code: "K-2", name: "Two"),
        .init(externalId: "CRM:1", modifyTime: time, code: "K-3", name: "Three"),
        .init(externalId: "CRM:4", modifyTime: time, name: "Four"),
        .init(externalId: "CRM:5", code: "K-5", name: " "),
        .init(externalId: "CRM:6", modifyTime: time, code: "K-6"),
        .init(externalId: "CRM:7", modifyTime: time, code: "CREDIT", customerClass: "VIP"),
      ])
    #expect(verdicts.map(\.row) == [0, 1, 2, 3, 4, 5, 6])
    #expect(
      verdicts.map(\.outcome)
        == [.created, .refused, .refused, .refused, .refused, .refused, .stale])
    #expect(
      verdicts.map(why) == [
        [],
        [
          "INVALID_EXTERNAL_ID customers[1].external_id",
          "MODIFIED_IN_FUTURE customers[1].modify_time",
        ],
        ["DUPLICATE_IN_BATCH customers[2].external_id"], ["REQUIRED customers[3].code"],
        ["REQUIRED customers[4].modify_time"], ["REQUIRED customers[5].name"], [],
      ])
    // It was furnished just now, which is later than five minutes ago; it is known all the same.
    let known = try await shop.sync.listExternalIds(.init(prefix: "CRM:7")).externalIds
    #expect(known.map(\.customerCode) == ["CREDIT"])
    let elsewhere = try await send(
      shop, [.init(externalId: "CRM:7", modifyTime: time, code: "K-1", name: "One")])
    #expect(why(elsewhere[0]) == ["MAPPED_ELSEWHERE customers[0].code"])
    let many = (0...1_000).map {
      CustomersV1.ExternalCustomer(externalId: "CRM:M\($0)", modifyTime: time, name: "M")
    }
    let tooMany = await refusal { try await send(shop, many) }
    #expect(reason(tooMany) == "TOO_MANY_ROWS")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what the CRM wrote itself it knows by its name in the feed, and so nothing echoes")
  func feed() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let (before, start) = try await feed(shop)
    #expect(!before.isEmpty)
    var row = CustomersV1.ExternalCustomer(
      externalId: "CRM:A", modifyTime: minute(-60, of: shop), code: "K-1", name: "Hotel")
    _ = try await send(shop, [row])
    _ = try await send(shop, [row])
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [.init(code: "K-1", name: "Motel")]), options: shop.command())
    shop.clock.advance(seconds: 60)
    row.modifyTime = minute(0, of: shop)
    _ = try await send(shop, [row])
    let (told, _) = try await feed(shop, after: start)
    #expect(
      told.map { event in
        [event.type] + event.facts.map { "\($0.name) \($0.value)" }
      } == [
        ["customer.created", "code K-1", "version 1", "system CRM"],
        ["customer.changed", "code K-1", "version 2"],
        ["customer.changed", "code K-1", "version 3", "system CRM"],
      ])
    #expect(told.allSatisfy { $0.subject?.number == "customer/K-1" })
    #expect(told.first?.actor == "crm")
    await shop.close()
  }

  @Test("duplicates that are merged keep both ids; whoever is erased has none left")
  func mergeAndErase() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let time = minute(-5, of: shop)
    _ = try await send(
      shop,
      [
        .init(externalId: "CRM:1", modifyTime: time, code: "K-1", name: "One"),
        .init(
          externalId: "CRM:2", modifyTime: time, code: "K-2", name: "One too",
          contacts: [.init(externalId: "CRM:P2", contact: .init(name: "Wang"))]),
        .init(externalId: "CRM:3", modifyTime: time, code: "K-3", name: "李娜"),
      ])
    _ = try await shop.customers.mergeCustomers(
      .init(duplicateCode: "K-2", intoCode: "K-1"), options: shop.command())
    let ids = try await shop.sync.listExternalIds(.init(customerCode: "K-1")).externalIds
    #expect(ids.map(\.externalId) == ["CRM:1", "CRM:2", "CRM:P2"])
    let again = try await send(
      shop, [.init(externalId: "CRM:2", modifyTime: minute(-4, of: shop), phone: "139")])
    #expect(again.map(\.code) == ["K-1"] && again.map(\.outcome) == [.updated])
    _ = try await shop.sync.removeExternalId(
      .init(externalId: "CRM:1"), options: shop.command())
    let twice = await refusal {
      try await shop.sync.removeExternalId(.init(externalId: "CRM:1"), options: shop.command())
    }
    #expect(twice?.code == .notFound && reason(twice) == "UNKNOWN_EXTERNAL_ID")
    _ = try await shop.customers.eraseCustomer(
      .init(code: "K-3", reason: "asked"), options: shop.command())
    let left = try await shop.sync.listExternalIds(.init()).externalIds
    #expect(left.map(\.externalId) == ["CRM:2", "CRM:P2"])
    // The code is nobody's any more; under the id the CRM may bring somebody new.
    let erased = try await send(
      shop, [.init(externalId: "CRM:3", modifyTime: time, code: "K-3", name: "李娜")])
    #expect(why(erased[0]) == ["CUSTOMER_ERASED customers[0].code"])
    let audit = try await shop.database.read { snapshot in
      try snapshot.all("SELECT request FROM command") { $0.blob(0) }
    }
    let name = Array("李娜".utf8)
    #expect(!audit.contains { $0.firstRange(of: name) != nil })
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
