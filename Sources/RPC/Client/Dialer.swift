internal import HTTP2
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Makes connections to one endpoint: the socket, and TLS over it.
struct Dialer: Sendable {
  let endpoint: Endpoint
  let tls: ClientTLS?
  let limits: RPCLimits

  /// The `:authority` of calls.
  var authority: String {
    switch endpoint {
    case .tcp(_, let port): serverName.map { "\($0):\(port)" } ?? endpoint.description
    // The name that every gRPC client gives a path.
    case .unix: serverName ?? "localhost"
    }
  }

  private var serverName: String? { tls?.serverName }

  /// Connects; succeeds when calls can be sent, fails with an `RPCError`.
  func connect(_ connection: ClientConnection) -> EventLoopFuture<Void> {
    let loop = connection.loop
    let secured = loop.makePromise(of: Void.self)
    let bootstrap = ClientBootstrap(group: loop)
      .connectTimeout(TimeAmount(limits.connectTimeout))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try prepare(channel, connection, secured)
        }
      }
    let connected: EventLoopFuture<any Channel>
    switch endpoint {
    case .tcp(let host, let port):
      connected = bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .connect(host: host, port: port)
    case .unix(let path): connected = bootstrap.connect(unixDomainSocketPath: path)
    }
    if tls == nil { secured.succeed(()) }
    connected.whenFailure { secured.fail($0) }
    return connected.flatMap { _ in secured.futureResult }.flatMapErrorThrowing { error in
      throw RPCError(
        .unavailable, "cannot reach \(endpoint): \(ConnectFailure.text(error))", cause: error)
    }
  }

  private func prepare(
    _ channel: any Channel, _ connection: ClientConnection, _ secured: EventLoopPromise<Void>
  ) throws {
    let pipeline = channel.pipeline.syncOperations
    if let tls {
      try pipeline.addHandler(
        NIOSSLClientHandler(context: tls.context, serverHostname: try hostName()))
      try pipeline.addHandler(
        HandshakeGate(
          onReady: { _ in secured.succeed(()) },
          onFailure: { error in
            connection.tlsFailed(ConnectFailure.text(error))
            secured.fail(error)
          }))
    }
    try pipeline.addHandler(ConnectionHandler(connection.http2))
  }

  /// The name to ask for and to check; nil where the certificate must be for the address itself.
  private func hostName() throws -> String? {
    if let serverName { return serverName }
    guard case .tcp(let host, _) = endpoint else {
      throw RPCError(.unavailable, "TLS over a Unix socket needs the server's name")
    }
    let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
    return isAddress ? nil : host
  }
}
