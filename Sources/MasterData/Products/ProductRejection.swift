package import Values

/// What is refused about products in full: units, barcodes, variants, cartons, the days of their
/// lives; in the order in which it is checked.
package enum ProductRejection: Rejection, Hashable {
  /// The base unit needs no saying how much it is.
  case isBaseUnit(field: String, unit: String)
  /// Not 8, 12, 13 or 14 digits, or the last of them is not right for the others.
  case invalidBarcode(field: String, given: String, why: String)
  /// Not 4 to 12 digits.
  case invalidPrefix(field: String, given: String)
  /// Not 6 to 10 digits.
  case invalidHSCode(field: String, given: String)
  case unknownCountry(field: String, given: String)
  /// What was scanned cannot be read from the character `position` on, counted from 0.
  case unreadableScan(field: String, position: Int, why: String)
  /// A material, a service, or what is counted in parts of a unit.
  case hasNoCartons(field: String, sku: String)
  /// A material, or the product itself.
  case noAccessory(field: String, sku: String)
  /// Directly, or by others.
  case succeedsItself(field: String, sku: String)
  /// An attribute or a value that is named twice.
  case attributeTwice(field: String, attribute: String)
  case attributeMissing(field: String, family: String, attribute: String)
  case unknownFamily(field: String, code: String)
  case unknownAttribute(field: String, family: String, given: String, nearest: String)
  case unknownValue(field: String, attribute: String, given: String, nearest: String)
  /// The product is not counted in it, or no more.
  case unknownUnit(field: String, sku: String, given: String, known: String)
  case unknownBarcode(field: String, gtin: String)
  /// Somebody said already what it stands for.
  case barcodeTaken(field: String, barcode: String, sku: String, unit: String)
  /// In the base unit it is no whole number of millionths.
  case inexactConversion(field: String, sku: String, given: String, unit: String)
  /// Another product of the family has the same values.
  case variantTaken(field: String, family: String, choices: String, sku: String)
  /// A variant has what the family is to have no more, or not what it is to have.
  case variantInTheWay(field: String, family: String, sku: String, choices: String)
  /// The cartons of the product say what it weighs and what room it takes.
  case cartonsSayOtherwise(field: String, sku: String, cartons: Int64, given: Int64)
  /// Not on this day of its life.
  case outOfSeason(
    field: String, sku: String, phase: ProductLifecycle.Phase, instead: [String])
  /// It is sold while stock lasts, and there is not so much.
  case whileStockLasts(
    field: String, sku: String, free: Quantity, asked: Quantity, instead: [String])
}

extension ProductRejection {
  package var kind: RejectionKind {
    switch self {
    case .isBaseUnit, .invalidBarcode, .invalidPrefix, .invalidHSCode, .unknownCountry,
      .unreadableScan, .inexactConversion, .hasNoCartons, .noAccessory, .succeedsItself,
      .attributeTwice, .attributeMissing:
      .invalid
    case .unknownUnit, .unknownBarcode, .unknownFamily, .unknownAttribute, .unknownValue: .notFound
    case .barcodeTaken, .variantTaken: .alreadyExists
    case .variantInTheWay, .cartonsSayOtherwise, .outOfSeason, .whileStockLasts: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .isBaseUnit: "IS_BASE_UNIT"
    case .invalidBarcode: "INVALID_BARCODE"
    case .invalidPrefix: "INVALID_GS1_PREFIX"
    case .invalidHSCode: "INVALID_HS_CODE"
    case .unknownCountry: "UNKNOWN_COUNTRY"
    case .unreadableScan: "UNREADABLE_SCAN"
    case .unknownUnit: "UNKNOWN_UNIT"
    case .unknownBarcode: "UNKNOWN_BARCODE"
    case .barcodeTaken: "BARCODE_TAKEN"
    case .inexactConversion: "INEXACT_CONVERSION"
    case .hasNoCartons: "HAS_NO_CARTONS"
    case .noAccessory: "NO_ACCESSORY"
    case .succeedsItself: "SUCCEEDS_ITSELF"
    case .attributeTwice: "ATTRIBUTE_TWICE"
    case .attributeMissing: "ATTRIBUTE_MISSING"
    case .unknownFamily: "UNKNOWN_FAMILY"
    case .unknownAttribute: "UNKNOWN_ATTRIBUTE"
    case .unknownValue: "UNKNOWN_ATTRIBUTE_VALUE"
    case .variantTaken: "VARIANT_TAKEN"
    case .variantInTheWay: "VARIANT_IN_THE_WAY"
    case .cartonsSayOtherwise: "CARTONS_SAY_OTHERWISE"
    case .outOfSeason(_, _, let phase, _): phase.reason
    case .whileStockLasts: "WHILE_STOCK_LASTS"
    }
  }

