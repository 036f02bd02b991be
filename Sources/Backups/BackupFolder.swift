package import Values

/// A folder with the backups of one database, named by when they were made:
/// `joinery-20261121T144200Z.backup`. Other files in it are left alone.
package struct BackupFolder: Sendable {
  package struct Entry: Hashable, Sendable {
    package let path: String
    /// To the second.
    package let created: Instant
  }

  package let path: String

  package init(_ path: String) { self.path = path }

  /// The oldest first.
  package func entries() throws(BackupError) -> [Entry] {
    try File.names(in: path)
      .compactMap { name in
        Self.instant(in: name).map { Entry(path: "\(path)/\(name)", created: $0) }
      }
      .sorted { $0.created < $1.created }
  }

  package func newPath(now: Instant) -> String { "\(path)/\(Self.name(at: now))" }

  /// Removes the oldest ones beyond `count`; the newest stays whatever `count` is. Returns what was
  /// removed.
  @discardableResult
  package func keep(_ count: Int) throws(BackupError) -> [String] {
    let surplus = try entries().dropLast(max(1, count)).map(\.path)
    for path in surplus { File.remove(path) }
    return surplus
  }

  private static let (prefix, suffix) = ("joinery-", ".backup")

  private static func name(at now: Instant) -> String {
    let seconds = Instant(microseconds: now.microseconds / 1_000_000 * 1_000_000)
    return prefix + seconds.description.filter { $0 != "-" && $0 != ":" } + suffix
  }

  /// Nil for what is no name of a backup.
  private static func instant(in name: String) -> Instant? {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
    let text = Array(name.dropFirst(prefix.count).dropLast(suffix.count))
    guard text.count == 16, text[8] == "T", text[15] == "Z" else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      let digits = text[range]
      return digits.allSatisfy { $0.isASCII && $0.isNumber } ? Int(String(digits)) : nil
    }
    guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8),
      let hour = number(9..<11), let minute = number(11..<13), let second = number(13..<15),
      hour < 24, minute < 60, second < 60,
      let date = Day(year: year, month: month, day: day)
    else { return nil }
    let ofDay = (hour * 60 + minute) * 60 + second
    return Instant(
      microseconds: (Int64(date.daysSinceEpoch) * 86_400 + Int64(ofDay)) * 1_000_000)
  }
}
