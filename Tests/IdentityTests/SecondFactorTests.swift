import Identity
import Storage
import Testing
import Values

@Suite("Second factor")
struct SecondFactorTests {
  private static let secret = bytes(11, TOTP.secretByteCount)

  private static func code(at now: Moment, steps: Int64 = 0) -> String {
    TOTP.code(secret, step: TOTP.step(at: now.instant) + steps)
  }

  /// A person with a session that has added the secret, and confirmed it where told.
  private static func li(
    keys: SealKeys = .none, isConfirmed: Bool = true, in tx: Transaction
  ) throws -> (person: Principal, session: Session, codes: [String]) {
    let person = try CreatePrincipal.person("li.na", in: tx)
    let opened = try LogIn.attempt("li.na", Door.password, in: tx).get()
    // A one-time password proves nothing.
    let early = try add(opened, keys: keys, in: tx)
    #expect(early == .passwordChangeRequired)
    let stored = try #require(try Principals.password(of: person, in: tx))
    _ = try ChangePassword(
      session: opened.id, compared: stored.hash, matched: true, password: hash(Door.password)
    ).run(in: tx, at: Door.now)
    #expect(try add(opened, keys: keys, in: tx) == nil)
    let codes = RecoveryCode.codes(bytes(3, 100))
    if isConfirmed {
      let refusal = try UseSecondFactor(
        session: opened.id, code: .of(code(at: Door.now), keys: keys),
        for: .confirm(recoveryCodes: codes)
      ).run(in: tx, at: Door.now)
      #expect(refusal == nil)
    }
    return (try Principals.fetch(person.id, in: tx), opened, codes)
  }

  private static func add(
    _ session: Session, matched: Bool = true, keys: SealKeys = .none, in tx: Transaction
  ) throws -> IdentityRejection? {
    let person = try Principals.fetch(session.principal, in: tx)
    let stored = try #require(try Principals.password(of: person, at: session.peer, in: tx))
    return try AddSecondFactor(
      session: session.id, compared: stored.hash, matched: matched, secret: secret, keys: keys,
      nonce: bytes(5, SealKeys.nonceByteCount)
    ).run(in: tx, at: Door.now)
  }

  @Test(
    "codes are those of RFC 6238, appendix B",
    arguments: [
      (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"),
      (1_234_567_890, "005924"), (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ] as [(Int64, String)])
  func vectors(second: Int64, code: String) {
    let secret = Array("12345678901234567890".utf8)
    let now = Instant(microseconds: second * 1_000_000)
    #expect(TOTP.code(secret, step: TOTP.step(at: now)) == code)
  }

  @Test("an app is told by otpauth://, with the secret in base 32")
  func uri() {
    #expect(
      TOTP.uri(Array("12345678901234567890".utf8), of: "shop/li.na")
        == "otpauth://totp/Joinery:shop%2Fli.na?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        + "&issuer=Joinery&algorithm=SHA1&digits=6&period=30")
  }

  @Test("a login asks for a code as soon as the first one was shown, and not before")
  func login() async throws {
    let door = try Door()
    try await door.write { tx in
      let (person, session, _) = try Self.li(isConfirmed: false, in: tx)
      #expect(!person.hasSecondFactor)
      #expect(try LogIn.attempt("li.na", Door.password, seed: 2, in: tx).isOpened)
      let confirmation = UseSecondFactor(
        session: session.id, code: .of(Self.code(at: Door.now)),
        for: .confirm(recoveryCodes: RecoveryCode.codes(bytes(3, 100))))
      #expect(try confirmation.run(in: tx, at: Door.now) == nil)
      #expect(try confirmation.run(in: tx, at: Door.now) == .secondFactorExists)
      #expect(try Self.add(session, in: tx) == .secondFactorExists)
      #expect(try Principals.fetch(person.id, in: tx).hasSecondFactor)
      #expect(throws: IdentityRejection.codeRequired(hasSecondFactor: true)) {
        try LogIn.attempt("li.na", Door.password, seed: 3, in: tx).get()
      }
      // Whoever does not know the password is not told that there is one.
      #expect(throws: IdentityRejection.loginRefused) {
        try LogIn.attempt("li.na", "wrong", seed: 3, in: tx).get()
      }
      let later = Door.moment(30)
      let opened = try LogIn.attempt(
        "li.na", Door.password, code: Self.code(at: later), seed: 4, at: later, in: tx
      ).get()
      #expect(opened.secondFactorAt == later.instant)
    }
    #expect(try await door.violations() == [])
  }

