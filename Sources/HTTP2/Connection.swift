package import NIOCore

/// One HTTP/2 connection over some transport: feeds the session, sends once per turn of the loop,
/// keeps the time.
///
/// Confined to its event loop; it and its owner refer to each other until the transport closes.
package final class Connection {
  package let share: LoopShare
  package private(set) var isClosed = false
  /// The session under it. Lazy because it needs its delegate, which is `self`.
  package private(set) lazy var session = Session(
    role, limits: share.limits, delegate: self, memory: share.memory)

  private var owner: (any ConnectionOwner)?
  private var transport: (any ByteTransport)?
  private let role: Session.Role
  private var drain = Drain()
  /// Inside `receive` … `endTurn`: output waits for the end of the turn.
  private var isInTurn = false
  private var isFlushScheduled = false
  private var isFinishing = false
  private var turnTime: UInt64?
  private var alarms = Alarms()
  /// When the loop's timer wakes us; an alarm that was cancelled leaves it as it is.
  private var wakeUp: UInt64?
  package var deadlineSlot = -1
  /// What the socket had not taken when the alarm for it was set.
  private var unwritten = 0
  private var keepalive: Keepalive?
  /// The stream of the header block that the timer is for; 0 for none.
  private var watchedHeaderBlock: Int32 = 0
  /// When the last stream closed, or the connection began.
  private var idleSince: UInt64 = 0
  /// When the grace of a drain is over.
  private var graceEnd: NIODeadline?
  /// Why we end the connection, as the peer is told; empty while we do not, or for no reason.
  package private(set) var endReason: StaticString = ""

  /// At most this much is taken from the session at a time.
  private static let chunkBytes = 256 * 1024
  /// What a socket must take in `writeStallTimeout`.
  private static let leastWritten = 1024
  /// A connection without streams for so long holds as little as it can.
  private static let restAfter = TimeAmount.seconds(1)
  /// So many streams of a lost connection are ended before other connections have their turn, which
  /// they certainly have after such a pause.
  private static let abandonedAtOnce = 16
  private static let abandonPause = TimeAmount.milliseconds(1)
  /// A peer that does not answer the PING of a drain is waited for so long.
  private static let drainRoundTrip = TimeAmount.seconds(1)

  package init(_ role: Session.Role, share: LoopShare, owner: any ConnectionOwner) {
    self.share = share
    self.owner = owner
    self.role = role
  }

  /// A connection that shares nothing.
  package convenience init(
    _ role: Session.Role, loop: any EventLoop, limits: ConnectionLimits, owner: any ConnectionOwner
  ) {
    self.init(role, share: LoopShare(loop: loop, limits: limits), owner: owner)
  }

  package var loop: any EventLoop { share.loop }
  private var limits: ConnectionLimits { share.limits }

  // MARK: From the transport

  /// The transport is connected.
  package func start(on transport: any ByteTransport) {
    self.transport = transport
    set(.preface, in: limits.prefaceTimeout)
    set(.settings, in: limits.settingsTimeout)
    startLife()
    flush()
  }

  /// Bytes came; `endTurn` follows.
  package func receive(_ bytes: UnsafeRawBufferPointer) {
    guard !isClosed, !isFinishing else { return }
    if !isInTurn { turnTime = nil }
    isInTurn = true
    keepalive?.heard(now: uptimeNanoseconds)
    guard !session.receive(bytes) else { return }
    // Beyond repair. Some of these errors leave no GOAWAY behind, so make sure that there is one.
    session.terminate(session.fault.code, session.fault.reason)
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
      alarms.cancel(.writeStall)
      flush()
    }
  }

  /// The transport is closed.
  package func transportClosed() {
    guard !isClosed else { return }
    isClosed = true
    share.timer.remove(self)
    drain.connectionClosed()
    transport = nil
    abandonStreams()
  }

  /// Tells the streams that the connection is gone: of a server's connection some at a time,
  /// because nobody waits for them, but the other connections of the loop wait while they end.
  private func abandonStreams() {
    session.abandon(atMost: role == .server ? Connection.abandonedAtOnce : .max)
    guard session.openStreams == 0 else {
      let next = NIODeadline.now() + Connection.abandonPause
      return share.timer.add(self, at: next.uptimeNanoseconds)
    }
    owner?.connectionClosed()
    owner = nil
  }

  // MARK: From the owner

  /// Ends gracefully: see `Drain`. After `grace`, streams that are still open are failed; of
  /// several graces the one that ends first counts. The peer is told the reason.
  package func shutDown(grace: TimeAmount, _ reason: StaticString = "") {
    guard !isClosed else { return }
    let end = NIODeadline.now() + grace
    if graceEnd.map({ end < $0 }) ?? true {
      graceEnd = end
      set(.grace, in: grace)
    }
    let action = drain.begin()
    guard action != .nothing else { return }
    endReason = reason
    set(.roundTrip, in: Connection.drainRoundTrip)
    perform(action)
  }

  /// Ends now, with GOAWAY.
  package func close(_ code: ErrorCode = .noError, _ reason: StaticString = "") {
    guard !isClosed, !isFinishing else { return }
    endReason = reason
    session.terminate(code, reason)
    finish()
  }

  private func roundTripEnded() {
    alarms.cancel(.roundTrip)
    perform(drain.roundTripEnded())
    perform(drain.streamsChanged(openStreams: session.openStreams))
  }

  private func perform(_ action: Drain.Action) {
    switch action {
    case .nothing: break
    case .sendNotice: session.submitShutdownNotice()
    case .sendGoAway: session.submitGoAway(endReason)
    case .close: finish()
    case .abandon:
      session.forEachStream { owner?.graceEnded(for: $0) }
      finish()
    }
  }

  // MARK: Output

  /// Sends what the session has, if the transport takes it.
  private func flush() {
    // What closes on the way out, such as a stream, may have asked for the time.
    defer { turnTime = nil }
    guard !isClosed, let transport else { return }
    while transport.isWritable {
      let bytes = session.drain(limit: Connection.chunkBytes)
      guard bytes.readableBytes > 0 else { break }
      transport.write(bytes)
      if isClosed { return }
    }
    if session.isOver, !isFinishing { return finish() }
    if !transport.isWritable, !alarms.isSet(.writeStall) { watchWrites() }
    if role == .server, session.queuedBytes > 0, !alarms.isSet(.responseStall) {
      watchResponses()
    }
  }

  private func watchWrites() {
    unwritten = transport?.pendingBytes ?? 0
    set(.writeStall, in: limits.writeStallTimeout)
  }

  /// Ends the connection when the socket has taken next to nothing in the time that it has.
  private func checkWrites() {
    guard let transport else { return }
    if unwritten - transport.pendingBytes < Connection.leastWritten { return transport.abort() }
    watchWrites()
  }

  private func watchResponses() {
    set(.responseStall, in: .nanoseconds(limits.responseStallTimeout.nanoseconds / 4))
  }

  /// Looks, as long as anything is queued, for responses that the peer does not take.
  private func checkResponses() {
    let now = NIODeadline.now().uptimeNanoseconds
    let limit = UInt64(clamping: limits.responseStallTimeout.nanoseconds)
    guard session.resetStuckStreams(now: now, limit: limit) else {
      return close(.enhanceYourCalm, "slow_read")
    }
    if session.queuedBytes > 0 { watchResponses() }
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
    // A busy peer's reads may end within a header block each time, but not within the same one.
    guard session.headerBlockStream != watchedHeaderBlock else { return }
    watchedHeaderBlock = session.headerBlockStream
    alarms.cancel(.headerBlock)
    if watchedHeaderBlock != 0 { set(.headerBlock, in: limits.headerBlockTimeout) }
  }

  private func set(_ alarm: Alarms.Kind, in delay: TimeAmount) {
    alarms.set(alarm, to: (NIODeadline.now() + delay).uptimeNanoseconds)
    keepWakeUp()
  }

  /// Sees to it that we are woken in time for the earliest alarm.
  private func keepWakeUp() {
    guard !isClosed, let moment = alarms.earliest, moment < wakeUp ?? .max else { return }
    share.timer.remove(self)
    share.timer.add(self, at: moment)
    wakeUp = moment
  }

  private func ring(_ alarm: Alarms.Kind) {
    switch alarm {
    case .preface: session.terminate(.settingsTimeout, "preface_timeout")
    case .settings: session.terminate(.settingsTimeout, "settings_timeout")
    case .headerBlock: session.terminate(.enhanceYourCalm, "slow_headers")
    case .writeStall: checkWrites()
    case .responseStall: checkResponses()
    case .roundTrip: roundTripEnded()
    case .grace: perform(drain.graceEnded())
    case .keepalive: watchPeer()
    case .age: shutDown(grace: limits.ageGrace, "max_age")
    case .idle: watchIdle()
    case .rest: restIfQuiet()
    }
  }
}

