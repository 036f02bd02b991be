internal import HTTP2
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Makes connections to addresses: the socket, and TLS over it.
struct Dialer: Sendable {
  let tls: ClientTLS?
  let limits: RPCLimits

  /// The `:authority` of calls.
  func authority(of address: Address) -> String {
    switch address.endpoint {
    case .tcp(_, let port): serverName.map { "\($0):\(port)" } ?? address.endpoint.description
    // The name that every gRPC client gives a path.
    case .unix: serverName ?? "localhost"
    }
  }

  private var serverName: String? { tls?.serverName }

  /// Connects; succeeds when bytes can be sent, fails with an `RPCError`.
  func dial(_ connection: ClientConnection, _ address: Address) -> EventLoopFuture<Void> {
    let loop = connection.loop
    let secured = loop.makePromise(of: Void.self)
    let bootstrap = ClientBootstrap(group: loop)
      .connectTimeout(TimeAmount(limits.connectTimeout))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try prepare(channel, connection, address.endpoint, secured)
        }
      }
    let connected: EventLoopFuture<any Channel>
    if let socket = address.socket {
      connected = bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1).connect(to: socket)
    } else if case .unix(let path) = address.endpoint {
      connected = bootstrap.connect(unixDomainSocketPath: path)
    } else {
      preconditionFailure("\(address.endpoint) was not looked up")
    }
    if tls == nil { secured.succeed(()) }
    connected.whenFailure { secured.fail($0) }
    return connected.flatMap { _ in secured.futureResult }.flatMapErrorThrowing { error in
      throw RPCError(
        .unavailable, "cannot reach \(address.description): \(ConnectFailure.text(error))",
        cause: error)
    }
  }

  private func prepare(
    _ channel: any Channel, _ connection: ClientConnection, _ endpoint: Endpoint,
    _ secured: EventLoopPromise<Void>
  ) throws {
    let pipeline = channel.pipeline.syncOperations
    if let tls {
      try pipeline.addHandler(
        NIOSSLClientHandler(context: tls.context, serverHostname: try hostName(endpoint)))
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
  private func hostName(_ endpoint: Endpoint) throws -> String? {
    if let serverName { return serverName }
    guard case .tcp(let host, _) = endpoint else {
      throw RPCError(.unavailable, "TLS over a Unix socket needs the server's name")
    }
    let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
    return isAddress ? nil : host
  }
}
