import Storage
import Values

/// What must hold of what is said about products.
enum ProductInvariants {
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try strayUnits(in: snapshot) + strayBarcodes(in: snapshot) + wrongBarcodes(in: snapshot)
      + wrongMeasures(in: snapshot) + strayVariants(in: snapshot)
  }

  private static func wrongMeasures(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT p.sku FROM product AS p
      LEFT JOIN (
        SELECT product_id, SUM(weight_grams) AS weight_grams,
          (SUM(length_mm * width_mm * height_mm) + 999) / 1000 AS volume_cm3
        FROM product_carton GROUP BY product_id
      ) AS c ON c.product_id = p.id
      WHERE p.has_cartons <> CASE WHEN c.product_id IS NULL THEN 0 ELSE 1 END
        OR (p.has_cartons = 1
          AND (COALESCE(p.weight_grams, -1) <> c.weight_grams
            OR COALESCE(p.volume_cm3, -1) <> c.volume_cm3))
      ORDER BY p.sku
      """
    ) { row in
      InvariantViolation(
        "masterdata.cartons-say-measures", "A product does not weigh what its cartons do",
        [Fact("sku", row.text(0))])
    }
  }

  /// Each has a value of each attribute of its family, and no other.
  private static func strayVariants(in snapshot: Snapshot) throws -> [InvariantViolation] {
    var stray: [InvariantViolation] = []
    var after: String? = nil
    while true {
      let page = try ProductFamilies.list(after: after, limit: 100, in: snapshot)
      guard let last = page.last else { return stray }
      after = last.code
      for family in page {
        for variant in try VariantTable.list(of: family, in: snapshot) {
          var check = FieldCheck(.request)
          let chosen = family.read(variant.choices, field: "choices", &check)
          guard !check.violations.isEmpty || chosen.count != family.attributes.count else {
            continue
          }
          stray.append(
            InvariantViolation(
              "masterdata.variant-fits-family", "A variant has not the attributes of its family",
              [Fact("sku", variant.sku), Fact("family", family.code)]))
        }
      }
    }
  }

  private static func strayUnits(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT p.sku, u.code FROM product_unit AS u JOIN product AS p ON p.id = u.product_id
      WHERE p.has_units = 0 OR u.code = p.unit ORDER BY p.sku, u.code
      """
    ) { row in
      InvariantViolation(
        "masterdata.unit-is-another-than-the-base-unit",
        "A unit is not found by its product, or is its base unit",
        [Fact("sku", row.text(0)), Fact("unit", row.text(1))])
    }
  }

  private static func strayBarcodes(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT b.gtin, p.sku, b.unit FROM product_barcode AS b
      JOIN product AS p ON p.id = b.product_id
      WHERE b.unit <> p.unit AND NOT EXISTS (
        SELECT 1 FROM product_unit AS u WHERE u.product_id = p.id AND u.code = b.unit)
      ORDER BY b.gtin
      """
    ) { row in
      InvariantViolation(
        "masterdata.barcode-is-of-a-unit", "A barcode stands for a unit that its product has not",
        [Fact("barcode", row.text(0)), Fact("sku", row.text(1)), Fact("unit", row.text(2))])
    }
  }

  private static func wrongBarcodes(in snapshot: Snapshot) throws -> [InvariantViolation] {
    var wrong: [InvariantViolation] = []
    try snapshot.forEach("SELECT gtin FROM product_barcode ORDER BY gtin") { row in
      guard (try? GTIN(row.text(0))) == nil else { return }
      wrong.append(
        InvariantViolation(
          "masterdata.barcode-has-check-digit", "A barcode is no number of the GS1",
          [Fact("barcode", row.text(0))]))
    }
    return wrong
  }
}
