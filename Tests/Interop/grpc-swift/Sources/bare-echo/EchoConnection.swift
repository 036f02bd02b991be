import CNghttp2
import NIOCore

/// One connection: bytes into nghttp2, what it makes of them out, one flush per read.
final class EchoConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// A request's body, sent back when it is complete.
  final class Stream {
    var body: [UInt8] = []
    var sent = 0
  }

  private var session: OpaquePointer?
  fileprivate var streams: [Int32: Stream] = [:]

  func channelActive(context: ChannelHandlerContext) {
    let pointer = Unmanaged.passUnretained(self).toOpaque()
    nghttp2_session_server_new(&session, EchoCallbacks.shared.callbacks, pointer)
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

  // MARK: Callbacks

  fileprivate func respond(_ id: Int32) {
    guard streams[id] != nil else { return }
    var provider = nghttp2_data_provider()
    provider.read_callback = { session, id, buffer, length, flags, _, pointer in
      guard let buffer, let flags, let pointer else { return 0 }
      let connection = Unmanaged<EchoConnection>.fromOpaque(pointer).takeUnretainedValue()
      guard let stream = connection.streams[id] else { return 0 }
      let count = min(length, stream.body.count - stream.sent)
      stream.body.withUnsafeBytes { bytes in
        let source = UnsafeRawBufferPointer(rebasing: bytes[stream.sent...].prefix(count))
        UnsafeMutableRawBufferPointer(start: buffer, count: count).copyMemory(from: source)
      }
      stream.sent += count
      if stream.sent == stream.body.count {
        flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
        nghttp2_submit_trailer(session, id, EchoCallbacks.shared.trailers, 1)
      }
      return count
    }
    nghttp2_submit_response(session, id, EchoCallbacks.shared.headers, 2, &provider)
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
    nghttp2_session_callbacks_set_on_begin_headers_callback(made) { _, frame, pointer in
      guard let frame, let pointer else { return 0 }
      Self.connection(pointer).streams[frame.pointee.hd.stream_id] = EchoConnection.Stream()
      return 0
    }
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made) {
      _, _, id, data, count, pointer in
      guard let pointer, let data else { return 0 }
      Self.connection(pointer).streams[id]?.body.append(
        contentsOf: UnsafeBufferPointer(start: data, count: count))
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(made) { _, frame, pointer in
      guard let frame, let pointer else { return 0 }
      let type = UInt32(frame.pointee.hd.type)
      let ends = frame.pointee.hd.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
      if ends, type == NGHTTP2_DATA.rawValue || type == NGHTTP2_HEADERS.rawValue {
        Self.connection(pointer).respond(frame.pointee.hd.stream_id)
      }
      return 0
    }
    nghttp2_session_callbacks_set_on_stream_close_callback(made) { _, id, _, pointer in
      if let pointer { Self.connection(pointer).streams[id] = nil }
      return 0
    }
  }

  private static func connection(_ pointer: UnsafeMutableRawPointer) -> EchoConnection {
    Unmanaged<EchoConnection>.fromOpaque(pointer).takeUnretainedValue()
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
