package import Storage
package import Values

/// Regions or postcodes that are a delivery zone. Of the rows that a postcode begins with, the
/// longest decides; where there is none, of those that the region begins with.
package struct DeliveryZone: Hashable, Sendable, CustomStringConvertible {
  /// The country, and how the code of the region begins; an empty one for the rest of the country.
  package let region: Region
  /// How the postcode begins, spelled in one way; empty for a row of regions.
  package let postcode: String
  package let code: String

  package init(region: Region, postcode: String = "", code: String) {
    self.region = region
    self.postcode = postcode
    self.code = code
  }

  /// Whom the row is for.
  package var description: String {
    postcode.isEmpty ? "\(region)" : "\(region.country) postcode \(postcode)"
  }

  /// A postcode without what people put between its signs: "sw1a 1aa" is "SW1A1AA".
  package static func spelled(_ postcode: String) -> String {
    String(postcode.uppercased().filter { $0 != " " && $0 != "-" })
  }
}

/// Questions about delivery zones.
package enum DeliveryZones {
  /// By country and prefix; never more than `ReplaceDeliveryZones.limit`.
  package static func list(in snapshot: Snapshot) throws -> [DeliveryZone] {
    try DeliveryZoneTable.list(in: snapshot)
  }

  /// The row that decides about a place, whose postcode may be empty. Nil where none has it:
  /// `areKept` says whether there are any at all.
  package static func zone(
    of region: Region, postcode: String, in snapshot: Snapshot
  ) throws -> DeliveryZone? {
    let postcode = DeliveryZone.spelled(postcode)
    if !postcode.isEmpty,
      let found = try DeliveryZoneTable.find(postcode: postcode, of: region.country, in: snapshot)
    {
      return found
    }
    return try DeliveryZoneTable.find(region, in: snapshot)
  }

  /// Zones of the regions that lie nearest by their codes, of the same country: those of the same
  /// city before those of the province. For whoever learns that a place is in none.
  package static func near(
    _ region: Region, limit: Int = 5, in snapshot: Snapshot
  ) throws -> [String] {
    let code = Array(region.code.utf8)
    func likeness(_ zone: DeliveryZone) -> Int {
      zip(code, zone.region.code.utf8).prefix { $0 == $1 }.count
    }
    // Two digits are the province: less than that is not near.
    let found = try list(in: snapshot).filter {
      $0.region.country == region.country && likeness($0) >= min(2, max(1, code.count))
    }.sorted { likeness($0) == likeness($1) ? $0.code < $1.code : likeness($0) > likeness($1) }
    return Array(found.map(\.code).eachOnce.prefix(limit))
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

  private struct Prefix: Hashable {
    let region: Region
    let postcode: String
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    var check = FieldCheck(.request)
    check.range(zones.count, "zones", 0...Self.limit)
    try check.pass()
    var firstRows: [Prefix: Int] = [:]
    for (index, zone) in zones.enumerated() {
      var found = FieldCheck(FieldPath("zones", row: index))
      zone.check(&found)
      let prefix = Prefix(region: zone.region, postcode: zone.postcode)
      if let first = firstRows[prefix] {
        let isPostcode = !zone.postcode.isEmpty
        found.refuse(
          CustomerRejection.duplicateZone(
            field: found.path.field(isPostcode ? "postcode_prefix" : "region_prefix"),
            country: zone.region.country,
            prefix: isPostcode ? zone.postcode : zone.region.code, firstRow: first))
      }
      firstRows[prefix] = index
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
    guard !postcode.isEmpty else { return }
    let isPrefix =
      postcode.utf8.count <= 10
      && postcode.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    if !isPrefix || !region.code.isEmpty {
      check.refuse(CustomerRejection.invalidPostcode(field: check.path.field("postcode_prefix")))
    }
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
      SELECT country_code, region_prefix, postcode_prefix, zone_code FROM delivery_zone
      ORDER BY country_code, postcode_prefix, region_prefix LIMIT 5000
      """, map: zone)
  }

  /// Each way in which the region may begin is looked up by itself: there are seven.
  static func find(_ region: Region, in snapshot: Snapshot) throws -> DeliveryZone? {
    let code = region.code
    return try snapshot.first(
      """
      SELECT country_code, region_prefix, postcode_prefix, zone_code FROM delivery_zone
      WHERE country_code = ? AND postcode_prefix = '' AND region_prefix IN (
        ?, substr(?, 1, 5), substr(?, 1, 4), substr(?, 1, 3), substr(?, 1, 2), substr(?, 1, 1), '')
      ORDER BY length(region_prefix) DESC LIMIT 1
      """, region.country, code, code, code, code, code, code, map: zone)
  }

  /// The same for a postcode, which has at most ten ways that count.
  static func find(
    postcode: String, of country: String, in snapshot: Snapshot
  ) throws -> DeliveryZone? {
    let prefixes = (1...10).map { String(postcode.prefix($0)) }
    return try snapshot.first(
      """
      SELECT country_code, region_prefix, postcode_prefix, zone_code FROM delivery_zone
      WHERE country_code = ? AND region_prefix = ''
        AND postcode_prefix IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ORDER BY length(postcode_prefix) DESC LIMIT 1
      """, country, prefixes[0], prefixes[1], prefixes[2], prefixes[3], prefixes[4], prefixes[5],
      prefixes[6], prefixes[7], prefixes[8], prefixes[9], map: zone)
  }

  static func isKept(in snapshot: Snapshot) throws -> Bool {
    try snapshot.first("SELECT 1 FROM delivery_zone LIMIT 1", map: { _ in true }) ?? false
  }

  static func replace(with zones: [DeliveryZone], in tx: Transaction) throws {
    try tx.execute("DELETE FROM delivery_zone")
    for zone in zones {
      try tx.execute(
        """
        INSERT INTO delivery_zone (country_code, region_prefix, postcode_prefix, zone_code)
        VALUES (?, ?, ?, ?)
        """, zone.region.country, zone.region.code, zone.postcode, zone.code)
    }
  }

  private static func zone(_ row: Row) -> DeliveryZone {
    DeliveryZone(
      region: Region(country: row.text(0), code: row.text(1)), postcode: row.text(2),
      code: row.text(3))
  }
}
