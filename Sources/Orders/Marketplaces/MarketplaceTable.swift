import MasterData
import Storage
import Values

/// All SQL of `marketplace`, its words and its products.
enum MarketplaceTable {
  static func codes(in snapshot: Snapshot) throws -> [String] {
    try snapshot.all("SELECT code FROM marketplace ORDER BY code LIMIT 1000") { $0.text(0) }
  }

  static func find(_ code: String, in snapshot: Snapshot) throws -> Marketplace? {
    var words: [OrderState: String] = [:]
    try snapshot.forEach(
      "SELECT state, word FROM marketplace_status WHERE marketplace_code = ?", code
    ) { row in words[try row.value(0)] = row.text(1) }
    return try snapshot.first(
      """
      SELECT code, name, customer_code, warehouse_code, tolerance_micros
      FROM marketplace WHERE code = ?
      """, code
    ) { row in
      Marketplace(
        code: row.text(0), name: row.text(1), customerCode: row.text(2),
        warehouseCode: row.text(3), tolerance: row.rate(4), words: words)
    }
  }

  static func upsert(_ marketplace: Marketplace, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO marketplace (code, name, customer_code, warehouse_code, tolerance_micros)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (code) DO UPDATE SET name = excluded.name,
        customer_code = excluded.customer_code, warehouse_code = excluded.warehouse_code,
        tolerance_micros = excluded.tolerance_micros
      """, marketplace.code, marketplace.name, marketplace.customerCode,
      marketplace.warehouseCode, marketplace.tolerance)
    try tx.execute(
      "DELETE FROM marketplace_status WHERE marketplace_code = ?", marketplace.code)
    for (state, word) in marketplace.words.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      try tx.execute(
        "INSERT INTO marketplace_status (marketplace_code, state, word) VALUES (?, ?, ?)",
        marketplace.code, state, word)
    }
  }

  // MARK: Products

  static func sku(
    of externalSKU: String, at marketplace: String, in snapshot: Snapshot
  ) throws -> String? {
    try snapshot.first(
      "SELECT sku FROM marketplace_product WHERE marketplace_code = ? AND external_sku = ?",
      marketplace, externalSKU
    ) { $0.text(0) }
  }

  static func upsert(
    _ product: MarketplaceProduct, at marketplace: String, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO marketplace_product (marketplace_code, external_sku, sku) VALUES (?, ?, ?)
      ON CONFLICT (marketplace_code, external_sku) DO UPDATE SET sku = excluded.sku
      """, marketplace, product.externalSKU, product.sku)
  }

  static func products(
    of marketplace: String, after externalSKU: String, limit: Int, in snapshot: Snapshot
  ) throws -> [MarketplaceProduct] {
    try snapshot.all(
      """
      SELECT external_sku, sku FROM marketplace_product
      WHERE marketplace_code = ? AND external_sku > ? ORDER BY external_sku LIMIT ?
      """, marketplace, externalSKU, limit
    ) { MarketplaceProduct(externalSKU: $0.text(0), sku: $0.text(1)) }
  }
}
