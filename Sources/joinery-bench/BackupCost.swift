private import Foundation

/// What backups and the shipped log cost those who place orders meanwhile: bursts with and without
/// them in turns, on the large database or a copy of it beside it.
struct BackupCost {
  let plan: Measurement.Plan
  /// The database.
  let large: String

  private var folder: String { "\(plan.directory)/backups" }

  func measure(
    _ table: inout ResultTable, burst: (ServerProcess) async throws -> Measurement.Burst
  ) async throws {
    let copy = "\(plan.directory)/shipped"
    try DatabaseCopy.make(of: large, at: copy)
    let shipper = try ServerProcess(
      plan.joinery, database: copy, options: ["--backup-folder", folder])
    defer { shipper.stop() }
    // The first backup is a copy as well, whose cost is the other figure.
    while try !hasBackup() { try await Task.sleep(for: .milliseconds(20)) }
    let server = try ServerProcess(plan.joinery, database: large)
    defer { server.stop() }
    sync()
    var copying: [Double] = []
    var shipping: [Double] = []
    var copies = 0
    for round in 1...plan.rounds {
      let before = try await burst(server).rate
      let shipped = try await burst(shipper).rate
      let after = try await burst(server).rate
      let plain = (before + after) / 2
      shipping.append(shipped / plain)
      let copier = try Copier(plan.joinery, of: large, at: "\(plan.directory)/copy.backup")
      let beside = try await burst(server).rate
      copies += copier.stop()
      copying.append(beside / plain)
      Progress.say(
        "round \(round): \(whole(plain)) orders a second, "
          + "\(ResultTable.text(beside / plain, 2)) of it beside a backup, "
          + "\(ResultTable.text(shipped / plain, 2)) with the log shipped")
    }
    table.add("PlaceOrder rate beside a running backup ÷ alone", median(copying), .atLeast(0.85))
    table.add("PlaceOrder rate with the log shipped ÷ without", median(shipping), .atLeast(0.85))
    table.note("backups begun beside those orders", "\(copies)")
    table.note("log shipped", "\(try bytesOfLog() / (plan.batch * plan.rounds)) bytes an order")
    shipper.stop()
    try DatabaseCopy.remove(copy)
    try? FileManager.default.removeItem(atPath: folder)
  }

  private func hasBackup() throws -> Bool {
    try FileManager.default.contentsOfDirectory(atPath: folder).contains { $0.hasSuffix(".backup") }
  }

  private func bytesOfLog() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".log") }
      .map {
        try FileManager.default.attributesOfItem(atPath: "\(folder)/\($0)")[.size] as? Int ?? 0
      }
      .reduce(0, +)
  }
}

/// Makes one backup after the other until it is told to stop.
private final class Copier: Sendable {
  private let process = Process()

  init(_ joinery: String, of database: String, at target: String) throws {
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c",
      """
      trap 'kill $child; wait $child; rm -f "$2".copy-* "$3"*; exit' TERM
      while true; do
        rm -f "$3"; echo
        "$1" backup create "$3" --database "$2" > /dev/null & child=$!
        wait $child
      done
      """, "copier", joinery, database, target,
    ]
    process.standardOutput = output
    try process.run()
  }

  private let output = Pipe()

  /// How many it has begun.
  func stop() -> Int {
    process.terminate()
    process.waitUntilExit()
    return output.fileHandleForReading.availableData.count
  }
}
