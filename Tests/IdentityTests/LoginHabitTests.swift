import Identity
import Storage
import Testing
import Values

@Suite("Where and when people log in")
struct LoginHabitTests {
  private let shop = "10.1.2.3:50000"
  private let elsewhere = "203.0.113.9:50000"

  private func unusual(_ tx: Transaction) -> [String] {
    tx.takeEvents().filter { $0.type == "session.unusual-login" }
      .compactMap { $0.facts.first?.value }
  }

  @Test("a stranger who guesses from elsewhere keeps nobody out of the shop")
  func noLockout() async throws {
    let door = try Door()
    try await door.write { [shop, elsewhere] tx in
      _ = try CreatePrincipal.person("li.na", in: tx)
      #expect(try LogIn.attempt("li.na", Door.password, from: shop, in: tx).isOpened)
      for hour in 0..<8 as Range<Int64> {
        let now = Door.moment(hour * 3_600)
        for _ in 1...5 {
          #expect(
            try !LogIn.attempt("li.na", "wrong", at: now, from: elsewhere, in: tx).isOpened)
        }
        // Out there the right password is no better now; in the shop it is.
        let seed = UInt8(10 + hour)
        #expect(
          try !LogIn.attempt(
            "li.na", Door.password, seed: seed, at: now, from: "198.51.100.1:1", in: tx
          ).isOpened)
        #expect(
          try LogIn.attempt(
            "li.na", Door.password, seed: seed, at: now, from: "10.1.2.99:1", in: tx
          ).isOpened)
      }
    }
  }

  @Test("who guesses in the shop waits in the shop")
  func waitsWhereItGuesses() async throws {
    let door = try Door()
    try await door.write { [shop, elsewhere] tx in
      let person = try CreatePrincipal.person("li.na", in: tx)
      #expect(try LogIn.attempt("li.na", Door.password, from: shop, in: tx).isOpened)
      for _ in 1...5 {
        #expect(try !LogIn.attempt("li.na", "wrong", from: shop, in: tx).isOpened)
      }
      #expect(try !LogIn.attempt("li.na", Door.password, from: shop, in: tx).isOpened)
      #expect(try Principals.password(of: person, at: shop, in: tx)?.failures == 5)
      #expect(try Principals.password(of: person, at: elsewhere, in: tx)?.failures == 0)
      try ResetPassword(name: "li.na", password: hash("another one"))
        .run(in: tx, at: Door.now)
      #expect(try LogIn.attempt("li.na", "another one", seed: 2, from: shop, in: tx).isOpened)
    }
  }

  @Test("a login from a new network is told, the first of all and those that follow are not")
  func networks() async throws {
    let door = try Door()
    try await door.write { [shop, elsewhere] tx in
      _ = try CreatePrincipal.person("li.na", in: tx)
      var seed: UInt8 = 0
      func logIn(from peer: String) throws -> [String] {
        seed += 1
        let now = Door.moment(Int64(seed) * 60)
        let attempt = try LogIn.attempt(
          "li.na", Door.password, seed: seed, at: now, from: peer, in: tx)
        #expect(attempt.isOpened)
        return unusual(tx)
      }
      #expect(try logIn(from: shop) == [])
      #expect(try logIn(from: "10.1.2.200:7") == [])
      #expect(try logIn(from: elsewhere) == ["NETWORK"])
      #expect(try logIn(from: elsewhere) == [])
      #expect(try logIn(from: "[2001:db8:1:2::9]:7") == ["NETWORK"])
      #expect(try logIn(from: "[2001:db8:1:ffff::1]:9") == [])
    }
  }

  @Test("an hour at which somebody never comes is told, once there is a habit")
  func hours() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("li.na", in: tx)
      var seed: UInt8 = 0
      func logIn(day: Int64, hour: Int64) throws -> [String] {
        seed += 1
        let now = Door.moment(day * 86_400 + hour * 3_600)
        let attempt = try LogIn.attempt("li.na", Door.password, seed: seed, at: now, in: tx)
        #expect(attempt.isOpened)
        return unusual(tx)
      }
      for day in 0..<20 as Range<Int64> {
        // Not yet a habit.
        #expect(try logIn(day: day, hour: 0) == [])
      }
      #expect(try logIn(day: 21, hour: 2) == [])
      #expect(try logIn(day: 22, hour: 12) == ["HOUR"])
    }
  }

  @Test("more logins than a human being needs are told")
  func rate() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("li.na", in: tx)
      for seed in 1...12 as ClosedRange<UInt8> {
        let now = Door.moment(Int64(seed))
        #expect(
          try LogIn.attempt("li.na", Door.password, seed: seed, at: now, in: tx).isOpened)
        #expect(unusual(tx) == (seed > 10 ? ["RATE"] : []))
      }
    }
  }

  @Test("where unusual logins are distrusted, whoever has no second factor is refused")
  func distrust() async throws {
    let door = try Door()
    try await door.write { [shop, elsewhere] tx in
      _ = try CreatePrincipal.person("li.na", in: tx)
      func logIn(_ seed: UInt8, from peer: String) throws -> LogIn.Outcome {
        try LogIn.attempt(
          "li.na", Door.password, seed: seed, from: peer, distrustsUnusual: true, in: tx)
      }
      #expect(try logIn(1, from: shop).isOpened)
      for seed in [2, 3] as [UInt8] {
        // Nothing is learned from one that was refused.
        #expect(throws: IdentityRejection.codeRequired(hasSecondFactor: false)) {
          try logIn(seed, from: elsewhere).get()
        }
        #expect(unusual(tx) == ["NETWORK"])
      }
      #expect(try logIn(4, from: shop).isOpened)
      try ResetPassword(name: "li.na", password: hash(Door.password)).run(in: tx, at: Door.now)
      #expect(try logIn(5, from: elsewhere).isOpened)
    }
  }

  @Test(
    "the network around a caller",
    arguments: [
      ("10.1.2.3:50123", "10.1.2.0/24"), ("[2001:db8:1:2::9]:7", "2001:db8:1::/48"),
      ("[::ffff:10.1.2.3]:7", "10.1.2.0/24"), ("unix", "unix"), ("in-process", "in-process"),
    ])
  func around(peer: String, network: String) {
    #expect(Network.around(peer: peer) == network)
  }
}
