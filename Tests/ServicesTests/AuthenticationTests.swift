import Messages
import RPC
import Storage
import TestKit
import Testing

@Suite("Authentication")
struct AuthenticationTests {
  @Test("no method but login, refresh, tracking, health and reflection answers a stranger")
  func strangers() async throws {
    let gate = try await Gatehouse()
    let wrong: [(CallOptions, String)] = [
      (CallOptions(), "NOT_AUTHENTICATED"),
      (
        CallOptions(metadata: ["joinery-actor": "chief", "joinery-roles": "ADMINISTRATOR"]),
        "NOT_AUTHENTICATED"
      ),
      (CallOptions(metadata: ["authorization": "Basic Y2hpZWY6eA=="]), "NOT_AUTHENTICATED"),
      (CallOptions(metadata: ["authorization": "bearer x"]), "TOKEN_UNKNOWN"),
      (bearer("jk_aaaaaaaaaaaaaaaa_" + String(repeating: "a", count: 52)), "TOKEN_UNKNOWN"),
    ]
    let open = Set(["open", ""])
    var asked = 0
    for method in DescriptorPool.joinery.services.flatMap(\.methods).map(\.descriptor) {
      guard method.shape == .unary, !open.contains(method.permission) else { continue }
      for (options, expected) in wrong {
        let error = await refusal {
          let reply: Reply<OrdersV1.GetOrderRequest> = try await gate.shop.channel.unary(
            method, OrdersV1.GetOrderRequest(), options: options)
          return reply.message
        }
        #expect(error?.code == .unauthenticated, "\(method.path)")
        #expect(reason(error) == expected, "\(method.path)")
      }
      asked += 1
    }
    #expect(asked > 70)
    try await gate.close()
  }

