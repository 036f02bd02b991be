internal import Storage
internal import Values

/// The proof of what is on record about one document: its entries, and what links each to a signed
/// checkpoint. It shows that they are on record as they were made; that there are no others about
/// the document is said by the signed end alone.
enum AuditProof {
  /// Entries of one document, at most: a document lives through some dozens.
  static let maxEntries = 10_000

  /// - Parameter checkpoint: covers every entry about the document, as it was just signed.
  static func file(
    of number: String, under checkpoint: AuditCheckpoint, by key: AuditKey, at now: Instant,
    in snapshot: Snapshot
  ) throws -> (bytes: [UInt8], entries: Int) {
    let sequences = try EventTable.commands(
      about: number, before: checkpoint.size + 1, limit: maxEntries + 1, in: snapshot)
    guard !sequences.isEmpty else { throw AuditRejection.nothingOnRecord(number) }
    guard sequences.count <= maxEntries else { throw AuditRejection.tooMuchOnRecord(number) }
    let hashes = try TreeHashes(size: checkpoint.size, in: snapshot)
    var bytes = AuditFile.header(.proof)
    AuditFile.append(AuditFile.Frame.checkpoint, checkpoint.bytes, to: &bytes)
    for sequence in sequences.reversed() {
      guard let (entry, _) = try CommandTable.entry(at: sequence, in: snapshot) else {
        throw StorageError(.corruptValue, "Events of commit \(sequence) have no command")
      }
      let events = try EventTable.events(from: sequence, through: sequence, in: snapshot)
      let before =
        sequence == 1
        ? AuditHash.genesis : try CommandTable.hash(of: sequence - 1, in: snapshot)
      let path = try MerkleTree.path(to: sequence - 1, size: checkpoint.size) {
        try hashes.known($0, $1, in: snapshot)
      }
      AuditFile.append(
        AuditFile.Frame.proof, before ?? [], [UInt8(path.count)], path.flatMap { $0 },
        AuditRecord.bytes(of: entry, events: events[sequence] ?? []), to: &bytes)
    }
    var end = AuditEnd(
      kind: .proof, count: Int64(sequences.count), at: now, hash: checkpoint.treeRoot,
      subject: number)
    try end.sign(by: key)
    AuditFile.append(AuditFile.Frame.end, end.bytes, to: &bytes)
    return (bytes, sequences.count)
  }
}

/// The hashes of the tree as far as a path needs them: complete subtrees as they are kept, leaves
/// read where they are asked for.
private final class TreeHashes {
  private let tiles: [[UInt8]]
  private let size: Int64
  /// Leaves by the subtree that they are of.
  private var leaves: [Int64: [[UInt8]]] = [:]

  init(size: Int64, in snapshot: Snapshot) throws {
    self.size = size
    tiles = try AuditCheckpointTable.tiles(in: snapshot)
  }

  func known(_ first: Int64, _ count: Int64, in snapshot: Snapshot) throws -> [UInt8]? {
    let (tile, rest) = first.quotientAndRemainder(dividingBy: MerkleTree.tileSize)
    if count == MerkleTree.tileSize, rest == 0, tile < tiles.count { return tiles[Int(tile)] }
    guard count == 1 else { return nil }
    if leaves[tile] == nil {
      let start = tile * MerkleTree.tileSize
      let last = min(start + MerkleTree.tileSize, size)
      let found = try CommandTable.hashes(from: start + 1, through: last, in: snapshot)
      guard Int64(found.count) == last - start else {
        throw StorageError(
          .corruptValue, "Audit entries are missing between \(start + 1) and \(last)")
      }
      leaves[tile] = found.map(MerkleTree.leaf)
    }
    return leaves[tile]?[Int(rest)]
  }
}

/// Why there is no proof.
enum AuditRejection: Rejection, Equatable {
  case notSigned
  case nothingOnRecord(String)
  case tooMuchOnRecord(String)

  var kind: RejectionKind {
    switch self {
    case .nothingOnRecord: .notFound
    case .notSigned, .tooMuchOnRecord: .precondition
    }
  }

  var reason: String {
    switch self {
    case .notSigned: "AUDIT_NOT_SIGNED"
    case .nothingOnRecord: "NOTHING_ON_RECORD"
    case .tooMuchOnRecord: "TOO_MUCH_ON_RECORD"
    }
  }

  var message: String {
    switch self {
    case .notSigned: "This server has no key to sign its audit with."
    case .nothingOnRecord(let number): "Nothing is on record about \(number)."
    case .tooMuchOnRecord(let number):
      "More than \(AuditProof.maxEntries) entries are on record about \(number)."
    }
  }

  var field: String? {
    switch self {
    case .notSigned: nil
    case .nothingOnRecord, .tooMuchOnRecord: "document_number"
    }
  }
}
