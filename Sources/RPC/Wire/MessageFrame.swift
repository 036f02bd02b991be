internal import HTTP2

/// gRPC's length-prefixed message: one flag byte, four bytes of length (big endian), the bytes.
enum MessageFrame {
  /// Size of flag and length.
  static let prefixBytes = 5

  /// Encodes a message behind its prefix in one piece of memory that `allocate` provides. False
  /// when there is none: the stream is over. Throws when the message has more than `limit` bytes
  /// before compression.
  static func encode<M: WireMessage>(
    _ message: M, limit: Int, compression: MessageCompression? = nil,
    into allocate: (Int) -> UnsafeMutableRawPointer?
  ) throws(RPCError) -> Bool {
    var isStored = false
    var scratch: UnsafeMutableRawBufferPointer?
    message.encode { size in
      let isPlain = size <= limit && size < compression?.fromBytes ?? .max
      if isPlain, let memory = allocate(size + prefixBytes) {
        isStored = true
        writePrefix(size, isCompressed: false, to: memory)
        return memory + prefixBytes
      }
      // To be compressed from here, or to be thrown away: the codec has to write somewhere.
      let memory = UnsafeMutableRawPointer.allocate(byteCount: max(size, 1), alignment: 8)
      scratch = UnsafeMutableRawBufferPointer(start: memory, count: size)
      return memory
    }
    guard let scratch else { return isStored }
    defer { scratch.deallocate() }
    guard scratch.count <= limit else {
      throw RPCError(
        .resourceExhausted, "the message has \(scratch.count) bytes, the limit is \(limit)")
    }
    guard let compression, scratch.count >= compression.fromBytes else { return false }
    return store(UnsafeRawBufferPointer(scratch), compression.encoding, into: allocate)
  }

  /// A framed message as an array.
  static func bytes<M: WireMessage>(
    _ message: M, limit: Int, compression: MessageCompression? = nil
  ) throws(RPCError) -> [UInt8] {
    var queue = ByteQueue()
    _ = try encode(message, limit: limit, compression: compression) { queue.extend(by: $0) }
    return [UInt8](queue.bytes)
  }

  /// Frames encoded bytes, compressed if that makes them fewer.
  private static func store(
    _ plain: UnsafeRawBufferPointer, _ encoding: MessageEncoding,
    into allocate: (Int) -> UnsafeMutableRawPointer?
  ) -> Bool {
    let compressed = Zlib.deflate(plain, as: encoding)
    let size = compressed?.count ?? plain.count
    guard let memory = allocate(size + prefixBytes) else { return false }
    writePrefix(size, isCompressed: compressed != nil, to: memory)
    let body = UnsafeMutableRawBufferPointer(start: memory + prefixBytes, count: size)
    if let compressed { body.copyBytes(from: compressed) } else { body.copyMemory(from: plain) }
    return true
  }

  private static func writePrefix(
    _ size: Int, isCompressed: Bool, to memory: UnsafeMutableRawPointer
  ) {
    memory.storeBytes(of: isCompressed ? 1 : 0, as: UInt8.self)
    memory.storeBytes(of: UInt32(size).bigEndian, toByteOffset: 1, as: UInt32.self)
  }
}

/// A message that somebody has encoded already.
struct EncodedMessage: WireMessage {
  static let fullName = ""

  let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  init(wire bytes: UnsafeRawBufferPointer) { self.bytes = Array(bytes) }

  func encode(_ allocate: (Int) -> UnsafeMutableRawPointer) {
    let memory = UnsafeMutableRawBufferPointer(start: allocate(bytes.count), count: bytes.count)
    memory.copyBytes(from: bytes)
  }
}
