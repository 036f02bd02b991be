package import Storage
package import Values

/// Regions that are a delivery zone: of the rows that a region begins with, the longest decides.
package struct DeliveryZone: Hashable, Sendable {
  /// The country, and how the code of the region begins; an empty one for the rest of the country.
  package let region: Region
  package let code: String

  package init(region: Region, code: String) {
    self.region = region
    self.code = code
  }
}

/// Questions about delivery zones.
package enum DeliveryZones {
  /// By country and prefix; never more than `ReplaceDeliveryZones.limit`.
  package static func list(in snapshot: Snapshot) throws -> [DeliveryZone] {
    try DeliveryZoneTable.list(in: snapshot)
  }

  /// The row that decides about a region. Nil where none has it: `areKept` says whether there are
  /// any at all.
  package static func zone(
    of region: Region, in snapshot: Snapshot
  ) throws -> DeliveryZone? {
    try DeliveryZoneTable.find(region, in: snapshot)
  }

  package static func areKept(in snapshot: Snapshot) throws -> Bool {
    try DeliveryZoneTable.isKept(in: snapshot)
  }
}

/// Replaces all rows. Orders keep the zone that they were submitted with.
package struct ReplaceDeliveryZones: Sendable {
  package let zones: [DeliveryZone]

  package init(_ zones: [DeliveryZone]) { self.zones = zones }

  static let limit = 5_000

  package func run(in tx: Transaction, at now: Moment) throws {
    var check = FieldCheck(.request)
    check.range(zones.count, "zones", 0...Self.limit)
    try check.pass()
    var firstRows: [Region: Int] = [:]
    for (index, zone) in zones.enumerated() {
      var found = FieldCheck(FieldPath("zones", row: index))
      zone.check(&found)
      if let first = firstRows[zone.region] {
        found.refuse(
          CustomerRejection.duplicateZone(
            field: found.path.field("region_prefix"), country: zone.region.country,
            prefix: zone.region.code, firstRow: first))
      }
      firstRows[zone.region] = index
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    try DeliveryZoneTable.replace(with: zones, in: tx)
    tx.record(
      DomainEvent(
        "delivery-zones.replaced", DocumentReference(.masterData, "delivery-zones"),
        [Fact("zones", zones.count)]))
  }
}

extension DeliveryZone {
  fileprivate func check(_ check: inout FieldCheck) {
    check.code(code, "zone_code")
    region.checkPrefix(&check)
  }
}

extension Region {
  /// As what regions begin with: `country_code` and `region_prefix`.
  package func checkPrefix(_ check: inout FieldCheck) {
    guard hasCountry else {
      return check.refuse(
        CustomerRejection.invalidCountry(field: check.path.field("country_code")))
    }
    if !hasFormOfPrefix {
      check.refuse(
        CustomerRejection.invalidRegion(
          field: check.path.field("region_prefix"), country: country))
    }
  }
}

/// All SQL of `delivery_zone`.
enum DeliveryZoneTable {
  static func list(in snapshot: Snapshot) throws -> [DeliveryZone] {
    try snapshot.all(
      """
      SELECT country_code, region_prefix, zone_code FROM delivery_zone
      ORDER BY country_code, region_prefix LIMIT 5000
      """, map: zone)
  }

  /// Each way in which the region may begin is looked up by itself: there are seven.
  static func find(_ region: Region, in snapshot: Snapshot) throws -> DeliveryZone? {
    let code = region.code
    return try snapshot.first(
      """
      SELECT country_code, region_prefix, zone_code FROM delivery_zone
      WHERE country_code = ? AND region_prefix IN (
        ?, substr(?, 1, 5), substr(?, 1, 4), substr(?, 1, 3), substr(?, 1, 2), substr(?, 1, 1), '')
      ORDER BY length(region_prefix) DESC LIMIT 1
      """, region.country, code, code, code, code, code, code, map: zone)
  }

  static func isKept(in snapshot: Snapshot) throws -> Bool {
    try snapshot.first("SELECT 1 FROM delivery_zone LIMIT 1", map: { _ in true }) ?? false
  }

  static func replace(with zones: [DeliveryZone], in tx: Transaction) throws {
    try tx.execute("DELETE FROM delivery_zone")
    for zone in zones {
      try tx.execute(
        "INSERT INTO delivery_zone (country_code, region_prefix, zone_code) VALUES (?, ?, ?)",
        zone.region.country, zone.region.code, zone.code)
    }
  }

  private static func zone(_ row: Row) -> DeliveryZone {
    DeliveryZone(region: Region(country: row.text(0), code: row.text(1)), code: row.text(2))
  }
}
