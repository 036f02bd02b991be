package import Storage
package import Values

/// Questions about products.
package enum Products {
  package static func find(sku: String, in snapshot: Snapshot) throws -> Product? {
    try ProductTable.find(sku, in: snapshot)
  }

  /// For each of the skus; nil where there is none.
  package static func find(skus: [String], in snapshot: Snapshot) throws -> [Product?] {
    try ProductTable.find(skus, in: snapshot)
  }

  /// The product that a field of a request names; refuses an unknown one.
  package static func require(
    sku: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> Product {
    guard let product = try ProductTable.find(sku, in: snapshot) else {
      throw MasterDataRejection.unknownProduct(field: field(), sku: sku).ifNamed(sku)
    }
    return product
  }

  /// The product that a row points to.
  package static func fetch(_ id: ID<Product>, in snapshot: Snapshot) throws -> Product {
    guard let product = try ProductTable.fetch(id, in: snapshot) else {
      throw MissingRow("product", id.value)
    }
    return product
  }

  /// In the order of the sku, from the one after `sku` on (nil: from the first).
  package static func list(
    after sku: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Product] {
    try ProductTable.list(after: sku ?? "", limit: limit, in: snapshot)
  }

  /// Those whose sku or one of whose names begins with `prefix`, capitals or not, in the order of
  /// the sku.
  package static func search(
    prefix: String, after sku: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Product] {
    prefix.isEmpty
      ? try list(after: sku, limit: limit, in: snapshot)
      : try ProductTable.search(prefix: prefix, after: sku ?? "", limit: limit, in: snapshot)
  }
}
