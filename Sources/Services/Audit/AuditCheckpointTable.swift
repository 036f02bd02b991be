internal import Storage

/// The checkpoints, and the subtrees from which the next one and the proofs are made.
enum AuditCheckpointTable {
  static func newest(in snapshot: Snapshot) throws -> AuditCheckpoint? {
    try snapshot.first(
      """
      SELECT size, at, chain_head, tree_root, public_key, signature
      FROM audit_checkpoint ORDER BY size DESC LIMIT 1
      """, map: checkpoint)
  }

  /// Those behind a size, the smallest first.
  static func checkpoints(
    after size: Int64, limit: Int, in snapshot: Snapshot
  ) throws -> [AuditCheckpoint] {
    try snapshot.all(
      """
      SELECT size, at, chain_head, tree_root, public_key, signature
      FROM audit_checkpoint WHERE size > ? ORDER BY size LIMIT ?
      """, size, limit, map: checkpoint)
  }

  static func insert(_ checkpoint: AuditCheckpoint, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO audit_checkpoint (size, at, chain_head, tree_root, public_key, signature)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """, checkpoint.size, checkpoint.at, checkpoint.chainHead, checkpoint.treeRoot,
      checkpoint.publicKey, checkpoint.signature)
  }

  /// Roots of the complete subtrees, in their order.
  static func tiles(in snapshot: Snapshot) throws -> [[UInt8]] {
    try snapshot.all("SELECT root FROM audit_tile ORDER BY number") { $0.blob(0) }
  }

  static func insert(tile number: Int64, root: [UInt8], in tx: Transaction) throws {
    try tx.execute(
      "INSERT INTO audit_tile (number, root) VALUES (?, ?) ON CONFLICT DO NOTHING", number, root)
  }

  private static func checkpoint(_ row: Row) -> AuditCheckpoint {
    AuditCheckpoint(
      size: row.int64(0), at: row.instant(1), chainHead: row.blob(2), treeRoot: row.blob(3),
      publicKey: row.blob(4), signature: row.blob(5))
  }
}
