/// How much of a database there is, as one snapshot sees it: what is still in its log included.
package struct PageUse: Hashable, Sendable {
  package let pageBytes: Int
  package let count: Int
  /// Of them, those that hold nothing now.
  package let free: Int
}

extension Snapshot {
  package func pageUse() throws -> PageUse {
    func number(_ sql: StaticString) throws -> Int { try first(sql) { $0.int(0) } ?? 0 }
    return PageUse(
      pageBytes: try number("PRAGMA page_size"), count: try number("PRAGMA page_count"),
      free: try number("PRAGMA freelist_count"))
  }

  /// The migration that ran last; nil where none has.
  package func newestMigration() throws -> String? {
    try first("SELECT id FROM joinery_migration ORDER BY position DESC LIMIT 1") { $0.text(0) }
  }
}

extension Database {
  /// Pages by the name of the key that protects them, the one that is given to pages that are
  /// written now first; the empty name for a checksum. Empty in memory, and while pages are being
  /// counted: those with other keys are counted after the start, and after each new key; all
  /// others, also those that have come since, have the newest.
  package func protection(of use: PageUse) -> [(key: String, pages: Int)] {
    guard let pages else { return [] }
    guard pages.sealingKey != nil else { return [("", use.count)] }
    guard let counts = statistics.pages else { return [] }
    let others = counts.byKey.filter { $0.key != counts.key && $0.value > 0 }
      .sorted { $0.key < $1.key }.map { (key: $0.key, pages: $0.value) }
    let rest = others.reduce(use.count) { $0 - $1.pages }
    return [(counts.key, max(0, rest))] + others
  }
}
