import Storage
import Values

/// All SQL of `product`.
enum ProductTable {
  private static let known = LookupCache<String, Product>(limit: 10_000)

  static func find(_ sku: String, in snapshot: Snapshot) throws -> Product? {
    try find([sku], in: snapshot)[0]
  }

  /// For each of the skus; one statement at most.
  static func find(_ skus: [String], in snapshot: Snapshot) throws -> [Product?] {
    try snapshot.lookUp(all: skus, in: known) { skus in
      var found: [String: Product] = [:]
      try snapshot.forEach(
        """
        SELECT p.id, p.sku, p.name, p.name_english, p.kind, p.unit, p.tax_class, p.version,
          p.weight_grams, p.volume_cm3, p.description, p.description_english, p.length_mm,
          p.width_mm, p.height_mm, p.has_units, p.has_cartons, p.announced_on, p.orderable_from,
          p.orderable_until, p.discontinued_on, p.served_until, p.successor_sku, p.product_class,
          p.hs_code, p.origin_country_code, p.net_weight_grams
        FROM json_each(?) AS wanted CROSS JOIN product AS p ON p.sku = wanted.value
        """, ValueList(skus)
      ) { row in
        let product = try product(row, in: snapshot)
        found[product.sku] = product
      }
      return found
    }
  }

  static func fetch(_ id: ID<Product>, in snapshot: Snapshot) throws -> Product? {
    try snapshot.first(
      """
      SELECT id, sku, name, name_english, kind, unit, tax_class, version, weight_grams, volume_cm3,
        description, description_english, length_mm, width_mm, height_mm, has_units, has_cartons,
        announced_on, orderable_from, orderable_until, discontinued_on, served_until, successor_sku,
        product_class, hs_code, origin_country_code, net_weight_grams
      FROM product WHERE id = ?
      """, id
    ) { try product($0, in: snapshot) }
  }

  static func list(after sku: String, limit: Int, in snapshot: Snapshot) throws -> [Product] {
    try snapshot.all(
      """
      SELECT id, sku, name, name_english, kind, unit, tax_class, version, weight_grams, volume_cm3,
        description, description_english, length_mm, width_mm, height_mm, has_units, has_cartons,
        announced_on, orderable_from, orderable_until, discontinued_on, served_until, successor_sku,
        product_class, hs_code, origin_country_code, net_weight_grams
      FROM product WHERE sku > ? ORDER BY sku LIMIT ?
      """, sku, limit
    ) { try product($0, in: snapshot) }
  }

  static func search(
    prefix: String, after sku: String, limit: Int, in snapshot: Snapshot
  ) throws -> [Product] {
    let (first, last) = SearchTermTable.range(of: prefix)
    return try snapshot.all(
      """
      SELECT p.id, p.sku, p.name, p.name_english, p.kind, p.unit, p.tax_class, p.version,
        p.weight_grams, p.volume_cm3, p.description, p.description_english, p.length_mm,
        p.width_mm, p.height_mm, p.has_units, p.has_cartons, p.announced_on, p.orderable_from,
        p.orderable_until, p.discontinued_on, p.served_until, p.successor_sku, p.product_class,
        p.hs_code, p.origin_country_code, p.net_weight_grams
      FROM (
        SELECT DISTINCT code FROM search_term
        WHERE subject = 'PRODUCT' AND term >= ? AND term < ? AND code > ?
        ORDER BY code LIMIT ?
      ) AS found
      JOIN product AS p ON p.sku = found.code
      ORDER BY p.sku
      """, first, last, sku, limit
    ) { try product($0, in: snapshot) }
  }

