import ChildProcess
import Foundation

/// Python's protobuf, an implementation independent of ours, asked by way of
/// Tests/Oracle/oracle.py.
struct Oracle {
  let python: String

  /// Nil where the project's virtual environment (`make setup`) is absent.
  static let available: Oracle? = {
    let environment = ProcessInfo.processInfo.environment
    let python = environment["JOINERY_PYTHON"] ?? root.appending(path: ".venv/bin/python3").path
    guard FileManager.default.isExecutableFile(atPath: python) else { return nil }
    return Oracle(python: python)
  }()

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Runs the script; returns what it printed.
  func run(_ arguments: [String], input: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // By way of files: with pipes, both sides could wait for each other.
    let (source, target) = (folder.appending(path: "in"), folder.appending(path: "out"))
    try Data(input.utf8).write(to: source)
    try Data().write(to: target)
    let process = try ChildProcess(
      python, [Self.root.appending(path: "Tests/Oracle/oracle.py").path] + arguments,
      input: .file(FileHandle(forReadingFrom: source)),
      output: .file(FileHandle(forWritingTo: target)))
    guard process.wait() == 0 else { throw OracleFailed() }
    return String(decoding: try Data(contentsOf: target), as: UTF8.self)
  }
}

/// The script ended with an error, which it has written to standard error.
struct OracleFailed: Error {}

extension [UInt8] {
  var hex: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  init(hex: some StringProtocol) {
    let digits = Array(hex.utf8).map { UInt8($0 < 0x40 ? $0 - 0x30 : $0 - 0x57) }
    self = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
