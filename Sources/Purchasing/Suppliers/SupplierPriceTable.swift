import MasterData
import Storage
import Values

/// All SQL of `supplier_price`.
enum SupplierPriceTable {
  static func find(
    _ supplier: ID<Supplier>, product: ID<Product>, in snapshot: Snapshot
  ) throws -> SupplierPrice? {
    try snapshot.first(
      """
      SELECT supplier_id, supplier_code, product_id, unit_price_micros, currency, lead_days,
        preferred
      FROM supplier_price WHERE supplier_id = ? AND product_id = ?
      """, supplier, product, map: price)
  }

  static func preferred(for product: ID<Product>, in snapshot: Snapshot) throws -> SupplierPrice? {
    try snapshot.first(
      """
      SELECT supplier_id, supplier_code, product_id, unit_price_micros, currency, lead_days,
        preferred
      FROM supplier_price WHERE product_id = ? AND preferred = 1
      """, product, map: price)
  }

  static func preferred(
    for products: [ID<Product>], in snapshot: Snapshot
  ) throws -> [ID<Product>: SupplierPrice] {
    var found: [ID<Product>: SupplierPrice] = [:]
    try snapshot.forEach(
      """
      SELECT s.supplier_id, s.supplier_code, s.product_id, s.unit_price_micros, s.currency,
        s.lead_days, s.preferred
      FROM json_each(?) AS wanted
      CROSS JOIN supplier_price AS s ON s.product_id = wanted.value AND s.preferred = 1
      """, ValueList(products)
    ) { row in
      let price = price(row)
      found[price.product] = price
    }
    return found
  }

  static func withdrawPreference(for product: ID<Product>, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE supplier_price SET preferred = 0 WHERE product_id = ? AND preferred = 1", product)
  }

  static func upsert(_ price: SupplierPrice, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO supplier_price (
        supplier_id, supplier_code, product_id, unit_price_micros, currency, lead_days, preferred)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (supplier_id, product_id) DO UPDATE
      SET unit_price_micros = excluded.unit_price_micros, currency = excluded.currency,
        lead_days = excluded.lead_days, preferred = excluded.preferred
      """, price.supplier, price.supplierCode, price.product, price.unitPrice.micros,
      price.unitPrice.currency, price.leadDays, price.isPreferred)
  }

  private static func price(_ row: Row) -> SupplierPrice {
    SupplierPrice(
      supplier: row.id(0), supplierCode: row.text(1), product: row.id(2),
      unitPrice: row.unitPrice(3, 4), leadDays: row.int(5), isPreferred: row.bool(6))
  }
}
