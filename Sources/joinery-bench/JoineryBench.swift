internal import ArgumentParser
private import Foundation

/// `make bench`.
@main
struct JoineryBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "joinery-bench",
    abstract: "Measures the server against plain SQLite, side by side, and prints one table.",
    subcommands: [Compare.self, Flood.self], defaultSubcommand: Compare.self)
}

/// Ratios against plain SQLite on the same machine, measured side by side in one run.
private struct Compare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the table.",
    discussion: """
      The server runs as a process of its own, so that the callers' work is not counted as the \
      server's. Rounds alternate between what is compared; each figure is the median of the rounds.
      """)

  @Option(name: .long, help: "The binary to measure.")
  var joinery = ".build/release/joinery"

  @Option(name: .long, help: "Where the databases go; on the disk that is to be measured.")
  var directory = ".build/bench"

  @Option(name: .long, help: "Orders in the large database.")
  var orders: Int?

  @Option(name: .long, help: "Orders of one round.")
  var batch: Int?

  @Option(name: .long, help: "Rounds.")
  var rounds: Int?

  @Flag(name: .long, help: "A rough answer in half a minute: a small large database, few rounds.")
  var quick = false

  @Flag(name: .long, help: "Keep the large database and take one that an earlier run has kept.")
  var keep = false

  @Option(name: .long, help: "Only this part of the figures; may be repeated.")
  var part: [Measurement.Part] = Measurement.Part.allCases

  func validate() throws {
    for (name, value) in [("--orders", orders), ("--batch", batch), ("--rounds", rounds)] {
      if let value, value < 1 { throw ValidationError("\(name) is at least 1") }
    }
  }

  func run() async throws {
    let files = FileManager.default
    try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let plan = Measurement.Plan(
      joinery: joinery, directory: directory, orders: orders ?? (quick ? 20_000 : 1_000_000),
      batch: batch ?? (quick ? 2_000 : 6_000), rounds: rounds ?? (quick ? 3 : 5),
      keepsLargeFile: keep, parts: Set(part))
    let table = try await Measurement(plan: plan).run()
    if !keep { try? files.removeItem(atPath: directory) }
    print(table.text)
  }
}
