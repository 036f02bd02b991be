package import Values

/// What is refused of tariffs, and why a carrier cannot take goods, in the order in which it is
/// checked.
package enum RateRejection: Rejection, Hashable {
  case unknownTariff(field: String, carrier: String, mode: CarrierMode, version: Int64)
  case duplicateZone(field: String, zone: String)
  case stepNotRising(field: String)
  /// The customer fetches it.
  case notBrought(field: String, order: String)
  case nothingToSend(field: String, order: String)
  case reasonNeeded(field: String, carrier: String, better: Int)

  // Why a carrier cannot take the goods.
  case zoneNotPriced(zone: String)
  case notWeighed(lines: [Int])
  case notMeasured(lines: [Int])
  case beyondTariff(given: Int64, most: Int64, unit: String)
  case cartonsUnlisted(lines: [Int])
  case cartonTooHeavy(given: Int64, most: Int64)
  case cartonTooLong(given: Int64, most: Int64)
  case cartonTooLarge(given: Int64, most: Int64)
  case fragileNotTaken(lines: [Int])
  case noCashOnDelivery
  case ownCrewCollects
  case noExchangeRate(currency: Currency, day: Day)
  /// `arrives` is nil where nobody knows.
  case arrivesTooLate(arrives: Day?, by: Day)
}

extension RateRejection {
  package var kind: RejectionKind {
    switch self {
    case .unknownTariff: .notFound
    case .duplicateZone, .stepNotRising, .reasonNeeded: .invalid
    case .notBrought, .nothingToSend, .zoneNotPriced, .notWeighed, .notMeasured, .beyondTariff,
      .cartonsUnlisted, .cartonTooHeavy, .cartonTooLong, .cartonTooLarge, .fragileNotTaken,
      .noCashOnDelivery, .ownCrewCollects, .noExchangeRate, .arrivesTooLate:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .unknownTariff: "UNKNOWN_TARIFF"
    case .duplicateZone: "DUPLICATE_ZONE"
    case .stepNotRising: "STEP_NOT_RISING"
    case .notBrought: "NOT_BROUGHT"
    case .nothingToSend: "NOTHING_TO_SEND"
    case .reasonNeeded: "REASON_NEEDED"
    case .zoneNotPriced: "ZONE_NOT_PRICED"
    case .notWeighed: "NOT_WEIGHED"
    case .notMeasured: "NOT_MEASURED"
    case .beyondTariff: "BEYOND_TARIFF"
    case .cartonsUnlisted: "CARTONS_UNLISTED"
    case .cartonTooHeavy: "CARTON_TOO_HEAVY"
    case .cartonTooLong: "CARTON_TOO_LONG"
    case .cartonTooLarge: "CARTON_TOO_LARGE"
    case .fragileNotTaken: "FRAGILE_NOT_TAKEN"
    case .noCashOnDelivery: "NO_CASH_ON_DELIVERY"
    case .ownCrewCollects: "OWN_CREW_COLLECTS"
    case .noExchangeRate: "NO_EXCHANGE_RATE"
    case .arrivesTooLate: "ARRIVES_TOO_LATE"
    }
  }

  package var message: String {
    switch self {
    case .unknownTariff(_, let carrier, let mode, let version):
      "\(carrier) has no tariff for \(mode.rawValue)"
        + (version == 0 ? "" : " of version \(version)")
    case .duplicateZone(_, let zone):
      zone.isEmpty ? "Two rows are for all other zones" : "Zone \(zone) is given twice"
    case .stepNotRising:
      "A step reaches further than the one before, and the last one alone has no end"
    case .notBrought(_, let order): "The goods of \(order) are fetched by the customer"
    case .nothingToSend(_, let order): "Nothing of \(order) is still to be sent by us"
    case .reasonNeeded(_, let carrier, let better):
      "\(better) offers are better than that of \(carrier): say why it is chosen"
    case .zoneNotPriced(let zone):
      zone.isEmpty
        ? "It has no price for an order without a zone" : "It has no price for zone \(zone)"
    case .notWeighed(let lines): "Nobody has said what line \(Self.list(lines)) weighs"
    case .notMeasured(let lines): "Nobody has said what room line \(Self.list(lines)) takes"
    case .beyondTariff(let given, let most, let unit):
      "Its tariff ends at \(most) \(unit): this is \(given) \(unit)"
    case .cartonsUnlisted(let lines):
      "It takes cartons up to a size, and nobody has said the cartons of line \(Self.list(lines))"
    case .cartonTooHeavy(let given, let most): "A carton weighs \(given) g, more than \(most) g"
    case .cartonTooLong(let given, let most): "A carton is \(given) mm long, more than \(most) mm"
    case .cartonTooLarge(let given, let most):
      "A carton takes \(given) cm³, more than \(most) cm³"
    case .fragileNotTaken(let lines): "Line \(Self.list(lines)) is fragile"
    case .noCashOnDelivery: "It collects no money at the door"
    case .ownCrewCollects: "Our own crew is to collect the money at the door"
    case .noExchangeRate(let currency, let day): "There is no rate of \(currency.code) on \(day)"
    case .arrivesTooLate(let arrives, let by):
      arrives.map { "It arrives on \($0), after \(by)" }
        ?? "Nobody knows when the goods can leave, so not whether they arrive by \(by)"
    }
  }

  package var field: String? {
    switch self {
    case .unknownTariff(let field, _, _, _), .duplicateZone(let field, _),
      .stepNotRising(let field), .notBrought(let field, _), .nothingToSend(let field, _),
      .reasonNeeded(let field, _, _):
      field
    case .zoneNotPriced, .notWeighed, .notMeasured, .beyondTariff, .cartonsUnlisted,
      .cartonTooHeavy, .cartonTooLong, .cartonTooLarge, .fragileNotTaken, .noCashOnDelivery,
      .ownCrewCollects, .noExchangeRate, .arrivesTooLate:
      nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .unknownTariff(_, let carrier, let mode, let version):
      [Fact("carrier", carrier), Fact("mode", mode.rawValue), Fact("version", version)]
    case .duplicateZone(_, let zone), .zoneNotPriced(let zone): [Fact("zone", zone)]
    case .notBrought(_, let order), .nothingToSend(_, let order): [Fact("order", order)]
    case .reasonNeeded(_, let carrier, let better):
      [Fact("carrier", carrier), Fact("better", better)]
    case .notWeighed(let lines), .notMeasured(let lines), .cartonsUnlisted(let lines),
      .fragileNotTaken(let lines):
      [Fact("lines", Self.list(lines))]
    case .beyondTariff(let given, let most, let unit):
      [Fact("given", given), Fact("most", most), Fact("unit", unit)]
    case .cartonTooHeavy(let given, let most), .cartonTooLong(let given, let most),
      .cartonTooLarge(let given, let most):
      [Fact("given", given), Fact("most", most)]
    case .noExchangeRate(let currency, let day):
      [Fact("currency", currency.code), Fact("day", day)]
    case .arrivesTooLate(let arrives, let by):
      [Fact("arrives_on", arrives?.description ?? ""), Fact("by", by)]
    case .stepNotRising, .noCashOnDelivery, .ownCrewCollects: []
    }
  }

  private static func list(_ lines: [Int]) -> String {
    lines.map(\.description).joined(separator: ", ")
  }
}
