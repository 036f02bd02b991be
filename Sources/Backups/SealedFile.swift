internal import Crypto
package import Values

/// The format of backups and of segments of the log: content in chunks, each encrypted or with a
/// checksum, so that no byte can be changed, moved, added or cut off unnoticed. Read and written in
/// pieces; the memory needed is that of a chunk.
///
/// Numbers are big-endian. Header, 88 bytes:
///
///     0  8  "JNRYBKP2", or "JNRYLOG1" for a segment of the log
///     8  1  protection: 0 checksums (SHA-256), 1 AES-256-GCM
///     9  3  zero
///    12  4  bytes in a chunk at most
///    16  8  when it was made, microseconds since 1970
///    24 32  random salt
///    56  8  generation of the log (see `LogShipper`), 0 for none
///    64  8  backup: the last record whose changes are all in it; segment: its first record
///    72  8  backup: the last record of whose changes any are in it
///    80  8  backup: the time of that record
///
/// Chunks: four bytes with the length, the highest bit set in the last one; the content; the tag
/// (16 bytes) or the checksum (32). Tag and checksum cover header, number and length of the chunk,
/// too (the STREAM construction, Hoang et al., CRYPTO 2015). The nonce is the chunk's number; the
/// key is derived from the salt for this file alone.
package enum SealedFile {
  static let chunkBytes = 1 << 20
  static let headerBytes = 88
  fileprivate static let lastFlag: UInt32 = 1 << 31

  enum Kind: String {
    case backup = "JNRYBKP2"
    case log = "JNRYLOG1"

    var noun: String { self == .backup ? "backup" : "part of a log" }
  }

  /// Where a file belongs in the log.
  package struct LogPosition: Hashable, Sendable {
    package let generation: Instant
    let record: UInt64
    var through: UInt64 = 0
    var reached = Instant(microseconds: 0)
  }

  /// What the header says.
  package struct Info: Hashable, Sendable {
    package let created: Instant
    package let isEncrypted: Bool
    package let log: LogPosition?
    /// Bytes of content, once all of it was read.
    package internal(set) var contentBytes = 0
  }

  static func info(_ header: [UInt8], _ kind: Kind, _ path: String) throws(BackupError) -> Info {
    let magic = Array(kind.rawValue.utf8)
    guard header.count >= 8, Array(header[..<7]) == Array(magic[..<7]) else {
      throw BackupError(.foreignFile, "\(path) is not a \(kind.noun)")
    }
    guard header[7] == magic[7] else {
      throw BackupError(
        .foreignFile, "\(path) is a \(kind.noun) of another version of Joinery")
    }
    guard header.count == headerBytes, header[8] <= 1, header[9..<12].allSatisfy({ $0 == 0 }),
      number(header[12..<16]) == UInt32(chunkBytes)
    else { throw BackupError(.damaged, "\(path) is damaged in its header") }
    func instant(_ offset: Int) -> Instant {
      Instant(microseconds: Int64(bitPattern: number(header[offset..<offset + 8])))
    }
    let generation = instant(56)
    return Info(
      created: instant(16), isEncrypted: header[8] == 1,
      log: generation.microseconds == 0
        ? nil
        : LogPosition(
          generation: generation, record: number(header[64..<72]),
          through: number(header[72..<80]), reached: instant(80)))
  }

  fileprivate static func header(
    _ kind: Kind, created: Instant, isEncrypted: Bool, log: LogPosition?, salt: [UInt8]
  ) -> [UInt8] {
    var header = Array(kind.rawValue.utf8)
    header += [isEncrypted ? 1 : 0, 0, 0, 0]
    header += big(UInt32(chunkBytes)) + big(created.microseconds) + salt
    header += big(log?.generation.microseconds ?? 0) + big(log?.record ?? 0)
    return header + big(log?.through ?? 0) + big(log?.reached.microseconds ?? 0)
  }
}

/// Writes a sealed file, chunk by chunk.
struct SealedWriter: ~Copyable {
  private let file: File
  private let cipher: Cipher
  private var index: UInt64 = 0
  private(set) var bytes = 0

  var path: String { file.path }

  /// A new file at `path`; on failure there is none.
  static func create(
    _ kind: SealedFile.Kind, _ path: String, key: BackupKey?, created: Instant,
    log: SealedFile.LogPosition?
  ) throws(BackupError) -> SealedWriter {
    let salt = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    let header = SealedFile.header(
      kind, created: created, isEncrypted: key != nil, log: log, salt: salt)
    let file = try File.creating(path)
    do throws(BackupError) { try file.write(header) } catch {
      File.remove(path)
      throw error
    }
    return SealedWriter(
      file: file, cipher: Cipher(header: header, key: key?.derived(salt: salt)))
  }

  private init(file: consuming File, cipher: Cipher) {
    self.file = file
    self.cipher = cipher
  }

