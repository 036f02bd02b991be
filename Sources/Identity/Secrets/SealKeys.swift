private import Crypto
package import Storage

/// A secret that must be read again, as it is stored.
package struct SealedSecret: Hashable, Sendable {
  /// Names the key that it is encrypted with; empty when it is not.
  package let key: [UInt8]
  package let bytes: [UInt8]

  package init(key: [UInt8], bytes: [UInt8]) {
    self.key = key
    self.bytes = bytes
  }
}

/// What secrets that must be read again are encrypted with (AES-256-GCM): the first key seals, all
/// of them open. So a new key in front replaces another without anybody waiting: each secret that
/// is used is sealed anew. Without a key secrets are stored as they are.
package struct SealKeys: Sendable {
  private let keys: [(id: [UInt8], bytes: [UInt8])]

  package static let none = SealKeys([])
  /// Bytes of a key, and random ones that sealing takes.
  package static let byteCount = 32
  package static let nonceByteCount = 12

  /// Of `byteCount` bytes each.
  package init(_ keys: [[UInt8]]) {
    self.keys = keys.map { (id: Array(SHA256.hash(data: $0).prefix(8)), bytes: $0) }
  }

  /// These first, and behind them what those have that are not among these.
  package func before(_ others: SealKeys) -> SealKeys {
    SealKeys(
      keys.map(\.bytes)
        + others.keys.filter { old in !keys.contains { $0.id == old.id } }.map(\.bytes))
  }

  /// What the pages of the database are protected with: a key for each of these, made from it
  /// (HKDF, RFC 5869), and named by the first half of its name.
  package var pageKeys: [PageProtection.Key] {
    keys.map { id, bytes in
      let derived = HKDF<SHA256>.deriveKey(
        inputKeyMaterial: SymmetricKey(data: bytes), info: Array("joinery pages 1".utf8),
        outputByteCount: PageProtection.Key.byteCount)
      return PageProtection.Key(
        id: Array(id.prefix(PageProtection.Key.idByteCount)),
        bytes: derived.withUnsafeBytes { Array($0) })
    }
  }

  /// Whether a secret that names this key can be opened.
  package func opens(_ key: [UInt8]) -> Bool { key.isEmpty || keys.contains { $0.id == key } }

  /// Whether it is sealed as a new one would be.
  func isCurrent(_ sealed: SealedSecret) -> Bool { sealed.key == keys.first?.id ?? [] }

  /// `purpose` says whose it is and for what: the bytes open for nothing else.
  package func seal(_ secret: [UInt8], for purpose: String, nonce: [UInt8]) throws -> SealedSecret {
    guard let (id, key) = keys.first else { return SealedSecret(key: [], bytes: secret) }
    let box = try AES.GCM.seal(
      secret, using: SymmetricKey(data: key), nonce: AES.GCM.Nonce(data: nonce),
      authenticating: Array(purpose.utf8))
    return SealedSecret(key: id, bytes: nonce + box.ciphertext + box.tag)
  }

  package func open(_ sealed: SealedSecret, for purpose: String) throws -> [UInt8] {
    if sealed.key.isEmpty { return sealed.bytes }
    guard let (_, key) = keys.first(where: { $0.id == sealed.key }) else {
      throw SealKeyMissing()
    }
    return Array(
      try AES.GCM.open(
        AES.GCM.SealedBox(combined: sealed.bytes), using: SymmetricKey(data: key),
        authenticating: Array(purpose.utf8)))
  }
}

/// A secret is stored that none of the keys opens. The server looks before it serves, so nobody
/// meets it.
struct SealKeyMissing: Error {}
