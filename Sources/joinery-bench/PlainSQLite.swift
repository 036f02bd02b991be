private import CSQLite
private import Foundation

/// A connection of the plain C API with the settings of the product's writer.
private final class PlainConnection {
  let handle: OpaquePointer

  init(_ path: String) throws {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    guard sqlite3_open_v2(path, &opened, flags, nil) == SQLITE_OK, let opened else {
      throw BenchFailure("cannot open \(path)")
    }
    handle = opened
    try run(
      """
      PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
      PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; PRAGMA cache_size = -32768;
      PRAGMA wal_autocheckpoint = 8000;
      """)
    // What the product's statements ask about their caller: true of one who reaches everything.
    sqlite3_create_function_v2(
      handle, "in_scope", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil,
      { context, _, _ in sqlite3_result_int(context, 1) }, nil, nil, nil)
  }

  deinit { sqlite3_close_v2(handle) }

  func run(_ sql: String) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure(sql) }
  }

  func prepare(_ sql: String) throws -> OpaquePointer {
    var statement: OpaquePointer?
    let result = sqlite3_prepare_v3(
      handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard result == SQLITE_OK, let statement else { throw failure(sql) }
    return statement
  }

  func failure(_ sql: String) -> BenchFailure {
    BenchFailure("plain SQLite: \(String(cString: sqlite3_errmsg(handle))) [\(sql)]")
  }
}

/// A recorded run once more, on a copy of the file it began with: prepared once, bound without a
/// copy, stepped to the end, so many orders to a commit.
final class PlainReplay {
  private let connection: PlainConnection
  private let script: StatementScript
  private let runsPerCommit: Int
  private var statements: [OpaquePointer] = []
  private var nesting: [Int]
  private let begin: OpaquePointer
  private let commit: OpaquePointer

  init(_ script: StatementScript, on path: String, ordersPerCommit: Int) throws {
    connection = try PlainConnection(path)
    self.script = script
    nesting = Array(repeating: 0, count: script.statements.count)
    runsPerCommit = script.runs.count * ordersPerCommit / script.orders
    begin = try connection.prepare("BEGIN IMMEDIATE")
    commit = try connection.prepare("COMMIT")
    statements = try script.statements.map(connection.prepare)
    for run in script.runs { nesting[run.statement] = script.nesting(of: run) }
  }

  deinit { for statement in statements + [begin, commit] { sqlite3_finalize(statement) } }

  /// Seconds that all of it took. Once.
  func run() throws -> Double {
    try script.bytes.withUnsafeBufferPointer { bytes in
      try bytes.withMemoryRebound(to: CChar.self) { characters in
        let start = ContinuousClock.now
        var left = runsPerCommit
        var depth = 0
        try step(begin, "BEGIN")
        for run in script.runs {
          // Never in the middle of an order.
          if left <= 0, depth == 0 {
            try step(commit, "COMMIT")
            try step(begin, "BEGIN")
            left = runsPerCommit
          }
          left -= 1
          depth += nesting[run.statement]
          let statement = statements[run.statement]
          var parameter: Int32 = 0
          for value in script.values[run.values] {
            parameter += 1
            bind(value, characters, at: parameter, of: statement)
          }
          try step(statement, script.statements[run.statement])
        }
        try step(commit, "COMMIT")
        return (ContinuousClock.now - start).inSeconds
      }
    }
  }

  private func bind(
    _ value: StatementScript.Value, _ bytes: UnsafeBufferPointer<CChar>, at parameter: Int32,
    of statement: OpaquePointer
  ) {
    // Without a destructor the engine takes the bytes as constant.
    switch value {
    case .null: sqlite3_bind_null(statement, parameter)
    case .integer(let number): sqlite3_bind_int64(statement, parameter, number)
    case .text(let range):
      sqlite3_bind_text(
        statement, parameter, bytes.baseAddress.map { $0 + range.lowerBound },
        Int32(range.count), nil)
    case .blob(let range):
      sqlite3_bind_blob(
        statement, parameter, bytes.baseAddress.map { $0 + range.lowerBound },
        Int32(range.count), nil)
    }
  }

  private func step(_ statement: OpaquePointer, _ sql: String) throws {
    var result = SQLITE_ROW
    while result == SQLITE_ROW { result = sqlite3_step(statement) }
    sqlite3_reset(statement)
    guard result == SQLITE_DONE else { throw connection.failure(sql) }
  }
}

/// The least that durability costs: one row, one commit, on the same disk.
final class BareCommit {
  private let connection: PlainConnection
  private let insert: OpaquePointer

  init(_ path: String) throws {
    connection = try PlainConnection(path)
    try connection.run("CREATE TABLE entry (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")
    insert = try connection.prepare("INSERT INTO entry (text) VALUES ('one row')")
  }

  deinit { sqlite3_finalize(insert) }

  /// Seconds of one commit.
  func run() throws -> Double {
    let start = ContinuousClock.now
    guard sqlite3_step(insert) == SQLITE_DONE else { throw connection.failure("INSERT") }
    sqlite3_reset(insert)
    return (ContinuousClock.now - start).inSeconds
  }
}

/// Database files at rest, with or without a log beside them.
enum DatabaseCopy {
  private static let endings = ["", "-wal", "-shm", ".lock", "-lock"]

  static func make(of source: String, at target: String) throws {
    try remove(target)
    for ending in ["", "-wal"] where FileManager.default.fileExists(atPath: source + ending) {
      try FileManager.default.copyItem(atPath: source + ending, toPath: target + ending)
    }
  }

  static func remove(_ path: String) throws {
    for ending in endings where FileManager.default.fileExists(atPath: path + ending) {
      try FileManager.default.removeItem(atPath: path + ending)
    }
  }
}
