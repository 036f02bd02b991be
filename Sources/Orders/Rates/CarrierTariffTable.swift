import MasterData
import Storage
import Values

/// All SQL of `carrier_tariff`, its zones and steps. There is no update and no delete.
enum CarrierTariffTable {
  static func insert(
    _ terms: TariffTerms, _ zones: [TariffZone], validFrom: Day, reason: String, by actor: String,
    at now: Instant, in tx: Transaction
  ) throws -> Int64 {
    let version =
      try tx.first(
        "SELECT MAX(version) FROM carrier_tariff WHERE carrier = ? AND mode = ?", terms.carrier,
        terms.mode
      ) { $0.optionalInt64(0) ?? 0 } ?? 0
    let tariff: ID<CarrierTariff> = try tx.insert(
      """
      INSERT INTO carrier_tariff (carrier, mode, version, valid_from, currency, basis,
        rounded_up_to, ccm_per_kilogram, minimum_minor, fuel_surcharge_micros, max_carton_grams,
        max_carton_length_mm, max_carton_ccm, takes_fragile, collects_cash, reason, made_by,
        made_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, terms.carrier, terms.mode, version + 1, validFrom, terms.currency, terms.basis,
      terms.roundedUpTo, terms.volumePerKilogram, terms.minimum.minor,
      terms.fuelSurcharge.micros, terms.limits.grams, terms.limits.length, terms.limits.volume,
      terms.takesFragile, terms.collectsCash, reason, actor, now)
    for zone in zones {
      try tx.execute(
        "INSERT INTO carrier_tariff_zone (tariff_id, zone_code, transit_days) VALUES (?, ?, ?)",
        tariff, zone.zone, zone.transitDays)
      for (index, step) in zone.steps.enumerated() {
        try tx.execute(
          """
          INSERT INTO carrier_tariff_step (tariff_id, zone_code, position, up_to, base_minor,
            each_micros, currency)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """, tariff, zone.zone, index + 1, step.upTo, step.base.minor, step.each.micros,
          terms.currency)
      }
    }
    return version + 1
  }

  /// Of those that begin on the same day the newest.
  static func find(
    _ carrier: String, _ mode: CarrierMode, on day: Day, in snapshot: Snapshot
  ) throws -> CarrierTariff? {
    try snapshot.first(
      """
      SELECT id, carrier, mode, currency, basis, rounded_up_to, ccm_per_kilogram, minimum_minor,
        fuel_surcharge_micros, max_carton_grams, max_carton_length_mm, max_carton_ccm,
        takes_fragile, collects_cash, version, valid_from, reason, made_by, made_at
      FROM carrier_tariff WHERE carrier = ? AND mode = ? AND valid_from <= ?
      ORDER BY valid_from DESC, version DESC LIMIT 1
      """, carrier, mode, day, map: tariff)
  }

  static func find(
    _ carrier: String, _ mode: CarrierMode, version: Int64, in snapshot: Snapshot
  ) throws -> CarrierTariff? {
    try snapshot.first(
      """
      SELECT id, carrier, mode, currency, basis, rounded_up_to, ccm_per_kilogram, minimum_minor,
        fuel_surcharge_micros, max_carton_grams, max_carton_length_mm, max_carton_ccm,
        takes_fragile, collects_cash, version, valid_from, reason, made_by, made_at
      FROM carrier_tariff WHERE carrier = ? AND mode = ? AND version = ?
      """, carrier, mode, version, map: tariff)
  }

  static func list(on day: Day, in snapshot: Snapshot) throws -> [CarrierTariff] {
    try snapshot.all(
      """
      SELECT id, carrier, mode, currency, basis, rounded_up_to, ccm_per_kilogram, minimum_minor,
        fuel_surcharge_micros, max_carton_grams, max_carton_length_mm, max_carton_ccm,
        takes_fragile, collects_cash, version, valid_from, reason, made_by, made_at
      FROM carrier_tariff AS t
      WHERE valid_from <= ? AND NOT EXISTS (
        SELECT 1 FROM carrier_tariff AS n
        WHERE n.carrier = t.carrier AND n.mode = t.mode AND n.valid_from <= ?
          AND (n.valid_from > t.valid_from
            OR (n.valid_from = t.valid_from AND n.version > t.version)))
      ORDER BY carrier, mode LIMIT 500
      """, day, day, map: tariff)
  }

  static func zones(
    of tariff: CarrierTariff, in snapshot: Snapshot
  ) throws -> [TariffZone] {
    let heads = try snapshot.all(
      """
      SELECT zone_code, transit_days FROM carrier_tariff_zone WHERE tariff_id = ?
      ORDER BY zone_code LIMIT 1000
      """, tariff.id
    ) { (zone: $0.text(0), days: $0.int(1)) }
    return try heads.map { head in
      TariffZone(
        zone: head.zone, transitDays: head.days,
        steps: try steps(of: tariff, zone: head.zone, in: snapshot))
    }
  }

  /// What decides for one zone alone.
  static func zone(
    _ code: String, of tariff: CarrierTariff, in snapshot: Snapshot
  ) throws -> TariffZone? {
    let head = try snapshot.first(
      """
      SELECT zone_code, transit_days FROM carrier_tariff_zone
      WHERE tariff_id = ? AND zone_code IN (?, '') ORDER BY length(zone_code) DESC LIMIT 1
      """, tariff.id, code
    ) { (zone: $0.text(0), days: $0.int(1)) }
    return try head.map { head in
      TariffZone(
        zone: head.zone, transitDays: head.days,
        steps: try steps(of: tariff, zone: head.zone, in: snapshot))
    }
  }

  private static func steps(
    of tariff: CarrierTariff, zone: String, in snapshot: Snapshot
  ) throws -> [TariffStep] {
    try snapshot.all(
      """
      SELECT up_to, base_minor, currency, each_micros FROM carrier_tariff_step
      WHERE tariff_id = ? AND zone_code = ? ORDER BY position LIMIT 50
      """, tariff.id, zone
    ) { row in
      TariffStep(
        upTo: row.optionalInt64(0), base: row.money(1, 2), each: row.unitPrice(3, 2))
    }
  }

  private static func tariff(_ row: Row) throws -> CarrierTariff {
    CarrierTariff(
      id: row.id(0),
      terms: TariffTerms(
        carrier: row.text(1), mode: try row.value(2), currency: row.currency(3),
        basis: try row.value(4), roundedUpTo: row.int64(5),
        volumePerKilogram: row.optionalInt64(6), minimum: row.money(7, 3),
        fuelSurcharge: row.rate(8),
        limits: CartonLimits(
          grams: row.optionalInt64(9), length: row.optionalInt64(10),
          volume: row.optionalInt64(11)),
        takesFragile: row.bool(12), collectsCash: row.bool(13)),
      version: row.int64(14), validFrom: row.day(15), reason: row.text(16),
      madeBy: row.text(17), madeAt: row.instant(18))
  }
}

extension CarrierMode: Bindable {}
extension TariffBasis: Bindable {}
