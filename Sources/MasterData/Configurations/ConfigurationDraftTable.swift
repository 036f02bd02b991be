import Storage
package import Values

/// All SQL of `configuration_draft`.
enum ConfigurationDraftTable {
  static func find(_ number: String, in snapshot: Snapshot) throws -> ConfigurationDraft? {
    try snapshot.first(
      """
      SELECT d.number, d.product_id, p.sku, d.model_version, d.content, d.customer_code, d.version,
        d.started_by, d.started_at, d.expires_at
      FROM configuration_draft AS d JOIN product AS p ON p.id = d.product_id
      WHERE d.number = ?
        AND (in_scope(NULL, NULL, NULL, d.started_by) OR EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.code = d.customer_code AND in_scope(c.owner, c.store_code)))
      """, number, map: draft)
  }

  static func insert(_ draft: ConfigurationDraft, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO configuration_draft (number, product_id, model_version, content,
        customer_code, version, started_by, started_at, expires_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, draft.number, draft.product, draft.modelVersion, content(draft),
      draft.customerCode, draft.version, draft.startedBy, draft.startedAt, draft.expiresAt)
  }

  static func update(_ draft: ConfigurationDraft, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE configuration_draft
      SET content = ?, customer_code = ?, version = ?, expires_at = ?
      WHERE number = ?
      """, content(draft), draft.customerCode, draft.version, draft.expiresAt,
      draft.number)
  }

  /// Removes some of those that nobody has touched for too long.
  static func removeExpired(before now: Instant, limit: Int, in tx: Transaction) throws {
    try tx.execute(
      """
      DELETE FROM configuration_draft WHERE id IN (
        SELECT id FROM configuration_draft WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
      """, now, limit)
  }

  /// What was one customer's is another's.
  static func give(allOf from: String, to customer: String, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE configuration_draft SET customer_code = ?
      WHERE customer_code = ? AND customer_code <> ''
      """, customer, from)
  }

  static func remove(ofCustomer code: String, in tx: Transaction) throws {
    try tx.execute(
      "DELETE FROM configuration_draft WHERE customer_code = ? AND customer_code <> ''", code)
  }

  private static func content(_ draft: ConfigurationDraft) -> String {
    StoredRow.text(
      draft.settings.map(\.storedRow)
        + draft.attachments.map(\.storedRow))
  }

  private static func draft(_ row: Row) throws -> ConfigurationDraft {
    let rows = StoredRow.rows(row.text(4))
    return ConfigurationDraft(
      number: row.text(0), product: row.id(1), sku: row.text(2), modelVersion: row.int64(3),
      settings: try rows.filter { $0.tag == "setting" }.map { try Configuration.Setting($0) },
      attachments: try rows.filter { $0.tag == "attachment" }.map { try .init($0) },
      customerCode: row.text(5), version: row.int64(6), startedBy: row.text(7),
      startedAt: row.instant(8), expiresAt: row.instant(9))
  }
}

extension Configuration.Setting {
  /// As a row of a list that is kept as text.
  package var storedRow: StoredRow { StoredRow("setting", name, value) }

  package init(_ row: StoredRow) throws {
    self.init(name: try row.text(0), value: try row.text(1))
  }
}

extension ConfigurationDraft.Attachment {
  /// As a row of a list that is kept as text.
  package var storedRow: StoredRow { StoredRow("attachment", digest, name) }

  package init(_ row: StoredRow) throws {
    self.init(digest: try row.text(0), name: try row.text(1))
  }
}
