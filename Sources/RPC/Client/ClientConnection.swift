internal import HTTP2
internal import NIOCore

/// The calls of one connection, client side. Confined to its event loop.
final class ClientConnection: ConnectionOwner, @unchecked Sendable {
  // @unchecked: callers on other threads hold references and hop to `loop` before they touch
  // anything.

  /// What becomes of it; the last three in this order, `ready` only if it ever takes calls.
  enum Event: Sendable {
    /// The server has had enough of being asked whether it is there; it is about to be retired.
    case pingsUnwanted
    /// The server has shown that it speaks HTTP/2: calls may be sent.
    case ready
    /// It takes no further calls, for this reason.
    case retired(RPCError)
    case gone
  }

  let loop: any EventLoop
  let limits: RPCLimits
  /// The `:authority` of its calls.
  let authority: String
  /// Succeeds when the connection is gone.
  let gone: EventLoopPromise<Void>

  private let target: String
  private let onEvent: @Sendable (ClientConnection, Event) -> Void
  /// Whether the server ended the connection in good order.
  private(set) var saidGoodbye = false
  private var isRetired = false
  private var isConnected = false
  private var isReady = false
  private var isGone = false
  /// To be closed as soon as it is connected.
  private var isUnwanted = false
  /// Why it could not be connected.
  private var dialError: RPCError?
  /// What TLS complained about, such as a certificate that the server refused after the handshake.
  private var tlsComplaint: String?
  private(set) lazy var http2 = Connection(
    .client, loop: loop, limits: limits.connection, owner: self)

  init(
    loop: any EventLoop, limits: RPCLimits, target: String, authority: String,
    onEvent: @escaping @Sendable (ClientConnection, Event) -> Void
  ) {
    self.loop = loop
    self.limits = limits
    self.target = target
    self.authority = authority
    self.onEvent = onEvent
    self.gone = loop.makePromise()
  }

  var deadlines: DeadlineTimer { http2.share.timer }

  /// Connects by what `connect` does. From any thread, once.
  func dial(_ connect: @escaping @Sendable () -> EventLoopFuture<Void>) {
    // All of it on the loop: who asks from another thread hears of a failure only after the end
    // of the socket, and would take that for the reason.
    loop.execute { [self] in connect().whenComplete(dialed) }
  }

  private func dialed(_ result: Result<Void, any Error>) {
    switch result {
    case .success:
      isConnected = true
      if isUnwanted { http2.close() }
    case .failure(let error):
      dialError =
        error as? RPCError ?? RPCError(.unavailable, "cannot reach \(target)", cause: error)
      // Also lets go of us: nobody else would tell it that there is no transport.
      http2.transportClosed()
    }
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
    if let dialError { return dialError }
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
    loop.execute { [self] in
      retire()
      isUnwanted = true
      if isConnected { http2.close() }
    }
  }

  /// Takes no further calls and closes when the open ones are over. From any thread.
  func finish() {
    loop.execute { [self] in
      retire()
      if http2.session.openStreams == 0 { close() }
    }
  }

  private func retire() {
    guard !isRetired else { return }
    isRetired = true
    onEvent(self, .retired(lossError))
  }

  // MARK: ConnectionOwner

  func accept(_ stream: HTTP2.Stream) -> any StreamConsumer {
    preconditionFailure("a server cannot open streams: push is switched off")
  }

  func connectionReady() {
    isReady = true
    if !isRetired { onEvent(self, .ready) }
  }

  func goAwayReceived(lastStream: Int32, code: ErrorCode, reason: String) {
    if code == .noError { saidGoodbye = true }
    if code == .enhanceYourCalm, reason == "too_many_pings" { onEvent(self, .pingsUnwanted) }
    retire()
    // Calls that the server still answers go on; without any there is nothing to wait for.
    if http2.session.openStreams == 0 { http2.close() }
  }

  func streamClosed() {
    if isRetired, http2.session.openStreams == 0 { http2.close() }
  }

  func graceEnded(for stream: HTTP2.Stream) {}

  func connectionClosed() {
    guard !isGone else { return }
    isGone = true
    retire()
    deadlines.stop()
    onEvent(self, .gone)
    gone.succeed(())
  }
}
