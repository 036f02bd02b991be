import Foundation
import Messages
import RPC
import Storage
import TestKit
import Testing
import Values

@testable import Services

@Suite("The audit: who, from where, what, before and after, why")
struct AuditTests {
  @Test("an entry says what a command changed, why, and the trace that it belongs to")
  func mutation() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    var customer = try #require(
      try await shop.customers.getCustomer(.init(code: "CREDIT")).customer)
    customer.creditLimit = yuan("7")
    var options = shop.command(by: "zhang.wei")
    options.metadata.add("joinery-reason", "late%20payer %E9%80%BE%E6%9C%9F")
    options.metadata.add(
      "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    _ = try await shop.customers.upsertCustomers(.init(customers: [customer]), options: options)
    let entry = try #require(
      try await shop.audit.listEntries(.init(pageSize: 1)).entries.first)
    #expect(entry.principal == "zhang.wei")
    #expect(entry.peer == "in-process")
    #expect(entry.method == "joinery.customers.v1.CustomerService/UpsertCustomers")
    #expect(entry.kind == .command)
    #expect(entry.reason == "late payer 逾期")
    #expect(entry.traceId == "4bf92f3577b34da6a3ce929d0e0e4736")
    let row = try #require(entry.changes?.rows.first { $0.table == "customer" })
    #expect(row.row.contains(.init(name: "code", value: "CREDIT")))
    #expect(
      row.columns.contains { $0.name == "credit_limit_minor" && $0.after == "700" }, "\(row)")
    let asked = try CustomersV1.UpsertCustomersRequest(wire: entry.request)
    #expect(asked.customers.first?.creditLimit == yuan("7"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("the reason is that of the request where the caller gives no other")
  func reasonOfTheRequest() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.inventory.receiveStock(
      .init(
        sku: "LAMP", warehouseCode: "MAIN", quantity: pieces(1), unitCost: yuanEach("80"),
        reason: "found behind the shelf"), options: shop.command())
    let entry = try #require(
      try await shop.audit.listEntries(.init(pageSize: 1)).entries.first)
    #expect(entry.reason == "found behind the shelf")
    await shop.close()
  }

  @Test("a caller is on record with the credential that let it in")
  func credential() async throws {
    let gate = try await Gatehouse()
    _ = try await gate.shop.identity.createMachine(
      .init(name: "till-7", kind: .till, displayName: "Counter", roles: ["ADMINISTRATOR"]),
      options: gate.command(gate.admin))
    let key = try await gate.shop.identity.issueKey(
      .init(principal: "till-7"), options: gate.command(gate.admin))
    _ = try await gate.shop.catalog.upsertWarehouses(
      .init(warehouses: [.init(code: "MAIN", name: "总仓")]),
      options: gate.command(bearer(key.secret)))
    let entries = try await gate.shop.audit.listEntries(
      .init(pageSize: 2), options: gate.admin
    ).entries
    #expect(entries.first?.credential == "key \(key.key?.keyId ?? "")")
    #expect(entries.last?.credential.hasPrefix("session ") == true)
    try await gate.close()
  }

  /// As the first servers wrote it: hash computed from their description, by other code.
  @Test("entries in the format of older servers stay valid, and new ones follow them")
  func firstFormat() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "shop.db").path
    let old = Schema.migrations.filter {
      !$0.id.hasPrefix("commands-") || $0.id == "commands-0001-command"
    }
    let database = try Database.open(
      .init(path: path), migrations: old, now: Instant(microseconds: 0))
    try await database.write { tx in
      try tx.execute(
        """
        INSERT INTO command
          (sequence, at, actor, peer, method, idempotency_key, request, status, reply, hash)
        VALUES (1, 1795000000000000, 'li.na', '127.0.0.1:50123',
          'joinery.catalog.v1.CatalogService/UpsertWarehouses', 'old-1', x'0a0401020304', 0,
          x'0102', x'fce723365cc0a9f9f56c6d2190871cd0f487ccab5b7e86d96d010c1ab98880b1')
        """)
      try tx.execute(
        """
        INSERT INTO event VALUES (1, 0, 'company.configured', 'MASTER_DATA', 'company',
          'MASTER_DATA', 'company', char(9) || char(9) || 'name' || char(9) || 'Joinery')
        """)
    }
    database.close()
    let shop = try await Shop.open(.init(path: path))
    try await shop.furnish()
    let chain = try await shop.database.read { try AuditChain.check(in: $0) }
    #expect(chain.entries > 1)
    #expect(chain.violations == [])
    let first = try await shop.audit.listEntries(.init(documentNumber: "company")).entries.last
    #expect(first?.principal == "li.na")
    try await shop.database.write {
      try $0.execute("UPDATE command SET peer = 'elsewhere' WHERE sequence = 1")
    }
    let forged = try await shop.database.read { try AuditChain.check(in: $0) }
    #expect(forged.violations.map(\.text) == ["Entry 1 is not what was recorded."])
    await shop.close()
  }

  @Test("lists by principal, method, document, outcome, kind and time, a page at a time")
  func lists() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 50, cost: "80")
    let order = try await shop.place([("LAMP", 1)])
    shop.clock.advance(seconds: 3_600)
    let late = shop.clock.now
    _ = await refusal {
      try await shop.orders.placeOrder(
        .init(order: shop.input([("NOTHING", 1)])), options: shop.command(by: "chen.jie"))
    }
    func list(_ request: AuditV1.ListEntriesRequest) async throws -> [AuditV1.Entry] {
      var (request, entries) = (request, [AuditV1.Entry]())
      request.pageSize = 2
      repeat {
        let page = try await shop.audit.listEntries(request)
        entries += page.entries
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      return entries
    }
    let all = try await list(.init())
    #expect(all.map(\.sequence) == (1...Int64(all.count)).reversed())
    #expect(try await list(.init(principal: "chen.jie")).map(\.sequence) == [all[0].sequence])
    #expect(try await list(.init(method: "PlaceOrder")).count == 2)
    #expect(
      try await list(.init(documentNumber: order.number)).map(\.method)
        == ["joinery.orders.v1.OrderService/PlaceOrder"])
    let refused = try await list(.init(code: 5))
    #expect(refused.map(\.refusal) == ["UNKNOWN_PRODUCT"])
    #expect(try await list(.init(code: 0)).count == all.count - refused.count)
    #expect(try await list(.init(kind: .read)) == [])
    let time = GoogleProtobuf.Timestamp(late)
    #expect(try await list(.init(from: time)).count == 1)
    #expect(try await list(.init(until: time)).count == all.count - 1)
    let unknown = await refusal { try await list(.init(method: "PaintOrder")) }
    #expect(unknown?.code == .invalidArgument)
    await shop.close()
  }
}
