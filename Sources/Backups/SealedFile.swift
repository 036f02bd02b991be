internal import Crypto
package import Values

/// The format of a backup: content of any length in chunks, each encrypted or with a checksum, so
/// that no byte can be changed, moved, added or cut off unnoticed. Read and written in pieces; the
/// memory needed is that of a chunk.
///
/// Numbers are big-endian. Header, 56 bytes:
///
///     0  8  "JNRYBKP1"
///     8  1  protection: 0 checksums (SHA-256), 1 AES-256-GCM
///     9  3  zero
///    12  4  bytes in a chunk; only the last has fewer
///    16  8  when it was made, microseconds since 1970
///    24 32  random salt
///
/// Chunks: four bytes with the length, the highest bit set in the last one; the content; the tag
/// (16 bytes) or the checksum (32). Tag and checksum cover header, number and length of the chunk,
/// too (the STREAM construction, Hoang et al., CRYPTO 2015). The nonce is the chunk's number; the
/// key is derived from the salt for this file alone.
package enum SealedFile {
  static let chunkBytes = 1 << 20
  static let headerBytes = 56
  private static let magic = Array("JNRYBKP1".utf8)
  private static let lastFlag: UInt32 = 1 << 31

  /// What the header of a backup says.
  package struct Info: Hashable, Sendable {
    package let created: Instant
    package let isEncrypted: Bool
    /// Bytes of content, once all of it was read.
    package internal(set) var contentBytes = 0
  }

  /// Writes all of `source`, flushed now and then so that nobody waits long for the disk.
  static func seal(
    _ source: borrowing File, into target: borrowing File, key: BackupKey?, created: Instant
  ) throws(BackupError) {
    let salt = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    var header = magic
    header += [key == nil ? 0 : 1, 0, 0, 0]
    header += big(UInt32(chunkBytes)) + big(UInt64(bitPattern: created.microseconds)) + salt
    try target.write(header)
    let cipher = Cipher(header: header, key: key?.derived(salt: salt))
    var chunk = try source.read(upTo: chunkBytes)
    var index: UInt64 = 0
    while true {
      let next = chunk.count == chunkBytes ? try source.read(upTo: chunkBytes) : []
      let length = UInt32(chunk.count) | (next.isEmpty ? lastFlag : 0)
      try target.write(big(length) + cipher.seal(chunk, index, length))
      if index % 8 == 7 { try target.flush() }
      if next.isEmpty { break }
      chunk = next
      index += 1
    }
    try target.flush()
  }

  /// Checks every byte and hands the content to `take` as it comes. What was taken of a file that
  /// turns out to be damaged must not be used.
  static func open(
    _ source: borrowing File, key: BackupKey?, take: ([UInt8]) throws(BackupError) -> Void
  ) throws(BackupError) -> Info {
    let path = source.path
    let header = try source.read(upTo: headerBytes)
    var info = try Self.info(header, path)
    guard !info.isEncrypted || key != nil else {
      throw BackupError(.key, "\(path) is encrypted: give its key")
    }
    let salt = Array(header[24...])
    let cipher = Cipher(header: header, key: info.isEncrypted ? key?.derived(salt: salt) : nil)
    var index: UInt64 = 0
    while true {
      let bytes = try source.read(upTo: 4)
      guard bytes.count == 4 else { throw cutOff(path, info) }
      let length = number(bytes[...])
      let count = Int(length & ~lastFlag)
      guard count <= chunkBytes else { throw damaged(path, index) }
      let sealed = try source.read(upTo: count + cipher.tagBytes)
      guard sealed.count == count + cipher.tagBytes else { throw cutOff(path, info) }
      guard let chunk = cipher.open(sealed, index, length) else {
        guard index > 0 || !info.isEncrypted else {
          throw BackupError(
            .key, "The key does not fit \(path), or the file is damaged at its start")
        }
        throw damaged(path, index)
      }
      try take(chunk)
      info.contentBytes += count
      if length & lastFlag != 0 { break }
      index += 1
    }
    guard try source.read(upTo: 1).isEmpty else {
      throw BackupError(.damaged, "\(path) is damaged: something follows its end")
    }
    return info
  }

  static func info(_ header: [UInt8], _ path: String) throws(BackupError) -> Info {
    guard header.count >= 8, Array(header[..<7]) == Array(magic[..<7]) else {
      throw BackupError(.foreignFile, "\(path) is not a backup")
    }
    guard header[7] == magic[7] else {
      throw BackupError(.foreignFile, "\(path) is a backup of a newer version of Joinery")
    }
    guard header.count == headerBytes, header[8] <= 1, header[9..<12].allSatisfy({ $0 == 0 }),
      number(header[12..<16]) == UInt32(chunkBytes)
    else { throw BackupError(.damaged, "\(path) is damaged in its header") }
    let created = header[16..<24].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Info(
      created: Instant(microseconds: Int64(bitPattern: created)), isEncrypted: header[8] == 1)
  }

  private static func cutOff(_ path: String, _ info: Info) -> BackupError {
    BackupError(.damaged, "\(path) is cut off after \(info.contentBytes) bytes of content")
  }

  private static func damaged(_ path: String, _ index: UInt64) -> BackupError {
    BackupError(
      .damaged, "\(path) is damaged after \(index * UInt64(chunkBytes)) bytes of content")
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

private func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  withUnsafeBytes(of: number.bigEndian) { Array($0) }
}

private func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  bytes.reduce(0) { $0 << 8 | UInt32($1) }
}
