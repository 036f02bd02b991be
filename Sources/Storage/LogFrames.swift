internal import CStorage
internal import Glibc

/// A place in the write-ahead log of a database. A log is known by its salt, which is a new one
/// each time the log starts over; the checksum covers all of it up to the place.
package struct LogPlace: Hashable, Sendable {
  package let salt: UInt64
  /// Frames before it.
  package let frames: Int
  package let checksum: UInt64

  package init(salt: UInt64, frames: Int, checksum: UInt64) {
    self.salt = salt
    self.frames = frames
    self.checksum = checksum
  }

  /// Whether a log with that salt is what this one's file became when it started over: the engine
  /// counts in the first half and takes a random second one.
  func isFollowed(by salt: UInt64) -> Bool { salt >> 32 == (self.salt >> 32 + 1) & 0xFFFF_FFFF }
}

/// Frames of a write-ahead log, in its file or in memory. Their pages are sealed, or as the engine
/// wrote them.
///
/// Layout: https://www.sqlite.org/fileformat2.html, section 4.
struct LogFrames {
  static let headerBytes = 32
  static let frameHeaderBytes = 24

  enum Source {
    case file(LogFile)
    /// Bytes of the log from this offset on.
    case memory([UInt8], from: Int)
  }

  let source: Source
  let salt: UInt64
  let pageSize: Int
  private let isBigEndian: Bool
  private let pages: PageProtection
  /// Before the first frame.
  let start: LogPlace

  var frameBytes: Int { Self.frameHeaderBytes + pageSize }

  /// Nil when there is no log yet. `pages` opens those that are sealed.
  init?(_ file: LogFile, _ pages: PageProtection) {
    let header = file.read(Self.headerBytes, at: 0)
    guard header.count == Self.headerBytes, number(header, 0) & ~1 == 0x377F_0682 else {
      return nil
    }
    source = .file(file)
    self.pages = pages
    salt = UInt64(number(header, 16)) << 32 | UInt64(number(header, 20))
    pageSize = Int(number(header, 8))
    isBigEndian = number(header, 0) & 1 == 1
    start = LogPlace(
      salt: salt, frames: 0, checksum: UInt64(number(header, 24)) << 32 | UInt64(number(header, 28))
    )
    guard (512...65_536).contains(pageSize) else { return nil }
  }

  /// The same frames in memory, from `place` up to the one numbered `end`; nil when they are not
  /// there.
  func inMemory(from place: LogPlace, to end: Int) -> LogFrames? {
    guard case .file(let file) = source else { return nil }
    let from = offset(place.frames)
    let bytes = file.read(offset(end) - from, at: from)
    guard bytes.count == offset(end) - from else { return nil }
    return LogFrames(self, .memory(bytes, from: from))
  }

  private init(_ other: LogFrames, _ source: Source) {
    self.source = source
    pages = other.pages
    salt = other.salt
    pageSize = other.pageSize
    isBigEndian = other.isBigEndian
    start = other.start
  }

  private func offset(_ frame: Int) -> Int { Self.headerBytes + frame * frameBytes }

  private func read(_ count: Int, at offset: Int) -> [UInt8] {
    switch source {
    case .file(let file): return file.read(count, at: offset)
    case .memory(let bytes, let from):
      let start = min(bytes.count, max(0, offset - from))
      return Array(bytes[start..<min(bytes.count, start + count)])
    }
  }

  /// Whether the log is what it was when the place was noted.
  func has(_ place: LogPlace) -> Bool {
    guard place.salt == salt else { return false }
    return self.place(at: place.frames) == place
  }

  /// Behind so many frames; nil when they are not there.
  func place(at frames: Int) -> LogPlace? {
    guard frames > 0 else { return start }
    let header = read(Self.frameHeaderBytes, at: offset(frames - 1))
    guard header.count == Self.frameHeaderBytes, saltAndChecksum(header).0 == salt else {
      return nil
    }
    return LogPlace(salt: salt, frames: frames, checksum: saltAndChecksum(header).1)
  }

  private func saltAndChecksum(_ header: [UInt8]) -> (UInt64, UInt64) {
    (
      UInt64(number(header, 8)) << 32 | UInt64(number(header, 12)),
      UInt64(number(header, 16)) << 32 | UInt64(number(header, 20))
    )
  }

  /// What a frame says of itself, wherever it belongs; nil where there is no frame of this log.
  func header(of frame: Int) -> (page: UInt32, sizeAtCommit: UInt32, key: [UInt8]?)? {
    let bytes = read(frameBytes, at: offset(frame))
    guard bytes.count == frameBytes, saltAndChecksum(bytes).0 == salt else { return nil }
    return (number(bytes, 0), number(bytes, 4), key(of: bytes[Self.frameHeaderBytes...]))
  }

