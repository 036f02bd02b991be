internal import Storage
internal import Values

/// The audit of a database as one of its invariants.
enum AuditChain {
  struct Result: Sendable {
    let entries: Int64
    let head: [UInt8]
    let violations: [InvariantViolation]
  }

  /// Everything that does not fit, with its position.
  static func check(in snapshot: Snapshot) throws -> Result {
    let verdict = try AuditFile.check(logIn: snapshot)
    return Result(
      entries: verdict.entries, head: verdict.head,
      violations: verdict.findings.map {
        InvariantViolation(rule, $0.text, [Fact("sequence", $0.position)])
      })
  }

  static let rule = "audit.hash-chain"
}
