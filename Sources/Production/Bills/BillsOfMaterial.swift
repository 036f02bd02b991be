package import MasterData
package import Storage

/// Questions about bills of material.
package enum BillsOfMaterial {
  /// The newest bill of a product; nil when it is not made here.
  package static func find(_ product: Product, in snapshot: Snapshot) throws -> BillOfMaterial? {
    try BillTable.find(product.id, in: snapshot)
  }

  /// The newest bill of the product that a field of a request names; refuses a product without one.
  package static func require(
    sku: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> BillOfMaterial {
    let product = try Products.require(sku: sku, field: field(), in: snapshot)
    guard let bill = try BillTable.find(product.id, in: snapshot) else {
      throw ProductionRejection.unknownBill(field: field(), sku: sku)
    }
    return bill
  }
}
