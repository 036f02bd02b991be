private import CSQLite
private import Foundation
private import Logging
private import RPC
private import Services
private import Storage
private import Synchronization
private import Values

/// Places orders in this process and notes every statement that the engine runs for them, with its
/// values. The engine itself is asked (`sqlite3_trace_v2`), so nothing in the product knows of it.
enum RecordedRun {
  static func record(_ orders: Int, on path: String) async throws -> StatementScript {
    traceNewConnections()
    let now: @Sendable () -> Instant = {
      Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
    }
    let database = try Database.open(
      Database.Configuration(path: path), migrations: Schema.migrations, now: now())
    sqlite3_reset_auto_extension()
    let identity = IdentitySettings(callers: .believed) { count in
      (0..<count).map { _ in UInt8.random(in: .min ... .max) }
    }
    let application = try await Application.compose(database, now: now, identity: identity) {
      Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
    }
    let channel = InProcessChannel(application.router, interceptors: application.interceptors)
    Trace.shared.start()
    try await OrderLoad(channel: channel, callers: 8).place(orders)
    let entries = Trace.shared.stop()
    await channel.close()
    database.close()
    var script = StatementScript(orders: orders)
    // The replay groups orders in its own way. The first job of a batch has no savepoint; among 64
    // of a commit it would be like any other.
    var isFirst = false
    for entry in entries {
      switch entry.sql {
      case "BEGIN IMMEDIATE":
        try script.append(open, expanded: open)
        isFirst = true
        continue
      case open where isFirst, "COMMIT" where isFirst:
        try script.append(close, expanded: close)
        isFirst = false
      default: break
      }
      guard !["BEGIN", "COMMIT", "ROLLBACK"].contains(entry.sql) else { continue }
      try script.append(entry.sql, expanded: entry.expanded)
    }
    return script
  }

  private static let open = "SAVEPOINT job"
  private static let close = "RELEASE job"

  private typealias EntryPoint =
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, OpaquePointer?
    ) -> Int32

  private static func traceNewConnections() {
    // Before the engine's first use, as the product does: the plain replay gains by it, too.
    _ = joinery_without_memory_statistics()
    let entry: EntryPoint = { connection, _, _ in
      sqlite3_trace_v2(
        connection, UInt32(SQLITE_TRACE_STMT),
        { _, _, statement, text in
          // Triggers announce themselves as comments; nobody sent them.
          if let statement, text.map({ $0.load(as: UInt8.self) }) != UInt8(ascii: "-") {
            Trace.shared.note(OpaquePointer(statement))
          }
          return 0
        }, nil)
    }
    sqlite3_auto_extension(unsafeBitCast(entry, to: (@convention(c) () -> Void).self))
  }
}

/// What the connections of this process have run between start and stop.
private final class Trace: Sendable {
  struct Entry {
    let sql: String
    let expanded: String
  }

  static let shared = Trace()
  private let entries = Mutex<[Entry]?>(nil)

  func start() { entries.withLock { $0 = [] } }

  func stop() -> [Entry] {
    entries.withLock { entries in
      defer { entries = nil }
      return entries ?? []
    }
  }

  func note(_ statement: OpaquePointer) {
    entries.withLock { entries in
      guard entries != nil, let sql = sqlite3_sql(statement),
        let expanded = sqlite3_expanded_sql(statement)
      else { return }
      entries?.append(Entry(sql: String(cString: sql), expanded: String(cString: expanded)))
      sqlite3_free(expanded)
    }
  }
}
