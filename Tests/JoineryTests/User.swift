import ChildProcess
import Foundation

/// Somebody with a configuration folder of its own.
struct User {
  let environment: [String: String]

  init(_ server: String, _ configuration: URL, tokenFile: URL? = nil) {
    var environment = [
      "JOINERY_SERVER": server, "XDG_CONFIG_HOME": configuration.path,
    ]
    environment["JOINERY_TOKEN_FILE"] = tokenFile?.path
    self.environment = environment
  }

  func run(_ arguments: String..., input: String = "") async throws -> Binary.Result {
    try await run(arguments, input: input)
  }

  func run(_ arguments: [String], input: String = "") async throws -> Binary.Result {
    try await Binary.run(arguments, input: input, environment: environment)
  }
}

/// A command that is told each line only when it is time.
final class Dialogue {
  private let process: ChildProcess
  private var heard = ""

  init(_ user: User, _ arguments: String...) throws {
    let words = user.environment.map { "\($0)=\($1)" } + [Binary.url.path] + arguments
    process = try ChildProcess(
      "/usr/bin/env", words, input: .piped, output: .piped, errors: .nothing)
  }

  func say(_ line: String) throws {
    try process.input.write(contentsOf: Data((line + "\n").utf8))
  }

  struct Silence: Error { let heard: String }

  /// What stands in the group of the pattern, once it is printed.
  func hear(_ pattern: Regex<(Substring, Substring)>) throws -> String {
    while true {
      if let match = try pattern.firstMatch(in: heard) { return String(match.output.1) }
      guard let more = try process.output.read(upToCount: 1), !more.isEmpty else {
        throw Silence(heard: heard)
      }
      heard += String(decoding: more, as: UTF8.self)
    }
  }

  /// All that it printed, once it has ended.
  func end() throws -> (status: Int32, output: String) {
    try process.input.close()
    heard += String(decoding: try process.output.readToEnd() ?? Data(), as: UTF8.self)
    return (process.wait(), heard)
  }
}
