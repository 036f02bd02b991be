import Messages
import RPC
import TestKit
import Testing
import Values

@Suite("Four eyes and stand-ins")
struct FourEyesServiceTests {
  /// A person who has logged in and changed the password.
  private func join(
    _ gate: Gatehouse, _ name: String, _ roles: [String]
  ) async throws -> CallOptions {
    let added = try await gate.shop.identity.createPerson(
      .init(name: name, displayName: name, roles: roles), options: gate.command(gate.admin))
    let login = try await gate.logIn(name, added.oneTimePassword)
    let mine = bearer(login.tokens?.accessToken)
    _ = try await gate.shop.identity.changePassword(
      .init(oldPassword: added.oneTimePassword, newPassword: Gatehouse.password),
      options: gate.command(mine))
    return mine
  }

  @Test("two administrators: one gives power, the other agrees or does not")
  func grants() async throws {
    let gate = try await Gatehouse()
    let identity = gate.shop.identity
    let second = try await join(gate, "second", ["ADMINISTRATOR"])
    let given = try await identity.setRoles(
      .init(name: "wang.fang", roles: ["SALES", "ADMINISTRATOR"]),
      options: gate.command(gate.admin)
    ).principal
    #expect(given?.roles == ["SALES"])
    let grants = try await identity.listGrants(.init(), options: second).grants
    #expect(grants.map(\.principal) == ["wang.fang"])
    #expect(grants.map(\.role) == ["ADMINISTRATOR"])
    #expect(grants.map(\.requestedBy) == ["chief"])
    let name = grants[0].grantId
    let own = await refusal {
      try await identity.approveGrant(.init(grantId: name), options: gate.command(gate.admin))
    }
    #expect(own?.code == .permissionDenied)
    #expect(reason(own) == "MAY_NOT_APPROVE")
    _ = try await identity.approveGrant(.init(grantId: name), options: gate.command(second))
    let after = try await identity.getPrincipal(.init(name: "wang.fang"), options: second)
    #expect(after.principal?.roles == ["ADMINISTRATOR", "SALES"])

    _ = try await identity.createMachine(
      .init(name: "robot", kind: .service, displayName: "Robot", roles: ["AUDITOR"]),
      options: gate.command(gate.admin))
    _ = try await identity.setRoles(
      .init(name: "robot", roles: ["ADMINISTRATOR"]), options: gate.command(second))
    let robot = try await identity.listGrants(.init(), options: second).grants
    _ = try await identity.approveGrant(
      .init(grantId: robot[0].grantId), options: gate.command(gate.admin))
    let key = try await identity.issueKey(
      .init(principal: "robot"), options: gate.command(gate.admin))
    #expect(key.key?.withheld == true)
    let shut = await refusal { try await identity.whoAmI(.init(), options: bearer(key.secret)) }
    #expect(reason(shut) == "KEY_WITHHELD")
    let rejected = try await identity.rejectGrant(
      .init(grantId: key.key?.keyId ?? ""), options: gate.command(second))
    #expect(rejected.grant?.keyId == key.key?.keyId)
    #expect(try await identity.listGrants(.init(), options: second).grants == [])
    let still = await refusal { try await identity.whoAmI(.init(), options: bearer(key.secret)) }
    #expect(reason(still) == "KEY_ENDED")
    try await gate.close()
  }

  @Test("an administrator makes itself no second one by another's password or second factor")
  func resets() async throws {
    let gate = try await Gatehouse()
    let identity = gate.shop.identity
    let second = try await join(gate, "second", ["ADMINISTRATOR"])
    let added = try await identity.addSecondFactor(
      .init(password: Gatehouse.password), options: gate.command(second))
    #expect(!added.secret.isEmpty)
    let password = await refusal {
      try await identity.resetPassword(.init(name: "second"), options: gate.command(gate.admin))
    }
    #expect(reason(password) == "RESET_OF_ADMINISTRATOR")
    #expect(password?.code == .failedPrecondition)
    let factor = await refusal {
      try await identity.resetSecondFactor(
        .init(name: "second"), options: gate.command(gate.admin))
    }
    #expect(reason(factor) == "RESET_OF_ADMINISTRATOR")
    let other = try await identity.resetPassword(
      .init(name: "wang.fang"), options: gate.command(gate.admin))
    #expect(!other.oneTimePassword.isEmpty)
    try await gate.close()
  }

  @Test(
    "a stand-in may what the role permits, for as long as told, but not approve the delegator's")
  func standIn() async throws {
    let gate = try await Gatehouse()
    let identity = gate.shop.identity
    let manager = try await join(gate, "manager", ["SALES_MANAGER"])
    let other = try await join(gate, "li.na", ["SALES"])
    for command in ["warehouse", "product", "prices", "customer", "rules"] {
      try await furnish(gate, command, manager)
    }
    let mine = try await order(gate, by: manager)
    let theirs = try await order(gate, by: other)
    let approve = { (number: String) in
      try await gate.shop.orders.approveOrder(
        .init(number: number), options: gate.command(other))
    }
    #expect(reason(await refusal { try await approve(mine) }) == "PERMISSION_MISSING")
    let seconds = gate.shop.clock.now.microseconds / 1_000_000
    let delegation = try await identity.delegateRole(
      .init(delegate: "li.na", role: "SALES_MANAGER", endTime: .init(seconds: seconds + 600)),
      options: gate.command(manager)
    ).delegation
    #expect(delegation?.delegator == "manager")
    let seen = try await identity.listDelegations(.init(), options: other).delegations
    #expect(seen.map(\.delegationId) == [delegation?.delegationId ?? ""])
    #expect(reason(await refusal { try await approve(mine) }) == "STAND_IN_MAY_NOT_DECIDE")
    #expect(reason(await refusal { try await approve(theirs) }) == "CREATOR_MAY_NOT_DECIDE")
    let third = try await order(gate, by: try await join(gate, "third", ["SALES"]))
    _ = try await approve(third)
    let fourth = try await order(gate, by: try await join(gate, "fourth", ["SALES"]))
    gate.shop.clock.advance(seconds: 600)
    #expect(reason(await refusal { try await approve(fourth) }) == "PERMISSION_MISSING")
    let far = await refusal {
      try await identity.delegateRole(
        .init(delegate: "li.na", role: "SALES_MANAGER", endTime: .init(seconds: .max)),
        options: gate.command(manager))
    }
    #expect(reason(far) == "OUT_OF_RANGE")
    try await gate.close()
  }