  mutating func append(_ chunk: [UInt8], isLast: Bool) throws(BackupError) {
    let length = UInt32(chunk.count) | (isLast ? SealedFile.lastFlag : 0)
    let sealed = try big(length) + cipher.seal(chunk, index, length)
    try file.write(sealed)
    index += 1
    bytes += sealed.count
  }

  /// Throws also when the file is no longer where it was made.
  func flush() throws(BackupError) {
    try file.flush()
    guard file.hasItsName else { throw BackupError(.file, "\(file.path) is gone") }
  }
}

/// Reads a sealed file and checks every byte. What was read of a file that turns out to be damaged
/// must not be used.
struct SealedReader: ~Copyable {
  let path: String
  private(set) var info: SealedFile.Info
  private let file: File
  private let cipher: Cipher
  private var index: UInt64 = 0
  private var isAtEnd = false

  static func open(
    _ kind: SealedFile.Kind, _ path: String, key: BackupKey?
  ) throws(BackupError) -> SealedReader {
    let file = try File.reading(path)
    let header = try file.read(upTo: SealedFile.headerBytes)
    let info = try SealedFile.info(header, kind, path)
    guard !info.isEncrypted || key != nil else {
      throw BackupError(.key, "\(path) is encrypted: give its key")
    }
    let salt = Array(header[24..<56])
    let cipher = Cipher(header: header, key: info.isEncrypted ? key?.derived(salt: salt) : nil)
    return SealedReader(path: path, info: info, file: file, cipher: cipher)
  }

  private init(path: String, info: SealedFile.Info, file: consuming File, cipher: Cipher) {
    self.path = path
    self.info = info
    self.file = file
    self.cipher = cipher
  }

  /// Nil behind the last one. Throws `cutOff` where the file ends in the middle.
  mutating func next() throws(BackupError) -> [UInt8]? {
    guard !isAtEnd else {
      guard try file.read(upTo: 1).isEmpty else {
        throw BackupError(.damaged, "\(path) is damaged: something follows its end")
      }
      return nil
    }
    let bytes = try file.read(upTo: 4)
    guard bytes.count == 4 else { throw cutOff }
    let length: UInt32 = number(bytes[...])
    let count = Int(length & ~SealedFile.lastFlag)
    guard count <= SealedFile.chunkBytes else { throw damaged }
    let sealed = try file.read(upTo: count + cipher.tagBytes)
    guard sealed.count == count + cipher.tagBytes else { throw cutOff }
    guard let chunk = cipher.open(sealed, index, length) else {
      guard index > 0 || !info.isEncrypted else {
        throw BackupError(
          .key, "The key does not fit \(path), or the file is damaged at its start")
      }
      throw damaged
    }
    index += 1
    info.contentBytes += count
    isAtEnd = length & SealedFile.lastFlag != 0
    return chunk
  }

  private var cutOff: BackupError {
    BackupError(.cutOff, "\(path) is cut off after \(info.contentBytes) bytes of content")
  }

  private var damaged: BackupError {
    BackupError(.damaged, "\(path) is damaged after \(info.contentBytes) bytes of content")
  }
}

/// Seals and opens the chunks of one file.
private struct Cipher {
  let header: [UInt8]
  /// Nil: checksums.
  let key: SymmetricKey?

  var tagBytes: Int { key == nil ? 32 : 16 }

  private func covered(_ index: UInt64, _ length: UInt32) -> [UInt8] {
    header + big(index) + big(length)
  }

  private func nonce(_ index: UInt64) throws -> AES.GCM.Nonce {
    try AES.GCM.Nonce(data: [0, 0, 0, 0] + big(index))
  }

  func seal(_ chunk: [UInt8], _ index: UInt64, _ length: UInt32) throws(BackupError) -> [UInt8] {
    guard let key else { return chunk + digest(chunk, index, length) }
    do {
      let box = try AES.GCM.seal(
        chunk, using: key, nonce: nonce(index), authenticating: covered(index, length))
      return Array(box.ciphertext) + box.tag
    } catch { throw BackupError(.key, "Cannot encrypt: \(error)") }
  }

  /// Nil: not what was sealed.
  func open(_ sealed: [UInt8], _ index: UInt64, _ length: UInt32) -> [UInt8]? {
    let (content, tag) = (sealed.dropLast(tagBytes), sealed.suffix(tagBytes))
    guard let key else {
      return digest(Array(content), index, length).elementsEqual(tag) ? Array(content) : nil
    }
    guard
      let box = try? AES.GCM.SealedBox(nonce: nonce(index), ciphertext: content, tag: tag),
      let chunk = try? AES.GCM.open(box, using: key, authenticating: covered(index, length))
    else { return nil }
    return Array(chunk)
  }

  private func digest(_ chunk: [UInt8], _ index: UInt64, _ length: UInt32) -> [UInt8] {
    var hash = SHA256()
    hash.update(data: covered(index, length))
    hash.update(data: chunk)
    return Array(hash.finalize())
  }
}

func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  withUnsafeBytes(of: number.bigEndian) { Array($0) }
}

func number<Number: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> Number {
  bytes.reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
}
