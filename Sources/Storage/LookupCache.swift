/// A cache of what is looked up far more often than it is written, such as master data. Each
/// connection keeps values of its own, and forgets them all when a table that they were read from
/// is written: what a snapshot or transaction gets from it is what it would find itself.
///
/// A constant of the program. What is found must follow from the key and the database alone, not
/// from who asks.
package final class LookupCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  fileprivate let limit: Int

  /// - Parameter limit: values that a connection keeps at most; with one more it begins anew.
  package init(limit: Int = 1) { self.limit = limit }
}

/// The key of a cache that holds one value.
package struct OnlyKey: Hashable, Sendable { package init() {} }

/// What one connection keeps of a cache.
private final class KeptLookups<Key: Hashable, Value> {
  var values: [Key: Value] = [:]
  /// That the values were read from, which have not been written since `batch`.
  var tables = TableSet()
  var batch: UInt64 = 0
}

extension Snapshot {
  /// The value of `key`, which `find` looks up where the cache has none.
  package func lookUp<Key, Value>(
    _ key: Key, in cache: LookupCache<Key, Value>, _ find: () throws -> Value
  ) throws -> Value {
    let kept = try kept(of: cache)
    if let value = kept.values[key] { return value }
    let (value, tables) = try unscoped(find)
    if hasRoom(for: 1, read: tables, in: kept, cache.limit) { kept.values[key] = value }
    return value
  }

  /// The one value of the cache, which `find` looks up where it has none.
  package func lookUp<Value>(
    in cache: LookupCache<OnlyKey, Value>, _ find: () throws -> Value
  ) throws -> Value {
    try lookUp(OnlyKey(), in: cache, find)
  }

  /// The value of each of `keys`; nil where `find`, which is asked for those that the cache has
  /// not, finds none.
  package func lookUp<Key, Value>(
    all keys: [Key], in cache: LookupCache<Key, Value>, _ find: ([Key]) throws -> [Key: Value]
  ) throws -> [Value?] {
    let kept = try kept(of: cache)
    var values = keys.map { kept.values[$0] }
    let missing = values.indices.filter { values[$0] == nil }
    guard !missing.isEmpty else { return values }
    let (found, tables) = try unscoped { try find(missing.map { keys[$0] }) }
    for index in missing { values[index] = found[keys[index]] }
    if hasRoom(for: found.count, read: tables, in: kept, cache.limit) {
      kept.values.merge(found) { $1 }
    }
    return values
  }

  /// Without what no longer holds. Counts as reading it.
  private func kept<Key, Value>(
    of cache: LookupCache<Key, Value>
  ) throws -> KeptLookups<Key, Value> {
    confine()
    // Else a table written from now on could show in what is read next, but not in what is kept.
    try connection.beginSnapshot()
    let id = ObjectIdentifier(cache)
    let kept: KeptLookups<Key, Value>
    if let known = connection.keptLookups[id] {
      kept = unsafeDowncast(known, to: KeptLookups<Key, Value>.self)
    } else {
      kept = KeptLookups()
      connection.keptLookups[id] = kept
    }
    if stillHolds(kept.tables, asOf: kept.batch) {
      noteReading(kept.tables)
    } else {
      kept.values.removeAll()
      kept.tables = TableSet()
    }
    return kept
  }

  private func unscoped<T>(_ find: () throws -> T) throws -> (value: T, tables: TableSet) {
    let asked = connection.hasAskedScope
    connection.hasAskedScope = false
    defer { connection.hasAskedScope = asked }
    let found = try notingTables(find)
    precondition(!connection.hasAskedScope, "what is cached depends on who asks")
    return found
  }

  /// Whether values read from those tables may be kept; makes room for them.
  private func hasRoom<Key, Value>(
    for count: Int, read tables: TableSet, in kept: KeptLookups<Key, Value>, _ limit: Int
  ) -> Bool {
    if kept.values.count + count > limit { kept.values.removeAll() }
    if kept.values.isEmpty {
      kept.tables = TableSet()
      kept.batch = batch
    }
    guard count <= limit, stillHolds(tables, asOf: kept.batch) else { return false }
    kept.tables.formUnion(tables)
    return true
  }
}
