internal import Storage

/// What terminals have synced.
enum TillsMigrations {
  static let all = [
    Migration(
      "tills-0001-terminal-command",
      """
      CREATE TABLE terminal_command (
        terminal TEXT NOT NULL,
        number INTEGER NOT NULL CHECK (number > 0),
        fingerprint BLOB NOT NULL,
        command INTEGER NOT NULL REFERENCES command (sequence),
        PRIMARY KEY (terminal, number)
      ) STRICT, WITHOUT ROWID;
      """)
  ]
}
