import CSQLite
import Storage
import Testing

@Suite("The writer's log and undo log")
struct WriterFilesTests {
  /// More than the writer's cache, so that pages go to the log before the commit and come back from
  /// it, and more than the undo log keeps.
  private static let notes = 6_000
  private static let padding = String(repeating: "x", count: 8_000)

  private static func fill(_ prefix: String, in tx: Transaction) throws {
    for number in 0..<notes { try Note.insert("\(prefix)\(number)\(padding)", in: tx) }
  }

  @Test("a transaction larger than the cache reads back what it wrote, undoes a part and commits")
  func large() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    try await database.write { tx in
      try Self.fill("a", in: tx)
      #expect(try Note.count(in: tx) == Self.notes)
      #expect(throws: Refusal.self) {
        try tx.attempt {
          try tx.execute("UPDATE note SET text = text || 'y'")
          try tx.execute("DELETE FROM note WHERE id % 3 = 0")
          throw Refusal()
        }
      }
      let whole = try tx.first(
        "SELECT count(*) FROM note WHERE text GLOB 'a*x'", map: { $0.int(0) })
      #expect(whole == Self.notes)
    }
    await #expect(throws: Refusal.self) {
      try await database.write { tx in
        try Self.fill("b", in: tx)
        throw Refusal()
      }
    }
    #expect(try await database.read { try Note.count(in: $0) } == Self.notes)
    try await database.write { try Note.insert("after", in: $0) }
    database.close()
    #expect(try Self.integrity(of: directory.file) == "ok")
    let again = try directory.open()
    defer { again.close() }
    #expect(try await again.read { try Note.count(in: $0) } == Self.notes + 1)
  }

  @Test("every commit is in the log file when its caller is told")
  func durable() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    defer { database.close() }
    for number in 1...20 {
      try await database.write { try Note.insert("note \(number)", in: $0) }
      // What a machine would find that stops now.
      let copy = try TemporaryDirectory()
      try copy.replace("", directory.bytes())
      try copy.replace("-wal", directory.bytes("-wal"))
      let found = try copy.open()
      #expect(try await found.read { try Note.count(in: $0) } == number)
      found.close()
    }
  }

  @Test("commits overwrite a log that is longer than they need")
  func room() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    defer { database.close() }
    try await database.write { try Note.insert("first", in: $0) }
    let length = try directory.bytes("-wal").count
    for number in 1...20 { try await database.write { try Note.insert("\(number)", in: $0) } }
    #expect(length > 1 << 20)
    #expect(try directory.bytes("-wal").count == length)
    // Larger than the room ahead of it, so that the log grows in the middle of a commit.
    try await database.write { try Self.fill("a", in: $0) }
    let copy = try TemporaryDirectory()
    try copy.replace("", directory.bytes())
    try copy.replace("-wal", directory.bytes("-wal"))
    let found = try copy.open()
    #expect(try await found.read { try Note.count(in: $0) } == Self.notes + 21)
    found.close()
    #expect(try Self.integrity(of: copy.file) == "ok")
  }

  /// By a connection that knows nothing of ours.
  private static func integrity(of path: String) throws -> String {
    var handle: OpaquePointer?
    try #require(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, nil) == SQLITE_OK)
    defer { sqlite3_close_v2(handle) }
    var statement: OpaquePointer?
    try #require(
      sqlite3_prepare_v2(handle, "PRAGMA integrity_check", -1, &statement, nil) == SQLITE_OK)
    defer { sqlite3_finalize(statement) }
    try #require(sqlite3_step(statement) == SQLITE_ROW)
    return String(cString: sqlite3_column_text(statement, 0))
  }
}
