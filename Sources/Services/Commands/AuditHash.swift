private import Crypto
internal import Values

/// The hash chain over all commands: each entry's hash covers everything it says and the hash
/// before it, so that a changed, removed, swapped or inserted entry shows (FEATURES, "what none
/// has" 6).
enum AuditHash {
  /// Before the first entry.
  static let genesis = [UInt8](repeating: 0, count: 32)

  /// SHA-256 over the previous hash and the entry's fields, each with its length in front, in this
  /// order.
  static func hash(of entry: CommandEntry, events: [StoredEvent], after previous: [UInt8])
    -> [UInt8]
  {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512 + entry.request.count + entry.reply.count)
    bytes.append(contentsOf: previous)
    append(entry.sequence, to: &bytes)
    append(entry.at.microseconds, to: &bytes)
    append(entry.actor, to: &bytes)
    append(entry.peer, to: &bytes)
    append(entry.method, to: &bytes)
    append(entry.key, to: &bytes)
    append(entry.request, to: &bytes)
    append(Int64(entry.status), to: &bytes)
    append(entry.reply, to: &bytes)
    append(Int64(events.count), to: &bytes)
    for event in events {
      append(event.type, to: &bytes)
      append(event.subject.kind.rawValue, to: &bytes)
      append(event.subject.number, to: &bytes)
      append(event.root.kind.rawValue, to: &bytes)
      append(event.root.number, to: &bytes)
      append(event.facts, to: &bytes)
    }
    return Array(SHA256.hash(data: bytes))
  }

  private static func append(_ number: Int64, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    append(Int64(text.utf8.count), to: &bytes)
    bytes.append(contentsOf: text.utf8)
  }

  private static func append(_ data: [UInt8], to bytes: inout [UInt8]) {
    append(Int64(data.count), to: &bytes)
    bytes.append(contentsOf: data)
  }
}
