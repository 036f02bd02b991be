internal import Storage
internal import Values

/// One group of commits in a segment of the log: pages as they are after it. A large one is several
/// chunks, all but the pages the same in each. An empty chunk ends a segment.
///
/// Numbers are big-endian:
///
///      0  8  number of the record, from 1 in each generation
///      8  8  when its last commit was durable, microseconds since 1970
///     16  4  1 in the last chunk of the record
///     20  4  bytes of a page
///     24  4  pages of the database after it
///     28  4  pages in this chunk
///     32 24  the place in the database's own log (salt, frames, checksum), where to go on
///     56     page numbers of four bytes, then the pages
struct LogRecord {
  static let headBytes = 56

  let number: UInt64
  let time: Instant
  let isWhole: Bool
  let pageSize: Int
  let databasePages: UInt32
  let end: LogPlace
  let pages: [UInt32]
  /// In the order of `pages`.
  let content: ArraySlice<UInt8>

  /// Calls `append` with each chunk.
  static func write(
    _ group: LogTail.Group, as number: UInt64, append: ([UInt8]) throws(BackupError) -> Void
  ) throws(BackupError) {
    let atOnce = (SealedFile.chunkBytes - headBytes) / (4 + group.pageSize)
    var start = 0
    repeat {
      let count = min(atOnce, group.numbers.count - start)
      let isWhole = start + count == group.numbers.count
      var chunk = big(number) + big(group.time.microseconds) + big(UInt32(isWhole ? 1 : 0))
      chunk.reserveCapacity(headBytes + count * (4 + group.pageSize))
      chunk += big(UInt32(group.pageSize)) + big(group.databasePages) + big(UInt32(count))
      chunk += big(group.end.salt) + big(UInt64(group.end.frames)) + big(group.end.checksum)
      for page in group.numbers[start..<start + count] { chunk += big(page) }
      chunk += group.content[start * group.pageSize..<(start + count) * group.pageSize]
      try append(chunk)
      start += count
    } while start < group.numbers.count
  }

  /// Nil for what `write` does not make.
  init?(_ chunk: [UInt8]) {
    guard chunk.count >= Self.headBytes else { return nil }
    func word(_ offset: Int) -> UInt32 { Backups.number(chunk[offset..<offset + 4]) }
    func long(_ offset: Int) -> UInt64 { Backups.number(chunk[offset..<offset + 8]) }
    number = long(0)
    time = Instant(microseconds: Int64(bitPattern: long(8)))
    isWhole = word(16) == 1
    pageSize = Int(word(20))
    databasePages = word(24)
    let count = Int(word(28))
    end = LogPlace(
      salt: long(32), frames: Int(truncatingIfNeeded: long(40)), checksum: long(48))
    guard chunk.count == Self.headBytes + count * (4 + pageSize) else { return nil }
    pages = (0..<count).map { word(Self.headBytes + $0 * 4) }
    content = chunk[(Self.headBytes + count * 4)...]
  }
}
