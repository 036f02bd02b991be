import Identity
import Storage
import Testing
import Values

@Suite("Roles")
struct RoleTests {
  private func upsert(
    _ name: String, _ permissions: [String], version: Int64 = 0, in tx: Transaction
  ) throws -> Role {
    try UpsertRole(
      name: name, title: "Title", permissions: permissions, expectedVersion: version,
      known: known
    ).run(in: tx, at: Door.now)
  }

  @Test("a company begins with the shipped roles")
  func shipped() async throws {
    let names = try await Door().database.read { try Roles.list(in: $0).map(\.name) }
    #expect(
      names == [
        "ADMINISTRATOR", "AUDITOR", "CUSTOMER_SERVICE", "FINANCE", "GENERAL_MANAGER",
        "INTEGRATION", "PRODUCTION_PLANNER", "PURCHASER", "SALES", "SALES_MANAGER", "TILL",
        "WAREHOUSE", "WORKSHOP",
      ])
  }

  @Test("a changed role counts its versions, says what changed, and holds at once")
  func change() async throws {
    let door = try Door()
    try await door.write { tx in
      let person = try CreatePrincipal.person("li.na", in: tx)
      #expect(try upsert("QUOTES", ["orders.read", "orders.create"], in: tx).version == 1)
      _ = try SetRoles(name: "li.na", roles: ["QUOTES", "QUOTES"]).run(in: tx, at: Door.now)
      #expect(
        try Set(Scopes.byPermission(of: person, at: Door.now.instant, in: tx).keys) == [
          "orders.read", "orders.create",
        ])
      _ = tx.takeEvents()
      #expect(try upsert("QUOTES", ["orders.read"], version: 1, in: tx).version == 2)
      let event = try #require(tx.takeEvents().first)
      #expect(event.type == "role.changed")
      #expect(event.facts == [Fact("removed", "orders.create")])
      #expect(
        try Set(Scopes.byPermission(of: person, at: Door.now.instant, in: tx).keys) == [
          "orders.read"
        ])
      #expect(try upsert("QUOTES", ["orders.read", "orders.read"], in: tx).version == 2)
      #expect(tx.takeEvents().isEmpty)
    }
  }

  @Test("the last person who administers stays one, whichever way it is tried")
  func lastAdministrator() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("boss", roles: ["ADMINISTRATOR"], in: tx)
      _ = try CreatePrincipal(
        machine: "robot", kind: .service, displayName: "Robot", roles: ["ADMINISTRATOR"],
        certificateSubject: nil
      ).run(in: tx, at: Door.now)
    }
    let attempts: [@Sendable (Transaction) throws -> Void] = [
      { _ = try SetRoles(name: "boss", roles: []).run(in: $0, at: Door.now) },
      { _ = try SetPrincipalState(name: "boss", isDisabled: true).run(in: $0, at: Door.now) },
      {
        _ = try UpsertRole(
          name: "ADMINISTRATOR", title: "None", permissions: ["identity.read"], known: known
        ).run(in: $0, at: Door.now)
      },
    ]
    for attempt in attempts {
      #expect(try await door.refusals(attempt).map(\.reason) == ["LAST_ADMINISTRATOR"])
    }
    _ = try await door.write {
      try CreatePrincipal.person("second", roles: ["ADMINISTRATOR"], in: $0)
    }
    #expect(try await door.refusals(attempts[0]).isEmpty)
    #expect(try await door.refusals(attempts[1]).isEmpty)
  }

  @Test("explains why, or why not")
  func explain() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.till("till-1", in: tx)
      _ = try CreatePrincipal.person("li.na", roles: ["SALES"], in: tx)
      var data = ExplainAccess.Data.common
      let ask = { (name: String, permission: String) in
        let (isAllowed, explanation) = try ExplainAccess(
          principal: name, permission: permission, isSensitive: permission == "identity.write",
          data: data, rule: .required
        ).run(in: tx, at: Door.now.instant)
        return "\(isAllowed) \(explanation.steps.map(\.rule).joined(separator: " "))"
      }
      #expect(try ask("till-1", "orders.create") == "true principal.state role.permission")
      #expect(try ask("till-1", "orders.approve") == "false principal.state role.permission")
      #expect(
        try ask("li.na", "orders.create")
          == "false principal.state role.permission password.change")
      #expect(try ask("li.na", "open") == "true method.open")
      #expect(try ask("till-1", "self") == "true principal.state method.self")
      _ = try CreatePrincipal(
        machine: "provisioner", kind: .service, displayName: "P", roles: ["ADMINISTRATOR"],
        certificateSubject: nil
      ).run(in: tx, at: Door.now)
      #expect(
        try ask("provisioner", "identity.write")
          == "true principal.state role.permission method.sensitive")
      data = .everybodys
      #expect(
        try ask("till-1", "orders.create") == "true principal.state role.permission role.scope")
      _ = try SetScope(
        name: "till-1", place: Place(storeCode: "S1"),
        reaches: [RoleReach(role: "TILL", reaches: [.ownStore])]
      ).run(in: tx, at: Door.now)
      #expect(
        try ask("till-1", "orders.create") == "false principal.state role.permission role.scope")
      data = .somebodys
      #expect(
        try ask("till-1", "orders.create") == "true principal.state role.permission role.scope")
      data = .common
      _ = try SetPrincipalState(name: "till-1", isDisabled: true).run(in: tx, at: Door.now)
      #expect(try ask("till-1", "orders.create") == "false principal.state")
      #expect(try ask("till-1", "self") == "false principal.state")
    }
  }

  @Test("verify finds a credential of the wrong kind and a session of somebody disabled")
  func invariants() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("li.na", in: tx)
      _ = try LogIn.attempt("li.na", Door.password, in: tx).get()
    }
    #expect(try await door.violations() == [])
    _ = try await door.write { tx in
      try tx.execute("UPDATE principal SET is_disabled = 1, kind = 'TILL'")
    }
    let found = try await door.violations()
    #expect(found.count == 3)
    #expect(found.filter { $0.contains("identity.credential-fits-kind") }.count == 2)
    #expect(found.filter { $0.contains("identity.disabled-has-no-session") }.count == 1)
  }
}
