import Messages
import RPC
import Storage
import TestKit
import Testing

@Suite("Identity service")
struct IdentityServiceTests {
  @Test("a person logs in, changes the one-time password, works, refreshes, and logs out")
  func lifeOfASession() async throws {
    let gate = try await Gatehouse()
    let first = try await gate.logIn("wang.fang", gate.oneTimePassword)
    #expect(first.passwordChangeRequired)
    var mine = bearer(first.tokens?.accessToken)
    let early = await refusal {
      try await gate.shop.catalog.listProducts(.init(), options: mine)
    }
    #expect(early?.code == .permissionDenied)
    #expect(reason(early) == "PASSWORD_CHANGE_REQUIRED")
    _ = try await gate.shop.identity.changePassword(
      .init(oldPassword: gate.oneTimePassword, newPassword: Gatehouse.password),
      options: gate.command(mine))
    _ = try await gate.shop.catalog.listProducts(.init(), options: mine)
    let refreshed = try await gate.shop.identity.refresh(
      .init(refreshToken: first.tokens?.refreshToken ?? ""))
    let stale = await refusal { try await gate.shop.identity.whoAmI(.init(), options: mine) }
    #expect(stale?.code == .unauthenticated)
    mine = bearer(refreshed.tokens?.accessToken)
    let me = try await gate.shop.identity.whoAmI(.init(), options: mine)
    #expect(me.principal?.name == "wang.fang")
    #expect(me.principal?.roles == ["SALES"])
    #expect(me.permissions.contains("orders.create"))
    #expect(!me.passwordChangeRequired)
    let sessions = try await gate.shop.identity.listSessions(.init(), options: mine).sessions
    #expect(sessions.map(\.current) == [true])
    #expect(sessions.map(\.sessionId) == [me.sessionId])
    _ = try await gate.shop.identity.logout(.init(), options: gate.command(mine))
    let out = await refusal { try await gate.shop.identity.whoAmI(.init(), options: mine) }
    #expect(reason(out) == "SESSION_ENDED")
    try await gate.close()
  }

  @Test("a wrong password is counted, strangers leave no trace, and a wait is the same to both")
  func lockout() async throws {
    let gate = try await Gatehouse()
    let before = try await gate.entries()
    for _ in 1...5 {
      let refused = await refusal { try await gate.logIn("wang.fang", "wrong") }
      #expect(reason(refused) == "LOGIN_REFUSED")
    }
    #expect(try await gate.entries() == before + 5)
    let words = [
      await refusal { try await gate.logIn("wang.fang", gate.oneTimePassword) },
      await refusal { try await gate.logIn("nobody", "x") },
    ].map { "\(String(describing: $0?.code)) \($0?.message ?? "")" }
    #expect(words[0] == words[1])
    #expect(try await gate.entries() == before + 5)
    gate.shop.clock.advance(seconds: 30)
    _ = try await gate.logIn("wang.fang", gate.oneTimePassword)
    try await gate.close()
  }

  @Test("a refresh token that comes twice ends the session")
  func reuse() async throws {
    let gate = try await Gatehouse()
    let tokens = try await gate.logIn("wang.fang", gate.oneTimePassword).tokens
    let fresh = try await gate.shop.identity.refresh(
      .init(refreshToken: tokens?.refreshToken ?? ""))
    let thief = await refusal {
      try await gate.shop.identity.refresh(.init(refreshToken: tokens?.refreshToken ?? ""))
    }
    #expect(reason(thief) == "REFRESH_TOKEN_REUSED")
    let victim = await refusal {
      try await gate.shop.identity.whoAmI(
        .init(), options: bearer(fresh.tokens?.accessToken))
    }
    #expect(reason(victim) == "SESSION_ENDED")
    let stranger = await refusal {
      try await gate.shop.identity.refresh(.init(refreshToken: "jr_none_none"))
    }
    #expect(reason(stranger) == "TOKEN_UNKNOWN")
    try await gate.close()
  }

