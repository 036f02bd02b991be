internal import Storage
internal import Values

/// Walks the command log and recomputes its hash chain.
enum AuditChain {
  struct Result: Sendable {
    var entries: Int64 = 0
    var head = AuditHash.genesis
    var violations: [InvariantViolation] = []
  }

  /// Everything that does not fit, with its position: a gap in the sequence, or an entry whose hash
  /// is not that of its contents. After a wrong hash the walk goes on from the stored one, so that
  /// one forgery is reported once.
  static func check(in snapshot: Snapshot) throws -> Result {
    var result = Result()
    var last: Int64 = 0
    try CommandTable.forEach(in: snapshot) { entry, stored in
      if entry.sequence != last + 1 {
        result.violations.append(
          InvariantViolation(
            rule, "Entries are missing between \(last) and \(entry.sequence).",
            [Fact("after", last), Fact("next", entry.sequence)]))
      }
      let events = try EventTable.events(of: entry.sequence, in: snapshot)
      if AuditHash.hash(of: entry, events: events, after: result.head) != stored {
        result.violations.append(
          InvariantViolation(
            rule, "Entry \(entry.sequence) is not what was recorded.",
            [Fact("sequence", entry.sequence), Fact("method", entry.method)]))
      }
      last = entry.sequence
      result.head = stored
      result.entries += 1
    }
    return result
  }

  static let rule = "audit.hash-chain"
}
