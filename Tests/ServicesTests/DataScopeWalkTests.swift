import Messages
import RPC
import Storage
import TestKit
import Testing

/// Every method of the API is asked by somebody who must see nothing.
@Suite("Nothing of what is out of scope is told")
struct DataScopeWalkTests {
  private static let methods = DescriptorPool.joinery.services.flatMap(\.methods)
    .map(\.descriptor).filter { $0.service.hasPrefix("joinery.") }
  private static let streams = [
    "EventService/Watch", "TillService/Sync", "CustomerService/ExportCustomer",
    "IntakeService/ImportOrders",
  ]

  @Test("every method says whose data it is about, and is asked here if it is somebody's")
  func declared() {
    let probed = Set(Probe.all.map(\.method)).union([
      CustomersV1.CustomerServiceMethods.upsertCustomers,
      CustomersV1.SyncServiceMethods.syncCustomers,
    ])
    for method in Self.methods {
      let isCallersOwn = method.permission == "self" || method.permission == "open"
      #expect((method.scope == .unspecified) == isCallersOwn, "\(method.path)")
      guard method.scope == .rows else { continue }
      if method.shape == .unary {
        #expect(probed.contains(method), "no probe of \(method.path)")
      } else {
        #expect(Self.streams.contains { method.path.hasSuffix($0) }, "\(method.path)")
      }
    }
    #expect(OrdersV1.OrderServiceMethods.getOrder.scope == .rows)
    #expect(FinanceV1.FinanceServiceMethods.getTrialBalance.scope == .all)
  }

  /// What came back: all that a caller can read of it.
  private struct Answer: Equatable {
    var isRefused: Bool
    var text: String

    /// With what is there called as what is not.
    var anonymous: Answer {
      var answer = self
      for (known, unknown) in zip(Named.known.all, Named.unknown.all) {
        answer.text = answer.text.replacing(known, with: unknown)
      }
      return answer
    }
  }

  private func ask(
    _ gate: ScopedShop, _ method: MethodDescriptor, _ request: Raw, by name: String,
    dryRun: Bool = true
  ) async -> Answer {
    let options =
      method.idempotency == .idempotent
      ? gate.commands(name, dryRun: dryRun) : gate.asks(name)
    do {
      let reply: Reply<Raw> = try await gate.shop.channel.unary(method, request, options: options)
      return Answer(isRefused: false, text: reply.message.text)
    } catch {
      let details = error.rawDetails.map { String(decoding: $0.bytes, as: UTF8.self) }
      return Answer(
        isRefused: true, text: ([error.description] + details).joined(separator: "\n"))
    }
  }

  /// Numbers of documents; codes, names, phones and addresses of customers.
  private func secrets(_ gate: ScopedShop) async throws -> [String] {
    let found = try await gate.shop.database.read { snapshot in
      try snapshot.all(
        """
        SELECT number FROM sales_order UNION SELECT number FROM shipment
        UNION SELECT number FROM opportunity UNION SELECT title FROM opportunity
        UNION SELECT external_id FROM external_id
        UNION SELECT number FROM quote UNION SELECT number FROM blanket
        UNION SELECT number FROM invoice UNION SELECT number FROM payment
        UNION SELECT number FROM gift_card UNION SELECT number FROM payout
        UNION SELECT number FROM work_order UNION SELECT number FROM purchase_order
        UNION SELECT number FROM requisition UNION SELECT number FROM journal_entry
        UNION SELECT code FROM customer WHERE code LIKE 'KUNDE%'
        UNION SELECT name FROM customer UNION SELECT phone FROM customer
        UNION SELECT address FROM customer UNION SELECT street FROM customer_address
        UNION SELECT name FROM customer_contact UNION SELECT reason FROM credit_grant LIMIT 1000
        """
      ) { $0.text(0) }
    }
    #expect(found.count > 30)
    return found.filter { !$0.isEmpty }
  }

  @Test("what is out of scope is as if it were not there, for every method")
  func rows() async throws {
    let gate = try await ScopedShop([])
    let secrets = try await secrets(gate)
    for probe in Probe.all {
      let path = Comment(rawValue: "\(probe.method.path) \(probe.request(.known).text)")
      let request = probe.request(.known)
      let nobody = await ask(gate, probe.method, request, by: "nobody")
      let everybody = await ask(gate, probe.method, request, by: "everybody")
      switch probe.kind {
      case .lists:
        #expect(!nobody.isRefused && nobody.text.isEmpty, path)
        #expect(!everybody.isRefused && !everybody.text.isEmpty, path)
      case .names:
        let unknown = await ask(gate, probe.method, probe.request(.unknown), by: "nobody")
        #expect(nobody.anonymous == unknown.anonymous, path)
        let known = await ask(gate, probe.method, probe.request(.unknown), by: "everybody")
        #expect(everybody.anonymous != known.anonymous, "the probe proves nothing: \(path)")
        if nobody.isRefused, probe.method.idempotency == .idempotent {
          let done = await ask(gate, probe.method, request, by: "nobody", dryRun: false)
          #expect(done.anonymous == unknown.anonymous, path)
        }
      case .blind:
        let unknown = await ask(gate, probe.method, probe.request(.unknown), by: "nobody")
        #expect(nobody.anonymous == unknown.anonymous, path)
      }
      for secret in secrets where !request.text.contains(secret) {
        #expect(!nobody.text.contains(secret), "\(secret): \(path)")
      }
    }
    try await gate.close()
  }

