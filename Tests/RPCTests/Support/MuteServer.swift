import NIOCore
import NIOPosix

/// Accepts connections, shows that it speaks HTTP/2, and says nothing more: a host that vanished.
enum MuteServer {
  static func run<R>(_ body: (Int) async throws -> R) async throws -> R {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Greeting())
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let result: R
    do { result = try await body(listener.localAddress?.port ?? 0) } catch {
      try await listener.close()
      throw error
    }
    try await listener.close()
    return result
  }

  private final class Greeting: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
      context.writeAndFlush(
        wrapOutboundOut(ByteBuffer(bytes: Frame.settings().bytes)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
  }
}
