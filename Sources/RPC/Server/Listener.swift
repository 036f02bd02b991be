private import Glibc
internal import HTTP2
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// One address that a server accepts connections at.
struct Listener: Sendable {
  /// As the system tells it.
  let endpoint: Endpoint
  /// As it was asked for.
  private let wanted: Endpoint
  private let channel: any Channel

  static func open(
    _ endpoint: Endpoint, tls: ServerTLS?, core: ServerCore, group: MultiThreadedEventLoopGroup
  ) async throws(ServerError) -> Listener {
    switch endpoint {
    case .unix(let path):
      try await UnixSocketFile.makeWay(at: path, on: group)
      let channel = try await bind(endpoint) {
        bootstrap(core, group, tls: nil).bind(unixDomainSocketPath: path)
      }
      return Listener(endpoint: endpoint, wanted: endpoint, channel: channel)
    case .tcp(let host, let port):
      let channel = try await bind(endpoint) {
        bootstrap(core, group, tls: tls)
          .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
          .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
          .bind(host: host, port: port)
      }
      return Listener(
        endpoint: real(endpoint, channel.localAddress), wanted: endpoint, channel: channel)
    }
  }

  /// Serves a socket that listens already.
  static func take(
    _ socket: ListeningSocket, tls: ServerTLS?, core: ServerCore,
    group: MultiThreadedEventLoopGroup
  ) async throws(ServerError) -> Listener {
    var isTCP = true
    if case .unix = socket.endpoint { isTCP = false }
    let channel = try await bind(socket.endpoint) {
      let bootstrap = bootstrap(core, group, tls: isTCP ? tls : nil)
      return
        (isTCP
        ? bootstrap.childChannelOption(.tcpOption(.tcp_nodelay), value: 1) : bootstrap)
        .withBoundSocket(socket.descriptor)
    }
    return Listener(
      endpoint: real(socket.endpoint, channel.localAddress), wanted: socket.endpoint,
      channel: channel)
  }

  /// With what the system chose.
  private static func real(_ endpoint: Endpoint, _ address: SocketAddress?) -> Endpoint {
    guard case .tcp(let host, let port) = endpoint else { return endpoint }
    return .tcp(host: address?.ipAddress ?? host, port: address?.port ?? port)
  }

  /// A second descriptor of the socket, which neither the end of this server nor an `exec` closes.
  func duplicate() async throws(ServerError) -> ListeningSocket {
    do {
      let descriptor = try await channel.eventLoop.submit { [channel] in
        try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
          of: NIOBSDSocket.Handle.self
        ) { fcntl($0, F_DUPFD, 3) }
      }.get()
      if let descriptor, descriptor >= 0 {
        return ListeningSocket(endpoint: wanted, descriptor: descriptor)
      }
      throw ServerError("cannot hand over \(endpoint)", cause: nil)
    } catch let error as ServerError { throw error } catch {
      throw ServerError("cannot hand over \(endpoint)", cause: error)
    }
  }

  /// Accepts no more; what was accepted is still on its way to its loop.
  func pause() async { try? await channel.setOption(.autoRead, value: false).get() }

  /// Accepts no more; connections that are open stay.
  func close() async { try? await channel.close() }

  private static func bind(
    _ endpoint: Endpoint, _ attempt: () -> EventLoopFuture<any Channel>
  ) async throws(ServerError) -> any Channel {
    do { return try await attempt().get() } catch {
      throw ServerError(
        "cannot listen on \(endpoint): \(ConnectFailure.text(error))", cause: error)
    }
  }

  private static func bootstrap(
    _ core: ServerCore, _ group: MultiThreadedEventLoopGroup, tls: ServerTLS?
  ) -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .childChannelOption(
        .writeBufferWaterMark, value: .init(low: 64 * 1024, high: 512 * 1024)
      )
      // A connection keeps the memory of its last read: those that do nothing keep little.
      .childChannelOption(
        .recvAllocator,
        value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 512, maximum: 16_384)
      )
      // And takes turns with the others of its loop after each.
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try serve(channel, core, tls) }
      }
  }

  /// Builds the pipeline of an accepted connection.
  private static func serve(_ channel: any Channel, _ core: ServerCore, _ tls: ServerTLS?) throws {
    let connection = ServerConnection(
      core: core, loop: channel.eventLoop, peer: peer(channel.remoteAddress),
      host: channel.remoteAddress?.ipAddress)
    let pipeline = channel.pipeline.syncOperations
    if let tls {
      try pipeline.addHandler(NIOSSLServerHandler(context: tls.context))
      // Without client authorities there is no certificate: none is asked for.
      try pipeline.addHandler(
        HandshakeGate { connection.identity = $0.flatMap { PeerIdentity($0) } })
    }
    try pipeline.addHandler(ConnectionHandler(connection.http2))
    // Whatever fails from here on closes the channel, and with it the connection.
    guard core.opened(connection) else { throw ServerError("too many connections", cause: nil) }
  }

  private static func peer(_ address: SocketAddress?) -> String {
    guard let address, let host = address.ipAddress, let port = address.port else { return "unix" }
    return Endpoint.tcp(host: host, port: port).description
  }
}
