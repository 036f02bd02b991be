import Testing
import Values

@testable import Storage

@Suite("Row changes: what a job changed, by the engine's own account")
struct RowChangesTests {
  private static let schema = [
    Migration(
      "test-0001-thing",
      """
      CREATE TABLE thing (
        id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, size INTEGER, note TEXT, secret BLOB
      ) STRICT;
      CREATE TABLE pair (a TEXT NOT NULL, b INTEGER NOT NULL, c INTEGER, PRIMARY KEY (a, b))
        STRICT, WITHOUT ROWID;
      CREATE TABLE total (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL) STRICT;
      INSERT INTO thing VALUES (1, 'T-1', 10, 'first', x'0102'), (2, 'T-2', 20, NULL, NULL);
      INSERT INTO pair VALUES ('x', 1, 5);
      INSERT INTO total VALUES (1, 30);
      """)
  ]
  private static let filter = ChangeFilter(leavingOut: ["total"])

  private func changes(_ body: @escaping @Sendable (Transaction) throws -> Void) async throws
    -> RowChanges
  {
    let database = try Database.inMemory(migrations: Self.schema)
    defer { database.close() }
    return try await database.write { tx in
      try tx.noteChanges(Self.filter)
      try body(tx)
      return tx.takeChanges()
    }
  }

  @Test("an update tells the row and each column that is different, before and after")
  func updates() async throws {
    let found = try await changes { tx in
      try tx.execute("UPDATE thing SET size = 11, note = NULL, code = code WHERE id = 1")
      try tx.execute("UPDATE pair SET c = c + 1")
    }
    #expect(found.leftOut == 0)
    #expect(found.rows.map(\.table) == ["thing", "pair"])
    #expect(found.rows[0].row == [Fact("id", 1), Fact("code", "T-1")])
    #expect(
      found.rows[0].columns == [
        .init(name: "size", before: "10", after: "11"),
        .init(name: "note", before: "first", after: ""),
      ])
    #expect(found.rows[1].row == [Fact("a", "x"), Fact("b", 1)])
    #expect(found.rows[1].columns == [.init(name: "c", before: "5", after: "6")])
  }

  @Test("a removal tells all that is gone, and of bytes only how many")
  func removals() async throws {
    let found = try await changes { try $0.execute("DELETE FROM thing WHERE id = 1") }
    #expect(found.rows.map(\.isRemoved) == [true])
    #expect(
      found.rows[0].columns.map { "\($0.name) \($0.before)" }
        == ["size 10", "note first", "secret 2 bytes"])
    #expect(found.rows[0].columns.allSatisfy { $0.after.isEmpty })
  }

  @Test("bytes that change are seen, though not told")
  func bytes() async throws {
    let found = try await changes {
      try $0.execute("UPDATE thing SET secret = x'0103' WHERE id = 1")
    }
    #expect(
      found.rows.first?.columns
        == [.init(name: "secret", before: "2 bytes", after: "2 bytes")])
  }

  @Test("what is added, left out, unchanged or undone is not told")
  func nothing() async throws {
    let found = try await changes { tx in
      try tx.execute("INSERT INTO thing (code) VALUES ('T-3')")
      try tx.execute("UPDATE total SET sum = 31")
      try tx.execute("UPDATE thing SET size = size")
      try? tx.attempt {
        try tx.execute("UPDATE thing SET size = 99")
        throw StorageError(.closed, "undone")
      }
    }
    #expect(found.isEmpty, "\(found)")
  }

  @Test("an upsert is a change of the row that was there")
  func upserts() async throws {
    let found = try await changes { tx in
      try tx.execute(
        """
        INSERT INTO thing (code, size) VALUES ('T-2', 21)
        ON CONFLICT (code) DO UPDATE SET size = excluded.size
        """)
    }
    #expect(found.rows.first?.columns == [.init(name: "size", before: "20", after: "21")])
  }

  @Test("many rows and long text are cut, and the rest is counted")
  func bounds() async throws {
    let found = try await changes { tx in
      try tx.execute("UPDATE thing SET note = ?", String(repeating: "长", count: 5_000))
      for size in 0..<200 { try tx.execute("UPDATE thing SET size = ? WHERE id = 1", size + 100) }
    }
    #expect(found.rows.count == 100)
    #expect(found.leftOut == 102)
    #expect(found.rows[0].columns.first?.after.count == 201)
  }

  @Test("the next job begins with nothing, whether or not the last one took what it noted")
  func nextJob() async throws {
    let database = try Database.inMemory(migrations: Self.schema)
    defer { database.close() }
    try await database.write { tx in
      try tx.noteChanges(Self.filter)
      try tx.execute("UPDATE thing SET size = 1")
    }
    let found = try await database.write { tx in
      try tx.execute("UPDATE thing SET size = 2")
      return tx.takeChanges()
    }
    #expect(found.isEmpty)
  }
}
