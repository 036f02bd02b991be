/// Standard base64 (RFC 4648 section 4), written without padding, read with or without it.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(encodedCount(bytes.count))
    var index = 0
    while index < bytes.count {
      let first = bytes[index]
      let second = index + 1 < bytes.count ? bytes[index + 1] : 0
      let third = index + 2 < bytes.count ? bytes[index + 2] : 0
      result.append(alphabet[Int(first >> 2)])
      result.append(alphabet[Int((first & 0x3) << 4 | second >> 4)])
      if index + 1 < bytes.count { result.append(alphabet[Int((second & 0xF) << 2 | third >> 6)]) }
      if index + 2 < bytes.count { result.append(alphabet[Int(third & 0x3F)]) }
      index += 3
    }
    return result
  }

  /// Characters that `count` bytes become.
  static func encodedCount(_ count: Int) -> Int { (count * 4 + 2) / 3 }

  /// Nil when the text is not base64.
  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    var digits = text.count
    var padding = 0
    for character in text.suffix(2) where character == UInt8(ascii: "=") { padding += 1 }
    digits -= padding
    guard padding == 0 || text.count % 4 == 0, digits % 4 != 1 else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(digits * 3 / 4)
    var bits: UInt32 = 0
    var count = 0
    for character in text.prefix(digits) {
      guard let value = value(character) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return result
  }

  private static func value(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
