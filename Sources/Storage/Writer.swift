/// The one thread that writes: it takes whatever jobs are waiting, runs them in one transaction so
/// that each can be undone alone, commits once, and only then tells the callers. A single caller
/// never waits for company; many callers share the cost of the disk's flush, since all who come
/// while a batch runs still join it.
final class Writer {
  /// What the writer's queue holds. Reads come here only for a database in memory (see
  /// `Database.inMemory`).
  enum Work: Sendable {
    case write(Job<Transaction>)
    case read(Job<Snapshot>)
  }

  /// Log sizes, in pages, at which the log is copied into the file: so large that pages which many
  /// batches change are copied once (measured: a sixth of all work at 1,000 pages), so small that a
  /// restart reads it in a moment. At the second one the writer waits for the copy, and makes
  /// readers leave the log.
  private static let checkpointPages = 8_000
  private static let forcedCheckpointPages = 32_000
  /// What is left of the log after a checkpoint that emptied it.
  static let logSizeLimit = 64 << 20

  private let connection: Connection
  private let queue: JobQueue<Work>
  private let batchLimit: Int
  private let faults: FaultPlan?
  private let statistics: StatisticsBoard
  /// Nil in memory, where there is no log.
  private let checkpointer: Checkpointer?
  private let commits: Bell
  private let tail: LogTail?
  /// Log size at the last checkpoint; 0 once the log has started over.
  private var checkpointedPages = 0
  /// Set by a failure after which nobody knows what the disk holds: every later job is refused with
  /// it.
  private var failure: StorageError?

  init(
    _ connection: Connection, _ queue: JobQueue<Work>, _ configuration: Database.Configuration,
    statistics: StatisticsBoard, checkpointer: Checkpointer?, commits: Bell
  ) {
    self.connection = connection
    self.queue = queue
    batchLimit = configuration.batchLimit
    faults = configuration.faults
    tail = configuration.tail
    self.statistics = statistics
    self.checkpointer = checkpointer
    self.commits = commits
  }

  /// Until the queue is closed and empty.
  func run() {
    while queue.awaitJobs() != nil {
      runBatch()
      checkpointIfDue()
    }
  }

  // MARK: Batches

  private func runBatch() {
    var outcomes: [Job<Transaction>.Outcome] = []
    var reads: [Job<Snapshot>] = []
    var lost: StorageError?
    while lost == nil, outcomes.count < batchLimit, let work = queue.take() {
      switch work {
      case .read(let job): reads.append(job)
      case .write(let job):
        if let reason = refusal(of: job) {
          job.refuse(reason)
          continue
        }
        let (outcome, failure) = perform(job, isFirst: !outcomes.contains { $0.isKept })
        outcomes.append(outcome)
        lost = failure
      }
    }
    settle(outcomes, lost)
    for job in reads { perform(job) }
  }

  private func refusal(of job: Job<Transaction>) -> (any Error)? {
    if job.cancellation.isCancelled { return CancellationError() }
    if let failure { return failure }
    guard !connection.isInTransaction else { return nil }
    do throws(StorageError) {
      try connection.run("BEGIN IMMEDIATE")
      return nil
    } catch {
      failIfFatal()
      return error
    }
  }

  /// The job's outcome, and the failure of the whole batch if the engine has rolled it back.
  /// `isFirst` says that nothing in the transaction is to be kept yet.
  private func perform(
    _ job: Job<Transaction>, isFirst: Bool
  ) -> (Job<Transaction>.Outcome, StorageError?) {
    let transaction = Transaction(of: connection, isFirst: isFirst, faults: faults)
    defer { connection.shared.wrote(transaction.tablesWritten) }
    do throws(StorageError) {
      try transaction.beginJob()
      let outcome = job.run(transaction)
      transaction.expire()
      guard connection.isInTransaction else { return (outcome, lostTransaction(nil)) }
      // The others of the batch wrote to the same damaged file.
      if let fatal = connection.fatalFailure { return (outcome, fatal) }
      if !outcome.isKept { try transaction.undoJob() }
      try transaction.endJob()
      return (outcome, nil)
    } catch {
      transaction.expire()
      let refused = Job<Transaction>.Outcome(isKept: false) { job.refuse($0 ?? error) }
      return (refused, lostTransaction(error))
    }
  }

