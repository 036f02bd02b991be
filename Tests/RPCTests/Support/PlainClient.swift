import NIOCore
import NIOPosix

@testable import HTTP2
@testable import RPC

/// An HTTP/2 client below gRPC: any headers, any body, in any pieces; shows frames' contents as
/// they come.
final class PlainClient: ConnectionOwner, @unchecked Sendable {
  // @unchecked: used on the loop only, but for `exchange` and `close`, which hop there.
  let loop: any EventLoop
  private lazy var http2 = Connection(
    .client, loop: loop, limits: ConnectionLimits(), owner: self)

  private init(loop: any EventLoop) { self.loop = loop }

  static func connect(to port: Int) async throws -> PlainClient {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let client = PlainClient(loop: loop)
    _ = try await ClientBootstrap(group: loop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ConnectionHandler(client.http2))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    return client
  }

  /// The fields of a correct call of `path`.
  static func fields(_ path: String, _ extra: [(String, String)] = []) -> [(String, String)] {
    [
      (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "test"),
      ("te", "trailers"), ("content-type", "application/grpc"),
    ] + extra
  }

  /// Sends one request and waits until its stream has closed. Each piece of the body is a DATA
  /// frame.
  func exchange(
    _ fields: [(String, String)], _ pieces: [[UInt8]], end: Bool = true
  ) async -> Exchange {
    await withCheckedContinuation { continuation in
      loop.execute {
        let exchange = Exchange(continuation)
        var list = HeaderFields()
        for (name, value) in fields { list.add(name, value.utf8) }
        guard let stream = self.http2.session.submitRequest(list, consumer: exchange) else {
          return exchange.closed(.connectionLost)
        }
        exchange.send(pieces[...], on: stream, self.loop, end: end)
      }
    }
  }

  func close() { loop.execute { self.http2.close() } }

  func accept(_ stream: HTTP2.Stream) -> any StreamConsumer { preconditionFailure("no push") }
  func connectionReady() {}
  func goAwayReceived(lastStream: Int32, code: ErrorCode, reason: String) {}
  func streamClosed() {}
  func graceEnded(for stream: HTTP2.Stream) {}
  func connectionClosed() {}

  /// One request's response, frame by frame.
  final class Exchange: StreamConsumer, @unchecked Sendable {
    // @unchecked: written on the loop, read after the continuation was resumed.
    private(set) var blocks: [[String: String]] = []
    private(set) var body: [UInt8] = []
    private(set) var closure: StreamClosure?
    private let continuation: CheckedContinuation<Exchange, Never>

    init(_ continuation: CheckedContinuation<Exchange, Never>) { self.continuation = continuation }

    /// A turn of the loop between the pieces keeps them apart.
    func send(
      _ pieces: ArraySlice<[UInt8]>, on stream: HTTP2.Stream, _ loop: any EventLoop, end: Bool
    ) {
      guard let piece = pieces.first else {
        if end { stream.finish() }
        return
      }
      stream.allocateBody(piece.count)?.copyMemory(from: piece, byteCount: piece.count)
      loop.assumeIsolated().execute {
        loop.assumeIsolated().execute {
          self.send(pieces.dropFirst(), on: stream, loop, end: end)
        }
      }
    }

    func received(headers: HeaderBlock, endStream: Bool) {
      var block: [String: String] = [:]
      for index in 0..<headers.count {
        block[String(decoding: headers.name(index), as: UTF8.self)] = String(
          decoding: headers.value(index), as: UTF8.self)
      }
      blocks.append(block)
    }
    func received(data: UnsafeRawBufferPointer) { body += data }
    func receivedEnd() {}
    func drained() {}
    func closed(_ reason: StreamClosure) {
      closure = reason
      continuation.resume(returning: self)
    }

    /// `grpc-status` of the last block.
    var status: RPCError.Code? {
      blocks.last?["grpc-status"].flatMap { Int($0) }.flatMap { RPCError.Code(rawValue: $0) }
    }
  }
}

/// A server with the echo methods on a real port.
func withServer<R>(
  _ echo: Echo = Echo(), limits: RPCLimits = RPCLimits.patient, interceptors: [Interceptor] = [],
  _ body: (RPCServer) async throws -> R
) async throws -> R {
  let server = try await RPCServer.start(
    echo.router, on: [.tcp(host: "127.0.0.1", port: 0)], interceptors: interceptors, limits: limits,
    threads: 1)
  do {
    let result = try await body(server)
    await server.shutDown(grace: .zero)
    return result
  } catch {
    await server.shutDown(grace: .zero)
    throw error
  }
}

/// The same with a channel of ours to it.
func withChannel<R>(
  _ echo: Echo = Echo(), limits: RPCLimits = RPCLimits.patient, interceptors: [Interceptor] = [],
  _ body: (RPCClient, RPCServer) async throws -> R
) async throws -> R {
  try await withServer(echo, limits: limits, interceptors: interceptors) { server in
    let channel = RPCClient(.tcp(host: "127.0.0.1", port: server.port), limits: .patient)
    do {
      let result = try await body(channel, server)
      await channel.close()
      return result
    } catch {
      await channel.close()
      throw error
    }
  }
}

/// What a call failed with; nil when it did not.
func failure<R>(_ body: () async throws -> R) async -> RPCError? {
  do {
    _ = try await body()
    return nil
  } catch { return error as? RPCError }
}

extension ClientChannel {
  func echo(
    _ request: Bytes, of method: MethodDescriptor = Echo.unary, _ metadata: Metadata = [:],
    timeout: Duration? = nil
  ) async throws(RPCError) -> Reply<Bytes> {
    try await unary(method, request, options: CallOptions(metadata: metadata, timeout: timeout))
  }
}

extension RPCServer {
  /// The port of the first endpoint.
  var port: Int {
    guard case .tcp(_, let port)? = endpoints.first else { return 0 }
    return port
  }
}
