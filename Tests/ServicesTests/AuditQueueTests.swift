import Identity
import Messages
import Storage
import TestKit
import Testing
import Values

@testable import RPC
@testable import Services

@Suite("Refused attempts and audited reads")
struct AuditQueueTests {
  private func entries(
    _ gate: Gatehouse, _ kind: AuditV1.EntryKind
  ) async throws -> [AuditV1.Entry] {
    await gate.shop.signAudit()
    return try await gate.shop.audit.listEntries(.init(kind: kind), options: gate.admin).entries
  }

  @Test("the same refusal is one entry with a count; another method or reason is another")
  func refusals() async throws {
    let gate = try await Gatehouse()
    _ = try await gate.shop.identity.createMachine(
      .init(name: "till-7", kind: .till, displayName: "Counter", roles: ["TILL"]),
      options: gate.command(gate.admin))
    let key = bearer(
      try await gate.shop.identity.issueKey(
        .init(principal: "till-7"), options: gate.command(gate.admin)
      ).secret)
    for _ in 1...30 {
      _ = await refusal { try await gate.shop.identity.whoAmI(.init(), options: bearer("x")) }
      _ = await refusal { try await gate.shop.finance.getTrialBalance(.init(), options: key) }
    }
    _ = await refusal { try await gate.shop.orders.getOrder(.init(), options: bearer("x")) }
    _ = await refusal { try await gate.shop.identity.login(.init(name: "nobody", password: "y")) }
    let found = try await entries(gate, .refusal)
    let summary = found.map { entry in
      "\(entry.principal) \(entry.method.split(separator: "/").last ?? "") \(entry.code) "
        + "\(entry.refusal) \(entry.occurrences)"
    }
    #expect(
      summary.sorted() == [
        " GetOrder 16 TOKEN_UNKNOWN 1", " Login 16 LOGIN_REFUSED 1",
        " WhoAmI 16 TOKEN_UNKNOWN 30", "till-7 GetTrialBalance 7 PERMISSION_MISSING 30",
      ])
    #expect(found.allSatisfy { $0.request.isEmpty && $0.reply.isEmpty })
    #expect(found.first { $0.principal == "till-7" }?.credential.hasPrefix("key ") == true)
    try await gate.close()
  }

  @Test("a wrong password is on record once, as the command that counts it")
  func wrongPassword() async throws {
    let gate = try await Gatehouse()
    _ = await refusal { try await gate.logIn("wang.fang", "not it at all") }
    #expect(try await entries(gate, .refusal).isEmpty)
    let logins = try await gate.shop.audit.listEntries(
      .init(method: "Login", code: 16), options: gate.admin
    ).entries
    #expect(logins.map(\.principal) == ["wang.fang"])
    try await gate.close()
  }

  @Test("who reads about people or the books is on record with what was asked")
  func reads() async throws {
    let gate = try await Gatehouse()
    for name in ["chief", "wang.fang", "chief"] {
      _ = try await gate.shop.identity.getPrincipal(.init(name: name), options: gate.admin)
    }
    _ = await refusal {
      try await gate.shop.identity.getPrincipal(.init(name: "nobody"), options: gate.admin)
    }
    _ = try await gate.shop.catalog.listProducts(.init(), options: gate.admin)
    let found = try await entries(gate, .read)
    let entry = try #require(found.first { $0.method.hasSuffix("/GetPrincipal") })
    #expect(entry.principal == "chief")
    #expect(entry.occurrences == 3)
    #expect(entry.credential.hasPrefix("session "))
    let asked = try AuditV1.Questions(wire: entry.request).requests.map {
      try IdentityV1.GetPrincipalRequest(wire: $0).name
    }
    #expect(asked == ["chief", "wang.fang"])
    #expect(!found.contains { $0.method.hasSuffix("/ListProducts") })
    // To look at the audit is on record, too.
    #expect(try await entries(gate, .read).contains { $0.method.hasSuffix("/ListEntries") })
    try await gate.close()
  }

  @Test("every question whose answer holds what not everybody may know says so, and is on record")
  func declared() async throws {
    let kept: Set = [
      "joinery.customers.v1.Customer", "joinery.identity.v1.Principal",
      "joinery.identity.v1.Session", "joinery.identity.v1.ApiKey", "joinery.audit.v1.Entry",
      "joinery.reports.v1.AgedReceivable",
    ]
    // Whoever asks who it is learns nothing that it did not know.
    let excepted: Set = ["WhoAmI"]
    let pool = DescriptorPool.joinery
    func holds(_ message: String, _ depth: Int = 0) -> Bool {
      if kept.contains(message) { return true }
      guard depth < 8, let description = pool.message(message) else { return false }
      return description.fields.contains { field in
        !field.readPermission.isEmpty
          || !field.typeName.isEmpty && holds(field.typeName, depth + 1)
      }
    }
    let methods = pool.services.flatMap(\.methods)
    for method in methods where method.descriptor.idempotency == .noSideEffects {
      guard holds(method.output), !excepted.contains(method.descriptor.name) else { continue }
      #expect(method.reads != .unspecified, "\(method.fullName)")
    }
    let declared = methods.filter { $0.reads != .unspecified }
    #expect(declared.count >= 12)
    let gate = try await Gatehouse()
    var read: Set<String> = []
    for method in declared.map(\.descriptor) where method.shape == .unary {
      #expect(AuditQueue.auditedMethods[method.path] != nil)
      let error = await refusal {
        // A message without fields reads any answer.
        let reply: Reply<AuditV1.ExportRequest> = try await gate.shop.channel.unary(
          method, AuditV1.ExportRequest(), options: gate.admin)
        return reply.message
      }
      if error == nil { read.insert("\(method.service)/\(method.name)") }
    }
    #expect(read.count >= 5, "\(read)")
    let found = Set(try await entries(gate, .read).map(\.method))
    #expect(read.isSubset(of: found), "\(read.subtracting(found))")
    try await gate.close()
  }

  @Test("costs that were withheld from the caller have not been read, those that were told have")
  func withheld() async throws {
    let gate = try await Gatehouse()
    for (name, role) in [("shelf", "WAREHOUSE"), ("books", "FINANCE")] {
      _ = try await gate.shop.identity.createMachine(
        .init(name: name, kind: .service, displayName: name, roles: [role]),
        options: gate.command(gate.admin))
      let key = try await gate.shop.identity.issueKey(
        .init(principal: name), options: gate.command(gate.admin))
      _ = try await gate.shop.inventory.listStock(.init(), options: bearer(key.secret))
    }
    let readers = try await entries(gate, .read).filter { $0.method.hasSuffix("/ListStock") }
    #expect(readers.map(\.principal) == ["books"])
    try await gate.close()
  }

  @Test("an attacker from everywhere makes a thousand entries and one, and each attempt counts")
  func flood() async throws {
    let shop = try await Shop.open()
    let queue = try await queue(of: shop)
    for number in 0..<5_000 {
      refuse(queue, from: "10.\(number / 250).0.\(number % 250):4\(number)")
    }
    let before = try await entries(shop)
    try await queue.write()
    #expect(try await entries(shop) - before == 1_001)
    #expect(try await occurrences(shop) == 5_000)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("within a minute the same is counted, not written again, and nothing is forgotten")
  func oncePerMinute() async throws {
    let shop = try await Shop.open()
    let queue = try await queue(of: shop)
    refuse(queue, from: "10.0.0.1:4000")
    try await queue.write()
    #expect(try await occurrences(shop) == 1)
    for port in 0..<9 { refuse(queue, from: "10.0.0.1:50\(port)") }
    try await queue.write()
    #expect(try await occurrences(shop) == 1)
    try await queue.write(all: true)
    #expect(try await occurrences(shop) == 10)
    try await queue.write(all: true)
    #expect(try await occurrences(shop) == 10)
    await shop.close()
  }

  @Test("what a failing store did not take is written later")
  func failingStore() async throws {
    let faults = FaultPlan()
    var configuration = Database.Configuration.inMemory
    configuration.faults = faults
    let shop = try await Shop.open(configuration)
    let queue = try await queue(of: shop)
    for _ in 1...5 { refuse(queue, from: "10.0.0.1:4000") }
    faults.arm(.commit)
    await #expect(throws: StorageError.self) { try await queue.write() }
    faults.disarm()
    refuse(queue, from: "10.0.0.1:4000")
    try await queue.write()
    #expect(try await occurrences(shop) == 6)
    await shop.close()
  }

  @Test("of one method at most fifty questions are told apart, and all are counted")
  func manyQuestions() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    for number in 0..<80 {
      _ = try await shop.customers.listCustomers(.init(prefix: "\(number)"))
    }
    await shop.signAudit()
    let found = try await shop.audit.listEntries(.init(kind: .read)).entries
    let entry = try #require(found.first { $0.method.hasSuffix("/ListCustomers") })
    #expect(entry.occurrences == 80)
    #expect(try AuditV1.Questions(wire: entry.request).requests.count == 50)
    await shop.close()
  }

  private func queue(of shop: Shop) async throws -> AuditQueue {
    let clock = try #require(SiteClock(zone: "Asia/Shanghai") { shop.clock.now })
    return AuditQueue(
      commands: CommandLog(
        database: shop.database, clock: clock,
        subjects: SubjectSeal(keys: SealKeyRing()) { Array(repeating: 7, count: $0) }))
  }

  private func refuse(_ queue: AuditQueue, from peer: String) {
    let context = CallContext(
      method: OrdersV1.OrderServiceMethods.getOrder, peer: peer)
    queue.interceptor.after?(
      context,
      CallOutcome(
        code: .unauthenticated, duration: .zero, error: RPCError(.unauthenticated, "who are you")))
  }

  private func entries(_ shop: Shop) async throws -> Int64 {
    try await shop.database.read { snapshot in
      try snapshot.first("SELECT count(*) FROM command WHERE kind = 1") { $0.int64(0) } ?? 0
    }
  }

  private func occurrences(_ shop: Shop) async throws -> Int64 {
    try await shop.database.read { snapshot in
      try snapshot.all("SELECT occurrences FROM command WHERE kind = 1") { $0.int64(0) }
        .reduce(0, +)
    }
  }
}
