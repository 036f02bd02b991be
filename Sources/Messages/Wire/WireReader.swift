import RPC

/// Reads protobuf's wire format without knowing the message: field by field, in order, nothing
/// copied.
struct WireReader {
  /// One field as it stands on the wire.
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes(ArraySlice<UInt8>)
    case fixed32(UInt32)
  }

  /// The same by where it stands: there is nothing to retain, which matters to who reads much.
  enum Place {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes(Range<Int>)
    case fixed32(UInt32)
  }

  private let bytes: ArraySlice<UInt8>
  /// Where the next field begins, as an index of the bytes given.
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var isAtEnd: Bool { position == bytes.endIndex }

  /// The next field; nil at the end. Groups, which proto3 does not have, are passed over with all
  /// that is in them.
  mutating func next() throws(WireError) -> (number: Int, value: Value)? {
    guard let (number, place) = try nextPlace() else { return nil }
    return switch place {
    case .varint(let value): (number, .varint(value))
    case .fixed64(let value): (number, .fixed64(value))
    case .bytes(let range): (number, .bytes(bytes[range]))
    case .fixed32(let value): (number, .fixed32(value))
    }
  }

  /// As `next`, with indices of the bytes given.
  mutating func nextPlace() throws(WireError) -> (number: Int, place: Place)? {
    var groups: [Int] = []
    while !isAtEnd {
      let key = try varint()
      guard let number = Int(exactly: key >> 3), number > 0, number < 1 << 29 else {
        throw .malformed
      }
      let place: Place
      switch key & 7 {
      case 0: place = .varint(try varint())
      case 1: place = .fixed64(try fixed(8))
      case 2: place = .bytes(try take(try varint()))
      case 3:
        groups.append(number)
        continue
      case 4:
        guard groups.popLast() == number else { throw .malformed }
        continue
      case 5: place = .fixed32(UInt32(try fixed(4)))
      default: throw .malformed
      }
      if groups.isEmpty { return (number, place) }
    }
    guard groups.isEmpty else { throw .malformed }
    return nil
  }

  mutating func varint() throws(WireError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.endIndex {
      let byte = bytes[position]
      position += 1
      guard shift < 70 else { throw .malformed }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw .malformed
  }

  /// A little-endian integer of four or eight bytes.
  mutating func fixed(_ count: UInt64) throws(WireError) -> UInt64 {
    bytes[try take(count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func take(_ count: UInt64) throws(WireError) -> Range<Int> {
    guard count <= UInt64(bytes.endIndex - position) else { throw .malformed }
    let start = position
    position += Int(count)
    return start..<position
  }
}

extension WireReader.Value {
  /// The number, 0 when the field is none; descriptors hold no larger ones.
  var int: Int {
    guard case .varint(let value) = self else { return 0 }
    return Int(truncatingIfNeeded: value)
  }

  var slice: ArraySlice<UInt8> {
    guard case .bytes(let bytes) = self else { return [] }
    return bytes
  }

  var text: String { String(decoding: slice, as: UTF8.self) }
}
