import CNghttp2
import NIOCore

/// One connection: bytes into nghttp2, what it makes of them out, one flush per read.
final class EchoConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var session: OpaquePointer?

  func channelActive(context: ChannelHandlerContext) {
    nghttp2_session_server_new(&session, EchoCallbacks.shared.callbacks, nil)
    var settings = [
      nghttp2_settings_entry(
        settings_id: Int32(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue), value: 1000),
      nghttp2_settings_entry(
        settings_id: Int32(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue), value: 1 << 20),
    ]
    nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), &settings, settings.count)
    flush(context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let used = unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
      nghttp2_session_mem_recv(
        session, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
    }
    if used < 0 { context.close(promise: nil) }
  }

  func channelReadComplete(context: ChannelHandlerContext) { flush(context) }

  func channelInactive(context: ChannelHandlerContext) {
    nghttp2_session_del(session)
    session = nil
  }

  private func flush(_ context: ChannelHandlerContext) {
    var out = context.channel.allocator.buffer(capacity: 64 * 1024)
    var chunk: UnsafePointer<UInt8>?
    while true {
      let count = nghttp2_session_mem_send(session, &chunk)
      guard count > 0, let chunk else { break }
      out.writeBytes(UnsafeRawBufferPointer(start: chunk, count: count))
    }
    guard out.readableBytes > 0 else { return }
    context.writeAndFlush(wrapOutboundOut(out), promise: nil)
  }
}

/// A request's body, which is sent back when it is complete. The bytes lie behind it.
struct EchoStream {
  static let capacity = 4096

  var count = 0
  var sent = 0

  static func make() -> UnsafeMutablePointer<EchoStream> {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: MemoryLayout<EchoStream>.stride + capacity, alignment: 16)
    let stream = memory.bindMemory(to: EchoStream.self, capacity: 1)
    stream.initialize(to: EchoStream())
    return stream
  }

  static func of(_ session: OpaquePointer?, _ id: Int32) -> UnsafeMutablePointer<EchoStream>? {
    nghttp2_session_get_stream_user_data(session, id)?.assumingMemoryBound(to: EchoStream.self)
  }
}

extension UnsafeMutablePointer<EchoStream> {
  var bytes: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(self) + MemoryLayout<EchoStream>.stride
  }
}

/// The callbacks and fields that all connections share.
final class EchoCallbacks: @unchecked Sendable {
  // @unchecked: made once, only read afterwards.
  static let shared = EchoCallbacks()

  let callbacks: OpaquePointer?
  let headers = UnsafeMutablePointer<nghttp2_nv>.allocate(capacity: 2)
  let trailers = UnsafeMutablePointer<nghttp2_nv>.allocate(capacity: 1)

  private init() {
    var made: OpaquePointer?
    nghttp2_session_callbacks_new(&made)
    callbacks = made
    headers[0] = Self.field(":status", "200")
    headers[1] = Self.field("content-type", "application/grpc")
    trailers[0] = Self.field("grpc-status", "0")
    nghttp2_session_callbacks_set_on_begin_headers_callback(made) { session, frame, _ in
      guard let frame else { return 0 }
      return nghttp2_session_set_stream_user_data(
        session, frame.pointee.hd.stream_id, EchoStream.make())
    }
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made) {
      session, _, id, data, count, _ in
      guard let data, let stream = EchoStream.of(session, id) else { return 0 }
      guard stream.pointee.count + count <= EchoStream.capacity else {
        return nghttp2_submit_rst_stream(session, 0, id, NGHTTP2_REFUSED_STREAM.rawValue)
      }
      (stream.bytes + stream.pointee.count).copyMemory(from: data, byteCount: count)
      stream.pointee.count += count
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(made) { session, frame, _ in
      guard let frame else { return 0 }
      let type = UInt32(frame.pointee.hd.type)
      let ends = frame.pointee.hd.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
      guard ends, type == NGHTTP2_DATA.rawValue || type == NGHTTP2_HEADERS.rawValue else {
        return 0
      }
      return EchoCallbacks.respond(session, frame.pointee.hd.stream_id)
    }
    nghttp2_session_callbacks_set_on_stream_close_callback(made) { session, id, _, _ in
      EchoStream.of(session, id).map { UnsafeMutableRawPointer($0).deallocate() }
      return 0
    }
  }

  private static func respond(_ session: OpaquePointer?, _ id: Int32) -> Int32 {
    var provider = nghttp2_data_provider()
    provider.read_callback = { session, id, buffer, length, flags, _, _ in
      guard let buffer, let flags, let stream = EchoStream.of(session, id) else { return 0 }
      let count = min(length, stream.pointee.count - stream.pointee.sent)
      UnsafeMutableRawPointer(buffer).copyMemory(
        from: stream.bytes + stream.pointee.sent, byteCount: count)
      stream.pointee.sent += count
      if stream.pointee.sent == stream.pointee.count {
        flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
        nghttp2_submit_trailer(session, id, EchoCallbacks.shared.trailers, 1)
      }
      return count
    }
    return nghttp2_submit_response(session, id, EchoCallbacks.shared.headers, 2, &provider)
  }

  /// Never freed.
  private static func field(_ name: StaticString, _ value: StaticString) -> nghttp2_nv {
    nghttp2_nv(
      name: UnsafeMutablePointer(mutating: name.utf8Start),
      value: UnsafeMutablePointer(mutating: value.utf8Start),
      namelen: name.utf8CodeUnitCount, valuelen: value.utf8CodeUnitCount,
      flags: UInt8(NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue))
  }
}
