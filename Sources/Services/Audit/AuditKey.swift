internal import Crypto
private import Values

/// The key that signs the audit: Ed25519 (RFC 8032). Whoever has it can rewrite the audit; whoever
/// has only the public key can tell that somebody did.
package struct AuditKey: Sendable {
  package static let seedBytes = 32
  package static let publicBytes = 32
  static let signatureBytes = 64

  private let key: Curve25519.Signing.PrivateKey

  /// Nil unless there are 32 bytes.
  package init?(seed: [UInt8]) {
    guard seed.count == Self.seedBytes,
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    else { return nil }
    self.key = key
  }

  package var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

  /// As people write it: 64 hexadecimal digits.
  package var publicText: String { Hex.text(publicKey) }

  /// The bytes of hexadecimal text; nil for other text, and for other than 32 bytes.
  package static func bytes(of text: some StringProtocol) -> [UInt8]? {
    Hex.bytes(text).flatMap { $0.count == 32 ? $0 : nil }
  }

  func sign(_ statement: [UInt8]) throws -> [UInt8] { Array(try key.signature(for: statement)) }

  static func isSigned(_ statement: [UInt8], by key: [UInt8], _ signature: [UInt8]) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key) else { return false }
    return key.isValidSignature(signature, for: statement)
  }
}
