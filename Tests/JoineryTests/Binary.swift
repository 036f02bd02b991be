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
    try await run(arguments, input: input)
  }

  static func run(_ arguments: [String], input: String = "") async throws -> Result {
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
  /// Where it listens, in the order of `listen`.
  let addresses: [String]
  private let process: Process
  private let output: FileHandle
  private let errors: FileHandle

  var address: String { addresses[0] }

  /// Returns when the server says that it listens.
  init(database: URL, listen: [String] = ["127.0.0.1:0"], _ arguments: String...) throws {
    process = Process()
    process.executableURL = Binary.url
    process.arguments =
      ["serve", "--database", database.path] + listen.flatMap { ["--listen", $0] } + arguments
    let (pipe, errorPipe) = (Pipe(), Pipe())
    process.standardOutput = pipe
    process.standardError = errorPipe
    try process.run()
    output = pipe.fileHandleForReading
    errors = errorPipe.fileHandleForReading
    let (standardOutput, standardError) = (output, errors)
    addresses = try listen.map { _ in
      let line = try Self.line(standardOutput)
      guard line.hasPrefix("listening ") else {
        let complaint = try Self.line(standardError)
        throw Failure(text: line + complaint)
      }
      return String(line.dropFirst("listening ".count))
    }
  }

  struct Failure: Error { let text: String }

  /// The next line that it writes to standard error; waits for it.
  func nextError() throws -> String { try Self.line(errors) }

  /// SIGHUP.
  func hangUp() { Foundation.kill(process.processIdentifier, SIGHUP) }

  private static func line(_ handle: FileHandle) throws -> String {
    var line = Data()
    while let byte = try handle.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
      line += byte
    }
    return String(decoding: line, as: UTF8.self)
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
