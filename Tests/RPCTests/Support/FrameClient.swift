import NIOCore
import NIOPosix

/// Sends bytes that no HTTP/2 library would, and reads frames.
final class FrameClient: Sendable {
  private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

  private init(_ channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>) { self.channel = channel }

  /// Connects, runs `body`, closes.
  static func run<R: Sendable>(
    port: Int, _ body: @Sendable (inout Conversation) async throws -> R
  ) async throws -> R {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      var conversation = Conversation(
        outbound: outbound, inbound: inbound.makeAsyncIterator())
      return try await body(&conversation)
    }
  }

  struct Conversation {
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var received: [UInt8] = []

    init(
      outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
      inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) {
      self.outbound = outbound
      self.inbound = inbound
    }

    /// False when the server has closed.
    func send(_ bytes: [UInt8]) async -> Bool {
      do {
        try await outbound.write(ByteBuffer(bytes: bytes))
        return true
      } catch { return false }
    }

    /// Reads what a client sends before its first frame. False when it is something else.
    mutating func preface() async throws -> Bool {
      while received.count < Frame.preface.count {
        guard let more = try await inbound.next(isolation: #isolation) else { return false }
        received += more.readableBytesView
      }
      defer { received.removeFirst(Frame.preface.count) }
      return received.starts(with: Frame.preface)
    }

    /// The next frame; nil at the end of the connection.
    mutating func next() async throws -> Frame? {
      while true {
        if let frame = Frame.parse(received).first, received.count >= 9 + frame.length {
          received.removeFirst(9 + frame.length)
          return frame
        }
        do {
          guard let more = try await inbound.next(isolation: #isolation) else { return nil }
          received += more.readableBytesView
        } catch is IOError { return nil }
      }
    }

    /// Reads to the end of the connection; the error code of the last GOAWAY, if there was one.
    mutating func goAway() async throws -> UInt8? {
      var code: UInt8?
      while let frame = try await next() { code = frame.goAwayCode ?? code }
      return code
    }
  }
}
