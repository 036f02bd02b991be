internal import Synchronization

/// Some of a database's tables, one bit each.
struct TableSet {
  /// The tables beyond share the last bit: what is said of one is then said of all of them.
  static let capacity = 256

  private var low: UInt128 = 0
  private var high: UInt128 = 0

  init() {}

  init(position: Int) {
    let position = min(position, Self.capacity - 1)
    if position < 128 { low = 1 << UInt128(position) } else { high = 1 << UInt128(position - 128) }
  }

  mutating func formUnion(_ other: TableSet) {
    low |= other.low
    high |= other.high
  }

  func isDisjoint(with other: TableSet) -> Bool { low & other.low == 0 && high & other.high == 0 }

  func forEachPosition(_ body: (Int) -> Void) {
    for (half, start) in [(low, 0), (high, 128)] {
      var rest = half
      while rest != 0 {
        body(start + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }
}

/// The tables that a statement is about.
struct TableUsage {
  var reads = TableSet()
  var writes = TableSet()
}

/// What the connections of one database know in common: its tables' positions, how far the writer
/// has come, and when it last wrote each table, by the number of the batch.
///
/// The writer notes tables before it commits what it wrote to them, and a batch as finished after.
/// So a snapshot begun after `finishedBatch` was read holds that batch, and tables that it, once
/// begun, does not find noted since are in it as they were then.
final class SharedState: Sendable {
  private let positions = Mutex<[String: Int]>([:])
  private let finished = Atomic<UInt64>(0)
  private let lastWritten: InlineArray<256, Atomic<UInt64>>
  /// Held by who writes to the database's file: copies the log into it, or seals its pages anew.
  let databaseFile = Mutex<Void>(())

  init() { lastWritten = InlineArray { _ in Atomic(0) } }

  func tables(_ name: String) -> TableSet {
    positions.withLock { positions in
      let position = positions[name] ?? positions.count
      positions[name] = position
      return TableSet(position: position)
    }
  }

  /// Number of the last batch that the writer has finished.
  var finishedBatch: UInt64 { finished.load(ordering: .acquiring) }

  /// Whether one of the tables was written, if only perhaps, after that batch.
  func changed(_ tables: TableSet, since batch: UInt64) -> Bool {
    var changed = false
    tables.forEachPosition {
      changed = changed || lastWritten[$0].load(ordering: .acquiring) > batch
    }
    return changed
  }

  // MARK: The writer's

  /// In the batch that is being written.
  func wrote(_ tables: TableSet) {
    let batch = finishedBatch + 1
    tables.forEachPosition { lastWritten[$0].store(batch, ordering: .releasing) }
  }

  func finishBatch() { finished.store(finishedBatch + 1, ordering: .releasing) }
}