  @Test("a delegation is revoked by whoever gave or got it, and by who administers")
  func revoked() async throws {
    let gate = try await Gatehouse()
    let identity = gate.shop.identity
    let manager = try await join(gate, "manager", ["SALES_MANAGER"])
    let other = try await join(gate, "li.na", ["SALES"])
    let stranger = try await join(gate, "stranger", ["SALES"])
    let end = gate.shop.clock.now.microseconds / 1_000_000 + 600
    for caller in [manager, other, gate.admin] {
      let name = try await identity.delegateRole(
        .init(delegate: "li.na", role: "SALES_MANAGER", endTime: .init(seconds: end)),
        options: gate.command(manager)
      ).delegation?.delegationId
      let refused = await refusal {
        try await identity.revokeDelegation(
          .init(delegationId: name ?? ""), options: gate.command(stranger))
      }
      #expect(reason(refused) == "UNKNOWN_DELEGATION")
      #expect(
        try await identity.whoAmI(.init(), options: other).permissions.contains("prices.write"))
      _ = try await identity.revokeDelegation(
        .init(delegationId: name ?? ""), options: gate.command(caller))
      #expect(
        try await !identity.whoAmI(.init(), options: other).permissions.contains("prices.write"))
    }
    let curious = await refusal {
      try await identity.listDelegations(.init(principal: "manager"), options: stranger)
    }
    #expect(reason(curious) == "PERMISSION_MISSING")
    try await gate.close()
  }

  @Test("the shipped pairs name permissions of methods, and who holds both is listed")
  func duties() async throws {
    let gate = try await Gatehouse()
    let identity = gate.shop.identity
    let shipped = try await identity.listDutyConflicts(.init(), options: gate.admin)
    #expect(shipped.conflicts.count > 10)
    #expect(shipped.findings == [])
    // The shipped ones can be kept: all of their permissions are asked for by some method.
    let kept = try await identity.replaceDutyConflicts(
      .init(conflicts: shipped.conflicts), options: gate.command(gate.admin))
    #expect(kept.conflicts == shipped.conflicts)
    _ = try await identity.setRoles(
      .init(name: "wang.fang", roles: ["SALES_MANAGER"]), options: gate.command(gate.admin))
    let found = try await identity.listDutyConflicts(.init(), options: gate.admin).findings
    #expect(
      found.map { "\($0.principal) \($0.conflict?.first ?? "") \($0.conflict?.second ?? "")" } == [
        "wang.fang orders.configure orders.create", "wang.fang orders.create orders.approve",
        "wang.fang prices.write orders.create",
      ])
    #expect(found.allSatisfy { $0.roles == ["SALES_MANAGER"] })
    try await gate.close()
  }

  private func furnish(_ gate: Gatehouse, _ what: String, _ manager: CallOptions) async throws {
    let admin = gate.command(gate.admin)
    switch what {
    case "warehouse":
      _ = try await gate.shop.catalog.upsertWarehouses(
        .init(warehouses: [.init(code: "MAIN", name: "总仓")]), options: admin)
    case "product":
      _ = try await gate.shop.catalog.upsertProducts(
        .init(products: [
          .init(
            sku: "LAMP", name: "落地灯", kind: .stocked, unitCode: "pcs", taxClass: "STANDARD")
        ]), options: admin)
    case "prices":
      _ = try await gate.shop.catalog.upsertPriceLists(
        .init(priceLists: [.init(code: "RETAIL", name: "零售")]), options: admin)
      _ = try await gate.shop.catalog.upsertPrices(
        .init(prices: [
          .init(
            priceListCode: "RETAIL", sku: "LAMP", unitPrice: yuanEach("199.9"),
            validFrom: GoogleType.Date(year: 2026, month: 1, day: 1))
        ]), options: gate.command(gate.admin))
    case "customer":
      _ = try await gate.shop.customers.upsertCustomers(
        .init(customers: [
          .init(
            code: "CREDIT", name: "张伟", creditLimit: yuan("50000"), terms: .init(netDays: 30))
        ]), options: admin)
    default:
      _ = try await gate.shop.orders.replaceApprovalRules(
        .init(rules: [.init(minimumGross: yuan("100.00"), approverRole: "SALES_MANAGER")]),
        options: gate.command(manager))
    }
  }

  /// Places an order that somebody must approve; its number.
  private func order(_ gate: Gatehouse, by caller: CallOptions) async throws -> String {
    let reply = try await gate.shop.orders.placeOrder(
      .init(order: gate.shop.input([("LAMP", 1)])), options: gate.command(caller))
    #expect(reply.order?.approval?.pending == true)
    return reply.order?.number ?? ""
  }
}
