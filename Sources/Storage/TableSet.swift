internal import Synchronization

/// Some of a database's tables, one bit each.
struct TableSet {
  /// The tables beyond share the last bit: what is said of one is then said of all of them.
  static let capacity = 128

  private var bits: UInt128 = 0

  init() {}

  init(position: Int) { bits = 1 << UInt128(min(position, Self.capacity - 1)) }

  mutating func formUnion(_ other: TableSet) { bits |= other.bits }

  func isDisjoint(with other: TableSet) -> Bool { bits & other.bits == 0 }

  func forEachPosition(_ body: (Int) -> Void) {
    var rest = bits
    while rest != 0 {
      body(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
  }
}

/// The tables that a statement is about.
struct TableUsage {
  var reads = TableSet()
  var writes = TableSet()
}

/// What the connections of one database know in common: its tables' positions, and how far the
/// writer has come.
final class SharedState: Sendable {
  private let positions = Mutex<[String: Int]>([:])
  /// Number of the last batch that the writer has finished. Stored after its commit, so that a
  /// snapshot begun after it was read holds that batch.
  let finishedBatch = Atomic<UInt64>(0)

  func tables(_ name: String) -> TableSet {
    positions.withLock { positions in
      let position = positions[name] ?? positions.count
      positions[name] = position
      return TableSet(position: position)
    }
  }
}

/// When each table was last written, by the number of the batch. The writer's own.
final class TableHistory {
  /// The batch that is being written.
  private(set) var batch: UInt64 = 1
  private var lastWritten = [UInt64](repeating: 0, count: TableSet.capacity)

  func wrote(_ tables: TableSet) { tables.forEachPosition { lastWritten[$0] = batch } }

  /// Whether one of the tables was written, if only perhaps, after that batch.
  func changed(_ tables: TableSet, since batch: UInt64) -> Bool {
    var changed = false
    tables.forEachPosition { changed = changed || lastWritten[$0] > batch }
    return changed
  }

  func finishBatch(_ shared: SharedState) {
    shared.finishedBatch.store(batch, ordering: .releasing)
    batch += 1
  }
}
