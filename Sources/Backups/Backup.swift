internal import Glibc
package import Storage
package import Values

/// A backup of a database in one file (see `SealedFile`), made while the server writes.
package enum Backup {
  /// Makes one at `path`, where nothing may be. It holds every command that was answered before.
  /// Blocks the calling thread, and needs the database's size once more beside it for the while.
  ///
  /// - Parameters:
  ///   - shipper: of the log from which the backup is to be followed.
  ///   - pause: runs after every megabyte that was copied.
  package static func make(
    of database: Database, at path: String, key: BackupKey?, now: Instant,
    shipper: LogShipper? = nil, pause: () -> Void = {}
  ) throws(BackupError) {
    guard let source = database.path else {
      throw BackupError(.database, "A database in memory has no backup")
    }
    let ticket = shipper?.ticket()
    var commits: UInt64 = 0
    // One server has the database: this takes the place of what a killed one has left.
    let log = try make(
      of: source, aside: "\(source).copy", at: path, key: key, now: now, pause: pause
    ) { copy throws(StorageError) in
      try database.copy(to: copy, began: { commits = shipper?.begunCommits ?? 0 }, pause: pause)
    } position: { () throws(BackupError) in
      guard let shipper, let ticket else { return nil }
      return try shipper.position(ticket, holding: commits)
    }
    if let log { shipper?.noteBackup(log) }
  }

  /// The same for the file of a database that another process serves, or none.
  package static func make(
    ofFile source: String, pages: PageProtection = PageProtection(), at path: String,
    key: BackupKey?, now: Instant, pause: () -> Void = {}
  ) throws(BackupError) {
    _ = try make(
      of: source, aside: "\(source).copy-\(getpid())", at: path, key: key, now: now, pause: pause
    ) { copy throws(StorageError) in
      try Database.copy(of: source, pages: pages, to: copy, pause: pause)
    } position: { () throws(BackupError) in
      nil
    }
  }

  /// The same for a file that `copy` copies as it is: before it is migrated.
  package static func make(
    ofFile source: String, at path: String, key: BackupKey?, now: Instant,
    copy: (String) throws(StorageError) -> Void
  ) throws(BackupError) {
    _ = try make(
      of: source, aside: "\(source).copy", at: path, key: key, now: now, copy: copy
    ) { () throws(BackupError) in
      nil
    }
  }

  /// For the thread that makes a backup beside a server and does nothing else: it yields to others,
  /// and gives what is to run after every megabyte, so that it works a fifth of the time. Otherwise
  /// those who place orders would wait for the disk, and for the processor where there are few.
  package static func standBack() -> () -> Void {
    setpriority(Int32(PRIO_PROCESS.rawValue), 0, 10)
    var began = ContinuousClock.now
    return {
      // At most a tenth of a second: that others do not let it work is not its haste.
      let worked = (ContinuousClock.now - began) / .microseconds(1)
      usleep(UInt32(min(worked * 4, 100_000)))
      began = ContinuousClock.now
    }
  }

  private static func make(
    of source: String, aside plain: String, at path: String, key: BackupKey?, now: Instant,
    pause: () -> Void = {},
    copy: (String) throws(StorageError) -> Void,
    position: () throws(BackupError) -> SealedFile.LogPosition?
  ) throws(BackupError) -> SealedFile.LogPosition? {
    guard !File.exists(path) else { throw BackupError(.file, "\(path) exists already") }
    // `plain` is beside the database: what may not be encrypted does not leave its folder.
    let partial = path + ".partial"
    File.remove(plain)
    File.remove(partial)
    defer {
      File.remove(plain)
      File.remove(partial)
    }
    do throws(StorageError) { try copy(plain) } catch {
      throw BackupError(.database, error.message)
    }
    let log = try position()
    try seal(plain, as: partial, key: key, created: now, log: log, pause: pause)
    try File.publish(partial, as: path)
    return log
  }

  /// Flushes now and then, so that nobody waits long for the disk.
  static func seal(
    _ source: String, as target: String, key: BackupKey?, created: Instant,
    log: SealedFile.LogPosition?, pause: () -> Void = {}
  ) throws(BackupError) {
    let source = try File.reading(source)
    var sealed = try SealedWriter.create(
      .backup, target, key: key, created: created, log: log)
    var chunk = try source.read(upTo: SealedFile.chunkBytes)
    var index = 0
    while true {
      let next =
        chunk.count == SealedFile.chunkBytes ? try source.read(upTo: SealedFile.chunkBytes) : []
      try sealed.append(chunk, isLast: next.isEmpty)
      if index % 8 == 7 { try sealed.flush() }
      pause()
      if next.isEmpty { break }
      chunk = next
      index += 1
    }
    try sealed.flush()
  }

  /// Reads all of a backup and says what it is; throws when a byte of it is wrong.
  package static func check(
    _ path: String, key: BackupKey?, pause: () -> Void = {}
  ) throws(BackupError) -> SealedFile.Info {
    try open(path, key: key) { _ throws(BackupError) in pause() }
  }

  static func open(
    _ path: String, key: BackupKey?, take: ([UInt8]) throws(BackupError) -> Void
  ) throws(BackupError) -> SealedFile.Info {
    var reader = try SealedReader.open(.backup, path, key: key)
    while let chunk = try reader.next() { try take(chunk) }
    return reader.info
  }

  /// Turns a backup into a database at `path`, where nothing may be, not even the log of another.
  /// On failure nothing is there afterwards either.
  @discardableResult
  package static func restore(
    _ backup: String, to path: String, key: BackupKey?
  ) throws(BackupError) -> SealedFile.Info {
    try restore(backup, to: path, key: key) { _ throws(BackupError) in }
  }

  private static func restore(
    _ backup: String, to path: String, key: BackupKey?,
    then: (borrowing File) throws(BackupError) -> Void
  ) throws(BackupError) -> SealedFile.Info {
    try checkEmpty(path)
    let partial = path + ".partial"
    File.remove(partial)
    defer { File.remove(partial) }
    let target = try File.creating(partial)
    let info = try open(backup, key: key) { chunk throws(BackupError) in
      try target.write(chunk)
    }
    try then(target)
    try target.flush()
    try File.publish(partial, as: path)
    return info
  }

  /// What was restored from a folder.
  package struct Restored: Hashable, Sendable {
    package let backup: String
    package let info: SealedFile.Info
    /// Records of the log that were applied to it.
    package let records: UInt64
    /// Of the last commit that is certainly in it.
    package let reached: Instant
    /// Records behind those that the folder has; nil where its log does not tell.
    package let leftOut: UInt64?
    /// The latest moment that the folder knows of.
    package let knownUntil: Instant

    /// From one backup, of which nothing else is known.
    package init(backup: String, info: SealedFile.Info) {
      let reached = info.log?.reached ?? info.created
      self.init(
        backup: backup, info: info, records: 0, reached: reached, leftOut: nil, knownUntil: reached)
    }

    init(
      backup: String, info: SealedFile.Info, records: UInt64, reached: Instant, leftOut: UInt64?,
      knownUntil: Instant
    ) {
      self.backup = backup
      self.info = info
      self.records = records
      self.reached = reached
      self.leftOut = leftOut
      self.knownUntil = knownUntil
    }
  }

  /// Turns the newest backup of a folder, and what of the log came after it, into a database at
  /// `path`, as `restore(_:to:key:)` does.
  ///
  /// - Parameter time: only what was committed until then, by the clock of the server; nil: all.
  /// - Throws: `gap` where anything before that time may be missing, with the place and the time up
  ///   to which it is whole.
  @discardableResult
  package static func restore(
    _ folder: BackupFolder, to path: String, until time: Instant?, key: BackupKey?
  ) throws(BackupError) -> Restored {
    let plan = try RecoveryPlan(folder, to: time, key: key)
    guard let base = plan.base, let archive = plan.archive else {
      let path = plan.plain ?? ""
      let info = try restore(path, to: path, key: key)
      return Restored(backup: path, info: info)
    }
    let after = base.position.record
    let info = try restore(base.path, to: path, key: key) { file throws(BackupError) in
      guard let target = plan.target else { return }
      try archive.read(after: after) { record throws(BackupError) in
        for (index, page) in record.pages.enumerated() {
          let start = record.content.startIndex + index * record.pageSize
          try file.write(
            record.content[start..<start + record.pageSize], at: (Int(page) - 1) * record.pageSize)
        }
        guard record.isWhole, record.number == target.number else { return true }
        try file.resize(to: Int(record.databasePages) * record.pageSize)
        return false
      }
    }
    let last = plan.target?.number ?? after
    let reached = plan.target?.time ?? base.position.reached
    let (leftOut, knownUntil) = try beyond(last, of: base, in: folder, key: key)
    return Restored(
      backup: base.path, info: info, records: last - after, reached: reached, leftOut: leftOut,
      knownUntil: max(reached, knownUntil))
  }

  /// What the folder has behind a record of a backup's log: how many records, unless a new log has
  /// begun since, and up to when. Only the newest segment is read.
  private static func beyond(
    _ number: UInt64, of base: BackupFolder.Base, in folder: BackupFolder, key: BackupKey?
  ) throws(BackupError) -> (records: UInt64?, until: Instant) {
    let newest = try folder.bases().map(\.position.reached).max() ?? base.position.reached
    guard let segment = try folder.segments().last else { return (nil, newest) }
    // Where it is damaged nothing is known of it.
    let end = try? LogArchive([segment], of: segment.generation, key: key)
      .read(after: segment.first - 1) { _ in true }
    guard segment.generation == base.position.generation else {
      return (nil, max(newest, end?.time ?? newest))
    }
    let last = end?.number ?? segment.first - 1
    return (last > number ? last - number : 0, max(newest, end?.time ?? newest))
  }

  /// Refuses a place in which there is a database, or the log of one.
  package static func checkEmpty(_ path: String) throws(BackupError) {
    for name in [path, path + "-wal", path + "-shm"] where File.exists(name) {
      throw BackupError(.file, "\(name) exists already: a backup is restored into an empty place")
    }
  }

  /// Where a database is restored before it is called what it shall be called.
  package static func aside(of path: String) -> String { path + ".restoring" }

  /// Removes what an attempt that was broken off has left aside.
  package static func clearAside(of path: String) {
    for suffix in ["", "-wal", "-shm", ".lock"] { File.remove(aside(of: path) + suffix) }
  }

  /// Gives a database that was restored aside its name.
  package static func publishAside(of path: String) throws(BackupError) {
    try File.publish(aside(of: path), as: path)
    clearAside(of: path)
  }

  /// What the log of a folder covers.
  package struct Log: Hashable, Sendable {
    package let generation: Instant
    package let segments: Int
    package let records: UInt64
    /// Of the last record; nil: there is none.
    package let reached: Instant?
  }

  /// Checks every byte of the log in a folder.
  package static func logs(
    _ folder: BackupFolder, key: BackupKey?
  ) throws(BackupError) -> [Log] {
    let segments = try folder.segments()
    var logs: [Log] = []
    for first in segments where logs.last?.generation != first.generation {
      let archive = LogArchive(segments, of: first.generation, key: key)
      let last = try archive.read(after: first.first - 1) { _ in true }
      logs.append(
        Log(
          generation: first.generation, segments: archive.segments.count,
          records: last.map { $0.number - first.first + 1 } ?? 0, reached: last?.time))
    }
    return logs
  }
}
