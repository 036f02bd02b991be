internal import CSQLite
internal import CStorage
internal import Synchronization
internal import Values

/// One open handle of the engine and its prepared statements. It is opened, used and closed on one
/// thread.
final class Connection {
  /// How much of the file each connection may keep in memory.
  struct Cache {
    let kibibytes: Int
    static let checkpointer = Cache(kibibytes: 64)
    static let writer = Cache(kibibytes: 48 * 1024)
    static let reader = Cache(kibibytes: 16 * 1024)
  }

  /// Milliseconds to wait for the lock of another process, and of readers at a checkpoint.
  private static let patience: Int32 = 5000
  private static let checkpointPatience: Int32 = 100
  /// Of an online copy: a megabyte.
  private static let pagesOfAStep: Int32 = 256

  /// Pages in the write-ahead log after the last commit.
  private(set) var logPages = 0
  /// The first failure after which nothing more may be written through this connection.
  private(set) var fatalFailure: StorageError?
  /// Why the engine last said no.
  private(set) var lastFailure: StorageError?
  private(set) var preparedCount = 0

  /// What `in_scope` goes by: that of whose statement runs.
  var scope = DataScope.all
  /// Whether a statement has asked for it.
  var hasAskedScope = false
  /// What it keeps of each `LookupCache`.
  var keptLookups: [ObjectIdentifier: AnyObject] = [:]

  let shared: SharedState
  /// Of the one connection that writes.
  let changes = ChangeNotes()

  private let handle: OpaquePointer
  private let pages: PageProtection?
  private let file: String
  private let writes: Bool
  /// What the statement that is being prepared reads and writes.
  private var usage = TableUsage()
  // By the address of the text: a StaticString is a constant of the binary, and two constants with
  // the same start have the same terminator and thus the same text.
  private var statements: [UInt: Statement] = [:]

  /// A file, or with nil a database in memory that lives as long as this connection. Of the
  /// connections of a file, one `writes`. Without `pages` they are not protected.
  init(
    path: String?, pages: PageProtection?, writes: Bool, shared: SharedState
  ) throws(StorageError) {
    _ = Self.configureEngine
    self.shared = shared
    self.writes = writes
    self.pages = pages
    file = path ?? "in memory"
    var handle: OpaquePointer?
    let flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let result =
      path.map { joinery_open_database($0, &handle, flags, pages?.handle) }
      ?? sqlite3_open_v2(":memory:", &handle, flags, nil)
    guard let handle, result == SQLITE_OK else {
      let reason = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(handle)
      throw StorageError(.cannotOpen, "Cannot open the database \(path ?? "in memory"): \(reason)")
    }
    self.handle = handle
    noteTables()
  }

  deinit {
    statements.removeAll()
    sqlite3_close_v2(handle)
  }

  private static let configureEngine: Void = {
    // These fail only when the engine is already in use, and then its defaults hold.
    _ = joinery_without_memory_statistics()
    _ = joinery_undo_log_in_file()
  }()

