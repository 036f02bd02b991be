internal import Storage

/// Answers questions from a snapshot: the read side of every service.
struct Questions: Sendable {
  let database: Database

  func ask<Answer: Sendable>(
    _ question: @escaping @Sendable (Snapshot) throws -> Answer
  ) async throws -> Answer {
    do {
      return try await database.read(question)
    } catch {
      throw FailureStatus.translate(error)
    }
  }
}
