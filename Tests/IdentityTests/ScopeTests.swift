import Identity
import Storage
import Testing
import Values

@Suite("Data scopes of principals")
struct ScopeTests {
  private func scope(
    _ name: String, _ permission: String, at seconds: Int64 = 0, in tx: Transaction
  ) throws -> DataScope? {
    let principal = try Principals.require(name: name, field: "name", in: tx)
    let now = Door.moment(seconds).instant
    return try Scopes.byPermission(of: principal, at: now, in: tx)[permission]
  }

  @Test(
    "a role of which nothing was said reaches everything, and a role that stays keeps its reach")
  func roles() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("li.na", roles: ["SALES"], in: tx)
      #expect(try scope("li.na", "orders.read", in: tx) == .all)
      let set = try SetScope.of("li.na", "SALES", [.ownStore, .ownCustomers], in: tx)
      #expect(set.version == 2 && set.reaches.map(\.reaches) == [[.ownCustomers, .ownStore]])
      let event = try #require(tx.takeEvents().last)
      #expect(event.type == "principal.scope-set")
      #expect(event.facts.contains(Fact("after", "SALES: OWN_CUSTOMERS OWN_STORE")))
      let own = DataScope(owners: ["li.na"], stores: ["S1"])
      #expect(try scope("li.na", "orders.read", in: tx) == own)
      // The same again is no change.
      #expect(
        try SetScope.of("li.na", "SALES", [.ownCustomers, .ownStore], in: tx).version == 2)
      _ = try SetRoles(name: "li.na", roles: ["FINANCE", "SALES"]).run(in: tx, at: Door.now)
      // By either role, as far as that one reaches.
      #expect(try scope("li.na", "orders.create", in: tx) == own)
      #expect(try scope("li.na", "payments.write", in: tx) == .all)
      #expect(try scope("li.na", "orders.read", in: tx) == .all)
      #expect(try scope("li.na", "identity.write", in: tx) == nil)
    }
    #expect(try await door.violations() == [])
  }

  @Test("a department is whoever belongs to it, its own self is always within")
  func departments() async throws {
    let door = try Door()
    try await door.write { tx in
      for (name, department) in [("a", "KITCHENS"), ("b", "KITCHENS"), ("c", "BEDS"), ("d", "")] {
        _ = try CreatePrincipal.person(name, roles: ["SALES"], in: tx)
        let place = Place(department: department, storeCode: "S1")
        let reach: Reach = department.isEmpty ? .ownStore : .ownDepartment
        _ = try SetScope.of(name, "SALES", [reach], at: place, in: tx)
      }
      #expect(try scope("a", "orders.read", in: tx) == DataScope(owners: ["a", "b"]))
      #expect(try scope("c", "orders.read", in: tx) == DataScope(owners: ["c"]))
      #expect(
        try scope("d", "orders.read", in: tx) == DataScope(owners: ["d"], stores: ["S1"]))
    }
  }

  @Test("who stands in reaches as far as whom it stands in for, in that role and for that time")
  func delegation() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("boss", roles: ["SALES_MANAGER"], in: tx)
      _ = try CreatePrincipal.person("li.na", roles: ["SALES"], in: tx)
      _ = try SetScope.of("li.na", "SALES", [.ownCustomers], in: tx)
      _ = try SetScope.of(
        "boss", "SALES_MANAGER", [.ownCustomers, .ownStore], at: Place(storeCode: "S9"), in: tx)
      _ = try DelegateRole(
        delegator: "boss", delegate: "li.na", role: "SALES_MANAGER", beginsAt: nil,
        endsAt: Door.moment(3_600).instant, name: "d-1"
      ).run(in: tx, at: Door.now)
      let both = DataScope(owners: ["li.na", "boss"], stores: ["S9"])
      #expect(try scope("li.na", "orders.read", in: tx) == both)
      #expect(try scope("li.na", "orders.approve", in: tx) == both)
      #expect(
        try scope("li.na", "orders.read", at: 3_600, in: tx) == DataScope(owners: ["li.na"]))
      #expect(try scope("li.na", "orders.approve", at: 3_600, in: tx) == nil)
      func explained(at moment: Moment) throws -> String? {
        try ExplainAccess(
          principal: "li.na", permission: "orders.approve", isSensitive: false, data: .somebodys,
          rule: .added
        ).run(in: tx, at: moment.instant).explanation.steps.first { $0.rule == "role.permission" }?
        .text
      }
      #expect(
        try explained(at: Door.now) == "orders.approve is permitted by SALES_MANAGER of boss")
      #expect(
        try explained(at: Door.moment(3_600)) == "No role of li.na permits orders.approve")
    }
  }

  @Test("a key bound to a store reaches no more than that, and nothing where its roles do not")
  func keys() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.till("till-1", in: tx)
      func reached(_ seed: UInt8, store: String?) throws -> DataScope {
        let secret = Secret(prefix: APIKey.prefix, name: "k\(seed)", bytes: bytes(seed, 32))
        _ = try IssueKey(
          principal: "till-1", label: "", lifetimeDays: 0, networks: [], certificateSubject: nil,
          storeCode: store, name: "k\(seed)", secret: secret, by: "boss"
        ).run(in: tx, at: Door.now)
        return try Admissions.find(token: secret.text, at: Door.now.instant, in: tx)
          .scope(for: "orders.read")
      }
      #expect(try reached(1, store: nil) == .all)
      #expect(try reached(2, store: "S1") == DataScope(owners: ["till-1"], stores: ["S1"]))
      _ = try SetScope.of(
        "till-1", "TILL", [.ownStore], at: Place(storeCode: "S1"), in: tx)
      #expect(try reached(3, store: "S1") == DataScope(owners: ["till-1"], stores: ["S1"]))
      #expect(try reached(4, store: "S2") == DataScope(owners: ["till-1"]))
      #expect(try reached(5, store: nil) == DataScope(owners: ["till-1"], stores: ["S1"]))
    }
  }

  @Test("who may say who may do what for a store alone is nobody who may say it")
  func power() async throws {
    let door = try Door()
    try await door.write { tx in
      _ = try CreatePrincipal.person("li.na", roles: ["SALES"], in: tx)
      _ = try SetScope.of("li.na", "SALES", [.ownStore], in: tx)
      _ = try UpsertRole(
        name: "SALES", title: "Sales", permissions: ["identity.write"], known: known
      ).run(in: tx, at: Door.now)
      #expect(try Principals.administrators(in: tx) == [])
    }
  }
}
