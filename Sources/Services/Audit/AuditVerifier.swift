package import Values

/// What the check of an audit came to.
package struct AuditVerdict: Sendable {
  /// Something that is not as it was recorded, and where.
  package struct Finding: Hashable, Sendable {
    /// Sequence of the entry.
    package let position: Int64
    package let text: String
  }

  /// Findings beyond are counted only: a forger shall not fill the memory of whoever checks.
  static let maxFindings = 100

  package fileprivate(set) var entries: Int64 = 0
  package fileprivate(set) var firstAt: Instant?
  package fileprivate(set) var lastAt: Instant?
  /// Hash of the last entry.
  package fileprivate(set) var head = AuditHash.genesis
  package fileprivate(set) var checkpoints = 0
  /// The last entry that is covered by a signature which holds.
  package fileprivate(set) var signedThrough: Int64 = 0
  /// Of a proof the document that it is about.
  package fileprivate(set) var subject: String?
  /// When the file was made, as its signed end says.
  package fileprivate(set) var madeAt: Instant?
  package fileprivate(set) var findings: [Finding] = []
  package fileprivate(set) var moreFindings = 0

  package var isClean: Bool { findings.isEmpty }
}

/// Checks the frames of an audit as they come. Its memory does not grow with the file.
///
/// It goes on after a finding, so that one forgery is reported once, and all of them are.
struct AuditVerifier {
  private(set) var verdict = AuditVerdict()

  /// Nil believes every key that a checkpoint names: of use where the file itself is trusted.
  private let keys: Set<[UInt8]>?
  private let kind: AuditFile.Kind
  private var last: Int64 = 0
  /// What the last entry's hash would be by its contents, where that is not what is stored.
  private var recomputed: [UInt8]?
  private var lastCheckpoint: Int64 = 0
  /// Whether the tree still has every entry in its place.
  private var treeHolds = true
  private var tree = GrowingTree()
  /// Of a proof.
  private var checkpoint: AuditCheckpoint?
  private(set) var isEnded = false

  /// Where the next entry belongs.
  var next: Int64 { last &+ 1 }

  init(_ kind: AuditFile.Kind, keys: Set<[UInt8]>?) {
    self.kind = kind
    self.keys = keys
  }

  mutating func find(_ position: Int64, _ text: String) {
    if verdict.findings.count < AuditVerdict.maxFindings {
      verdict.findings.append(.init(position: position, text: text))
    } else {
      verdict.moreFindings += 1
    }
    treeHolds = false
  }

  /// False for a frame that does not belong there.
  mutating func take(_ type: UInt8, _ content: UnsafeRawBufferPointer) -> Bool {
    switch (type, kind) {
    case (AuditFile.Frame.entry, .export) where content.count > AuditHash.byteCount:
      entry(
        stored: Array(content[..<AuditHash.byteCount]),
        UnsafeRawBufferPointer(rebasing: content[AuditHash.byteCount...]))
    case (AuditFile.Frame.checkpoint, _):
      guard let checkpoint = AuditCheckpoint(content) else { return false }
      take(checkpoint)
    case (AuditFile.Frame.proof, .proof): return proof(content)
    case (AuditFile.Frame.end, _):
      guard let end = AuditEnd(content, of: kind) else { return false }
      take(end)
    default: return false
    }
    return true
  }

  // MARK: An export

  private mutating func entry(stored: [UInt8], _ record: UnsafeRawBufferPointer) {
    verdict.entries += 1
    guard let sequence = AuditRecord.sequence(of: record) else {
      find(next, "Behind entry \(last) is something that is no entry.")
      (recomputed, verdict.head) = (nil, stored)
      return
    }
    let hash = AuditHash.next(after: verdict.head, record)
    if sequence <= last {
      find(sequence, "Entry \(sequence) stands behind entry \(last): it was moved or inserted.")
      recomputed = nil
    } else if sequence != next {
      // Its hash covers that of an entry which is not there.
      find(sequence, "Entries are missing between \(last) and \(sequence).")
      recomputed = nil
    } else if hash == stored {
      recomputed = nil
    } else if let other = recomputed, AuditHash.next(after: other, record) == stored {
      // Only the stored hash of the entry before was changed, which has been said.
      recomputed = nil
    } else {
      find(sequence, "Entry \(sequence) is not what was recorded.")
      recomputed = hash
    }
    note(record)
    last = sequence
    verdict.head = stored
    if treeHolds { tree.append(stored) }
  }

