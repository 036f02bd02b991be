import Storage
import Values

/// What somebody may have meant who mistyped what a code, name or phone begins with: one character
/// too many, too few or another, or two that changed places. The first one is taken to be right,
/// and what could follow each of the others is looked up in the index by which terms are found: it
/// takes some two thousand steps in it at most, however many terms there are.
enum SearchTypos {
  /// Fewer characters are like everything.
  static let shortest = 3
  /// Longer texts are typed by nobody.
  static let longest = 20
  /// Different characters that are tried at one place, in their order.
  private static let mostTried = 40
  /// Beginnings that are answered.
  private static let mostFound = 20

  /// Beginnings of terms that are one mistake away from `text`, which none begins with.
  static func prefixes(
    like text: String, of subject: SearchTermTable.Subject, in snapshot: Snapshot
  ) throws -> [String] {
    let typed = Array(text.lowercased().unicodeScalars)
    // A name of two characters has no room for another one; it is typed by how it sounds.
    let readings = try readings(of: text, typed.count, of: subject, in: snapshot)
    if !readings.isEmpty { return readings }
    guard (shortest...longest).contains(typed.count) else { return [] }
    var found: [String] = []
    func look(_ candidate: [Unicode.Scalar]) throws {
      let prefix = Self.text(candidate)
      guard found.count < mostFound, !found.contains(prefix),
        try SearchTermTable.has(prefix, subject, in: snapshot)
      else { return }
      found.append(prefix)
    }
    for place in 1..<typed.count {
      // One too many; where it is the last one, also any other in its place.
      try look(Array(typed[..<place] + typed[(place + 1)...]))
      guard place + 1 < typed.count else { break }
      try look(Array(typed[..<place] + [typed[place + 1], typed[place]] + typed[(place + 2)...]))
      let before = Self.text(Array(typed[..<place]))
      guard try SearchTermTable.has(before, subject, in: snapshot) else { break }
      for next in try following(before, of: subject, in: snapshot) {
        // Another one, or one too few.
        try look(Array(typed[..<place] + [next] + typed[(place + 1)...]))
        try look(Array(typed[..<place] + [next] + typed[place...]))
      }
    }
    return found
  }

  /// How Chinese text is read, where terms begin so: 张为 for 张伟.
  private static func readings(
    of text: String, _ count: Int, of subject: SearchTermTable.Subject, in snapshot: Snapshot
  ) throws -> [String] {
    guard (2...longest).contains(count) else { return [] }
    return try Pinyin.readings(text).sorted().filter {
      try SearchTermTable.has($0, subject, in: snapshot)
    }
  }

  /// The characters that terms have after `prefix`, each found by a step over all terms that have
  /// the one before.
  private static func following(
    _ prefix: String, of subject: SearchTermTable.Subject, in snapshot: Snapshot
  ) throws -> [Unicode.Scalar] {
    var found: [Unicode.Scalar] = []
    var first = prefix
    while found.count < mostTried,
      let term = try SearchTermTable.next(from: first, below: prefix, subject, in: snapshot)
    {
      if let next = term.unicodeScalars.dropFirst(prefix.unicodeScalars.count).first {
        found.append(next)
        first = prefix + text([next, "\u{10FFFF}"])
      } else {
        // The prefix itself is a term.
        first = prefix + "\u{1}"
      }
    }
    return found
  }

  private static func text(_ scalars: [Unicode.Scalar]) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }
}
