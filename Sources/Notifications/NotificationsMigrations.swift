package import Storage

/// Tables of notifications. Entries are only ever appended.
package enum NotificationsMigrations {
  package static let all: [Migration] = [
    Migration(
      "notifications-0001-notice",
      """
      -- Every version that was ever written.
      CREATE TABLE notice_template (
        event_type TEXT NOT NULL,
        audience TEXT NOT NULL CHECK (audience IN ('CUSTOMER', 'STAFF')),
        channel TEXT NOT NULL CHECK (channel IN ('EMAIL', 'SMS', 'WECHAT')),
        locale TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0),
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        created_by TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (event_type, audience, channel, locale, version)
      ) STRICT, WITHOUT ROWID;

      -- since: the place in the log of events from which on it holds.
      CREATE TABLE notice_rule (
        code TEXT PRIMARY KEY,
        event_type TEXT NOT NULL,
        channel TEXT NOT NULL CHECK (channel IN ('EMAIL', 'SMS', 'WECHAT')),
        audience TEXT NOT NULL CHECK (audience IN ('CUSTOMER', 'STAFF')),
        purpose TEXT NOT NULL,
        locale TEXT NOT NULL,
        addresses TEXT NOT NULL,
        is_active INTEGER NOT NULL CHECK (is_active BETWEEN 0 AND 1),
        version INTEGER NOT NULL CHECK (version > 0),
        since INTEGER NOT NULL CHECK (since >= 0),
        CHECK ((audience = 'STAFF') = (addresses <> ''))
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE webhook (
        code TEXT PRIMARY KEY,
        url TEXT NOT NULL,
        events TEXT NOT NULL,
        key_name TEXT NOT NULL,
        is_active INTEGER NOT NULL CHECK (is_active BETWEEN 0 AND 1),
        version INTEGER NOT NULL CHECK (version > 0),
        since INTEGER NOT NULL CHECK (since >= 0)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE notice_preference (
        customer_code TEXT PRIMARY KEY,
        locale TEXT NOT NULL,
        channel TEXT CHECK (channel IN ('EMAIL', 'SMS', 'WECHAT'))
      ) STRICT, WITHOUT ROWID;

      -- place: of the event. lane: what is sent apart from others. Texts are encrypted about the
      -- customer.
      CREATE TABLE notice (
        id INTEGER PRIMARY KEY,
        place INTEGER NOT NULL,
        event_type TEXT NOT NULL,
        root_kind TEXT NOT NULL,
        root_number TEXT NOT NULL,
        channel TEXT NOT NULL CHECK (channel IN ('EMAIL', 'WEBHOOK', 'SMS', 'WECHAT')),
        origin TEXT NOT NULL,
        recipient TEXT NOT NULL,
        lane TEXT NOT NULL,
        customer_code TEXT NOT NULL,
        locale TEXT NOT NULL,
        state TEXT NOT NULL CHECK (
          state IN ('PENDING', 'SENT', 'DEAD', 'SUPPRESSED', 'DISCARDED')),
        attempts INTEGER NOT NULL CHECK (attempts >= 0),
        created_at INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        settled_at INTEGER,
        version INTEGER NOT NULL CHECK (version > 0),
        address TEXT NOT NULL,
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        last_error TEXT NOT NULL,
        UNIQUE (place, channel, recipient),
        CHECK ((state = 'PENDING') = (settled_at IS NULL))
      ) STRICT;
      CREATE INDEX notice_root ON notice (root_number, id);
      CREATE INDEX notice_customer ON notice (customer_code, id) WHERE customer_code <> '';
      CREATE INDEX notice_origin ON notice (origin, id);
      CREATE INDEX notice_state ON notice (state, id);
      CREATE INDEX notice_lane ON notice (lane, due_at, id) WHERE state = 'PENDING';
      CREATE INDEX notice_due ON notice (due_at) WHERE state = 'PENDING';
      CREATE INDEX notice_turn ON notice (recipient, root_number, id) WHERE state = 'PENDING';

      CREATE TABLE notice_feed (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        place INTEGER NOT NULL CHECK (place >= 0)
      ) STRICT;
      INSERT INTO notice_feed (id, place) VALUES (1, 0);

      -- Whose document each is about, for data scopes.
      CREATE VIEW notice_owner AS
        SELECT n.*, n.root_kind IN ('SALES_ORDER', 'QUOTE') AS is_somebodys,
          coalesce(o.owner, q.owner) AS owner, coalesce(o.store_code, q.store_code) AS store_code,
          o.warehouse_code, coalesce(o.author, q.author) AS author
        FROM notice AS n
        LEFT JOIN view_order_owner AS o
          ON n.root_kind = 'SALES_ORDER' AND o.number = n.root_number
        LEFT JOIN view_quote_owner AS q ON n.root_kind = 'QUOTE' AND q.number = n.root_number;
      """),
    // Minutes of a day.
    Migration(
      "notifications-0002-quiet-hours",
      """
      ALTER TABLE notice_rule ADD COLUMN role TEXT NOT NULL DEFAULT '';
      ALTER TABLE notice_rule ADD COLUMN store_code TEXT NOT NULL DEFAULT '';
      ALTER TABLE notice_rule ADD COLUMN quiet_from INTEGER
        CHECK (quiet_from BETWEEN 0 AND 1439);
      ALTER TABLE notice_rule ADD COLUMN quiet_until INTEGER
        CHECK (quiet_until BETWEEN 0 AND 1439);
      ALTER TABLE notice_rule ADD COLUMN hourly_limit INTEGER CHECK (hourly_limit > 0);
      ALTER TABLE notice_preference ADD COLUMN quiet_from INTEGER
        CHECK (quiet_from BETWEEN 0 AND 1439);
      ALTER TABLE notice_preference ADD COLUMN quiet_until INTEGER
        CHECK (quiet_until BETWEEN 0 AND 1439);
      CREATE INDEX notice_recipient ON notice (recipient, due_at);
      """),
  ]
}
