import Identity
import Storage
import Testing
import Values

@Suite("Keys and certificates")
struct KeyTests {
  @Test("a key lets its till in until it expires, and is stored as a hash")
  func issue() async throws {
    let door = try Door()
    try await door.write { tx in
      let till = try CreatePrincipal.till("till-1", in: tx)
      let secret = try IssueKey.of("till-1", days: 30, in: tx)
      let admission = try Admissions.find(
        token: secret.text, at: Door.moment(30 * 86_400 - 1).instant, in: tx)
      #expect(admission.caller == Caller(name: "till-1", roles: ["TILL"]))
      #expect(admission.permissions.contains("tills.sync"))
      #expect(!admission.mustChangePassword)
      #expect(throws: IdentityRejection.keyEnded(name: "k1")) {
        try Admissions.find(token: secret.text, at: Door.moment(30 * 86_400).instant, in: tx)
      }
      #expect(throws: IdentityRejection.keyEnded(name: "k1")) {
        try admission.check(
          at: Door.moment(30 * 86_400).instant, peer: "unix", certificate: nil)
      }
      let key = try #require(try APIKeys.list(of: till, in: tx).first)
      #expect(key.digest == secret.digest)
    }
  }

  @Test("another secret behind the right name opens nothing")
  func wrongSecret() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.till("till-1", in: tx)
      _ = try IssueKey.of("till-1", in: tx)
      let guess = Secret(prefix: "jk", name: "k1", bytes: bytes(2, 32)).text
      for token in [guess, "", "k1", "jk_k1_", "ja_k1_" + guess.dropFirst(6)] {
        #expect(throws: IdentityRejection.tokenUnknown) {
          try Admissions.find(token: token, at: Door.now.instant, in: tx)
        }
      }
    }
  }

  @Test("while a key is rotated both work, then the new one alone; it has the same bindings")
  func rotate() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.till("till-1", in: tx)
      let old = try IssueKey.of("till-1", networks: ["10.0.0.0/8"], certificate: "CN=t", in: tx)
      let fresh = Secret(prefix: "jk", name: "k2", bytes: bytes(2, 32))
      let (key, replaced) = try RotateKey(
        key: "k1", overlapHours: 2, lifetimeDays: 0, name: "k2", secret: fresh
      ).run(in: tx, at: Door.now)
      #expect(key.networks.map(\.description) == ["10.0.0.0/8"])
      #expect(key.certificateSubject == "CN=t")
      #expect(replaced.expiresAt == Door.moment(7_200).instant)
      let during = Door.moment(7_199).instant
      let after = Door.moment(7_200).instant
      for secret in [old, fresh] {
        #expect(
          try Admissions.find(token: secret.text, at: during, in: tx).principal.name == "till-1")
      }
      #expect(throws: IdentityRejection.keyEnded(name: "k1")) {
        try Admissions.find(token: old.text, at: after, in: tx)
      }
      _ = try Admissions.find(token: fresh.text, at: after, in: tx)
    }
  }

  @Test("rotating a key that is about to expire does not make it live longer")
  func rotateLate() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.till("till-1", in: tx)
      _ = try IssueKey.of("till-1", days: 1, in: tx)
      let (_, replaced) = try RotateKey(
        key: "k1", overlapHours: 720, lifetimeDays: 1, name: "k2",
        secret: Secret(prefix: "jk", name: "k2", bytes: bytes(2, 32))
      ).run(in: tx, at: Door.now)
      #expect(replaced.expiresAt == Door.moment(86_400).instant)
    }
  }

  @Test("a revoked key opens nothing from then on, and is revoked once")
  func revoke() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.till("till-1", in: tx)
      let secret = try IssueKey.of("till-1", in: tx)
      let admission = try Admissions.find(token: secret.text, at: Door.now.instant, in: tx)
      #expect(try Admissions.holds(admission, at: Door.now.instant, in: tx))
      for second in [10, 20] as [Int64] {
        let key = try RevokeKey(key: "k1").run(in: tx, at: Door.moment(second))
        #expect(key.revokedAt == Door.moment(10).instant)
      }
      #expect(try !Admissions.holds(admission, at: Door.now.instant, in: tx))
      #expect(throws: IdentityRejection.keyEnded(name: "k1")) {
        try Admissions.find(token: secret.text, at: Door.now.instant, in: tx)
      }
    }
  }

  @Test("a bound key works from its networks and with its certificate only")
  func bindings() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.till("till-1", in: tx)
      let secret = try IssueKey.of(
        "till-1", networks: ["10.1.0.0/16", "2001:db8::/32"], certificate: "CN=till-1", in: tx)
      let now = Door.now.instant
      let admission = try Admissions.find(token: secret.text, at: now, in: tx)
      for peer in ["10.1.2.3:5", "[2001:db8::7]:5"] {
        #expect(throws: Never.self) {
          try admission.check(at: now, peer: peer, certificate: "CN=till-1")
        }
      }
      #expect(throws: IdentityRejection.keyNetwork(name: "k1", peer: "10.2.0.1:5")) {
        try admission.check(at: now, peer: "10.2.0.1:5", certificate: "CN=till-1")
      }
      for certificate in [nil, "CN=till-2"] {
        #expect(throws: IdentityRejection.keyCertificate(name: "k1")) {
          try admission.check(at: now, peer: "10.1.2.3:5", certificate: certificate)
        }
      }
    }
  }

  @Test("a certificate lets in the service that has it, as long as that is not disabled")
  func certificates() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal(
        machine: "shop", kind: .service, displayName: "Web shop", roles: ["INTEGRATION"],
        certificateSubject: "CN=shop,O=Joinery"
      ).run(in: tx, at: Door.now)
      let admission = try Admissions.find(
        certificate: "CN=shop,O=Joinery", at: Door.now.instant, in: tx)
      #expect(admission.caller.name == "shop")
      #expect(try Admissions.holds(admission, at: Door.now.instant, in: tx))
      #expect(throws: IdentityRejection.certificateUnknown(subject: "CN=shop")) {
        try Admissions.find(certificate: "CN=shop", at: Door.now.instant, in: tx)
      }
      _ = try SetPrincipalState(name: "shop", isDisabled: true).run(in: tx, at: Door.now)
      #expect(try !Admissions.holds(admission, at: Door.now.instant, in: tx))
      #expect(throws: IdentityRejection.disabled(name: "shop")) {
        try Admissions.find(certificate: "CN=shop,O=Joinery", at: Door.now.instant, in: tx)
      }
    }
  }
}
