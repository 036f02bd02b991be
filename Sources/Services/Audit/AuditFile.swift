internal import Values

/// The format of an exported audit, and of the proof of one document: 16 bytes of header
/// ("JNRYAUD1", the kind in one byte, seven zeros), then frames of a letter, the length in four
/// bytes, and the content. Numbers are big-endian.
///
///     E  hash of the entry (32 bytes), its record (see `AuditRecord`)
///     C  a checkpoint: size, time, chain head, tree root, public key, signature
///     P  of a proof: hash of the entry before (32), steps (1), their hashes (32 each), the record
///     Z  the end, signed: how many entries, time, hash, public key, signature, what it is about
///
/// An export has every entry from the first on, each checkpoint behind the last entry that it
/// covers, and the chain's head in its end. A proof has one checkpoint, then the entries about the
/// document, and the tree's root in its end. The signed end is what tells a file that was cut off
/// from a whole one.
package enum AuditFile {
  enum Kind: UInt8, Sendable {
    case export = 1
    case proof = 2
  }

  enum Frame {
    static let entry = UInt8(ascii: "E")
    static let checkpoint = UInt8(ascii: "C")
    static let proof = UInt8(ascii: "P")
    static let end = UInt8(ascii: "Z")
  }

  /// Of a frame's content: an entry holds a request and a reply, whose size RPCLimits bounds.
  static let maxFrameBytes = 64 << 20
  static let headerBytes = 16
  private static let magic = Array("JNRYAUD1".utf8)

  static func header(_ kind: Kind) -> [UInt8] {
    magic + [kind.rawValue] + [UInt8](repeating: 0, count: 7)
  }

  /// Nil when it is no header of this format.
  static func kind(of header: [UInt8]) -> Kind? {
    guard header.count == headerBytes, header.starts(with: magic),
      header[9...].allSatisfy({ $0 == 0 })
    else { return nil }
    return Kind(rawValue: header[8])
  }

  static func append(
    _ type: UInt8, _ parts: [UInt8]..., to bytes: inout [UInt8]
  ) {
    let count = parts.reduce(0) { $0 + $1.count }
    bytes.append(type)
    withUnsafeBytes(of: UInt32(count).bigEndian) { bytes.append(contentsOf: $0) }
    for part in parts { bytes.append(contentsOf: part) }
  }

  static func big(_ number: Int64) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  static func number(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int64 {
    Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))
  }
}

/// The signed end of a file.
struct AuditEnd: Sendable {
  var kind: AuditFile.Kind
  /// Entries in the file.
  var count: Int64
  var at: Instant
  /// Of an export the chain's head, of a proof the tree's root.
  var hash: [UInt8]
  /// Of a proof the number of the document.
  var subject = ""
  var publicKey: [UInt8] = []
  var signature: [UInt8] = []

  private static let fixedBytes = 16 + 32 + AuditKey.publicBytes + AuditKey.signatureBytes
  private static let maxSubjectBytes = 1_000

  private var statement: [UInt8] {
    Array("joinery audit file 1\n".utf8) + [kind.rawValue] + AuditFile.big(count)
      + AuditFile.big(at.microseconds) + hash + Array(subject.utf8)
  }

  mutating func sign(by key: AuditKey) throws {
    publicKey = key.publicKey
    signature = try key.sign(statement)
  }

  var isSigned: Bool { AuditKey.isSigned(statement, by: publicKey, signature) }

  var bytes: [UInt8] {
    AuditFile.big(count) + AuditFile.big(at.microseconds) + hash + publicKey + signature
      + Array(subject.utf8)
  }

  /// Nil for what is none.
  init?(_ bytes: UnsafeRawBufferPointer, of kind: AuditFile.Kind) {
    guard bytes.count >= Self.fixedBytes,
      bytes.count <= Self.fixedBytes + Self.maxSubjectBytes,
      let subject = String(validating: bytes[Self.fixedBytes...], as: UTF8.self)
    else { return nil }
    self.init(
      kind: kind, count: AuditFile.number(bytes, at: 0),
      at: Instant(microseconds: AuditFile.number(bytes, at: 8)), hash: Array(bytes[16..<48]))
    self.subject = subject
    publicKey = Array(bytes[48..<80])
    signature = Array(bytes[80..<144])
  }

  init(kind: AuditFile.Kind, count: Int64, at: Instant, hash: [UInt8], subject: String = "") {
    self.kind = kind
    self.count = count
    self.at = at
    self.hash = hash
    self.subject = subject
  }
}
