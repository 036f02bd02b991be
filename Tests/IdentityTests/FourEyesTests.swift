import Identity
import Storage
import Testing
import Values

@Suite("Four eyes over who may do what")
struct FourEyesTests {
  /// Two administrators, a person and a machine that nobody gave power yet.
  private func office() async throws -> Door {
    let door = try Door()
    try await door.write { tx in
      for name in ["boss", "second"] {
        _ = try CreatePrincipal.person(name, roles: ["ADMINISTRATOR"], in: tx)
      }
      _ = try CreatePrincipal.person("li.na", roles: ["SALES"], in: tx)
    }
    return door
  }

  private func decide(
    _ grant: String, _ approves: Bool, by name: String, standingInFor others: Set<String> = [],
    in tx: Transaction
  ) throws -> WithheldGrant {
    try DecideGrant(
      grant: grant, approves: approves, by: Caller(name: name, standsInFor: others)
    ).run(in: tx, at: Door.now)
  }

  @Test("the only administrator asks nobody; of two, one gives power and the other agrees")
  func roles() async throws {
    let door = try await office()
    try await door.write { tx in
      let before = try #require(try Principals.find(name: "li.na", in: tx))
      let given = try SetRoles(name: "li.na", roles: ["FINANCE", "ADMINISTRATOR"])
        .run(in: tx, at: Door.now)
      #expect(given.roles == ["FINANCE"])
      #expect(given.version == before.version + 1)
      let grant = try #require(try WithheldGrants.pending(in: tx).first)
      #expect(grant.kind == .role && grant.requestedBy == "boss")
      // The same wish again waits once.
      _ = try SetRoles(name: "li.na", roles: ["FINANCE", "ADMINISTRATOR"])
        .run(in: tx, at: Door.now)
      #expect(try WithheldGrants.pending(in: tx).count == 1)
      for (name, others) in [("boss", []), ("li.na", []), ("second", ["boss"])]
        as [(String, Set<String>)]
      {
        #expect(throws: IdentityRejection.mayNotApprove(grant: grant.name, name: name)) {
          try decide(grant.name, true, by: name, standingInFor: others, in: tx)
        }
      }
      let agreed = try decide(grant.name, true, by: "second", in: tx)
      #expect(agreed.isApproved == true && agreed.decidedBy == "second")
      let after = try #require(try Principals.find(name: "li.na", in: tx))
      #expect(after.roles == ["ADMINISTRATOR", "FINANCE"])
      #expect(after.version == given.version + 1)
      #expect(throws: IdentityRejection.grantDecided(name: grant.name, by: "second")) {
        try decide(grant.name, false, by: "second", in: tx)
      }
      // What one has already is not given again.
      _ = try SetRoles(name: "li.na", roles: ["ADMINISTRATOR"]).run(in: tx, at: Door.now)
      #expect(try WithheldGrants.pending(in: tx).isEmpty)
      #expect(throws: IdentityRejection.unknownGrant(field: "grant_id", name: "none")) {
        try decide("none", true, by: "second", in: tx)
      }
    }
  }

  @Test("who asked takes it back, and what is not wanted any more does not wait")
  func withdrawn() async throws {
    let door = try await office()
    try await door.write { tx in
      for isTakenBack in [true, false] {
        _ = try SetRoles(
          name: "li.na", roles: ["ADMINISTRATOR"], by: "boss", grantName: "g\(isTakenBack)"
        ).run(in: tx, at: Door.now)
        let grant = try #require(try WithheldGrants.pending(in: tx).first)
        if isTakenBack {
          #expect(try decide(grant.name, false, by: "boss", in: tx).isApproved == false)
        } else {
          _ = try SetRoles(name: "li.na", roles: ["SALES"]).run(in: tx, at: Door.now)
        }
        #expect(try WithheldGrants.pending(in: tx).isEmpty)
        #expect(throws: (any Error).self) { try decide(grant.name, true, by: "second", in: tx) }
      }
      #expect(try Principals.find(name: "li.na", in: tx)?.roles == ["SALES"])
    }
  }

  @Test("a new principal gets power as late as an old one does")
  func created() async throws {
    let door = try await office()
    try await door.write { tx in
      let person = try CreatePrincipal.person("third", roles: ["ADMINISTRATOR", "SALES"], in: tx)
      #expect(person.roles == ["SALES"])
      let grant = try #require(try WithheldGrants.pending(in: tx).first)
      _ = try decide(grant.name, true, by: "second", in: tx)
      #expect(
        try Principals.administrators(in: tx) == ["boss", "second", "third"])
    }
  }

  @Test("power is put into a role by two")
  func permission() async throws {
    let door = try await office()
    try await door.write { tx in
      let permissions = ["identity.write", "orders.read"]
      let changed = try UpsertRole(
        name: "SALES", title: "Sales", permissions: permissions, known: known
      ).run(in: tx, at: Door.now)
      #expect(changed.permissions == ["orders.read"])
      let grant = try #require(try WithheldGrants.pending(in: tx).first)
      #expect(grant.kind == .permission)
      _ = try decide(grant.name, true, by: "second", in: tx)
      #expect(try Roles.find(name: "SALES", in: tx)?.permissions == permissions)
    }
  }

  @Test("a key with power opens nothing until two have agreed, nor does its successor")
  func keys() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("boss", roles: ["ADMINISTRATOR"], in: tx)
      _ = try CreatePrincipal(
        machine: "robot", kind: .service, displayName: "Robot", roles: ["ADMINISTRATOR"],
        certificateSubject: nil
      ).run(in: tx, at: Door.now)
      _ = try CreatePrincipal.till("till-1", in: tx)
      _ = try CreatePrincipal.person("second", roles: ["ADMINISTRATOR"], in: tx)
      let harmless = try IssueKey.of("till-1", seed: 9, in: tx)
      _ = try Admissions.find(token: harmless.text, at: Door.now.instant, in: tx)
      let secret = try IssueKey.of("robot", seed: 1, in: tx)
      #expect(throws: IdentityRejection.keyWithheld(name: "k1")) {
        try Admissions.find(token: secret.text, at: Door.now.instant, in: tx)
      }
      _ = try decide("k1", true, by: "second", in: tx)
      _ = try Admissions.find(token: secret.text, at: Door.now.instant, in: tx)
      let fresh = Secret(prefix: "jk", name: "k2", bytes: bytes(2, 32))
      let (key, _) = try RotateKey(
        key: "k1", overlapHours: 1, lifetimeDays: 1, name: "k2", secret: fresh
      ).run(in: tx, at: Door.now)
      #expect(key.isWithheld)
      #expect(throws: IdentityRejection.keyWithheld(name: "k2")) {
        try Admissions.find(token: fresh.text, at: Door.now.instant, in: tx)
      }
      _ = try Admissions.find(token: secret.text, at: Door.now.instant, in: tx)
    }
  }

  private func delegate(
    _ role: String, from delegator: String = "boss", to delegate: String = "li.na",
    begin: Int64? = nil, end: Int64? = 86_400, name: String = "d1", in tx: Transaction
  ) throws -> Delegation {
    try DelegateRole(
      delegator: delegator, delegate: delegate, role: role,
      beginsAt: begin.map { Door.moment($0).instant }, endsAt: end.map { Door.moment($0).instant },
      name: name
    ).run(in: tx, at: Door.now)
  }

  @Test("somebody stands in for a time, with the role and under its own name")
  func delegation() async throws {
    let door = try await office()
    try await door.write { tx in
      _ = try SetRoles(name: "boss", roles: ["ADMINISTRATOR", "GENERAL_MANAGER"])
        .run(in: tx, at: Door.now)
      _ = try LogIn.attempt("li.na", Door.password, in: tx).get()
      _ = try delegate("GENERAL_MANAGER", begin: 100, end: 200, in: tx)
      func admission(at second: Int64) throws -> Admission {
        try Admissions.find(
          token: tokens(1).access.text, at: Door.moment(second).instant, in: tx)
      }
      for (second, next) in [(99, 100), (100, 200), (199, 200), (200, nil)]
        as [(Int64, Int64?)]
      {
        let found = try admission(at: second)
        let stands = (100..<200).contains(second)
        #expect(found.caller.name == "li.na")
        #expect(found.caller.roles == (stands ? ["SALES", "GENERAL_MANAGER"] : ["SALES"]))
        #expect(found.caller.standsInFor == (stands ? ["boss"] : []))
        #expect(found.permissions.contains("orders.approve") == stands)
        #expect(found.changesAt == next.map { Door.moment($0).instant })
      }
      // It ends with the role of whom it is, and by being revoked.
      _ = try SetRoles(name: "boss", roles: ["ADMINISTRATOR"]).run(in: tx, at: Door.now)
      #expect(try admission(at: 150).caller.standsInFor == [])
      _ = try SetRoles(name: "boss", roles: ["ADMINISTRATOR", "GENERAL_MANAGER"])
        .run(in: tx, at: Door.now)
      #expect(try admission(at: 150).caller.standsInFor == ["boss"])
      #expect(throws: IdentityRejection.unknownDelegation(field: "delegation_id", name: "d1")) {
        try RevokeDelegation(delegation: "d1", party: "second").run(in: tx, at: Door.moment(150))
      }
      _ = try RevokeDelegation(delegation: "d1", party: "li.na").run(in: tx, at: Door.moment(150))
      #expect(try admission(at: 151).caller.standsInFor == [])
      let person = try #require(try Principals.find(name: "li.na", in: tx))
      #expect(try Delegations.open(of: person, at: Door.moment(151).instant, in: tx).isEmpty)
    }
  }

  @Test("what cannot be delegated")
  func undelegable() async throws {
    let door = try await office()
    let attempts: [(String, @Sendable (Transaction) throws -> Void)] = [
      ("ROLE_NOT_DELEGABLE", { _ = try self.delegate("ADMINISTRATOR", in: $0) }),
      ("ROLE_NOT_HELD", { _ = try self.delegate("FINANCE", in: $0) }),
      ("UNKNOWN_ROLE", { _ = try self.delegate("NOTHING", in: $0) }),
      ("DELEGATE_SELF", { _ = try self.delegate("SALES", from: "li.na", in: $0) }),
      ("REQUIRED", { _ = try self.delegate("SALES", from: "li.na", to: "boss", end: nil, in: $0) }),
      (
        "OUT_OF_RANGE",
        { _ = try self.delegate("SALES", from: "li.na", to: "boss", end: 91 * 86_400, in: $0) }
      ),
      (
        "OUT_OF_RANGE",
        { _ = try self.delegate("SALES", from: "li.na", to: "boss", begin: 9, end: 9, in: $0) }
      ),
      (
        // What one has got by delegation is not one's own.
        "ROLE_NOT_HELD",
        {
          _ = try self.delegate("SALES", from: "li.na", to: "boss", in: $0)
          _ = try self.delegate("SALES", from: "boss", to: "second", name: "d2", in: $0)
        }
      ),
    ]
    for (reason, attempt) in attempts {
      #expect(try await door.refusals(attempt).map(\.reason) == [reason])
    }
  }

  @Test("power that a role gets later does not come with a delegation of it")
  func laterPower() async throws {
    let door = try await office()
    try await door.write { tx in
      _ = try delegate("SALES", from: "li.na", to: "boss", in: tx)
      _ = try CreatePrincipal.person("third", roles: ["SALES"], in: tx)
      _ = try delegate("SALES", from: "li.na", to: "third", name: "d2", in: tx)
      let third = try #require(try Principals.find(name: "third", in: tx))
      try tx.execute(
        """
        INSERT INTO role_permission (role_id, permission)
        SELECT id, 'identity.write' FROM role WHERE name = 'SALES'
        """)
      _ = try SetRoles(name: "third", roles: []).run(in: tx, at: Door.now)
      let held = try Set(Scopes.byPermission(of: third, at: Door.now.instant, in: tx).keys)
      #expect(held.contains("orders.create"))
      #expect(!held.contains("identity.write"))
    }
  }

  @Test("who holds both of a pair is found, by roles of its own and of others")
  func duties() async throws {
    let door = try await office()
    try await door.write { tx in
      func found(at second: Int64 = 0) throws -> [String] {
        try DutyConflicts.findings(at: Door.moment(second).instant, limit: 100, in: tx).map {
          "\($0.principal) \($0.conflict.first)+\($0.conflict.second) \($0.roles)"
        }
      }
      #expect(try found() == [])
      _ = try SetRoles(name: "li.na", roles: ["SALES", "PURCHASER"]).run(in: tx, at: Door.now)
      #expect(
        try found() == ["li.na suppliers.write+purchasing.write [\"PURCHASER\"]"])
      try ReplaceDutyConflicts(
        [DutyConflict(first: "orders.read", second: "orders.create", reason: "A test")],
        known: known
      ).run(in: tx, at: Door.now)
      #expect(try DutyConflicts.list(in: tx).count == 1)
      #expect(
        try found() == ["li.na orders.read+orders.create [\"SALES\"]"])
      _ = try delegate("SALES", from: "li.na", to: "second", end: 60, in: tx)
      #expect(try found(at: 59).count == 2)
      #expect(try found(at: 60).count == 1)
      _ = try SetPrincipalState(name: "li.na", isDisabled: true).run(in: tx, at: Door.now)
      #expect(try found(at: 60) == [])
    }
    let wrong = try await door.refusals { tx in
      try ReplaceDutyConflicts(
        [DutyConflict(first: "orders.raed", second: "orders.create", reason: "")], known: known
      ).run(in: tx, at: Door.now)
    }
    #expect(wrong.map(\.reason) == ["UNKNOWN_PERMISSION", "REQUIRED"])
  }
}