  package var message: String {
    switch self {
    case .isBaseUnit(_, let unit): "\(unit) is the base unit of the product itself"
    case .invalidBarcode(_, let given, let why): "'\(given)' is no barcode: \(why)"
    case .invalidPrefix(_, let given):
      "'\(given)' is no prefix of the GS1: it has 4 to 12 digits"
    case .invalidHSCode(_, let given): "'\(given)' is no HS code: it has 6 to 10 digits"
    case .unknownCountry(_, let given):
      "'\(given)' is no country: it has two capital letters of ISO 3166-1, such as CN"
    case .unreadableScan(_, let position, let why): "At character \(position): \(why)"
    case .unknownUnit(_, let sku, let given, let known):
      "\(sku) is not counted in '\(given)', but in \(known)"
    case .unknownBarcode(_, let gtin): "Nobody has said what \(gtin) stands for"
    case .barcodeTaken(_, let barcode, let sku, let unit):
      "\(barcode) stands for one \(unit) of \(sku)"
    case .inexactConversion(_, let sku, let given, let unit):
      "\(given) of \(sku) is no whole number of millionths of a \(unit)"
    case .hasNoCartons(_, let sku): "\(sku) is nothing that comes in cartons unit by unit"
    case .noAccessory(_, let sku): "\(sku) is nothing that goes with the product"
    case .succeedsItself(_, let sku): "\(sku) would take its own place"
    case .attributeTwice(_, let attribute): "\(attribute) is named twice"
    case .attributeMissing(_, let family, let attribute):
      "A variant of \(family) has a value of \(attribute)"
    case .unknownFamily(_, let code): "There is no family \(code)"
    case .unknownAttribute(_, let family, let given, let nearest):
      "\(family) has no attribute '\(given)'; the nearest is \(nearest)"
    case .unknownValue(_, let attribute, let given, let nearest):
      "\(attribute) cannot be '\(given)'; the nearest is \(nearest)"
    case .variantTaken(_, _, let choices, let sku): "\(sku) is the one with \(choices)"
    case .variantInTheWay(_, _, let sku, let choices): "\(sku) is the one with \(choices)"
    case .cartonsSayOtherwise(_, let sku, let cartons, let given):
      "The cartons of \(sku) come to \(cartons), not to \(given)"
    case .outOfSeason(_, let sku, let phase, let instead):
      "\(sku) \(phase.words)" + Self.words(instead)
    case .whileStockLasts(_, let sku, let free, let asked, let instead):
      "\(sku) is sold while stock lasts: \(asked) were asked for, \(free) are free"
        + Self.words(instead)
    }
  }

  private static func words(_ instead: [String]) -> String {
    instead.isEmpty ? "" : "; instead: " + instead.joined(separator: ", ")
  }

