import Storage
import Values

/// All SQL of `supplier`.
enum SupplierTable {
  static func find(_ code: String, in snapshot: Snapshot) throws -> Supplier? {
    try snapshot.first(
      "SELECT id, code, name, lead_days, version FROM supplier WHERE code = ?", code, map: supplier)
  }

  static func fetch(_ id: ID<Supplier>, in snapshot: Snapshot) throws -> Supplier? {
    try snapshot.first(
      "SELECT id, code, name, lead_days, version FROM supplier WHERE id = ?", id, map: supplier)
  }

  static func list(after code: String, limit: Int, in snapshot: Snapshot) throws -> [Supplier] {
    try snapshot.all(
      """
      SELECT id, code, name, lead_days, version
      FROM supplier WHERE code > ? ORDER BY code LIMIT ?
      """, code, limit, map: supplier)
  }

  static func insert(_ supplier: Supplier, in tx: Transaction) throws {
    try tx.execute(
      "INSERT INTO supplier (code, name, lead_days, version) VALUES (?, ?, ?, 1)", supplier.code,
      supplier.name, supplier.leadDays)
  }

  /// Writes what may change and counts the version up.
  static func update(_ supplier: Supplier, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE supplier SET name = ?, lead_days = ?, version = version + 1 WHERE id = ?",
      supplier.name, supplier.leadDays, supplier.id)
  }

  private static func supplier(_ row: Row) -> Supplier {
    Supplier(
      id: row.id(0), code: row.text(1), name: row.text(2), leadDays: row.int(3),
      version: row.int64(4))
  }
}
