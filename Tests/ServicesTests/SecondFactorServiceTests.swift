import Identity
import Messages
import RPC
import Services
import TestKit
import Testing
import Values

@Suite("Second factor and sensitive methods")
struct SecondFactorServiceTests {
  @Test("added, asked for at the login, proved, its recovery codes replaced, removed")
  func life() async throws {
    let gate = try await Gatehouse()
    let identity = gate.shop.identity
    let wrong = await refusal {
      try await identity.addSecondFactor(
        .init(password: "not this one"), options: gate.command(gate.admin))
    }
    #expect(reason(wrong) == "PASSWORD_WRONG")
    let (app, recoveryCodes) = try await gate.addSecondFactor()
    #expect(recoveryCodes.count == 10)
    let me = try await identity.whoAmI(.init(), options: gate.admin)
    #expect(me.principal?.secondFactor == true)
    #expect(me.recoveryCodesLeft == 10)
    #expect(
      me.secondFactorExpireTime?.seconds == gate.shop.clock.now.microseconds / 1_000_000 + 300)

    let asked = await refusal { try await gate.logIn("chief", Gatehouse.password) }
    #expect(asked?.code == .unauthenticated)
    #expect(reason(asked) == "MFA_REQUIRED")
    #expect(asked?.detail(GoogleRPC.ErrorInfo.self)?.metadata == ["remedy": "PROVE"])
    for (password, code) in [("wrong", app.code(gate.shop.clock)), (Gatehouse.password, "000000")] {
      let refused = await refusal { try await gate.logIn("chief", password, code: code) }
      #expect(reason(refused) == "LOGIN_REFUSED")
    }
    gate.shop.clock.advance(seconds: 30)
    let login = try await gate.logIn(
      "chief", Gatehouse.password, code: app.code(gate.shop.clock))
    let mine = bearer(login.tokens?.accessToken)
    let again = await refusal {
      try await identity.proveSecondFactor(
        .init(code: app.code(gate.shop.clock)), options: gate.command(mine))
    }
    #expect(again?.code == .failedPrecondition)
    #expect(reason(again) == "CODE_WRONG")

