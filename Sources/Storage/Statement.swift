internal import CSQLite

/// One prepared statement and the row it stands on. It belongs to one connection; this file and
/// `Connection` are the only ones that call the engine.
///
/// The engine reports misuse (a wrong parameter number, a step on a busy statement) as a result
/// code; here that is a mistake of this program, never of its input, and traps.
final class Statement {
  let sql: String
  let parameterCount: Int32
  let columnCount: Int
  let isReadOnly: Bool
  let tables: TableUsage
  /// The next statement of the same text, prepared because a query uses itself while it walks its
  /// own rows.
  var sibling: Statement?
  /// Counts the rows ever stood on, so that a `Row` that outlived its turn is found out.
  private(set) var turn: UInt = 0
  private(set) var isInUse = false
  /// What a `Row` could not read; thrown when its closure has returned.
  var unreadable: StorageError?

  private let handle: OpaquePointer
  private unowned let connection: Connection
  /// Copies of the texts and bytes that are bound, where they fit: each copy of the engine's own
  /// would be an allocation.
  private let texts: UnsafeMutableRawBufferPointer
  private var usedTextBytes = 0
  /// Whether the engine has had to copy one after all.
  private var engineHoldsCopies = false

  /// Takes the ownership of `handle`.
  init(_ handle: OpaquePointer, of connection: Connection, sql: String, _ tables: TableUsage) {
    self.tables = tables
    self.handle = handle
    self.connection = connection
    self.sql = sql
    parameterCount = sqlite3_bind_parameter_count(handle)
    columnCount = Int(sqlite3_column_count(handle))
    isReadOnly = sqlite3_stmt_readonly(handle) != 0
    // Codes, numbers and a sentence or two.
    texts = .allocate(byteCount: Int(parameterCount) * 64, alignment: 1)
  }

  deinit {
    sqlite3_finalize(handle)
    texts.deallocate()
  }

  func begin() {
    precondition(!isInUse, "statement already in use: \(sql)")
    isInUse = true
    unreadable = nil
  }

  /// Back to the cache: no row and no lock is kept. Bound values are until the next run binds its
  /// own.
  func end() {
    turn &+= 1
    isInUse = false
    sqlite3_reset(handle)  // repeats the error that step has already reported
    usedTextBytes = 0
    guard engineHoldsCopies else { return }
    sqlite3_clear_bindings(handle)
    engineHoldsCopies = false
  }

  // MARK: Parameters

  // `index` counts from 1.

  func bindNull(at index: Int32) { checkBound(sqlite3_bind_null(handle, index), index) }

  func bind(_ number: Int64, at index: Int32) {
    checkBound(sqlite3_bind_int64(handle, index, number), index)
  }

  func bind(_ text: String, at index: Int32) {
    var text = text
    let result = text.withUTF8 { bytes in
      // A null pointer would mean NULL; empty text is text.
      guard let start = bytes.baseAddress else {
        return joinery_bind_text(handle, index, "", 0, true)
      }
      let copy = keep(UnsafeRawBufferPointer(bytes))
      return joinery_bind_text(
        handle, index, copy ?? UnsafeRawPointer(start), UInt64(bytes.count), copy != nil)
    }
    checkBound(result, index)
  }

  func bind(_ bytes: [UInt8], at index: Int32) {
    guard !bytes.isEmpty else { return checkBound(sqlite3_bind_zeroblob(handle, index, 0), index) }
    let result = bytes.withUnsafeBytes { bytes in
      let copy = keep(bytes)
      return joinery_bind_blob(
        handle, index, copy ?? bytes.baseAddress, UInt64(bytes.count), copy != nil)
    }
    checkBound(result, index)
  }

  /// Where the bytes stay until `end`; nil where they do not fit.
  private func keep(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
    guard bytes.count <= texts.count - usedTextBytes, let start = texts.baseAddress else {
      engineHoldsCopies = true
      return nil
    }
    let copy = start + usedTextBytes
    usedTextBytes += bytes.count
    if let source = bytes.baseAddress {
      copy.copyMemory(from: source, byteCount: bytes.count)
    }
    return UnsafeRawPointer(copy)
  }

  private func checkBound(_ result: Int32, _ index: Int32) {
    precondition(result == SQLITE_OK, "cannot bind parameter \(index) of \(sql): \(result)")
  }

  func checkParameters(_ given: Int32) {
    precondition(
      given == parameterCount, "\(given) values for \(parameterCount) parameters: \(sql)")
  }

  // MARK: Rows

  /// True when there is a row to read, false at the end.
  func step() throws(StorageError) -> Bool {
    turn &+= 1
    let result = sqlite3_step(handle)
    switch result {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw connection.failure(result, sql: sql)
    }
  }

  /// Throws what the row's reader met, if anything.
  func checkReadable() throws(StorageError) {
    if let unreadable { throw unreadable }
  }

  // The cell is looked up once and asked directly: each sqlite3_column_… looks it up again and
  // checks afterwards whether memory ran out. The engine allows it on a connection without a mutex
  // (https://sqlite.org/c3ref/value.html, "protected").

  func isNull(_ column: Int32) -> Bool {
    sqlite3_value_type(sqlite3_column_value(handle, column)) == SQLITE_NULL
  }

  func integer(_ column: Int32) -> Int64? {
    let cell = sqlite3_column_value(handle, column)
    guard sqlite3_value_type(cell) == SQLITE_INTEGER else { return nil }
    return sqlite3_value_int64(cell)
  }

  func text(_ column: Int32) -> String? {
    let cell = sqlite3_column_value(handle, column)
    guard sqlite3_value_type(cell) == SQLITE_TEXT, let start = sqlite3_value_text(cell) else {
      return nil
    }
    let count = Int(sqlite3_value_bytes(cell))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  func blob(_ column: Int32) -> [UInt8]? {
    let cell = sqlite3_column_value(handle, column)
    guard sqlite3_value_type(cell) == SQLITE_BLOB else { return nil }
    guard let start = sqlite3_value_blob(cell) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_value_bytes(cell))))
  }

  func columnName(_ column: Int32) -> String {
    sqlite3_column_name(handle, column).map { String(cString: $0) } ?? "column \(column)"
  }
}
