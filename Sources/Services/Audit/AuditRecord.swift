private import Crypto
internal import Values

/// The hash chain over all entries: each entry's hash covers everything it says and the hash before
/// it, so that a changed, removed, swapped or inserted entry shows (FEATURES, "what none has" 6).
enum AuditHash {
  static let byteCount = 32
  /// Before the first entry.
  static let genesis = [UInt8](repeating: 0, count: byteCount)

  /// SHA-256 over the previous hash and the record.
  static func next(after previous: [UInt8], _ record: [UInt8]) -> [UInt8] {
    record.withUnsafeBytes { next(after: previous, $0) }
  }

  static func next(after previous: [UInt8], _ record: UnsafeRawBufferPointer) -> [UInt8] {
    var hash = SHA256()
    previous.withUnsafeBytes { hash.update(bufferPointer: $0) }
    hash.update(bufferPointer: record)
    return Array(hash.finalize())
  }
}

/// An entry as bytes: what its hash covers, and what an export holds.
///
/// Numbers have 8 bytes, big-endian; text and bytes have their length in front. The first format
/// begins with the sequence, whose first byte is 0; later ones with their number in one byte.
enum AuditRecord {
  static func bytes(of entry: CommandEntry, events: [StoredEvent]) -> [UInt8] {
    var record = RecordWriter(
      capacity: 768 + entry.request.count + entry.reply.count + entry.changes.count)
    let origin = entry.origin
    if entry.format == .second {
      record.byte(2)
      record.number(entry.kind.rawValue)
    }
    record.number(entry.sequence)
    record.number(entry.at.microseconds)
    record.text(entry.actor)
    record.text(origin.peer)
    record.text(entry.method)
    record.text(entry.key)
    record.data(entry.request)
    record.number(Int64(entry.status))
    record.data(entry.reply)
    if entry.format == .second {
      record.text(origin.credential)
      record.text(origin.certificate)
      record.text(origin.reason)
      record.text(origin.trace)
      record.data(entry.changes)
      record.number(entry.occurrences)
    }
    record.number(Int64(events.count))
    for event in events {
      record.text(event.type)
      record.text(event.subject.kind.rawValue)
      record.text(event.subject.number)
      record.text(event.root.kind.rawValue)
      record.text(event.root.number)
      record.text(event.facts)
    }
    return record.bytes
  }

  /// The sequence that a record says it has; nil for what is no record.
  static func sequence(of record: UnsafeRawBufferPointer) -> Int64? {
    guard let first = record.first, first == 0 || first == 2 else { return nil }
    let start = first == 0 ? 0 : 9
    guard record.count >= start + 8 else { return nil }
    return Int64(
      bigEndian: record.loadUnaligned(fromByteOffset: start, as: Int64.self))
  }

  /// What a record says; nil for what is none. Memory is bounded by the record's own length.
  static func read(_ record: [UInt8]) -> (entry: CommandEntry, events: [StoredEvent])? {
    guard let first = record.first, first == 0 || first == 2 else { return nil }
    var reader = RecordReader(record, from: first == 0 ? 0 : 1)
    let format: CommandEntry.Format = first == 0 ? .first : .second
    do {
      let kind = format == .first ? .command : CommandEntry.Kind(rawValue: try reader.number())
      let sequence = try reader.number()
      let at = try reader.number()
      let actor = try reader.text()
      let peer = try reader.text()
      var entry = CommandEntry(
        actor: actor, origin: CallOrigin(peer: peer), method: try reader.text(),
        key: try reader.text(), request: try reader.data())
      guard let kind, let status = Int(exactly: try reader.number()) else { return nil }
      entry.format = format
      entry.kind = kind
      entry.sequence = sequence
      entry.at = Instant(microseconds: at)
      entry.status = status
      entry.reply = try reader.data()
      if format == .second {
        entry.origin.credential = try reader.text()
        entry.origin.certificate = try reader.text()
        entry.origin.reason = try reader.text()
        entry.origin.trace = try reader.text()
        entry.changes = try reader.data()
        entry.occurrences = try reader.number()
      }
      var events: [StoredEvent] = []
      for _ in 0..<(try reader.count()) { events.append(try reader.event()) }
      return reader.isAtEnd ? (entry, events) : nil
    } catch { return nil }
  }
}

private struct RecordWriter {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func byte(_ byte: UInt8) { bytes.append(byte) }

  mutating func number(_ number: Int64) {
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func text(_ text: String) {
    number(Int64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  mutating func data(_ data: [UInt8]) {
    number(Int64(data.count))
    bytes.append(contentsOf: data)
  }
}

private struct RecordReader {
  struct Malformed: Error {}

  private let bytes: [UInt8]
  private var position: Int

  init(_ bytes: [UInt8], from position: Int) {
    self.bytes = bytes
    self.position = position
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func number() throws(Malformed) -> Int64 {
    guard bytes.count - position >= 8 else { throw Malformed() }
    var number: UInt64 = 0
    for byte in bytes[position..<position + 8] { number = number << 8 | UInt64(byte) }
    position += 8
    return Int64(bitPattern: number)
  }

  /// A length or a count of what is still to come: never more than there are bytes left.
  mutating func count() throws(Malformed) -> Int {
    let number = try number()
    guard number >= 0, number <= bytes.count - position else { throw Malformed() }
    return Int(number)
  }

  mutating func data() throws(Malformed) -> [UInt8] {
    let count = try count()
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  mutating func text() throws(Malformed) -> String {
    guard let text = String(validating: try data(), as: UTF8.self) else { throw Malformed() }
    return text
  }

  mutating func event() throws(Malformed) -> StoredEvent {
    StoredEvent(
      type: try text(), subject: try document(), root: try document(), facts: try text())
  }

  private mutating func document() throws(Malformed) -> DocumentReference {
    guard let kind = DocumentKind(rawValue: try text()) else { throw Malformed() }
    return DocumentReference(kind, try text())
  }
}
