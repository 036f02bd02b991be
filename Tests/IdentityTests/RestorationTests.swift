import Identity
import MasterData
import Storage
import Testing
import Values

@Suite("Restorations under four eyes")
struct RestorationTests {
  private static let source = Restoration.Source(
    backup: "joinery-20261121T000000Z.backup", backupAt: Door.moment(-7_200).instant,
    chosen: Door.moment(-3_600).instant, reached: Door.moment(-3_601).instant, records: 40,
    leftOut: 7, knownUntil: Door.moment(-60).instant)

  private static func note(_ name: String = "r1", in tx: Transaction) throws -> Restoration {
    try NoteRestoration(
      name: name, source: source,
      last: .init(
        sequence: 12, method: "PlaceOrder", principal: "till-1", at: Door.moment(-3_601).instant),
      restoredBy: "root", reason: "the disk died"
    ).run(in: tx, at: Door.now)
  }

  private static func administrators(_ names: String..., in tx: Transaction) throws {
    for name in names {
      let person = try CreatePrincipal.person(name, roles: [], in: tx)
      // As those who were there before anybody had to agree.
      try tx.execute(
        """
        INSERT INTO principal_role (principal_id, role_id)
        SELECT ?, id FROM role WHERE name = 'ADMINISTRATOR'
        """, person.id)
    }
  }

  private static func approve(
    _ name: String, by actor: String, for others: Set<String> = [], in tx: Transaction
  ) throws -> Restoration {
    try ApproveRestoration(
      restoration: name, by: Caller(name: actor, roles: [], standsInFor: others)
    ).run(in: tx, at: Door.moment(60))
  }

  @Test("two administrators agree, and neither of them twice, nor by a stand-in")
  func two() async throws {
    let door = try Door()
    try await door.write { tx in
      try Self.administrators("boss", "deputy", in: tx)
      let noted = try Self.note(in: tx)
      #expect(noted.state == .pending && noted.source == Self.source)
      #expect(noted.last?.sequence == 12 && noted.reason == "the disk died")
      let first = try Self.approve("r1", by: "boss", in: tx)
      #expect(first.state == .pending && first.agreedBy == "boss" && first.decidedBy == nil)
      #expect(throws: RestorationRejection.mayNotApprove(name: "r1", caller: "boss")) {
        try Self.approve("r1", by: "boss", in: tx)
      }
      #expect(throws: RestorationRejection.mayNotApprove(name: "r1", caller: "clerk")) {
        try Self.approve("r1", by: "clerk", for: ["boss"], in: tx)
      }
      let second = try Self.approve("r1", by: "deputy", in: tx)
      #expect(second.state == .approved && second.agreedBy == "boss")
      #expect(second.decidedBy == "deputy" && second.decidedAt == Door.moment(60).instant)
      #expect(try Restorations.latest(in: tx) == second)
      #expect(throws: RestorationRejection.decided(name: "r1", state: .approved, by: "deputy")) {
        try Self.approve("r1", by: "boss", in: tx)
      }
      let types = tx.takeEvents().map(\.type).filter { $0.contains("resto") }
      #expect(types == ["database.restored", "restoration.agreed", "restoration.approved"])
    }
    #expect(try await door.violations() == [])
  }

  @Test("the only administrator suffices, and it is on record that it was the only one")
  func alone() async throws {
    let door = try Door()
    try await door.write { tx in
      try Self.administrators("boss", in: tx)
      _ = try Self.note(in: tx)
      let decided = try Self.approve("r1", by: "boss", in: tx)
      #expect(decided.state == .approved && decided.agreedBy == nil)
      let event = tx.takeEvents().last
      #expect(event?.type == "restoration.approved")
      #expect(event?.facts.contains(Fact("only_administrator", "true")) == true)
    }
  }

  @Test("one refuses for good, also after having agreed; of an earlier one nothing is decided")
  func rejected() async throws {
    let door = try Door()
    try await door.write { tx in
      try Self.administrators("boss", "deputy", in: tx)
      _ = try Self.note("r0", in: tx)
      _ = try Self.note("r1", in: tx)
      #expect(
        throws: RestorationRejection.unknownRestoration(field: "restoration_id", name: "r0")
      ) { try Self.approve("r0", by: "boss", in: tx) }
      _ = try Self.approve("r1", by: "boss", in: tx)
      #expect(throws: MasterDataRejection.missingValue(field: "reason")) {
        try RejectRestoration(restoration: "r1", reason: " ", by: "boss").run(in: tx, at: Door.now)
      }
      let refused = try RejectRestoration(restoration: "r1", reason: "too old", by: "boss")
        .run(in: tx, at: Door.moment(5))
      #expect(refused.state == .rejected && refused.decidedBy == "boss")
      #expect(throws: RestorationRejection.decided(name: "r1", state: .rejected, by: "boss")) {
        try Self.approve("r1", by: "deputy", in: tx)
      }
    }
  }

  @Test("a database that was never restored says so, and one that agreed twice is found")
  func invariant() async throws {
    let door = try Door()
    let never = try await door.refusals { try Restorations.requireLatest(in: $0) }
    #expect(never.map(\.reason) == ["NEVER_RESTORED"] && never.map(\.kind) == [.notFound])
    let unnamed = try await door.refusals { try Self.approve("", by: "boss", in: $0) }
    #expect(unnamed.map(\.reason) == ["REQUIRED"])
    #expect(unnamed.map(\.field) == ["restoration_id"])
    try await door.write { tx in
      _ = try Self.note(in: tx)
      try tx.execute(
        """
        UPDATE restoration SET state = 'APPROVED', agreed_by = 'boss', decided_by = 'boss',
          decided_at = 1
        """)
    }
    #expect(try await door.violations().count == 1)
  }
}
