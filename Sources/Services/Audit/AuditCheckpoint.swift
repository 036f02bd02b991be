internal import Values

/// A signed statement about the first `size` entries: whoever keeps it, or the public key, notices
/// when one of them is not what it was.
struct AuditCheckpoint: Hashable, Sendable {
  var size: Int64
  var at: Instant
  /// Hash of the last entry.
  var chainHead: [UInt8]
  /// Root of the Merkle tree over the hashes of the entries.
  var treeRoot: [UInt8]
  var publicKey: [UInt8] = []
  var signature: [UInt8] = []

  /// What is signed. The first words keep it apart from whatever else the key may ever sign.
  var statement: [UInt8] {
    Array("joinery audit checkpoint 1\n".utf8) + AuditFile.big(size)
      + AuditFile.big(at.microseconds) + chainHead + treeRoot
  }

  mutating func sign(by key: AuditKey) throws {
    publicKey = key.publicKey
    signature = try key.sign(statement)
  }

  var isSigned: Bool { AuditKey.isSigned(statement, by: publicKey, signature) }
}

extension AuditCheckpoint {
  static let byteCount = 16 + 32 + 32 + AuditKey.publicBytes + AuditKey.signatureBytes

  var bytes: [UInt8] {
    AuditFile.big(size) + AuditFile.big(at.microseconds) + chainHead + treeRoot + publicKey
      + signature
  }

  /// Nil unless there are as many bytes as it takes.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.byteCount else { return nil }
    self.init(
      size: AuditFile.number(bytes, at: 0),
      at: Instant(microseconds: AuditFile.number(bytes, at: 8)),
      chainHead: Array(bytes[16..<48]), treeRoot: Array(bytes[48..<80]),
      publicKey: Array(bytes[80..<112]), signature: Array(bytes[112..<176]))
  }
}
