/// The few lines of protobuf that RPC itself speaks: `google.rpc.Status` and `BadRequest` are known
/// here by hand, because RPC sits below the generated messages.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  /// A varint field; zero is proto3's default and is left out.
  mutating func varint(_ field: UInt64, _ value: UInt64) {
    guard value != 0 else { return }
    varint(field << 3)
    varint(value)
  }

  /// A length-delimited field. Written even when empty if `always`, as a repeated element must be.
  mutating func bytes(_ field: UInt64, _ value: [UInt8], always: Bool = false) {
    guard always || !value.isEmpty else { return }
    varint(field << 3 | 2)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func text(_ field: UInt64, _ value: String) { bytes(field, [UInt8](value.utf8)) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// Reads the fields of one message in order. Total: broken input ends the sequence with
/// `malformed`.
struct ProtobufReader {
  /// One field as it stands on the wire.
  enum Value: Equatable {
    case varint(UInt64)
    case bytes([UInt8])
    /// A fixed32 or fixed64, which none of our messages has.
    case skipped
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() throws(WireError) -> (field: UInt64, value: Value)? {
    guard position < bytes.count else { return nil }
    let key = try varint()
    let field = key >> 3
    guard field != 0 else { throw .malformed }
    switch key & 7 {
    case 0: return (field, .varint(try varint()))
    case 1: return (field, try skip(8))
    case 2:
      let count = try varint()
      guard count <= UInt64(bytes.count - position) else { throw .malformed }
      let end = position + Int(count)
      defer { position = end }
      return (field, .bytes([UInt8](bytes[position..<end])))
    case 5: return (field, try skip(4))
    default: throw .malformed
    }
  }

  private mutating func skip(_ count: Int) throws(WireError) -> Value {
    guard bytes.count - position >= count else { throw .malformed }
    position += count
    return .skipped
  }

  private mutating func varint() throws(WireError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < bytes.count else { throw .malformed }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw .malformed
  }
}
