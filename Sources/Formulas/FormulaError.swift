/// Why a formula is none, and where: found when it is loaded, never when it is evaluated.
package struct FormulaError: Error, Hashable, Sendable, CustomStringConvertible {
  /// From 1.
  package let line: Int
  /// In characters, from 1.
  package let column: Int
  /// One sentence without a full stop.
  package let problem: String

  init(_ problem: String, at offset: Int, in text: String) {
    let place = Place(offset, in: text)
    line = place.line
    column = place.column
    self.problem = problem
  }

  package var description: String { "line \(line), column \(column): \(problem)" }
}

/// Line and column of a byte of a text, both from 1.
package struct Place: Hashable, Sendable, CustomStringConvertible {
  package let line: Int
  package let column: Int

  init(_ offset: Int, in text: String) {
    let before = text.utf8.prefix(offset)
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { before.index(after: $0) }
    line = 1 + before.count { $0 == UInt8(ascii: "\n") }
    let lead = before[(start ?? before.startIndex)...]
    // Every byte that does not go on with a character begins one.
    column = 1 + lead.count { $0 & 0b1100_0000 != 0b1000_0000 }
  }

  package var description: String { "line \(line), column \(column)" }
}