  static func insert(_ product: Product, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO product (sku, name, name_english, kind, unit, tax_class, weight_grams, volume_cm3,
        description, description_english, length_mm, width_mm, height_mm, product_class, hs_code,
        origin_country_code, net_weight_grams, version)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
      """, product.sku, product.name, product.nameEnglish, product.kind, product.unit,
      product.taxClass, product.weightGrams, product.volumeCubicCentimetres, product.description,
      product.descriptionEnglish, product.size.length, product.size.width, product.size.height,
      product.productClass, product.customs.hsCode, product.customs.origin,
      product.customs.netWeightGrams)
    try SearchTermTable.insert(.product, code: product.sku, terms: terms(product), in: tx)
  }

  /// Writes what may change and counts the version up.
  static func update(_ product: Product, from stored: Product, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE product SET name = ?, name_english = ?, tax_class = ?, weight_grams = ?,
        volume_cm3 = ?, description = ?, description_english = ?, length_mm = ?, width_mm = ?,
        height_mm = ?, product_class = ?, hs_code = ?, origin_country_code = ?,
        net_weight_grams = ?, version = version + 1
      WHERE id = ?
      """, product.name, product.nameEnglish, product.taxClass, product.weightGrams,
      product.volumeCubicCentimetres, product.description, product.descriptionEnglish,
      product.size.length, product.size.width, product.size.height,
      product.productClass, product.customs.hsCode, product.customs.origin,
      product.customs.netWeightGrams, product.id)
    if terms(product) != terms(stored) {
      try SearchTermTable.replace(.product, code: product.sku, terms: terms(product), in: tx)
    }
  }

  /// Weight and room are what cartons say as long as there are any, and stay when they go.
  static func set(_ cartons: [Carton], of product: Product, in tx: Transaction) throws {
    guard !cartons.isEmpty else {
      try tx.execute(
        "UPDATE product SET has_cartons = 0, version = version + 1 WHERE id = ?", product.id)
      return
    }
    try tx.execute(
      """
      UPDATE product SET weight_grams = ?, volume_cm3 = ?, has_cartons = 1, version = version + 1
      WHERE id = ?
      """, cartons.weightGrams, cartons.volumeCubicCentimetres, product.id)
  }

  static func set(
    _ lifecycle: ProductLifecycle, of product: Product, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE product SET announced_on = ?, orderable_from = ?, orderable_until = ?,
        discontinued_on = ?, served_until = ?, successor_sku = ?, version = version + 1
      WHERE id = ?
      """, lifecycle.announcedOn, lifecycle.orderableFrom, lifecycle.orderableUntil,
      lifecycle.discontinuedOn, lifecycle.servedUntil, lifecycle.successorSKU, product.id)
  }

  /// Of all products.
  static func insertTerms(in tx: Transaction) throws {
    try tx.forEach("SELECT sku, name, name_english FROM product ORDER BY sku") { row in
      try SearchTermTable.insert(
        .product, code: row.text(0),
        terms: SearchTermTable.terms([row.text(0), row.text(1), row.text(2)]), in: tx)
    }
  }

  private static func terms(_ product: Product) -> Set<String> {
    SearchTermTable.terms([product.sku, product.name, product.nameEnglish])
  }

  private static func product(_ row: Row, in snapshot: Snapshot) throws -> Product {
    let lifecycle = ProductLifecycle(
      announcedOn: row.optionalDay(17), orderableFrom: row.optionalDay(18),
      orderableUntil: row.optionalDay(19), discontinuedOn: row.optionalDay(20),
      servedUntil: row.optionalDay(21), successorSKU: row.text(22))
    let id: ID<Product> = row.id(0)
    return Product(
      id: id, sku: row.text(1), name: row.text(2), kind: try row.value(4), unit: row.text(5),
      taxClass: row.text(6), weightGrams: row.optionalInt64(8),
      volumeCubicCentimetres: row.optionalInt64(9),
      details: ProductDetails(
        nameEnglish: row.text(3), description: row.text(10), descriptionEnglish: row.text(11),
        size: ProductSize(
          length: row.optionalInt64(12), width: row.optionalInt64(13),
          height: row.optionalInt64(14)),
        // Few products have any: the others are not asked for them.
        units: row.bool(15) ? try ProductUnitTable.list(of: id, in: snapshot) : [],
        hasCartons: row.bool(16), productClass: row.text(23),
        customs: ProductCustoms(
          hsCode: row.text(24), origin: row.text(25), netWeightGrams: row.optionalInt64(26)),
        lifecycle: lifecycle == ProductLifecycle() ? nil : lifecycle),
      version: row.int64(7))
  }
}

extension ProductKind: Bindable {}
