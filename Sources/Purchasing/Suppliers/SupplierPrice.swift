import Inventory
package import MasterData
package import Values

/// What a supplier asks for a product, and how long it takes.
package struct SupplierPrice: Hashable, Sendable {
  package let supplier: ID<Supplier>
  package let supplierCode: String
  package let product: ID<Product>
  /// Of one base unit, without tax.
  package let unitPrice: UnitPrice
  /// Days from order to receipt.
  package let leadDays: Int
  /// The supplier that requisitions of this product name first; at most one for a product.
  package let isPreferred: Bool
}

/// A supplier's price as a caller wants it to be, named by supplier and product.
package struct SupplierPriceDraft: BatchRow {
  package var supplierCode: String
  package var sku: String
  package var unitPrice: UnitPrice?
  package var leadDays: Int
  package var isPreferred: Bool
  package var malformed: [any Rejection]

  package init(
    supplierCode: String, sku: String, unitPrice: UnitPrice?, leadDays: Int = 0,
    isPreferred: Bool = false, malformed: [any Rejection] = []
  ) {
    self.supplierCode = supplierCode
    self.sku = sku
    self.unitPrice = unitPrice
    self.leadDays = leadDays
    self.isPreferred = isPreferred
    self.malformed = malformed
  }

  package var code: String { sku }
  package static var codeField: String { "sku" }

  /// Codes have no blanks, so the parts cannot run into each other.
  package var identity: String { "\(supplierCode) \(sku)" }

  /// The price, once everything it names is found.
  func price(
    of supplier: Supplier?, for product: Product?, at path: FieldPath, base: Currency
  ) throws -> SupplierPrice {
    var check = FieldCheck(path, malformed: malformed)
    let unitPrice = check.required(unitPrice, "unit_price")
    if let unitPrice {
      check.unitPrice(unitPrice, "unit_price", base: base)
    }
    check.range(leadDays, "lead_days", 0...3_650)
    if supplier == nil {
      check.refuse(
        MasterDataRejection.unknownSupplier(
          field: path.field("supplier_code"), code: String(supplierCode.prefix(60))
        ).ifNamed(supplierCode))
    }
    if product == nil {
      check.refuse(
        MasterDataRejection.unknownProduct(
          field: path.field("sku"), sku: String(sku.prefix(60))
        ).ifNamed(sku))
    }
    try check.pass()
    guard let supplier, let product, let unitPrice else {
      preconditionFailure("a row that passed its checks is complete")
    }
    return SupplierPrice(
      supplier: supplier.id, supplierCode: supplier.code, product: product.id,
      unitPrice: unitPrice, leadDays: leadDays, isPreferred: isPreferred)
  }
}
