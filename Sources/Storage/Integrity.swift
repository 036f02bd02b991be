extension Snapshot {
  /// Reads the whole file and names what is damaged, or nothing: structure, indexes, constraints,
  /// and references to rows that are not there. At most a hundred findings of each kind. Takes
  /// seconds per gigabyte.
  package func damage() throws -> [String] {
    var findings: [String] = []
    do {
      try forEach("PRAGMA integrity_check(100)") { findings.append($0.text(0)) }
      if findings == ["ok"] { findings = [] }
      var dangling = 0
      try forEach("PRAGMA foreign_key_check") { row in
        dangling += 1
        guard dangling <= 100 else { return }
        let id = row.optionalInt64(1).map { " \($0)" } ?? ""
        findings.append("row\(id) of \(row.text(0)) refers to a missing row of \(row.text(2))")
      }
    } catch let error as StorageError where error.code == .corrupt {
      // Too damaged for the check itself to go on.
      findings.append(error.message)
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
