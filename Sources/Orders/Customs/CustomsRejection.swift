package import Values

/// What is refused of trade terms, and what a customs declaration lacks, in the order in which it
/// is looked at.
package enum CustomsRejection: Rejection, Hashable {
  /// Something has left.
  case termsFixed(field: String, order: String, line: Int)

  // What a line lacks.
  case hsCodeMissing(sku: String)
  case originMissing(sku: String)
  case netWeightMissing(sku: String)
  case grossWeightMissing(sku: String)
  case netAboveGross(sku: String, net: Int64, gross: Int64)
  case cartonsUnlisted(sku: String)
  /// Customs want to know what even a gift is worth.
  case worthNothing(sku: String)

  // What the rest lacks.
  case termsMissing(order: String)
  case placeMissing(order: String, term: Incoterm)
  case addressMissing(order: String)
  case termForShipsOnly(term: Incoterm, carrier: String, mode: CarrierMode)
}

extension CustomsRejection {
  package var kind: RejectionKind { .precondition }

  package var reason: String {
    switch self {
    case .termsFixed: "TRADE_TERMS_FIXED"
    case .hsCodeMissing: "HS_CODE_MISSING"
    case .originMissing: "ORIGIN_MISSING"
    case .netWeightMissing: "NET_WEIGHT_MISSING"
    case .grossWeightMissing: "GROSS_WEIGHT_MISSING"
    case .netAboveGross: "NET_ABOVE_GROSS"
    case .cartonsUnlisted: "CARTONS_UNLISTED"
    case .worthNothing: "WORTH_NOTHING"
    case .termsMissing: "TRADE_TERMS_MISSING"
    case .placeMissing: "PLACE_MISSING"
    case .addressMissing: "ADDRESS_MISSING"
    case .termForShipsOnly: "TERM_FOR_SHIPS_ONLY"
    }
  }

  package var message: String {
    switch self {
    case .termsFixed(_, let order, let line): "Goods of line \(line) of \(order) have left"
    case .hsCodeMissing(let sku): "Nobody has said the HS code of \(sku)"
    case .originMissing(let sku): "Nobody has said where \(sku) was made"
    case .netWeightMissing(let sku): "Nobody has said what \(sku) weighs without packing"
    case .grossWeightMissing(let sku): "Nobody has said what \(sku) weighs packed"
    case .netAboveGross(let sku, let net, let gross):
      "\(sku) weighs \(net) g without packing, and \(gross) g with it"
    case .cartonsUnlisted(let sku): "Nobody has said the cartons of \(sku)"
    case .worthNothing(let sku): "\(sku) is given for nothing, and nothing is declared as that"
    case .termsMissing(let order): "Nobody has said the trade terms of \(order)"
    case .placeMissing(let order, let term):
      "\(order) has no place that belongs to \(term.rawValue)"
    case .addressMissing(let order): "\(order) names no address"
    case .termForShipsOnly(let term, let carrier, let mode):
      "\(term.rawValue) is for ships, and \(carrier) goes by \(mode.rawValue)"
    }
  }

  /// Of refusals that of the request, of what is missing that of the answer.
  package var field: String? {
    switch self {
    case .termsFixed(let field, _, _): field
    case .hsCodeMissing: "hs_code"
    case .originMissing: "origin_country_code"
    case .netWeightMissing, .netAboveGross: "net_weight_grams"
    case .grossWeightMissing: "gross_weight_grams"
    case .cartonsUnlisted: "cartons"
    case .worthNothing: "value"
    case .termsMissing: "terms"
    case .placeMissing: "terms.named_place"
    case .addressMissing: "address"
    case .termForShipsOnly: "terms.incoterm"
    }
  }

  package var facts: [Fact] {
    switch self {
    case .termsFixed(_, let order, let line): [Fact("order", order), Fact("line", line)]
    case .hsCodeMissing(let sku), .originMissing(let sku), .netWeightMissing(let sku),
      .grossWeightMissing(let sku), .cartonsUnlisted(let sku), .worthNothing(let sku):
      [Fact("sku", sku)]
    case .netAboveGross(let sku, let net, let gross):
      [Fact("sku", sku), Fact("net", net), Fact("gross", gross)]
    case .termsMissing(let order), .addressMissing(let order): [Fact("order", order)]
    case .placeMissing(let order, let term):
      [Fact("order", order), Fact("incoterm", term.rawValue)]
    case .termForShipsOnly(let term, let carrier, let mode):
      [
        Fact("incoterm", term.rawValue), Fact("carrier", carrier), Fact("mode", mode.rawValue),
      ]
    }
  }
}
