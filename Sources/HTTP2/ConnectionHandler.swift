package import NIOCore

/// Puts a `Connection` into a NIO pipeline: the transport over a socket.
package final class ConnectionHandler: ChannelInboundHandler, ByteTransport, Expiring {
  package typealias InboundIn = ByteBuffer
  package typealias OutboundOut = ByteBuffer

  private let connection: Connection
  private var context: ChannelHandlerContext?
  package var deadlineSlot = -1

  /// How long a peer may take to close its side after we closed ours. Closing both at once would
  /// answer its last frames with a TCP reset, which can overtake our last bytes.
  private static let lingerTime = TimeAmount.milliseconds(500)

  package init(_ connection: Connection) { self.connection = connection }

  // MARK: From NIO

  package func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { connection.start(on: self) }
  }

  /// Every channel comes here at its end, also one that was closed before it became active.
  package func handlerRemoved(context: ChannelHandlerContext) {
    connection.share.timer.remove(self)
    self.context = nil
    connection.transportClosed()
  }

  package func channelActive(context: ChannelHandlerContext) { connection.start(on: self) }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    bytes.withUnsafeReadableBytes { connection.receive($0) }
  }

  package func channelReadComplete(context: ChannelHandlerContext) {
    connection.endTurn()
    // Whoever waits for another thread's answer asks for nothing more meanwhile.
    if connection.session.openStreams == 0 { connection.share.vigil?.prolong() }
  }

  package func channelWritabilityChanged(context: ChannelHandlerContext) {
    connection.writabilityChanged()
  }

  package func channelInactive(context: ChannelHandlerContext) {
    connection.share.timer.remove(self)
    connection.transportClosed()
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  // MARK: ByteTransport

  package var isWritable: Bool { context?.channel.isWritable ?? false }

  package var pendingBytes: Int {
    // Every socket channel has the option.
    (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }

  package func write(_ bytes: ByteBuffer) {
    context?.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
  }

  package func finish() {
    guard let context else { return }
    context.close(mode: .output, promise: nil)
    connection.share.timer.remove(self)
    connection.share.timer.add(self, at: (NIODeadline.now() + Self.lingerTime).uptimeNanoseconds)
  }

  package func expired() { abort() }

  package func abort() { context?.close(promise: nil) }
}
