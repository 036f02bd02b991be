package import Values

/// Everything that stock refuses, in the order in which it is checked: the shape of the request,
/// then what the product allows, then what is there.
package enum InventoryRejection: Rejection, Hashable {
  case quantityNotPositive(field: String?, given: Quantity)
  case quantityNegative(field: String?, given: Quantity)
  /// Said in another unit than the product is counted in.
  case wrongUnit(field: String, sku: String, unit: String, given: String)
  /// Nobody stores half a chair.
  case fractionOfUnit(field: String?, sku: String, unit: String, given: Quantity)
  case sameWarehouse(field: String, code: String)
  case serviceHasNoStock(field: String?, sku: String)
  /// Goods were found where there were none, and nobody said what they cost.
  case costUnknown(field: String, sku: String)
  /// Less is free than was asked for.
  case insufficientStock(field: String?, sku: String, available: Quantity, requested: Quantity)
  /// Less is held for this demand than was to be taken.
  case nothingReserved(origin: Origin, sku: String, held: Quantity, requested: Quantity)
  /// The demand already waits in another warehouse or for another supply.
  case reservedElsewhere(origin: Origin, sku: String)
  /// More of one product in one place, or of more value, than can be counted.
  case balanceTooLarge(
    field: String?, sku: String, unit: String, location: String, currency: Currency)
}

extension InventoryRejection {
  package var kind: RejectionKind {
    switch self {
    case .quantityNotPositive, .quantityNegative, .wrongUnit, .fractionOfUnit, .sameWarehouse,
      .costUnknown:
      .invalid
    case .serviceHasNoStock, .insufficientStock, .nothingReserved, .reservedElsewhere,
      .balanceTooLarge:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .quantityNotPositive: "QUANTITY_NOT_POSITIVE"
    case .quantityNegative: "QUANTITY_NEGATIVE"
    case .wrongUnit: "WRONG_UNIT"
    case .fractionOfUnit: "FRACTION_OF_UNIT"
    case .sameWarehouse: "SAME_WAREHOUSE"
    case .serviceHasNoStock: "SERVICE_HAS_NO_STOCK"
    case .costUnknown: "COST_UNKNOWN"
    case .insufficientStock: "INSUFFICIENT_STOCK"
    case .nothingReserved: "NOTHING_RESERVED"
    case .reservedElsewhere: "RESERVED_ELSEWHERE"
    case .balanceTooLarge: "BALANCE_TOO_LARGE"
    }
  }

  package var message: String {
    switch self {
    case .quantityNotPositive(_, let given): "A quantity is greater than 0, not \(given)"
    case .quantityNegative(_, let given): "A count is 0 or more, not \(given)"
    case .wrongUnit(_, let sku, let unit, let given):
      "\(sku) is counted in \(unit), not in \(given)"
    case .fractionOfUnit(_, let sku, let unit, let given):
      "\(sku) is counted in whole \(unit), not \(given)"
    case .sameWarehouse(_, let code): "The goods are already in \(code)"
    case .serviceHasNoStock(_, let sku): "\(sku) is a service and has no stock"
    case .costUnknown(_, let sku): "There is no stock of \(sku) to take the cost from"
    case .insufficientStock(_, let sku, let available, let requested):
      "\(requested) of \(sku) were asked for; \(available) are free"
    case .nothingReserved(let origin, let sku, let held, let requested):
      "\(requested) of \(sku) were to be taken for \(origin); \(held) are held for it"
    case .reservedElsewhere(let origin, let sku):
      "\(sku) is already reserved for \(origin) in another warehouse or from another supply"
    case .balanceTooLarge(_, let sku, let unit, let location, let currency):
      "No more than \(StockBalance.highest) \(unit) of \(sku), worth no more than "
        + "\(Self.highestValue(currency)), can be counted at \(location)"
    }
  }

  package var field: String? {
    switch self {
    case .quantityNotPositive(let field, _), .quantityNegative(let field, _),
      .fractionOfUnit(let field, _, _, _), .serviceHasNoStock(let field, _),
      .insufficientStock(let field, _, _, _), .balanceTooLarge(let field, _, _, _, _):
      field
    case .wrongUnit(let field, _, _, _), .sameWarehouse(let field, _), .costUnknown(let field, _):
      field
    case .nothingReserved, .reservedElsewhere: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .quantityNotPositive(_, let given), .quantityNegative(_, let given):
      [Fact("given", given)]
    case .wrongUnit(_, let sku, let unit, let given):
      [Fact("sku", sku), Fact("unit", unit), Fact("given", given)]
    case .fractionOfUnit(_, let sku, let unit, let given):
      [Fact("sku", sku), Fact("unit", unit), Fact("given", given)]
    case .sameWarehouse(_, let code): [Fact("warehouse", code)]
    case .serviceHasNoStock(_, let sku), .costUnknown(_, let sku): [Fact("sku", sku)]
    case .insufficientStock(_, let sku, let available, let requested):
      [Fact("sku", sku), Fact("available", available), Fact("requested", requested)]
    case .nothingReserved(let origin, let sku, let held, let requested):
      [
        Fact("origin", origin), Fact("sku", sku), Fact("held", held), Fact("requested", requested),
      ]
    case .reservedElsewhere(let origin, let sku): [Fact("origin", origin), Fact("sku", sku)]
    case .balanceTooLarge(_, let sku, _, let location, let currency):
      [
        Fact("sku", sku), Fact("location", location), Fact("limit", StockBalance.highest),
        Fact("value_limit", Self.highestValue(currency)),
      ]
    }
  }

  private static func highestValue(_ currency: Currency) -> Money {
    Money(minor: StockBalance.highestValueMinor, currency: currency)
  }
}
