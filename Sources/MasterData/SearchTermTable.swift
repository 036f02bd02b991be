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
}
