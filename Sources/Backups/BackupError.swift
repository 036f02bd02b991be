/// Why a backup cannot be made, read or restored: one sentence that names the file.
package struct BackupError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: Hashable, Sendable {
    /// A file cannot be read or written, or is there where none should be.
    case file
    /// The file is no backup of ours, or of a newer format.
    case foreignFile
    /// The key is missing, is not for this file, or its own file is wrong.
    case key
    /// Bytes were changed, moved, added or lost.
    case damaged
    /// The file ends in the middle, as that of a process that was killed.
    case cutOff
    /// Records of the log are missing, or there is nothing of the time that was asked for.
    case gap
    /// The database could not be copied.
    case database
  }

  package let code: Code
  package let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
