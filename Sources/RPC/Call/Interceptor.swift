/// How a call ended, as this side saw it.
public struct CallOutcome: Sendable {
  public let code: RPCError.Code
  /// On the server from the receipt of the request's headers to the decision about its status; on
  /// the client the whole call, all attempts.
  public let duration: Duration
  /// What the handler threw, for the log, or what the caller gets; nil after success.
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

/// Two plain functions around every call of a client. The channel runs its list of them in order
/// before the call is sent and in reverse order after it, each once however many attempts it takes.
public struct ClientInterceptor: Sendable {
  /// For logs and tests.
  public let name: String
  /// May change the options, such as add metadata; throwing ends the call with that error.
  public let before:
    (@Sendable (MethodDescriptor, inout CallOptions) async throws(RPCError) -> Void)?
  /// Runs once for every call whose `before` was reached, however it ended; must not block.
  public let after: (@Sendable (MethodDescriptor, CallOutcome) -> Void)?

  public init(
    _ name: String,
    before: (@Sendable (MethodDescriptor, inout CallOptions) async throws(RPCError) -> Void)? = nil,
    after: (@Sendable (MethodDescriptor, CallOutcome) -> Void)? = nil
  ) {
    self.name = name
    self.before = before
    self.after = after
  }
}

extension ClientInterceptor {
  /// Shows who asks: adds `authorization: Bearer …` with this token or key to every call. It goes
  /// to whatever server the channel reaches, so a channel beyond this machine needs TLS.
  public static func bearer(_ token: String) -> ClientInterceptor {
    ClientInterceptor(
      "bearer",
      before: { (_, options) throws(RPCError) in
        options.metadata.add("authorization", "Bearer \(token)")
      })
  }
}
