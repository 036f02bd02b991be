package import MasterData
package import Storage
package import Values

/// A carrier that serves a delivery zone.
package struct CoverageRow: Hashable, Sendable {
  package let zone: String
  /// As shipments name it.
  package let carrier: String

  package init(zone: String, carrier: String) {
    self.zone = zone
    self.carrier = carrier
  }
}

/// Which carriers serve which zones. Versions: one is never changed, and an order is taken by the
/// one of its day.
package struct Coverage: Hashable, Sendable {
  package let version: Int64
  package let validFrom: Day
  /// By zone, then by choice.
  package let rows: [CoverageRow]
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant
}

/// Questions about who reaches whom.
package enum Coverages {
  /// Of those that begin on the same day the newest; nil as long as nobody has said anything.
  package static func version(on day: Day, in snapshot: Snapshot) throws -> Int64? {
    try CoverageTable.version(on: day, in: snapshot)
  }

  /// Refuses a version that there never was; 0 for that of the day.
  package static func require(
    version: Int64, on day: Day, in snapshot: Snapshot
  ) throws -> Coverage {
    let wanted = version == 0 ? try Self.version(on: day, in: snapshot) ?? 0 : version
    guard let found = try CoverageTable.find(wanted, in: snapshot) else {
      throw CoverageRejection.unknownVersion(field: "version", version: wanted)
    }
    return found
  }

  /// Who serves a zone, the first choice first.
  package static func carriers(
    of zone: String, version: Int64, in snapshot: Snapshot
  ) throws -> [String] {
    try CoverageTable.carriers(of: zone, version: version, in: snapshot)
  }

  /// Where goods can be fetched that nobody brings, an order's own warehouse first.
  package static func pickUps(
    first own: String = "", in snapshot: Snapshot
  ) throws -> [String] {
    let codes = try Warehouses.list(limit: 20, in: snapshot).map(\.code)
    return (codes.contains(own) ? [own] : []) + codes.filter { $0 != own }
  }

  /// Zones near a place that is in none, each with whoever serves it on a day: "CITY by SF, DB".
  static func near(_ region: Region, on day: Day, in snapshot: Snapshot) throws -> [String] {
    let version = try version(on: day, in: snapshot)
    return try DeliveryZones.near(region, in: snapshot).compactMap { zone in
      guard let version else { return zone }
      let carriers = try carriers(of: zone, version: version, in: snapshot)
      return carriers.isEmpty ? nil : "\(zone) by \(carriers.joined(separator: ", "))"
    }
  }

  /// Who brings goods to a place.
  package struct Answer: Sendable {
    package let isServed: Bool
    /// Nil where the region is in none.
    package let zone: String?
    package let carriers: [String]
    package let pickUps: [String]
    /// 0 while nobody has said anything.
    package let version: Int64
  }

  /// `zone` decides where it is given, and postcode and region elsewhere, of which one may be
  /// empty. `carrier` may be empty: anybody.
  package static func check(
    zone: String, region: Region, postcode: String, carrier: String, on day: Day,
    in snapshot: Snapshot
  ) throws -> Answer {
    var check = FieldCheck(.request)
    if !zone.isEmpty { check.code(zone, "zone_code") }
    check.text(carrier, "carrier", limit: 100)
    check.text(postcode, "postcode", limit: 20)
    if zone.isEmpty, !region.isUnderstood, postcode.isEmpty || !region.code.isEmpty {
      check.refuse(
        CustomerRejection.invalidRegion(field: "region_code", country: region.country))
    }
    try check.pass()
    let found =
      zone.isEmpty
      ? try DeliveryZones.zone(of: region, postcode: postcode, in: snapshot)?.code : zone
    guard let version = try version(on: day, in: snapshot) else {
      let isServed = try found != nil || !DeliveryZones.areKept(in: snapshot)
      return Answer(
        isServed: isServed, zone: found, carriers: [],
        pickUps: isServed ? [] : try pickUps(in: snapshot), version: 0)
    }
    let carriers = try found.map { try self.carriers(of: $0, version: version, in: snapshot) } ?? []
    let isServed = carrier.isEmpty ? !carriers.isEmpty : carriers.contains(carrier)
    return Answer(
      isServed: isServed, zone: found, carriers: carriers,
      pickUps: isServed ? [] : try pickUps(in: snapshot), version: version)
  }
}

extension OrderDraft {
  /// Refuses goods that nobody brings to where they are to go.
  func checkCoverage(on day: Day, _ check: inout FieldCheck, in snapshot: Snapshot) throws {
    guard let delivery else { return }
    try checkCoverage(
      of: delivery,
      field: delivery.addressID == nil ? "order.delivery.zone_code" : "order.delivery.address_id",
      on: day, &check, in: snapshot)
  }

  /// Refuses a place to which nobody brings anything.
  func checkCoverage(
    of place: Delivery, field: String, on day: Day, _ check: inout FieldCheck,
    in snapshot: Snapshot
  ) throws {
    guard !place.zone.isEmpty, let version = try Coverages.version(on: day, in: snapshot),
      try Coverages.carriers(of: place.zone, version: version, in: snapshot).isEmpty
    else { return }
    check.refuse(
      CoverageRejection.zoneNotServed(
        field: field, zone: place.zone, day: day,
        pickUps: try Coverages.pickUps(first: warehouseCode, in: snapshot)))
  }
}

extension Delivery {
  /// Refuses a carrier that does not go there.
  func checkCarrier(_ carrier: String, on day: Day, in snapshot: Snapshot) throws {
    guard !zone.isEmpty, let version = try Coverages.version(on: day, in: snapshot) else { return }
    let carriers = try Coverages.carriers(of: zone, version: version, in: snapshot)
    guard !carriers.contains(carrier) else { return }
    throw CoverageRejection.carrierNotServing(
      field: "carrier", carrier: carrier, zone: zone, others: carriers)
  }
}

/// Makes a new version of the table.
package struct SetCoverage: Sendable {
  /// Nil for today.
  package let validFrom: Day?
  package let rows: [CoverageRow]
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(validFrom: Day? = nil, rows: [CoverageRow], reason: String, by actor: String) {
    self.validFrom = validFrom
    self.rows = rows
    self.reason = reason
    self.actor = actor
  }

  static let limit = 5_000

  package func run(in tx: Transaction, at now: Moment) throws -> Coverage {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    check.range(rows.count, "rows", 0...Self.limit)
    // What was agreed with a customer is not changed afterwards.
    let from = validFrom ?? now.day
    check.range(from, "valid_from", now.day...now.day.adding(days: 3_660))
    try check.pass()
    var seen: Set<CoverageRow> = []
    for (index, row) in rows.enumerated() {
      var found = FieldCheck(FieldPath("rows", row: index))
      found.code(row.zone, "zone_code")
      found.text(row.carrier, "carrier", limit: 100, required: true)
      if !seen.insert(row).inserted {
        found.refuse(
          CoverageRejection.duplicateRow(
            field: found.path.field("carrier"), zone: row.zone, carrier: row.carrier))
      }
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    let version = try CoverageTable.insert(
      validFrom: from, rows, reason: reason, by: actor, at: now, in: tx)
    tx.record(
      DomainEvent(
        "carrier-coverage.set", DocumentReference(.masterData, "carrier-coverage"),
        [
          Fact("version", version), Fact("valid_from", from), Fact("rows", rows.count),
          Fact("actor", actor), Fact("reason", reason),
        ]))
    return try Coverages.require(version: version, on: from, in: tx)
  }
}
