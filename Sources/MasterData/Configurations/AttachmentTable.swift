import Storage
import Values

/// All SQL of `attachment`. There is no update.
enum AttachmentTable {
  static func exists(_ digest: String, in snapshot: Snapshot) throws -> Bool {
    try snapshot.first("SELECT 1 FROM attachment WHERE digest = ?", digest) { _ in true } ?? false
  }

  static func find(_ digest: String, in snapshot: Snapshot) throws -> Attachment? {
    try snapshot.first(
      """
      SELECT digest, media_type, content, added_by, added_at FROM attachment WHERE digest = ?
      """, digest
    ) { row in
      Attachment(
        digest: row.text(0), mediaType: row.text(1), content: row.blob(2), addedBy: row.text(3),
        addedAt: row.instant(4))
    }
  }

  /// Whether it was not there yet.
  static func insert(_ attachment: Attachment, in tx: Transaction) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO attachment (digest, media_type, content, added_by, added_at)
      VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING
      """, attachment.digest, attachment.mediaType, attachment.content, attachment.addedBy,
      attachment.addedAt) > 0
  }
}
