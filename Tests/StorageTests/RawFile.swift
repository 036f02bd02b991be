import CSQLite
import CStorage

/// The engine without the store, to put into a file what the store would not.
enum RawFile {
  struct Failure: Error { let result: Int32 }

  /// - Parameter isProtected: with checksums in the file's pages, as the store has made it.
  static func execute(_ path: String, _ sql: String, isProtected: Bool = false) throws {
    var handle: OpaquePointer?
    let pages = isProtected ? joinery_pages_create() : nil
    defer { if let pages { joinery_pages_release(pages) } }
    joinery_open_database(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, pages)
    defer { sqlite3_close(handle) }
    let result = sqlite3_exec(handle, sql, nil, nil, nil)
    guard result == SQLITE_OK else { throw Failure(result: result) }
  }
}
