import Storage
import Synchronization
import Testing
import Values

@Suite("Migration")
struct MigrationTests {
  static let first = Migration("a-0001-first", "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT")
  static let second = Migration(
    "a-0002-second",
    """
    CREATE TABLE two (id INTEGER PRIMARY KEY, one INTEGER NOT NULL REFERENCES one (id)) STRICT;
    INSERT INTO one (id) VALUES (1);
    INSERT INTO two (one) VALUES (1); -- refers to the row above
    """)
  static let upper = Migration("b-0001-upper", "CREATE TABLE upper (id INTEGER PRIMARY KEY) STRICT")

  private func applied(_ database: Database) throws -> [String] {
    try database.readBlocking { snapshot in
      try snapshot.all("SELECT id, applied_at FROM joinery_migration ORDER BY position") { row in
        "\(row.text(0)) \(row.int64(1))"
      }
    }
  }

  @Test("applies what is missing, in order, once, and notes when")
  func applies() throws {
    let directory = try TemporaryDirectory()
    let fresh = try directory.open([Self.first])
    #expect(try applied(fresh) == ["a-0001-first 1"])
    fresh.close()
    let configuration = Database.Configuration(path: directory.file)
    let upgraded = try Database.open(
      configuration, migrations: [Self.first, Self.second], now: Instant(microseconds: 2))
    #expect(try applied(upgraded) == ["a-0001-first 1", "a-0002-second 2"])
    upgraded.close()
    let again = try Database.open(
      configuration, migrations: [Self.first, Self.second], now: Instant(microseconds: 3))
    #expect(try applied(again) == ["a-0001-first 1", "a-0002-second 2"])
    again.close()
  }

  @Test("is preceded by a copy of what is there, and does not happen where that fails")
  func copiesBefore() async throws {
    let directory = try TemporaryDirectory()
    let copy = directory.path + "/copy.db"
    let asked = Mutex<[String]>([])
    func open(_ migrations: [Migration], failing: Bool = false) throws -> Database {
      try Database.open(
        Database.Configuration(
          path: directory.file,
          beforeMigrating: { first, copyTo throws(StorageError) in
            asked.withLock { $0.append(first) }
            if failing { throw StorageError(.full, "no room") }
            try copyTo(copy)
          }), migrations: migrations, now: Instant(microseconds: 1))
    }
    // Neither for a new database nor where nothing is missing.
    try open([Self.first]).close()
    try open([Self.first]).close()
    #expect(asked.withLock { $0 } == [])
    await expectFailure(.full) { try open([Self.first, Self.second], failing: true) }
    let untouched = try open([Self.first])
    #expect(try applied(untouched) == ["a-0001-first 1"])
    untouched.close()
    let upgraded = try open([Self.first, Self.second])
    #expect(try applied(upgraded) == ["a-0001-first 1", "a-0002-second 1"])
    upgraded.close()
    #expect(asked.withLock { $0 } == ["a-0002-second", "a-0002-second"])
    let kept = try Database.open(
      Database.Configuration(path: copy), migrations: [Self.first], now: Instant(microseconds: 9))
    #expect(try applied(kept) == ["a-0001-first 1"])
    kept.close()
  }

