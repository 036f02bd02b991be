private import Foundation

/// `joinery serve` on a free port, as a process of its own.
final class ServerProcess {
  let port: Int
  let secondsToListening: Double
  private let process = Process()

  /// Callers are believed unless they are to prove who they are.
  init(
    _ joinery: String, database: String, options: [String] = [], proves: Bool = false
  ) throws {
    process.executableURL = URL(fileURLWithPath: joinery)
    process.arguments =
      [
        "serve", "--listen", "127.0.0.1:0", "--database", database, "--log-level", "error",
      ] + (proves ? [] : ["--trust-callers"]) + options
    let output = Pipe()
    process.standardOutput = output
    let start = ContinuousClock.now
    try process.run()
    var line = ""
    while !line.hasSuffix("\n") {
      let bytes = output.fileHandleForReading.availableData
      guard !bytes.isEmpty else { throw BenchFailure("the server did not start on \(database)") }
      line += String(decoding: bytes, as: UTF8.self)
    }
    secondsToListening = (ContinuousClock.now - start).inSeconds
    guard let port = line.split(separator: ":").last.flatMap({ Int($0.dropLast()) }) else {
      throw BenchFailure("the server said \(line)")
    }
    self.port = port
  }

  /// Ends it in order; the file is then whole without its log.
  func stop() {
    guard process.isRunning else { return }
    process.terminate()
    process.waitUntilExit()
  }

  /// Processor time so far, user and system, of all threads.
  func processorSeconds() throws -> Double {
    let stat = try contents("stat")
    // The name of the program, in parentheses, may hold blanks; fields 14 and 15 count ticks.
    let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
      throw BenchFailure("unreadable /proc/PID/stat")
    }
    return Double(user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  func residentBytes() throws -> Int {
    let line = try contents("status").split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    guard let kibibytes = line?.split(separator: " ").dropLast().last.flatMap({ Int($0) }) else {
      throw BenchFailure("unreadable /proc/PID/status")
    }
    return kibibytes * 1024
  }

  private func contents(_ name: String) throws -> String {
    try String(contentsOfFile: "/proc/\(process.processIdentifier)/\(name)", encoding: .utf8)
  }
}

/// A run of `joinery` to its end.
enum Tool {
  static func run(
    _ joinery: String, _ arguments: [String]
  ) throws -> (output: String, seconds: Double) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: joinery)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    let start = ContinuousClock.now
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let seconds = (ContinuousClock.now - start).inSeconds
    let text = String(decoding: bytes, as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw BenchFailure("joinery \(arguments.joined(separator: " ")): \(text)")
    }
    return (text, seconds)
  }
}

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}

/// Ends the run with one line.
struct BenchFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
