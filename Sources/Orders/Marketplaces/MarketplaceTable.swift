import MasterData
import Storage
import Values

/// All SQL of `marketplace`, its words and its products.
enum MarketplaceTable {
  static func codes(in snapshot: Snapshot) throws -> [String] {
    try snapshot.all("SELECT code FROM marketplace ORDER BY code LIMIT 1000") { $0.text(0) }
  }

  /// What is sold there is sold to another customer.
  static func give(allOf from: String, to customer: String, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE marketplace SET customer_code = ? WHERE customer_code = ?", customer, from)
  }

  static func find(_ code: String, in snapshot: Snapshot) throws -> Marketplace? {
    var words: [OrderState: String] = [:]
    try snapshot.forEach(
      "SELECT state, word FROM marketplace_status WHERE marketplace_code = ?", code
    ) { row in words[try row.value(0)] = row.text(1) }
    return try snapshot.first(
      """
      SELECT code, name, customer_code, warehouse_code, tolerance_micros,
        share_micros, keep_back_units, at_most_units
      FROM marketplace WHERE code = ?
      """, code
    ) { row in
      Marketplace(
        code: row.text(0), name: row.text(1), customerCode: row.text(2),
        warehouseCode: row.text(3), tolerance: row.rate(4), words: words,
        allocation: allocation(row, 5) ?? .all)
    }
  }

  /// It is known, and its warehouse in scope.
  static func isInScope(_ code: String, in snapshot: Snapshot) throws -> Bool {
    try snapshot.first(
      "SELECT 1 FROM marketplace WHERE code = ? AND in_scope(NULL, NULL, warehouse_code)", code,
      map: { _ in true }) ?? false
  }

  static func upsert(_ marketplace: Marketplace, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO marketplace (code, name, customer_code, warehouse_code, tolerance_micros,
        share_micros, keep_back_units, at_most_units)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (code) DO UPDATE SET name = excluded.name,
        customer_code = excluded.customer_code, warehouse_code = excluded.warehouse_code,
        tolerance_micros = excluded.tolerance_micros, share_micros = excluded.share_micros,
        keep_back_units = excluded.keep_back_units, at_most_units = excluded.at_most_units
      """, marketplace.code, marketplace.name, marketplace.customerCode,
      marketplace.warehouseCode, marketplace.tolerance, marketplace.allocation.share,
      marketplace.allocation.keepBackUnits, marketplace.allocation.atMostUnits)
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

  static func product(
    _ externalSKU: String, of marketplace: String, in snapshot: Snapshot
  ) throws -> MarketplaceProduct? {
    try snapshot.first(
      """
      SELECT external_sku, sku, share_micros, keep_back_units, at_most_units
      FROM marketplace_product WHERE marketplace_code = ? AND external_sku = ?
      """, marketplace, externalSKU, map: product)
  }

  static func upsert(
    _ product: MarketplaceProduct, at marketplace: String, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO marketplace_product (marketplace_code, external_sku, sku,
        share_micros, keep_back_units, at_most_units)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (marketplace_code, external_sku) DO UPDATE SET sku = excluded.sku,
        share_micros = excluded.share_micros, keep_back_units = excluded.keep_back_units,
        at_most_units = excluded.at_most_units
      """, marketplace, product.externalSKU, product.sku, product.allocation?.share,
      product.allocation?.keepBackUnits, product.allocation?.atMostUnits)
  }

  /// False when it named nothing.
  static func remove(
    _ externalSKU: String, from marketplace: String, in tx: Transaction
  ) throws -> Bool {
    try tx.execute(
      "DELETE FROM marketplace_product WHERE marketplace_code = ? AND external_sku = ?",
      marketplace, externalSKU) == 1
  }

  static func products(
    of marketplace: String, after externalSKU: String, limit: Int, in snapshot: Snapshot
  ) throws -> [MarketplaceProduct] {
    try snapshot.all(
      """
      SELECT external_sku, sku, share_micros, keep_back_units, at_most_units
      FROM marketplace_product
      WHERE marketplace_code = ? AND external_sku > ? ORDER BY external_sku LIMIT ?
      """, marketplace, externalSKU, limit, map: product)
  }

  private static func product(_ row: Row) -> MarketplaceProduct {
    MarketplaceProduct(
      externalSKU: row.text(0), sku: row.text(1), allocation: allocation(row, 2))
  }

  private static func allocation(_ row: Row, _ first: Int) -> StockAllocation? {
    row.optionalRate(first).map {
      StockAllocation(
        share: $0, keepBackUnits: row.int64(first + 1),
        atMostUnits: row.optionalInt64(first + 2))
    }
  }
}
