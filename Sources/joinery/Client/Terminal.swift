private import Foundation

/// Lines to the terminal, each written whole. Text that came from elsewhere cannot steer it: of the
/// control characters only line breaks and tabs get through.
enum Terminal {
  static func standardOutput(_ line: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data((harmless(line) + "\n").utf8))
  }

  /// A line of output that may go on for ever; throws when nobody reads it any more.
  static func stream(_ line: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data((harmless(line) + "\n").utf8))
    } catch {
      throw Failure("cannot write to standard output")
    }
  }

  static func standardError(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data((harmless(line) + "\n").utf8))
  }

  private static func harmless(_ line: String) -> String {
    let isHarmful = { (scalar: Unicode.Scalar) in
      scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
    }
    guard line.unicodeScalars.contains(where: isHarmful) else { return line }
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: line.unicodeScalars.map { isHarmful($0) ? "\u{FFFD}" : $0 })
    return String(kept)
  }
}

/// Ends the program with one line for people.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