extension Connection: Expiring {
  package func expired() {
    guard !isClosed else { return abandonStreams() }
    wakeUp = nil
    let now = NIODeadline.now().uptimeNanoseconds
    while !isClosed, let alarm = alarms.takeDue(now: now) {
      ring(alarm)
      outputPending()
    }
    keepWakeUp()
  }
}

// MARK: How long it lives

extension Connection {
  private func startLife() {
    idleSince = uptimeNanoseconds
    if let time = limits.keepaliveTime {
      keepalive = Keepalive(
        time: UInt64(clamping: time.nanoseconds),
        timeout: UInt64(clamping: limits.keepaliveTimeout.nanoseconds), now: uptimeNanoseconds)
      watchPeer()
    }
    guard role == .server else { return }
    if let age = limits.maxAge {
      // Clients that came together are not to come back together.
      let tenth = age.nanoseconds / 10
      set(.age, in: age + .nanoseconds(.random(in: -tenth...tenth)))
    }
    if limits.maxIdle != nil { watchIdle() }
  }

  private func watchPeer() {
    let isNeeded =
      role == .server || session.openStreams > 0 || limits.keepaliveWithoutStreams
    let delay: UInt64
    switch keepalive?.check(now: NIODeadline.now().uptimeNanoseconds, isNeeded: isNeeded) {
    case nil: return
    case .wait(let time)?: delay = time
    case .ping(let time)?:
      session.submitPing(.keepalive)
      delay = time
    case .giveUp?: return close(.noError, "keepalive_timeout")
    }
    set(.keepalive, in: .nanoseconds(Int64(clamping: delay)))
  }

