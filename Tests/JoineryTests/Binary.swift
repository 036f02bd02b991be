import Foundation
import Testing

/// The built `joinery`, run as a user runs it.
enum Binary {
  static let url: URL = {
    if let path = ProcessInfo.processInfo.environment["JOINERY_BINARY"] {
      return URL(filePath: path)
    }
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return root.appending(path: ".build/debug/joinery")
  }()

  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Runs a command to its end.
  static func run(_ arguments: String..., input: String = "") async throws -> Result {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    let (output, errors, standardInput) = (Pipe(), Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = standardInput
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    let texts = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for (index, pipe) in [output, errors].enumerated() {
        let handle = pipe.fileHandleForReading
        group.addTask {
          (index, String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self))
        }
      }
      return try await group.reduce(into: ["", ""]) { $0[$1.0] = $1.1 }
    }
    process.waitUntilExit()
    return Result(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }

  /// A folder of its own for one test.
  static func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "joinery-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}

/// A running `joinery serve`.
final class ServerProcess {
  let address: String
  private let process: Process
  private let output: FileHandle

  /// Returns when the server says that it listens.
  init(database: URL) throws {
    process = Process()
    process.executableURL = Binary.url
    process.arguments = ["serve", "--listen", "127.0.0.1:0", "--database", database.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    output = pipe.fileHandleForReading
    var line = Data()
    while let byte = try output.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
      line += byte
    }
    let text = String(decoding: line, as: UTF8.self)
    try #require(text.hasPrefix("listening 127.0.0.1:"), "\(text)")
    address = String(text.dropFirst("listening ".count))
  }

  /// SIGTERM, as a supervisor sends it; the exit status.
  func stop() -> Int32 {
    process.terminate()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// kill -9.
  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
