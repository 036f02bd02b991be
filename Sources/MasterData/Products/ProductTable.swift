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
          p.weight_grams, p.volume_cm3
        FROM json_each(?) AS wanted CROSS JOIN product AS p ON p.sku = wanted.value
        """, ValueList(skus)
      ) { row in
        let product = try product(row)
        found[product.sku] = product
      }
      return found
    }
  }

  static func fetch(_ id: ID<Product>, in snapshot: Snapshot) throws -> Product? {
    try snapshot.first(
      """
      SELECT id, sku, name, name_english, kind, unit, tax_class, version, weight_grams, volume_cm3
      FROM product WHERE id = ?
      """, id, map: product)
  }

  static func list(after sku: String, limit: Int, in snapshot: Snapshot) throws -> [Product] {
    try snapshot.all(
      """
      SELECT id, sku, name, name_english, kind, unit, tax_class, version, weight_grams, volume_cm3
      FROM product WHERE sku > ? ORDER BY sku LIMIT ?
      """, sku, limit, map: product)
  }

  static func search(
    prefix: String, after sku: String, limit: Int, in snapshot: Snapshot
  ) throws -> [Product] {
    let (first, last) = SearchTermTable.range(of: prefix)
    return try snapshot.all(
      """
      SELECT p.id, p.sku, p.name, p.name_english, p.kind, p.unit, p.tax_class, p.version,
        p.weight_grams, p.volume_cm3
      FROM (
        SELECT DISTINCT code FROM search_term
        WHERE subject = 'PRODUCT' AND term >= ? AND term < ? AND code > ?
        ORDER BY code LIMIT ?
      ) AS found
      JOIN product AS p ON p.sku = found.code
      ORDER BY p.sku
      """, first, last, sku, limit, map: product)
  }

  static func insert(_ product: Product, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO product (sku, name, name_english, kind, unit, tax_class, weight_grams, volume_cm3,
        version)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)
      """, product.sku, product.name, product.nameEnglish, product.kind, product.unit,
      product.taxClass, product.weightGrams, product.volumeCubicCentimetres)
    try SearchTermTable.insert(.product, code: product.sku, terms: terms(product), in: tx)
  }

  /// Writes what may change and counts the version up.
  static func update(_ product: Product, from stored: Product, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE product SET name = ?, name_english = ?, tax_class = ?, weight_grams = ?,
        volume_cm3 = ?, version = version + 1
      WHERE id = ?
      """, product.name, product.nameEnglish, product.taxClass, product.weightGrams,
      product.volumeCubicCentimetres, product.id)
    if terms(product) != terms(stored) {
      try SearchTermTable.replace(.product, code: product.sku, terms: terms(product), in: tx)
    }
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

  private static func product(_ row: Row) throws -> Product {
    Product(
      id: row.id(0), sku: row.text(1), name: row.text(2), nameEnglish: row.text(3),
      kind: try row.value(4), unit: row.text(5), taxClass: row.text(6),
      weightGrams: row.optionalInt64(8), volumeCubicCentimetres: row.optionalInt64(9),
      version: row.int64(7))
  }
}

extension ProductKind: Bindable {}
