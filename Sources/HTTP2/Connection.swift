package import NIOCore

/// Carries bytes for a connection: a socket, or a pipe in memory. Used on the loop only.
package protocol ByteTransport: AnyObject {
  /// Whether the other side keeps up; if not, `Connection.writabilityChanged` follows later.
  var isWritable: Bool { get }
  /// Sends everything given, in order.
  func write(_ bytes: ByteBuffer)
  /// Closes after what was written; the peer gets the chance to read it.
  func finish()
  /// Closes now.
  func abort()
}

/// Who uses a connection: the RPC server or client side.
package protocol ConnectionOwner: AnyObject {
  /// The peer opened a stream (server only).
  func accept(_ stream: Stream) -> any StreamConsumer
  /// The peer has shown that it speaks HTTP/2.
  func connectionReady()
  /// The peer wants no new streams; those above `lastStream` were not looked at.
  func goAwayReceived(lastStream: Int32, code: ErrorCode)
  /// A stream closed.
  func streamClosed()
  /// The grace of `Connection.shutDown` is over and `stream` is still open: end it with a status.
  func graceEnded(for stream: Stream)
  /// The connection is gone, all its streams have been closed. The last event.
  func connectionClosed()
}

/// One HTTP/2 connection over some transport: feeds the session, sends once per turn of the loop,
/// keeps the timers.
///
/// Confined to its event loop; it and its owner refer to each other until the transport closes.
package final class Connection {
  package let loop: any EventLoop
  package private(set) var isClosed = false
  /// The session under it. Lazy because it needs its delegate, which is `self`.
  package private(set) lazy var session = Session(role, limits: limits, delegate: self)

  private var owner: (any ConnectionOwner)?
  private var transport: (any ByteTransport)?
  private let role: Session.Role
  private let limits: ConnectionLimits
  private var drain = Drain()
  /// Inside `receive` … `endTurn`: output waits for the end of the turn.
  private var isInTurn = false
  private var isFlushScheduled = false
  private var isFinishing = false
  private var turnTime: UInt64?
  private var timers = Timers()

  /// At most this much is taken from the session at a time.
  private static let chunkBytes = 256 * 1024
  /// A peer that does not answer the PING of a drain is waited for so long.
  private static let drainRoundTrip = TimeAmount.seconds(1)

  private struct Timers {
    var preface: Scheduled<Void>?
    var settings: Scheduled<Void>?
    var headerBlock: Scheduled<Void>?
    var writeStall: Scheduled<Void>?
    var roundTrip: Scheduled<Void>?
    var grace: Scheduled<Void>?

    func cancelAll() {
      for timer in [preface, settings, headerBlock, writeStall, roundTrip, grace] {
        timer?.cancel()
      }
    }
  }

  package init(
    _ role: Session.Role, loop: any EventLoop, limits: ConnectionLimits, owner: any ConnectionOwner
  ) {
    self.loop = loop
    self.limits = limits
    self.owner = owner
    self.role = role
  }

  // MARK: From the transport

  /// The transport is connected.
  package func start(on transport: any ByteTransport) {
    self.transport = transport
    timers.preface = timer(limits.prefaceTimeout) {
      $0.session.terminate(.settingsTimeout, "preface_timeout")
    }
    timers.settings = timer(limits.settingsTimeout) {
      $0.session.terminate(.settingsTimeout, "settings_timeout")
    }
    flush()
  }

  /// Bytes came; `endTurn` follows.
  package func receive(_ bytes: UnsafeRawBufferPointer) {
    guard !isClosed, !isFinishing else { return }
    isInTurn = true
    guard !session.receive(bytes) else { return }
    // Beyond repair. Some of these errors leave no GOAWAY behind, so make sure that there is one.
    session.terminate(.protocolError)
    finish()
  }

  /// The transport has nothing more to read for now.
  package func endTurn() {
    isInTurn = false
    flush()
    watchHeaderBlock()
  }

  /// The transport takes bytes again, or does not.
  package func writabilityChanged() {
    guard let transport, !isClosed else { return }
    if transport.isWritable {
      timers.writeStall?.cancel()
      timers.writeStall = nil
      flush()
    }
  }

  /// The transport is closed.
  package func transportClosed() {
    guard !isClosed else { return }
    isClosed = true
    timers.cancelAll()
    drain.connectionClosed()
    session.abandon()
    owner?.connectionClosed()
    owner = nil
    transport = nil
  }

  // MARK: From the owner

  /// Ends gracefully: see `Drain`. After `grace`, streams that are still open are failed.
  package func shutDown(grace: TimeAmount) {
    guard !isClosed else { return }
    let action = drain.begin()
    guard action != .nothing else { return }
    timers.grace = timer(grace) { $0.perform($0.drain.graceEnded()) }
    timers.roundTrip = timer(Connection.drainRoundTrip) { $0.roundTripEnded() }
    perform(action)
  }

  /// Ends now, with GOAWAY.
  package func close(_ code: ErrorCode = .noError, _ reason: StaticString = "") {
    guard !isClosed, !isFinishing else { return }
    session.terminate(code, reason)
    finish()
  }

  private func roundTripEnded() {
    timers.roundTrip?.cancel()
    perform(drain.roundTripEnded())
    perform(drain.streamsChanged(openStreams: session.openStreams))
  }

  private func perform(_ action: Drain.Action) {
    switch action {
    case .nothing: break
    case .sendNotice: session.submitShutdownNotice()
    case .sendGoAway: session.submitGoAway()
    case .close: finish()
    case .abandon:
      session.forEachStream { owner?.graceEnded(for: $0) }
      finish()
    }
  }

  // MARK: Output

  /// Sends what the session has, if the transport takes it.
  private func flush() {
    turnTime = nil
    guard !isClosed, let transport else { return }
    while transport.isWritable {
      let bytes = session.drain(limit: Connection.chunkBytes)
      guard bytes.readableBytes > 0 else { break }
      transport.write(bytes)
      if isClosed { return }
    }
    if session.isOver, !isFinishing { return finish() }
    if !transport.isWritable, timers.writeStall == nil {
      timers.writeStall = timer(limits.writeStallTimeout) { $0.transport?.abort() }
    }
  }

  /// Sends what can be sent, then closes.
  private func finish() {
    guard !isFinishing, !isClosed else { return }
    isFinishing = true
    // Not from within a callback of nghttp2: the last frames leave at the end of this turn.
    loop.assumeIsolated().execute { [self] in
      isInTurn = false
      flush()
      transport?.finish()
    }
  }

  private func watchHeaderBlock() {
    if !session.isInHeaderBlock {
      timers.headerBlock?.cancel()
      timers.headerBlock = nil
    } else if timers.headerBlock == nil {
      timers.headerBlock = timer(limits.headerBlockTimeout) {
        $0.session.terminate(.enhanceYourCalm, "slow_headers")
      }
    }
  }

  private func timer(_ delay: TimeAmount, _ body: @escaping (Connection) -> Void) -> Scheduled<Void>
  {
    // Strong: a weak reference would slow down every retain of the connection, and closing cancels
    // the timers.
    loop.assumeIsolated().scheduleTask(in: delay) { [self] in
      guard !isClosed else { return }
      body(self)
      outputPending()
    }
  }
}

