package import Values

/// A folder with the backups of one database and the log between them. Other files in it are left
/// alone.
///
/// - `joinery-20261121T144200Z.backup`: named by when it was made.
/// - `joinery-20261121T144200123456Z-0000000001.log`: a segment of the log, by its generation and
///   its first record (see `LogShipper`).
package struct BackupFolder: Sendable {
  package struct Entry: Hashable, Sendable {
    package let path: String
    /// To the second. Where the clock was set back, later than it was: names tell the order.
    package let created: Instant
  }

  /// A backup from which the log can be followed.
  struct Base: Hashable {
    let path: String
    let position: SealedFile.LogPosition
  }

  /// A segment of the log.
  struct Segment: Hashable {
    let path: String
    let generation: Instant
    let first: UInt64
  }

  package let path: String

  package init(_ path: String) { self.path = path }

  /// Makes the folder, for its owner alone, unless it is there, and clears away what a server that
  /// was killed has left half made.
  package func make() throws(BackupError) {
    try File.makeFolder(path)
    for name in try File.names(in: path) where name.hasSuffix(".partial") {
      if Self.stem(of: name, suffix: ".backup.partial") != nil { File.remove("\(path)/\(name)") }
    }
  }

  /// The oldest first.
  package func entries() throws(BackupError) -> [Entry] {
    try File.names(in: path)
      .compactMap { name in
        Self.stem(of: name, suffix: ".backup").flatMap { Self.instant($0) }
          .map { Entry(path: "\(path)/\(name)", created: $0) }
      }
      .sorted { $0.created < $1.created }
  }

  /// Behind that of every other one.
  package func newPath(now: Instant) throws(BackupError) -> String {
    let newest = try entries().last?.created.adding(seconds: 1) ?? now
    return "\(path)/joinery-\(Self.text(max(now, newest))).backup"
  }

  /// Removes the oldest backups beyond `count`, and what of the log is older than all that are
  /// left; the newest stays whatever `count` is. Returns what was removed.
  @discardableResult
  package func keep(_ count: Int) throws(BackupError) -> [String] {
    var surplus = try entries().dropLast(max(1, count)).map(\.path)
    for path in surplus { File.remove(path) }
    guard
      let oldest = try bases().map(\.position)
        .min(by: { ($0.generation, $0.record) < ($1.generation, $1.record) })
    else { return surplus }
    let segments = try segments()
    for (index, segment) in segments.enumerated() {
      let next = index + 1 < segments.count ? segments[index + 1] : nil
      // Its last record is the one before the next segment.
      let isPassed =
        segment.generation == oldest.generation && next?.generation == oldest.generation
        && (next?.first ?? 0) <= oldest.record + 1
      guard segment.generation < oldest.generation || isPassed else { continue }
      File.remove(segment.path)
      surplus.append(segment.path)
    }
    return surplus
  }

  // MARK: Log

  /// The backups from which the log can be followed, the oldest first. One that cannot be read is
  /// none.
  func bases() throws(BackupError) -> [Base] {
    try entries().compactMap { entry in
      guard let header = try? File.reading(entry.path).read(upTo: SealedFile.headerBytes),
        let log = try? SealedFile.info(header, .backup, entry.path).log
      else { return nil }
      return Base(path: entry.path, position: log)
    }
  }

  /// In their order. A file whose header was never written is none.
  func segments() throws(BackupError) -> [Segment] {
    var found: [Segment] = []
    for name in try File.names(in: path) {
      guard let stem = Self.stem(of: name, suffix: ".log"), let dash = stem.lastIndex(of: "-"),
        stem[..<dash].hasSuffix("Z")
      else { continue }
      let path = "\(path)/\(name)"
      let header: [UInt8]
      do throws(BackupError) {
        header = try File.reading(path).read(upTo: SealedFile.headerBytes)
      } catch {
        // Removed meanwhile by the server.
        guard File.exists(path) else { continue }
        throw error
      }
      guard header.count == SealedFile.headerBytes else { continue }
      guard let log = try SealedFile.info(header, .log, path).log else { continue }
      found.append(Segment(path: path, generation: log.generation, first: log.record))
    }
    return found.sorted { ($0.generation, $0.first) < ($1.generation, $1.first) }
  }

  func segmentPath(_ generation: Instant, first: UInt64) -> String {
    let micros = Self.text(generation).dropLast() + padded(generation.microseconds % 1_000_000, 6)
    return "\(path)/joinery-\(micros)Z-\(padded(first, 10)).log"
  }

  // MARK: Names

  private func padded(_ number: some BinaryInteger, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func stem(of name: String, suffix: String) -> String? {
    guard name.hasPrefix("joinery-"), name.hasSuffix(suffix) else { return nil }
    return String(name.dropFirst(8).dropLast(suffix.count))
  }

  /// "20261121T144200Z": RFC 3339 without what some file systems do not take.
  private static func text(_ instant: Instant) -> String {
    let seconds = Instant(microseconds: instant.microseconds / 1_000_000 * 1_000_000)
    return seconds.description.filter { $0 != "-" && $0 != ":" }
  }

  /// Nil for what `text` does not write.
  private static func instant(_ text: String) -> Instant? {
    guard text.utf8.count == 16 else { return nil }
    var full = ""
    for (index, character) in text.enumerated() {
      if index == 4 || index == 6 { full += "-" }
      if index == 11 || index == 13 { full += ":" }
      full.append(character)
    }
    return Instant(full).flatMap { Self.text($0) == text ? $0 : nil }
  }
}
