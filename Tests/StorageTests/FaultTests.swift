import Storage
import Testing
import Values

@Suite("Faults")
struct FaultTests {
  /// Several statements, a nested attempt that fails, and one that does not.
  private static let verb: @Sendable (Transaction) throws -> Void = { transaction in
    let first = try Note.insert("first", in: transaction)
    try transaction.attempt {
      try transaction.execute("UPDATE note SET size = 1 WHERE id = ?", first)
    }
    try? transaction.attempt {
      try Note.insert("undone", in: transaction)
      throw Refusal()
    }
    try Note.insert("second", in: transaction)
    #expect(try Note.count(in: transaction) == 2)
  }

  @Test("a failure before any statement leaves the old state")
  func anyStatement() async throws {
    let faults = FaultPlan()
    let database = try Note.database(faults: faults)
    defer { database.close() }
    // The third statement is the one whose failure the verb itself undoes and swallows.
    for n in [1, 2, 4, 5] {
      faults.arm(.statement, after: n)
      await expectFailure(.injected) { try await database.write(Self.verb) }
      #expect(!faults.isArmed)
      #expect(try await database.read { try Note.count(in: $0) } == 0)
    }
    faults.arm(.statement, after: 3)
    try await database.write(Self.verb)
    #expect(try await database.read { try Note.texts(in: $0) } == ["first", "second"])
  }

  @Test("a failed commit acknowledges nobody and keeps nothing; the next one is sound")
  func failedCommit() async throws {
    let directory = try TemporaryDirectory()
    let faults = FaultPlan()
    let database = try directory.open(faults: faults)
    defer { database.close() }
    let gate = Gate()
    let first = Task {
      try await database.write { transaction in
        gate.pass()
        return try Note.insert("first", in: transaction)
      }
    }
    await gate.waitUntilEntered()
    faults.arm(.commit)
    let others = (0..<5).map { number in
      Task {
        try await database.write { transaction in
          let id = try Note.insert("\(number)", in: transaction)
          if number == 4 { throw Refusal() }
          return id
        }
      }
    }
    await database.waitForJobs(5)
    gate.open()
    for job in [first] + others { await expectFailure(.injected) { try await job.value } }
    #expect(try await database.read { try Note.count(in: $0) } == 0)
    #expect(database.statistics.commits == 0)
    try await database.write { try Note.insert("next", in: $0) }
    #expect(try await database.read { try Note.texts(in: $0) } == ["next"])
  }

  @Test("a failed flush ends all writing; reading goes on")
  func failedFlush() async throws {
    let directory = try TemporaryDirectory()
    let faults = FaultPlan()
    let database = try directory.open(faults: faults)
    try await database.write { try Note.insert("durable", in: $0) }
    faults.arm(.commit, .fail(StorageError(.ioFailure, "fsync failed")))
    await expectFailure(.ioFailure) { try await database.write { try Note.insert("a", in: $0) } }
    for _ in 0..<3 {
      let error = await expectFailure(.failed) {
        try await database.write { try Note.insert("b", in: $0) }
      }
      #expect(error?.message.contains("fsync failed") == true)
    }
    #expect(try await database.read { try Note.texts(in: $0) } == ["durable"])
    database.close()
    let again = try directory.open()
    try await again.write { try Note.insert("again", in: $0) }
    #expect(try await again.read { try Note.texts(in: $0) } == ["durable", "again"])
    again.close()
  }

  @Test("a full disk refuses what does not fit, keeps the rest, and goes on when there is room")
  func fullDisk() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(faults: FaultPlan(maximumPages: 40))
    defer { database.close() }
    let block = String(repeating: "x", count: 10_000)
    try await database.write { try Note.insert("small", in: $0) }
    await expectFailure(.full) {
      try await database.write { transaction in
        for number in 0..<40 { try Note.insert("\(number)\(block)", in: transaction) }
      }
    }
    #expect(try await database.read { try Note.texts(in: $0) } == ["small"])
    try await database.write { try Note.insert("fits", in: $0) }
    #expect(try await database.read { try Note.count(in: $0) } == 2)
    #expect(try await database.damage() == [])
  }

  @Test(
    "a body that goes on after the engine rolled everything back is stopped, and its batch fails")
  func lostTransaction() async throws {
    let database = try Note.database()
    defer { database.close() }
    await expectFailure(.constraint(.unique)) {
      try await database.write { transaction in
        try Note.insert("half", in: transaction)
        // Stands for what a full disk or a failed allocation can do to a transaction.
        _ = try? transaction.execute("INSERT OR ROLLBACK INTO note (text) VALUES ('half')")
        #expect(throws: StorageError.self) {
          try transaction.attempt { try Note.insert("smuggled", in: transaction) }
        }
        #expect(throws: StorageError.self) { try Note.count(in: transaction) }
      }
    }
    #expect(try await database.read { try Note.count(in: $0) } == 0)
    try await database.write { try Note.insert("next", in: $0) }
    #expect(try await database.read { try Note.texts(in: $0) } == ["next"])
  }

  @Test("a process killed between commit and reply has kept what it committed")
  func killedAfterCommit() async throws {
    let directory = try TemporaryDirectory()
    try directory.open().close()
    await #expect(processExitsWith: .signal(9)) { [file = directory.file as String] in
      let faults = FaultPlan()
      let database = try Database.open(
        Database.Configuration(path: file, faults: faults), migrations: Note.migrations,
        now: Instant(microseconds: 0))
      faults.arm(.committed, after: 3, .crash)
      for number in 1...5 { try await database.write { try Note.insert("\(number)", in: $0) } }
    }
    let again = try directory.open()
    #expect(try await again.read { try Note.texts(in: $0) } == ["1", "2", "3"])
    again.close()
  }

  @Test("a process killed before commit has kept nothing of it, and its lock is free")
  func killedBeforeCommit() async throws {
    let directory = try TemporaryDirectory()
    try directory.open().close()
    await #expect(processExitsWith: .signal(9)) { [file = directory.file as String] in
      let faults = FaultPlan()
      let database = try Database.open(
        Database.Configuration(path: file, faults: faults), migrations: Note.migrations,
        now: Instant(microseconds: 0))
      faults.arm(.commit, after: 3, .crash)
      for number in 1...5 { try await database.write { try Note.insert("\(number)", in: $0) } }
    }
    let again = try directory.open()
    #expect(try await again.read { try Note.texts(in: $0) } == ["1", "2"])
    again.close()
  }
}
