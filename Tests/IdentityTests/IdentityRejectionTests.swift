import Identity
import Storage
import Testing
import Values

/// One refusal provoked, with what it must say.
struct Refusal: Sendable, CustomTestStringConvertible {
  let reason: String
  let field: String?
  let kind: RejectionKind
  let provoke: @Sendable (Transaction) throws -> Void

  init(
    _ reason: String, _ field: String?, _ kind: RejectionKind,
    _ provoke: @escaping @Sendable (Transaction) throws -> Void
  ) {
    self.reason = reason
    self.field = field
    self.kind = kind
    self.provoke = provoke
  }

  var testDescription: String { reason }

  private static func policy(_ password: String) throws {
    if let fault = PasswordPolicy.fault(in: password, named: ["li.na"], field: "new_password") {
      throw fault
    }
  }

  /// Refusals of the shape of a request and of what it names.
  static let ofRequests: [Refusal] = [
    Refusal("PASSWORD_TOO_SHORT", "new_password", .invalid) { _ in try policy("short") },
    Refusal("PASSWORD_TOO_LONG", "new_password", .invalid) { _ in
      try policy(String(repeating: "oak ash elm ", count: 20))
    },
    Refusal("PASSWORD_CONTAINS_NAME", "new_password", .invalid) { _ in try policy("it is li.na 99")
    },
    Refusal("PASSWORD_COMMON", "new_password", .invalid) { _ in try policy("password1234") },
    Refusal("ROLE_NAME_INVALID", "role.name", .invalid) { tx in
      _ = try UpsertRole(name: "sales", title: "Sales", permissions: [], known: known)
        .run(in: tx, at: Door.now)
    },
    Refusal("UNKNOWN_PERMISSION", "role.permissions[1]", .invalid) { tx in
      _ = try UpsertRole(
        name: "SALES", title: "Sales", permissions: ["orders.read", "orders.raed"], known: known
      ).run(in: tx, at: Door.now)
    },
    Refusal("NETWORK_INVALID", "networks[1]", .invalid) { tx in
      _ = try IssueKey.of("till-1", networks: ["10.0.0.0/8", "10.0.0.1/8"], in: tx)
    },
    Refusal("TOO_MANY", "networks", .invalid) { tx in
      let networks = (0...20).map { "10.\($0).0.0/16" }
      _ = try IssueKey.of("till-1", networks: networks, in: tx)
    },
    Refusal("NOT_A_PERSON", "name", .invalid) { tx in
      try ResetPassword(name: "till-1", password: hash("x")).run(in: tx, at: Door.now)
    },
    Refusal("NOT_A_MACHINE", "principal", .invalid) { tx in
      _ = try IssueKey.of("li.na", in: tx)
    },
    Refusal("UNKNOWN_PRINCIPAL", "name", .notFound) { tx in
      _ = try SetRoles(name: "nobody", roles: []).run(in: tx, at: Door.now)
    },
    Refusal("UNKNOWN_ROLE", "roles[0]", .notFound) { tx in
      _ = try SetRoles(name: "li.na", roles: ["NOTHING"]).run(in: tx, at: Door.now)
    },
    Refusal("UNKNOWN_KEY", "key_id", .notFound) { tx in
      _ = try RevokeKey(key: "none").run(in: tx, at: Door.now)
    },
    Refusal("UNKNOWN_SESSION", "session_id", .notFound) { tx in
      try EndSession(session: "s1", reason: .revoked, owner: "till-1").run(in: tx, at: Door.now)
    },
  ]

