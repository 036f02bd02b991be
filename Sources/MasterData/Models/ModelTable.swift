import Storage
import Values

/// All SQL of `model_version`. There is no update and no delete.
enum ModelTable {
  /// The newest version of a product's model, or that of a number.
  static func find(
    _ sku: String, version: Int64?, in snapshot: Snapshot
  ) throws -> ModelVersion? {
    guard let version else {
      return try snapshot.first(
        """
        SELECT p.id, p.sku, p.name, m.version, m.currency, m.published_by, m.published_at
        FROM product AS p JOIN model_version AS m ON m.product_id = p.id
        WHERE p.sku = ? ORDER BY m.version DESC LIMIT 1
        """, sku, map: modelVersion)
    }
    return try snapshot.first(
      """
      SELECT p.id, p.sku, p.name, m.version, m.currency, m.published_by, m.published_at
      FROM product AS p JOIN model_version AS m ON m.product_id = p.id
      WHERE p.sku = ? AND m.version = ?
      """, sku, version, map: modelVersion)
  }

  static func exists(for product: ID<Product>, in snapshot: Snapshot) throws -> Bool {
    try snapshot.first(
      "SELECT 1 FROM model_version WHERE product_id = ? LIMIT 1", product
    ) { _ in true } ?? false
  }

  static func isEmpty(in snapshot: Snapshot) throws -> Bool {
    try snapshot.first("SELECT 1 FROM model_version LIMIT 1", map: { _ in true }) == nil
  }

  static func definition(of version: ModelVersion, in snapshot: Snapshot) throws -> String {
    guard
      let text = try snapshot.first(
        "SELECT definition FROM model_version WHERE product_id = ? AND version = ?",
        version.product, version.version, map: { $0.text(0) })
    else { throw MissingRow("model_version", version.product.value) }
    return text
  }

  /// The newest version of each model.
  static func list(after sku: String, limit: Int, in snapshot: Snapshot) throws -> [ModelVersion] {
    try snapshot.all(
      """
      SELECT p.id, p.sku, p.name, m.version, m.currency, m.published_by, m.published_at
      FROM model_version AS m JOIN product AS p ON p.id = m.product_id
      WHERE p.sku > ? AND m.version =
        (SELECT max(version) FROM model_version WHERE product_id = m.product_id)
      ORDER BY p.sku LIMIT ?
      """, sku, limit, map: modelVersion)
  }

  static func insert(
    _ version: ModelVersion, definition: String, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO model_version (product_id, version, currency, definition, published_by,
        published_at)
      VALUES (?, ?, ?, ?, ?, ?)
      """, version.product, version.version, version.currency, definition, version.publishedBy,
      version.publishedAt)
  }

  private static func modelVersion(_ row: Row) -> ModelVersion {
    ModelVersion(
      product: row.id(0), sku: row.text(1), name: row.text(2), version: row.int64(3),
      currency: row.currency(4), publishedBy: row.text(5), publishedAt: row.instant(6))
  }
}
