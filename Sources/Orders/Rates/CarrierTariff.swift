import MasterData
package import Storage
package import Values

/// How goods go.
package enum CarrierMode: String, Hashable, Sendable, CaseIterable {
  case ownTruck = "OWN_TRUCK"
  case road = "ROAD"
  case parcel = "PARCEL"
  case express = "EXPRESS"
  case rail = "RAIL"
  case air = "AIR"
  case sea = "SEA"
}

/// By what a tariff counts.
package enum TariffBasis: String, Hashable, Sendable, CaseIterable {
  /// Grams; prices are for a kilogram.
  case weight = "WEIGHT"
  /// Cubic centimetres; prices are for a cubic metre.
  case volume = "VOLUME"

  /// What prices are for, of so many grams or cubic centimetres: kilograms or cubic metres.
  func priced(_ amount: Int64) throws(ArithmeticError) -> Quantity {
    let (micros, overflow) = amount.multipliedReportingOverflow(by: self == .weight ? 1_000 : 1)
    guard !overflow else { throw .overflow }
    return Quantity(micros: micros)
  }

  var unit: String { self == .weight ? "g" : "cm³" }
}

/// The price of goods up to an amount.
package struct TariffStep: Hashable, Sendable {
  /// Grams or cubic centimetres; nil for no end.
  package let upTo: Int64?
  /// For any amount in the step.
  package let base: Money
  /// And for each kilogram or cubic metre beyond the step before.
  package let each: UnitPrice

  package init(upTo: Int64?, base: Money, each: UnitPrice) {
    self.upTo = upTo
    self.base = base
    self.each = each
  }
}

/// What a tariff says for a delivery zone.
package struct TariffZone: Hashable, Sendable {
  /// Empty for wherever no other is for.
  package let zone: String
  /// Working days on the way.
  package let transitDays: Int
  package let steps: [TariffStep]

  package init(zone: String, transitDays: Int, steps: [TariffStep]) {
    self.zone = zone
    self.transitDays = transitDays
    self.steps = steps
  }
}

/// What of cartons a carrier takes; nil for any.
package struct CartonLimits: Hashable, Sendable {
  package let grams: Int64?
  /// The longest side, in millimetres.
  package let length: Int64?
  /// Cubic centimetres.
  package let volume: Int64?

  package init(grams: Int64? = nil, length: Int64? = nil, volume: Int64? = nil) {
    self.grams = grams
    self.length = length
    self.volume = volume
  }

  var areAny: Bool { grams != nil || length != nil || volume != nil }
}

/// What a carrier asks for, by all that does not depend on where the goods go.
package struct TariffTerms: Hashable, Sendable {
  package let carrier: String
  package let mode: CarrierMode
  package let currency: Currency
  package let basis: TariffBasis
  /// Amounts are rounded up to whole ones of these.
  package let roundedUpTo: Int64
  /// Count as a kilogram where that is more; nil for never.
  package let volumePerKilogram: Int64?
  package let minimum: Money
  package let fuelSurcharge: Rate
  package let limits: CartonLimits
  package let takesFragile: Bool
  package let collectsCash: Bool

  package init(
    carrier: String, mode: CarrierMode, currency: Currency, basis: TariffBasis,
    roundedUpTo: Int64 = 1, volumePerKilogram: Int64? = nil, minimum: Money,
    fuelSurcharge: Rate = .zero, limits: CartonLimits = CartonLimits(), takesFragile: Bool,
    collectsCash: Bool
  ) {
    self.carrier = carrier
    self.mode = mode
    self.currency = currency
    self.basis = basis
    self.roundedUpTo = roundedUpTo
    self.volumePerKilogram = volumePerKilogram
    self.minimum = minimum
    self.fuelSurcharge = fuelSurcharge
    self.limits = limits
    self.takesFragile = takesFragile
    self.collectsCash = collectsCash
  }
}

/// A version of a carrier's tariff for a mode. One is never changed: goods are rated by the one of
/// their day.
package struct CarrierTariff: Hashable, Sendable {
  package let id: ID<CarrierTariff>
  package let terms: TariffTerms
  package let version: Int64
  package let validFrom: Day
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant
  /// By code; empty where they were not asked for.
  package internal(set) var zones: [TariffZone] = []

  /// What it says for a zone; nil where it does not go there.
  func zone(_ code: String) -> TariffZone? {
    zones.first { $0.zone == code } ?? zones.first { $0.zone.isEmpty }
  }
}

