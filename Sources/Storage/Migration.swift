/// One step of the schema, named "area-NNNN-what-it-does" and never edited once it has been
/// released. An area appends to its own list; the lists of all areas are joined, lowest area first.
///
/// A CHECK names more than two values with OR, not with IN: from such a list the engine builds a
/// temporary table for each row that it checks, which doubles the cost of an insert.
package struct Migration: Sendable {
  package let id: String
  let sql: StaticString

  /// `sql` may hold several statements.
  package init(_ id: StaticString, _ sql: StaticString) {
    self.id = id.description
    self.sql = sql
  }

  /// The part of the name before the number; nil for a malformed name.
  var area: Substring? {
    let parts = id.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, !parts[2].isEmpty, parts[1].count == 4,
      parts[1].utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return parts[0]
  }
}
