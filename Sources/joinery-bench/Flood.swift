internal import ArgumentParser
private import Foundation

/// What became of orders that came faster than they could be placed.
struct FloodOutcome: Codable {
  var placed = 0
  /// Told to come again later.
  var shed = 0
  /// Refused in any other way.
  var failed = 0
  /// Seconds from the last request to the last answer.
  var afterwards = 0.0
}

/// Sends orders faster than the server can place them, from a process of its own that gets the
/// processor only when the server does not want it: real callers have machines of their own, and
/// here there may be two processors in all.
struct Flood: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sends more orders than the server can place; a part of the comparison.",
    shouldDisplay: false)

  @Option(name: .long) var port: Int
  @Option(name: .long, help: "Orders a second.") var rate: Double
  @Option(name: .long) var seconds: Double

  func run() async throws {
    let load = OrderLoad(port: port, callers: 64, connections: 64)
    try await load.place(500)
    for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task") {
      guard let id = id_t(thread),
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id, 10) == 0
      else { throw BenchFailure("cannot step back behind the server") }
    }
    let outcome = await load.flood(rate, seconds: seconds)
    print(String(decoding: try JSONEncoder().encode(outcome), as: UTF8.self))
  }

  /// The flood, by another process.
  static func onItsOwn(_ port: Int, rate: Double, seconds: Double) throws -> FloodOutcome {
    let run = try Tool.run(
      CommandLine.arguments[0],
      ["flood", "--port", "\(port)", "--rate", "\(rate)", "--seconds", "\(seconds)"])
    return try JSONDecoder().decode(FloodOutcome.self, from: Data(run.output.utf8))
  }
}
