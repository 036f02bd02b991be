internal import RPC
internal import Storage

/// Answers questions from a snapshot: the read side of every service.
struct Questions: Sendable {
  let database: Database

  /// A caller's question, answered from what is in its data scope.
  func ask<Answer: Sendable>(
    _ context: CallContext, _ question: @escaping @Sendable (Snapshot) throws -> Answer
  ) async throws -> Answer {
    let scope = context.scope
    return try await FailureStatus.translating {
      try await database.read { snapshot in
        snapshot.scope = scope
        return try question(snapshot)
      }
    }
  }

  /// The server's own question, whose answer is for itself.
  func askForServer<Answer: Sendable>(
    _ question: @escaping @Sendable (Snapshot) throws -> Answer
  ) async throws -> Answer {
    try await FailureStatus.translating { try await database.read(question) }
  }
}
