package import Storage
package import Values

/// The number series of documents: one per kind and year, without gaps, because a number that a
/// refused or failed command took goes back with the rest of its transaction. A number is taken
/// last, after everything that may refuse.
package enum DocumentNumbers {
  /// "SO-2026-000123"; the millionth and later ones of a year are just longer.
  package static func next(
    _ kind: DocumentKind, on day: Day, in tx: Transaction
  ) throws -> String {
    let year = day.year
    try tx.execute(
      """
      INSERT INTO document_number (kind, year, last) VALUES (?, ?, 1)
      ON CONFLICT (kind, year) DO UPDATE SET last = document_number.last + 1
      """, kind, year)
    let number =
      try tx.first(
        "SELECT last FROM document_number WHERE kind = ? AND year = ?", kind, year
      ) { $0.int64(0) } ?? 0
    let digits = String(number)
    let zeros = String(repeating: "0", count: max(0, 6 - digits.utf8.count))
    return "\(kind.prefix)-\(year)-\(zeros)\(digits)"
  }
}