  @Test("a lower area may get a migration after a higher one had its own")
  func allowsOtherAreas() throws {
    let directory = try TemporaryDirectory()
    try directory.open([Self.first, Self.upper]).close()
    let upgraded = try directory.open([Self.first, Self.second, Self.upper])
    #expect(
      try applied(upgraded) == ["a-0001-first 1", "b-0001-upper 1", "a-0002-second 1"])
    upgraded.close()
  }

  @Test("refuses a database that a newer version wrote and names what it does not know")
  func refusesNewer() async throws {
    let directory = try TemporaryDirectory()
    try directory.open([Self.first, Self.second]).close()
    let error = await expectFailure(.newerSchema) { try directory.open([Self.first]) }
    #expect(error?.message.contains("a-0002-second") == true)
  }

  @Test("refuses a migration that was edited after it had been applied")
  func refusesEdited() async throws {
    let directory = try TemporaryDirectory()
    try directory.open([Self.first]).close()
    let edited = Migration(
      "a-0001-first", "CREATE TABLE one (id INTEGER PRIMARY KEY, x TEXT) STRICT")
    let error = await expectFailure(.changedMigration) { try directory.open([edited]) }
    #expect(error?.message.contains("a-0001-first") == true)
  }

  @Test("refuses a migration slipped in before one that was applied")
  func refusesInserted() async throws {
    let directory = try TemporaryDirectory()
    try directory.open([Self.first, Self.second]).close()
    let between = Migration("a-0001-between", "SELECT 1")
    await expectFailure(.changedMigration) {
      try directory.open([between, Self.first, Self.second])
    }
    let earlier = Migration("a-0000-earlier", "SELECT 1")
    let error = await expectFailure(.changedMigration) {
      try directory.open([earlier, Self.first, Self.second])
    }
    #expect(error?.message.contains("a-0000-earlier") == true)
  }

  @Test(
    "refuses a list with bad names or order",
    arguments: [
      [Migration("first", "SELECT 1")], [Migration("a-1-first", "SELECT 1")],
      [Migration("a-0001-", "SELECT 1")], [Self.second, Self.first], [Self.first, Self.first],
    ])
  func refusesNames(migrations: [Migration]) async throws {
    await expectFailure(.changedMigration) { try Database.inMemory(migrations: migrations) }
  }

  @Test("keeps nothing of an upgrade of which one statement fails")
  func isAtomic() async throws {
    let directory = try TemporaryDirectory()
    try directory.open([Self.first]).close()
    let broken = Migration(
      "a-0003-broken", "CREATE TABLE three (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE one (x)")
    let error = await expectFailure(.failedMigration) {
      try directory.open([Self.first, Self.second, broken])
    }
    #expect(error?.message.contains("a-0003-broken") == true)
    let database = try directory.open([Self.first])
    #expect(
      try database.readBlocking { snapshot in
        try snapshot.all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1") {
          $0.text(0)
        }
      } == ["joinery_migration", "one"])
    database.close()
  }

  @Test("refuses an upgrade that leaves a row pointing at nothing")
  func checksReferences() async throws {
    let dangling = Migration("a-0003-dangling", "DELETE FROM one")
    let error = await expectFailure(.failedMigration) {
      try Database.inMemory(migrations: [Self.first, Self.second, dangling])
    }
    #expect(error?.message.contains("two") == true)
  }

  @Test("references are enforced again after a migration that rebuilt a table")
  func enforcesReferences() async throws {
    let rebuild = Migration(
      "a-0003-rebuild",
      """
      CREATE TABLE one_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
      INSERT INTO one_new (id, name) SELECT id, 'x' FROM one;
      DROP TABLE one;
      ALTER TABLE one_new RENAME TO one;
      """)
    let database = try Database.inMemory(migrations: [Self.first, Self.second, rebuild])
    defer { database.close() }
    await expectFailure(.constraint(.foreignKey)) {
      try await database.write { try $0.execute("DELETE FROM one") }
    }
  }

  @Test("a failure at any statement of an upgrade, or at its commit, leaves the old schema")
  func survivesFaults() async throws {
    let points: [(FaultPlan.Point, Int)] = [
      (.statement, 1), (.statement, 2), (.statement, 3), (.commit, 1),
    ]
    for (point, n) in points {
      let directory = try TemporaryDirectory()
      try directory.open([Self.first]).close()
      let faults = FaultPlan()
      faults.arm(point, after: n)
      await expectFailure(.injected) {
        try directory.open([Self.first, Self.second], faults: faults)
      }
      let old = try directory.open([Self.first])
      #expect(try applied(old) == ["a-0001-first 1"])
      old.close()
    }
  }
}
