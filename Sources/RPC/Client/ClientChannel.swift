/// What the caller adds to a call.
public struct CallOptions: Sendable {
  /// Fields to send with the request.
  public var metadata: Metadata
  /// How long the caller waits; nil for as long as it takes. Sent to the server as `grpc-timeout`.
  public var timeout: Duration?
  /// Whether messages are sent compressed (gzip) where that is worth it; a server that mirrors it,
  /// as ours does, then answers compressed. Compressed answers are understood in any case. Leave it
  /// off where a secret travels beside text that others choose (CRIME).
  public var compressesMessages: Bool

  /// Whether the call waits for a server that cannot be reached, as long as its timeout allows, and
  /// does not fail at once.
  public var waitsForReady: Bool
  /// When the call is sent again; nil for the channel's policy.
  public var retry: RetryPolicy?
  /// When the call must be over whatever `timeout` says: the deadline of the call that it is made
  /// for.
  public var deadline: Deadline?

  public init(
    metadata: Metadata = [:], timeout: Duration? = nil, compressesMessages: Bool = false,
    waitsForReady: Bool = false, retry: RetryPolicy? = nil, deadline: Deadline? = nil
  ) {
    self.metadata = metadata
    self.timeout = timeout
    self.compressesMessages = compressesMessages
    self.waitsForReady = waitsForReady
    self.retry = retry
    self.deadline = deadline
  }

  /// For a call that a handler makes to answer its own: it gets no more time than that has left,
  /// and ends when that is cancelled, since the handler's task is.
  public init(
    within context: CallContext, metadata: Metadata = [:], timeout: Duration? = nil
  ) {
    self.init(metadata: metadata, timeout: timeout, deadline: context.deadline)
  }

  /// Whichever of timeout and deadline ends first, from now.
  var soonestDeadline: Deadline? {
    let own = timeout.map { Deadline.after($0) }
    guard let own, let deadline else { return own ?? deadline }
    return min(own, deadline)
  }
}

/// The answer to a call with one response.
public struct Reply<R: Sendable>: Sendable {
  public let message: R
  public let headers: Metadata
  public let trailers: Metadata
  /// Whether the message came compressed.
  public let wasCompressed: Bool

  public init(message: R, headers: Metadata, trailers: Metadata, wasCompressed: Bool = false) {
    self.message = message
    self.headers = headers
    self.trailers = trailers
    self.wasCompressed = wasCompressed
  }
}

/// A way to a server; what generated clients are built on.
///
/// Cancelling the calling task cancels the call, here and on the server.
public protocol ClientChannel: Sendable {
  /// One request, one response.
  func unary<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, _ request: Q, options: CallOptions
  ) async throws(RPCError) -> Reply<R>

  /// One request, any number of responses. Returns at once; failures surface while iterating.
  func serverStreaming<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, _ request: Q, options: CallOptions
  ) async throws(RPCError) -> ResponseStream<R>

  /// Any number of requests, one response. `send` runs beside the call; what it throws cancels the
  /// call.
  func clientStreaming<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, options: CallOptions,
    send: @escaping @Sendable (RequestWriter<Q>) async throws -> Void
  ) async throws(RPCError) -> Reply<R>

  /// Any number of messages both ways. `send` runs beside the iteration; the request side is closed
  /// when it returns.
  func bidirectional<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, options: CallOptions,
    send: @escaping @Sendable (RequestWriter<Q>) async throws -> Void
  ) async throws(RPCError) -> ResponseStream<R>

  /// Ends open calls and connections. The channel cannot be used afterwards.
  func close() async
}
