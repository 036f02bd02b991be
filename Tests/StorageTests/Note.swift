import Storage
import Values

/// The table of these tests.
enum Note {
  static let migrations = [
    Migration(
      "note-0001-note",
      """
      CREATE TABLE note (
        id INTEGER PRIMARY KEY,
        text TEXT NOT NULL,
        parent INTEGER REFERENCES note (id),
        size INTEGER NOT NULL DEFAULT 0 CHECK (size >= 0)
      ) STRICT;
      CREATE UNIQUE INDEX note_text ON note (text);
      """)
  ]

  static func database(faults: FaultPlan? = nil) throws -> Database {
    try Database.inMemory(migrations: migrations, faults: faults)
  }

  @discardableResult
  static func insert(_ text: String, in transaction: Transaction) throws -> Int64 {
    let id: ID<Note> = try transaction.insert("INSERT INTO note (text) VALUES (?)", text)
    return id.value
  }

  static func texts(in snapshot: Snapshot) throws -> [String] {
    try snapshot.all("SELECT text FROM note ORDER BY id") { $0.text(0) }
  }

  static func count(in snapshot: Snapshot) throws -> Int {
    try snapshot.first("SELECT count(*) FROM note") { $0.int(0) } ?? 0
  }

  static func forEach(in snapshot: Snapshot, _ body: (String) throws -> Void) throws {
    try snapshot.forEach("SELECT text FROM note ORDER BY id") { try body($0.text(0)) }
  }

  static func event(_ type: String) -> DomainEvent {
    DomainEvent(type, DocumentReference(.salesOrder, "SO-1"))
  }
}