    let fresh = try await identity.replaceRecoveryCodes(
      .init(code: recoveryCodes[0]), options: gate.command(mine)
    ).recoveryCodes
    #expect(Set(fresh).isDisjoint(with: recoveryCodes))
    let old = await refusal {
      try await gate.logIn("chief", Gatehouse.password, code: recoveryCodes[1])
    }
    #expect(reason(old) == "LOGIN_REFUSED")
    _ = try await gate.logIn("chief", Gatehouse.password, code: fresh[9])
    _ = try await identity.removeSecondFactor(
      .init(code: fresh[0]), options: gate.command(mine))
    _ = try await gate.logIn("chief", Gatehouse.password)
    try await gate.close()
  }

  private static let methods = DescriptorPool.joinery.services.flatMap(\.methods)
    .map(\.descriptor)

  @Test("every method that says who may do what is sensitive, and the generated code says so, too")
  func declared() {
    let sensitive = Self.methods.filter(\.isSensitive)
    #expect(sensitive.count > 10)
    for method in Self.methods where method.permission == "identity.write" {
      #expect(method.isSensitive, "\(method.path)")
    }
    #expect(
      IdentityV1.IdentityServiceMethods.all.filter(\.isSensitive)
        == sensitive.filter { $0.service.hasSuffix(".IdentityService") })
  }

  @Test("every sensitive method is refused before the second factor is proved and 5 minutes after")
  func walk() async throws {
    let gate = try await Gatehouse()
    let (app, _) = try await gate.addSecondFactor()
    gate.shop.clock.advance(seconds: 300)
    var asked = 0
    // Whoever administers does not hand out gift cards, and is refused before that.
    let allowed = Self.methods.filter { $0.permission != "giftcards.replace" }
    for method in allowed where method.isSensitive && method.shape == .unary {
      let error = await refusal {
        let reply: Reply<IdentityV1.WhoAmIRequest> = try await gate.shop.channel.unary(
          method, IdentityV1.WhoAmIRequest(), options: gate.command(gate.admin))
        return reply.message
      }
      #expect(error?.code == .failedPrecondition, "\(method.path)")
      #expect(reason(error) == "MFA_REQUIRED", "\(method.path)")
      #expect(error?.detail(GoogleRPC.ErrorInfo.self)?.metadata["remedy"] == "PROVE")
      asked += 1
    }
    #expect(asked > 10)
    // What is not sensitive goes on.
    _ = try await gate.shop.identity.listPrincipals(.init(), options: gate.admin)
    let proved = try await gate.shop.identity.proveSecondFactor(
      .init(code: app.code(gate.shop.clock)), options: gate.command(gate.admin))
    #expect(
      proved.expireTime?.seconds == gate.shop.clock.now.microseconds / 1_000_000 + 300)
    let setRoles = {
      try await gate.shop.identity.setRoles(
        .init(name: "wang.fang", roles: ["SALES"]), options: gate.command(gate.admin))
    }
    gate.shop.clock.advance(seconds: 299)
    _ = try await setRoles()
    gate.shop.clock.advance(seconds: 1)
    #expect(reason(await refusal(setRoles)) == "MFA_REQUIRED")
    try await gate.close()
  }

  @Test("the proof is of one session: another of the same person has its own")
  func perSession() async throws {
    let gate = try await Gatehouse()
    let (_, recoveryCodes) = try await gate.addSecondFactor()
    let other = try await gate.logIn("chief", Gatehouse.password, code: recoveryCodes[0])
    gate.shop.clock.advance(seconds: 300)
    _ = try await gate.shop.identity.proveSecondFactor(
      .init(code: recoveryCodes[1]), options: gate.command(gate.admin))
    let refused = await refusal {
      try await gate.shop.identity.setRoles(
        .init(name: "wang.fang", roles: []),
        options: gate.command(bearer(other.tokens?.accessToken)))
    }
    #expect(reason(refused) == "MFA_REQUIRED")
    try await gate.close()
  }

  @Test("where all people are to have one, the first administrator adds one and goes on")
  func required() async throws {
    let gate = try await Gatehouse { $0.secondFactor = .required }
    let create = {
      try await gate.shop.identity.createPerson(
        .init(name: "li.na", displayName: "Li Na", roles: ["SALES"]),
        options: gate.command(gate.admin))
    }
    let refused = await refusal(create)
    #expect(reason(refused) == "MFA_REQUIRED")
    #expect(refused?.detail(GoogleRPC.ErrorInfo.self)?.metadata["remedy"] == "ADD")
    _ = try await gate.addSecondFactor()
    _ = try await create()
    let explained = try await gate.shop.identity.explainAccess(
      .init(principal: "chief", method: "IdentityService/SetRoles"), options: gate.admin)
    #expect(explained.allowed)
    #expect(explained.explanation?.steps.last?.rule == "method.sensitive")
    try await gate.close()
  }

  @Test("ending somebody else's session is sensitive, ending one's own is not")
  func sessions() async throws {
    let gate = try await Gatehouse()
    _ = try await gate.addSecondFactor()
    _ = try await gate.logIn("wang.fang", gate.oneTimePassword)
    gate.shop.clock.advance(seconds: 300)
    let identity = gate.shop.identity
    let theirs = try await identity.listSessions(
      .init(principal: "wang.fang"), options: gate.admin
    ).sessions
    let refused = await refusal {
      try await identity.revokeSession(
        .init(sessionId: theirs[0].sessionId), options: gate.command(gate.admin))
    }
    #expect(reason(refused) == "MFA_REQUIRED")
    let own = try await identity.listSessions(.init(), options: gate.admin).sessions
    _ = try await identity.revokeSession(
      .init(sessionId: own[0].sessionId), options: gate.command(gate.admin))
    try await gate.close()
  }

  @Test("an administrator resets the second factor of somebody who has lost it")
  func reset() async throws {
    let gate = try await Gatehouse()
    let none = await refusal {
      try await gate.shop.identity.resetSecondFactor(
        .init(name: "wang.fang"), options: gate.command(gate.admin))
    }
    #expect(reason(none) == "SECOND_FACTOR_MISSING")
    _ = try await gate.addSecondFactor()
    let person = try await gate.shop.identity.resetSecondFactor(
      .init(name: "chief"), options: gate.command(gate.admin)
    ).principal
    #expect(person?.secondFactor == false)
    let out = await refusal { try await gate.shop.identity.whoAmI(.init(), options: gate.admin) }
    #expect(reason(out) == "SESSION_ENDED")
    _ = try await gate.logIn("chief", Gatehouse.password)
    try await gate.close()
  }

  @Test("a machine calls what is sensitive with a bound key only")
  func machines() async throws {
    let gate = try await Gatehouse()
    _ = try await gate.shop.identity.createMachine(
      .init(
        name: "provisioner", kind: .service, displayName: "Provisioner",
        roles: ["ADMINISTRATOR"]),
      options: gate.command(gate.admin))
    let key = try await gate.shop.identity.issueKey(
      .init(principal: "provisioner"), options: gate.command(gate.admin))
    let refused = await refusal {
      try await gate.shop.identity.setRoles(
        .init(name: "wang.fang", roles: []), options: gate.command(bearer(key.secret)))
    }
    #expect(reason(refused) == "MFA_REQUIRED")
    #expect(refused?.detail(GoogleRPC.ErrorInfo.self)?.metadata["remedy"] == "BIND_KEY")
    _ = try await gate.shop.identity.listPrincipals(.init(), options: bearer(key.secret))
    try await gate.close()
  }

  @Test("guesses of a password or a code cannot be rehearsed, where nobody counts them")
  func rehearsal() async throws {
    let gate = try await Gatehouse()
    _ = try await gate.addSecondFactor()
    var options = gate.command(gate.admin)
    options.metadata.add("dry-run", "true")
    let calls: [() async throws -> Void] = [
      {
        _ = try await gate.shop.identity.changePassword(
          .init(oldPassword: "guess", newPassword: "nine planes and a chisel"), options: options)
      },
      { _ = try await gate.shop.identity.proveSecondFactor(.init(code: "1"), options: options) },
      { _ = try await gate.shop.identity.removeSecondFactor(.init(code: "1"), options: options) },
    ]
    for call in calls { #expect(reason(await refusal(call)) == "NOT_REHEARSED") }
    try await gate.close()
  }

  @Test("where unusual logins are distrusted, the eleventh in ten minutes wants a second factor")
  func unusual() async throws {
    let gate = try await Gatehouse { $0.distrustsUnusualLogins = true }
    for _ in 1...10 { _ = try await gate.logIn("wang.fang", gate.oneTimePassword) }
    let refused = await refusal { try await gate.logIn("wang.fang", gate.oneTimePassword) }
    #expect(refused?.code == .unauthenticated)
    #expect(reason(refused) == "MFA_REQUIRED")
    #expect(refused?.detail(GoogleRPC.ErrorInfo.self)?.metadata["remedy"] == "ADD")
    var told = 0
    for try await batch in try await gate.shop.events.watch(.init(), options: gate.admin) {
      told += batch.events.filter { $0.type == "session.unusual-login" }.count
      if batch.caughtUp { break }
    }
    #expect(told == 1)
    gate.shop.clock.advance(seconds: 601)
    _ = try await gate.logIn("wang.fang", gate.oneTimePassword)
    try await gate.close()
  }

  @Test("a server does not start without the key of secrets that it holds")
  func sealKey() async throws {
    let keys = SealKeys([[UInt8](repeating: 7, count: SealKeys.byteCount)])
    let gate = try await Gatehouse { $0.sealKeys = keys }
    let (app, _) = try await gate.addSecondFactor()
    await #expect(throws: (any Error).self) { try await gate.shop.reopened(callers: .proved) }
    let again = try await gate.shop.reopened(callers: .proved) { $0.sealKeys = keys }
    gate.shop.clock.advance(seconds: 30)
    _ = try await again.identity.login(
      .init(name: "chief", password: Gatehouse.password, code: app.code(gate.shop.clock)))
    await again.close()
  }
}
