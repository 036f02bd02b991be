internal import HTTP2
internal import NIOCore

/// The calls of one connection, client side. Confined to its event loop.
final class ClientConnection: ConnectionOwner, @unchecked Sendable {
  // @unchecked: callers on other threads hold references and hop to `loop` before they touch
  // anything.
  let loop: any EventLoop
  let limits: RPCLimits
  let deadlines: DeadlineTimer
  /// Succeeds when the connection is gone.
  let gone: EventLoopPromise<Void>

  private let target: String
  /// Told once when the connection takes no further calls.
  private let onRetire: @Sendable (ClientConnection) -> Void
  private(set) var isRetired = false
  /// Whether the server ended the connection in good order.
  private(set) var saidGoodbye = false
  private var isReady = false
  /// What TLS complained about, such as a certificate that the server refused after the handshake.
  private var tlsComplaint: String?
  private(set) lazy var http2 = Connection(
    .client, loop: loop, limits: limits.connection, owner: self)

  init(
    loop: any EventLoop, limits: RPCLimits, target: String,
    onRetire: @escaping @Sendable (ClientConnection) -> Void
  ) {
    self.loop = loop
    self.limits = limits
    self.target = target
    self.onRetire = onRetire
    self.deadlines = DeadlineTimer(loop: loop)
    self.gone = loop.makePromise()
  }

  /// Opens a stream. Nil when the connection takes no further calls.
  func open(_ fields: HeaderFields, for call: ClientCall) -> HTTP2.Stream? {
    guard !isRetired, !http2.isClosed else { return nil }
    guard let stream = http2.session.submitRequest(fields, consumer: call) else {
      retire()
      return nil
    }
    return stream
  }

  /// Why calls fail whose connection went away under them.
  var lossError: RPCError {
    if let tlsComplaint {
      return RPCError(.unavailable, "the connection to \(target) was lost: \(tlsComplaint)")
    }
    if http2.endReason.utf8CodeUnitCount > 0 {
      return RPCError(.unavailable, "the connection to \(target) was ended: \(http2.endReason)")
    }
    return isReady
      ? RPCError(.unavailable, "the connection to \(target) was lost")
      : RPCError(.unavailable, "\(target) closed the connection; is it a gRPC server?")
  }

  /// TLS broke; the connection is about to close.
  func tlsFailed(_ complaint: String) { if tlsComplaint == nil { tlsComplaint = complaint } }

  /// Closes with GOAWAY; open calls fail. From any thread.
  func close() {
    loop.execute {
      self.retire()
      self.http2.close()
    }
  }

  private func retire() {
    guard !isRetired else { return }
    isRetired = true
    onRetire(self)
  }

  // MARK: ConnectionOwner

  func accept(_ stream: HTTP2.Stream) -> any StreamConsumer {
    preconditionFailure("a server cannot open streams: push is switched off")
  }

  func connectionReady() { isReady = true }

  func goAwayReceived(lastStream: Int32, code: ErrorCode) {
    if code == .noError { saidGoodbye = true }
    retire()
    // Calls that the server still answers go on; without any there is nothing to wait for.
    if http2.session.openStreams == 0 { http2.close() }
  }

  func streamClosed() {
    if isRetired, http2.session.openStreams == 0 { http2.close() }
  }

  func graceEnded(for stream: HTTP2.Stream) {}

  func connectionClosed() {
    retire()
    deadlines.stop()
    gone.succeed(())
  }
}
