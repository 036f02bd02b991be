package import Values

/// One price of a list as a caller wants it to be, named by list, product, minimum quantity and
/// first day.
package struct PriceDraft: BatchRow {
  package var list: String
  package var sku: String
  /// Of one base unit, without tax.
  package var unitPrice: UnitPrice?
  /// Holds for quantities from this one on; 0 for any.
  package var minimumQuantity: Quantity
  package var validFrom: Day?
  /// Last day on which it holds; nil for no end.
  package var validUntil: Day?
  package var malformed: [any Rejection]

  package init(
    list: String, sku: String, unitPrice: UnitPrice?, minimumQuantity: Quantity = .zero,
    validFrom: Day?, validUntil: Day? = nil, malformed: [any Rejection] = []
  ) {
    self.list = list
    self.sku = sku
    self.unitPrice = unitPrice
    self.minimumQuantity = minimumQuantity
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.malformed = malformed
  }

  package var code: String { sku }
  package static var codeField: String { "sku" }

  /// Codes have no blanks, so the parts cannot run into each other.
  package var identity: String {
    "\(list) \(sku) \(minimumQuantity) \(validFrom?.description ?? "")"
  }

  /// The price, checked as far as it can be without its list and product.
  func price(
    in list: PriceList?, of product: Product?, at path: FieldPath, base: Currency
  ) throws -> Price {
    var check = FieldCheck(path, malformed: malformed)
    let unitPrice = check.required(unitPrice, "unit_price")
    if let unitPrice { check.unitPrice(unitPrice, "unit_price", base: base) }
    check.range(minimumQuantity, "minimum_quantity", .zero...Quantity(micros: .max))
    let from = check.required(validFrom, "valid_from")
    if let from, let validUntil, validUntil < from {
      check.refuse(
        MasterDataRejection.periodReversed(
          field: path.field("valid_until"), from: from, until: validUntil))
    }
    if list == nil {
      check.refuse(
        MasterDataRejection.unknownPriceList(field: path.field("price_list_code"), code: self.list)
          .ifNamed(self.list))
    }
    if product == nil {
      check.refuse(
        MasterDataRejection.unknownProduct(field: path.field("sku"), sku: sku).ifNamed(sku))
    }
    try check.pass()
    guard let list, let product, let unitPrice, let from else {
      throw MasterDataRejection.missingValue(field: path.description)
    }
    return Price(
      list: list.id, product: product.id, unitPrice: unitPrice, minimumQuantity: minimumQuantity,
      validFrom: from, validUntil: validUntil)
  }
}
