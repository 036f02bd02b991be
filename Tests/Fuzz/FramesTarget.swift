import HTTP2
import NIOCore
import NIOEmbedded

@testable import RPC

/// The way of a frame to a call and back: HTTP/2, header blocks, deframing, compression, handlers
/// of all four shapes, with every bound small enough to be reached.
enum FramesTarget {
  /// The first byte says how large the pieces are in which the rest arrives, after the preface.
  static func run(_ input: UnsafeRawBufferPointer) -> CInt {
    guard let first = input.first else { return 0 }
    let loop = EmbeddedEventLoop()
    let core = ServerCore(router: router, interceptors: [], limits: limits)
    let server = ServerConnection(core: core, loop: loop, peer: "fuzz")
    precondition(core.opened(server))
    let wire = Wire()
    server.http2.start(on: wire)
    feed(server.http2, hello, by: hello.count)
    feed(server.http2, Array(input.dropFirst()), by: 1 + Int(first) * 4)
    loop.run()
    let served = core.metrics
    precondition(served.callsSucceeded + served.callsFailed <= served.callsStarted)
    server.http2.transportClosed()
    loop.run()
    let metrics = core.metrics
    precondition(metrics.handlersInFlight == 0, "a handler survives its connection")
    precondition(metrics.connectionsOpen == 0)
    precondition(metrics.callsSucceeded + metrics.callsFailed == metrics.callsStarted)
    // The loop holds the timer that holds the loop.
    try? loop.syncShutdownGracefully()
    return 0
  }

  private static func feed(_ connection: Connection, _ bytes: [UInt8], by size: Int) {
    for start in stride(from: 0, to: bytes.count, by: size) {
      bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { connection.receive($0) }
      connection.endTurn()
      (connection.loop as? EmbeddedEventLoop)?.run()
    }
  }

  /// Preface, SETTINGS, and the acknowledgement of ours.
  private static let hello =
    Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
    + [0, 0, 0, 4, 1, 0, 0, 0, 0]

  private static let limits: RPCLimits = {
    var limits = RPCLimits()
    limits.maxReceiveMessageBytes = 4096
    limits.maxSendMessageBytes = 8192
    limits.compressedFromBytes = 16
    limits.bufferedBytesPerConnection = 8192
    limits.streamQueueBytes = 512
    limits.queuedBytesPerConnection = 4096
    limits.maxHandlersPerConnection = 8
    limits.maxConcurrentStreams = 10
    limits.maxHeaderListBytes = 1024
    limits.maxHeaderFields = 16
    limits.streamWindowBytes = 2048
    limits.connectionWindowBytes = 65_535
    limits.controlFrameBurst = 200
    limits.resetBurst = 20
    limits.provokedResetBurst = 20
    return limits
  }()

  private static let router: Router = {
    var router = Router()
    func method(_ name: String, _ shape: MethodDescriptor.Shape) -> MethodDescriptor {
      MethodDescriptor(service: "f", name: name, shape: shape)
    }
    router.unary(method("u", .unary)) { (request: Blob, context) -> Blob in
      for field in context.metadata.fields {
        if case .text(let text) = field.value { context.addTrailer(field.name, text) }
      }
      return request
    }
    router.serverStreaming(method("s", .serverStreaming)) {
      (request: Blob, writer: ResponseWriter<Blob>, _) in
      for _ in 0..<20 { try await writer.write(request) }
    }
    router.clientStreaming(method("c", .clientStreaming)) {
      (requests: RequestStream<Blob>, _) -> Blob in
      var sum = Blob()
      for try await request in requests {
        sum.bytes = Array((sum.bytes + request.bytes).prefix(99))
      }
      return sum
    }
    router.bidirectional(method("b", .bidirectional)) {
      (requests: RequestStream<Blob>, writer: ResponseWriter<Blob>, _) in
      for try await request in requests { try await writer.write(request) }
    }
    return router
  }()

  /// Takes everything, or, so that back-pressure is seen, nothing from a certain point on.
  private final class Wire: ByteTransport {
    private var written = 0

    var isWritable: Bool { written < 100_000 }
    var pendingBytes: Int { 0 }
    func write(_ bytes: ByteBuffer) { written += bytes.readableBytes }
    func finish() {}
    func abort() {}
  }
}

/// A message that is its own encoding.
struct Blob: WireMessage, Hashable {
  static let fullName = "fuzz.Blob"

  var bytes: [UInt8] = []

  init() {}

  init(wire bytes: UnsafeRawBufferPointer) throws(WireError) {
    if bytes.first == 0xFF { throw .malformed }
    self.bytes = [UInt8](bytes)
  }

  func encode(_ allocate: (Int) -> UnsafeMutableRawPointer) {
    allocate(bytes.count).copyMemory(from: bytes, byteCount: bytes.count)
  }
}
