internal import HTTP2
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// A gRPC server over HTTP/2, with TLS or as cleartext with prior knowledge.
///
///     var router = Router()
///     OrderServiceImplementation().register(in: &router)
///     let server = try await RPCServer.start(router, on: [.tcp(host: "127.0.0.1", port: 0)])
///     print("listening \(server.endpoints)")
///     …
///     await server.shutDown(grace: .seconds(20))
public final class RPCServer: Sendable {
  /// Where the server listens, in the order asked for, as the system tells it: with the real port
  /// where 0 was asked for.
  public let endpoints: [Endpoint]

  private let core: ServerCore
  private let listeners: [Listener]
  private let group: MultiThreadedEventLoopGroup

  private init(core: ServerCore, listeners: [Listener], group: MultiThreadedEventLoopGroup) {
    self.core = core
    self.listeners = listeners
    self.group = group
    self.endpoints = listeners.map(\.endpoint)
  }

  /// Listens and serves. Returns when calls are accepted at every endpoint; throws `ServerError`
  /// when one cannot be had.
  ///
  /// Beside the `endpoints`, which it opens, it serves `sockets` that others have opened.
  /// With `tls` the TCP endpoints speak TLS; Unix sockets never do, the permissions of their file
  /// guard them. `interceptors` run around every handler in this order. `threads` event loops serve
  /// the connections, each connection stays on one; 0 stands for one per core.
  public static func start(
    _ router: Router, on endpoints: [Endpoint], sockets: [ListeningSocket] = [],
    tls: ServerTLS? = nil, interceptors: [Interceptor] = [], limits: RPCLimits = RPCLimits(),
    threads: Int = 0
  ) async throws(ServerError) -> RPCServer {
    let core = ServerCore(router: router, interceptors: interceptors, limits: limits)
    let group = MultiThreadedEventLoopGroup(
      numberOfThreads: threads > 0 ? threads : System.coreCount)
    var listeners: [Listener] = []
    do {
      for socket in sockets {
        listeners.append(try await Listener.take(socket, tls: tls, core: core, group: group))
      }
      for endpoint in endpoints {
        listeners.append(try await Listener.open(endpoint, tls: tls, core: core, group: group))
      }
    } catch {
      for listener in listeners { await listener.close() }
      try? await group.shutdownGracefully()
      throw error
    }
    return RPCServer(core: core, listeners: listeners, group: group)
  }

  /// What the server has done so far.
  public var metrics: ServerMetrics { core.metrics }

  /// From now on other bounds: for connections that come, and for those that are open but for what
  /// they have announced (`maxConcurrentStreams`, windows, header list).
  /// Returns when they hold.
  public func use(_ limits: RPCLimits) async { await core.use(limits) }

  /// Ends like `shutDown`, but leaves the sockets open, for who takes over: who connects meanwhile
  /// waits there and is not refused. They outlive an `exec`.
  public func handOver(grace: Duration) async throws(ServerError) -> [ListeningSocket] {
    await stopAccepting()
    var sockets: [ListeningSocket] = []
    for listener in listeners { sockets.append(try await listener.duplicate()) }
    await core.drain(grace: grace, on: group.next())
    return sockets
  }

  /// Stops accepting, lets running calls finish for up to `grace`, then cancels what is left. No
  /// call that a client sent before it could know of the end is lost. Returns when everything is
  /// closed.
  public func shutDown(grace: Duration) async {
    await stopAccepting()
    for listener in listeners { await listener.close() }
    await core.drain(grace: grace, on: group.next())
    // A handler that ignores its cancellation still needs its loop: then the threads stay until the
    // process ends.
    if core.metrics.handlersInFlight == 0 { try? await group.shutdownGracefully() }
  }

  private func stopAccepting() async {
    for listener in listeners { await listener.pause() }
    // NIO drops what it has accepted when the listener closes before the connection is set up. That
    // goes to the connection's loop, back, and there again.
    for _ in 0..<3 {
      for loop in group.makeIterator() { try? await loop.submit {}.get() }
    }
  }
}

/// A socket that listens already.
public struct ListeningSocket: Hashable, Sendable {
  /// As it was asked for: with port 0 where any would do.
  public let endpoint: Endpoint
  /// Belongs to whoever takes it over.
  public let descriptor: CInt

  public init(endpoint: Endpoint, descriptor: CInt) {
    self.endpoint = endpoint
    self.descriptor = descriptor
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
