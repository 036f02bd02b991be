internal import HTTP2

/// Cuts a stream of bytes into messages. Where the bytes are divided over DATA frames means
/// nothing.
///
/// A message's size is judged from its prefix, before its bytes are kept. Errors are final: the
/// caller drops the stream.
struct MessageDeframer: ~Copyable {
  /// What the peer's `grpc-encoding` says of messages whose flag is 1.
  var encoding: MessageEncoding?

  private var buffer = ByteQueue()
  private let limit: Int

  /// `limit`: the largest message accepted, in bytes without prefix.
  init(limit: Int) { self.limit = limit }

  /// Bytes received and not yet taken.
  var bufferedBytes: Int { buffer.count }
  var isEmpty: Bool { buffer.isEmpty }

  mutating func append(_ bytes: UnsafeRawBufferPointer) { buffer.append(bytes) }

  /// The bytes of the oldest message if it is complete; valid until the next `append`. Throws what
  /// is wrong with its prefix.
  func first() throws(RPCError) -> UnsafeRawBufferPointer? {
    let bytes = buffer.bytes
    guard bytes.count >= 1 else { return nil }
    if bytes[0] == 1, encoding == nil {
      throw RPCError(.internal, "a compressed message without a grpc-encoding")
    }
    guard bytes[0] <= 1 else {
      throw RPCError(.internal, "a message with the unknown flag \(bytes[0])")
    }
    guard bytes.count >= MessageFrame.prefixBytes else { return nil }
    let size = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 1, as: UInt32.self)))
    guard size <= limit else {
      throw RPCError(.resourceExhausted, "the message has \(size) bytes, the limit is \(limit)")
    }
    let end = MessageFrame.prefixBytes + size
    guard bytes.count >= end else { return nil }
    return UnsafeRawBufferPointer(rebasing: bytes[MessageFrame.prefixBytes..<end])
  }

  /// Decodes the oldest message in place; nil while it is incomplete.
  func decodeFirst<M: WireMessage>(as type: M.Type) throws(RPCError) -> M? {
    guard let message = try first() else { return nil }
    return try ReceivedMessage.decode(message, as: encodingOfFirst, limit: limit)
  }

  /// Takes the oldest message if it is complete.
  mutating func next() throws(RPCError) -> ReceivedMessage? {
    guard let bytes = try first() else { return nil }
    let message = ReceivedMessage(bytes: [UInt8](bytes), encoding: encodingOfFirst, limit: limit)
    buffer.consume(message.wireBytes)
    return message
  }

  /// How the oldest message, which must be complete, is compressed; nil for not at all.
  var encodingOfFirst: MessageEncoding? { buffer.bytes[0] == 1 ? encoding : nil }

  /// Bytes behind the first message, which is complete.
  func excess(behind message: UnsafeRawBufferPointer) -> Int {
    buffer.count - MessageFrame.prefixBytes - message.count
  }

  /// Forgets what is buffered and frees it.
  mutating func clear() { buffer = ByteQueue() }
}
