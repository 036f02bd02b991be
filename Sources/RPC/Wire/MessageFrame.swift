internal import HTTP2

/// gRPC's length-prefixed message: one flag byte, four bytes of length (big endian), the bytes.
enum MessageFrame {
  /// Size of flag and length.
  static let prefixBytes = 5

  /// Encodes a message behind its prefix in one piece of memory that `allocate` provides. False
  /// when there is none (the stream is over) or when the message is larger than `limit` bytes.
  static func encode<M: WireMessage>(
    _ message: M, limit: Int, into allocate: (Int) -> UnsafeMutableRawPointer?
  ) throws(RPCError) -> Bool {
    var isStored = false
    var tooLarge: Int?
    var scrap: UnsafeMutableRawPointer?
    message.encode { size in
      if size <= limit, let memory = allocate(size + prefixBytes) {
        isStored = true
        writePrefix(size, to: memory)
        return memory + prefixBytes
      }
      // The codec has to write somewhere.
      if size > limit { tooLarge = size }
      let memory = UnsafeMutableRawPointer.allocate(byteCount: max(size, 1), alignment: 8)
      scrap = memory
      return memory
    }
    scrap?.deallocate()
    if let tooLarge {
      throw RPCError(
        .resourceExhausted, "the message has \(tooLarge) bytes, the limit is \(limit)")
    }
    return isStored
  }

  /// A framed message as an array.
  static func bytes<M: WireMessage>(_ message: M, limit: Int) throws(RPCError) -> [UInt8] {
    var queue = ByteQueue()
    _ = try encode(message, limit: limit) { queue.extend(by: $0) }
    return [UInt8](queue.bytes)
  }

  static func writePrefix(_ size: Int, to memory: UnsafeMutableRawPointer) {
    memory.storeBytes(of: 0, as: UInt8.self)
    memory.storeBytes(of: UInt32(size).bigEndian, toByteOffset: 1, as: UInt32.self)
  }
}
