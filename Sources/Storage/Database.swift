internal import Synchronization
package import Values

/// The store: one file, one writer thread with group commit, a few reader threads on snapshots.
///
/// ```swift
/// let order = try await database.write { transaction in
///   try ConfirmOrder(order: id).run(in: transaction, at: now)
/// }
/// ```
/// The closures are synchronous and run on the store's threads; what they return crosses back. A
/// write returns after the commit that holds it is durable.
package final class Database: Sendable {
  package struct Configuration: Sendable {
    /// Nil: in memory, gone when the database is closed.
    package var path: String?
    /// True: a file that is not there is `cannotOpen` instead of a new database.
    package var mustExist = false
    /// Reader threads, each with a connection of its own.
    package var readers = 2
    /// Jobs that may wait for the writer, and as many again for the readers; beyond it `overloaded`
    /// is thrown.
    package var queueLimit = 2048
    /// Jobs in one commit at most.
    package var batchLimit = 256
    /// How its pages are protected; for a file only.
    package var pages: PageProtection
    /// Pages of the file that have an earlier key, or none, get the newest one; this is told how
    /// they are whenever that is done. Nil: they stay as they are until they are written.
    package var resealed: (@Sendable (PageCounts) -> Void)?
    /// Who follows the log of the file; made just before.
    package var tail: LogTail?
    /// Runs before a database that holds something is migrated, or written anew with protected
    /// pages, with the name of the first migration that it will get, or `protection`, and with what
    /// copies it as it is to a new file; where it throws, nothing is changed.
    package var beforeMigrating: BeforeMigrating?
    /// Failures on order (tests only).
    package var faults: FaultPlan?

    package typealias BeforeMigrating =
      @Sendable (_ first: String, _ copy: (_ target: String) throws(StorageError) -> Void)
      throws(StorageError) -> Void

    package init(
      path: String?, mustExist: Bool = false, readers: Int = 2, queueLimit: Int = 2048,
      batchLimit: Int = 256, pages: PageProtection = PageProtection(),
      resealed: (@Sendable (PageCounts) -> Void)? = nil, tail: LogTail? = nil,
      beforeMigrating: BeforeMigrating? = nil, faults: FaultPlan? = nil
    ) {
      self.path = path
      self.mustExist = mustExist
      self.readers = readers
      self.queueLimit = queueLimit
      self.batchLimit = batchLimit
      self.pages = pages
      self.resealed = resealed
      self.tail = tail
      self.beforeMigrating = beforeMigrating
      self.faults = faults
    }

    package static let inMemory = Configuration(path: nil)
  }

  private let writerQueue: JobQueue<Writer.Work>
  /// Nil in memory: a memory database has one connection, so the writer reads too, between its
  /// batches. (The engine's shared cache would let readers meet table locks and the writer's
  /// uncommitted rows.)
  private let readerQueue: JobQueue<Job<Snapshot>>?
  private let writer: WorkerThread
  /// Every thread but the writer's.
  private let readers: [WorkerThread]
  /// Nil in memory. Its thread is among `readers`.
  private let checkpointer: Checkpointer?
  /// Nil where nobody asked for it. Its thread is among `readers`.
  private let resealer: PageResealer?
  private let board: StatisticsBoard
  /// Of the file, absolute; nil in memory.
  package let path: String?
  let pages: PageProtection?
  /// Rings after each durable commit, behind the answers to those whose writes are in it.
  package let commits: Bell
  private let tail: LogTail?
  private let isClosed = Mutex(false)

  private init(
    writer: (WorkerThread, JobQueue<Writer.Work>),
    readers: ([WorkerThread], JobQueue<Job<Snapshot>>?), checkpointer: Checkpointer?,
    resealer: PageResealer?, board: StatisticsBoard, path: String?, pages: PageProtection?,
    commits: Bell, tail: LogTail?
  ) {
    (self.writer, writerQueue) = writer
    (self.readers, readerQueue) = readers
    self.checkpointer = checkpointer
    self.resealer = resealer
    self.board = board
    self.path = path
    self.pages = pages
    self.commits = commits
    self.tail = tail
  }

  deinit {
    // The last reference may go away on one of our own threads, which cannot wait for itself.
    let wasClosed = isClosed.withLock { $0 }
    guard !wasClosed else { return }
    readerQueue?.close()
    checkpointer?.close()
    resealer?.close()
    writerQueue.close()
    for thread in readers + [writer] { thread.detach() }
  }

  // MARK: Opening and closing

  /// Opens the file or creates it, takes its lock and migrates it.
  ///
  /// - Throws: `locked` (another server has it), `corrupt`, `foreignFile`, `keyMissing`,
  ///   `newerSchema`, `changedMigration`, `failedMigration`, `cannotOpen`; each with one sentence
  ///   that names the file or the migration.
  package static func open(
    _ configuration: Configuration, migrations: [Migration], now: Instant
  ) throws(StorageError) -> Database {
    let file = try configuration.path.map { path throws(StorageError) in
      try DatabaseFile(path: path)
    }
    if configuration.mustExist { try file?.checkExists() }
    let lock = try file.map { file throws(StorageError) in try FileLock(for: file.path) }
    if let faults = configuration.faults, file != nil {
      configuration.pages.tellRereads { try? faults.reach(.reread) }
    }
    let board = StatisticsBoard()
    let shared = SharedState()
    let commits = Bell()
    let runner = MigrationRunner(migrations: migrations, faults: configuration.faults)
    let writerQueue = JobQueue<Writer.Work>(limit: configuration.queueLimit)
    let checkpointer = file.map { _ in Checkpointer() }
    let writer = try startThread { () throws(StorageError) in
      let hasCopy = try file?.prepare(configuration) ?? false
      let connection = try openForWriting(file, configuration, shared)
      configuration.tail?.begins()
      try runner.run(on: connection, at: now) { first throws(StorageError) in
        guard let file, let before = configuration.beforeMigrating, !hasCopy else { return }
        try before(first) { target throws(StorageError) in
          try copyFile(file.path, configuration.pages, target, {}, {})
        }
      }
      configuration.tail?.ends(frames: connection.logPages)
      let writer = Writer(
        connection, writerQueue, configuration, statistics: board, checkpointer: checkpointer,
        commits: commits)
      // The lock lives as long as this thread: nobody else may open the file before it is closed.
      return { withExtendedLifetime(lock) { writer.run() } }
    }
    guard let file, let checkpointer else {
      return Database(
        writer: (writer, writerQueue), readers: ([], nil), checkpointer: nil, resealer: nil,
        board: board, path: nil, pages: nil, commits: commits, tail: nil)
    }
    let readerQueue = JobQueue<Job<Snapshot>>(limit: configuration.queueLimit)
    let resealer = configuration.resealed.map { PageResealer(file, configuration, $0) }
    var readers: [WorkerThread] = []
    do throws(StorageError) {
      try startReaders(&readers, of: file, configuration, shared, readerQueue)
      try readers.append(
        startReader(of: file, configuration.pages, .checkpointer, shared) {
          checkpointer.run(on: $0)
        })
      if let resealer {
        try readers.append(
          startReader(of: file, configuration.pages, .checkpointer, shared) { resealer.run(on: $0) }
        )
      }
    } catch {
      readerQueue.close()
      checkpointer.close()
      resealer?.close()
      writerQueue.close()
      for thread in readers + [writer] { thread.join() }
      throw error
    }
    return Database(
      writer: (writer, writerQueue), readers: (readers, readerQueue), checkpointer: checkpointer,
      resealer: resealer, board: board, path: file.path, pages: configuration.pages,
      commits: commits, tail: configuration.tail)
  }

  /// A database in memory with these migrations: the test double of every area.
  package static func inMemory(
    migrations: [Migration], now: Instant = Instant(microseconds: 0), faults: FaultPlan? = nil
  ) throws(StorageError) -> Database {
    try open(Configuration(path: nil, faults: faults), migrations: migrations, now: now)
  }

  private static func openForWriting(
    _ file: DatabaseFile?, _ configuration: Configuration, _ shared: SharedState
  ) throws(StorageError) -> Connection {
    let isNew = try file?.isNew(configuration.pages) ?? true
    if isNew, let file { try DatabaseFile.create(file.path) }
    let connection = try Connection(
      path: file?.path, pages: file.map { _ in configuration.pages }, writes: true, shared: shared)
    do throws(StorageError) {
      try connection.configure(.writer)
      if isNew {
        if file != nil { try connection.reservePages() }
        // Before the log is switched on, so that the file itself holds it whatever happens next.
        try connection.run(text: "PRAGMA application_id = \(DatabaseFile.applicationID)")
      }
      if file != nil { try connection.useWriteAheadLog(sizeLimit: Writer.logSizeLimit) }
      if let tail = configuration.tail { try connection.watchLog(tail) }
      if let pages = configuration.faults?.maximumPages {
        try connection.run(text: "PRAGMA max_page_count = \(pages)")
      }
    } catch  where file != nil {
      throw StorageError(
        error.code, "Cannot open the database \(file?.path ?? ""): \(error.message)", sql: error.sql
      )
    }
    return connection
  }

  private static func startReaders(
    _ readers: inout [WorkerThread], of file: DatabaseFile, _ configuration: Configuration,
    _ shared: SharedState, _ queue: JobQueue<Job<Snapshot>>
  ) throws(StorageError) {
    for _ in 1...max(1, configuration.readers) {
      try readers.append(
        startReader(of: file, configuration.pages, .reader, shared) { Reader($0, queue).run() })
    }
  }

  private static func startReader(
    of file: DatabaseFile, _ pages: PageProtection, _ cache: Connection.Cache,
    _ shared: SharedState, _ run: @escaping @Sendable (Connection) -> Void
  ) throws(StorageError) -> WorkerThread {
    try startThread { () throws(StorageError) in
      let connection = try Connection(
        path: file.path, pages: pages, writes: false, shared: shared)
      try connection.configure(cache)
      return { run(connection) }
    }
  }

  /// Starts a thread that opens its own connection, waits until it has, and lets it run.
  private static func startThread(
    _ prepare: @escaping @Sendable () throws(StorageError) -> (() -> Void)
  ) throws(StorageError) -> WorkerThread {
    let opened = Slot<StorageError?>()
    let thread = try WorkerThread.start {
      do throws(StorageError) {
        let run = try prepare()
        opened.fill(nil)
        run()
      } catch {
        opened.fill(error)
      }
    }
    if let failure = opened.await() {
      thread.join()
      throw failure
    }
    return thread
  }

  /// Takes no more jobs, finishes those that wait, and closes the file. Blocks until then; must not
  /// be called from inside a job.
  package func close() {
    let wasClosed = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return isClosed
    }
    guard !wasClosed else { return }
    readerQueue?.close()
    checkpointer?.close()
    resealer?.close()
    for reader in readers { reader.join() }
    // Last, so that its connection folds the log into the file.
    writerQueue.close()
    writer.join()
    tail?.closed()
    commits.close()
  }

  /// Whether a write would be refused now, because too many wait.
  package var isOverloaded: Bool { writerQueue.isFull }

  /// Says that a write is likely to come within microseconds, so that the writer's thread need not
  /// be woken then. Nothing depends on it.
  package func announceWrite() { writerQueue.announce() }

  /// What the writer has done so far.
  package var statistics: Statistics {
    var current = board.current
    current.waitingJobs = writerQueue.count
    current.pages = resealer?.counts
    return current
  }

  /// From now on pages are sealed with the first of these keys, and those of the file that are not
  /// get it as well, if the configuration asked for that. See `PageProtection.use`.
  package func use(_ keys: [PageProtection.Key]) {
    pages?.use(keys)
    resealer?.begin()
  }
}

