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
  func goAwayReceived(lastStream: Int32, code: ErrorCode)
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
  package let limits: ConnectionLimits
  /// The delegate owns the session.
  package unowned(unsafe) let delegate: any SessionDelegate

  @exclusivity(unchecked) package private(set) var openStreams = 0
  /// Σ of what the streams have queued to send.
  @exclusivity(unchecked) package private(set) var queuedBytes = 0
  /// A header block has begun and is not complete.
  package var isInHeaderBlock: Bool { headerBlockStream != 0 }
  /// `terminate` was called.
  package private(set) var isTerminating = false

  private var raw: OpaquePointer?
  // Checking exclusive access at run time costs a tenth of a call here, and the loop is one thread.
  @exclusivity(unchecked) private var builder = HeaderBlockBuilder()
  @exclusivity(unchecked) private var abuse: AbuseGuard
  private var heardSettings = false
  /// The GOAWAY of `terminate` has left: nothing is sent or heard any more.
  private var hasTerminated = false
  /// The stream whose header block is being received; 0 between blocks.
  @exclusivity(unchecked) private var headerBlockStream: Int32 = 0
  @exclusivity(unchecked) private var firstStream: Stream?
  @exclusivity(unchecked) private var output = ByteBuffer()

  package init(_ role: Role, limits: ConnectionLimits, delegate: any SessionDelegate) {
    self.role = role
    self.limits = limits
    self.delegate = delegate
    self.abuse = AbuseGuard(limits)

    var option: OpaquePointer?
    must(nghttp2_option_new(&option))
    defer { nghttp2_option_del(option) }
    nghttp2_option_set_no_auto_window_update(option, 1)
    nghttp2_option_set_no_closed_streams(option, 1)
    // gRPC allows space around a value (and says it may be stripped); RFC 9113 would reset the
    // stream.
    nghttp2_option_set_no_rfc9113_leading_and_trailing_ws_validation(option, 1)
    joinery_option_set_abuse_limits(
      option, UInt64(limits.resets.burst), UInt64(limits.resets.perSecond), limits.maxContinuations)

    let user = Unmanaged.passUnretained(self).toOpaque()
    switch role {
    case .server:
      must(nghttp2_session_server_new2(&raw, SessionCallbacks.server.raw, user, option))
    case .client:
      must(nghttp2_session_client_new2(&raw, SessionCallbacks.client.raw, user, option))
    }
    submitSettings()
  }

  deinit { nghttp2_session_del(raw) }

  private func submitSettings() {
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
  /// once, then close (it queues a GOAWAY for most such errors, but not for all).
  package func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 0, !hasTerminated else { return true }
    let start = bytes.bindMemory(to: UInt8.self).baseAddress
    return nghttp2_session_mem_recv(raw, start, bytes.count) >= 0
  }

  /// Takes what is ready to be sent, up to about `limit` bytes; empty when there is nothing.
  package func drain(limit: Int) -> ByteBuffer {
    // The memory of the last turn is used again once NIO has let go of it.
    output.clear(minimumCapacity: output.capacity > 4 * limit ? limit : 0)
    while output.readableBytes < limit, !hasTerminated {
      var chunk: UnsafePointer<UInt8>?
      let count = nghttp2_session_mem_send(raw, &chunk)
      // DATA frames are appended by `send` on the way; a negative count is a lack of memory.
      guard count > 0, let chunk else { break }
      output.writeBytes(UnsafeRawBufferPointer(start: chunk, count: count))
    }
    return output
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

  /// First step of a graceful end: GOAWAY that still admits every stream, and a PING to learn when
  /// it arrived.
  package func submitShutdownNotice() {
    must(nghttp2_submit_shutdown_notice(raw))
    submitPing(.drain)
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

  /// Tells every open stream that the connection is gone. nghttp2 would not: deleting a session
  /// calls nothing.
  package func abandon() {
    while let stream = firstStream {
      unlink(stream)
      close(stream, .connectionLost)
    }
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

  private func link(_ stream: Stream) {
    stream.next = firstStream
    firstStream?.previous = stream
    firstStream = stream
    openStreams += 1
  }

  private func unlink(_ stream: Stream) {
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

  private func close(_ stream: Stream, _ reason: StreamClosure) {
    stream.isClosed = true
    queuedBytes -= stream.outbound.count
    stream.outbound = ByteQueue()
    let consumer = stream.consumer
    stream.consumer = nil
    consumer?.closed(reason)
    delegate.streamClosed()
  }

  private func stream(_ id: Int32) -> Stream? {
    guard let pointer = nghttp2_session_get_stream_user_data(raw, id) else { return nil }
    return Unmanaged<Stream>.fromOpaque(pointer).takeUnretainedValue()
  }
}

// MARK: What the callbacks do

extension Session {
  fileprivate func headersBegan(_ frame: UnsafePointer<nghttp2_frame>) {
    headerBlockStream = frame.pointee.hd.stream_id
    builder.begin()
    guard role == .server, frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST else { return }
    let stream = Stream(id: frame.pointee.hd.stream_id, session: self)
    must(
      nghttp2_session_set_stream_user_data(
        raw, stream.id, Unmanaged.passUnretained(stream).toOpaque()))
    link(stream)
  }

  fileprivate func headerReceived(
    _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) -> Int32 {
    builder.add(
      name, value, maxBytes: limits.maxHeaderListBytes, maxFields: limits.maxHeaderFields)
      ? 0 : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
  }

  fileprivate func dataReceived(_ id: Int32, _ data: UnsafeRawBufferPointer) {
    guard let stream = stream(id), let consumer = stream.consumer else {
      must(nghttp2_session_consume(raw, id, data.count))
      return
    }
    stream.unconsumed += data.count
    consumer.received(data: data)
  }

  fileprivate func frameReceived(_ frame: UnsafePointer<nghttp2_frame>) {
    let header = frame.pointee.hd
    let isEnd = header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
    let isAck = header.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0
    // Nothing may come between the frames of a header block, so whatever this is, the block is
    // over.
    headerBlockStream = 0
    switch nghttp2_frame_type(rawValue: UInt32(header.type)) {
    case NGHTTP2_HEADERS:
      headersEnded(header.stream_id, isEnd: isEnd)
    case NGHTTP2_DATA:
      if isEnd, let stream = stream(header.stream_id) {
        stream.remoteEnded = true
        stream.consumer?.receivedEnd()
      } else if header.length == 0 {
        countControlFrame()
      }
    case NGHTTP2_SETTINGS where isAck: delegate.settingsAcknowledged()
    case NGHTTP2_SETTINGS:
      countControlFrame()
      if !heardSettings {
        heardSettings = true
        delegate.peerSpoke()
      }
    case NGHTTP2_PING where isAck:
      if let ping = Ping(rawValue: frame.pointee.ping.opaque_data.0) {
        delegate.pingAcknowledged(ping)
      }
    case NGHTTP2_PING:
      countControlFrame()
      if role == .server { apply(abuse.pingReceived(now: delegate.uptimeNanoseconds)) }
    case NGHTTP2_GOAWAY:
      delegate.goAwayReceived(
        lastStream: frame.pointee.goaway.last_stream_id,
        code: ErrorCode(rawValue: frame.pointee.goaway.error_code))
    default: countControlFrame()
    }
  }

  private func headersEnded(_ id: Int32, isEnd: Bool) {
    guard let stream = stream(id) else { return }
    if isEnd { stream.remoteEnded = true }
    if stream.consumer == nil, role == .server { stream.consumer = delegate.accept(stream) }
    stream.consumer?.received(headers: builder.block, endStream: isEnd)
  }

  fileprivate func frameSent(_ frame: UnsafePointer<nghttp2_frame>) {
    let header = frame.pointee.hd
    let isEnd = header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
    switch nghttp2_frame_type(rawValue: UInt32(header.type)) {
    case NGHTTP2_DATA: abuse.workSent()
    case NGHTTP2_HEADERS:
      abuse.workSent()
      guard role == .server else { return requestSent(header.stream_id) }
      guard isEnd, let stream = stream(header.stream_id) else { return }
      stream.localEnded = true
      // We answered before the request was complete. The reset asks the client to stop sending; it
      // must not be submitted earlier, because it takes queued frames of the stream with it (RFC
      // 9113 section 8.1).
      if !stream.remoteEnded { stream.reset(.noError) }
    case NGHTTP2_GOAWAY: if isTerminating { hasTerminated = true }
    case NGHTTP2_RST_STREAM:
      // nghttp2 resets streams on its own when the peer breaks a rule on them.
      if let stream = stream(header.stream_id), stream.resetSubmitted { return }
      apply(abuse.resetProvoked(now: delegate.uptimeNanoseconds))
    default: break
    }
  }

  private func requestSent(_ id: Int32) { stream(id)?.wasSent = true }

  private func countControlFrame() {
    apply(abuse.controlFrameReceived(now: delegate.uptimeNanoseconds))
  }

  private func apply(_ verdict: AbuseGuard.Verdict) {
    guard case .excessive(let reason) = verdict else { return }
    terminate(.enhanceYourCalm, reason)
  }

  fileprivate func streamClosed(_ id: Int32, _ code: UInt32) {
    guard let stream = stream(id) else { return }
    if headerBlockStream == id { headerBlockStream = 0 }
    if stream.unconsumed > 0 {
      // The stream's window dies with it, the connection's does not.
      must(nghttp2_session_consume_connection(raw, stream.unconsumed))
      stream.unconsumed = 0
    }
    unlink(stream)
    close(stream, .code(ErrorCode(rawValue: code)))
  }

  /// nghttp2 asks how much of the body fits; the bytes themselves go out in `send`.
  fileprivate func pull(_ stream: Stream, _ room: Int, _ flags: UnsafeMutablePointer<UInt32>) -> Int
  {
    let available = stream.outbound.count
    let size = min(room, available)
    if size == available, stream.isFinished {
      flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
      if let (fixed, extra) = stream.trailers {
        flags.pointee |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
        must(withNameValues(fixed, extra) { nghttp2_submit_trailer(raw, stream.id, $0, $1) })
      }
    } else if size == 0 {
      stream.isDeferred = true
      return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    }
    flags.pointee |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue
    return size
  }

  /// Appends one DATA frame to the output.
  fileprivate func send(_ stream: Stream, _ frameHeader: UnsafePointer<UInt8>, _ size: Int) {
    output.writeBytes(UnsafeRawBufferPointer(start: frameHeader, count: 9))
    guard size > 0 else { return }
    output.writeBytes(UnsafeRawBufferPointer(rebasing: stream.outbound.bytes[..<size]))
    stream.outbound.consume(size)
    queuedBytes -= size
    let left = stream.outbound.count
    if left < stream.lowWaterBytes / 2, left + size >= stream.lowWaterBytes / 2 {
      stream.consumer?.drained()
    }
  }
}

/// The two callback tables, made once: plain C functions that find their session and hand on.
private struct SessionCallbacks: @unchecked Sendable {
  // Filled before it is shared and only read by nghttp2 afterwards.
  let raw: OpaquePointer?

  static let server = SessionCallbacks()
  static let client = SessionCallbacks()

  init() {
    var table: OpaquePointer?
    must(nghttp2_session_callbacks_new(&table))
    nghttp2_session_callbacks_set_on_begin_headers_callback(table) { _, frame, user in
      guard let user, let frame else { return 0 }
      SessionCallbacks.session(user) { $0.headersBegan(frame) }
      return 0
    }
    nghttp2_session_callbacks_set_on_header_callback(table) {
      _, _, name, nameCount, value, valueCount, _, user in
      guard let user else { return 0 }
      let name = UnsafeRawBufferPointer(start: name, count: nameCount)
      let value = UnsafeRawBufferPointer(start: value, count: valueCount)
      return SessionCallbacks.session(user) { $0.headerReceived(name, value) }
    }
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(table) {
      _, _, id, data, count, user in
      guard let user else { return 0 }
      SessionCallbacks.session(user) {
        $0.dataReceived(id, UnsafeRawBufferPointer(start: data, count: count))
      }
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(table) { _, frame, user in
      guard let user, let frame else { return 0 }
      SessionCallbacks.session(user) { $0.frameReceived(frame) }
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_send_callback(table) { _, frame, user in
      guard let user, let frame else { return 0 }
      SessionCallbacks.session(user) { $0.frameSent(frame) }
      return 0
    }
    nghttp2_session_callbacks_set_on_stream_close_callback(table) { _, id, code, user in
      guard let user else { return 0 }
      SessionCallbacks.session(user) { $0.streamClosed(id, code) }
      return 0
    }
    nghttp2_session_callbacks_set_send_data_callback(table) { _, _, header, size, source, user in
      guard let user, let header, let pointer = source?.pointee.ptr else { return 0 }
      let stream = Unmanaged<Stream>.fromOpaque(pointer).takeUnretainedValue()
      SessionCallbacks.session(user) { $0.send(stream, header, size) }
      return 0
    }
    raw = table
  }

  static let read: nghttp2_data_source_read_callback = { _, _, _, room, flags, source, user in
    guard let user, let flags, let pointer = source?.pointee.ptr else {
      return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
    }
    let stream = Unmanaged<Stream>.fromOpaque(pointer).takeUnretainedValue()
    return session(user) { $0.pull(stream, room, flags) }
  }

  /// The session owns the nghttp2 object that calls us, so it is alive.
  private static func session<R>(_ user: UnsafeMutableRawPointer, _ body: (Session) -> R) -> R {
    Unmanaged<Session>.fromOpaque(user)._withUnsafeGuaranteedRef(body)
  }
}

/// Calls `body` with the fields in nghttp2's form.
private func withNameValues(
  _ fixed: StaticFields?, _ extra: HeaderFields?,
  _ body: (UnsafeMutablePointer<nghttp2_nv>?, Int) -> Int32
) -> Int32 {
  guard let extra, !extra.isEmpty else {
    return body(fixed?.fields.baseAddress, fixed?.fields.count ?? 0)
  }
  let fixedCount = fixed?.fields.count ?? 0
  return withUnsafeTemporaryAllocation(
    of: nghttp2_nv.self, capacity: fixedCount + extra.fields.count
  ) { list in
    extra.bytes.withUnsafeBufferPointer { bytes in
      for index in 0..<fixedCount { fixed.map { list[index] = $0.fields[index] } }
      // nghttp2 copies names and values at once and never writes through the pointers.
      var position = UnsafeMutablePointer(mutating: bytes.baseAddress)
      for (index, field) in extra.fields.enumerated() {
        list[fixedCount + index] = nghttp2_nv(
          name: position, value: position.map { $0 + field.nameCount }, namelen: field.nameCount,
          valuelen: field.valueCount,
          flags: UInt8(
            field.isIndexed ? NGHTTP2_NV_FLAG_NONE.rawValue : NGHTTP2_NV_FLAG_NO_INDEX.rawValue))
        position = position.map { $0 + field.nameCount + field.valueCount }
      }
      return body(list.baseAddress, fixedCount + extra.fields.count)
    }
  }
}

/// For calls that fail only for lack of memory or by our own mistake.
private func must(_ status: Int32, _ call: StaticString = #function) {
  precondition(status == 0, "nghttp2 in \(call): \(status)")
}
