import Storage
import Testing

@Suite("The bell: nobody who waits misses a ring")
struct BellTests {
  @Test("what rang since it was looked at is not waited for")
  func alreadyRung() async throws {
    let bell = Bell()
    let rings = bell.rings
    bell.ring()
    try await bell.wait(beyond: rings)
    #expect(bell.rings == rings + 1)
  }

  @Test("everyone who waits is woken by one ring")
  func wakesAll() async throws {
    let bell = Bell()
    let rings = bell.rings
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<50 { group.addTask { try await bell.wait(beyond: rings) } }
      group.addTask { bell.ring() }
      try await group.waitForAll()
    }
  }

  @Test("a task that is cancelled stops waiting, before and while it does")
  func cancellation() async {
    let bell = Bell()
    let rings = bell.rings
    for _ in 0..<200 {
      let task = Task { try await bell.wait(beyond: rings) }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  @Test("a closed bell keeps nobody")
  func closed() async {
    let bell = Bell()
    let rings = bell.rings
    let waiting = Task { try await bell.wait(beyond: rings) }
    bell.close()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    await #expect(throws: CancellationError.self) { try await bell.wait(beyond: rings) }
  }

  @Test("the store's bell rings after a commit that holds something, and only then")
  func commits() async throws {
    let database = try Database.inMemory(migrations: Note.migrations)
    let rings = database.commits.rings
    _ = try await database.rehearse { try Note.insert("rehearsed", in: $0) }
    _ = try? await database.write { _ in throw CancellationError() }
    #expect(database.commits.rings == rings)
    try await database.write { try Note.insert("kept", in: $0) }
    try await database.commits.wait(beyond: rings)
    database.close()
    await #expect(throws: CancellationError.self) {
      try await database.commits.wait(beyond: database.commits.rings)
    }
  }
}
