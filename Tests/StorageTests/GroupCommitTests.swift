import Storage
import Testing
import Values

@Suite("Group commit")
struct GroupCommitTests {
  @Test("many writers share few commits and every one is kept")
  func shares() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    defer { database.close() }
    try await withThrowingTaskGroup { group in
      for number in 0..<500 {
        group.addTask { try await database.write { try Note.insert("\(number)", in: $0) } }
      }
      var ids: Set<Int64> = []
      for try await id in group { ids.insert(id) }
      #expect(ids.count == 500)
    }
    #expect(try await database.read { try Note.count(in: $0) } == 500)
    #expect(database.statistics.committedJobs == 500)
    #expect(database.statistics.commits < 500)
  }

  @Test("jobs that waited for one another are one commit; a throwing one hurts no neighbour")
  func isolatesNeighbours() async throws {
    let database = try Note.database()
    defer { database.close() }
    let gate = Gate()
    async let first: Void = database.write { _ in gate.pass() }
    await gate.waitUntilEntered()
    let commits = database.statistics.commits
    var jobs: [Task<Void, any Error>] = []
    for number in 0..<9 {
      jobs.append(
        Task {
          try await database.write { transaction in
            try Note.insert("\(number)", in: transaction)
            if number % 3 == 1 { throw Refusal() }
            if number % 3 == 2 { try Note.insert("\(number - 2)", in: transaction) }
          }
        })
      // In their order: the third repeats what the first has written.
      await database.waitForJobs(number + 1)
    }
    gate.open()
    try await first
    for (number, job) in jobs.enumerated() {
      switch number % 3 {
      case 1: await #expect(throws: Refusal.self) { try await job.value }
      case 2: await expectFailure(.constraint(.unique)) { try await job.value }
      default: try await job.value
      }
    }
    #expect(try await database.read { try Note.texts(in: $0) }.sorted() == ["0", "3", "6"])
    #expect(database.statistics.commits == commits + 1)
    #expect(database.statistics.rolledBackJobs == 6)
  }

  @Test("the first jobs of a batch are undone like any other")
  func undoesFirst() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    defer { database.close() }
    let commits = database.statistics.commits
    let gate = Gate()
    let first = Task {
      try await database.write { transaction in
        try Note.insert("first", in: transaction)
        gate.pass()
        throw Refusal()
      }
    }
    await gate.waitUntilEntered()
    var jobs: [Task<Void, any Error>] = []
    for number in 2...6 {
      jobs.append(
        Task {
          try await database.write { transaction in
            try? transaction.attempt {
              try Note.insert("attempt \(number)", in: transaction)
              throw Refusal()
            }
            try Note.insert("\(number)", in: transaction)
            if number.isMultiple(of: 2) { throw Refusal() }
          }
        })
      await database.waitForJobs(jobs.count)
    }
    gate.open()
    await #expect(throws: Refusal.self) { try await first.value }
    for (number, job) in zip(2..., jobs) {
      if number.isMultiple(of: 2) {
        await #expect(throws: Refusal.self) { try await job.value }
      } else {
        try await job.value
      }
    }
    #expect(try await database.read { try Note.texts(in: $0) } == ["3", "5"])
    #expect(database.statistics.commits == commits + 1)
  }

  @Test("a full queue refuses at once and keeps what it has")
  func refusesOverload() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(queueLimit: 2)
    defer { database.close() }
    let gate = Gate()
    async let first: Void = database.write { _ in gate.pass() }
    await gate.waitUntilEntered()
    let waiting = ["a", "b"].map { text in
      Task { try await database.write { try Note.insert(text, in: $0) } }
    }
    await database.waitForJobs(2)
    await expectFailure(.overloaded) {
      try await database.write { try Note.insert("too much", in: $0) }
    }
    gate.open()
    try await first
    for job in waiting { _ = try await job.value }
    #expect(try await database.read { try Note.count(in: $0) } == 2)
  }

  @Test("a job whose task was cancelled while it waited is not run")
  func dropsCancelled() async throws {
    let database = try Note.database()
    defer { database.close() }
    let gate = Gate()
    async let first: Void = database.write { _ in gate.pass() }
    await gate.waitUntilEntered()
    let job = Task { try await database.write { try Note.insert("never", in: $0) } }
    await database.waitForJobs(1)
    job.cancel()
    gate.open()
    try await first
    await #expect(throws: CancellationError.self) { try await job.value }
    #expect(try await database.read { try Note.count(in: $0) } == 0)
  }

  @Test("a job that has begun is finished even though its task is cancelled")
  func finishesBegun() async throws {
    let database = try Note.database()
    defer { database.close() }
    let gate = Gate()
    let job = Task {
      try await database.write { transaction in
        gate.pass()
        return try Note.insert("done", in: transaction)
      }
    }
    await gate.waitUntilEntered()
    job.cancel()
    gate.open()
    #expect(try await job.value == 1)
  }

  @Test("closing finishes what waits and refuses what comes later")
  func drains() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    let gate = Gate()
    let first = Task { try await database.write { _ in gate.pass() } }
    await gate.waitUntilEntered()
    let waiting = Task { try await database.write { try Note.insert("last", in: $0) } }
    await database.waitForJobs(1)
    gate.open()
    database.close()
    try await first.value
    #expect(try await waiting.value == 1)
    await expectFailure(.closed) { try await database.write { try Note.insert("no", in: $0) } }
    await expectFailure(.closed) { try await database.read { try Note.count(in: $0) } }
    let again = try directory.open()
    #expect(try await again.read { try Note.texts(in: $0) } == ["last"])
    again.close()
  }

  @Test("a write that was announced and does not come, or comes late, changes nothing")
  func announced() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    // The writer sleeps, looks out or works; the writes come to it in each.
    let writes = try await withThrowingTaskGroup(of: Int.self) { group in
      for task in 1...4 {
        group.addTask {
          for round in 1...100 {
            database.announceWrite()
            if round % task == 0 {
              try await database.write { try Note.insert("\(task) \(round)", in: $0) }
            }
            database.announceWrite()
          }
          return 100 / task
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(try await database.read { try Note.count(in: $0) } == writes)
    database.announceWrite()
    database.close()
    database.announceWrite()
  }

  @Test("a database that nobody closed lets go of its file")
  func endsByItself() async throws {
    let directory = try TemporaryDirectory()
    try await directory.open().write { try Note.insert("kept", in: $0) }
    var again: Database?
    while again == nil {
      do {
        again = try directory.open()
      } catch let error as StorageError where error.code == .locked {
        await Task.yield()
      }
    }
    #expect(try await again?.read { try Note.texts(in: $0) } == ["kept"])
    again?.close()
  }
}
