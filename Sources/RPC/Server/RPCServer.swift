internal import HTTP2
internal import NIOCore
internal import NIOPosix

/// A gRPC server over HTTP/2 cleartext with prior knowledge.
///
///     var router = Router()
///     OrderServiceImplementation().register(in: &router)
///     let server = try await RPCServer.start(router, host: "127.0.0.1", port: 0)
///     print("listening \(server.host):\(server.port)")
///     …
///     await server.shutDown(grace: .seconds(20))
public final class RPCServer: Sendable {
  /// Where the server listens, as the system tells it.
  public let host: String
  /// The real port, also when 0 was asked for.
  public let port: Int

  private let core: ServerCore
  private let listener: any Channel
  private let group: MultiThreadedEventLoopGroup

  private init(
    core: ServerCore, listener: any Channel, group: MultiThreadedEventLoopGroup, host: String
  ) {
    self.core = core
    self.listener = listener
    self.group = group
    self.host = listener.localAddress?.ipAddress ?? host
    self.port = listener.localAddress?.port ?? 0
  }

  /// Listens and serves. Returns when calls are accepted; throws `ServerError` when the address
  /// cannot be had.
  ///
  /// `interceptors` run around every handler in this order. `threads` event loops serve the
  /// connections, each connection stays on one; 0 stands for one per core.
  public static func start(
    _ router: Router, host: String, port: Int, interceptors: [Interceptor] = [],
    limits: RPCLimits = RPCLimits(), threads: Int = 0
  ) async throws(ServerError) -> RPCServer {
    let core = ServerCore(router: router, interceptors: interceptors, limits: limits)
    let group = MultiThreadedEventLoopGroup(
      numberOfThreads: threads > 0 ? threads : System.coreCount)
    do {
      let listener = try await bootstrap(core, group).bind(host: host, port: port).get()
      return RPCServer(core: core, listener: listener, group: group, host: host)
    } catch {
      try? await group.shutdownGracefully()
      throw ServerError(
        "cannot listen on \(host):\(port): \(ConnectFailure.text(error))", cause: error)
    }
  }

  private static func bootstrap(
    _ core: ServerCore, _ group: MultiThreadedEventLoopGroup
  ) -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(
        .writeBufferWaterMark, value: .init(low: 64 * 1024, high: 512 * 1024)
      )
      .childChannelInitializer { channel in
        let address = channel.remoteAddress
        let peer = address.map { "\($0.ipAddress ?? "?"):\($0.port ?? 0)" } ?? "unknown"
        let connection = ServerConnection(core: core, loop: channel.eventLoop, peer: peer)
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ConnectionHandler(connection.http2))
          // Whatever fails from here on closes the channel, and with it the connection.
          guard core.opened(connection) else {
            throw ServerError("too many connections", cause: nil)
          }
        }
      }
  }

  /// What the server has done so far.
  public var metrics: ServerMetrics { core.metrics }

  /// Stops accepting, lets running calls finish for up to `grace`, then cancels what is left. No
  /// call that a client sent before it could know of the end is lost. Returns when everything is
  /// closed.
  public func shutDown(grace: Duration) async {
    try? await listener.close()
    await core.drain(grace: grace, on: group.next())
    // A handler that ignores its cancellation still needs its loop: then the threads stay until the
    // process ends.
    if core.metrics.handlersInFlight == 0 { try? await group.shutdownGracefully() }
  }
}

/// Something wider than one call went wrong.
public struct ServerError: Error, Sendable, CustomStringConvertible {
  /// One line for people.
  public let description: String
  public let cause: (any Error)?

  init(_ description: String, cause: (any Error)?) {
    self.description = description
    self.cause = cause
  }
}
