/// How a call ended, as the server saw it.
public struct CallOutcome: Sendable {
  public let code: RPCError.Code
  /// From the receipt of the request's headers to the decision about its status.
  public let duration: Duration
  /// What the handler threw, for the log; nil after success.
  public let error: (any Error)?
}

/// Two plain functions around every call. The server runs its list of them in order before the
/// handler and in reverse order after it, all on the connection's event loop.
public struct Interceptor: Sendable {
  /// For logs and tests.
  public let name: String
  /// Runs before the request is decoded; throwing ends the call with that error.
  public let before: (@Sendable (CallContext) async throws -> Void)?
  /// Runs once for every call whose `before` was reached, however it ended; must not block.
  public let after: (@Sendable (CallContext, CallOutcome) -> Void)?

  public init(
    _ name: String, before: (@Sendable (CallContext) async throws -> Void)? = nil,
    after: (@Sendable (CallContext, CallOutcome) -> Void)? = nil
  ) {
    self.name = name
    self.before = before
    self.after = after
  }
}