  /// Refusals of who asks, and of the state.
  static let ofState: [Refusal] = [
    Refusal("NAME_TAKEN", "name", .alreadyExists) { tx in
      _ = try CreatePrincipal.till("li.na", in: tx)
    },
    Refusal("CERTIFICATE_TAKEN", "certificate_subject", .alreadyExists) { tx in
      for name in ["one", "two"] {
        _ = try CreatePrincipal(
          machine: name, kind: .service, displayName: name, roles: [], certificateSubject: "CN=x"
        ).run(in: tx, at: Door.now)
      }
    },
    Refusal("LOGIN_REFUSED", nil, .unauthenticated) { tx in
      _ = try LogIn.attempt("li.na", "wrong", in: tx).get()
    },
    Refusal("TOKEN_UNKNOWN", "metadata authorization", .unauthenticated) { tx in
      _ = try Admissions.find(token: "none", at: Door.now.instant, in: tx)
    },
    Refusal("KEY_ENDED", "metadata authorization", .unauthenticated) { tx in
      let secret = try IssueKey.of("till-1", in: tx)
      _ = try RevokeKey(key: "k1").run(in: tx, at: Door.now)
      _ = try Admissions.find(token: secret.text, at: Door.now.instant, in: tx)
    },
    Refusal("CERTIFICATE_UNKNOWN", nil, .unauthenticated) { tx in
      _ = try Admissions.find(certificate: "CN=nobody", at: Door.now.instant, in: tx)
    },
    Refusal("PRINCIPAL_DISABLED", "metadata authorization", .unauthenticated) { tx in
      let secret = try IssueKey.of("till-1", in: tx)
      _ = try SetPrincipalState(name: "till-1", isDisabled: true).run(in: tx, at: Door.now)
      _ = try Admissions.find(token: secret.text, at: Door.now.instant, in: tx)
    },
    Refusal("PERMISSION_MISSING", nil, .denied) { tx in
      let secret = try IssueKey.of("till-1", in: tx)
      try Admissions.find(token: secret.text, at: Door.now.instant, in: tx)
        .check(permission: "identity.write", of: "IdentityService/SetRoles")
    },
    Refusal("VERSION_CONFLICT", "version", .conflict) { tx in
      _ = try SetRoles(name: "li.na", roles: [], expectedVersion: 7).run(in: tx, at: Door.now)
    },
    Refusal("SCOPE_TOO_NARROW", nil, .denied) { tx in
      let secret = try IssueKey.of("till-1", in: tx)
      _ = try SetScope.of("till-1", "TILL", [.ownStore], in: tx)
      try Admissions.find(token: secret.text, at: Door.now.instant, in: tx)
        .check(unlimited: "orders.read", of: "FinanceService/GetTrialBalance")
    },
    Refusal("SCOPE_CHANGED", nil, .denied) { tx in
      let secret = try IssueKey.of("till-1", in: tx)
      let admission = try Admissions.find(token: secret.text, at: Door.now.instant, in: tx)
      _ = try SetScope.of("till-1", "TILL", [.ownStore], in: tx)
      try Admissions.check(
        stillHolds: admission, for: "orders.read", at: Door.now.instant, in: tx)
    },
    Refusal("ROLE_NOT_GIVEN", "role_scopes[0].role", .precondition) { tx in
      _ = try SetScope.of("till-1", "SALES", [.ownStore], in: tx)
    },
    Refusal("REQUIRED", "role_scopes[0].scopes", .invalid) { tx in
      _ = try SetScope.of("till-1", "TILL", [], in: tx)
    },
    Refusal("REQUIRED", "store_code", .invalid) { tx in
      _ = try SetScope.of("till-1", "TILL", [.ownStore], at: Place(), in: tx)
    },
    Refusal("UNKNOWN_WAREHOUSE", "warehouse_code", .notFound) { tx in
      _ = try SetScope.of(
        "till-1", "TILL", [.ownWarehouse], at: Place(warehouseCode: "NONE"), in: tx)
    },
    Refusal("SCOPE_OF_POWER", "role_scopes[0].scopes", .precondition) { tx in
      _ = try CreatePrincipal.person("boss", roles: ["ADMINISTRATOR"], in: tx)
      _ = try SetScope.of("boss", "ADMINISTRATOR", [.ownStore], in: tx)
    },
    Refusal("KEY_NOT_LIVE", "key_id", .precondition) { tx in
      _ = try IssueKey.of("till-1", in: tx)
      _ = try RevokeKey(key: "k1").run(in: tx, at: Door.now)
      _ = try RotateKey(
        key: "k1", overlapHours: nil, lifetimeDays: 0, name: "k2",
        secret: Secret(prefix: "jk", name: "k2", bytes: bytes(2, 32))
      ).run(in: tx, at: Door.now)
    },
    Refusal("TOO_MANY_KEYS", nil, .precondition) { tx in
      for seed in 1...11 as ClosedRange<UInt8> { _ = try IssueKey.of("till-1", seed: seed, in: tx) }
    },
    Refusal("TOO_MANY_ROLES", nil, .precondition) { tx in
      for number in 1...200 {
        _ = try UpsertRole(name: "R\(number)", title: "R", permissions: [], known: known)
          .run(in: tx, at: Door.now)
      }
    },
  ]
}

@Suite("Refusals of identity")
struct IdentityRejectionTests {
  private static let all = Refusal.ofRequests + Refusal.ofState

  @Test("says what, where and of which kind", arguments: all)
  func refuses(_ refusal: Refusal) async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("li.na", in: tx)
      _ = try LogIn.attempt("li.na", Door.password, in: tx).get()
      _ = try CreatePrincipal.till("till-1", in: tx)
    }
    let found = try await door.refusals(refusal.provoke)
    #expect(found.map(\.reason) == [refusal.reason])
    #expect(found.first?.field == refusal.field)
    #expect(found.first?.kind == refusal.kind)
    #expect(found.first?.message.isEmpty == false)
  }

  @Test("every mistake of a new person is named at once")
  func collects() async throws {
    let found = try await Door().refusals { tx in
      try CreatePrincipal(
        person: "li na", displayName: " ", roles: ["SALES", "NOTHING"], password: hash("x"),
        by: "boss", grantName: "g"
      ).run(in: tx, at: Door.now)
    }
    #expect(
      found.map { "\($0.reason) \($0.field ?? "")" } == [
        "INVALID_CODE name", "REQUIRED display_name", "UNKNOWN_ROLE roles[1]",
      ])
  }
}
