internal import Storage

/// Rules, and what they have done.
enum AutomationMigrations {
  static let all = [
    Migration(
      "automation-0001-rule",
      """
      -- Every version that was ever written; `definition` is the message. since: the place in the
      -- log of events from which on it looks.
      CREATE TABLE automation_rule (
        code TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0),
        event_type TEXT NOT NULL,
        is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
        since INTEGER NOT NULL CHECK (since >= 0),
        definition BLOB NOT NULL,
        made_by TEXT NOT NULL,
        made_at INTEGER NOT NULL,
        PRIMARY KEY (code, version)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE automation_run (
        id INTEGER PRIMARY KEY,
        rule_code TEXT NOT NULL,
        rule_version INTEGER NOT NULL,
        place INTEGER NOT NULL,
        event_type TEXT NOT NULL,
        order_number TEXT NOT NULL,
        verdict TEXT NOT NULL CHECK (
          verdict = 'DONE' OR verdict = 'REFUSED' OR verdict = 'FORBIDDEN' OR
          verdict = 'LOOP' OR verdict = 'LIMIT' OR verdict = 'FAILED'),
        refusal TEXT NOT NULL,
        depth INTEGER NOT NULL CHECK (depth >= 0),
        command_sequence INTEGER UNIQUE REFERENCES command (sequence),
        ran_at INTEGER NOT NULL,
        needs_attention INTEGER NOT NULL CHECK (needs_attention IN (0, 1)),
        settled_by TEXT NOT NULL,
        -- Exactly once.
        UNIQUE (place, rule_code, rule_version),
        FOREIGN KEY (rule_code, rule_version) REFERENCES automation_rule (code, version),
        CHECK (verdict <> 'DONE' OR command_sequence IS NOT NULL),
        CHECK (verdict <> 'DONE' OR refusal = '')
      ) STRICT;
      CREATE INDEX automation_run_order ON automation_run (order_number, id);
      CREATE INDEX automation_run_rule ON automation_run (rule_code, id);
      CREATE INDEX automation_run_attention ON automation_run (id) WHERE needs_attention = 1;

      CREATE TABLE automation_feed (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        place INTEGER NOT NULL CHECK (place >= 0)
      ) STRICT;
      INSERT INTO automation_feed (id, place) VALUES (1, 0);
      """)
  ]
}
