import MasterData
import Storage
import Values

/// All SQL of `stock_location`.
enum LocationTable {
  /// Its shelves or its quarantine.
  static func find(
    _ kind: LocationKind, of warehouse: ID<Warehouse>, in snapshot: Snapshot
  ) throws -> Location? {
    try snapshot.first(
      """
      SELECT id, code, kind, warehouse_id, warehouse_code FROM stock_location
      WHERE warehouse_id = ? AND kind = ?
      """, warehouse, kind.rawValue, map: location)
  }

  static func fetch(_ id: ID<Location>, in snapshot: Snapshot) throws -> Location? {
    try snapshot.first(
      """
      SELECT id, code, kind, warehouse_id, warehouse_code FROM stock_location WHERE id = ?
      """, id, map: location)
  }

  static func insert(
    _ kind: LocationKind, of warehouse: Warehouse, in tx: Transaction
  ) throws -> Location {
    let code = "\(warehouse.code)/\(kind.rawValue)"
    let id: ID<Location> = try tx.insert(
      """
      INSERT INTO stock_location (code, kind, warehouse_id, warehouse_code)
      VALUES (?, ?, ?, ?)
      """, code, kind.rawValue, warehouse.id, warehouse.code)
    return Location(
      id: id, code: code, kind: kind, warehouse: warehouse.id, warehouseCode: warehouse.code)
  }

  private static func location(_ row: Row) throws -> Location {
    Location(
      id: row.id(0), code: row.text(1), kind: try row.value(2), warehouse: row.optionalID(3),
      warehouseCode: row.optionalText(4))
  }
}
