internal import CStorage
internal import Dispatch
internal import Synchronization
package import Values

/// What is committed to the write-ahead log of a database, for one follower who copies it elsewhere
/// (see `Configuration.tail`), read from the log's file while the writer goes on: the log itself is
/// the queue between them, and nothing is copied on the writer's thread.
///
/// The writer notes each commit. When its log starts over, which overwrites what was in it, the
/// rest that the follower has not read is kept in memory. A follower who is far behind keeps the
/// log from being folded into the database until it is as long as it may become; then the thread is
/// cut (`Next.cut`), and the follower needs a whole copy of the database before it can go on.
package final class LogTail: Sendable {
  /// The pages that were changed by one or more commits, each as it was after the last of them.
  package struct Group: Sendable {
    package let pageSize: Int
    package let numbers: [UInt32]
    /// In the order of `numbers`, each as it belongs into a database's file.
    package let content: [UInt8]
    /// Pages of the database after it.
    package let databasePages: UInt32
    package let end: LogPlace
    /// When the last commit was durable, by the clock.
    package let time: Instant
    /// Every commit that was begun up to this number is in it or in an earlier one, or has failed.
    package let commit: UInt64
  }

  package enum Next: Sendable {
    case nothing
    case group(Group)
    /// Something was committed that cannot be read any more, and why.
    case cut(String)
  }

  private struct Mark {
    var frames: Int
    var time: Instant
    var commit: UInt64
    /// When the first of the commits that it stands for was durable.
    let since: Instant

    func isWithin(_ grain: Int64, of time: Instant) -> Bool {
      (0..<grain).contains(time.microseconds - since.microseconds)
    }
  }

  /// The writer's side.
  private struct Commits {
    /// What an earlier server has left in the log counts as the first.
    var begun: UInt64 = 1
    /// Of these, done or failed.
    var ended: UInt64 = 1
    /// In the present log, not yet read.
    var marks: [Mark] = []
    /// In the present log.
    var frames = 0
    /// Of these, read; nil until the follower has begun, and while an earlier log is being read.
    var framesRead: Int?
    var hasCommitted = false
    var isAwaited = false
    var isClosed = false
  }

  /// The reader's side.
  private struct Reading {
    var file: LogFile?
    /// Before what is to be read next; nil: the start of the present log.
    var place: LogPlace?
    /// Earlier logs, the oldest first.
    var rest: [(frames: LogFrames, marks: [Mark])] = []
    var hasBegun = false
    /// What the follower has: a later one may go on behind it.
    var reached: LogPlace?
    var cut: String?
    var bookmark: LogBookmark?
    /// The file is another one than that which was found.
    var isReplaced = false
  }

  /// Commits within so many microseconds are told apart by nobody.
  private static let grain: Int64 = 100_000
  private static let groupSpan: Int64 = 500_000
  private static let groupFrames = 4096
  /// Hours of them, in a folder that is away.
  private static let markLimit = 100_000
  /// Of one group, and of all that is kept when the log starts over.
  private static let memoryLimit = 64 << 20

  private let path: String
  private let pages: PageProtection
  private let now: @Sendable () -> Instant
  private let commits = Mutex(Commits())
  private let reading: Mutex<Reading>
  private let news = DispatchSemaphore(value: 0)
  // As the file was before the engine opened it.
  private let foundSalt: UInt64?
  private let foundIdentity: LogBookmark.Identity?
  private let foundTime: Instant?

  /// Before the database is opened, with the same protection of its pages.
  package init(
    path: String, pages: PageProtection = PageProtection(),
    now: @escaping @Sendable () -> Instant
  ) throws(StorageError) {
    let path = try DatabaseFile(path: path).path
    self.path = path
    self.pages = pages
    self.now = now
    let file = LogFile(of: path)
    foundSalt = file.flatMap { LogFrames($0, pages)?.salt }
    foundTime = file.map { Instant(microseconds: $0.changedAt) }
    foundIdentity = LogBookmark.Identity(of: path)
    reading = Mutex(Reading(bookmark: LogBookmark.read(path)))
  }

  // MARK: Follower

  /// Begins behind `place`, which an earlier follower has reached, or returns false: something else
  /// may have been committed since. For one who has read nothing that is where it began.
  package func resume(after place: LogPlace) -> Bool {
    reading.withLock { reading in
      guard !reading.hasBegun, reading.cut == nil, !reading.isReplaced else { return false }
      if foundSalt == place.salt {
        guard let frames = log(&reading), frames.has(place) else { return false }
        reading.place = place
        noteRecovered(frames, after: place)
      } else {
        guard reading.bookmark?.ended == place else { return false }
        if let foundSalt {
          guard place.isFollowed(by: foundSalt) else { return false }
          if let frames = log(&reading) { noteRecovered(frames, after: frames.start) }
        } else {
          guard let closed = reading.bookmark?.closed, closed == foundIdentity else { return false }
        }
      }
      reading.hasBegun = true
      reading.reached = place
      noteProgress(reading)
      return true
    }
  }

  /// Begins with what is committed from now on; a copy of the database made after this call and all
  /// that `next` gives are the whole. `name` is a new one each time.
  package func begin(as name: Instant) {
    reading.withLock { reading in
      LogBookmark.remove(path)
      let file = reading.file
      reading = Reading(file: file, hasBegun: true, reached: Self.start(of: name))
      let (end, isFirst) = commits.withLock { state in
        state.marks = []
        return (state.frames, !state.hasCommitted)
      }
      // Without a commit yet the log may hold some of an earlier server.
      if let frames = log(&reading), end > 0 || isFirst {
        reading.place =
          end > 0 ? frames.place(at: end) : Self.lastCommit(frames, after: frames.start, to: .max)
      }
      noteProgress(reading)
    }
  }

  /// Where a follower is who began with that name and has read nothing.
  package static func start(of name: Instant) -> LogPlace {
    LogPlace(salt: 0, frames: 0, checksum: UInt64(bitPattern: name.microseconds))
  }

  /// What was in the log when the engine opened it has no marks.
  private func noteRecovered(_ frames: LogFrames, after place: LogPlace) {
    let bound = commits.withLock { $0.marks.first?.frames ?? .max }
    let end = Self.lastCommit(frames, after: place, to: bound)?.frames ?? 0
    let time = min(foundTime ?? now(), now())
    commits.withLock { state in
      guard end > place.frames, state.marks.first.map({ $0.frames > end }) ?? true else { return }
      state.marks.insert(Mark(frames: end, time: time, commit: 1, since: time), at: 0)
      state.frames = max(state.frames, end)
    }
  }

  private static func lastCommit(
    _ frames: LogFrames, after place: LogPlace, to bound: Int
  ) -> LogPlace? {
    var last: LogPlace?
    _ = frames.forEach(from: place, to: bound) { _, size, _, end in
      if size > 0 { last = end }
    }
    return last
  }

  private func noteProgress(_ reading: borrowing Reading) {
    let frames: Int? =
      reading.cut != nil
      ? .max : reading.hasBegun && reading.rest.isEmpty ? reading.place?.frames ?? 0 : nil
    commits.withLock { $0.framesRead = frames }
  }

  /// Returns when there may be something new, or after `seconds`.
  package func wait(seconds: Double) {
    let isNews = commits.withLock { state in
      state.isAwaited = state.marks.isEmpty && !state.isClosed
      return !state.isAwaited
    }
    if isNews { return }
    _ = news.wait(timeout: .now() + seconds)
    commits.withLock { $0.isAwaited = false }
  }

  /// Makes `wait` return.
  package func wake() { news.signal() }

  /// Number of the last commit that the writer has begun.
  package var begunCommits: UInt64 { commits.withLock { $0.begun } }

  /// Number up to which every commit has been read or has failed; nil while there is something to
  /// be read.
  package var commitsRead: UInt64? {
    guard reading.withLock({ $0.rest.isEmpty && $0.cut == nil }) else { return nil }
    return commits.withLock { $0.marks.isEmpty ? $0.ended : nil }
  }

  package func next() -> Next {
    reading.withLock { reading in
      if let cut = reading.cut { return .cut(cut) }
      guard reading.hasBegun else { return .nothing }
      defer { noteProgress(reading) }
      if let oldest = reading.rest.first {
        let result = read(oldest.frames, oldest.marks, &reading) ?? .nothing
        guard case .group(let group) = result else { return result }
        reading.rest[0].marks.removeAll { $0.frames <= group.end.frames }
        if reading.rest[0].marks.isEmpty {
          reading.rest.removeFirst()
          reading.place = nil
        }
        return result
      }
      let marks = commits.withLock { $0.marks }
      guard !marks.isEmpty else { return .nothing }
      guard let frames = log(&reading) else { return cut(&reading, "the log cannot be read") }
      let result = read(frames, marks, &reading) ?? .nothing
      if case .group(let group) = result {
        commits.withLock { $0.marks.removeAll { $0.frames <= group.end.frames } }
      }
      return result
    }
  }

  private func read(_ frames: LogFrames, _ marks: [Mark], _ reading: inout Reading) -> Next? {
    guard let first = marks.first else { return nil }
    let start = reading.place ?? frames.start
    let mark =
      marks.last {
        $0.frames - start.frames <= Self.groupFrames
          && $0.time.microseconds - first.time.microseconds <= Self.groupSpan
      } ?? first
    var numbers: [UInt32] = []
    var content: [UInt8] = []
    var index: [UInt32: Int] = [:]
    var size: UInt32 = 0
    var isTooLarge = false
    let pageSize = frames.pageSize
    let end = frames.forEach(from: start, to: mark.frames) {
      number, sizeAtCommit, page, _ in
      size = sizeAtCommit
      if let known = index[number] {
        content.withUnsafeMutableBytes {
          UnsafeMutableRawBufferPointer(rebasing: $0[known * pageSize..<(known + 1) * pageSize])
            .copyMemory(from: page)
        }
      } else if content.count + pageSize > Self.memoryLimit {
        isTooLarge = true
      } else {
        index[number] = numbers.count
        numbers.append(number)
        content.append(contentsOf: page)
      }
    }
    if isTooLarge {
      return cut(&reading, "one transaction changed more than \(Self.memoryLimit >> 20) MiB")
    }
    guard end.frames == mark.frames, size > 0 else {
      return cut(&reading, "the log is damaged behind frame \(end.frames)")
    }
    guard protect(&content, numbers) else { return cut(&reading, "a page cannot be sealed") }
    (reading.place, reading.reached) = (end, end)
    return .group(
      Group(
        pageSize: pageSize, numbers: numbers, content: content, databasePages: size, end: end,
        time: mark.time, commit: mark.commit))
  }

  /// What is not sealed has no checksum of its own in the log.
  private func protect(_ content: inout [UInt8], _ numbers: [UInt32]) -> Bool {
    content.withUnsafeMutableBytes { buffer in
      for (index, number) in numbers.enumerated() {
        let start = index * PageProtection.pageBytes
        let page = UnsafeMutableRawBufferPointer(
          rebasing: buffer[start..<start + PageProtection.pageBytes])
        guard PageProtection.key(of: UnsafeRawBufferPointer(page)) == nil else { continue }
        guard pages.seal(number, page) == .whole else { return false }
      }
      return true
    }
  }

  private func cut(_ reading: inout Reading, _ reason: String) -> Next {
    reading.cut = reason
    reading.rest = []
    commits.withLock { $0.marks = [] }
    noteProgress(reading)
    return .cut(reason)
  }

  private func log(_ reading: inout Reading) -> LogFrames? {
    if reading.file == nil { reading.file = LogFile(of: path) }
    return reading.file.flatMap { LogFrames($0, pages) }
  }

  // MARK: Writer

  /// Another file has taken the place of the one that was found: nobody can go on.
  func replaced() {
    LogBookmark.remove(path)
    reading.withLock {
      $0.bookmark = nil
      $0.isReplaced = true
    }
  }

  /// Before a commit.
  func begins() { commits.withLock { $0.begun += 1 } }

  /// After it, with the frames that are in the log then; nil when it has failed.
  func ends(frames: Int?) {
    let time = now()
    let isAwaited = commits.withLock { state in
      state.ended = state.begun
      let last = state.marks.indices.last
      guard let frames, frames > 0 else {
        if let last { state.marks[last].commit = state.ended }
        return false
      }
      (state.frames, state.hasCommitted) = (frames, true)
      // Not where the clock was set back.
      if let last,
        state.marks[last].isWithin(Self.grain, of: time)
          || state.marks.count >= Self.markLimit
      {
        state.marks[last].frames = frames
        state.marks[last].time = time
        state.marks[last].commit = state.ended
      } else {
        state.marks.append(Mark(frames: frames, time: time, commit: state.ended, since: time))
      }
      defer { state.isAwaited = false }
      return state.isAwaited
    }
    if isAwaited { news.signal() }
  }

  /// Whether the log may be folded into the database and start over: what the follower has not read
  /// of it would be kept in memory.
  var allowsRestart: Bool {
    commits.withLock { state in
      state.framesRead.map { state.frames - $0 <= 2 * Self.groupFrames } ?? false
    }
  }

  /// On the writer's thread, before the first frame of the log is overwritten.
  func restarts() {
    reading.withLock { reading in
      let (marks, end) = commits.withLock { state in
        defer { (state.marks, state.frames) = ([], 0) }
        return (state.marks, state.frames)
      }
      // The first log of a new file, or one that nothing was committed to.
      guard end > 0 else { return }
      guard reading.cut == nil, let frames = log(&reading), let last = frames.place(at: end) else {
        reading.cut = reading.cut ?? "the log cannot be read"
        noteProgress(reading)
        return LogBookmark.remove(path)
      }
      reading.bookmark = LogBookmark(ended: last)
      reading.bookmark?.write(path)
      keepRest(frames, marks, &reading)
    }
  }

  private func keepRest(_ frames: LogFrames, _ marks: [Mark], _ reading: inout Reading) {
    defer { noteProgress(reading) }
    guard let last = marks.last else {
      if reading.rest.isEmpty { reading.place = nil }
      return
    }
    let isFirst = reading.rest.isEmpty
    let from = isFirst ? reading.place ?? frames.start : frames.start
    let kept = reading.rest.reduce(0) { $0 + ($1.marks.last?.frames ?? 0) }
    guard reading.hasBegun,
      (kept + last.frames - from.frames) * frames.frameBytes <= Self.memoryLimit,
      let memory = frames.inMemory(from: from, to: last.frames)
    else {
      reading.cut = "more was written than can be kept for it"
      reading.rest = []
      return
    }
    if isFirst { reading.place = from }
    reading.rest.append((memory, marks))
  }

  /// After the last connection was closed.
  func closed() {
    let (hasUnread, frames) = commits.withLock { state in
      state.isClosed = true
      return (!state.marks.isEmpty, state.frames)
    }
    news.signal()
    reading.withLock { reading in
      guard reading.hasBegun else {
        if frames > 0 { LogBookmark.remove(path) }
        return
      }
      // Whoever has the lock now may be changing the file.
      guard !hasUnread, reading.cut == nil, reading.rest.isEmpty,
        let lock = try? FileLock(for: path),
        let reached = reading.reached
      else { return LogBookmark.remove(path) }
      withExtendedLifetime(lock) {
        LogBookmark(ended: reached, closed: LogBookmark.Identity(of: path)).write(path)
      }
    }
  }
}
