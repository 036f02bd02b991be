internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// Stands between TLS and HTTP/2, and lets a connection live only if the handshake agreed on
/// HTTP/2. Some peers that agreed on nothing would speak HTTP/1 into our frames.
final class HandshakeGate: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private var isDone = false
  /// The handshake is complete; gets the peer's verified certificate, if it has shown one.
  private let onReady: (NIOSSLCertificate?) -> Void
  /// TLS failed, before or after `onReady`; the channel closes.
  private let onFailure: (any Error) -> Void

  init(
    onReady: @escaping (NIOSSLCertificate?) -> Void,
    onFailure: @escaping (any Error) -> Void = { _ in }
  ) {
    self.onReady = onReady
    self.onFailure = onFailure
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted(let agreed)? = event as? TLSUserEvent {
      guard agreed == "h2" else {
        onFailure(NoHTTP2())
        return context.close(promise: nil)
      }
      isDone = true
      // There is a TLS handler, or there would have been no handshake.
      onReady(try? context.pipeline.syncOperations.nioSSL_peerCertificate())
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    onFailure(error)
    context.fireErrorCaught(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !isDone { onFailure(ChannelError.eof) }
    context.fireChannelInactive()
  }

  /// The peer does not speak HTTP/2 over TLS.
  struct NoHTTP2: Error {}
}
