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
      """),
    Migration(
      "commands-0002-audit",
      """
      -- Entries of before keep the format that their hashes cover.
      ALTER TABLE command ADD COLUMN format INTEGER NOT NULL DEFAULT 1;
      ALTER TABLE command ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE command ADD COLUMN credential TEXT NOT NULL DEFAULT '';
      ALTER TABLE command ADD COLUMN certificate TEXT NOT NULL DEFAULT '';
      ALTER TABLE command ADD COLUMN reason TEXT NOT NULL DEFAULT '';
      ALTER TABLE command ADD COLUMN trace TEXT NOT NULL DEFAULT '';
      ALTER TABLE command ADD COLUMN changes BLOB NOT NULL DEFAULT x'';
      ALTER TABLE command ADD COLUMN occurrences INTEGER NOT NULL DEFAULT 1;
      CREATE TABLE audit_checkpoint (
        size INTEGER PRIMARY KEY CHECK (size > 0),
        at INTEGER NOT NULL,
        chain_head BLOB NOT NULL,
        tree_root BLOB NOT NULL,
        public_key BLOB NOT NULL,
        signature BLOB NOT NULL
      ) STRICT;
      -- Roots of the complete subtrees of 256 entries, from 0.
      CREATE TABLE audit_tile (
        number INTEGER PRIMARY KEY,
        root BLOB NOT NULL
      ) STRICT;
      """),
    Migration(
      "commands-0003-subject-key",
      """
      CREATE TABLE subject_key (
        subject TEXT PRIMARY KEY,
        sealed_with BLOB NOT NULL,
        bytes BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;
      """),
    // What a caller could see and touch; of a wider scope than it has later it is told nothing.
    Migration(
      "commands-0004-scope", "ALTER TABLE command ADD COLUMN scope TEXT NOT NULL DEFAULT 'all';"),
    // Which seals there are is asked at each start.
    Migration(
      "commands-0005-seals-in-use",
      "CREATE INDEX subject_key_seal ON subject_key (sealed_with) WHERE bytes <> x'';"),
    // By one number: a table whose rows always come last is filled at its end alone, where one with
    // a key of two columns is balanced with every page.
    Migration(
      "commands-0006-event-place",
      """
      CREATE TABLE placed_event (
        place INTEGER PRIMARY KEY,
        sequence INTEGER NOT NULL REFERENCES command (sequence),
        type TEXT NOT NULL,
        subject_kind TEXT NOT NULL,
        subject_number TEXT NOT NULL,
        root_kind TEXT NOT NULL,
        root_number TEXT NOT NULL,
        facts TEXT NOT NULL,
        CHECK (place >> 20 = sequence)
      ) STRICT;
      INSERT INTO placed_event
        (place, sequence, type, subject_kind, subject_number, root_kind, root_number, facts)
      SELECT sequence << 20 | ordinal, sequence, type, subject_kind, subject_number, root_kind,
        root_number, facts
      FROM event ORDER BY sequence, ordinal;
      DROP TABLE event;
      ALTER TABLE placed_event RENAME TO event;
      CREATE INDEX event_by_root ON event (root_number, place);
      """),
  ]
}
