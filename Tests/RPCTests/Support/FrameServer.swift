import NIOCore
import NIOPosix

@testable import RPC

/// A server that says what its script says, frame by frame, whatever HTTP/2 and gRPC want.
enum FrameServer {
  typealias Script = @Sendable (inout FrameClient.Conversation) async throws -> Void

  /// Runs `script` for every connection and `body` with the port. Scripts that still wait at the
  /// end find their connection closed.
  static func run<R: Sendable>(
    _ script: @escaping Script, _ body: @escaping @Sendable (Int) async throws -> R
  ) async throws -> R {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    let port = listener.channel.localAddress?.port ?? 0
    return try await listener.executeThenClose { connections in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await withThrowingDiscardingTaskGroup { group in
            for try await connection in connections {
              group.addTask { await serve(connection, script) }
            }
          }
        }
        let result = try await body(port)
        group.cancelAll()
        return result
      }
    }
  }

  private static func serve(
    _ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ script: Script
  ) async {
    // A client that hangs up ends its script with an error: that is no failure of the server.
    try? await connection.executeThenClose { inbound, outbound in
      var peer = FrameClient.Conversation(
        outbound: outbound, inbound: inbound.makeAsyncIterator())
      try await script(&peer)
    }
  }

  /// The fields that begin a good response.
  static let ok = [(":status", "200"), ("content-type", "application/grpc")]

  /// A script that greets, then answers every request, once it is complete, with the frames given.
  static func answering(_ frames: @escaping @Sendable (UInt32) -> [Frame]) -> Script {
    answering(bytes: { stream in frames(stream).flatMap(\.bytes) })
  }

  /// The same with bytes.
  static func answering(bytes: @escaping @Sendable (UInt32) -> [UInt8]) -> Script {
    { peer in
      guard try await peer.preface(), await peer.send(Frame.settings().bytes) else { return }
      while let frame = try await peer.next() {
        switch (frame.type, frame.flags & 1) {
        case (0, 1), (1, 1): guard await peer.send(bytes(frame.stream)) else { return }
        case (4, 0):
          guard await peer.send(Frame(type: 4, flags: 1, stream: 0, payload: []).bytes) else {
            return
          }
        default: break
        }
      }
    }
  }
}
