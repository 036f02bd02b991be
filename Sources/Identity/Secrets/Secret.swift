private import Crypto

/// Something whose holder is let in: so many random bytes, as text that survives being copied. The
/// store keeps the digest only.
package struct Secret: Hashable, Sendable {
  /// What is handed out, once.
  package let text: String

  /// Random bytes of a token or key: 256 bits, which nobody guesses, so that a plain hash will do.
  package static let byteCount = 32

  /// `prefix` says to people and scanners of repositories what it is; `name` is its public part.
  package init(prefix: String, name: String, bytes: [UInt8]) {
    text = "\(prefix)_\(name)_\(SecretText.text(bytes))"
  }

  /// SHA-256 of the text.
  package static func digest(_ text: String) -> [UInt8] {
    Array(SHA256.hash(data: Array(text.utf8)))
  }

  package var digest: [UInt8] { Self.digest(text) }

  /// The public part of a text that has the shape of a secret with this prefix.
  package static func name(in text: String, prefix: String) -> String? {
    guard text.utf8.count <= 200 else { return nil }
    let parts = text.split(separator: "_", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0] == prefix ? String(parts[1]) : nil
  }

  /// Compares in a time that depends on the lengths alone.
  package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for (a, b) in zip(left, right) { difference |= a ^ b }
    return difference == 0
  }
}

/// Bytes as text of digits and small letters without those that look alike (Crockford's base 32).
package enum SecretText {
  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
  private static let standardAlphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  package static func text(_ bytes: [UInt8]) -> String { text(bytes, alphabet) }

  /// As authenticator apps read it: base 32 of RFC 4648 without padding.
  package static func base32(_ bytes: [UInt8]) -> String { text(bytes, standardAlphabet) }

  private static func text(_ bytes: [UInt8], _ alphabet: [UInt8]) -> String {
    var letters: [UInt8] = []
    var held: UInt32 = 0
    var count = 0
    for byte in bytes {
      held = held << 8 | UInt32(byte)
      count += 8
      while count >= 5 {
        count -= 5
        letters.append(alphabet[Int(held >> UInt32(count) & 31)])
      }
    }
    if count > 0 { letters.append(alphabet[Int(held << UInt32(5 - count) & 31)]) }
    return String(decoding: letters, as: UTF8.self)
  }

  /// A one-time password: 100 random bits in groups that a person can type ("k3f9a-…").
  package static func password(_ bytes: [UInt8]) -> String {
    grouped(String(text(Array(bytes.prefix(13))).prefix(20)), by: 5)
  }

  /// With a dash after so many letters each.
  static func grouped(_ text: String, by size: Int) -> String {
    let letters = Array(text)
    return stride(from: 0, to: letters.count, by: size)
      .map { String(letters[$0..<min($0 + size, letters.count)]) }.joined(separator: "-")
  }

  /// What somebody has typed as it was handed out: without groups, and with the letters that look
  /// like those of the alphabet in their place.
  package static func read(_ typed: String) -> String {
    String(
      typed.lowercased().compactMap { letter in
        switch letter {
        case "-", " ": nil
        case "o": "0"
        case "i", "l": "1"
        default: letter
        }
      })
  }
}
