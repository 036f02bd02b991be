import Storage
import Values

/// All SQL of `stopped_work`.
enum StoppedWorkTable {
  static func insert(_ root: DocumentReference, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO stopped_work (root_kind, root_number) VALUES (?, ?)
      ON CONFLICT (root_kind, root_number) DO NOTHING
      """, root.kind, root.number)
  }

  static func remove(_ root: DocumentReference, in tx: Transaction) throws {
    try tx.execute(
      "DELETE FROM stopped_work WHERE root_kind = ? AND root_number = ?", root.kind, root.number)
  }

  static func contains(_ root: DocumentReference, in snapshot: Snapshot) throws -> Bool {
    try snapshot.first(
      "SELECT 1 FROM stopped_work WHERE root_kind = ? AND root_number = ?", root.kind, root.number
    ) { _ in true } ?? false
  }

  static func numbers(of kind: DocumentKind, in snapshot: Snapshot) throws -> [String] {
    try snapshot.all(
      "SELECT root_number FROM stopped_work WHERE root_kind = ? ORDER BY root_number", kind
    ) { $0.text(0) }
  }
}
