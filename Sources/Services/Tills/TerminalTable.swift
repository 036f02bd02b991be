internal import Storage
internal import Values

/// A number of a terminal's queue that has its verdict: the log's entry of the command.
struct SettledNumber: Sendable {
  var number: Int64
  /// Of what the till sent under this number.
  var fingerprint: [UInt8]
  var commitSequence: Int64
  /// Full name of the method, in the log.
  var method: String
  var status: Int
  /// The encoded reply, or the encoded `google.rpc.Status` of a refusal.
  var reply: [UInt8]
  /// Whose data the caller could see then.
  var scope: DataScope
}

/// Which entry of the command log is the verdict on which number of which terminal. How far a
/// terminal is follows from it: there is no counter that could disagree.
enum TerminalTable {
  static func insert(
    _ terminal: String, _ number: Int64, fingerprint: [UInt8], command: Int64, in tx: Transaction
  ) throws {
    try tx.execute(
      "INSERT INTO terminal_command (terminal, number, fingerprint, command) VALUES (?, ?, ?, ?)",
      terminal, number, fingerprint, command)
  }

  /// The highest number that has its verdict, as all below it have; 0 for none.
  static func last(of terminal: String, in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first(
      "SELECT number FROM terminal_command WHERE terminal = ? ORDER BY number DESC LIMIT 1",
      terminal
    ) { $0.int64(0) } ?? 0
  }

  /// The verdict on a number; nil while there is none.
  static func settled(
    _ terminal: String, _ number: Int64, in snapshot: Snapshot
  ) throws -> SettledNumber? {
    try snapshot.first(
      """
      SELECT t.number, t.fingerprint, t.command, c.method, c.status, c.reply, c.scope
      FROM terminal_command t JOIN command c ON c.sequence = t.command
      WHERE t.terminal = ? AND t.number = ?
      """, terminal, number
    ) { row in
      SettledNumber(
        number: row.int64(0), fingerprint: row.blob(1), commitSequence: row.int64(2),
        method: row.text(3), status: row.int(4), reply: row.blob(5),
        scope: DataScope(storedText: row.text(6)))
    }
  }

  /// Commit sequence and time of the last verdict; nil for a terminal that is not in scope: of some
  /// data only, it is the caller itself.
  static func lastCommand(
    of terminal: String, in snapshot: Snapshot
  ) throws -> (number: Int64, sequence: Int64, at: Instant)? {
    try snapshot.first(
      """
      SELECT t.number, t.command, c.at
      FROM terminal_command t JOIN command c ON c.sequence = t.command
      WHERE t.terminal = ? AND in_scope(NULL, NULL, NULL, t.terminal)
      ORDER BY t.number DESC LIMIT 1
      """, terminal
    ) { ($0.int64(0), $0.int64(1), $0.instant(2)) }
  }

  /// Numbers run from 1 without gaps, and each points to a command.
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    let gaps = try snapshot.all(
      """
      SELECT terminal, count(*), min(number), max(number) FROM terminal_command
      GROUP BY terminal HAVING min(number) <> 1 OR max(number) <> count(*) LIMIT 1000
      """
    ) { row in
      InvariantViolation(
        "tills.numbers-without-gap", "Numbers of the terminal \(row.text(0)) are missing.",
        [
          Fact("terminal", row.text(0)), Fact("count", row.int64(1)),
          Fact("first", row.int64(2)), Fact("last", row.int64(3)),
        ])
    }
    let orphans = try snapshot.all(
      """
      SELECT t.terminal, t.number, t.command FROM terminal_command t
      WHERE NOT EXISTS (SELECT 1 FROM command c WHERE c.sequence = t.command) LIMIT 1000
      """
    ) { row in
      InvariantViolation(
        "tills.number-has-command",
        "Number \(row.int64(1)) of the terminal \(row.text(0)) points to no entry of the log.",
        [
          Fact("terminal", row.text(0)), Fact("number", row.int64(1)),
          Fact("sequence", row.int64(2)),
        ])
    }
    return gaps + orphans
  }
}
