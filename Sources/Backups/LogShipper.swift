internal import Dispatch
package import Storage
internal import Synchronization
package import Values

/// Ships the log of a database to a folder as it is written: each group of commits is a record in a
/// segment, sealed, at the latest a tenth of a second after it was acknowledged, on a thread of its
/// own. The server never waits for it.
///
/// Records are numbered in a *generation*, which is the time when it began. One lasts as long as it
/// is certain that no commit is missing from it, restarts of the server and times when the folder
/// was away included; otherwise a new one begins, and is worth something from its first backup on:
/// `needsBackup` rings for it.
package final class LogShipper: Sendable {
  package struct Status: Hashable, Sendable {
    /// Why nothing is shipped at present.
    package var failure: String?
    /// When the last commit that was shipped was durable.
    package var reached: Instant?
    /// Whether there is a backup from which the log can be followed.
    package var hasBackup = false
    package var records: UInt64 = 0
    /// Whether a loss of the database would cost a moment only.
    package var isWhole: Bool { failure == nil && hasBackup }
  }

  /// Who makes a backup waits until the log holds all that is in it.
  private final class Waiter: Sendable {
    let commits: UInt64
    let generation: Instant
    let ready = DispatchSemaphore(value: 0)
    let position = Mutex<SealedFile.LogPosition?>(nil)

    init(_ commits: UInt64, _ generation: Instant) {
      (self.commits, self.generation) = (commits, generation)
    }
  }

  private struct State {
    var status = Status()
    var generation = Instant(microseconds: 0)
    /// Of the last record.
    var record: UInt64 = 0
    var time: Instant?
    /// All up to this one are shipped.
    var commits: UInt64 = 0
    var waiters: [Waiter] = []
    var isEnding = false
  }

  /// So large may a segment become.
  private static let segmentBytes = 16 << 20
  /// Between two records, so that pages which many commits change are shipped once.
  private static let pace = 0.1
  /// The longest that what was written may not be flushed; and between two tries.
  private static let patience = 0.5

  /// Rings when a backup is needed now.
  package let needsBackup = Bell()

  private let tail: LogTail
  private let folder: BackupFolder
  private let key: BackupKey?
  private let now: @Sendable () -> Instant
  private let log: @Sendable (String) -> Void
  private let state = Mutex(State())
  private let ending = DispatchSemaphore(value: 0)
  private let thread = Mutex<WorkerThread?>(nil)

  /// - Parameters:
  ///   - tail: of the database that is open now.
  ///   - log: a line for the administrator.
  package init(
    _ tail: LogTail, to folder: BackupFolder, key: BackupKey?,
    now: @escaping @Sendable () -> Instant, log: @escaping @Sendable (String) -> Void
  ) throws(BackupError) {
    self.tail = tail
    self.folder = folder
    self.key = key
    self.now = now
    self.log = log
    if !((try? resume()) ?? false) { begin() }
    do throws(StorageError) {
      let thread = try WorkerThread.start { self.run() }
      self.thread.withLock { $0 = thread }
    } catch { throw BackupError(.file, error.message) }
  }

  package var status: Status { state.withLock { $0.status } }

  /// Ships what is committed, ends the segment, and stops. Before the database is closed; blocks.
  package func finish() {
    state.withLock { $0.isEnding = true }
    ending.signal()
    tail.wake()
    let thread = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    thread?.join()
    needsBackup.close()
  }

  // MARK: Backups

  /// Before the database is copied.
  func ticket() -> SealedFile.LogPosition {
    state.withLock { SealedFile.LogPosition(generation: $0.generation, record: $0.record) }
  }

  /// Number of the last commit that a copy made now may hold.
  var begunCommits: UInt64 { tail.begunCommits }

  /// Where a copy belongs that was begun with `ticket` and holds at most so many commits: once they
  /// are shipped. Blocks; throws when nothing is shipped now, or the log was cut meanwhile.
  func position(
    _ ticket: SealedFile.LogPosition, holding commits: UInt64
  ) throws(BackupError) -> SealedFile.LogPosition {
    let waiter = Waiter(commits, ticket.generation)
    let isAdded = state.withLock { state in
      guard !state.isEnding, state.generation == ticket.generation else { return false }
      state.waiters.append(waiter)
      return true
    }
    if isAdded {
      tail.wake()
      waiter.ready.wait()
    }
    guard var position = waiter.position.withLock({ $0 }) else {
      throw BackupError(.gap, "The log was not shipped while the backup was made")
    }
    position = SealedFile.LogPosition(
      generation: ticket.generation, record: ticket.record, through: position.through,
      reached: position.reached)
    return position
  }

  /// Tells whoever waits for a commit that is shipped now.
  private func answer() {
    let unread = tail.commitsRead
    let ready = state.withLock { state -> [Waiter] in
      if let unread { state.commits = max(state.commits, unread) }
      let position = SealedFile.LogPosition(
        generation: state.generation, record: 0, through: state.record,
        reached: state.time ?? state.generation)
      let ready = state.waiters.filter { $0.commits <= state.commits }
      for waiter in ready { waiter.position.withLock { $0 = position } }
      state.waiters.removeAll { $0.commits <= state.commits }
      return ready
    }
    for waiter in ready { waiter.ready.signal() }
  }

  private func refuseWaiters() {
    let waiters = state.withLock { state in
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.ready.signal() }
  }

  /// There is one now.
  func noteBackup(_ position: SealedFile.LogPosition) {
    state.withLock { state in
      if state.generation == position.generation { state.status.hasBackup = true }
    }
  }

  // MARK: Generations

  /// Goes on where an earlier server stopped, if it is certain that nothing is missing.
  private func resume() throws(BackupError) -> Bool {
    guard let generation = try newestGeneration() else { return false }
    var own = try folder.segments().filter { $0.generation == generation }
    var last: LogArchive.Whole?
    while last == nil, let newest = own.last {
      last = try LogArchive([newest], of: generation, key: key)
        .read(after: newest.first - 1) { _ in true }
      // Its name is wanted for the next one.
      if last == nil { File.remove(newest.path) }
      own.removeLast()
    }
    guard tail.resume(after: last?.end ?? LogTail.start(of: generation)) else { return false }
    let number = last?.number ?? 0
    let hasBackup = try folder.bases().contains {
      $0.position.generation == generation && $0.position.through <= number
    }
    state.withLock { state in
      state.generation = generation
      (state.record, state.time) = (number, last?.time)
      state.status = Status(reached: last?.time, hasBackup: hasBackup, records: number)
    }
    if !hasBackup { needsBackup.ring() }
    return true
  }

  private func newestGeneration() throws(BackupError) -> Instant? {
    let known = try folder.segments().map(\.generation) + folder.bases().map(\.position.generation)
    return known.max()
  }

  private func begin() {
    // Behind every other one, also where the clock was set back.
    let newest = (try? newestGeneration())?.microseconds ?? 0
    let own = state.withLock { $0.generation.microseconds }
    let generation = Instant(microseconds: max(now().microseconds, max(newest, own) + 1))
    // First, so that a backup of this generation is a copy made later.
    tail.begin(as: generation)
    state.withLock { state in
      state.generation = generation
      (state.record, state.time) = (0, nil)
      state.status.hasBackup = false
    }
    refuseWaiters()
    needsBackup.ring()
  }

  // MARK: Thread

  private func run() {
    var line = Line()
    while true {
      let isEnding = state.withLock { $0.isEnding }
      do throws(BackupError) {
        let hasShipped = try ship(&line, isEnding)
        if line.isUnflushed, isEnding || !hasShipped || line.isFlushDue { try line.flush() }
        if !hasShipped, status.failure != nil { _ = try folder.segments() }
        recover()
      } catch {
        fail(error, &line)
      }
      if isEnding { break }
      let isFailing = status.failure != nil
      if isFailing || line.isUnflushed {
        _ = ending.wait(timeout: .now() + (isFailing ? Self.patience : Self.pace))
      } else {
        tail.wait(seconds: Self.patience)
      }
    }
    refuseWaiters()
    do throws(BackupError) { try line.end() } catch { fail(error, &line) }
  }

  /// All that is committed; whether there was anything. While the writer goes on at full speed,
  /// what has come meanwhile is left for the next time.
  private func ship(_ line: inout Line, _ isEnding: Bool) throws(BackupError) -> Bool {
    var hasShipped = false
    while true {
      if line.pending == nil {
        switch tail.next() {
        case .nothing:
          answer()
          return hasShipped
        case .cut(let reason):
          log("the shipped log has a gap: \(reason); a new backup closes it")
          line = Line()
          begin()
        case .group(let group): line.pending = group
        }
      }
      guard let group = line.pending else { continue }
      try write(group, &line)
      line.pending = nil
      hasShipped = true
      answer()
      let age = now().microseconds - group.time.microseconds
      if !isEnding, age < Int64(2e6 * Self.pace) { return true }
    }
  }

  private func write(_ group: LogTail.Group, _ line: inout Line) throws(BackupError) {
    let (generation, number) = state.withLock { ($0.generation, $0.record + 1) }
    if line.segment == nil {
      try line.beginSegment(
        folder.segmentPath(generation, first: number), key: key, created: now(),
        SealedFile.LogPosition(generation: generation, record: number))
    }
    try line.append(group, as: number)
    state.withLock { state in
      state.record = number
      state.time = group.time
      state.commits = max(state.commits, group.commit)
      (state.status.reached, state.status.records) = (group.time, number)
    }
    if line.segmentBytes >= Self.segmentBytes { try line.end() }
  }

  private func fail(_ error: BackupError, _ line: inout Line) {
    // What cannot be flushed may be lost, whatever is said later.
    if !line.abandon() {
      line = Line()
      begin()
    }
    let isNew = state.withLock { state in
      defer { state.status.failure = error.description }
      return state.status.failure == nil
    }
    refuseWaiters()
    if isNew { log("the log is not shipped: \(error.description); the server goes on") }
  }

  private func recover() {
    let hadFailed = state.withLock { state in
      defer { state.status.failure = nil }
      return state.status.failure != nil
    }
    guard hadFailed else { return }
    log("the log is shipped again")
    if !state.withLock({ $0.status.hasBackup }) { needsBackup.ring() }
  }

  /// What the thread holds.
  private struct Line {
    var segment: Segment?
    /// Read, but not written yet.
    var pending: LogTail.Group?
    private(set) var isUnflushed = false
    private var flushed = DispatchTime.now()

    var segmentBytes: Int { segment?.writer.bytes ?? 0 }
    var isFlushDue: Bool { DispatchTime.now() > flushed + LogShipper.patience }

    mutating func beginSegment(
      _ path: String, key: BackupKey?, created: Instant, _ position: SealedFile.LogPosition
    ) throws(BackupError) {
      segment = Segment(
        try SealedWriter.create(.log, path, key: key, created: created, log: position))
      // Where it fails, `abandon` takes the file away again: the next try wants its name.
      try File.flushFolder(of: path)
    }

    mutating func append(_ group: LogTail.Group, as number: UInt64) throws(BackupError) {
      guard let segment else { return }
      isUnflushed = true
      try LogRecord.write(group, as: number) { chunk throws(BackupError) in
        try segment.writer.append(chunk, isLast: false)
      }
      segment.isEmpty = false
    }

    mutating func flush() throws(BackupError) {
      do throws(BackupError) { try segment?.writer.flush() } catch {
        // A second flush would succeed and prove nothing.
        segment?.isDoubtful = true
        throw error
      }
      isUnflushed = false
      flushed = .now()
    }

    mutating func end() throws(BackupError) {
      try segment?.writer.append([], isLast: true)
      try flush()
      segment = nil
    }

    /// What was half written is to be taken up again in a new segment. False: what was written
    /// whole is in doubt.
    mutating func abandon() -> Bool {
      guard let last = segment else { return true }
      segment = nil
      isUnflushed = false
      if last.isEmpty {
        File.remove(last.writer.path)
        return true
      }
      return !last.isDoubtful && (try? last.writer.flush()) != nil
    }
  }

  /// The segment that is being written.
  private final class Segment {
    var writer: SealedWriter
    var isEmpty = true
    var isDoubtful = false

    init(_ writer: consuming SealedWriter) { self.writer = writer }
  }
}
