import ChildProcess
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

  /// With more in the environment than the test has.
  static func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) async throws -> Result {
    let words = environment.map { "\($0)=\($1)" } + [url.path] + arguments
    let process = try ChildProcess(
      "/usr/bin/env", words, input: .piped, output: .piped, errors: .piped)
    try process.input.write(contentsOf: Data(input.utf8))
    try process.input.close()
    let texts = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for (index, handle) in [process.output, process.errors].enumerated() {
        group.addTask {
          (index, String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self))
        }
      }
      return try await group.reduce(into: ["", ""]) { $0[$1.0] = $1.1 }
    }
    return Result(status: process.wait(), output: texts[0], errors: texts[1])
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
  private let process: ChildProcess

  var address: String { addresses[0] }

  /// What it said before it listened.
  let greeting: String

  /// Returns when the server says that it listens. It believes callers unless they are to prove who
  /// they are.
  init(
    database: URL, listen: [String] = ["127.0.0.1:0"], trustsCallers: Bool = true,
    _ arguments: String...
  ) throws {
    let process = try ChildProcess(
      Binary.url.path,
      ["serve", "--database", database.path] + listen.flatMap { ["--listen", $0] }
        + (trustsCallers ? ["--trust-callers"] : []) + arguments,
      output: .piped, errors: .piped)
    self.process = process
    var greeting = ""
    addresses = try listen.map { _ in
      var line = try Self.line(process.output)
      while !line.isEmpty, !line.hasPrefix("listening ") {
        greeting += line + "\n"
        line = try Self.line(process.output)
      }
      guard line.hasPrefix("listening ") else {
        let complaint = try Self.line(process.errors)
        throw Failure(text: line + complaint)
      }
      return String(line.dropFirst("listening ".count))
    }
    self.greeting = greeting
  }

  struct Failure: Error { let text: String }

  /// The next line that it writes to standard error; waits for it.
  func nextError() throws -> String { try Self.line(process.errors) }

  /// SIGHUP.
  func hangUp() { process.send(SIGHUP) }

  private static func line(_ handle: FileHandle) throws -> String {
    var line = Data()
    while let byte = try handle.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
      line += byte
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// All that it has written since it listened, at its end by SIGTERM.
  func stopAndRead() throws -> String {
    process.send(SIGTERM)
    let texts = try [process.output, process.errors].map { handle in
      String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    }
    process.wait()
    return texts.joined()
  }

  /// SIGTERM, as a supervisor sends it; the exit status.
  func stop() -> Int32 {
    process.send(SIGTERM)
    return process.wait()
  }

  /// kill -9.
  func kill() {
    process.send(SIGKILL)
    process.wait()
  }
}
