@testable import RPC

/// A message that is its own encoding.
struct Bytes: WireMessage, Hashable, ExpressibleByStringLiteral {
  static let fullName = "test.Bytes"

  var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }
  init(_ text: String) { bytes = Array(text.utf8) }
  init(stringLiteral text: String) { bytes = Array(text.utf8) }
  /// `count` times the letter x.
  init(count: Int) { bytes = [UInt8](repeating: UInt8(ascii: "x"), count: count) }

  /// Bytes that begin with 0xFF play the message that does not decode.
  init(wire bytes: UnsafeRawBufferPointer) throws(WireError) {
    if bytes.first == 0xFF { throw .malformed }
    if bytes.first == 0xFE { throw .invalidText(field: "lines[3].sku") }
    self.bytes = [UInt8](bytes)
  }

  func encode(_ allocate: (Int) -> UnsafeMutableRawPointer) {
    allocate(bytes.count).copyMemory(from: bytes, byteCount: bytes.count)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// `count` bytes behind gRPC's prefix.
func framed(_ bytes: [UInt8], flag: UInt8 = 0) -> [UInt8] {
  let count = bytes.count
  return [
    flag, UInt8(count >> 24), UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF),
    UInt8(count & 0xFF),
  ] + bytes
}
