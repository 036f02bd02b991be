package import Values

/// One price of a list as a caller wants it to be, named by list, product, minimum quantity and
/// first day.
package struct PriceDraft: BatchRow {
  package var list: String
  package var sku: String
  /// Of one `unit`, without tax.
  package var unitPrice: UnitPrice?
  /// Instead of a unit price and its unit, for a product that is configured.
  package var model: ModelTerms?
  /// Of the product; empty for its base unit.
  package var unit: String
  /// Holds for quantities from this one on, in `minimumUnit`; 0 for any.
  package var minimumQuantity: Quantity
  package var minimumUnit: String
  package var validFrom: Day?
  /// Last day on which it holds; nil for no end.
  package var validUntil: Day?
  package var malformed: [any Rejection]

  package init(
    list: String, sku: String, unitPrice: UnitPrice?, model: ModelTerms? = nil,
    unit: String = "",
    minimumQuantity: Quantity = .zero, minimumUnit: String = "",
    validFrom: Day?, validUntil: Day? = nil, malformed: [any Rejection] = []
  ) {
    self.list = list
    self.sku = sku
    self.unitPrice = unitPrice
    self.model = model
    self.unit = unit
    self.minimumQuantity = minimumQuantity
    self.minimumUnit = minimumUnit
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.malformed = malformed
  }

  package var code: String { sku }
  package static var codeField: String { "sku" }

  /// Codes have no blanks, so the parts cannot run into each other.
  package var identity: String {
    "\(list) \(sku) \(minimumQuantity) \(minimumUnit) \(validFrom?.description ?? "")"
  }

  /// The price, checked as far as it can be without its list and product.
  func price(
    in list: PriceList?, of product: Product?, at path: FieldPath, base: Currency
  ) throws -> Price {
    var check = FieldCheck(path, malformed: malformed)
    let unitPrice = unitPrice(&check, list: list, base: base)
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
    let base = product.map { inBaseUnit(of: $0, unitPrice, &check) }
    try check.pass()
    guard let list, let product, let unitPrice = base?.price, let from else {
      throw MasterDataRejection.missingValue(field: path.description)
    }
    return Price(
      list: list.id, product: product.id, unitPrice: unitPrice, pack: base?.pack,
      model: model, minimumQuantity: base?.minimum ?? minimumQuantity, validFrom: from,
      validUntil: validUntil)
  }

  /// Of a row about a model it is nothing.
  private func unitPrice(
    _ check: inout FieldCheck, list: PriceList?, base: Currency
  ) -> UnitPrice? {
    guard let model else {
      let price = check.required(unitPrice, "unit_price")
      if let price { check.unitPrice(price, "unit_price", base: list?.currency ?? base) }
      return price
    }
    model.checkShape(&check, base: base)
    if let list, let foreign = list.currency {
      check.refuse(
        MasterDataRejection.currencyNotAccepted(
          field: check.path.field("price_list_code"), given: foreign, base: base))
    }
    return UnitPrice(micros: 0, currency: base)
  }

  /// However it was said, a price is of one base unit, from a quantity in base units on; where that
  /// is not exact, what was said counts.
  private func inBaseUnit(
    of product: Product, _ unitPrice: UnitPrice?, _ check: inout FieldCheck
  ) -> (price: UnitPrice?, pack: PackPrice?, minimum: Quantity?) {
    var price = unitPrice
    var said: PackPrice?
    if model == nil, !unit.isEmpty, unit != product.unit {
      let pack = product.pack(unit)
      price = unitPrice.flatMap { pack?.base(of: $0) }
      if pack == nil {
        check.refuse(product.refusal(ofUnit: unit, field: check.path.field("unit_code")))
      } else if price == nil, let pack, let unitPrice {
        said = PackPrice(unitPrice, for: pack)
        price = try? said?.unitPrice()
        if price == nil {
          check.refuse(
            ProductRejection.inexactConversion(
              field: check.path.field("unit_price"), sku: sku,
              given: "\(unitPrice) for one \(unit)", unit: product.unit))
        }
      }
    }
    let minimum = product.base(of: minimumQuantity, in: minimumUnit)
    if minimum == nil {
      check.refuse(
        product.pack(minimumUnit) == nil
          ? product.refusal(
            ofUnit: minimumUnit, field: check.path.field("minimum_quantity.unit_code"))
          : .inexactConversion(
            field: check.path.field("minimum_quantity"), sku: sku,
            given: "\(minimumQuantity) \(minimumUnit)", unit: product.unit))
    }
    return (price, said, minimum)
  }
}
