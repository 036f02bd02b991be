internal import Logging
internal import Storage
internal import Values

/// Makes checkpoints: behind so many new entries, at the latest after so long, and at the end. What
/// is to be signed is read and hashed on a snapshot; the writer gets two or three small rows.
struct AuditSigner: Sendable {
  /// New entries after which a checkpoint is due at once.
  static let entries: Int64 = 10_000
  /// How long an entry waits for a checkpoint at most.
  static let interval: Duration = .seconds(60)
  /// How often it looks.
  private static let glance: Duration = .seconds(1)
  /// Hashes that one look takes into memory.
  static let hashesAtOnce: Int64 = 256 * MerkleTree.tileSize

  let database: Database
  let clock: SiteClock
  let key: AuditKey

  /// Until the task is cancelled. A failure is told once and tried again.
  func run(log: @Sendable () -> Logger) async {
    var signed = ContinuousClock.now
    var complained = false
    while (try? await Task.sleep(for: Self.glance)) != nil {
      do {
        let waiting = try await unsigned()
        let isDue = waiting >= Self.entries || ContinuousClock.now - signed >= Self.interval
        guard waiting > 0, isDue else {
          if waiting == 0 { signed = .now }
          continue
        }
        try await sign()
        signed = .now
        complained = false
      } catch {
        if !complained, !(error is CancellationError) {
          log().error("audit not signed", metadata: ["cause": "\(error)"])
        }
        complained = true
      }
    }
  }

  private func unsigned() async throws -> Int64 {
    try await database.read { snapshot in
      try CommandTable.head(in: snapshot).sequence
        - (AuditCheckpointTable.newest(in: snapshot)?.size ?? 0)
    }
  }

  /// Signs what is committed now. Returns the newest checkpoint; nil where there are no entries.
  @discardableResult
  func sign() async throws -> AuditCheckpoint? {
    while true {
      let step = try await database.read { try Step(in: $0) }
      if step.isDone { return step.newest }
      let checkpoint = try step.unsigned.map { unsigned in
        var signed = unsigned
        signed.at = clock.instant()
        try signed.sign(by: key)
        return signed
      }
      try await database.write { tx in
        for tile in step.tiles {
          try AuditCheckpointTable.insert(tile: tile.number, root: tile.root, in: tx)
        }
        if let checkpoint { try AuditCheckpointTable.insert(checkpoint, in: tx) }
      }
      if let checkpoint { return checkpoint }
    }
  }

  /// What one look finds to be done.
  private struct Step: Sendable {
    let newest: AuditCheckpoint?
    /// Nothing is unsigned.
    var isDone = false
    var tiles: [(number: Int64, root: [UInt8])] = []
    /// The next checkpoint, once all hashes are in.
    var unsigned: AuditCheckpoint?

    init(in snapshot: Snapshot) throws {
      newest = try AuditCheckpointTable.newest(in: snapshot)
      let head = try CommandTable.head(in: snapshot)
      guard head.sequence > newest?.size ?? 0 else {
        isDone = true
        return
      }
      if let newest, try CommandTable.hash(of: newest.size, in: snapshot) != newest.chainHead {
        throw StorageError(
          .corruptValue, "Audit entries up to \(newest.size) are not those that were signed")
      }
      var known = try AuditCheckpointTable.tiles(in: snapshot)
      let first = Int64(known.count) * MerkleTree.tileSize
      let last = min(head.sequence, first + AuditSigner.hashesAtOnce)
      let leaves = try CommandTable.hashes(from: first + 1, through: last, in: snapshot)
      guard Int64(leaves.count) == last - first else {
        throw StorageError(
          .corruptValue, "Audit entries are missing between \(first + 1) and \(last)")
      }
      let hashes = leaves.map(MerkleTree.leaf)
      let leaf = { (index: Int64) in hashes[Int(index - first)] }
      while Int64(known.count + 1) * MerkleTree.tileSize <= last {
        let number = Int64(known.count)
        let root = try MerkleTree.root(
          from: number * MerkleTree.tileSize, count: MerkleTree.tileSize
        ) { $1 == 1 ? leaf($0) : nil }
        tiles.append((number, root))
        known.append(root)
      }
      guard last == head.sequence else { return }
      let root = try MerkleTree.root(from: 0, count: last) { start, count in
        if count == 1 { return leaf(start) }
        return count == MerkleTree.tileSize && start % count == 0
          ? known[Int(start / count)] : nil
      }
      unsigned = AuditCheckpoint(
        size: last, at: Instant(microseconds: 0), chainHead: head.hash, treeRoot: root)
    }
  }
}
