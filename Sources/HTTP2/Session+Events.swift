internal import CNghttp2
internal import NIOCore

/// What nghttp2 reports, and what it asks for.
extension Session {
  func headersBegan(_ frame: UnsafePointer<nghttp2_frame>) {
    headerBlockStream = frame.pointee.hd.stream_id
    builder.begin()
    guard role == .server, frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST else { return }
    let stream = Stream(id: frame.pointee.hd.stream_id, session: self)
    must(
      nghttp2_session_set_stream_user_data(
        raw, stream.id, Unmanaged.passUnretained(stream).toOpaque()))
    link(stream)
  }

  func headerReceived(
    _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) -> Int32 {
    builder.add(
      name, value, maxBytes: maxHeaderListBytes, maxFields: maxHeaderFields)
      ? 0 : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
  }

  func dataReceived(_ id: Int32, _ data: UnsafeRawBufferPointer) {
    guard let stream = stream(id), let consumer = stream.consumer else {
      must(nghttp2_session_consume(raw, id, data.count))
      return
    }
    stream.unconsumed += data.count
    consumer.received(data: data)
  }

  func frameReceived(_ frame: UnsafePointer<nghttp2_frame>) {
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
      }
    case NGHTTP2_SETTINGS where isAck: delegate.settingsAcknowledged()
    case NGHTTP2_SETTINGS:
      if !heardSettings {
        heardSettings = true
        delegate.peerSpoke()
      }
    case NGHTTP2_PING where isAck:
      if let ping = Ping(rawValue: frame.pointee.ping.opaque_data.0) {
        delegate.pingAcknowledged(ping)
      }
    case NGHTTP2_PING:
      if role == .server { apply(abuse.pingReceived(now: delegate.uptimeNanoseconds)) }
    case NGHTTP2_GOAWAY:
      let goAway = frame.pointee.goaway
      // What is longer than a reason is none of those that we know.
      let reason = UnsafeRawBufferPointer(
        start: goAway.opaque_data, count: min(goAway.opaque_data_len, 100))
      delegate.goAwayReceived(
        lastStream: goAway.last_stream_id, code: ErrorCode(rawValue: goAway.error_code),
        reason: String(decoding: reason, as: UTF8.self))
    default: break
    }
  }

  private func headersEnded(_ id: Int32, isEnd: Bool) {
    guard let stream = stream(id) else { return }
    if isEnd { stream.remoteEnded = true }
    if stream.consumer == nil, role == .server { stream.consumer = delegate.accept(stream) }
    stream.consumer?.received(headers: builder.block, endStream: isEnd)
  }

  func frameSent(_ frame: UnsafePointer<nghttp2_frame>) {
    let header = frame.pointee.hd
    let isEnd = header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
    switch nghttp2_frame_type(rawValue: UInt32(header.type)) {
    case NGHTTP2_DATA: abuse.workSent(header.length)
    case NGHTTP2_HEADERS:
      abuse.workSent()
      guard role == .server else { return requestSent(header.stream_id) }
      guard isEnd, let stream = stream(header.stream_id) else { return }
      stream.localEnded = true
      // We answered before the request was complete. The reset asks the client to stop sending; it
      // must not be submitted earlier, because it takes queued frames of the stream with it (RFC
      // 9113 section 8.1).
      if !stream.remoteEnded { stream.reset(.noError) }
    case NGHTTP2_GOAWAY:
      if isTerminating {
        hasTerminated = true
      } else if frame.pointee.goaway.last_stream_id == .max {
        submitPing(.drain)
      }
    case NGHTTP2_RST_STREAM:
      // nghttp2 resets streams on its own when the peer breaks a rule on them.
      if let stream = stream(header.stream_id), stream.resetSubmitted { return }
      apply(abuse.resetProvoked(now: delegate.uptimeNanoseconds))
    default: break
    }
  }

  private func requestSent(_ id: Int32) { stream(id)?.wasSent = true }

  func apply(_ verdict: AbuseGuard.Verdict) {
    switch verdict {
    case .fine: break
    case .excessive(let reason): terminate(.enhanceYourCalm, reason)
    case .broken: terminate(.protocolError)
    }
  }

  func streamClosed(_ id: Int32, _ code: UInt32) {
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
  func pull(_ stream: Stream, _ room: Int, _ flags: UnsafeMutablePointer<UInt32>) -> Int {
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
  func send(_ stream: Stream, _ frameHeader: UnsafePointer<UInt8>, _ size: Int) {
    memory.output.writeBytes(UnsafeRawBufferPointer(start: frameHeader, count: 9))
    guard size > 0 else { return }
    memory.output.writeBytes(UnsafeRawBufferPointer(rebasing: stream.outbound.bytes[..<size]))
    stream.outbound.consume(size)
    stream.sentBytes += size
    sentBytes += size
    queuedBytes -= size
    let left = stream.outbound.count
    let lowWater = stream.lowWaterBytes / 2
    if left == 0 || left < lowWater && left + size >= lowWater {
      stream.consumer?.drained()
    }
  }
}
