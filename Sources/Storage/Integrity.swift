extension Snapshot {
  /// Reads the whole file and names what is damaged, or nothing: pages, structure, indexes,
  /// constraints, and references to rows that are not there. At most a hundred findings of each
  /// kind. Takes seconds per gigabyte.
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
    return try connection.damagedPages() + findings
  }
}

extension Connection {
  /// Where the engine keeps its locks, beyond a gigabyte: nothing is ever written there.
  private static let lockPage = UInt32(0x4000_0000 / PageProtection.pageBytes + 1)

  /// A hundred of the pages that are not what was written, those included that nothing is in.
  fileprivate func damagedPages() throws(StorageError) -> [String] {
    guard let protected else { return [] }
    var page = [UInt8](repeating: 0, count: PageProtection.pageBytes)
    var damaged: [(page: UInt32, finding: String)] = []
    for number in 1...(max(1, try countPages())) where number != Self.lockPage {
      guard let finding = try damage(ofPage: number, &page) else { continue }
      // Taken at once and never used: where it is used, the check of the structure meets it.
      if try isEmpty(page: number, &page) { continue }
      damaged.append((number, finding))
      if damaged.count == 100 { break }
    }
    if damaged.isEmpty { return [] }
    // What is in the log takes its place: a machine may have stopped while it was being copied.
    let log = try LogPages(DatabaseFile(path: protected.path), protected.pages).pages
    return damaged.filter { !log.contains($0.page) }.map(\.finding)
  }
}

extension Database {
  /// `Snapshot.damage` on a snapshot of its own.
  nonisolated(nonsending) package func damage() async throws -> [String] {
    try await read { try $0.damage() }
  }
}