  private mutating func note(_ record: UnsafeRawBufferPointer) {
    let start = record.first == 0 ? 8 : 17
    guard record.count >= start + 8 else { return }
    let at = Instant(microseconds: AuditFile.number(record, at: start))
    if verdict.firstAt == nil { verdict.firstAt = at }
    verdict.lastAt = at
  }

  private mutating func take(_ found: AuditCheckpoint) {
    let size = found.size
    guard isSigned(found.isSigned, by: found.publicKey, "The checkpoint behind entry \(size)", size)
    else { return }
    if kind == .proof {
      if checkpoint != nil { find(size, "There is a second checkpoint.") }
      checkpoint = found
    } else if size > last {
      find(
        next,
        "Entries are missing behind \(last): there were \(size) when signed at \(found.at)."
      )
    } else if size < last {
      find(size, "The checkpoint behind entry \(size) stands behind entry \(last).")
    } else if found.chainHead != verdict.head {
      find(size, "Entries \(lastCheckpoint &+ 1) to \(size) are not all those that were signed.")
    } else if treeHolds, found.treeRoot != tree.root {
      find(size, "The tree of entries 1 to \(size) is not the one that was signed.")
    } else {
      verdict.signedThrough = size
    }
    lastCheckpoint = max(lastCheckpoint, size)
    verdict.checkpoints += 1
  }

  private mutating func isSigned(
    _ isSigned: Bool, by key: [UInt8], _ what: String, _ position: Int64
  ) -> Bool {
    guard keys?.contains(key) ?? true else {
      find(position, "\(what) is signed by another key, \(Hex.text(key)).")
      return false
    }
    if !isSigned { find(position, "\(what) has a signature that is not valid.") }
    return isSigned
  }

  private mutating func take(_ end: AuditEnd) {
    isEnded = true
    guard isSigned(end.isSigned, by: end.publicKey, "The end of the file", last) else { return }
    verdict.madeAt = end.at
    if kind == .proof { verdict.subject = end.subject }
    if end.count != verdict.entries {
      find(next, "There are \(verdict.entries) entries, but there were \(end.count).")
    }
    if end.hash != (kind == .proof ? checkpoint?.treeRoot : verdict.head) {
      let range = kind == .proof ? "The entries" : "Entries \(verdict.signedThrough + 1) to \(last)"
      find(last, "\(range) are not all those that were signed.")
    } else if verdict.isClean {
      verdict.signedThrough = last
    }
  }

  /// There is nothing more.
  mutating func finish(mustEnd: Bool) {
    guard mustEnd, !isEnded else { return }
    find(next, "The file is cut off behind entry \(last): its signed end is missing.")
  }

  // MARK: A proof

  private mutating func proof(_ content: UnsafeRawBufferPointer) -> Bool {
    guard let (before, record) = Self.parts(ofProof: content),
      let sequence = AuditRecord.sequence(of: record)
    else { return false }
    verdict.entries += 1
    note(record)
    if sequence <= last {
      find(sequence, "Entry \(sequence) stands behind entry \(last): it was moved or inserted.")
    }
    last = sequence
    let steps = Int(content[AuditHash.byteCount])
    let path = (0..<steps).map { step in
      let start = AuditHash.byteCount + 1 + step * AuditHash.byteCount
      return Array(content[start..<start + AuditHash.byteCount])
    }
    let hash = AuditHash.next(after: before, record)
    let root = checkpoint.flatMap {
      MerkleTree.root(
        from: MerkleTree.leaf(hash), at: sequence &- 1, size: $0.size, path: path)
    }
    if root == nil || root != checkpoint?.treeRoot {
      find(sequence, "Entry \(sequence) is not among those that were signed.")
    }
    return true
  }

  /// The hash of the entry before, and the record; nil for what is no frame of a proof.
  static func parts(
    ofProof content: UnsafeRawBufferPointer
  ) -> (before: [UInt8], record: UnsafeRawBufferPointer)? {
    let pathStart = AuditHash.byteCount + 1
    guard content.count > pathStart else { return nil }
    let steps = Int(content[AuditHash.byteCount])
    let recordStart = pathStart + steps * AuditHash.byteCount
    guard steps <= 63, content.count > recordStart else { return nil }
    return (
      Array(content[..<AuditHash.byteCount]),
      UnsafeRawBufferPointer(rebasing: content[recordStart...])
    )
  }
}
