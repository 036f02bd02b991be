extension OrdersMigrations {
  /// What customers may buy, where each was when, and what was offered for it. A company begins
  /// with stages that most would know; quotes that were there are offers for none.
  static let opportunities: StaticString = """
    CREATE TABLE opportunity_stages (
      version INTEGER PRIMARY KEY,
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE opportunity_stage (
      stages_version INTEGER NOT NULL REFERENCES opportunity_stages (version),
      position INTEGER NOT NULL CHECK (position > 0),
      code TEXT NOT NULL,
      name TEXT NOT NULL,
      probability_micros INTEGER NOT NULL CHECK (probability_micros BETWEEN 0 AND 1000000),
      state TEXT NOT NULL CHECK (state IN ('OPEN', 'WON', 'LOST')),
      PRIMARY KEY (stages_version, position),
      UNIQUE (stages_version, code)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX opportunity_stage_code ON opportunity_stage (code, stages_version);

    INSERT INTO opportunity_stages (version, reason, made_by, made_at)
    VALUES (1, 'as shipped', '', 0);
    INSERT INTO opportunity_stage
      (stages_version, position, code, name, probability_micros, state)
    VALUES
      (1, 1, 'NEW', 'New', 100000, 'OPEN'),
      (1, 2, 'NEEDS', 'Needs are known', 250000, 'OPEN'),
      (1, 3, 'OFFER', 'Offer is made', 500000, 'OPEN'),
      (1, 4, 'NEGOTIATION', 'In negotiation', 750000, 'OPEN'),
      (1, 5, 'WON', 'Won', 1000000, 'WON'),
      (1, 6, 'LOST', 'Lost', 0, 'LOST');

    CREATE TABLE opportunity (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      version INTEGER NOT NULL CHECK (version > 0),
      state TEXT NOT NULL CHECK (state IN ('OPEN', 'WON', 'LOST')),
      customer_code TEXT NOT NULL,
      customer_name TEXT NOT NULL,
      title TEXT NOT NULL,
      note TEXT NOT NULL,
      owner TEXT NOT NULL,
      store_code TEXT NOT NULL,
      channel TEXT,
      source_code TEXT NOT NULL,
      currency TEXT NOT NULL,
      expected_minor INTEGER NOT NULL CHECK (expected_minor >= 0),
      expected_close_on INTEGER NOT NULL,
      stages_version INTEGER NOT NULL,
      stage_code TEXT NOT NULL,
      steps INTEGER NOT NULL CHECK (steps > 0),
      created_by TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      created_on INTEGER NOT NULL,
      decided_on INTEGER,
      FOREIGN KEY (stages_version, stage_code)
        REFERENCES opportunity_stage (stages_version, code)
    ) STRICT;
    CREATE INDEX opportunity_customer ON opportunity (customer_code, id);
    CREATE INDEX opportunity_owner ON opportunity (owner, id);
    CREATE INDEX opportunity_store ON opportunity (store_code, id);
    CREATE INDEX opportunity_state ON opportunity (state, id);
    CREATE INDEX opportunity_created ON opportunity (created_on);

    CREATE TABLE opportunity_step (
      opportunity_id INTEGER NOT NULL REFERENCES opportunity (id),
      step INTEGER NOT NULL CHECK (step > 0),
      stages_version INTEGER NOT NULL,
      stage_code TEXT NOT NULL,
      state TEXT NOT NULL,
      actor TEXT NOT NULL,
      entered_at INTEGER NOT NULL,
      reason_code TEXT NOT NULL,
      comment TEXT NOT NULL,
      quote_number TEXT,
      PRIMARY KEY (opportunity_id, step)
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE quote ADD COLUMN opportunity_number TEXT;
    CREATE INDEX quote_opportunity ON quote (opportunity_number, id)
      WHERE opportunity_number IS NOT NULL;

    CREATE VIEW view_opportunity_owner AS
      SELECT o.number, o.owner, o.store_code, o.created_by AS author FROM opportunity AS o
      UNION ALL
      SELECT o.number, c.owner, c.store_code, NULL
      FROM opportunity AS o JOIN view_customer_owner AS c ON c.code = o.customer_code;
    """
}
