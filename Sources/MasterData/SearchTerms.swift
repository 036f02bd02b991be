package import Storage

/// The terms by which rows are found, kept at what this server makes of names.
package enum SearchTerms {
  /// 2: with pinyin.
  private static let version: Int64 = 2

  /// Whether an older server made them.
  package static func areOld(in snapshot: Snapshot) throws -> Bool {
    let stored = try snapshot.first("SELECT version FROM search_term_version") { $0.int64(0) }
    return stored != version
  }

  /// Makes the terms of all products and customers anew.
  package static func renew(in tx: Transaction) throws {
    try tx.execute("DELETE FROM search_term")
    try ProductTable.insertTerms(in: tx)
    try CustomerTable.insertTerms(in: tx)
    try tx.execute("UPDATE search_term_version SET version = ? WHERE id = 1", version)
  }
}
