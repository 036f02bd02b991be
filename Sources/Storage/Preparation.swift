/// What was looked up on a snapshot ahead of a write (`Database.write(preparing:_:)`), and what it
/// rests on: optimistic concurrency with a table as its grain.
package struct Preparation<Value: Sendable>: Sendable {
  /// A value and how it was come by.
  struct Finding: Sendable {
    let value: Value
    /// The tables that it was read from.
    let tables: TableSet
    /// The snapshot held this batch and those before it.
    let batch: UInt64
  }

  private let find: @Sendable (Snapshot) throws -> Value
  private let finding: Finding?

  init(_ find: @escaping @Sendable (Snapshot) throws -> Value, _ finding: Finding? = nil) {
    self.find = find
    self.finding = finding
  }

  /// The value as this transaction would find it: the one found ahead, while no table that it was
  /// read from has been written since; otherwise it is looked up anew. Throws what looking up
  /// throws.
  package func value(in tx: Transaction) throws -> Value {
    if let finding, tx.stillHolds(finding.tables, asOf: finding.batch) { return finding.value }
    return try find(tx)
  }
}
