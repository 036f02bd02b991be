internal import Values

/// Brings a database to the schema of this program: all that is missing in one transaction, or
/// nothing.
///
/// Each area's applied migrations must be the first ones of the area's list, with the very text
/// that was applied; between areas the order may differ, since a lower area may have got a
/// migration after a higher one had its own.
struct MigrationRunner {
  private struct Applied {
    let id: String
    let sql: String
  }

  let migrations: [Migration]
  let faults: FaultPlan?

  /// `prepare` runs before a database that has some of the migrations gets the others.
  func run(
    on connection: Connection, at now: Instant,
    prepare: (_ first: String) throws(StorageError) -> Void
  ) throws(StorageError) {
    try checkNames()
    let applied = try history(connection)
    try checkHistory(applied)
    let known = Set(applied.map(\.id))
    let missing = migrations.filter { !known.contains($0.id) }
    guard let first = missing.first else { return }
    if !applied.isEmpty { try prepare(first.id) }
    // A migration may rebuild a table that others refer to: references are checked once, at the
    // end. The pragma does nothing inside a transaction.
    try connection.run("PRAGMA foreign_keys = OFF")
    try connection.run("BEGIN IMMEDIATE")
    do throws(StorageError) {
      try apply(missing, after: applied.count, on: connection, at: now)
      try faults?.reach(.commit)
      try connection.run("COMMIT")
    } catch {
      if connection.isInTransaction { try connection.run("ROLLBACK") }
      throw error
    }
    try connection.run("PRAGMA foreign_keys = ON")
  }

  private func apply(
    _ missing: [Migration], after count: Int, on connection: Connection, at now: Instant
  ) throws(StorageError) {
    try connection.run(
      """
      CREATE TABLE IF NOT EXISTS joinery_migration (
        position INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        sql TEXT NOT NULL,
        applied_at INTEGER NOT NULL
      ) STRICT
      """)
    for (offset, migration) in missing.enumerated() {
      do throws(StorageError) {
        try connection.runScript(migration.sql) { () throws(StorageError) in
          try faults?.reach(.statement)
        }
        try note(migration, at: count + offset + 1, now, on: connection)
      } catch  where error.code != .injected {
        throw StorageError(
          .failedMigration, "Migration \(migration.id) failed: \(error.message)", sql: error.sql)
      }
    }
    if let table = try connection.text("PRAGMA foreign_key_check") {
      throw StorageError(
        .failedMigration,
        "After migration \(missing.last?.id ?? "") a row of \(table) refers to a missing row"
      )
    }
  }

  private func note(
    _ migration: Migration, at position: Int, _ now: Instant, on connection: Connection
  ) throws(StorageError) {
    let statement = try connection.begin(
      "INSERT INTO joinery_migration (position, id, sql, applied_at) VALUES (?, ?, ?, ?)")
    defer { statement.end() }
    statement.bind(Int64(position), at: 1)
    statement.bind(migration.id, at: 2)
    statement.bind(migration.sql.description, at: 3)
    statement.bind(now.microseconds, at: 4)
    while try statement.step() {}
  }

  private func history(_ connection: Connection) throws(StorageError) -> [Applied] {
    let tables = try connection.integer(
      "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'joinery_migration'")
    guard tables > 0 else { return [] }
    let statement = try connection.begin("SELECT id, sql FROM joinery_migration ORDER BY position")
    defer { statement.end() }
    var applied: [Applied] = []
    while try statement.step() {
      guard let id = statement.text(0), let sql = statement.text(1) else {
        throw StorageError(.corrupt, "The record of migrations is damaged")
      }
      applied.append(Applied(id: id, sql: sql))
    }
    return applied
  }

  private func checkNames() throws(StorageError) {
    var latest: [Substring: Migration] = [:]
    for migration in migrations {
      guard let area = migration.area else {
        throw StorageError(
          .changedMigration, "Migration \(migration.id) is not named area-NNNN-what-it-does")
      }
      if let earlier = latest[area],
        earlier.id.prefix(area.count + 5) >= migration.id.prefix(area.count + 5)
      {
        throw StorageError(
          .changedMigration, "Migration \(migration.id) comes after \(earlier.id)")
      }
      latest[area] = migration
    }
  }

  private func checkHistory(_ applied: [Applied]) throws(StorageError) {
    let known = Dictionary(uniqueKeysWithValues: migrations.map { ($0.id, $0) })
    var position: [Substring: Int] = [:]
    let byArea = Dictionary(grouping: migrations) { $0.area ?? "" }
    for entry in applied {
      guard let migration = known[entry.id], let area = migration.area else {
        throw StorageError(
          .newerSchema,
          "A newer version wrote the database: migration \(entry.id) is unknown to this one"
        )
      }
      guard entry.sql == migration.sql.description else {
        throw StorageError(
          .changedMigration, "Migration \(entry.id) is not the one that was applied to the database"
        )
      }
      let expected = byArea[area, default: []][position[area, default: 0]]
      guard expected.id == entry.id else {
        throw StorageError(
          .changedMigration,
          "The database had \(entry.id) applied where this version has \(expected.id)")
      }
      position[area, default: 0] += 1
    }
  }
}
