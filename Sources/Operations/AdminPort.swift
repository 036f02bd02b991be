internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
package import RPC
private import Synchronization

/// Plain HTTP for those who watch over the server: `/metrics` for Prometheus, `/live` and `/ready`
/// for supervisors and load balancers. Each connection is good for one answer.
package final class AdminPort: Sendable {
  /// What it answers from.
  package struct Pages: Sendable {
    let metrics: @Sendable () -> MetricsText
    /// Why no calls are wanted; nil while they are.
    let unreadiness: @Sendable () -> String?

    package init(
      metrics: @escaping @Sendable () -> MetricsText,
      unreadiness: @escaping @Sendable () -> String?
    ) {
      self.metrics = metrics
      self.unreadiness = unreadiness
    }
  }

  /// Open connections; one more is closed at once.
  private static let maxConnections = 64
  /// How long a connection may take to ask and to read.
  private static let patience: TimeAmount = .seconds(10)

  /// With the real port where 0 was asked for.
  package let endpoint: Endpoint
  private let channel: any Channel

  private init(endpoint: Endpoint, channel: any Channel) {
    self.endpoint = endpoint
    self.channel = channel
  }

  /// Listens and answers. Throws what `bind` says.
  package static func start(host: String, port: Int, pages: Pages) async throws -> AdminPort {
    let open = Count()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard open.value.wrappingAdd(1, ordering: .relaxed).newValue <= maxConnections else {
            open.value.wrappingSubtract(1, ordering: .relaxed)
            throw ChannelError.alreadyClosed
          }
          channel.closeFuture.whenComplete { _ in
            open.value.wrappingSubtract(1, ordering: .relaxed)
          }
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(IdleStateHandler(allTimeout: patience))
          try pipeline.configureHTTPServerPipeline()
          try pipeline.addHandler(PageHandler(pages))
        }
      }
      .bind(host: host, port: port).get()
    let address = channel.localAddress
    return AdminPort(
      endpoint: .tcp(host: address?.ipAddress ?? host, port: address?.port ?? port),
      channel: channel)
  }

  package func stop() async { try? await channel.close() }

  private final class Count: Sendable {
    let value = Atomic<Int>(0)
  }
}

/// Answers the one request of a connection.
private final class PageHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let pages: AdminPort.Pages
  private var head: HTTPRequestHead?

  init(_ pages: AdminPort.Pages) { self.pages = pages }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): if self.head == nil { self.head = head }
    case .body: break
    case .end: if let head { answer(head, context) }
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    guard head.method == .GET || head.method == .HEAD else {
      return send(.methodNotAllowed, "only GET\n", head, context)
    }
    switch head.uri.prefix(while: { $0 != "?" }) {
    case "/live": send(.ok, "live\n", head, context)
    case "/ready":
      let reason = pages.unreadiness()
      send(
        reason == nil ? .ok : .serviceUnavailable, (reason ?? "ready") + "\n", head, context)
    case "/metrics":
      send(.ok, pages.metrics().body, head, context, type: "text/plain; version=0.0.4")
    default: send(.notFound, "there are /metrics, /live and /ready\n", head, context)
    }
  }

  private func send(
    _ status: HTTPResponseStatus, _ text: String, _ head: HTTPRequestHead,
    _ context: ChannelHandlerContext, type: String = "text/plain"
  ) {
    var headers = HTTPHeaders()
    headers.add(name: "content-type", value: type + "; charset=utf-8")
    headers.add(name: "content-length", value: "\(text.utf8.count)")
    headers.add(name: "connection", value: "close")
    let response = HTTPResponseHead(version: head.version, status: status, headers: headers)
    context.write(wrapOutboundOut(.head(response)), promise: nil)
    if head.method != .HEAD {
      let body = context.channel.allocator.buffer(string: text)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    let sent = context.eventLoop.makePromise(of: Void.self)
    let channel = context.channel
    sent.futureResult.whenComplete { _ in channel.close(promise: nil) }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
  }
}