extension Connection: SessionDelegate {
  package func accept(_ stream: Stream) -> any StreamConsumer {
    guard let owner else { preconditionFailure("a stream opened on a closed connection") }
    return owner.accept(stream)
  }

  package func peerSpoke() {
    timers.preface?.cancel()
    owner?.connectionReady()
  }

  package func settingsAcknowledged() { timers.settings?.cancel() }

  package func pingAcknowledged() { if drain.state == .noticed { roundTripEnded() } }

  package func goAwayReceived(lastStream: Int32, code: ErrorCode) {
    owner?.goAwayReceived(lastStream: lastStream, code: code)
  }

  package func streamClosed() {
    owner?.streamClosed()
    guard drain.state == .finishing else { return }
    perform(drain.streamsChanged(openStreams: session.openStreams))
  }

  package func outputPending() {
    guard !isInTurn, !isFlushScheduled, !isClosed else { return }
    isFlushScheduled = true
    loop.assumeIsolated().execute { [self] in
      isFlushScheduled = false
      flush()
    }
  }

  /// The same for everything in one turn: a clock read costs as much as parsing a header.
  package var uptimeNanoseconds: UInt64 {
    if let turnTime { return turnTime }
    let now = NIODeadline.now().uptimeNanoseconds
    turnTime = now
    return now
  }
}
