internal import Storage
internal import Values

/// The log of one generation, as it lies in a folder in segments.
struct LogArchive {
  /// A record of which all is there.
  struct Whole: Hashable {
    let number: UInt64
    let time: Instant
    let end: LogPlace

    init(_ record: LogRecord) { (number, time, end) = (record.number, record.time, record.end) }
  }

  let segments: [BackupFolder.Segment]
  let key: BackupKey?

  init(_ segments: [BackupFolder.Segment], of generation: Instant, key: BackupKey?) {
    self.segments = segments.filter { $0.generation == generation }
    self.key = key
  }

  /// Calls `take` for each piece of each record behind the one with this number, in order, until it
  /// returns false. A record of which only a part was written comes again as a whole, or is the
  /// last. Returns the last whole one.
  ///
  /// - Throws: `gap` where records are missing, `damaged`, and whatever `take` throws.
  @discardableResult
  func read(
    after number: UInt64, take: (LogRecord) throws(BackupError) -> Bool
  ) throws(BackupError) -> Whole? {
    var last: Whole?
    var expected = number + 1
    let start = segments.lastIndex { $0.first <= expected } ?? 0
    for index in segments.indices.dropFirst(start) {
      let segment = segments[index]
      guard segment.first <= expected else { throw gap(segment, last, expected) }
      do throws(BackupError) {
        var reader = try SealedReader.open(.log, segment.path, key: key)
        while let chunk = try reader.next() {
          // The end of the segment.
          if chunk.isEmpty { continue }
          guard let record = LogRecord(chunk) else { throw damaged(segment) }
          guard record.number >= expected else { continue }
          guard record.number == expected else { throw damaged(segment) }
          guard try take(record) else { return record.isWhole ? Whole(record) : last }
          guard record.isWhole else { continue }
          last = Whole(record)
          expected += 1
        }
      } catch {
        // The server was killed, or could not write, and went on in the next one.
        let next = index + 1 < segments.count ? segments[index + 1].first : nil
        guard error.code == .cutOff || error.code == .damaged else { throw error }
        if let next, next <= expected { continue }
        guard error.code == .cutOff else { throw behind(error, last) }
        guard next == nil else { throw gap(segments[index + 1], last, expected) }
      }
    }
    return last
  }

  private func damaged(_ segment: BackupFolder.Segment) -> BackupError {
    BackupError(.damaged, "\(segment.path) is damaged: its records do not follow each other")
  }

  private func gap(
    _ segment: BackupFolder.Segment, _ last: Whole?, _ expected: UInt64
  ) -> BackupError {
    behind(
      BackupError(
        .gap,
        "The log has a gap: \(segment.path) begins with record \(segment.first), "
          + "record \(expected) is missing"), last)
  }

  private func behind(_ error: BackupError, _ last: Whole?) -> BackupError {
    guard let last else { return error }
    return BackupError(
      error.code, "\(error.description); whole up to record \(last.number) of \(last.time)")
  }
}

/// What a folder can be restored to.
struct RecoveryPlan {
  let base: BackupFolder.Base?
  /// The newest backup, where none of the folder belongs to a log.
  let plain: String?
  let archive: LogArchive?
  /// The last record to be applied; nil: none.
  let target: LogArchive.Whole?

  /// - Parameter time: nil: the latest.
  init(_ folder: BackupFolder, to time: Instant?, key: BackupKey?) throws(BackupError) {
    let bases = try folder.bases().sorted {
      ($0.position.generation, $0.position.record) < ($1.position.generation, $1.position.record)
    }
    guard let newest = bases.last else {
      guard let newest = try folder.entries().last else {
        throw BackupError(.gap, "There is no backup in \(folder.path)")
      }
      guard time == nil else {
        throw BackupError(.gap, "The backups in \(folder.path) have no log: restore one of them")
      }
      (base, plain, archive, target) = (nil, newest.path, nil, nil)
      return
    }
    let index = bases.lastIndex { base in time.map { base.position.reached <= $0 } ?? true }
    guard let index else {
      throw BackupError(
        .gap, "\(folder.path) reaches back to \(bases[0].position.reached) only")
    }
    let base = bases[index]
    let segments = try folder.segments()
    let archive = LogArchive(segments, of: base.position.generation, key: key)
    // Nobody needs what lies behind the next backup.
    let next = index + 1 < bases.count ? bases[index + 1] : nil
    let isBounded = next?.position.generation == base.position.generation
    var target: LogArchive.Whole?
    let last = try archive.read(after: base.position.record) { record in
      if record.isWhole, time.map({ record.time <= $0 }) ?? true { target = .init(record) }
      return !(isBounded && record.isWhole && record.number == next?.position.through)
    }
    guard (target?.number ?? base.position.record) >= base.position.through else {
      throw BackupError(
        .gap, "\(base.path) needs the log up to record \(base.position.through), which is missing")
    }
    let lastTime = last?.time ?? base.position.reached
    let latest = max(
      newest.position.generation, segments.last?.generation ?? base.position.generation)
    if !isBounded, latest > base.position.generation, time.map({ $0 > lastTime }) ?? true {
      throw BackupError(
        .gap,
        "The log ends with record \(last?.number ?? base.position.record) of \(lastTime), and "
          + "a new one begins later: what was written between is not there. "
          + "Restore to \(lastTime)")
    }
    (self.base, plain, self.archive, self.target) = (base, nil, archive, target)
  }
}
