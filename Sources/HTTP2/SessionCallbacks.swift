internal import CNghttp2

/// The two callback tables, made once: plain C functions that find their session and hand on.
struct SessionCallbacks: @unchecked Sendable {
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
func withNameValues(
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
func must(_ status: Int32, _ call: StaticString = #function) {
  precondition(status == 0, "nghttp2 in \(call): \(status)")
}