  private func key(of content: ArraySlice<UInt8>) -> [UInt8]? {
    guard pageSize == PageProtection.pageBytes else { return nil }
    return content.withUnsafeBytes { PageProtection.key(of: $0) }
  }

  /// Calls `take` for each frame from `place` on, with the database's size in pages where a commit
  /// ends; up to the frame numbered `end`, or to the first that does not belong there. Returns
  /// the place reached.
  func forEach(
    from place: LogPlace, to end: Int,
    take: (_ page: UInt32, _ sizeAtCommit: UInt32, _ content: UnsafeRawBufferPointer, LogPlace) ->
      Void
  ) -> LogPlace {
    // About a quarter of a megabyte at a time.
    let atOnce = max(1, (256 << 10) / frameBytes)
    var place = place
    while place.frames < end {
      let count = min(atOnce, end - place.frames)
      let bytes = read(count * frameBytes, at: offset(place.frames))
      let before = place.frames
      bytes.withUnsafeBytes { buffer in
        for index in 0..<(buffer.count / frameBytes) {
          let frame = UnsafeRawBufferPointer(
            rebasing: buffer[index * frameBytes..<(index + 1) * frameBytes])
          guard let next = check(frame, after: place) else { return }
          take(word(frame, 0), word(frame, 4), .init(rebasing: frame[24...]), next)
          place = next
        }
      }
      guard place.frames == before + count else { break }
    }
    return place
  }

  /// The place behind a frame; nil when it does not follow.
  private func check(_ frame: UnsafeRawBufferPointer, after place: LogPlace) -> LogPlace? {
    let found = UInt64(word(frame, 8)) << 32 | UInt64(word(frame, 12))
    guard found == salt, let bytes = frame.bindMemory(to: UInt8.self).baseAddress else {
      return nil
    }
    var sum: [UInt32] = [
      UInt32(truncatingIfNeeded: place.checksum >> 32), UInt32(truncatingIfNeeded: place.checksum),
    ]
    joinery_log_checksum(&sum, bytes, 8, isBigEndian)
    let content = UnsafeRawBufferPointer(rebasing: frame[Self.frameHeaderBytes...])
    guard addContent(content, of: word(frame, 0), to: &sum),
      sum == [word(frame, 16), word(frame, 20)]
    else { return nil }
    return LogPlace(
      salt: salt, frames: place.frames + 1, checksum: UInt64(sum[0]) << 32 | UInt64(sum[1]))
  }
}

extension LogFrames {
  /// The engine's checksum is of the page as it knows it. False where that cannot be opened.
  private func addContent(
    _ content: UnsafeRawBufferPointer, of page: UInt32, to sum: inout [UInt32]
  ) -> Bool {
    guard pageSize == PageProtection.pageBytes, PageProtection.key(of: content) != nil else {
      guard let bytes = content.bindMemory(to: UInt8.self).baseAddress else { return false }
      joinery_log_checksum(&sum, bytes, pageSize, isBigEndian)
      return true
    }
    return withUnsafeTemporaryAllocation(byteCount: pageSize, alignment: 8) { plain in
      plain.copyMemory(from: content)
      guard pages.open(page, plain) == .whole,
        let bytes = plain.bindMemory(to: UInt8.self).baseAddress
      else { return false }
      joinery_log_checksum(&sum, bytes, pageSize, isBigEndian)
      return true
    }
  }
}

/// The file of a write-ahead log, for reading. The engine takes no locks on it that closing it
/// could give back.
final class LogFile: Sendable {
  private let descriptor: Int32

  /// Nil when it cannot be opened.
  init?(of database: String) {
    descriptor = open(database + "-wal", O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return nil }
  }

  deinit { close(descriptor) }

  /// Fewer bytes at the end of the file.
  func read(_ count: Int, at offset: Int) -> [UInt8] {
    Array(unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
      while filled < count {
        let got = pread(
          descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, offset + filled)
        if got < 0, errno == EINTR { continue }
        guard got > 0 else { return }
        filled += got
      }
    }
  }

  /// Microseconds since 1970; 0 when unknown.
  var changedAt: Int64 {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return 0 }
    return Int64(status.st_mtim.tv_sec) * 1_000_000 + Int64(status.st_mtim.tv_nsec) / 1000
  }
}

private func number(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
  bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
}

private func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
  UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
}
