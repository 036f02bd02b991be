internal import Storage

/// Answers questions from a snapshot: the read side of every service.
struct Questions: Sendable {
  let database: Database

  func ask<Answer: Sendable>(
    _ question: @escaping @Sendable (Snapshot) throws -> Answer
  ) async throws -> Answer {
    try await FailureStatus.translating { try await database.read(question) }
  }
}