  @Test("a code is good for one use, one step early or late, and not when a later one was used")
  func once() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try Self.li(in: tx)
      var seed: UInt8 = 1
      func opens(_ steps: Int64, at second: Int64) throws -> Bool {
        seed += 1
        let now = Door.moment(second)
        return try LogIn.attempt(
          "li.na", Door.password, code: Self.code(at: now, steps: steps), seed: seed, at: now,
          in: tx
        ).isOpened
      }
      // The one that confirmed it.
      #expect(try !opens(0, at: 0))
      #expect(try opens(0, at: 300))
      #expect(try !opens(0, at: 301))
      #expect(try opens(1, at: 302))
      // Present, but older than the one of the step before.
      #expect(try !opens(0, at: 303))
      #expect(try opens(-1, at: 600))
      #expect(try !opens(-2, at: 700))
      #expect(try !opens(2, at: 700))
    }
  }

  @Test("wrong codes are counted as wrong passwords are, at a login and within a session")
  func counted() async throws {
    let door = try Door()
    try await door.write { tx in
      let (person, session, _) = try Self.li(in: tx)
      let now = Door.moment(300)
      for _ in 1...3 {
        #expect(throws: IdentityRejection.loginRefused) {
          try LogIn.attempt("li.na", Door.password, code: "000000", at: now, in: tx).get()
        }
      }
      for purpose in [UseSecondFactor.Purpose.prove, .remove] {
        let wrong = UseSecondFactor(session: session.id, code: .of("000000"), for: purpose)
        #expect(try wrong.run(in: tx, at: now) == .codeWrong(field: "code"))
      }
      let stored = try #require(
        try Principals.password(of: person, at: session.peer, in: tx))
      #expect(stored.failures == 5)
      #expect(stored.lockedUntil == Door.moment(330).instant)
      // During the wait the right one is not looked at.
      let right = UseSecondFactor(
        session: session.id, code: .of(Self.code(at: now)), for: .prove)
      #expect(try right.run(in: tx, at: now) == .codeWrong(field: "code"))
      let after = Door.moment(331)
      let next = UseSecondFactor(
        session: session.id, code: .of(Self.code(at: after)), for: .prove)
      #expect(try next.run(in: tx, at: after) == nil)
      #expect(try Principals.password(of: person, at: session.peer, in: tx)?.failures == 0)
    }
  }

  @Test("each of ten recovery codes opens one login, however it is typed, and is stored as a hash")
  func recoveryCodes() async throws {
    let door = try Door()
    try await door.write { tx in
      let (person, session, codes) = try Self.li(in: tx)
      #expect(Set(codes).count == 10)
      for (index, code) in codes.enumerated() {
        let seed = UInt8(index + 2)
        let typed = index == 0 ? code.uppercased().filter { $0 != "-" } : code
        for isOpened in [true, false] {
          let now = Door.moment(Int64(index) * 3_600)
          let attempt = try LogIn.attempt(
            "li.na", Door.password, code: typed, seed: seed, at: now, in: tx)
          #expect(attempt.isOpened == isOpened)
        }
        #expect(try SecondFactors.recoveryCodesLeft(of: person, in: tx) == 9 - index)
      }
      let now = Door.moment(11 * 3_600)
      let fresh = RecoveryCode.codes(bytes(50, 100))
      let replace = UseSecondFactor(
        session: session.id, code: .of(Self.code(at: now)), for: .replace(recoveryCodes: fresh))
      #expect(try replace.run(in: tx, at: now) == nil)
      #expect(try SecondFactors.recoveryCodesLeft(of: person, in: tx) == 10)
      let used = tx.takeEvents().filter { $0.type == "second-factor.recovery-code-used" }
      #expect(used.map { $0.facts.first?.value } == (0...9).reversed().map { "\($0)" })
    }
  }

  @Test("a recovery code confirms nothing, and of no factor there is nothing to prove")
  func nothingToProve() async throws {
    let door = try Door()
    try await door.write { tx in
      let (_, session, codes) = try Self.li(isConfirmed: false, in: tx)
      let confirm = UseSecondFactor(
        session: session.id, code: .of(codes[0]), for: .confirm(recoveryCodes: codes))
      #expect(try confirm.run(in: tx, at: Door.now) == .codeWrong(field: "code"))
      for purpose in [UseSecondFactor.Purpose.prove, .remove, .replace(recoveryCodes: codes)] {
        let use = UseSecondFactor(
          session: session.id, code: .of(Self.code(at: Door.now)), for: purpose)
        #expect(try use.run(in: tx, at: Door.now) == .secondFactorMissing)
      }
    }
  }

  @Test("it is removed by the person with a code, or by an administrator, which ends the sessions")
  func removal() async throws {
    let door = try Door()
    try await door.write { tx in
      let (person, session, codes) = try Self.li(in: tx)
      let remove = UseSecondFactor(session: session.id, code: .of(codes[3]), for: .remove)
      #expect(try remove.run(in: tx, at: Door.now) == nil)
      #expect(try LogIn.attempt("li.na", Door.password, seed: 2, in: tx).isOpened)
      #expect(throws: IdentityRejection.secondFactorMissing) {
        try ResetSecondFactor(name: "li.na").run(in: tx, at: Door.now)
      }
      #expect(try Self.add(session, in: tx) == nil)
      let later = Door.moment(60)
      let confirm = UseSecondFactor(
        session: session.id, code: .of(Self.code(at: later)),
        for: .confirm(recoveryCodes: codes))
      #expect(try confirm.run(in: tx, at: later) == nil)
      #expect(try !ResetSecondFactor(name: "li.na").run(in: tx, at: later).hasSecondFactor)
      #expect(try Sessions.find(name: session.name, in: tx)?.end == .secondFactorReset)
      #expect(try SecondFactors.recoveryCodesLeft(of: person, in: tx) == 0)
    }
  }

  @Test("the secret is stored encrypted, and anew with the key that replaces another")
  func sealed() async throws {
    let door = try Door()
    let old = SealKeys([bytes(1, 32)])
    let both = SealKeys([bytes(2, 32), bytes(1, 32)])
    let new = SealKeys([bytes(2, 32)])
    try await door.write { tx in
      _ = try Self.li(keys: old, in: tx)
      func stored() throws -> [UInt8] {
        try #require(
          try tx.first("SELECT secret FROM second_factor", map: { $0.blob(0) }))
      }
      #expect(try stored().count == TOTP.secretByteCount + 28)
      #expect(try !SecondFactors.open(with: .none, in: tx))
      #expect(try !SecondFactors.open(with: new, in: tx))
      #expect(try SecondFactors.open(with: both, in: tx))
      let before = try stored()
      let now = Door.moment(300)
      let stored1 = try #require(
        try Principals.find(name: "li.na", in: tx).flatMap {
          try Principals.password(of: $0, in: tx)
        })
      let login = LogIn(
        name: "li.na", compared: stored1.hash, matched: true,
        code: .of(Self.code(at: now), keys: both), session: "s9", tokens: tokens(9),
        peer: "unix")
      #expect(try login.run(in: tx, at: now).isOpened)
      #expect(try stored() != before)
      #expect(try SecondFactors.open(with: new, in: tx))
    }
  }

  @Test("what is sealed for one person opens for no other")
  func moved() async throws {
    let door = try Door()
    let keys = SealKeys([bytes(1, 32)])
    await #expect(throws: (any Error).self) {
      try await door.write { tx in
        _ = try Self.li(keys: keys, in: tx)
        let other = try CreatePrincipal.person("wang.fang", in: tx)
        try tx.execute("UPDATE second_factor SET principal_id = ?", other.id)
        let stored = try #require(try Principals.password(of: other, in: tx))
        let now = Door.moment(300)
        _ = try LogIn(
          name: "wang.fang", compared: stored.hash, matched: true,
          code: .of(Self.code(at: now), keys: keys), session: "s9", tokens: tokens(9),
          peer: "unix"
        ).run(in: tx, at: now)
      }
    }
  }

  @Test("who may do something sensitive: the rule, case by case")
  func sensitive() async throws {
    let door = try Door()
    try await door.write { tx in
      func remedy(_ token: String, _ rule: SecondFactorRule, at second: Int64) throws -> String? {
        let now = Door.moment(second).instant
        let admission = try Admissions.find(token: token, at: now, in: tx)
        do {
          try admission.check(sensitive: "SetRoles", rule: rule, at: now)
          return nil
        } catch IdentityRejection.secondFactorRequired(_, let remedy) {
          return remedy.rawValue
        }
      }
      _ = try CreatePrincipal.till("till-1", in: tx)
      let (_, session, _) = try Self.li(isConfirmed: false, in: tx)
      let person = tokens(1).access.text
      #expect(try remedy(person, .added, at: 0) == nil)
      #expect(try remedy(person, .required, at: 0) == "ADD")
      let confirm = UseSecondFactor(
        session: session.id, code: .of(Self.code(at: Door.now)),
        for: .confirm(recoveryCodes: []))
      #expect(try confirm.run(in: tx, at: Door.now) == nil)
      for rule in SecondFactorRule.allCases {
        #expect(try remedy(person, rule, at: 299) == nil)
        #expect(try remedy(person, rule, at: 300) == "PROVE")
      }
      let open = try IssueKey.of("till-1", seed: 1, in: tx).text
      let bound = try IssueKey.of("till-1", seed: 2, networks: ["10.0.0.0/8"], in: tx).text
      let certified = try IssueKey.of("till-1", seed: 3, certificate: "CN=t", in: tx).text
      #expect(try remedy(open, .added, at: 0) == "BIND_KEY")
      #expect(try remedy(bound, .required, at: 0) == nil)
      #expect(try remedy(certified, .required, at: 0) == nil)
    }
  }
}
