private import Foundation

/// Asks for secrets: at a terminal without showing them, else a line of standard input each.
enum Prompt {
  /// Whether somebody sits there who can be asked.
  static var isPossible: Bool { isatty(STDIN_FILENO) == 1 }

  /// Throws at the end of input.
  static func secret(_ question: String) throws -> String {
    guard isatty(STDIN_FILENO) == 1 else { return try line(question) }
    ask(question + ": ")
    var shown = termios()
    guard tcgetattr(STDIN_FILENO, &shown) == 0 else {
      throw Failure("cannot hide what is typed here")
    }
    var hidden = shown
    hidden.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
    defer {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
      ask("\n")
    }
    return try line(question)
  }

  /// A new secret, twice where it is typed.
  static func newSecret(_ question: String) throws -> String {
    let first = try secret(question)
    guard isatty(STDIN_FILENO) == 1 else { return first }
    guard try secret("\(question), once more") == first else {
      throw Failure("the two are not the same")
    }
    return first
  }

  private static func ask(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  private static func line(_ question: String) throws -> String {
    guard let line = readLine(strippingNewline: true), !line.isEmpty else {
      throw Failure("\(question) is missing: type it, or give it as a line of standard input")
    }
    return line
  }
}
