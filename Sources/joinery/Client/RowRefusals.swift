internal import ArgumentParser
internal import Messages

/// A batch is answered row by row. For a script one refused row is a refusal.
enum RowRefusals {
  /// Ends the program with the exit code of a refusal when a row of the answer was refused.
  static func check(_ bytes: [UInt8], as message: String) throws {
    guard case .object(let members) = try JSONMapping().value(bytes, as: message) else { return }
    for member in members where member.name == "verdicts" {
      guard case .array(let rows) = member.value else { continue }
      if rows.contains(where: isRefused) { throw ExitCode(1) }
    }
  }

  private static let refusals: Set<String> = ["ROW_OUTCOME_REFUSED", "SYNC_OUTCOME_REFUSED"]

  private static func isRefused(_ row: JSONValue) -> Bool {
    guard case .object(let members) = row else { return false }
    return members.contains { member in
      if case .text(let text) = member.value { refusals.contains(text) } else { false }
    }
  }
}
