internal import HTTP2
internal import NIOCore

/// The calls of one connection, server side.
///
/// Confined to its event loop but for `shutDown`, which hops there.
final class ServerConnection: ConnectionOwner, Expiring, @unchecked Sendable {
  // @unchecked: everything mutable is touched on `loop` only; what crosses threads are references
  // (the core's list of connections, the handlers' way back to their call), never accesses.
  let core: ServerCore
  private let home: ServerLoop
  let peer: String
  /// The peer's address without port; nil where there is none.
  let host: String?
  private(set) var handlersInFlight = 0
  /// Who the client is by its certificate; set before its first call, if it has one.
  var identity: PeerIdentity?

  private var bufferedBytes = 0
  /// What the core knows of our queued bytes.
  private var reportedBytes = 0
  private var isClosed = false
  /// In the timer while streams are open: then it looks for requests that do not arrive.
  var deadlineSlot = -1
  /// The connection that we own; it owns us, too, until it closes.
  private(set) lazy var http2 = Connection(
    .server, share: home.share, owner: self)

  /// What a connection may hold even when all others together hold too much, so that those who
  /// hold little are served on.
  private static let freeShareBytes = 64 * 1024

  init(core: ServerCore, loop: any EventLoop, peer: String, host: String? = nil) {
    self.core = core
    self.home = core.home(on: loop)
    self.peer = peer
    self.host = host
  }

  var limits: RPCLimits { home.limits }
  var loop: any EventLoop { home.share.loop }
  var executor: LoopExecutor { home.executor }
  var deadlines: DeadlineTimer { home.share.timer }
  var counters: LoopCounters { home.counters }

  /// Nanoseconds, the same throughout one turn of the loop.
  var now: UInt64 { http2.uptimeNanoseconds }

  // MARK: Bounds

  /// Counts one more handler, or says why there may be none now.
  func startHandler() -> RPCError? {
    if handlersInFlight >= limits.maxHandlersPerConnection {
      return overload(.resourceExhausted, "too many calls of this connection are running")
    }
    if isOverfull {
      return overload(.resourceExhausted, "too many replies wait to be read on this connection")
    }
    guard core.handlerStarted(limit: limits.maxHandlers) else {
      return overload(.unavailable, "the server is busy")
    }
    handlersInFlight += 1
    return nil
  }

  /// Nothing was done: the caller may come again, but not at once.
  private func overload(_ code: RPCError.Code, _ message: String) -> RPCError {
    RPCError(code, message, retryPushback: .after(limits.overloadPushback))
  }

  func handlerEnded() {
    handlersInFlight -= 1
    core.handlerEnded()
    if isClosed { core.wakeIfIdle() }
  }

  /// Takes `size` bytes for an incomplete message (negative: gives them back). False: over the
  /// budget.
  func reserve(_ size: Int) -> Bool {
    if size > 0, bufferedBytes + size > limits.bufferedBytesPerConnection { return false }
    let isFree = bufferedBytes + size <= ServerConnection.freeShareBytes
    guard core.reserve(size, limit: isFree ? .max : limits.bufferedBytes) else { return false }
    bufferedBytes += size
    return true
  }

  /// Whether the peer has left so many replies lying that it gets no more of them.
  var isOverfull: Bool {
    reportQueue()
    let queued = http2.session.queuedBytes
    return queued > limits.queuedBytesPerConnection
      || queued > ServerConnection.freeShareBytes && core.queuedBytes > limits.queuedBytes
  }

  /// Tells the core how much waits to be sent, when it has changed enough to matter to all.
  private func reportQueue() {
    let change = http2.session.queuedBytes - reportedBytes
    guard abs(change) >= ServerConnection.freeShareBytes / 2 else { return }
    core.queueChanged(by: change)
    reportedBytes += change
  }

  // MARK: ConnectionOwner

  func accept(_ stream: HTTP2.Stream) -> any StreamConsumer {
    if deadlineSlot < 0 { scheduleSweep() }
    return ServerCall(stream: stream, connection: self)
  }

  /// One entry for all requests of the connection instead of one for each, at the price of being up
  /// to half of the limit late: nearly all requests are complete within one turn of the loop.
  private func scheduleSweep() {
    let moment = NIODeadline.now() + .nanoseconds(TimeAmount(limits.requestTimeout).nanoseconds / 2)
    deadlines.add(self, at: moment.uptimeNanoseconds)
  }

  func expired() {
    guard !isClosed, http2.session.openStreams > 0 else { return }
    let moment = NIODeadline.now() - TimeAmount(limits.requestTimeout)
    http2.session.forEachStream {
      ($0.consumer as? ServerCall)?.failIfIncomplete(since: moment.uptimeNanoseconds)
    }
    scheduleSweep()
  }

  func connectionReady() {}

  func goAwayReceived(lastStream: Int32, code: ErrorCode, reason: String) {}

  func streamClosed() { reportQueue() }

  func graceEnded(for stream: HTTP2.Stream) {
    (stream.consumer as? ServerCall)?.abandon()
  }

  func connectionClosed() {
    isClosed = true
    core.queueChanged(by: -reportedBytes)
    reportedBytes = 0
    deadlines.remove(self)
    core.closed(self)
  }

  // MARK: From other threads

  /// Starts the graceful end of the connection.
  func shutDown(grace: Duration) {
    loop.execute { self.http2.shutDown(grace: TimeAmount(grace)) }
  }
}
