internal import Messages
internal import Storage
internal import Values

/// A stretch of the log, ready to be sent: all events in scope between two places, as far as they
/// fit into one message.
struct EventSegment: Sendable {
  let start: EventPosition
  let events: [EventsV1.Event]
  let end: ResumeToken
  /// What it takes in memory, roughly.
  let bytes: Int
  /// Whether nothing had been committed behind it when it was read.
  let isNewest: Bool

  /// Reads what follows `start`. Empty, with `end` at `start`, when nothing does.
  ///
  /// A cut falls between two commands wherever it can, so that nearly all tokens are plain commit
  /// sequences.
  static func read(
    after start: EventPosition, limits: StreamLimits, in snapshot: Snapshot
  ) throws -> EventSegment {
    // Who sees but some looks for them in so many commands at a time.
    let last = snapshot.scope.isAll ? .max : start.sequence + scopedCommands
    let found = try EventTable.events(
      after: start, through: last, limit: limits.eventsPerMessage + 1, in: snapshot)
    var bytes = overheadBytes
    var count = 0
    for event in found.prefix(limits.eventsPerMessage) {
      let size = overheadBytes + event.event.facts.utf8.count
      if count > 0, bytes + size > limits.eventBytesPerMessage { break }
      bytes += size
      count += 1
    }
    guard count < found.count else {
      let head = try CommandTable.head(in: snapshot)
      if last < head.sequence, let hash = try CommandTable.hash(of: last, in: snapshot) {
        return EventSegment(
          start: start, events: found.map { EventsV1.Event($0) },
          end: ResumeToken(EventPosition(after: last), hash: hash), bytes: bytes, isNewest: false)
      }
      let end = max(EventPosition(after: head.sequence), start)
      return EventSegment(
        start: start, events: found.map { EventsV1.Event($0) },
        end: ResumeToken(end, hash: head.hash), bytes: bytes, isNewest: true)
    }
    let (kept, end) = cut(found, at: count)
    guard let hash = try CommandTable.hash(of: end.sequence, in: snapshot) else {
      throw StorageError(.corruptValue, "Events of commit \(end.sequence) have no command")
    }
    return EventSegment(
      start: start, events: found.prefix(kept).map { EventsV1.Event($0) },
      end: ResumeToken(end, hash: hash), bytes: bytes, isNewest: false)
  }

  /// Where to cut before `found[count]` or a little earlier, and the place behind what is kept.
  private static func cut(
    _ found: [CommittedEvent], at count: Int
  ) -> (kept: Int, end: EventPosition) {
    let last = found[count - 1]
    if found[count].sequence != last.sequence {
      return (count, EventPosition(after: last.sequence))
    }
    // The command goes on behind the cut: leave it whole to the next segment, unless it fills this
    // one.
    if let begin = found.firstIndex(where: { $0.sequence == last.sequence }), begin > 0 {
      return (begin, EventPosition(after: found[begin - 1].sequence))
    }
    return (count, EventPosition(sequence: last.sequence, ordinal: Int64(last.ordinal)))
  }

  private static let scopedCommands: Int64 = 5_000

  /// Of an event beside its facts, and of a segment beside its events.
  private static let overheadBytes = 200
}
