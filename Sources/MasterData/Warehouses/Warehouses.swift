package import Storage
package import Values

/// Questions about warehouses.
package enum Warehouses {
  package static func find(code: String, in snapshot: Snapshot) throws -> Warehouse? {
    try WarehouseTable.find(code, in: snapshot)
  }

  /// The warehouse that a field of a request names; refuses an unknown one.
  package static func require(
    code: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> Warehouse {
    guard let warehouse = try WarehouseTable.find(code, in: snapshot) else {
      throw MasterDataRejection.unknownWarehouse(field: field(), code: code).ifNamed(code)
    }
    return warehouse
  }

  /// The warehouse whose stock or work a request is about: nil when it is out of scope, as when
  /// there is none.
  package static func seen(code: String, in snapshot: Snapshot) throws -> Warehouse? {
    try WarehouseTable.seen(code, in: snapshot)
  }

  /// As `seen`, where a field of a request must name one.
  package static func requireSeen(
    code: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> Warehouse {
    guard let warehouse = try seen(code: code, in: snapshot) else {
      throw MasterDataRejection.unknownWarehouse(field: field(), code: code).ifNamed(code)
    }
    return warehouse
  }

  /// The warehouse that a row points to.
  package static func fetch(_ id: ID<Warehouse>, in snapshot: Snapshot) throws -> Warehouse {
    guard let warehouse = try WarehouseTable.fetch(id, in: snapshot) else {
      throw MissingRow("warehouse", id.value)
    }
    return warehouse
  }

  /// In the order of the code, from the one after `code` on (nil: from the first).
  package static func list(
    after code: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Warehouse] {
    try WarehouseTable.list(after: code ?? "", limit: limit, in: snapshot)
  }
}
