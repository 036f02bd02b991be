internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// A request to a program.
package struct WebhookRequest: Sendable {
  package let isSecure: Bool
  /// A name, or an address without brackets.
  package let host: String
  package let port: Int
  package let path: String
  /// Stable: the same for every try.
  package let id: String
  /// Seconds since 1970 of this try.
  package let seconds: Int64
  package let body: [UInt8]
  /// All that are valid, the newest first: while one is replaced, requests have two signatures.
  package let keys: [WebhookKey]

  package init(
    isSecure: Bool, host: String, port: Int, path: String, id: String, seconds: Int64,
    body: [UInt8], keys: [WebhookKey]
  ) {
    self.isSecure = isSecure
    self.host = host
    self.port = port
    self.path = path
    self.id = id
    self.seconds = seconds
    self.body = body
    self.keys = keys
  }
}

/// Sends signed requests (HTTP/1.1, POST, JSON) as Standard Webhooks say it: the headers
/// webhook-id, webhook-timestamp and webhook-signature. Anything but 2xx within ten seconds is a
/// failure; 410 is for good. Redirects are not followed.
package struct WebhookPoster: Sendable {
  /// Whether a network is allowed though it is not public; asked with an address and a port
  /// ("10.1.2.3:443").
  private let allows: @Sendable (_ peer: String) -> Bool
  private let tls: NIOSSLContext

  private static let limit: Duration = .seconds(10)
  /// Of an answer, which nobody reads.
  private static let longestAnswer = 64 * 1024

  /// `authorities` of programs' certificates are a file (PEM); nil for the system's. Throws where
  /// they cannot be read.
  package init(
    authorities: String? = nil, allows: @escaping @Sendable (_ peer: String) -> Bool
  ) throws {
    self.allows = allows
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    if let authorities { configuration.trustRoots = .file(authorities) }
    tls = try NIOSSLContext(configuration: configuration)
  }

  package func send(_ request: WebhookRequest) async -> DeliveryOutcome {
    do {
      let status = try await Patience.limited(Self.limit) { try await post(request) }
      switch status {
      case 200..<300: return .delivered
      case 410: return .refused("HTTP 410: gone")
      default: return .failed("HTTP \(status)")
      }
    } catch let failure as SenderFailure {
      return .failed(failure.description)
    } catch {
      return .failed(SenderFailure.quoted("\(request.host):\(request.port): \(error)"))
    }
  }

  private typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

  private func post(_ request: WebhookRequest) async throws -> Int {
    let address = try await resolve(request)
    let isSecure = request.isSecure
    let connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.seconds(5))
      .connect(to: address) { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if isSecure { try pipeline.addHandler(handler(for: request.host)) }
          try pipeline.addHTTPClientHandlers()
          return try Connection(wrappingChannelSynchronously: channel)
        }
      }
    return try await connection.executeThenClose { inbound, outbound in
      var headers = HTTPHeaders()
      headers.add(name: "host", value: Self.host(of: request))
      headers.add(name: "content-type", value: "application/json")
      headers.add(name: "content-length", value: "\(request.body.count)")
      headers.add(name: "connection", value: "close")
      headers.add(name: "user-agent", value: "joinery")
      headers.add(name: "webhook-id", value: request.id)
      headers.add(name: "webhook-timestamp", value: "\(request.seconds)")
      headers.add(
        name: "webhook-signature",
        value: request.keys.map {
          $0.signature(id: request.id, seconds: request.seconds, body: request.body)
        }.joined(separator: " "))
      try await outbound.write(
        .head(
          HTTPRequestHead(version: .http1_1, method: .POST, uri: request.path, headers: headers)))
      try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: request.body))))
      try await outbound.write(.end(nil))
      var status: Int?
      var bytes = 0
      for try await part in inbound {
        switch part {
        case .head(let head): if head.status.code >= 200 { status = Int(head.status.code) }
        case .body(let body):
          bytes += body.readableBytes
          // What is said beyond it changes nothing.
          if bytes > Self.longestAnswer, let status { return status }
        case .end: if let status { return status }
        }
      }
      guard let status else { throw SenderFailure("the program closed the connection") }
      return status
    }
  }

  private func handler(for host: String) throws -> NIOSSLClientHandler {
    let isName = (try? SocketAddress(ipAddress: host, port: 0)) == nil
    return try NIOSSLClientHandler(context: tls, serverHostname: isName ? host : nil)
  }

  private static func host(of request: WebhookRequest) -> String {
    let host = request.host.contains(":") ? "[\(request.host)]" : request.host
    return request.port == (request.isSecure ? 443 : 80) ? host : "\(host):\(request.port)"
  }

  /// The address that is connected to is the one that was judged: a name that leads elsewhere the
  /// next moment changes nothing. A network that is allowed may be asked in the clear.
  private func resolve(_ request: WebhookRequest) async throws -> SocketAddress {
    let (host, port) = (request.host, request.port)
    let found = try await NIOThreadPool.singleton.runIfActive {
      do { return try SocketAddress.makeAddressResolvingHost(host, port: port) } catch {
        throw SenderFailure("the name \(host) is not known")
      }
    }
    guard let text = found.ipAddress, let bytes = PublicAddress.bytes(of: text) else {
      throw SenderFailure("the name \(host) leads to no address")
    }
    let peer = text.contains(":") ? "[\(text)]:\(port)" : "\(text):\(port)"
    if allows(peer) { return found }
    guard PublicAddress.contains(bytes) else {
      throw SenderFailure(
        "\(host) leads to \(text), which is not public and which webhook-allow does not name")
    }
    guard request.isSecure else {
      throw SenderFailure("http:// is for networks only that webhook-allow names")
    }
    return found
  }
}