  /// Every setting that does not survive in the file.
  func configure(_ cache: Cache) throws(StorageError) {
    for (flag, value) in [
      (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
      (SQLITE_DBCONFIG_DQS_DML, 0), (SQLITE_DBCONFIG_DQS_DDL, 0),
      (SQLITE_DBCONFIG_ENABLE_FKEY, 1),
    ] as [(Int32, Int32)] {
      try check(joinery_configure(handle, flag, value), sql: "")
    }
    try defineScope()
    sqlite3_busy_timeout(handle, Self.patience)
    // The writer's log file relies on it, see `joinery_open_database`.
    try run(text: "PRAGMA synchronous = FULL")
    try run(text: "PRAGMA cell_size_check = ON")
    // The writer's undo log is a file of ours, which is memory too.
    try run(text: writes ? "PRAGMA temp_store = FILE" : "PRAGMA temp_store = MEMORY")
    // Mapped pages would count as the server's memory and turn a disk error into a crash.
    try run(text: "PRAGMA mmap_size = 0")
    try run(text: "PRAGMA cache_size = -\(cache.kibibytes)")
    if writes {
      countLogPages()
      noteChanges()
    } else {
      try run(text: "PRAGMA query_only = ON")
    }
  }

  /// `in_scope(owner, store, warehouse, author)` in SQL: whether a row that belongs to them is in
  /// the scope of the snapshot or transaction. What a row does not have is NULL; trailing ones may
  /// be left out. It stands in the WHERE of every statement that answers a caller, so that a row
  /// out of scope is no row: PostgreSQL has it as a function over a setting of the session.
  private func defineScope() throws(StorageError) {
    let result = sqlite3_create_function_v2(
      handle, "in_scope", -1, SQLITE_UTF8, Unmanaged.passUnretained(self).toOpaque(),
      { context, count, values in
        guard let data = sqlite3_user_data(context), let values else { return }
        let connection = Unmanaged<Connection>.fromOpaque(data).takeUnretainedValue()
        connection.hasAskedScope = true
        let scope = connection.scope
        let text = { (index: Int) -> String? in
          guard index < count, let bytes = sqlite3_value_text(values[index]) else { return nil }
          return String(cString: bytes)
        }
        let isInside =
          scope.isAll
          || scope.contains(owner: text(0), store: text(1), warehouse: text(2), author: text(3))
        sqlite3_result_int(context, isInside ? 1 : 0)
      }, nil, nil, nil)
    try check(result, sql: "in_scope")
  }

  /// Before anything is written to a new file: leaves room in each page for what protects it.
  func reservePages() throws(StorageError) {
    try run(text: "PRAGMA page_size = \(PageProtection.pageBytes)")
    try check(joinery_reserve(handle), sql: "")
  }

  /// Switches the file to write-ahead logging; the setting is kept in the file.
  func useWriteAheadLog(sizeLimit bytes: Int) throws(StorageError) {
    guard try text("PRAGMA journal_mode = WAL") == "wal" else {
      throw StorageError(.cannotOpen, "The file system cannot hold a write-ahead log")
    }
    try run(text: "PRAGMA journal_size_limit = \(bytes)")
  }

  // The engine asks for permission for each access while it prepares a statement, and so says which
  // tables it is about.
  private func noteTables() {
    sqlite3_set_authorizer(
      handle,
      { context, action, name, _, _, _ in
        guard let context, let name else { return SQLITE_OK }
        let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
        connection.note(action, on: name)
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func note(_ action: Int32, on name: UnsafePointer<CChar>) {
    switch action {
    case SQLITE_READ: usage.reads.formUnion(shared.tables(String(cString: name)))
    case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE:
      usage.writes.formUnion(shared.tables(String(cString: name)))
    default: break
    }
  }

  // Setting the hook also ends automatic checkpoints: the writer decides when.
  private func countLogPages() {
    sqlite3_wal_hook(
      handle,
      { context, _, _, pages in
        guard let context else { return SQLITE_OK }
        Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue().logPages = Int(pages)
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Tells `tail` on this thread whenever the log is about to start over. For the writer, once the
  /// log is on; `tail` must live as long as the connection.
  func watchLog(_ tail: LogTail) throws(StorageError) {
    _ = try text("SELECT count(*) FROM sqlite_schema")
    try check(
      joinery_watch_log(
        handle,
        { context in
          guard let context else { return }
          Unmanaged<LogTail>.fromOpaque(context).takeUnretainedValue().restarts()
        }, Unmanaged.passUnretained(tail).toOpaque()), sql: "")
  }

  private func noteChanges() {
    sqlite3_preupdate_hook(
      handle,
      { context, database, operation, _, table, _, _ in
        guard let context, let table, operation != SQLITE_INSERT else { return }
        Unmanaged<ChangeNotes>.fromOpaque(context).takeUnretainedValue()
          .note(table, isRemoval: operation == SQLITE_DELETE, in: database)
      }, Unmanaged.passUnretained(changes).toOpaque())
  }

  // MARK: Statements

  /// The prepared statement for `sql`, ready to be bound. The caller ends it.
  func begin(_ sql: StaticString) throws(StorageError) -> Statement {
    precondition(sql.hasPointerRepresentation, "SQL of one character")
    let key = UInt(bitPattern: sql.utf8Start)
    guard var statement = statements[key] else {
      let statement = try prepare(sql)
      statements[key] = statement
      statement.begin()
      return statement
    }
    while statement.isInUse {
      if let sibling = statement.sibling {
        statement = sibling
      } else {
        let sibling = try prepare(sql)
        statement.sibling = sibling
        statement = sibling
      }
    }
    statement.begin()
    return statement
  }

  private func prepare(_ sql: StaticString) throws(StorageError) -> Statement {
    let (statement, length) = try prepare(
      UnsafeRawPointer(sql.utf8Start).assumingMemoryBound(to: CChar.self), sql.utf8CodeUnitCount,
      flags: UInt32(SQLITE_PREPARE_PERSISTENT))
    preparedCount += 1
    let rest = UnsafeBufferPointer(start: sql.utf8Start, count: sql.utf8CodeUnitCount)[length...]
    guard let statement, rest.allSatisfy({ $0 == 32 || $0 == 10 }) else {
      throw StorageError(.invalidStatement, "Not one statement", sql: sql.description)
    }
    return statement
  }

  /// The first statement of the text, nil when only blanks and comments are left, and how many
  /// bytes it took.
  private func prepare(
    _ start: UnsafePointer<CChar>, _ count: Int, flags: UInt32
  ) throws(StorageError) -> (statement: Statement?, length: Int) {
    var prepared: OpaquePointer?
    var tail: UnsafePointer<CChar>?
    usage = TableUsage()
    let result = sqlite3_prepare_v3(handle, start, Int32(count), flags, &prepared, &tail)
    let length = result == SQLITE_OK ? tail.map { $0 - start } ?? count : count
    let bytes = UnsafeRawBufferPointer(start: start, count: length)
    let text = String(decoding: bytes, as: UTF8.self)
    guard result == SQLITE_OK else { throw failure(result, sql: text) }
    return (prepared.map { Statement($0, of: self, sql: text, usage) }, length)
  }

  /// Runs one statement without parameters to its end.
  func run(_ sql: StaticString) throws(StorageError) {
    let statement = try begin(sql)
    defer { statement.end() }
    while try statement.step() {}
  }

  /// Runs each statement of a text in turn; `before` is called before each.
  func runScript(
    _ sql: StaticString, before: () throws(StorageError) -> Void
  ) throws(StorageError) {
    var start = UnsafeRawPointer(sql.utf8Start).assumingMemoryBound(to: CChar.self)
    var rest = sql.utf8CodeUnitCount
    while rest > 0 {
      let (statement, length) = try prepare(start, rest, flags: 0)
      if let statement {
        try before()
        statement.begin()
        defer { statement.end() }
        while try statement.step() {}
      }
      start += length
      rest -= length
    }
  }

  /// For the pragmas above, whose numbers cannot be parameters. Never for data.
  func run(text: String) throws(StorageError) {
    try check(sqlite3_exec(handle, text, nil, nil, nil), sql: text)
  }

  /// First column of the first row, as text; nil without a row.
  func text(_ sql: StaticString) throws(StorageError) -> String? {
    let statement = try begin(sql)
    defer { statement.end() }
    return try statement.step() ? statement.text(0) : nil
  }

  /// First column of the first row, as number; 0 without a row.
  func integer(_ sql: StaticString) throws(StorageError) -> Int64 {
    let statement = try begin(sql)
    defer { statement.end() }
    return try statement.step() ? statement.integer(0) ?? 0 : 0
  }

  // MARK: State

  /// Fixes what the transaction sees, as its first statement otherwise would.
  func beginSnapshot() throws(StorageError) {
    guard sqlite3_txn_state(handle, "main") == SQLITE_TXN_NONE else { return }
    try run("SELECT 1 FROM sqlite_schema LIMIT 1")
  }

  /// False outside a transaction, and after a failure that made the engine roll all of it back.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Rows changed by the last INSERT, UPDATE or DELETE.
  var changedRows: Int { Int(sqlite3_changes64(handle)) }

  /// Key of the last row that an INSERT added.
  var lastInsertedID: Int64 { sqlite3_last_insert_rowid(handle) }

  enum Checkpoint {
    /// Copies what no reader still needs; waits for nobody.
    case passive
    /// Also waits a moment for readers to leave the log.
    case restart
  }

  /// Copies the write-ahead log into the file, as far as readers let it; the next commit after a
  /// complete copy starts the log over. Returns how many pages of the log are yet to be copied.
  @discardableResult
  func checkpoint(_ kind: Checkpoint) throws(StorageError) -> Int {
    let mode = kind == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_RESTART
    var (logged, copied): (Int32, Int32) = (0, 0)
    sqlite3_busy_timeout(handle, Self.checkpointPatience)
    let result = shared.databaseFile.withLock { _ in
      sqlite3_wal_checkpoint_v2(handle, nil, mode, &logged, &copied)
    }
    sqlite3_busy_timeout(handle, Self.patience)
    if result & 0xFF != SQLITE_BUSY { try check(result, sql: "checkpoint") }
    return Int(logged - copied)
  }

  /// Copies what the file holds at this moment into a new file, while others write. `began` runs
  /// once that moment is over, `pause` after every megabyte.
  func copy(to path: String, began: () -> Void, pause: () -> Void) throws(StorageError) {
    // Without a snapshot of its own the copy would begin anew with every commit of the writer.
    try run(text: "BEGIN")
    defer { _ = try? run(text: "COMMIT") }
    _ = try text("SELECT count(*) FROM sqlite_schema")
    began()
    var target: OpaquePointer?
    let flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    defer { sqlite3_close_v2(target) }
    guard joinery_open_database(path, &target, flags, pages?.handle) == SQLITE_OK, let target
    else {
      throw StorageError(.cannotOpen, "Cannot write \(path)")
    }
    // A copy that was interrupted is worth nothing: nothing of it need be undone or flushed.
    sqlite3_exec(target, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", nil, nil, nil)
    guard let backup = sqlite3_backup_init(target, "main", handle, "main") else {
      throw StorageError(
        StorageError.Code(engine: sqlite3_extended_errcode(target)),
        "Cannot copy to \(path): \(String(cString: sqlite3_errmsg(target)))")
    }
    var result = SQLITE_OK
    while result == SQLITE_OK {
      result = sqlite3_backup_step(backup, Self.pagesOfAStep)
      if result == SQLITE_OK { pause() }
    }
    let failure = sqlite3_backup_finish(backup)
    guard result == SQLITE_DONE, failure == SQLITE_OK else {
      throw StorageError(
        StorageError.Code(engine: result == SQLITE_DONE ? failure : result),
        "Cannot copy to \(path): \(String(cString: sqlite3_errstr(result)))")
    }
  }

  private func check(_ result: Int32, sql: String) throws(StorageError) {
    guard result == SQLITE_OK else { throw failure(result, sql: sql) }
  }

  /// What went wrong, in our words; remembers what makes further writing unsafe.
  func failure(_ result: Int32, sql: String) -> StorageError {
    let code = StorageError.Code(engine: result)
    let damage = code == .corrupt ? damagedPage : nil
    let error = StorageError(
      code, damage ?? String(cString: sqlite3_errmsg(handle)), sql: sql)
    lastFailure = error
    switch error.code {
    case .ioFailure, .corrupt, .foreignFile: fatalFailure = fatalFailure ?? error
    default: break
    }
    return error
  }
}

extension Connection {
  /// The page at which the engine was stopped on this thread.
  fileprivate var damagedPage: String? {
    var damage = joinery_damage()
    guard joinery_take_damage(&damage) else { return nil }
    return description(of: damage)
  }

  private func description(of damage: joinery_damage) -> String {
    let log = damage.is_in_log ? "log of the " : ""
    let place = "page \(damage.page) of the \(log)database \(file)"
    guard damage.state == joinery_page_locked else { return "\(place) is damaged" }
    let key = withUnsafeBytes(of: damage.key) { PageProtection.Key.name($0) }
    return "\(place) is encrypted with key \(key), which is not among the given ones"
  }

  /// Nil where its pages are not protected.
  var protected: (path: String, pages: PageProtection)? { pages.map { (file, $0) } }

  /// Pages of the database's file, without what is in its log.
  func countPages() throws(StorageError) -> UInt32 {
    var count: UInt32 = 0
    try check(joinery_raw_count(handle, &count), sql: "")
    return count
  }

  /// A page of the file as it is on the disk.
  func readRaw(page number: UInt32, _ buffer: inout [UInt8]) throws(StorageError) {
    try check(joinery_raw_read(handle, number, &buffer), sql: "")
  }

  /// Only with `shared.databaseFile` locked.
  func writeRaw(page number: UInt32, _ buffer: [UInt8]) throws(StorageError) {
    try check(joinery_raw_write(handle, number, buffer), sql: "")
  }

  func flushFile() throws(StorageError) { try check(joinery_raw_flush(handle), sql: "") }

  /// Whether the disk has nothing but zeros there.
  func isEmpty(page number: UInt32, _ buffer: inout [UInt8]) throws(StorageError) -> Bool {
    try readRaw(page: number, &buffer)
    return buffer.allSatisfy { $0 == 0 }
  }

  /// What is wrong with a page of the file, in words; nil for nothing.
  func damage(ofPage number: UInt32, _ buffer: inout [UInt8]) throws(StorageError) -> String? {
    let result = joinery_check_page(handle, number, &buffer)
    guard result != SQLITE_OK else { return nil }
    var damage = joinery_damage()
    guard joinery_take_damage(&damage) else { throw failure(result, sql: "") }
    return description(of: damage)
  }
}

extension StorageError.Code {
  init(engine result: Int32) {
    // No call of the disk's has failed.
    if result == joinery_no_memory_for_file {
      self = .outOfMemory
      return
    }
    switch result & 0xFF {
    case SQLITE_NOMEM: self = .outOfMemory
    case SQLITE_CONSTRAINT: self = .constraint(StorageError.Constraint(engine: result))
    case SQLITE_FULL: self = .full
    case SQLITE_IOERR: self = .ioFailure
    case SQLITE_CORRUPT: self = .corrupt
    case SQLITE_NOTADB: self = .foreignFile
    case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
    case SQLITE_READONLY: self = .readOnly
    case SQLITE_CANTOPEN, SQLITE_PERM: self = .cannotOpen
    case SQLITE_ERROR: self = .invalidStatement
    default: self = .engine
    }
  }
}

extension StorageError.Constraint {
  init(engine result: Int32) {
    switch result {
    case joinery_constraint_unique: self = .unique
    case joinery_constraint_primary_key, joinery_constraint_row_id: self = .primaryKey
    case joinery_constraint_foreign_key: self = .foreignKey
    case joinery_constraint_not_null: self = .notNull
    case joinery_constraint_check: self = .check
    case joinery_constraint_data_type: self = .dataType
    default: self = .other
    }
  }
}
