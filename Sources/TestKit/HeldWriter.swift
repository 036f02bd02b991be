private import Dispatch
private import Foundation
package import Storage

/// A database's writer, held up until the test has prepared what it wants to see: what is sent
/// meanwhile waits.
package struct HeldWriter: Sendable {
  private let database: Database
  private let opened = DispatchSemaphore(value: 0)
  private let job: Task<Void, any Error>

  /// Returns when the writer is held.
  package init(of database: Database) async {
    self.database = database
    let entered = DispatchSemaphore(value: 0)
    job = Task { [opened] in
      try await database.write { _ in
        entered.signal()
        opened.wait()
      }
    }
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        entered.wait()
        continuation.resume()
      }
    }
  }

  /// Until so many jobs wait for the writer.
  package func awaitJobs(_ count: Int) async {
    while database.statistics.waitingJobs < count { await Task.yield() }
  }

  package func release() async throws {
    opened.signal()
    try await job.value
  }
}
