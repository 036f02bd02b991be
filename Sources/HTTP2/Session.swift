internal import CNghttp2
package import NIOCore

/// What happens to the connection as a whole. Called on the loop, most of it inside nghttp2's
/// callbacks.
package protocol SessionDelegate: AnyObject {
  /// The peer opened a stream (server only); the answer gets its events, beginning with the
  /// headers.
  func accept(_ stream: Stream) -> any StreamConsumer
  /// The peer's first SETTINGS are here: it speaks HTTP/2.
  func peerSpoke()
  /// The peer acknowledged our SETTINGS.
  func settingsAcknowledged()
  /// The peer answered a PING of ours.
  func pingAcknowledged(_ ping: Session.Ping)
  /// The peer sends no more than the streams up to `lastStream`.
  func goAwayReceived(lastStream: Int32, code: ErrorCode, reason: String)
  /// A stream closed; `openStreams` is up to date.
  func streamClosed()
  /// Something was queued outside of `receive`: somebody should `drain`.
  func outputPending()
  /// Nanoseconds on a monotonic clock.
  var uptimeNanoseconds: UInt64 { get }
}

/// One nghttp2 session, server or client, and the only file that calls nghttp2.
///
/// Bytes go in by `receive` and come out by `drain`; in between nghttp2 calls back into
/// `SessionCallbacks`, which hand on to the streams' consumers. Confined to one loop; neither
/// `receive` nor `drain` may be entered from within a callback.
package final class Session {
  /// Which end of the connection this is.
  package enum Role: Sendable {
    case server
    case client
  }

  /// Why we send a PING; travels in it, and comes back in the answer.
  package enum Ping: UInt8, Sendable {
    /// To learn when the notice of a drain has arrived.
    case drain = 1
    /// To learn whether anybody is there.
    case keepalive = 2
  }

  package let role: Role
  let maxHeaderListBytes: Int
  let maxHeaderFields: Int
  /// The delegate owns the session.
  package unowned(unsafe) let delegate: any SessionDelegate

  @exclusivity(unchecked) package private(set) var openStreams = 0
  /// Σ of what the streams have queued to send.
  @exclusivity(unchecked) package internal(set) var queuedBytes = 0
  /// Bytes of body handed to the wire.
  @exclusivity(unchecked) var sentBytes = 0
  private var progress = Progress()
  /// The stream whose header block is being received; 0 between blocks.
  @exclusivity(unchecked) package internal(set) var headerBlockStream: Int32 = 0
  /// `terminate` was called.
  package private(set) var isTerminating = false
  /// What the peer is told when `receive` fails.
  package private(set) var fault: (code: ErrorCode, reason: StaticString) = (.protocolError, "")

  private(set) var raw: OpaquePointer?
  // Checking exclusive access at run time costs a tenth of a call here, and the loop is one thread.
  @exclusivity(unchecked) var builder = HeaderBlockBuilder()
  @exclusivity(unchecked) var abuse: AbuseGuard
  var heardSettings = false
  /// The GOAWAY of `terminate` has left: nothing is sent or heard any more.
  var hasTerminated = false
  @exclusivity(unchecked) private var firstStream: Stream?
  let memory: SessionMemory
  /// What nghttp2 knows of it.
  private let rawMemory: UnsafeMutablePointer<joinery_session_memory>

  /// Sessions with the same `memory` must be used by one thread.
  package init(
    _ role: Role, limits: ConnectionLimits, delegate: any SessionDelegate,
    memory: SessionMemory = SessionMemory()
  ) {
    self.role = role
    self.maxHeaderListBytes = limits.maxHeaderListBytes
    self.maxHeaderFields = limits.maxHeaderFields
    self.memory = memory
    rawMemory = .allocate(capacity: 1)
    rawMemory.initialize(to: joinery_session_memory())
    rawMemory.pointee.frame = memory.frame
    self.delegate = delegate
    self.abuse = AbuseGuard(limits, isServer: role == .server)

    var option: OpaquePointer?
    must(nghttp2_option_new(&option))
    defer { nghttp2_option_del(option) }
    nghttp2_option_set_no_auto_window_update(option, 1)
    nghttp2_option_set_no_closed_streams(option, 1)
    // gRPC allows space around a value (and says it may be stripped); RFC 9113 would reset the
    // stream.
    nghttp2_option_set_no_rfc9113_leading_and_trailing_ws_validation(option, 1)
    // Behind our own count of resets, which ends the connection with a better word.
    joinery_option_set_abuse_limits(
      option, 2 * UInt64(limits.resets.burst), 2 * UInt64(limits.resets.perSecond),
      limits.maxContinuations)

    let user = Unmanaged.passUnretained(self).toOpaque()
    let callbacks = role == .server ? SessionCallbacks.server : SessionCallbacks.client
    must(
      joinery_session_new(
        &raw, role == .server ? 1 : 0, callbacks.raw, user, option, rawMemory))
    submitSettings(limits)
  }

  deinit {
    nghttp2_session_del(raw)
    rawMemory.deallocate()
  }

  private func submitSettings(_ limits: ConnectionLimits) {
    var settings: [nghttp2_settings_entry] = []
    func set(_ id: nghttp2_settings_id, _ value: UInt32) {
      settings.append(nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: value))
    }
    if role == .server {
      set(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.maxConcurrentStreams)
      set(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1)
    } else {
      set(NGHTTP2_SETTINGS_ENABLE_PUSH, 0)
    }
    set(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, UInt32(limits.streamWindowBytes))
    set(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, UInt32(limits.maxHeaderListBytes))
    must(nghttp2_submit_settings(raw, 0, &settings, settings.count))
    must(nghttp2_session_set_local_window_size(raw, 0, 0, limits.connectionWindowBytes))
  }

  // MARK: Bytes

  /// Feeds received bytes. False when the peer broke HTTP/2 so badly that nghttp2 gave up: drain
  /// once, then close (it queues a GOAWAY for most such errors, but not for all; `fault` is what it
  /// says).
  package func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 0, !hasTerminated else { return true }
    let verdict = abuse.received(bytes, now: delegate.uptimeNanoseconds)
    guard verdict == .fine else {
      apply(verdict)
      return true
    }
    let start = bytes.bindMemory(to: UInt8.self).baseAddress
    let result = nghttp2_session_mem_recv(raw, start, bytes.count)
    if result >= 0 { return true }
    switch result {
    case Int(NGHTTP2_ERR_FLOODED.rawValue):
      fault = (.enhanceYourCalm, "too_many_control_frames")
    case Int(NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue):
      fault = (.enhanceYourCalm, "too_many_continuations")
    default: break
    }
    return false
  }

  /// Takes what is ready to be sent, up to about `limit` bytes; empty when there is nothing.
  package func drain(limit: Int) -> ByteBuffer {
    // The memory of the last turn is used again once NIO has let go of it.
    memory.output.clear(minimumCapacity: memory.output.capacity > 4 * limit ? limit : 0)
    while memory.output.readableBytes < limit, !hasTerminated {
      var chunk: UnsafePointer<UInt8>?
      let count = nghttp2_session_mem_send(raw, &chunk)
      // DATA frames are appended by `send` on the way; a negative count is a lack of memory.
      guard count > 0, let chunk else { break }
      memory.output.writeBytes(UnsafeRawBufferPointer(start: chunk, count: count))
    }
    return memory.output
  }

  /// Whether the session is over: nothing to read, nothing to write, close the socket.
  package var isOver: Bool {
    hasTerminated
      || nghttp2_session_want_read(raw) == 0 && nghttp2_session_want_write(raw) == 0
  }

  // MARK: Connection

  /// Ends the connection with GOAWAY; what the peer sends from now on is ignored, open streams are
  /// dropped.
  package func terminate(_ code: ErrorCode, _ reason: StaticString = "") {
    guard !isTerminating else { return }
    isTerminating = true
    if reason.utf8CodeUnitCount > 0 {
      // nghttp2's own way to terminate sends no debug data, which is what tells the operator of the
      // peer what it did wrong; and of two GOAWAYs some clients show only the last.
      must(
        nghttp2_submit_goaway(
          raw, 0, nghttp2_session_get_last_proc_stream_id(raw), code.rawValue, reason.utf8Start,
          reason.utf8CodeUnitCount))
    } else {
      must(nghttp2_session_terminate_session(raw, code.rawValue))
    }
    delegate.outputPending()
  }

  /// First step of a graceful end: GOAWAY that still admits every stream, and behind it a PING to
  /// learn when it arrived. nghttp2 would send a PING before all that waits: it is submitted when
  /// the GOAWAY has left.
  package func submitShutdownNotice() {
    must(nghttp2_submit_shutdown_notice(raw))
    delegate.outputPending()
  }

  /// Second step: GOAWAY that admits what has arrived; later streams are ignored.
  package func submitGoAway(_ reason: StaticString) {
    must(
      nghttp2_submit_goaway(
        raw, 0, nghttp2_session_get_last_proc_stream_id(raw), ErrorCode.noError.rawValue,
        reason.utf8Start, reason.utf8CodeUnitCount))
    delegate.outputPending()
  }

  package func submitPing(_ ping: Ping) {
    let payload = [ping.rawValue] + [UInt8](repeating: 0, count: 7)
    must(nghttp2_submit_ping(raw, 0, payload))
    delegate.outputPending()
  }

  /// Tells so many of the open streams that the connection is gone. nghttp2 would not: deleting a
  /// session calls nothing.
  package func abandon(atMost count: Int = .max) {
    var left = count
    while left > 0, let stream = firstStream {
      left -= 1
      unlink(stream)
      close(stream, .connectionLost)
    }
  }

  /// Resets the streams whose response the peer has not taken for `limit` nanoseconds. False when
  /// it has taken nothing of anything for twice as long: then the connection is of no use.
  func resetStuckStreams(now: UInt64, limit: UInt64) -> Bool {
    var isBlocked = true
    forEachStream { stream in
      let hasWindow = nghttp2_session_get_stream_remote_window_size(raw, stream.id) > 0
      let queued = stream.outbound.count
      if queued > 0, hasWindow { isBlocked = false }
      let isStuck = stream.progress.isStuck(
        queued: queued, sent: stream.sentBytes, isBlocked: !hasWindow, now: now, limit: limit)
      guard isStuck, !stream.resetSubmitted else { return }
      stream.reset(.enhanceYourCalm)
      apply(abuse.streamStalled(now: now))
    }
    if nghttp2_session_get_remote_window_size(raw) <= 0 { isBlocked = true }
    return !progress.isStuck(
      queued: queuedBytes, sent: sentBytes, isBlocked: isBlocked, now: now, limit: 2 * limit)
  }

  /// Calls `body` for every open stream, newest first.
  package func forEachStream(_ body: (Stream) -> Void) {
    var current = firstStream
    while let stream = current {
      current = stream.next
      body(stream)
    }
  }

  // MARK: Streams

  /// Opens a stream (client only). Nil when the connection admits no more (it ran out of ids or is
  /// closing).
  package func submitRequest(_ fields: HeaderFields, consumer: any StreamConsumer) -> Stream? {
    let stream = Stream(id: 0, session: self)
    var provider = dataProvider(of: stream)
    let id = withNameValues(nil, fields) { start, count in
      nghttp2_submit_request(
        raw, nil, start, count, &provider, Unmanaged.passUnretained(stream).toOpaque())
    }
    guard id > 0 else { return nil }
    stream.id = id
    stream.headersSubmitted = true
    stream.consumer = consumer
    link(stream)
    delegate.outputPending()
    return stream
  }

  func submitResponse(
    _ stream: Stream, _ fixed: StaticFields, _ extra: HeaderFields?, end: Bool
  ) {
    var provider = dataProvider(of: stream)
    let status = withNameValues(fixed, extra) { start, count in
      end
        ? nghttp2_submit_response(raw, stream.id, start, count, nil)
        : nghttp2_submit_response(raw, stream.id, start, count, &provider)
    }
    must(status)
    delegate.outputPending()
  }

  func queued(_ size: Int, on stream: Stream) {
    queuedBytes += size
    resume(stream)
  }

  func resume(_ stream: Stream) {
    if stream.isDeferred {
      stream.isDeferred = false
      // Fails when nghttp2 has dropped the body already because a reset is on its way; that is as
      // good.
      _ = nghttp2_session_resume_data(raw, stream.id)
    }
    delegate.outputPending()
  }

  func submitReset(_ stream: Stream, _ code: ErrorCode) {
    must(nghttp2_submit_rst_stream(raw, 0, stream.id, code.rawValue))
    delegate.outputPending()
  }

  func consume(_ size: Int, on stream: Stream) {
    guard size > 0 else { return }
    must(nghttp2_session_consume(raw, stream.id, size))
    delegate.outputPending()
  }

  private func dataProvider(of stream: Stream) -> nghttp2_data_provider {
    var provider = nghttp2_data_provider()
    provider.source.ptr = Unmanaged.passUnretained(stream).toOpaque()
    provider.read_callback = SessionCallbacks.read
    return provider
  }

  /// Gives back memory that only streams need. False where there was none, or a stream is open.
  @discardableResult
  func rest() -> Bool { openStreams == 0 && joinery_session_rest(rawMemory) != 0 }

  func link(_ stream: Stream) {
    stream.next = firstStream
    firstStream?.previous = stream
    firstStream = stream
    openStreams += 1
  }

  func unlink(_ stream: Stream) {
    if let previous = stream.previous {
      previous.next = stream.next
    } else {
      firstStream = stream.next
    }
    stream.next?.previous = stream.previous
    stream.next = nil
    stream.previous = nil
    openStreams -= 1
  }

  func close(_ stream: Stream, _ reason: StreamClosure) {
    stream.isClosed = true
    queuedBytes -= stream.outbound.count
    stream.outbound = ByteQueue()
    let consumer = stream.consumer
    stream.consumer = nil
    consumer?.closed(reason)
    delegate.streamClosed()
  }

  func stream(_ id: Int32) -> Stream? {
    guard let pointer = nghttp2_session_get_stream_user_data(raw, id) else { return nil }
    return Unmanaged<Stream>.fromOpaque(pointer).takeUnretainedValue()
  }
}
