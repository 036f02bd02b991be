internal import Crypto
internal import Glibc
private import Values

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
    let text = String(decoding: digits, as: UTF8.self).lowercased()
    guard digits.count == 64, let bytes = Hex.bytes(text) else {
      throw BackupError(
        .key,
        "\(path) holds no key: expected 64 hexadecimal digits, as of `openssl rand -hex 32`")
    }
    key = SymmetricKey(data: bytes)
  }

  init(_ key: SymmetricKey) { self.key = key }

  /// The key of one file alone (HKDF, RFC 5869), so that counting nonces never meet those of
  /// another file.
  func derived(salt: [UInt8]) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: key, salt: salt, info: Array("joinery backup 1".utf8), outputByteCount: 32)
  }
}
