internal import CSQLite
internal import Glibc
package import Values

/// The rows that a job changed or removed, as they were before and after. What it added is not
/// among them.
package struct RowChanges: Hashable, Sendable {
  package struct Row: Hashable, Sendable {
    package let table: String
    /// What tells the row from others: its key, and its number, code, sku or name.
    package let row: [Fact]
    package let isRemoved: Bool
    /// The columns that are different now; all of a row that is gone.
    package let columns: [Column]
  }

  package struct Column: Hashable, Sendable {
    package let name: String
    package let before: String
    package let after: String
  }

  package internal(set) var rows: [Row] = []
  /// Rows beyond the bound.
  package internal(set) var leftOut = 0

  package var isEmpty: Bool { rows.isEmpty && leftOut == 0 }
}

/// Tables whose rows are not noted.
package final class ChangeFilter: Sendable {
  package let leavesOut: Set<String>

  package init(leavingOut tables: Set<String>) { leavesOut = tables }
}

/// Notes what rows were like before a statement changes them, by the engine's own account
/// (https://www.sqlite.org/c3ref/preupdate_blobwrite.html), so that no verb can forget to.
///
/// Of bytes only the number is told: they are digests and secrets, or messages that stand
/// elsewhere. A column that was added to its table later shows as empty before where the row is
/// older than the column.
final class ChangeNotes {
  /// Rows of one job at most, and scalars of one value.
  private static let maxRows = 100
  private static let maxText = 200

  var noted = RowChanges()
  private var isOn = false
  private var filter: ChangeFilter?
  private var columns: [String: [TableColumn]] = [:]
  /// By the address of the engine's own copy of the table's name; nil for what is left out.
  private var known: [UnsafePointer<CChar>: [TableColumn]?] = [:]

  private struct TableColumn {
    let name: String
    /// Whether its value tells which row it is.
    let identifies: Bool
  }

  /// - Parameter connection: says what columns tables have, the first time; they do not change
  ///   while a database is open.
  func begin(_ filter: ChangeFilter, columns connection: Connection) throws(StorageError) {
    if self.filter !== filter {
      self.filter = filter
      known = [:]
      if columns.isEmpty { columns = try Self.columns(connection) }
    }
    noted = RowChanges()
    isOn = true
  }

  func end() -> RowChanges {
    isOn = false
    defer { if !noted.isEmpty { noted = RowChanges() } }
    return noted
  }

  private static func columns(
    _ connection: Connection
  ) throws(StorageError) -> [String: [TableColumn]] {
    var columns: [String: [TableColumn]] = [:]
    let statement = try connection.begin(
      """
      SELECT s.name, c.name, c.pk FROM sqlite_schema s JOIN pragma_table_info(s.name) c
      WHERE s.type = 'table' ORDER BY s.name, c.cid
      """)
    defer { statement.end() }
    while try statement.step() {
      let name = statement.text(1) ?? ""
      columns[statement.text(0) ?? "", default: []].append(
        TableColumn(
          name: name,
          identifies: statement.integer(2) != 0
            || ["number", "code", "sku", "name"].contains(name)))
    }
    return columns
  }

  func note(_ table: UnsafePointer<CChar>, isRemoval: Bool, in database: OpaquePointer?) {
    guard isOn, let columns = columns(of: table) else { return }
    guard noted.rows.count < Self.maxRows else {
      noted.leftOut += 1
      return
    }
    var row: [Fact] = []
    var changed: [RowChanges.Column] = []
    for (index, column) in columns.enumerated() {
      var before: OpaquePointer?
      var after: OpaquePointer?
      sqlite3_preupdate_old(database, Int32(index), &before)
      if !isRemoval { sqlite3_preupdate_new(database, Int32(index), &after) }
      if column.identifies { row.append(Fact(column.name, Self.text(before))) }
      if isRemoval ? !column.identifies : !Self.equal(before, after) {
        changed.append(.init(name: column.name, before: Self.text(before), after: Self.text(after)))
      }
    }
    guard isRemoval || !changed.isEmpty else { return }
    noted.rows.append(
      .init(table: String(cString: table), row: row, isRemoved: isRemoval, columns: changed))
  }

  private func columns(of table: UnsafePointer<CChar>) -> [TableColumn]? {
    if let known = known[table] { return known }
    let name = String(cString: table)
    let isLeftOut = filter?.leavesOut.contains(name) ?? true
    let found = isLeftOut ? nil : columns[name]
    known[table] = .some(found)
    return found
  }

  private static func equal(_ left: OpaquePointer?, _ right: OpaquePointer?) -> Bool {
    let type = sqlite3_value_type(left)
    guard type == sqlite3_value_type(right) else { return false }
    switch type {
    case SQLITE_NULL: return true
    case SQLITE_INTEGER: return sqlite3_value_int64(left) == sqlite3_value_int64(right)
    default:
      let (first, second) = (sqlite3_value_blob(left), sqlite3_value_blob(right))
      let count = sqlite3_value_bytes(left)
      guard count == sqlite3_value_bytes(right) else { return false }
      guard count > 0, let first, let second else { return true }
      return memcmp(first, second, Int(count)) == 0
    }
  }

  private static func text(_ value: OpaquePointer?) -> String {
    guard let value else { return "" }
    switch sqlite3_value_type(value) {
    case SQLITE_NULL: return ""
    case SQLITE_INTEGER: return String(sqlite3_value_int64(value))
    case SQLITE_BLOB: return "\(sqlite3_value_bytes(value)) bytes"
    default:
      guard let start = sqlite3_value_text(value) else { return "" }
      let count = Int(sqlite3_value_bytes(value))
      let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
      guard text.unicodeScalars.count > maxText else { return text }
      return String(text.unicodeScalars.prefix(maxText)) + "…"
    }
  }
}
