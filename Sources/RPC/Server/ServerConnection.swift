internal import HTTP2
internal import NIOCore

/// The calls of one connection, server side.
///
/// Confined to its event loop but for `shutDown`, which hops there.
final class ServerConnection: ConnectionOwner, @unchecked Sendable {
  // @unchecked: everything mutable is touched on `loop` only; what crosses threads are references
  // (the core's list of connections, the handlers' way back to their call), never accesses.
  let core: ServerCore
  let loop: any EventLoop
  let peer: String
  let executor: LoopExecutor
  let deadlines: DeadlineTimer
  let counters: LoopCounters
  private(set) var handlersInFlight = 0

  private var bufferedBytes = 0
  private var isClosed = false
  /// The connection that we own; it owns us, too, until it closes.
  private(set) lazy var http2 = Connection(
    .server, loop: loop, limits: core.limits.connection, owner: self)

  init(core: ServerCore, loop: any EventLoop, peer: String) {
    self.core = core
    self.loop = loop
    self.peer = peer
    self.executor = LoopExecutor(loop: loop)
    self.deadlines = DeadlineTimer(loop: loop)
    self.counters = core.counters(of: loop)
  }

  /// Nanoseconds, the same throughout one turn of the loop.
  var now: UInt64 { http2.uptimeNanoseconds }

  // MARK: Bounds

  /// Counts one more handler, or says why there may be none now.
  func startHandler() -> RPCError? {
    if handlersInFlight >= core.limits.maxHandlersPerConnection {
      return RPCError(.resourceExhausted, "too many calls of this connection are running")
    }
    if http2.session.queuedBytes > core.limits.queuedBytesPerConnection {
      return RPCError(.resourceExhausted, "too many replies wait to be read on this connection")
    }
    guard core.handlerStarted() else { return RPCError(.unavailable, "the server is busy") }
    handlersInFlight += 1
    return nil
  }

  func handlerEnded() {
    handlersInFlight -= 1
    core.handlerEnded()
    if isClosed { core.wakeIfIdle() }
  }

  /// Takes `size` bytes for an incomplete message (negative: gives them back). False: over the
  /// budget.
  func reserve(_ size: Int) -> Bool {
    if size > 0, bufferedBytes + size > core.limits.bufferedBytesPerConnection { return false }
    guard core.reserve(size) else { return false }
    bufferedBytes += size
    return true
  }

  // MARK: ConnectionOwner

  func accept(_ stream: HTTP2.Stream) -> any StreamConsumer {
    ServerCall(stream: stream, connection: self)
  }

  func connectionReady() {}

  func goAwayReceived(lastStream: Int32, code: ErrorCode) {}

  func streamClosed() {}

  func graceEnded(for stream: HTTP2.Stream) {
    (stream.consumer as? ServerCall)?.abandon()
  }

  func connectionClosed() {
    isClosed = true
    deadlines.stop()
    core.closed(self)
  }

  // MARK: From other threads

  /// Starts the graceful end of the connection.
  func shutDown(grace: Duration) {
    loop.execute { self.http2.shutDown(grace: TimeAmount(grace)) }
  }
}