  @Test("a refresh whose reply was lost is asked for again, until its tokens are used")
  func lostReply() async throws {
    let gate = try await Gatehouse()
    let identity = gate.shop.identity
    let tokens = try await gate.logIn("wang.fang", gate.oneTimePassword).tokens
    let request = IdentityV1.RefreshRequest(refreshToken: tokens?.refreshToken ?? "")
    let call = CallOptions(metadata: ["idempotency-key": "a-key-that-nobody-guesses"])
    let lost = try await identity.refresh(request, options: call)
    let found = try await identity.refresh(request, options: call)
    #expect(found.tokens?.accessToken != lost.tokens?.accessToken)
    let dead = await refusal {
      try await identity.whoAmI(.init(), options: bearer(lost.tokens?.accessToken))
    }
    #expect(reason(dead) == "TOKEN_UNKNOWN")
    // From now on somebody has used it: who comes again has stolen it.
    let mine = bearer(found.tokens?.accessToken)
    #expect(try await identity.whoAmI(.init(), options: mine).principal?.name == "wang.fang")
    let thief = await refusal { try await identity.refresh(request, options: call) }
    #expect(reason(thief) == "REFRESH_TOKEN_REUSED")
    #expect(
      reason(await refusal { try await identity.whoAmI(.init(), options: mine) })
        == "SESSION_ENDED")
    let malformed = await refusal {
      try await identity.refresh(
        request, options: CallOptions(metadata: ["idempotency-key": "with a blank"]))
    }
    #expect(reason(malformed) == "IDEMPOTENCY_KEY_INVALID")
    try await gate.close()
  }

  @Test("an administrator ends a session, resets a password, disables and enables")
  func administration() async throws {
    let gate = try await Gatehouse()
    let tokens = try await gate.logIn("wang.fang", gate.oneTimePassword).tokens
    let theirs = try await gate.shop.identity.listSessions(
      .init(principal: "wang.fang"), options: gate.admin
    ).sessions
    #expect(theirs.count == 1)
    let curious = await refusal {
      try await gate.shop.identity.listSessions(
        .init(principal: "chief"), options: bearer(tokens?.accessToken))
    }
    #expect(reason(curious) == "PASSWORD_CHANGE_REQUIRED")
    _ = try await gate.shop.identity.revokeSession(
      .init(sessionId: theirs[0].sessionId), options: gate.command(gate.admin))
    let out = await refusal {
      try await gate.shop.identity.whoAmI(.init(), options: bearer(tokens?.accessToken))
    }
    #expect(reason(out) == "SESSION_ENDED")
    let reset = try await gate.shop.identity.resetPassword(
      .init(name: "wang.fang"), options: gate.command(gate.admin))
    _ = await refusal { try await gate.logIn("wang.fang", gate.oneTimePassword) }
    _ = try await gate.logIn("wang.fang", reset.oneTimePassword)
    let disabled = try await gate.shop.identity.disablePrincipal(
      .init(name: "wang.fang", expectedVersion: 1), options: gate.command(gate.admin))
    #expect(disabled.principal?.disabled == true)
    let refused = await refusal { try await gate.logIn("wang.fang", reset.oneTimePassword) }
    #expect(reason(refused) == "LOGIN_REFUSED")
    _ = try await gate.shop.identity.enablePrincipal(
      .init(name: "wang.fang"), options: gate.command(gate.admin))
    _ = try await gate.logIn("wang.fang", reset.oneTimePassword)
    try await gate.close()
  }

  @Test("roles and keys change what may be done from the next call on")
  func atOnce() async throws {
    let gate = try await Gatehouse()
    _ = try await gate.shop.identity.createMachine(
      .init(name: "till-7", kind: .till, displayName: "Counter 7", roles: ["TILL"]),
      options: gate.command(gate.admin))
    let issued = try await gate.shop.identity.issueKey(
      .init(principal: "till-7", label: "first"), options: gate.command(gate.admin))
    let key = bearer(issued.secret)
    _ = try await gate.shop.catalog.listProducts(.init(), options: key)
    let me = try await gate.shop.identity.whoAmI(.init(), options: key)
    #expect(me.keyId == issued.key?.keyId)
    let denied = await refusal {
      try await gate.shop.identity.listPrincipals(.init(), options: key)
    }
    #expect(denied?.code == .permissionDenied)
    #expect(reason(denied) == "PERMISSION_MISSING")
    _ = try await gate.shop.identity.setRoles(
      .init(name: "till-7", roles: ["AUDITOR"]), options: gate.command(gate.admin))
    let all = try await gate.shop.identity.listPrincipals(.init(pageSize: 2), options: key)
    #expect(all.principals.map(\.name) == ["chief", "till-7"])
    #expect(!all.nextPageToken.isEmpty)
    let rotated = try await gate.shop.identity.rotateKey(
      .init(keyId: me.keyId, overlapHours: 1), options: gate.command(gate.admin))
    for options in [key, bearer(rotated.secret)] {
      _ = try await gate.shop.identity.getPrincipal(.init(name: "till-7"), options: options)
    }
    gate.shop.clock.advance(seconds: 3_600)
    let expired = await refusal { try await gate.shop.identity.whoAmI(.init(), options: key) }
    #expect(reason(expired) == "KEY_ENDED")
    // An hour has passed for the administrator, too.
    try await gate.renew()
    _ = try await gate.shop.identity.revokeKey(
      .init(keyId: rotated.key?.keyId ?? ""), options: gate.command(gate.admin))
    let revoked = await refusal {
      try await gate.shop.identity.whoAmI(.init(), options: bearer(rotated.secret))
    }
    #expect(reason(revoked) == "KEY_ENDED")
    let keys = try await gate.shop.identity.listKeys(
      .init(principal: "till-7"), options: gate.admin
    ).keys
    #expect(keys.map(\.keyId) == [rotated.key?.keyId ?? "", me.keyId])
    #expect(keys.map { $0.revokeTime != nil } == [true, false])
    try await gate.close()
  }

  @Test(
    "shipped roles permit only what some method or field asks for, and every permission has a role")
  func shippedRoles() async throws {
    let gate = try await Gatehouse()
    let roles = try await gate.shop.identity.listRoles(.init(), options: gate.admin).roles
    let held = Set(roles.flatMap(\.permissions))
    let asked = Set(
      DescriptorPool.joinery.services.flatMap(\.methods).map(\.descriptor.permission)
    ).union(DescriptorPool.joinery.readPermissions).subtracting(["", "open", "self"])
    #expect(held == asked)
    try await gate.close()
  }

  @Test("a role is changed, and access explained by it")
  func rolesAndAccess() async throws {
    let gate = try await Gatehouse()
    let ask = {
      try await gate.shop.identity.explainAccess(
        .init(principal: "chief", method: "OrderService/ApproveOrder"), options: gate.admin)
    }
    #expect(try await ask().allowed == false)
    #expect(try await ask().permission == "orders.approve")
    let role = try await gate.shop.identity.upsertRole(
      .init(role: .init(name: "APPROVER", title: "Approves", permissions: ["orders.approve"])),
      options: gate.command(gate.admin)
    ).role
    #expect(role?.version == 1)
    _ = try await gate.shop.identity.setRoles(
      .init(name: "chief", roles: ["ADMINISTRATOR", "APPROVER"]),
      options: gate.command(gate.admin))
    let explained = try await ask()
    #expect(explained.allowed)
    #expect(
      explained.explanation?.steps.map(\.text).suffix(2) == [
        "orders.approve is permitted by APPROVER", "Everybody's data: APPROVER reaches ALL",
      ])
    let unknown = await refusal {
      try await gate.shop.identity.explainAccess(
        .init(principal: "chief", method: "OrderService/Guess"), options: gate.admin)
    }
    #expect(reason(unknown) == "UNKNOWN_METHOD")
    try await gate.close()
  }
}
