internal import RPC
internal import Storage

/// What a caller may know of an error that is not its own: never SQL, a path or a cause.
enum FailureStatus {
  /// Runs a check of a request and turns its refusal into a status.
  static func refusing<Value>(_ check: () throws -> Value) throws -> Value {
    do {
      return try check()
    } catch {
      throw translate(error)
    }
  }

  /// Runs work on the store and turns its failure into a status.
  static func translating<Value>(_ work: () async throws -> Value) async throws -> Value {
    do {
      return try await work()
    } catch {
      throw translate(error)
    }
  }

  /// Nothing was done: the caller may come again, but not at once.
  static func overloaded(_ cause: (any Error)? = nil) -> RPCError {
    RPCError(
      .resourceExhausted, "the server is overloaded; try again later", cause: cause,
      retryPushback: .after(RPCLimits().overloadPushback))
  }

  /// Refusals as their statuses, failures of the store as UNAVAILABLE or INTERNAL; everything else
  /// unchanged.
  static func translate(_ error: any Error) -> any Error {
    if let refusal = RejectionStatus.refusal(error) { return refusal }
    guard let failure = error as? StorageError else { return error }
    switch failure.code {
    case .overloaded: return overloaded(error)
    case .outOfMemory:
      return RPCError(
        .resourceExhausted, "the server has no memory left; nothing was changed", cause: error,
        retryPushback: .after(RPCLimits().overloadPushback))
    case .closed, .failed, .busy:
      return RPCError(.unavailable, "the store does not accept work", cause: error)
    case .full:
      return RPCError(
        .unavailable, "the disk of the server is full; nothing was changed", cause: error)
    default:
      return RPCError(.internal, "the store failed; nothing was changed", cause: error)
    }
  }
}
