internal import HTTP2
internal import NIOCore
internal import NIOPosix

/// A server and a channel to it in one process: the code of real calls, HTTP/2 included, over
/// memory instead of a socket. For tests, and for tools that carry their own server.
public final class InProcessChannel: ClientChannel {
  private let core: ServerCore
  private let client: RPCClient

  /// `interceptors` are the server's, `clientInterceptors` the channel's.
  public init(
    _ router: Router, interceptors: [Interceptor] = [], limits: RPCLimits = RPCLimits(),
    retry: RetryPolicy = RetryPolicy(), clientInterceptors: [ClientInterceptor] = []
  ) {
    let core = ServerCore(router: router, interceptors: interceptors, limits: limits)
    self.core = core
    let means = Balancer.Means(
      target: "in-process",
      addresses: [Address(endpoint: .unix(path: "in-process"), socket: nil)],
      lookUp: { () throws(RPCError) in [] },
      dial: { connection, _ in
        // Both ends on one loop.
        connection.loop.submit {
          let server = ServerConnection(core: core, loop: connection.loop, peer: "in-process")
          guard core.opened(server) else {
            throw RPCError(.unavailable, "the server is shutting down")
          }
          MemoryPipe.connect(connection.http2, server.http2, on: connection.loop)
        }
      }, authority: { _ in "in-process" })
    client = RPCClient(
      Balancer(means, limits: limits), scheme: "http", retry: retry,
      interceptors: clientInterceptors)
  }

  /// What the server behind the channel has done so far.
  public var metrics: ServerMetrics { core.metrics }

  /// Ends the server like `RPCServer.shutDown`.
  public func shutDown(grace: Duration) async {
    await core.drain(grace: grace, on: MultiThreadedEventLoopGroup.singleton.any())
  }

  public func unary<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, _ request: Q, options: CallOptions
  ) async throws(RPCError) -> Reply<R> {
    try await client.unary(method, request, options: options)
  }

  public func serverStreaming<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, _ request: Q, options: CallOptions
  ) async throws(RPCError) -> ResponseStream<R> {
    try await client.serverStreaming(method, request, options: options)
  }

  public func clientStreaming<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, options: CallOptions,
    send: @escaping @Sendable (RequestWriter<Q>) async throws -> Void
  ) async throws(RPCError) -> Reply<R> {
    try await client.clientStreaming(method, options: options, send: send)
  }

  public func bidirectional<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, options: CallOptions,
    send: @escaping @Sendable (RequestWriter<Q>) async throws -> Void
  ) async throws(RPCError) -> ResponseStream<R> {
    try await client.bidirectional(method, options: options, send: send)
  }

  public func close() async { await client.close() }
}
