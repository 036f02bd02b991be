package import Storage
package import Values

/// Writes an export piece by piece, each from a snapshot of its own: the log only grows, so that no
/// snapshot need be held for as long as the whole takes.
struct AuditExport: Sendable {
  /// Entries of one piece, at most.
  static let entriesAtOnce = 100

  private var last = Int64.min
  private var lastCheckpoint: Int64 = 0
  private(set) var count: Int64 = 0
  private(set) var head = AuditHash.genesis

  /// The beginning of the file.
  var header: [UInt8] { AuditFile.header(.export) }

  /// The next frames; empty at the end of the log.
  mutating func next(in snapshot: Snapshot) throws -> [UInt8] {
    let found = try CommandTable.entries(after: last, limit: Self.entriesAtOnce, in: snapshot)
    var checkpoints = try AuditCheckpointTable.checkpoints(
      after: lastCheckpoint, limit: Self.entriesAtOnce, in: snapshot)[...]
    var bytes: [UInt8] = []
    guard let first = found.first?.entry.sequence, let end = found.last?.entry.sequence else {
      // What is signed and not there any more.
      for checkpoint in checkpoints { append(checkpoint, to: &bytes) }
      return bytes
    }
    let events = try EventTable.events(from: first, through: end, in: snapshot)
    bytes.reserveCapacity(found.count * 1_500)
    for (entry, hash) in found {
      while let checkpoint = checkpoints.first, checkpoint.size < entry.sequence {
        append(checkpoint, to: &bytes)
        checkpoints.removeFirst()
      }
      let record = AuditRecord.bytes(of: entry, events: events[entry.sequence] ?? [])
      AuditFile.append(AuditFile.Frame.entry, hash, record, to: &bytes)
      last = entry.sequence
      head = hash
      count += 1
    }
    return bytes
  }

  /// The end of the file.
  func end(by key: AuditKey, at now: Instant) throws -> [UInt8] {
    var end = AuditEnd(kind: .export, count: count, at: now, hash: head)
    try end.sign(by: key)
    var bytes: [UInt8] = []
    AuditFile.append(AuditFile.Frame.end, end.bytes, to: &bytes)
    return bytes
  }

  private mutating func append(_ checkpoint: AuditCheckpoint, to bytes: inout [UInt8]) {
    AuditFile.append(AuditFile.Frame.checkpoint, checkpoint.bytes, to: &bytes)
    lastCheckpoint = checkpoint.size
  }
}

extension AuditFile {
  /// Hands out the export of a database piece by piece.
  package static func export(
    _ database: Database, by key: AuditKey, now: @Sendable () -> Instant,
    write: ([UInt8]) throws -> Void
  ) async throws {
    var export = AuditExport()
    try write(export.header)
    while true {
      let (next, bytes) = try await database.read { [export] snapshot in
        var next = export
        let bytes = try next.next(in: snapshot)
        return (next, bytes)
      }
      export = next
      if bytes.isEmpty { break }
      try write(bytes)
    }
    try write(export.end(by: key, at: now()))
  }
}
