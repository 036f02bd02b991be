import Identity
import Storage
import Testing
import Values

@Suite("Sessions")
struct SessionTests {
  @Test("the right password opens a session whose access token lets the person in")
  func login() async throws {
    let door = try Door()
    let admission = try await door.write { tx in
      _ = try CreatePrincipal.person("li.na", roles: ["SALES", "FINANCE"], in: tx)
      let session = try LogIn.attempt("li.na", Door.password, in: tx).get()
      #expect(session.accessExpiresAt == Door.moment(15 * 60).instant)
      return try Admissions.find(
        token: tokens(1).access.text, at: Door.moment(899).instant, in: tx)
    }
    #expect(admission.caller == Caller(name: "li.na", roles: ["SALES", "FINANCE"]))
    #expect(admission.mustChangePassword)
    #expect(admission.permissions.contains("orders.create"))
    #expect(!admission.permissions.contains("identity.write"))
    #expect(throws: IdentityRejection.passwordChangeRequired) {
      try admission.check(permission: "orders.create", of: "PlaceOrder")
    }
    #expect(throws: Never.self) { try admission.check(permission: "self", of: "WhoAmI") }
    #expect(throws: IdentityRejection.tokenExpired) {
      try admission.check(at: Door.moment(900).instant, peer: "unix", certificate: nil)
    }
  }

  @Test("nobody, a wrong password, a till and a disabled person are refused alike")
  func strangers() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("li.na", in: tx)
      _ = try CreatePrincipal.person("gone", in: tx)
      _ = try CreatePrincipal.till("till-1", in: tx)
      _ = try SetPrincipalState(name: "gone", isDisabled: true).run(in: tx, at: Door.now)
      for (name, password) in [
        ("nobody", Door.password), ("li.na", "wrong"), ("till-1", Door.password),
        ("gone", Door.password),
      ] {
        #expect(throws: IdentityRejection.loginRefused) {
          try LogIn.attempt(name, password, in: tx).get()
        }
      }
    }
  }

  @Test("from the fifth failure on there is a wait that doubles up to an hour")
  func backOff() async throws {
    let door = try Door()
    try await door.write { tx in
      let person = try CreatePrincipal.person("li.na", in: tx)
      var second: Int64 = 0
      for failure in 1...14 {
        #expect(!(try LogIn.attempt("li.na", "wrong", at: Door.moment(second), in: tx).isOpened))
        let stored = try #require(try Principals.password(of: person, in: tx))
        #expect(stored.failures == failure)
        guard failure >= 5 else {
          #expect(stored.lockedUntil == nil)
          continue
        }
        let wait = min(Int64(30) << Int64(failure - 5), 3_600)
        #expect(stored.lockedUntil == Door.moment(second + wait).instant)
        // During the wait the right password is refused, too, and nothing is counted.
        let during = Door.moment(second + wait - 1)
        for password in [Door.password, "wrong"] {
          #expect(!(try LogIn.attempt("li.na", password, at: during, in: tx).isOpened))
        }
        #expect(try Principals.password(of: person, in: tx) == stored)
        second += wait
      }
      #expect(
        try LogIn.attempt("li.na", Door.password, at: Door.moment(second), in: tx).isOpened)
      #expect(try Principals.password(of: person, in: tx)?.failures == 0)
    }
  }

  @Test("guesses that were compared before the wait began do not get past it")
  func parallelGuesses() async throws {
    let door = try Door()
    try await door.write { tx in
      let person = try CreatePrincipal.person("li.na", in: tx)
      let stored = try #require(try Principals.password(of: person, in: tx))
      for seed in 1...6 as ClosedRange<UInt8> {
        let guess = LogIn(
          name: "li.na", compared: stored.hash, matched: seed == 6,
          code: .of(""), session: "s\(seed)", tokens: tokens(seed), peer: "unix")
        #expect(!(try guess.run(in: tx, at: Door.now).isOpened))
      }
    }
  }

  @Test("a password that changed while it was compared opens nothing")
  func changedMeanwhile() async throws {
    let door = try Door()
    try await door.write { tx in
      let person = try CreatePrincipal.person("li.na", in: tx)
      let stored = try #require(try Principals.password(of: person, in: tx))
      let fresh = try PasswordHash(of: "another one", salt: bytes(9, 16), strength: weak)
      try ResetPassword(name: "li.na", password: fresh).run(in: tx, at: Door.now)
      let late = LogIn(
        name: "li.na", compared: stored.hash, matched: true, code: .of(""), session: "s1",
        tokens: tokens(1), peer: "unix")
      #expect(!(try late.run(in: tx, at: Door.now).isOpened))
    }
  }

  @Test("a login after the strength was raised stores the stronger hash")
  func strengthens() async throws {
    let door = try Door()
    try await door.write { tx in
      let person = try CreatePrincipal.person("li.na", in: tx)
      let stored = try #require(try Principals.password(of: person, in: tx))
      let strength = ScryptStrength(rounds: 32, blockSize: 8, parallelism: 1)
      let stronger = try PasswordHash(of: Door.password, salt: bytes(3, 16), strength: strength)
      _ = try LogIn(
        name: "li.na", compared: stored.hash, matched: true, stronger: stronger, code: .of(""),
        session: "s1", tokens: tokens(1), peer: "unix"
      ).run(in: tx, at: Door.now).get()
      #expect(try Principals.password(of: person, in: tx)?.hash == stronger)
      #expect(try LogIn.attempt("li.na", Door.password, seed: 2, in: tx).isOpened)
    }
  }

  @Test("a refresh gives new tokens, and the old ones open nothing")
  func refresh() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("li.na", in: tx)
      _ = try LogIn.attempt("li.na", Door.password, in: tx).get()
      let later = Door.moment(1_000)
      let fresh = try RefreshSession(
        token: tokens(1).refresh.text, entropy: bytes(7, SessionTokens.byteCount)
      ).run(in: tx, at: later).get()
      let admission = try Admissions.find(
        token: fresh.access.text, at: later.instant, in: tx)
      #expect(admission.expiresAt == Door.moment(1_900).instant)
      #expect(throws: IdentityRejection.tokenUnknown) {
        try Admissions.find(token: tokens(1).access.text, at: later.instant, in: tx)
      }
      #expect(throws: IdentityRejection.tokenUnknown) {
        try Admissions.find(token: fresh.refresh.text, at: later.instant, in: tx)
      }
    }
  }

  @Test("a spent refresh token ends the session for both of its holders")
  func reuse() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("li.na", in: tx)
      _ = try LogIn.attempt("li.na", Door.password, in: tx).get()
      let fresh = try RefreshSession(
        token: tokens(1).refresh.text, entropy: bytes(7, SessionTokens.byteCount)
      ).run(in: tx, at: Door.now).get()
      for (token, refusal) in [
        (tokens(1).refresh.text, IdentityRejection.refreshTokenReused),
        (fresh.refresh.text, .sessionEnded),
      ] {
        #expect(throws: refusal) {
          try RefreshSession(token: token, entropy: bytes(8, SessionTokens.byteCount))
            .run(in: tx, at: Door.now).get()
        }
      }
      #expect(throws: IdentityRejection.sessionEnded) {
        try Admissions.find(token: fresh.access.text, at: Door.now.instant, in: tx)
      }
      let garbage = Secret(prefix: "jr", name: "s1", bytes: bytes(99, 32)).text
      #expect(throws: IdentityRejection.tokenUnknown) {
        try Sessions.holder(refresh: garbage, in: tx)
      }
    }
  }

  private static func refresh(
    _ token: String, seed: UInt8, key: [UInt8]? = [7], lastUsed: [UInt8]? = nil,
    at now: Moment = Door.now, in tx: Transaction
  ) throws -> SessionTokens {
    try RefreshSession(
      token: token, entropy: bytes(seed, SessionTokens.byteCount), key: key, lastUsed: lastUsed
    ).run(in: tx, at: now).get()
  }

  @Test("a refresh whose reply was lost comes again with its key, and what it gave first is spent")
  func repeated() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("li.na", in: tx)
      _ = try LogIn.attempt("li.na", Door.password, in: tx).get()
      let old = tokens(1).refresh.text
      let lost = try Self.refresh(old, seed: 7, in: tx)
      // An access token of before the refresh was used, not the one that it gave.
      let found = try Self.refresh(
        old, seed: 8, lastUsed: tokens(1).access.digest, at: Door.moment(30), in: tx)
      #expect(
        try Admissions.find(token: found.access.text, at: Door.moment(30).instant, in: tx)
          .caller.name == "li.na")
      #expect(throws: IdentityRejection.tokenUnknown) {
        try Admissions.find(token: lost.access.text, at: Door.moment(30).instant, in: tx)
      }
      let third = try Self.refresh(old, seed: 9, at: Door.moment(59), in: tx)
      // A refresh goes on from there, and only now the first can come no more.
      _ = try Self.refresh(third.refresh.text, seed: 10, key: [8], at: Door.moment(59), in: tx)
      #expect(throws: IdentityRejection.refreshTokenReused) {
        try Self.refresh(old, seed: 11, at: Door.moment(59), in: tx)
      }
    }
    #expect(try await door.violations() == [])
  }

  /// What makes a refresh that comes again one that somebody has stolen.
  enum Theft: CaseIterable {
    case used, otherKey, noKey, firstWithoutKey, late, firstReplyAfterAll
  }

  @Test("it ends the session in every other case", arguments: Theft.allCases)
  func notRepeated(theft: Theft) async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("li.na", in: tx)
      _ = try LogIn.attempt("li.na", Door.password, in: tx).get()
      let old = tokens(1).refresh.text
      let first = try Self.refresh(old, seed: 7, key: theft == .firstWithoutKey ? nil : [7], in: tx)
      #expect(throws: IdentityRejection.refreshTokenReused) {
        switch theft {
        case .used: return try Self.refresh(old, seed: 8, lastUsed: first.access.digest, in: tx)
        case .otherKey: return try Self.refresh(old, seed: 8, key: [8], in: tx)
        case .noKey: return try Self.refresh(old, seed: 8, key: nil, in: tx)
        case .firstWithoutKey: return try Self.refresh(old, seed: 8, in: tx)
        case .late: return try Self.refresh(old, seed: 8, at: Door.moment(60), in: tx)
        case .firstReplyAfterAll:
          // Somebody has repeated it, and the owner comes with what it was given first.
          _ = try Self.refresh(old, seed: 8, in: tx)
          return try Self.refresh(first.refresh.text, seed: 9, in: tx)
        }
      }
      #expect(try SessionState.isOver("s1", in: tx))
    }
  }

  private enum SessionState {
    static func isOver(_ name: String, in tx: Transaction) throws -> Bool {
      try Sessions.find(name: name, in: tx)?.end == .refreshReused
    }
  }

  @Test("a session ends after twelve hours, however often it was refreshed")
  func lifetime() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("li.na", in: tx)
      _ = try LogIn.attempt("li.na", Door.password, in: tx).get()
      let last = Door.moment(12 * 3_600 - 60)
      let fresh = try RefreshSession(
        token: tokens(1).refresh.text, entropy: bytes(7, SessionTokens.byteCount)
      ).run(in: tx, at: last).get()
      let admission = try Admissions.find(token: fresh.access.text, at: last.instant, in: tx)
      #expect(admission.expiresAt == Door.moment(12 * 3_600).instant)
      #expect(throws: IdentityRejection.sessionEnded) {
        try RefreshSession(token: fresh.refresh.text, entropy: bytes(8, 64))
          .run(in: tx, at: Door.moment(12 * 3_600)).get()
      }
    }
  }

  @Test("the twenty-first login ends the oldest session")
  func limit() async throws {
    let door = try Door()
    try await door.write { tx in
      let person = try CreatePrincipal.person("li.na", in: tx)
      for seed in 1...21 as ClosedRange<UInt8> {
        _ = try LogIn.attempt("li.na", Door.password, seed: seed, in: tx).get()
      }
      let live = try Sessions.live(of: person, at: Door.now.instant, in: tx).map(\.name)
      #expect(live == (2...21).reversed().map { "s\($0)" })
      #expect(try Sessions.find(name: "s1", in: tx)?.end == .tooMany)
    }
  }

  @Test("a changed password ends the other sessions and lifts the need to change it")
  func changePassword() async throws {
    let door = try Door()
    try await door.write { tx in
      let person = try CreatePrincipal.person("li.na", in: tx)
      let session = try LogIn.attempt("li.na", Door.password, in: tx).get()
      let other = try LogIn.attempt("li.na", Door.password, seed: 2, in: tx).get()
      let compared = try #require(try Principals.password(of: person, in: tx)).hash
      let fresh = try PasswordHash(of: "four more dovetails", salt: bytes(5, 16), strength: weak)
      let change = { (matched: Bool) in
        try ChangePassword(
          session: session.id, compared: compared, matched: matched, password: fresh
        ).run(in: tx, at: Door.now)
      }
      #expect(try change(false) == .passwordWrong(field: "old_password"))
      #expect(try Principals.password(of: person, at: session.peer, in: tx)?.failures == 1)
      #expect(try change(true) == nil)
      #expect(try change(true) == .passwordWrong(field: "old_password"))
      #expect(try Sessions.find(name: other.name, in: tx)?.end == .passwordChanged)
      let admission = try Admissions.find(
        token: tokens(1).access.text, at: Door.now.instant, in: tx)
      #expect(!admission.mustChangePassword)
      #expect(!(try LogIn.attempt("li.na", Door.password, seed: 3, in: tx).isOpened))
      #expect(try LogIn.attempt("li.na", "four more dovetails", seed: 4, in: tx).isOpened)
    }
  }

  @Test("whoever is disabled has no session, and gets none back")
  func disabled() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("li.na", in: tx)
      _ = try LogIn.attempt("li.na", Door.password, in: tx).get()
      let admission = try Admissions.find(
        token: tokens(1).access.text, at: Door.now.instant, in: tx)
      for isDisabled in [true, false] {
        _ = try SetPrincipalState(name: "li.na", isDisabled: isDisabled).run(in: tx, at: Door.now)
        #expect(try !Admissions.holds(admission, at: Door.now.instant, in: tx))
        #expect(throws: IdentityRejection.sessionEnded) {
          try Admissions.find(token: tokens(1).access.text, at: Door.now.instant, in: tx)
        }
      }
    }
    #expect(try await door.violations() == [])
  }
}
