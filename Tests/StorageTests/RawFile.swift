import CSQLite

/// The engine without the store, to put into a file what the store would not.
enum RawFile {
  struct Failure: Error { let result: Int32 }

  static func execute(_ path: String, _ sql: String) throws {
    var handle: OpaquePointer?
    sqlite3_open(path, &handle)
    defer { sqlite3_close(handle) }
    let result = sqlite3_exec(handle, sql, nil, nil, nil)
    guard result == SQLITE_OK else { throw Failure(result: result) }
  }
}