  @Test("methods about everybody are refused, the others tell nothing of anybody")
  func others() async throws {
    let gate = try await ScopedShop([])
    let secrets = try await secrets(gate)
    for method in Self.methods where method.scope != .rows && method.shape == .unary {
      let answer = await ask(gate, method, Raw(IdentityV1.WhoAmIRequest()), by: "nobody")
      if method.scope == .all {
        #expect(answer.isRefused, "\(method.path)")
        let expected =
          method.permission == "identity.write" ? "PERMISSION_MISSING" : "SCOPE_TOO_NARROW"
        #expect(answer.text.contains(expected), "\(method.path): \(answer.text)")
      }
      for secret in secrets {
        #expect(!answer.text.contains(secret), "\(secret): \(method.path)")
      }
    }
    let trial = await ask(
      gate, FinanceV1.FinanceServiceMethods.getTrialBalance,
      Raw(FinanceV1.GetTrialBalanceRequest()), by: "everybody")
    #expect(!trial.isRefused)
    let export = await refusal {
      for try await _ in try await gate.shop.audit.export(.init(), options: gate.asks("nobody")) {}
    }
    #expect(reason(export) == "SCOPE_TOO_NARROW")
    try await gate.close()
  }

  @Test("of a customer out of scope no more is told than that its code is taken")
  func taken() async throws {
    let gate = try await ScopedShop([])
    let secrets = try await secrets(gate)
    let request = CustomersV1.UpsertCustomersRequest(customers: [
      .init(code: "KUNDE-7", name: "X", version: 1)
    ])
    for dryRun in [true, false] {
      let reply = try await gate.shop.customers.upsertCustomers(
        request, options: gate.commands("nobody", dryRun: dryRun))
      #expect(reply.verdicts[0].violations.map(\.reason) == ["CODE_TAKEN"])
      for secret in secrets where secret != "KUNDE-7" {
        #expect(!Raw(reply).text.contains(secret), "\(secret)")
      }
    }
    let stored = try await gate.shop.customers.getCustomer(
      .init(code: "KUNDE-7"), options: gate.asks("everybody"))
    #expect(stored.customer?.name == "欧阳橡")
    try await gate.close()
  }

  @Test("the stream of events has nothing for whom nothing is in scope")
  func watch() async throws {
    let gate = try await ScopedShop([])
    func events(_ name: String) async throws -> [EventsV1.Event] {
      var found: [EventsV1.Event] = []
      for try await batch in try await gate.shop.events.watch(.init(), options: gate.asks(name)) {
        found += batch.events
        if batch.caughtUp { break }
      }
      return found
    }
    #expect(try await events("nobody").isEmpty)
    #expect(try await events("everybody").count > 20)
    try await gate.close()
  }

  @Test("a queue of commands does nothing out of scope")
  func queue() async throws {
    let gate = try await ScopedShop([])
    let verdicts = try await sync(
      gate.shop,
      [open("nobody")]
        + [Named.known, .unknown].enumerated().map { index, named in
          command(
            index + 1, "OrderService/CancelOrder",
            OrdersV1.CancelOrderRequest(number: named.order, reason: .customerWish).encoded())
        }, options: gate.asks("nobody")
    ).compactMap(\.verdict)
    #expect(verdicts.map(\.code) == [5, 5])
    #expect(
      verdicts.map { $0.message.replacing(Named.known.order, with: Named.unknown.order) }
        .first == verdicts.last?.message)
    try await gate.close()
  }

  @Test("what is known of a customer out of scope is exported to nobody")
  func export() async throws {
    let gate = try await ScopedShop([])
    func items(_ name: String, _ code: String) async throws -> Int {
      var count = 0
      let answers = try await gate.shop.customers.exportCustomer(
        .init(code: code), options: gate.asks(name))
      for try await _ in answers { count += 1 }
      return count
    }
    let known = await refusal { try await items("nobody", "KUNDE-7") }
    let unknown = await refusal { try await items("nobody", "KUNDE-9") }
    #expect(known?.code == .notFound)
    #expect(known?.message.replacing("KUNDE-7", with: "KUNDE-9") == unknown?.message)
    #expect(try await items("everybody", "KUNDE-7") > 10)
    try await gate.close()
  }
}
