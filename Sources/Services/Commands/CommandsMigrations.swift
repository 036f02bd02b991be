internal import Storage

/// The command log with its events.
enum CommandsMigrations {
  static let all = [
    Migration(
      "commands-0001-command",
      """
      CREATE TABLE command (
        sequence INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        peer TEXT NOT NULL,
        method TEXT NOT NULL,
        idempotency_key TEXT NOT NULL,
        request BLOB NOT NULL,
        status INTEGER NOT NULL,
        reply BLOB NOT NULL,
        hash BLOB NOT NULL,
        UNIQUE (actor, idempotency_key)
      ) STRICT;
      CREATE TABLE event (
        sequence INTEGER NOT NULL REFERENCES command (sequence),
        ordinal INTEGER NOT NULL,
        type TEXT NOT NULL,
        subject_kind TEXT NOT NULL,
        subject_number TEXT NOT NULL,
        root_kind TEXT NOT NULL,
        root_number TEXT NOT NULL,
        facts TEXT NOT NULL,
        PRIMARY KEY (sequence, ordinal)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX event_by_root ON event (root_number, sequence, ordinal);
      """)
  ]
}