  private func lostTransaction(_ cause: StorageError?) -> StorageError {
    cause ?? connection.lastFailure
      ?? StorageError(.engine, "The engine rolled the transaction back")
  }

  private func settle(_ outcomes: [Job<Transaction>.Outcome], _ lost: StorageError?) {
    let kept = outcomes.count { $0.isKept }
    var reason = lost
    let start = ContinuousClock.now
    if reason == nil, connection.isInTransaction {
      do throws(StorageError) {
        if kept > 0 {
          tail?.begins()
          try faults?.reach(.commit)
          try connection.run("COMMIT")
          tail?.ends(frames: connection.logPages)
          try faults?.reach(.committed)
        }
      } catch {
        tail?.ends(frames: nil)
        reason = error
      }
    }
    let duration = ContinuousClock.now - start
    rollBackIfOpen()
    failIfFatal(reason)
    connection.shared.finishBatch()
    statistics.update { [reason] in
      if reason == nil, kept > 0 {
        $0.commits += 1
        $0.commitDuration += duration
      }
      $0.committedJobs += reason == nil ? kept : 0
      $0.rolledBackJobs += outcomes.count - (reason == nil ? kept : 0)
      $0.preparedStatements = connection.preparedCount
      $0.logPages = connection.logPages
    }
    for outcome in outcomes { outcome.deliver(reason) }
    if reason == nil, kept > 0 { commits.ring() }
  }

  private func rollBackIfOpen() {
    guard connection.isInTransaction else { return }
    do throws(StorageError) {
      try connection.run("ROLLBACK")
    } catch {
      // The engine's view of the file is no longer ours.
      stop(error)
    }
  }

  /// A failed flush is never retried as if the data were durable: the kernel may have dropped the
  /// pages.
  private func failIfFatal(_ reason: StorageError? = nil) {
    if let fatal = connection.fatalFailure { stop(fatal) }
    if let reason, reason.code == .ioFailure { stop(reason) }
  }

  private func stop(_ cause: StorageError) {
    guard failure == nil else { return }
    failure = StorageError(
      .failed, "The database stopped writing after a failure: \(cause.message)", sql: cause.sql)
  }

  private func perform(_ job: Job<Snapshot>) {
    if job.cancellation.isCancelled { return job.refuse(CancellationError()) }
    do throws(StorageError) {
      try connection.run("BEGIN")
    } catch {
      return job.refuse(error)
    }
    let snapshot = Snapshot(of: connection, asOf: connection.shared.finishedBatch)
    let outcome = job.run(snapshot)
    snapshot.expire()
    rollBackIfOpen()
    outcome.deliver(nil)
  }

  // MARK: The log

  private func checkpointIfDue() {
    guard failure == nil, let checkpointer else { return }
    let pages = connection.logPages
    if pages < checkpointedPages { checkpointedPages = 0 }
    do throws(StorageError) {
      let isForced = pages >= Self.forcedCheckpointPages
      switch checkpointer.progress {
      case .idle:
        // Where readers hold the log, trying again at once would only cost flushes.
        let due = max(Self.checkpointPages, checkpointedPages + checkpointedPages / 4)
        guard pages >= due, isForced || tail?.allowsRestart ?? true else { return }
        try checkpointer.start()
        return
      case .running where !isForced: return
      case .running, .finished: try checkpointer.finish()
      }
      try connection.checkpoint(isForced ? .restart : .passive)
      checkpointedPages = pages
      statistics.update { $0.checkpoints += 1 }
    } catch {
      failIfFatal(error)
    }
  }
}
