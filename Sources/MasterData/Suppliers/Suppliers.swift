package import Storage
package import Values

/// Questions about suppliers.
package enum Suppliers {
  package static func find(code: String, in snapshot: Snapshot) throws -> Supplier? {
    try SupplierTable.find(code, in: snapshot)
  }

  /// The supplier that a field of a request names; refuses an unknown one.
  package static func require(
    code: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> Supplier {
    guard let supplier = try SupplierTable.find(code, in: snapshot) else {
      throw MasterDataRejection.unknownSupplier(field: field(), code: code).ifNamed(code)
    }
    return supplier
  }

  /// The supplier that a row points to.
  package static func fetch(_ id: ID<Supplier>, in snapshot: Snapshot) throws -> Supplier {
    guard let supplier = try SupplierTable.fetch(id, in: snapshot) else {
      throw MissingRow("supplier", id.value)
    }
    return supplier
  }

  /// In the order of the code, from the one after `code` on (nil: from the first).
  package static func list(
    after code: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Supplier] {
    try SupplierTable.list(after: code ?? "", limit: limit, in: snapshot)
  }
}
