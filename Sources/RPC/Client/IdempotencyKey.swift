private import Glibc

/// Keys for the metadata `idempotency-key`, under which a command happens once however often it is
/// sent. Any printable text that the caller never uses for anything else will do.
public enum IdempotencyKey {
  /// A key that nobody else has: a UUID of version 7 (RFC 9562, 5.7). Its front is the time, so
  /// keys that come one after the other lie side by side in the server's index, and remembering a
  /// command costs the same among a million of them as among a thousand.
  public static func fresh() -> String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var generator = SystemRandomNumberGenerator()
    return text(
      milliseconds: UInt64(now.tv_sec) * 1_000 + UInt64(now.tv_nsec) / 1_000_000,
      chance: (generator.next(), generator.next()))
  }

  /// 48 bits of time, then 12 and 62 bits of chance behind version and variant.
  static func text(milliseconds: UInt64, chance: (UInt64, UInt64)) -> String {
    let high = milliseconds << 16 | 0x7000 | chance.0 & 0x0FFF
    let low = 0x8000_0000_0000_0000 | chance.1 & 0x3FFF_FFFF_FFFF_FFFF
    let digits = Array("0123456789abcdef".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(36)
    for position in 0..<32 {
      if [8, 12, 16, 20].contains(position) { bytes.append(UInt8(ascii: "-")) }
      let word = position < 16 ? high : low
      bytes.append(digits[Int(word >> (60 - 4 * UInt64(position % 16)) & 0xF)])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
