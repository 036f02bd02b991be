internal import Crypto
internal import Glibc

/// What backups are encrypted with: 256 bits, from a file of 64 hexadecimal digits as
/// `openssl rand -hex 32` writes them. Lost with its key, a backup is lost.
package struct BackupKey: Sendable {
  private let key: SymmetricKey

  /// Refuses a file that others than its owner may read.
  package init(file path: String) throws(BackupError) {
    let file = try File.reading(path)
    guard file.mode & 0o077 == 0 else {
      throw BackupError(.key, "Others may read the key \(path): run `chmod 600 \(path)`")
    }
    let digits = try file.read(upTo: 100).filter { !" \t\r\n".utf8.contains($0) }
    guard digits.count == 64, let bytes = Self.bytes(digits) else {
      throw BackupError(
        .key,
        "\(path) holds no key: expected 64 hexadecimal digits, as of `openssl rand -hex 32`")
    }
    key = SymmetricKey(data: bytes)
  }

  init(_ key: SymmetricKey) { self.key = key }

  private static func bytes(_ digits: [UInt8]) -> [UInt8]? {
    let values = digits.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    guard values.count == digits.count else { return nil }
    return stride(from: 0, to: values.count, by: 2).map {
      UInt8(values[$0] << 4 | values[$0 + 1])
    }
  }

  /// The key of one file alone (HKDF, RFC 5869), so that counting nonces never meet those of
  /// another file.
  func derived(salt: [UInt8]) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: key, salt: salt, info: Array("joinery backup 1".utf8), outputByteCount: 32)
  }
}