/// Questions about tariffs.
package enum CarrierTariffs {
  /// Those of a day, by carrier and mode, without their zones.
  package static func list(on day: Day, in snapshot: Snapshot) throws -> [CarrierTariff] {
    try CarrierTariffTable.list(on: day, in: snapshot)
  }

  /// Refuses a version that there never was; 0 for that of the day.
  package static func require(
    _ carrier: String, _ mode: CarrierMode, version: Int64, on day: Day, in snapshot: Snapshot
  ) throws -> CarrierTariff {
    let found =
      version == 0
      ? try CarrierTariffTable.find(carrier, mode, on: day, in: snapshot)
      : try CarrierTariffTable.find(carrier, mode, version: version, in: snapshot)
    guard var found else {
      throw RateRejection.unknownTariff(
        field: version == 0 ? "carrier" : "version", carrier: carrier, mode: mode,
        version: version)
    }
    found.zones = try CarrierTariffTable.zones(of: found, in: snapshot)
    return found
  }
}

/// Makes a new version of a tariff.
package struct SetCarrierTariff: Sendable {
  package let terms: TariffTerms
  package let zones: [TariffZone]
  /// Nil for today.
  package let validFrom: Day?
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    _ terms: TariffTerms, zones: [TariffZone], validFrom: Day? = nil, reason: String,
    by actor: String
  ) {
    self.terms = terms
    self.zones = zones
    self.validFrom = validFrom
    self.reason = reason
    self.actor = actor
  }

  package static let zoneLimit = 1_000
  package static let stepLimit = 50

  package func run(in tx: Transaction, at now: Moment) throws -> CarrierTariff {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    // What was promised by it is not changed afterwards.
    let from = validFrom ?? now.day
    check.range(from, "tariff.valid_from", now.day...now.day.adding(days: 3_660))
    terms.check(&check)
    check.range(zones.count, "tariff.zones", 0...Self.zoneLimit)
    try check.pass()
    var seen: Set<String> = []
    for (row, zone) in zones.enumerated() {
      var found = FieldCheck(FieldPath("tariff.zones", row: row))
      zone.check(&found, in: terms.currency)
      if !seen.insert(zone.zone).inserted {
        found.refuse(
          RateRejection.duplicateZone(field: found.path.field("zone_code"), zone: zone.zone))
      }
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    let version = try CarrierTariffTable.insert(
      terms, zones, validFrom: from, reason: reason, by: actor, at: now.instant, in: tx)
    tx.record(
      DomainEvent(
        "carrier-tariff.set", DocumentReference(.masterData, "carrier-tariff"),
        [
          Fact("carrier", terms.carrier), Fact("mode", terms.mode.rawValue),
          Fact("version", version), Fact("valid_from", from), Fact("zones", zones.count),
          Fact("actor", actor), Fact("reason", reason),
        ]))
    return try CarrierTariffs.require(
      terms.carrier, terms.mode, version: version, on: from, in: tx)
  }
}

extension TariffTerms {
  fileprivate func check(_ check: inout FieldCheck) {
    check.text(carrier, "tariff.carrier", limit: 100, required: true)
    check.range(roundedUpTo, "tariff.rounded_up_to", 1...1_000_000_000)
    if let volumePerKilogram {
      check.range(volumePerKilogram, "tariff.ccm_per_kilogram", 1...1_000_000)
    }
    check.amount(minimum, "tariff.minimum", base: currency)
    check.range(
      fuelSurcharge.micros, "tariff.fuel_surcharge_micros", 0...10 * Rate.one.micros)
    if let grams = limits.grams {
      check.range(grams, "tariff.max_carton_grams", 1...100_000_000)
    }
    if let length = limits.length {
      check.range(length, "tariff.max_carton_length_mm", 1...100_000)
    }
    if let volume = limits.volume {
      check.range(volume, "tariff.max_carton_ccm", 1...1_000_000_000)
    }
  }
}

extension TariffZone {
  fileprivate func check(_ check: inout FieldCheck, in currency: Currency) {
    if !zone.isEmpty { check.code(zone, "zone_code") }
    check.range(transitDays, "transit_working_days", 0...200)
    check.range(steps.count, "steps", 1...SetCarrierTariff.stepLimit)
    var before: Int64 = 0
    for (row, step) in steps.prefix(SetCarrierTariff.stepLimit).enumerated() {
      let name = "steps[\(row)]"
      check.amount(step.base, name + ".base", base: currency)
      check.unitPrice(step.each, name + ".each", base: currency)
      guard let upTo = step.upTo else {
        if row + 1 < steps.count {
          check.refuse(RateRejection.stepNotRising(field: check.path.field(name + ".up_to")))
        }
        continue
      }
      check.range(upTo, name + ".up_to", 1...1_000_000_000_000)
      if upTo <= before {
        check.refuse(RateRejection.stepNotRising(field: check.path.field(name + ".up_to")))
      }
      before = upTo
    }
  }
}