  /// Since the last stream closed, or the connection began; zero while streams are open.
  private var idleNanoseconds: Int64 {
    session.openStreams > 0
      ? 0 : Int64(clamping: NIODeadline.now().uptimeNanoseconds - idleSince)
  }

  private func restIfQuiet() {
    // The end of the streams that are open now sets it again.
    guard session.openStreams == 0 else { return }
    let left = Connection.restAfter.nanoseconds - idleNanoseconds
    if left > 0 { set(.rest, in: .nanoseconds(left)) } else { session.rest() }
  }

  private func watchIdle() {
    guard let limit = limits.maxIdle?.nanoseconds else { return }
    let idle = idleNanoseconds
    if idle >= limit { return shutDown(grace: limits.ageGrace, "max_idle") }
    set(.idle, in: .nanoseconds(limit - idle))
  }
}

extension Connection: SessionDelegate {
  package func accept(_ stream: Stream) -> any StreamConsumer {
    guard let owner else { preconditionFailure("a stream opened on a closed connection") }
    return owner.accept(stream)
  }

  package func peerSpoke() {
    alarms.cancel(.preface)
    owner?.connectionReady()
  }

  package func settingsAcknowledged() { alarms.cancel(.settings) }

  package func pingAcknowledged(_ ping: Session.Ping) {
    if ping == .drain, drain.state == .noticed { roundTripEnded() }
  }

  package func goAwayReceived(lastStream: Int32, code: ErrorCode, reason: String) {
    owner?.goAwayReceived(lastStream: lastStream, code: code, reason: reason)
  }

  package func streamClosed() {
    owner?.streamClosed()
    if session.openStreams == 0 {
      idleSince = uptimeNanoseconds
      if !alarms.isSet(.rest) { set(.rest, in: Connection.restAfter) }
    }
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
