import Storage
import Testing
import Values

@Suite("Snapshot")
struct SnapshotTests {
  @Test("a caller reads what it was told is written, whichever reader it meets")
  func readsOwnWrites() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    defer { database.close() }
    try await withThrowingTaskGroup { group in
      for task in 0..<8 {
        group.addTask {
          for number in 0..<25 {
            let text = "\(task)-\(number)"
            let id = try await database.write { try Note.insert(text, in: $0) }
            let read = try await database.read { snapshot in
              try snapshot.first("SELECT text FROM note WHERE id = ?", id) { $0.text(0) }
            }
            #expect(read == text)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("does not move while others write")
  func repeats() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    defer { database.close() }
    let gate = Gate()
    async let counts = database.read { snapshot in
      let before = try Note.count(in: snapshot)
      gate.pass()
      return [before, try Note.count(in: snapshot)]
    }
    await gate.waitUntilEntered()
    try await database.write { _ = try Note.insert("meanwhile", in: $0) }
    #expect(try await database.read { try Note.count(in: $0) } == 1)
    gate.open()
    #expect(try await counts == [0, 0])
  }

  @Test("cannot write", arguments: [true, false])
  func cannotWrite(inMemory: Bool) async throws {
    let directory = try TemporaryDirectory()
    let database = inMemory ? try Note.database() : try directory.open()
    defer { database.close() }
    await expectFailure(.readOnly) {
      try await database.read { snapshot in
        try snapshot.first("INSERT INTO note (text) VALUES ('x') RETURNING id") { $0.int64(0) }
      }
    }
    #expect(try await database.read { try Note.count(in: $0) } == 0)
  }

  @Test("a failing read leaves its reader fit for the next")
  func survivesFailure() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    defer { database.close() }
    for _ in 0..<8 {
      await #expect(throws: Refusal.self) { try await database.read { _ in throw Refusal() } }
      let error = await expectFailure(.invalidStatement) {
        try await database.read { try $0.all("SELECT nothing FROM nowhere") { $0.int(0) } }
      }
      #expect(error?.sql == "SELECT nothing FROM nowhere")
    }
    #expect(try await database.read { try Note.count(in: $0) } == 0)
  }

  @Test("a long read does not stop writers, and the log starts over once it has ended")
  func holdsLog() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    defer { database.close() }
    let block = String(repeating: "x", count: 100_000)
    let fill: @Sendable (Int) async throws -> Void = { count in
      for _ in 0..<count {
        try await database.write { transaction in
          try transaction.execute("DELETE FROM note")
          for number in 0..<40 { try Note.insert("\(number)\(block)", in: transaction) }
        }
      }
    }
    let gate = Gate()
    async let held = database.read { snapshot in
      let before = try Note.count(in: snapshot)
      gate.pass()
      return [before, try Note.count(in: snapshot)]
    }
    // Else a failure would wait for the reader, who waits for the gate.
    defer { gate.open() }
    await gate.waitUntilEntered()
    // The copy is made beside the writer, and ends when it ends.
    for _ in 0..<40 where database.statistics.checkpoints == 0 { try await fill(1) }
    let grown = database.statistics
    #expect(grown.checkpoints > 0)
    #expect(grown.logPages > 8_000)
    gate.open()
    #expect(try await held == [0, 0])
    for _ in 0..<40 where database.statistics.logPages >= grown.logPages { try await fill(1) }
    #expect(database.statistics.logPages < grown.logPages)
  }

  @Test("each statement is prepared once")
  func preparesOnce() async throws {
    let database = try Note.database()
    defer { database.close() }
    try await database.write { _ = try Note.insert("first", in: $0) }
    _ = try await database.write { try Note.count(in: $0) }
    let prepared = database.statistics.preparedStatements
    for number in 0..<20 {
      try await database.write { transaction in
        try Note.insert("\(number)", in: transaction)
        #expect(try Note.count(in: transaction) == number + 2)
      }
    }
    #expect(database.statistics.preparedStatements == prepared)
  }

  @Test("damage names rows that refer to nothing, and is empty for a sound file")
  func namesDamage() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    try await database.write { _ = try Note.insert("sound", in: $0) }
    #expect(try await database.damage() == [])
    database.close()
    try RawFile.execute(
      directory.file, "INSERT INTO note (text, parent) VALUES ('orphan', 99)", isProtected: true)
    let again = try directory.open()
    #expect(try await again.damage() == ["row 2 of note refers to a missing row of note"])
    again.close()
  }
}
