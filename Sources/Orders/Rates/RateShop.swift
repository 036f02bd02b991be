import MasterData
package import Storage
package import Values

/// What a carrier would bring goods for.
package struct CarrierOffer: Hashable, Sendable {
  package let carrier: String
  package let mode: CarrierMode
  let tariff: ID<CarrierTariff>
  package let tariffVersion: Int64
  /// In the currency of the order.
  package let cost: Money
  /// Nil where nobody knows the day on which the goods leave.
  package let arrivesOn: Day?
  /// That is after the day on which the customer wants them.
  package let isLate: Bool
  package let explanation: Explanation
}

/// What is better of two offers.
package enum OfferRanking: Hashable, Sendable {
  case cost, arrival

  /// By carrier and mode where cost and day are the same: the order is always one.
  func isBetter(_ left: CarrierOffer, than right: CarrierOffer) -> Bool {
    let never = Int32.max
    let (leftDay, rightDay) = (
      left.arrivesOn?.daysSinceEpoch ?? never, right.arrivesOn?.daysSinceEpoch ?? never
    )
    if self == .arrival, leftDay != rightDay { return leftDay < rightDay }
    if left.cost.minor != right.cost.minor { return left.cost.minor < right.cost.minor }
    if leftDay != rightDay { return leftDay < rightDay }
    return (left.carrier, left.mode.rawValue) < (right.carrier, right.mode.rawValue)
  }
}

/// What each carrier says to goods. A question.
package struct RateShop: Sendable {
  package struct Refusal: Sendable {
    package let carrier: String
    package let mode: CarrierMode
    /// All of them.
    package let reasons: [any Rejection]
  }

  package let consignment: Consignment
  /// The best first.
  package let offers: [CarrierOffer]
  /// By carrier and mode.
  package let refusals: [Refusal]

  package init(
    _ consignment: Consignment, by ranking: OfferRanking, arriveBy: Day? = nil, on today: Day,
    in snapshot: Snapshot
  ) throws {
    let desk = try RateDesk(consignment, arriveBy: arriveBy, on: today, in: snapshot)
    var (offers, refusals): ([CarrierOffer], [Refusal]) = ([], [])
    for tariff in try CarrierTariffs.list(on: today, in: snapshot) {
      switch try desk.ask(tariff, in: snapshot) {
      case .success(let offer): offers.append(offer)
      case .failure(let why):
        refusals.append(
          Refusal(carrier: tariff.terms.carrier, mode: tariff.terms.mode, reasons: why.reasons))
      }
    }
    self.consignment = consignment
    self.offers = offers.sorted { ranking.isBetter($0, than: $1) }
    self.refusals = refusals
  }
}

/// Puts the same question to each carrier.
private struct RateDesk {
  struct Refused: Error {
    let reasons: [any Rejection]
  }

  let consignment: Consignment
  let arriveBy: Day?
  let today: Day
  let hours: BusinessHours
  let base: Currency
  /// Who serves the zone; nil where everybody does.
  let serving: [String]?

  init(
    _ consignment: Consignment, arriveBy: Day?, on today: Day, in snapshot: Snapshot
  ) throws {
    self.consignment = consignment
    self.arriveBy = arriveBy
    self.today = today
    hours = try BusinessHours.current(in: snapshot)
    base = consignment.order.baseCurrency
    // As a shipment is asked when it leaves.
    let version =
      consignment.zone.isEmpty ? nil : try Coverages.version(on: today, in: snapshot)
    serving = try version.map {
      try Coverages.carriers(of: consignment.zone, version: $0, in: snapshot)
    }
  }

  func ask(
    _ tariff: CarrierTariff, in snapshot: Snapshot
  ) throws -> Result<CarrierOffer, Refused> {
    let terms = tariff.terms
    var reasons = obstacles(terms)
    let zone = try CarrierTariffTable.zone(consignment.zone, of: tariff, in: snapshot)
    if zone == nil { reasons.append(RateRejection.zoneNotPriced(zone: consignment.zone)) }
    var explanation = Explanation()
    var cost: Money?
    if let zone, isMeasured(for: terms) {
      switch try freight(terms, zone, &explanation) {
      case .success(let amount): cost = try inOrder(amount, &explanation, &reasons, in: snapshot)
      case .failure(let why): reasons += why.reasons
      }
    }
    let arrives = zone.flatMap { arrival($0, &explanation) }
    if let arriveBy, zone != nil, arrives.map({ $0 > arriveBy }) ?? true {
      reasons.append(RateRejection.arrivesTooLate(arrives: arrives, by: arriveBy))
    }
    guard reasons.isEmpty, let cost else { return .failure(Refused(reasons: reasons)) }
    let wanted = consignment.order.requestedOn
    return .success(
      CarrierOffer(
        carrier: terms.carrier, mode: terms.mode, tariff: tariff.id,
        tariffVersion: tariff.version, cost: cost, arrivesOn: arrives,
        isLate: wanted.map { day in arrives.map { $0 > day } ?? false } ?? false,
        explanation: explanation))
  }

