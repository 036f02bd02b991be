import Storage
import Testing
import Values

@Suite("Rows in scope")
struct ScopeTests {
  private func database() async throws -> Database {
    let database = try Database.inMemory(migrations: [
      Migration(
        "scope-0001-thing",
        """
        CREATE TABLE thing (
          id INTEGER PRIMARY KEY, owner TEXT, store TEXT, warehouse TEXT, author TEXT) STRICT;
        INSERT INTO thing (id, owner, store, warehouse, author) VALUES
          (1, 'li.na', NULL, NULL, NULL), (2, NULL, 'S1', NULL, NULL),
          (3, NULL, NULL, 'MAIN', NULL), (4, NULL, NULL, NULL, 'li.na'),
          (5, '', '', '', ''), (6, NULL, NULL, NULL, NULL),
          (7, '李娜 of the long name beyond fifteen bytes', 'S2', 'EAST', 'wu.bo');
        """)
    ])
    return database
  }

  private func seen(_ scope: DataScope?, _ database: Database) async throws -> [Int64] {
    try await database.read { snapshot in
      if let scope { snapshot.scope = scope }
      return try snapshot.all(
        "SELECT id FROM thing WHERE in_scope(owner, store, warehouse, author) ORDER BY id LIMIT 9"
      ) { $0.int64(0) }
    }
  }

  @Test("a statement sees what belongs to the scope of its snapshot, and all where none was set")
  func rows() async throws {
    let database = try await database()
    let cases: [(DataScope, [Int64])] = [
      (.all, [1, 2, 3, 4, 5, 6, 7]), (.nothing, []),
      (DataScope(owners: ["li.na"]), [1, 4]), (DataScope(stores: ["S1", "S2"]), [2, 7]),
      (DataScope(warehouses: ["MAIN"]), [3]),
      (DataScope(owners: ["li.na"], stores: ["S1"], warehouses: ["MAIN"]), [1, 2, 3, 4]),
      (DataScope(owners: ["李娜 of the long name beyond fifteen bytes"]), [7]),
      (DataScope(owners: [""], stores: [""], warehouses: [""]), []),
    ]
    for (scope, ids) in cases {
      #expect(try await seen(scope, database) == ids, "\(scope)")
      // The next job on the same connection begins with everything again.
      #expect(try await seen(nil, database).count == 7)
    }
    database.close()
  }

  @Test("a transaction has a scope, too, and what is left out of the question counts for nothing")
  func transactions() async throws {
    let database = try await database()
    let removed = try await database.write { tx in
      tx.scope = DataScope(stores: ["S1"])
      return try tx.execute("DELETE FROM thing WHERE in_scope(owner, store)")
    }
    #expect(removed == 1)
    let all = try await database.read { snapshot in
      try [DataScope.all, .nothing].map { scope in
        snapshot.scope = scope
        return try snapshot.first("SELECT count(*) FROM thing WHERE in_scope()") { $0.int64(0) }
      }
    }
    #expect(all == [6, 0])
    database.close()
  }
}
