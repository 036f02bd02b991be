internal import Synchronization

/// A thread that reads: it takes jobs that were waiting before its snapshot began, so that a caller
/// always sees what it was told is written, and begins a new snapshot for those who come later.
final class Reader {
  private let connection: Connection
  private let queue: JobQueue<Job<Snapshot>>

  init(_ connection: Connection, _ queue: JobQueue<Job<Snapshot>>) {
    self.connection = connection
    self.queue = queue
  }

  /// Until the queue is closed and empty.
  func run() {
    while let horizon = queue.awaitJobs() {
      // Before the snapshot begins, so that it holds at least this batch.
      let batch = connection.shared.finishedBatch
      do throws(StorageError) {
        try connection.run("BEGIN")
        runJobs(before: horizon, asOf: batch)
        // A failed read may have ended the transaction.
        if connection.isInTransaction { try connection.run("COMMIT") }
      } catch {
        // One job bears the failure, so that a lasting one empties the queue and a passing one
        // harms few.
        queue.take(before: horizon)?.refuse(error)
      }
    }
  }

  // One at a time: the others are free to take what waits behind a long one.
  private func runJobs(before horizon: UInt64, asOf batch: UInt64) {
    while connection.isInTransaction, let job = queue.take(before: horizon) {
      if job.cancellation.isCancelled {
        job.refuse(CancellationError())
        continue
      }
      let snapshot = Snapshot(of: connection, asOf: batch)
      let outcome = job.run(snapshot)
      snapshot.expire()
      outcome.deliver(nil)
    }
  }
}
