import Storage
import Values

/// What can be typed to find a product or a customer: code, names, their pinyin and its initials,
/// and phone number, folded to lower case. One index answers "begins with" for all of them.
enum SearchTermTable {
  enum Subject: String, Bindable {
    case product = "PRODUCT"
    case customer = "CUSTOMER"
  }

  /// The terms of one row, each once; empty texts are no terms.
  static func terms(_ texts: [String]) -> Set<String> {
    Set(texts.filter { !$0.isEmpty }.map { $0.lowercased() })
      .union(texts.flatMap(Pinyin.terms))
  }

  static func insert(
    _ subject: Subject, code: String, terms: Set<String>, in tx: Transaction
  ) throws {
    for term in terms.sorted() {
      try tx.execute(
        "INSERT INTO search_term (subject, code, term) VALUES (?, ?, ?)", subject, code, term)
    }
  }

  static func replace(
    _ subject: Subject, code: String, terms: Set<String>, in tx: Transaction
  ) throws {
    try tx.execute("DELETE FROM search_term WHERE subject = ? AND code = ?", subject, code)
    try insert(subject, code: code, terms: terms, in: tx)
  }

  /// The half-open range of terms that begin with `prefix`: U+10FFFF sorts after every text that
  /// goes on.
  static func range(of prefix: String) -> (first: String, last: String) {
    let first = prefix.lowercased()
    return (first, first + "\u{10FFFF}")
  }

  /// Whether a term begins with `prefix`, in lower case.
  static func has(_ prefix: String, _ subject: Subject, in snapshot: Snapshot) throws -> Bool {
    try next(from: prefix, below: prefix, subject, in: snapshot) != nil
  }

  /// The first term from `first` on that begins with `prefix`.
  static func next(
    from first: String, below prefix: String, _ subject: Subject, in snapshot: Snapshot
  ) throws -> String? {
    try snapshot.first(
      """
      SELECT term FROM search_term WHERE subject = ? AND term >= ? AND term < ?
      ORDER BY term LIMIT 1
      """, subject, first, range(of: prefix).last
    ) { $0.text(0) }
  }
}
