import Storage
import Values

/// All SQL of `configuration_template`. There is no update and no delete.
enum TemplateTable {
  /// The newest version of a template, or that of a number.
  static func find(
    _ code: String, version: Int64?, in snapshot: Snapshot
  ) throws -> ConfigurationTemplate? {
    guard let version else {
      return try snapshot.first(
        """
        SELECT t.code, t.version, t.name, p.sku, t.model_version, t.settings, t.saved_by,
          t.saved_at
        FROM configuration_template AS t JOIN product AS p ON p.id = t.product_id
        WHERE t.code = ? ORDER BY t.version DESC LIMIT 1
        """, code, map: template)
    }
    return try snapshot.first(
      """
      SELECT t.code, t.version, t.name, p.sku, t.model_version, t.settings, t.saved_by, t.saved_at
      FROM configuration_template AS t JOIN product AS p ON p.id = t.product_id
      WHERE t.code = ? AND t.version = ?
      """, code, version, map: template)
  }

  /// The newest version of each template.
  static func list(
    after code: String, limit: Int, in snapshot: Snapshot
  ) throws -> [ConfigurationTemplate] {
    try snapshot.all(
      """
      SELECT t.code, t.version, t.name, p.sku, t.model_version, t.settings, t.saved_by, t.saved_at
      FROM configuration_template AS t JOIN product AS p ON p.id = t.product_id
      WHERE t.code > ? AND t.version =
        (SELECT max(version) FROM configuration_template WHERE code = t.code)
      ORDER BY t.code LIMIT ?
      """, code, limit, map: template)
  }

  static func insert(
    _ template: ConfigurationTemplate, of product: ID<Product>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO configuration_template (code, version, name, product_id, model_version, settings,
        saved_by, saved_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, template.code, template.version, template.name, product, template.modelVersion,
      StoredRow.text(template.settings.map(\.storedRow)), template.savedBy, template.savedAt)
  }

  private static func template(_ row: Row) throws -> ConfigurationTemplate {
    ConfigurationTemplate(
      code: row.text(0), version: row.int64(1), name: row.text(2), sku: row.text(3),
      modelVersion: row.int64(4),
      settings: try StoredRow.rows(row.text(5)).map { try Configuration.Setting($0) },
      savedBy: row.text(6), savedAt: row.instant(7))
  }
}