// MARK: - Jobs

extension Database {
  /// Runs `body` in a transaction of its own on the writer and returns when it is durable. A body
  /// that throws leaves nothing. If the task is cancelled before the body began, it is not run and
  /// `CancellationError` is thrown; once begun it is finished.
  @discardableResult
  nonisolated(nonsending) package func write<R: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> R
  ) async throws -> R {
    try await submit { cancellation, deliver throws(StorageError) in
      try writerQueue.add(.write(Job(cancellation, body, deliver: deliver)))
    }
  }

  /// As `write`, but `find` has looked up what `body` needs on a reader's snapshot, while the one
  /// writer works for others. `body` asks the preparation for the value, and gets what it would
  /// have found itself.
  nonisolated(nonsending) package func write<P: Sendable, R: Sendable>(
    preparing find: @escaping @Sendable (Snapshot) throws -> P,
    _ body: @escaping @Sendable (Transaction, Preparation<P>) throws -> R
  ) async throws -> R {
    try await submit { cancellation, deliver throws(StorageError) in
      let job = { @Sendable (finding: Preparation<P>.Finding?) in
        let preparation = Preparation(find, finding)
        return Writer.Work.write(
          Job(cancellation, { try body($0, preparation) }, deliver: deliver))
      }
      // A writer that waits for work would only wait longer.
      guard let readerQueue, !writerQueue.isIdle else { return try writerQueue.add(job(nil)) }
      let look = { @Sendable (snapshot: Snapshot) throws -> Preparation<P>.Finding in
        .init(value: try find(snapshot), tables: snapshot.tablesRead, batch: snapshot.batch)
      }
      let preparing = Job(cancellation, look) { [writerQueue] found in
        do throws(StorageError) {
          // What was refused here is looked up again, and refused, in the transaction.
          try writerQueue.add(job(try? found.get()), isPromised: true)
        } catch {
          deliver(.failure(error))
        }
      }
      try writerQueue.promise()
      do throws(StorageError) {
        try readerQueue.add(preparing)
      } catch {
        writerQueue.withdraw()
        throw error
      }
    }
  }

  /// As `write`, but whatever `body` did is rolled back: what would happen, by the code that would
  /// do it.
  nonisolated(nonsending) package func rehearse<R: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> R
  ) async throws -> R {
    try await submit { cancellation, deliver throws(StorageError) in
      try writerQueue.add(.write(Job(cancellation, isRehearsal: true, body, deliver: deliver)))
    }
  }

  /// Runs `body` on a snapshot that holds every write that had returned when this was called.
  nonisolated(nonsending) package func read<R: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> R
  ) async throws -> R {
    try await submit { cancellation, deliver throws(StorageError) in
      try addRead(Job(cancellation, body, deliver: deliver))
    }
  }

  /// `write` for tools and tests that have no task: blocks the calling thread.
  @discardableResult
  package func writeBlocking<R: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> R
  ) throws -> R {
    try submitBlocking { cancellation, deliver throws(StorageError) in
      try writerQueue.add(.write(Job(cancellation, body, deliver: deliver)))
    }
  }

  /// `rehearse`, blocking the calling thread.
  package func rehearseBlocking<R: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> R
  ) throws -> R {
    try submitBlocking { cancellation, deliver throws(StorageError) in
      try writerQueue.add(.write(Job(cancellation, isRehearsal: true, body, deliver: deliver)))
    }
  }

  /// `read`, blocking the calling thread.
  package func readBlocking<R: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> R
  ) throws -> R {
    try submitBlocking { cancellation, deliver throws(StorageError) in
      try addRead(Job(cancellation, body, deliver: deliver))
    }
  }

  private func addRead(_ job: Job<Snapshot>) throws(StorageError) {
    if let readerQueue {
      try readerQueue.add(job)
    } else {
      try writerQueue.add(.read(job))
    }
  }

  private typealias Delivery<R> = @Sendable (Result<R, any Error>) -> Void

  nonisolated(nonsending) private func submit<R: Sendable>(
    _ add: (Cancellation, @escaping Delivery<R>) throws(StorageError) -> Void
  ) async throws -> R {
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation {
        (continuation: CheckedContinuation<R, any Error>) in
        do throws(StorageError) {
          try add(cancellation) { continuation.resume(with: $0) }
        } catch {
          continuation.resume(throwing: error)
        }
      }
    } onCancel: {
      cancellation.cancel()
    }
  }

  private func submitBlocking<R: Sendable>(
    _ add: (Cancellation, @escaping Delivery<R>) throws(StorageError) -> Void
  ) throws -> R {
    precondition(
      !(readers + [writer]).contains { $0.isCurrent }, "a job waits for its own database")
    let slot = Slot<Result<R, any Error>>()
    try add(Cancellation()) { slot.fill($0) }
    return try slot.await().get()
  }
}
