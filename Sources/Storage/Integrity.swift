extension Snapshot {
  /// Reads the whole file and names what is damaged, or nothing: structure, indexes, constraints, and
  /// references to rows that are not there. At most a hundred findings. Takes seconds per gigabyte.
  package func damage() throws -> [String] {
    var findings = try all("PRAGMA integrity_check(100)") { $0.text(0) }
    if findings == ["ok"] { findings = [] }
    try forEach("PRAGMA foreign_key_check") { row in
      guard findings.count < 100 else { return }
      let id = row.optionalInt64(1).map { " \($0)" } ?? ""
      findings.append("row\(id) of \(row.text(0)) refers to a missing row of \(row.text(2))")
    }
    return findings
  }
}

extension Database {
  /// `Snapshot.damage` on a snapshot of its own.
  nonisolated(nonsending) package func damage() async throws -> [String] {
    try await read { try $0.damage() }
  }
}
