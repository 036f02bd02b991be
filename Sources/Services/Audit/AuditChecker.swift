package import Messages
package import Storage

extension AuditFile {
  /// Why a file cannot be checked at all.
  package struct NotAnAudit: Error, CustomStringConvertible {
    package var description: String { "it is neither an audit nor the proof of a document" }
  }

  /// Checks a file that `read` hands out from its beginning, in pieces of at most as many bytes as
  /// it is asked for, none at the end. `show` gets each entry of a proof.
  ///
  /// - Throws: `NotAnAudit`, and what `read` does.
  package static func check(
    keys: [[UInt8]], show: (AuditV1.Entry) -> Void = { _ in },
    read: @escaping (_ count: Int) throws -> [UInt8]
  ) throws -> AuditVerdict {
    var reader = FrameReader(read: read)
    guard try reader.fill(headerBytes), let kind = kind(of: reader.take(headerBytes)) else {
      throw NotAnAudit()
    }
    return try check(&reader, AuditVerifier(kind, keys: Set(keys)), mustEnd: true, show: show)
  }

  /// Checks the log itself. Entries behind the last checkpoint are chained, but not signed yet.
  ///
  /// - Parameter keys: nil for whatever keys the checkpoints name.
  package static func check(
    logIn snapshot: Snapshot, keys: Set<[UInt8]>? = nil
  ) throws -> AuditVerdict {
    var export = AuditExport()
    var reader = FrameReader { _ in try export.next(in: snapshot) }
    return try check(
      &reader, AuditVerifier(.export, keys: keys), mustEnd: false, show: { _ in })
  }

  private static func check(
    _ reader: inout FrameReader, _ start: AuditVerifier, mustEnd: Bool,
    show: (AuditV1.Entry) -> Void
  ) throws -> AuditVerdict {
    var verifier = start
    while try reader.fill(1) {
      guard !verifier.isEnded else {
        verifier.find(verifier.next, "Something follows the end of the file.")
        break
      }
      guard try reader.fill(5) else { break }
      let (type, count) = reader.frame
      guard count <= maxFrameBytes else {
        verifier.find(
          verifier.next, "What follows byte \(reader.offset) is no entry.")
        return verifier.verdict
      }
      guard try reader.fill(5 + count) else { break }
      let isKnown = reader.content(count) { verifier.take(type, $0) }
      guard isKnown else {
        verifier.find(
          verifier.next, "What follows byte \(reader.offset) is no entry.")
        return verifier.verdict
      }
      if type == Frame.proof, let entry = reader.content(count, AuditV1.Entry.init(proof:)) {
        show(entry)
      }
      reader.skip(5 + count)
    }
    verifier.finish(mustEnd: mustEnd)
    return verifier.verdict
  }
}

/// Bytes that come in pieces, as a run of frames. Holds one frame and one piece at most.
private struct FrameReader {
  private static let pieceBytes = 1 << 20

  private let source: (Int) throws -> [UInt8]
  private var buffer: [UInt8] = []
  private var start = 0
  /// Bytes taken so far.
  private(set) var offset = 0

  init(read: @escaping (Int) throws -> [UInt8]) { source = read }

  /// Whether so many bytes are there.
  mutating func fill(_ count: Int) throws -> Bool {
    while buffer.count - start < count {
      let piece = try source(Self.pieceBytes)
      if piece.isEmpty { return false }
      if start == buffer.count {
        buffer = piece
      } else {
        buffer.removeSubrange(..<start)
        buffer.append(contentsOf: piece)
      }
      start = 0
    }
    return true
  }

  mutating func take(_ count: Int) -> [UInt8] {
    defer { skip(count) }
    return Array(buffer[start..<start + count])
  }

  mutating func skip(_ count: Int) {
    start += count
    offset += count
  }

  /// Letter and length of the frame at the start.
  var frame: (type: UInt8, count: Int) {
    let count = buffer[(start + 1)..<(start + 5)].reduce(0) { $0 << 8 | Int($1) }
    return (buffer[start], count)
  }

  func content<R>(_ count: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    buffer.withUnsafeBytes {
      body(UnsafeRawBufferPointer(rebasing: $0[(start + 5)..<(start + 5 + count)]))
    }
  }
}