  @Test("whoever has no role may call nothing but what concerns itself")
  func withoutRoles() async throws {
    let gate = try await Gatehouse()
    _ = try await gate.shop.identity.createMachine(
      .init(name: "nothing", kind: .service, displayName: "No roles"),
      options: gate.command(gate.admin))
    let key = bearer(
      try await gate.shop.identity.issueKey(
        .init(principal: "nothing"), options: gate.command(gate.admin)
      ).secret)
    for method in DescriptorPool.joinery.services.flatMap(\.methods).map(\.descriptor) {
      guard method.shape == .unary, !["self", "open", ""].contains(method.permission) else {
        continue
      }
      let error = await refusal {
        let reply: Reply<OrdersV1.GetOrderRequest> = try await gate.shop.channel.unary(
          method, OrdersV1.GetOrderRequest(), options: key)
        return reply.message
      }
      #expect(error?.code == .permissionDenied, "\(method.path)")
      #expect(
        error?.detail(GoogleRPC.ErrorInfo.self)?.metadata["permission"] == method.permission)
    }
    _ = try await gate.shop.identity.whoAmI(.init(), options: key)
    try await gate.close()
  }

  @Test("a command is on record under the name that was proved, whatever the metadata say")
  func onRecord() async throws {
    let gate = try await Gatehouse()
    var options = gate.command(gate.admin)
    options.metadata.add("joinery-actor", "somebody.else")
    options.metadata.add("joinery-roles", "GENERAL_MANAGER")
    _ = try await gate.shop.catalog.upsertWarehouses(
      .init(warehouses: [.init(code: "MAIN", name: "总仓")]), options: options)
    let actor = try await gate.shop.database.read { snapshot in
      try snapshot.first(
        "SELECT actor FROM command WHERE method LIKE '%UpsertWarehouses'"
      ) { $0.text(0) }
    }
    #expect(actor == "chief")
    try await gate.close()
  }

  @Test("a stream ends when the key it came with is revoked")
  func revokedStream() async throws {
    let gate = try await Gatehouse()
    _ = try await gate.shop.identity.createMachine(
      .init(name: "feed", kind: .service, displayName: "Feed", roles: ["INTEGRATION"]),
      options: gate.command(gate.admin))
    let issued = try await gate.shop.identity.issueKey(
      .init(principal: "feed"), options: gate.command(gate.admin))
    var batches = try await gate.shop.events.watch(
      .init(fromNow: true), options: bearer(issued.secret)
    ).makeAsyncIterator()
    #expect(try await batches.next()?.caughtUp == true)
    // Something else changes: the stream goes on.
    _ = try await gate.shop.identity.setRoles(
      .init(name: "wang.fang", roles: []), options: gate.command(gate.admin))
    #expect(try await batches.next()?.events.map(\.type) == ["principal.roles-set"])
    _ = try await gate.shop.identity.revokeKey(
      .init(keyId: issued.key?.keyId ?? ""), options: gate.command(gate.admin))
    let end = await refusal { while try await batches.next() != nil {} }
    #expect(end?.code == .unauthenticated)
    #expect(reason(end) == "KEY_ENDED")
    try await gate.close()
  }

  @Test("a till speaks for its own queue, and under its own name")
  func tills() async throws {
    let gate = try await Gatehouse()
    _ = try await gate.shop.identity.createMachine(
      .init(name: "till-7", kind: .till, displayName: "Counter", roles: ["TILL"]),
      options: gate.command(gate.admin))
    let key = bearer(
      try await gate.shop.identity.issueKey(
        .init(principal: "till-7"), options: gate.command(gate.admin)
      ).secret)
    let foreign = await refusal {
      let answers = try await gate.shop.tills.sync(options: key) { writer in
        try await writer.write(.init(step: .opening(.init(terminal: "till-8"))))
      }
      for try await _ in answers {}
    }
    #expect(foreign?.code == .permissionDenied)
    #expect(reason(foreign) == "TERMINAL_FOREIGN")
    let customers = CustomersV1.UpsertCustomersRequest(customers: [.init(code: "C-1", name: "张伟")])
    let queue: [TillsV1.QueuedCommand] = [
      queued(1, "joinery.customers.v1.CustomerService/UpsertCustomers", customers.encoded()),
      queued(
        2, "joinery.customers.v1.CustomerService/UpsertCustomers", customers.encoded(),
        actor: "li.na"),
      queued(3, "joinery.identity.v1.IdentityService/UpsertRole", []),
      queued(
        4, "joinery.catalog.v1.CatalogService/UpsertWarehouses",
        CatalogV1.UpsertWarehousesRequest().encoded()),
    ]
    var verdicts: [String] = []
    let answers = try await gate.shop.tills.sync(options: key) { writer in
      try await writer.write(.init(step: .opening(.init(terminal: "till-7"))))
      for command in queue { try await writer.write(.init(step: .command(command))) }
    }
    for try await answer in answers {
      guard let verdict = answer.verdict else { continue }
      let status = verdict.code == 0 ? nil : RPCError(encodedStatus: verdict.status)
      verdicts.append("\(verdict.number) \(status.flatMap(reason) ?? "done")")
    }
    #expect(
      verdicts == [
        "1 done", "2 ACTOR_NOT_PROVED", "3 METHOD_NOT_A_COMMAND", "4 PERMISSION_MISSING",
      ])
    try await gate.close()
  }

  private func queued(
    _ number: Int64, _ method: String, _ request: [UInt8], actor: String = ""
  ) -> TillsV1.QueuedCommand {
    .init(
      number: number, method: method, request: request, idempotencyKey: "queued-\(number)",
      actor: actor)
  }

  @Test("where callers are believed, one who shows a token still must hold the permission")
  func believedAndProved() async throws {
    let shop = try await Shop.open()
    _ = try await shop.identity.createMachine(
      .init(name: "nothing", kind: .service, displayName: "No roles"), options: shop.command())
    let secret = try await shop.identity.issueKey(
      .init(principal: "nothing"), options: shop.command()
    ).secret
    _ = try await shop.catalog.listProducts(.init())
    let denied = await refusal {
      try await shop.catalog.listProducts(.init(), options: bearer(secret))
    }
    #expect(denied?.code == .permissionDenied)
    let nobody = await refusal { try await shop.identity.whoAmI(.init()) }
    #expect(reason(nobody) == "NOT_AUTHENTICATED")
    await shop.close()
  }
}
