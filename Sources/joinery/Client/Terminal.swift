private import Foundation

/// Lines to the terminal, each written whole.
enum Terminal {
  static func standardOutput(_ line: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
  }

  static func standardError(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }

  static var outputIsATerminal: Bool { isatty(STDOUT_FILENO) == 1 }
}

/// Ends the program with one line for people.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
