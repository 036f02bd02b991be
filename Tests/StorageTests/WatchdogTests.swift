import Foundation
import Storage
import Testing
import Values

/// Each of these is a mistake of the program; the process ends rather than read or write in the
/// wrong place.
@Suite("Watchdog")
struct WatchdogTests {
  @Test("a transaction used after its closure traps")
  func escapedTransaction() async {
    await #expect(processExitsWith: .failure) {
      nonisolated(unsafe) var escaped: Transaction?
      let database = try Note.database()
      try database.writeBlocking { escaped = $0 }
      _ = try escaped.map { try Note.count(in: $0) }
    }
  }

  @Test("a snapshot used on another thread traps")
  func otherThread() async {
    await #expect(processExitsWith: .failure) {
      let database = try Note.database()
      try database.readBlocking { snapshot in
        nonisolated(unsafe) let snapshot = snapshot
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
          _ = try? Note.count(in: snapshot)
          done.signal()
        }
        done.wait()
      }
    }
  }

  @Test("a row used after its closure traps")
  func escapedRow() async {
    await #expect(processExitsWith: .failure) {
      let database = try Note.database()
      let text = try database.writeBlocking { transaction in
        try Note.insert("a", in: transaction)
        let rows = try transaction.all("SELECT text FROM note") { $0 }
        return rows[0].text(0)
      }
      print(text)
    }
  }

  @Test("a wrong number of values traps")
  func wrongValues() async {
    await #expect(processExitsWith: .failure) {
      let database = try Note.database()
      try database.writeBlocking { try $0.execute("DELETE FROM note WHERE id = ?", 1, 2) }
    }
  }

  @Test("a job that waits for its own database traps instead of waiting for ever")
  func ownDatabase() async {
    await #expect(processExitsWith: .failure) {
      let database = try Note.database()
      try database.writeBlocking { _ in try database.readBlocking { try Note.count(in: $0) } }
    }
  }
}
