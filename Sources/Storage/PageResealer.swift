internal import Dispatch
internal import Glibc
internal import Synchronization

/// How many pages of a database's file are protected how.
package struct PageCounts: Hashable, Sendable {
  /// By the name of the key; the empty one for a checksum.
  package fileprivate(set) var byKey: [String: Int] = [:]
  /// Pages in the log that have another key than the newest.
  package fileprivate(set) var earlierInLog = 0
  /// The newest key.
  package fileprivate(set) var key = ""

  /// Whether nothing needs an earlier key any more.
  package var isCurrent: Bool { earlierInLog == 0 && byKey.keys.allSatisfy { $0 == key } }
}

/// Gives the pages of the file that have an earlier key, or none, the newest one, while the
/// database is open: in place, a few at a time, on a thread and a connection of its own. In between
/// it rests, so that nobody notices.
///
/// Nobody else writes to the file meanwhile (`SharedState.databaseFile`), and a reader that meets a
/// page in the middle of being written reads it again.
final class PageResealer: Sendable {
  /// A quarter of a megabyte.
  private static let pagesAtOnce: UInt32 = 64
  /// From one look at whether the log has started over to the next, in seconds.
  private static let patience = 10.0

  private let file: DatabaseFile
  private let pages: PageProtection
  private let tail: LogTail?
  private let faults: FaultPlan?
  private let board = Mutex<PageCounts?>(nil)
  private let isClosed = Atomic(false)
  private let news = DispatchSemaphore(value: 0)
  private let resealed: @Sendable (PageCounts) -> Void

  init(
    _ file: DatabaseFile, _ configuration: Database.Configuration,
    _ resealed: @escaping @Sendable (PageCounts) -> Void
  ) {
    self.file = file
    self.resealed = resealed
    pages = configuration.pages
    tail = configuration.tail
    faults = configuration.faults
  }

  /// Nil before all have been counted once.
  var counts: PageCounts? { board.withLock { $0 } }

  /// There is a new key.
  func begin() { news.signal() }

  func close() {
    isClosed.store(true, ordering: .releasing)
    news.signal()
  }

  private var mayGoOn: Bool { !isClosed.load(ordering: .acquiring) }

  /// On its thread: until closed. Where it cannot go on, all stays as it is until the next start or
  /// the next key.
  func run(on connection: Connection) {
    var awaitsLog = (try? pass(on: connection)) ?? false
    while mayGoOn {
      if !awaitsLog {
        news.wait()
      } else if news.wait(timeout: .now() + Self.patience) == .timedOut, hasEarlierLog {
        fold(connection)
        continue
      }
      if mayGoOn { awaitsLog = (try? pass(on: connection)) ?? false }
    }
  }

  private var hasEarlierLog: Bool { pages.sealingKey.map { countLog($0) > 0 } ?? false }

  /// What is copied from the log gets the newest key, and the next commit starts the log over.
  private func fold(_ connection: Connection) {
    if tail?.allowsRestart ?? true { _ = try? connection.checkpoint(.passive) }
  }

  /// Whether only the log has pages that could have a newer key.
  private func pass(on connection: Connection) throws(StorageError) -> Bool {
    guard let newest = pages.sealingKey else {
      board.withLock { $0 = nil }
      return false
    }
    var counts = PageCounts()
    counts.key = PageProtection.Key.name(newest)
    let outdated = try count(connection, newest, &counts)
    let journal = ResealJournal(of: file.path)
    for start in stride(from: 0, to: outdated.count, by: Int(Self.pagesAtOnce)) where mayGoOn {
      let began = ContinuousClock.now
      let end = min(outdated.count, start + Int(Self.pagesAtOnce))
      try reseal(outdated[start..<end], newest, on: connection, journal, &counts)
      board.withLock { [counts] in $0 = counts }
      // A quarter of the time at most.
      usleep(UInt32(min((ContinuousClock.now - began) / .microseconds(1) * 3, 500_000)))
    }
    guard mayGoOn else { return false }
    journal.remove()
    counts.earlierInLog = countLog(newest)
    board.withLock { [counts] in $0 = counts }
    if counts.earlierInLog > 0 {
      fold(connection)
      return true
    }
    resealed(counts)
    return false
  }

  /// Of the file. Returns the pages that have another key than the newest, and could have it.
  private func count(
    _ connection: Connection, _ newest: [UInt8], _ counts: inout PageCounts
  ) throws(StorageError) -> [UInt32] {
    var outdated: [UInt32] = []
    var page = [UInt8](repeating: 0, count: PageProtection.pageBytes)
    let last = try connection.countPages()
    var number: UInt32 = 1
    while number <= last, mayGoOn {
      try connection.readRaw(page: number, &page)
      if PageProtection.isProtected(page) {
        let key = PageProtection.key(of: page)
        counts.byKey[key.map { PageProtection.Key.name($0) } ?? "", default: 0] += 1
        if key != newest, key.map({ pages.opens($0) }) ?? true { outdated.append(number) }
      }
      // A file that is in memory is read at a few gigabytes a second.
      if number % 1024 == 0 { usleep(2000) }
      number += 1
    }
    return outdated
  }

  private func countLog(_ newest: [UInt8]) -> Int {
    guard let log = LogFile(of: file.path), let frames = LogFrames(log, pages) else { return 0 }
    var (frame, count) = (0, 0)
    while let header = frames.header(of: frame) {
      if header.key != newest { count += 1 }
      frame += 1
    }
    return count
  }

  private func reseal(
    _ numbers: ArraySlice<UInt32>, _ newest: [UInt8], on connection: Connection,
    _ journal: ResealJournal, _ counts: inout PageCounts
  ) throws(StorageError) {
    var failure: StorageError?
    connection.shared.databaseFile.withLock { _ in
      do throws(StorageError) {
        let old = try read(numbers, newest, connection)
        try journal.write(old)
        try faults?.reach(.resealing)
        for (index, entry) in old.enumerated() {
          if index == old.count / 2 { try faults?.reach(.resealedHalf) }
          guard let sealed = sealed(entry.number, entry.content) else { continue }
          try connection.writeRaw(page: entry.number, sealed)
          let before = PageProtection.key(of: entry.content).map { PageProtection.Key.name($0) }
          counts.byKey[before ?? "", default: 1] -= 1
          counts.byKey[PageProtection.Key.name(newest), default: 0] += 1
        }
        // Before the journal is overwritten.
        try connection.flushFile()
        try faults?.reach(.resealed)
      } catch {
        failure = error
      }
    }
    counts.byKey = counts.byKey.filter { $0.value > 0 }
    if let failure { throw failure }
  }

  /// Those of them that still have an earlier key: what was copied from the log meanwhile has the
  /// newest.
  private func read(
    _ numbers: ArraySlice<UInt32>, _ newest: [UInt8], _ connection: Connection
  ) throws(StorageError) -> [(number: UInt32, content: [UInt8])] {
    var found: [(UInt32, [UInt8])] = []
    var page = [UInt8](repeating: 0, count: PageProtection.pageBytes)
    let last = try connection.countPages()
    for number in numbers where number <= last {
      try connection.readRaw(page: number, &page)
      if PageProtection.key(of: page) != newest { found.append((number, page)) }
    }
    return found
  }

  /// Nil where it is not whole: it is left as it is, for whoever reads it to be told.
  private func sealed(_ number: UInt32, _ content: [UInt8]) -> [UInt8]? {
    var page = content
    let isSealed = page.withUnsafeMutableBytes {
      pages.open(number, $0) == .whole && pages.seal(number, $0) == .whole
    }
    return isSealed ? page : nil
  }
}
