import Storage
import Values

/// All SQL of `warehouse`.
enum WarehouseTable {
  private static let known = LookupCache<String, Warehouse?>(limit: 1_000)

  static func find(_ code: String, in snapshot: Snapshot) throws -> Warehouse? {
    try snapshot.lookUp(code, in: known) {
      try snapshot.first(
        "SELECT id, code, name, version FROM warehouse WHERE code = ?", code, map: warehouse)
    }
  }

  static func seen(_ code: String, in snapshot: Snapshot) throws -> Warehouse? {
    try snapshot.first(
      """
      SELECT id, code, name, version FROM warehouse WHERE code = ? AND in_scope(NULL, NULL, code)
      """, code, map: warehouse)
  }

  static func fetch(_ id: ID<Warehouse>, in snapshot: Snapshot) throws -> Warehouse? {
    try snapshot.first(
      "SELECT id, code, name, version FROM warehouse WHERE id = ?", id, map: warehouse)
  }

  static func list(after code: String, limit: Int, in snapshot: Snapshot) throws -> [Warehouse] {
    try snapshot.all(
      "SELECT id, code, name, version FROM warehouse WHERE code > ? ORDER BY code LIMIT ?", code,
      limit, map: warehouse)
  }

  static func insert(_ warehouse: Warehouse, in tx: Transaction) throws {
    try tx.execute(
      "INSERT INTO warehouse (code, name, version) VALUES (?, ?, 1)", warehouse.code,
      warehouse.name)
  }

  /// Writes what may change and counts the version up.
  static func update(_ warehouse: Warehouse, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE warehouse SET name = ?, version = version + 1 WHERE id = ?", warehouse.name,
      warehouse.id)
  }

  private static func warehouse(_ row: Row) -> Warehouse {
    Warehouse(id: row.id(0), code: row.text(1), name: row.text(2), version: row.int64(3))
  }
}