  package var field: String? {
    switch self {
    case .isBaseUnit(let field, _), .invalidBarcode(let field, _, _),
      .invalidPrefix(let field, _), .invalidHSCode(let field, _), .unknownCountry(let field, _),
      .unreadableScan(let field, _, _), .unknownUnit(let field, _, _, _),
      .unknownBarcode(let field, _), .barcodeTaken(let field, _, _, _),
      .inexactConversion(let field, _, _, _), .hasNoCartons(let field, _),
      .noAccessory(let field, _), .succeedsItself(let field, _), .attributeTwice(let field, _),
      .attributeMissing(let field, _, _), .unknownFamily(let field, _),
      .unknownAttribute(let field, _, _, _), .unknownValue(let field, _, _, _),
      .variantTaken(let field, _, _, _), .variantInTheWay(let field, _, _, _),
      .cartonsSayOtherwise(let field, _, _, _), .outOfSeason(let field, _, _, _),
      .whileStockLasts(let field, _, _, _, _):
      field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .isBaseUnit(_, let unit): [Fact("unit", unit)]
    case .invalidBarcode(_, let given, let why): [Fact("given", given), Fact("why", why)]
    case .invalidPrefix(_, let given), .invalidHSCode(_, let given),
      .unknownCountry(_, let given):
      [Fact("given", given)]
    case .unreadableScan(_, let position, let why): [Fact("position", position), Fact("why", why)]
    case .unknownUnit(_, let sku, let given, let known):
      [Fact("sku", sku), Fact("given", given), Fact("known", known)]
    case .unknownBarcode(_, let gtin): [Fact("gtin", gtin)]
    case .barcodeTaken(_, let barcode, let sku, let unit):
      [Fact("barcode", barcode), Fact("sku", sku), Fact("unit", unit)]
    case .inexactConversion(_, let sku, let given, let unit):
      [Fact("sku", sku), Fact("given", given), Fact("unit", unit)]
    case .hasNoCartons(_, let sku), .noAccessory(_, let sku), .succeedsItself(_, let sku):
      [Fact("sku", sku)]
    case .attributeTwice(_, let attribute): [Fact("attribute", attribute)]
    case .attributeMissing(_, let family, let attribute):
      [Fact("family", family), Fact("attribute", attribute)]
    case .unknownFamily(_, let code): [Fact("code", code)]
    case .unknownAttribute(_, let family, let given, let nearest):
      [Fact("family", family), Fact("given", given), Fact("nearest", nearest)]
    case .unknownValue(_, let attribute, let given, let nearest):
      [Fact("attribute", attribute), Fact("given", given), Fact("nearest", nearest)]
    case .variantTaken(_, let family, let choices, let sku),
      .variantInTheWay(_, let family, let sku, let choices):
      [Fact("family", family), Fact("choices", choices), Fact("sku", sku)]
    case .cartonsSayOtherwise(_, let sku, let cartons, let given):
      [Fact("sku", sku), Fact("cartons", cartons), Fact("given", given)]
    case .outOfSeason(_, let sku, let phase, let instead):
      [Fact("sku", sku)] + phase.facts + instead.map { Fact("instead", $0) }
    case .whileStockLasts(_, let sku, let free, let asked, let instead):
      [Fact("sku", sku), Fact("free", free), Fact("asked", asked)]
        + instead.map { Fact("instead", $0) }
    }
  }
}

extension ProductLifecycle.Phase {
  fileprivate var reason: String {
    switch self {
    case .notYetOrderable: "NOT_YET_ORDERABLE"
    case .noLongerOrderable: "NO_LONGER_ORDERABLE"
    case .noLongerServed: "NO_LONGER_SERVED"
    case .whileStockLasts: "WHILE_STOCK_LASTS"
    case .orderable: "ORDERABLE"
    }
  }

  fileprivate var words: String {
    switch self {
    case .notYetOrderable(let first): "can be ordered from \(first) on"
    case .noLongerOrderable(let last): "could be ordered until \(last)"
    case .noLongerServed(let last): "was served until \(last)"
    case .whileStockLasts: "is sold while stock lasts"
    case .orderable: "can be ordered"
    }
  }

  fileprivate var facts: [Fact] {
    switch self {
    case .notYetOrderable(let first): [Fact("from", first)]
    case .noLongerOrderable(let last), .noLongerServed(let last): [Fact("until", last)]
    case .whileStockLasts, .orderable: []
    }
  }
}