  /// All that does not depend on prices.
  private func obstacles(_ terms: TariffTerms) -> [any Rejection] {
    var found: [any Rejection] = []
    if let serving, !serving.contains(terms.carrier) {
      found.append(
        CoverageRejection.carrierNotServing(
          field: "carrier", carrier: terms.carrier, zone: consignment.zone, others: serving))
    }
    func refuse(_ why: RateRejection, if isSo: Bool) { if isSo { found.append(why) } }
    let (limits, goods) = (terms.limits, consignment)
    let countsWeight = terms.basis == .weight
    let countsRoom = !countsWeight || terms.volumePerKilogram != nil
    refuse(.notWeighed(lines: goods.unweighed), if: countsWeight && !goods.unweighed.isEmpty)
    refuse(.notMeasured(lines: goods.unmeasured), if: countsRoom && !goods.unmeasured.isEmpty)
    refuse(.cartonsUnlisted(lines: goods.unlisted), if: limits.areAny && !goods.unlisted.isEmpty)
    if let most = limits.grams {
      refuse(.cartonTooHeavy(given: goods.heaviest, most: most), if: goods.heaviest > most)
    }
    if let most = limits.length {
      refuse(.cartonTooLong(given: goods.longest, most: most), if: goods.longest > most)
    }
    if let most = limits.volume {
      refuse(.cartonTooLarge(given: goods.largest, most: most), if: goods.largest > most)
    }
    refuse(
      .fragileNotTaken(lines: goods.fragile), if: !terms.takesFragile && !goods.fragile.isEmpty)
    refuse(.noCashOnDelivery, if: goods.collector == .carrier && !terms.collectsCash)
    refuse(.ownCrewCollects, if: goods.collector == .ownCrew && terms.mode != .ownTruck)
    return found
  }

  private func isMeasured(for terms: TariffTerms) -> Bool {
    switch terms.basis {
    case .volume: consignment.unmeasured.isEmpty
    case .weight:
      consignment.unweighed.isEmpty
        && (terms.volumePerKilogram == nil || consignment.unmeasured.isEmpty)
    }
  }

  /// Grams or cubic centimetres that are paid for.
  private func amount(_ terms: TariffTerms) throws(ArithmeticError) -> Int64 {
    var amount: Int128
    switch terms.basis {
    case .volume: amount = Int128(consignment.volume)
    case .weight:
      amount = Int128(consignment.weightGrams)
      if let room = terms.volumePerKilogram.map({ Int128($0) }) {
        amount = max(amount, (Int128(consignment.volume) * 1_000 + room - 1) / room)
      }
    }
    let whole = Int128(terms.roundedUpTo)
    guard let rounded = Int64(exactly: (amount + whole - 1) / whole * whole) else {
      throw .overflow
    }
    return rounded
  }

  /// In the currency of the tariff.
  private func freight(
    _ terms: TariffTerms, _ zone: TariffZone, _ explanation: inout Explanation
  ) throws(ArithmeticError) -> Result<Money, Refused> {
    let paid = try amount(terms)
    guard let index = zone.steps.firstIndex(where: { paid <= $0.upTo ?? .max }) else {
      return .failure(
        Refused(reasons: [
          RateRejection.beyondTariff(
            given: paid, most: zone.steps.last?.upTo ?? 0, unit: terms.basis.unit)
        ]))
    }
    let (step, before) = (zone.steps[index], index > 0 ? zone.steps[index - 1].upTo ?? 0 : 0)
    let beyond = try terms.basis.priced(paid - before)
    var cost = try step.base + step.each.amount(for: beyond)
    explanation.add(
      "FREIGHT",
      "\(paid) \(terms.basis.unit)"
        + (zone.zone.isEmpty ? "" : " to zone \(zone.zone)") + ": \(cost)",
      [
        Fact("counted", paid), Fact("unit", terms.basis.unit),
        Fact("weight_grams", consignment.weightGrams), Fact("volume_ccm", consignment.volume),
        Fact("step", index + 1), Fact("base", step.base), Fact("each", step.each),
      ])
    if cost.minor < terms.minimum.minor {
      cost = terms.minimum
      explanation.add("MINIMUM", "At least \(cost)", [Fact("minimum", cost)])
    }
    if terms.fuelSurcharge.micros > 0 {
      let surcharge = try cost.share(terms.fuelSurcharge)
      cost = try cost + surcharge
      explanation.add(
        "FUEL_SURCHARGE", "And \(terms.fuelSurcharge) for fuel: \(surcharge)",
        [Fact("rate", terms.fuelSurcharge), Fact("amount", surcharge)])
    }
    return .success(cost)
  }

  /// In the currency of the order: by the rate of the day, and by that of the order.
  private func inOrder(
    _ cost: Money, _ explanation: inout Explanation, _ reasons: inout [any Rejection],
    in snapshot: Snapshot
  ) throws -> Money? {
    let order = consignment.order
    guard cost.currency != order.currency else { return cost }
    var based = cost
    if cost.currency != base {
      guard let rate = try ExchangeRates.find(cost.currency, on: today, in: snapshot) else {
        reasons.append(RateRejection.noExchangeRate(currency: cost.currency, day: today))
        return nil
      }
      based = try rate.base(of: cost)
    }
    let converted = try order.rate?.converted(based) ?? based
    explanation.add(
      "EXCHANGE_RATE", "\(cost) are \(converted)", [Fact("from", cost), Fact("to", converted)])
    return converted
  }

  private func arrival(_ zone: TariffZone, _ explanation: inout Explanation) -> Day? {
    guard let leaves = consignment.leavesOn else {
      explanation.add("TRANSIT", "Nobody knows the day on which the goods can leave")
      return nil
    }
    let arrives = hours.day(afterWorked: zone.transitDays, from: leaves)
    explanation.add(
      "TRANSIT", "It leaves on \(leaves) and is there after \(zone.transitDays) working days",
      [
        Fact("leaves_on", leaves), Fact("working_days", zone.transitDays),
        Fact("arrives_on", arrives),
      ])
    return arrives
  }
}
