package import Storage

/// Tables of identity. Entries are only ever appended.
package enum IdentityMigrations {
  package static let all: [Migration] = [
    Migration(
      "identity-0001-principal",
      """
      CREATE TABLE principal (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind = 'PERSON' OR kind = 'SERVICE' OR kind = 'TILL'),
        display_name TEXT NOT NULL,
        is_disabled INTEGER NOT NULL CHECK (is_disabled BETWEEN 0 AND 1),
        certificate_subject TEXT UNIQUE,
        created_at INTEGER NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0),
        CHECK (kind <> 'PERSON' OR certificate_subject IS NULL)
      ) STRICT;

      CREATE TABLE role (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0)
      ) STRICT;

      CREATE TABLE role_permission (
        role_id INTEGER NOT NULL REFERENCES role (id),
        permission TEXT NOT NULL,
        PRIMARY KEY (role_id, permission)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX role_permission_permission ON role_permission (permission);

      CREATE TABLE principal_role (
        principal_id INTEGER NOT NULL REFERENCES principal (id),
        role_id INTEGER NOT NULL REFERENCES role (id),
        PRIMARY KEY (principal_id, role_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX principal_role_role ON principal_role (role_id);
      """),
    Migration(
      "identity-0002-password",
      """
      -- The parameters of scrypt stand beside each hash, so that they can be raised.
      CREATE TABLE password (
        principal_id INTEGER PRIMARY KEY REFERENCES principal (id),
        salt BLOB NOT NULL,
        hash BLOB NOT NULL,
        rounds INTEGER NOT NULL CHECK (rounds > 1),
        block_size INTEGER NOT NULL CHECK (block_size > 0),
        parallelism INTEGER NOT NULL CHECK (parallelism > 0),
        must_change INTEGER NOT NULL CHECK (must_change BETWEEN 0 AND 1),
        changed_at INTEGER NOT NULL,
        failures INTEGER NOT NULL CHECK (failures >= 0),
        locked_until INTEGER
      ) STRICT;
      """),
    Migration(
      "identity-0003-session",
      """
      CREATE TABLE session (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        principal_id INTEGER NOT NULL REFERENCES principal (id),
        created_at INTEGER NOT NULL,
        refreshed_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        access_expires_at INTEGER NOT NULL CHECK (access_expires_at <= expires_at),
        peer TEXT NOT NULL,
        end_reason TEXT,
        ended_at INTEGER,
        access_digest BLOB NOT NULL,
        refresh_digest BLOB NOT NULL,
        CHECK ((end_reason IS NULL) = (ended_at IS NULL))
      ) STRICT;
      CREATE INDEX session_principal ON session (principal_id, id);

      -- Refresh tokens that must not come again.
      CREATE TABLE spent_refresh (
        session_id INTEGER NOT NULL REFERENCES session (id),
        digest BLOB NOT NULL,
        PRIMARY KEY (session_id, digest)
      ) STRICT, WITHOUT ROWID;
      """),
    Migration(
      "identity-0004-api-key",
      """
      CREATE TABLE api_key (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        principal_id INTEGER NOT NULL REFERENCES principal (id),
        label TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        revoked_at INTEGER,
        networks TEXT NOT NULL,
        certificate_subject TEXT,
        digest BLOB NOT NULL
      ) STRICT;
      CREATE INDEX api_key_principal ON api_key (principal_id, id);
      """),
    Migration("identity-0005-shipped-roles", shippedRoles),
    Migration("identity-0006-field-permissions", fieldPermissions),
    Migration(
      "identity-0007-second-factor",
      """
      -- The secret is encrypted with the key that seal_key names; not where that is empty.
      CREATE TABLE second_factor (
        principal_id INTEGER PRIMARY KEY REFERENCES principal (id),
        seal_key BLOB NOT NULL,
        secret BLOB NOT NULL,
        added_at INTEGER NOT NULL,
        confirmed_at INTEGER,
        last_step INTEGER NOT NULL CHECK (last_step >= 0)
      ) STRICT;

      CREATE TABLE recovery_code (
        principal_id INTEGER NOT NULL REFERENCES principal (id),
        digest BLOB NOT NULL,
        used_at INTEGER,
        PRIMARY KEY (principal_id, digest)
      ) STRICT, WITHOUT ROWID;

      ALTER TABLE session ADD COLUMN second_factor_at INTEGER;
      """),
    Migration(
      "identity-0008-login-habit",
      """
      -- Where a person has logged in before, with the attempts that failed there since.
      CREATE TABLE known_network (
        principal_id INTEGER NOT NULL REFERENCES principal (id),
        network TEXT NOT NULL,
        last_at INTEGER NOT NULL,
        failures INTEGER NOT NULL CHECK (failures >= 0),
        locked_until INTEGER,
        PRIMARY KEY (principal_id, network)
      ) STRICT, WITHOUT ROWID;

      -- How often a person has logged in at an hour of the day, by UTC.
      CREATE TABLE login_hour (
        principal_id INTEGER NOT NULL REFERENCES principal (id),
        hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
        logins INTEGER NOT NULL CHECK (logins > 0),
        PRIMARY KEY (principal_id, hour)
      ) STRICT, WITHOUT ROWID;
      """),
    Migration("identity-0009-four-eyes", fourEyes),
    Migration("identity-0010-shipped-duty-conflicts", shippedDutyConflicts),
    Migration(
      "identity-0011-audit-permission",
      """
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'audit.read' FROM role WHERE name = 'AUDITOR' OR name = 'ADMINISTRATOR';
      """),
    Migration(
      "identity-0012-data-scope",
      """
      -- Where a principal belongs; empty for nowhere.
      ALTER TABLE principal ADD COLUMN department TEXT NOT NULL DEFAULT '';
      ALTER TABLE principal ADD COLUMN store_code TEXT NOT NULL DEFAULT '';
      ALTER TABLE principal ADD COLUMN warehouse_code TEXT NOT NULL DEFAULT '';
      CREATE INDEX principal_department ON principal (department, name) WHERE department <> '';
      -- How far the role reaches: words of Reach, blanks between them.
      ALTER TABLE principal_role ADD COLUMN scope TEXT NOT NULL DEFAULT 'ALL';
      ALTER TABLE api_key ADD COLUMN store_code TEXT;
      """),
    Migration(
      "identity-0013-merge-permission",
      """
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'customers.merge' FROM role
      WHERE name IN ('ADMINISTRATOR', 'CUSTOMER_SERVICE', 'SALES_MANAGER');
      """),
    Migration(
      "identity-0014-subject-permissions",
      """
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'customers.erase' FROM role WHERE name = 'ADMINISTRATOR';
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'customers.export' FROM role
      WHERE name = 'ADMINISTRATOR' OR name = 'CUSTOMER_SERVICE';
      """),
    Migration(
      "identity-0015-change-permissions",
      """
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'orders.change' FROM role
      WHERE name IN ('CUSTOMER_SERVICE', 'GENERAL_MANAGER', 'SALES', 'SALES_MANAGER');
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'orders.hold' FROM role
      WHERE name IN ('CUSTOMER_SERVICE', 'FINANCE', 'GENERAL_MANAGER', 'PRODUCTION_PLANNER',
        'SALES', 'SALES_MANAGER', 'WAREHOUSE');
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'orders.release' FROM role
      WHERE name IN ('FINANCE', 'GENERAL_MANAGER', 'SALES_MANAGER');
      """),
    Migration(
      "identity-0017-credit-permissions",
      """
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'credit.grant' FROM role
      WHERE name IN ('FINANCE', 'GENERAL_MANAGER', 'SALES_MANAGER');
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'credit.approve' FROM role WHERE name IN ('FINANCE', 'GENERAL_MANAGER');
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'customers.segment' FROM role
      WHERE name IN ('ADMINISTRATOR', 'CUSTOMER_SERVICE', 'GENERAL_MANAGER', 'SALES_MANAGER');
      """),
    Migration(
      "identity-0018-refund-permission",
      """
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'payments.refund' FROM role WHERE name = 'FINANCE';
      INSERT INTO duty_conflict (first, second, reason) VALUES
        ('orders.cancel', 'payments.refund', 'Cancels orders and pays the money out');
      """),
    Migration(
      "identity-0019-return-permissions",
      """
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'returns.create' FROM role WHERE name IN ('CUSTOMER_SERVICE', 'SALES', 'TILL');
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'returns.approve' FROM role WHERE name IN ('GENERAL_MANAGER', 'SALES_MANAGER');
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'returns.receive' FROM role WHERE name = 'WAREHOUSE';
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'complaints.write' FROM role
      WHERE name IN ('CUSTOMER_SERVICE', 'GENERAL_MANAGER', 'SALES', 'SALES_MANAGER');
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'returns.credit' FROM role WHERE name = 'FINANCE';
      INSERT INTO duty_conflict (first, second, reason) VALUES
        ('returns.create', 'returns.approve', 'Approves what it takes back'),
        ('returns.create', 'returns.receive', 'Takes back goods that never came'),
        ('returns.receive', 'returns.credit', 'Takes in what never came and credits it');
      """),
    Migration(
      "identity-0020-notice-permissions",
      """
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'notices.read' FROM role
      WHERE name IN ('ADMINISTRATOR', 'AUDITOR', 'CUSTOMER_SERVICE', 'GENERAL_MANAGER', 'SALES',
        'SALES_MANAGER');
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'notices.write' FROM role WHERE name IN ('ADMINISTRATOR', 'CUSTOMER_SERVICE');
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'notices.configure' FROM role WHERE name = 'ADMINISTRATOR';
      """),
    Migration("identity-0021-restoration", restoration),
    // A refresh whose reply was lost comes again.
    Migration(
      "identity-0022-repeated-refresh",
      """
      ALTER TABLE session ADD COLUMN repeat_digest BLOB;
      ALTER TABLE session ADD COLUMN repeat_key BLOB;
      ALTER TABLE session ADD COLUMN repeat_until INTEGER;
      """),
    // Whoever sells cards does not hand out what is on others.
    Migration(
      "identity-0023-gift-card-permission",
      """
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'giftcards.replace' FROM role WHERE name IN ('GENERAL_MANAGER', 'SALES_MANAGER');
      INSERT INTO duty_conflict (first, second, reason) VALUES
        ('giftcards.replace', 'payments.write', 'Hands out new gift cards and pays with them');
      """),
    Migration(
      "identity-0024-dunning-permission",
      """
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'dunning.write' FROM role WHERE name IN ('FINANCE', 'GENERAL_MANAGER');
      """),
    Migration(
      "identity-0025-automation-permissions",
      """
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'automation.read' FROM role
      WHERE name IN ('ADMINISTRATOR', 'AUDITOR', 'GENERAL_MANAGER');
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'automation.configure' FROM role WHERE name = 'ADMINISTRATOR';
      """),
    // Managers forgo what reminding costs, not who runs the reminders.
    Migration(
      "identity-0026-dunning-waiver",
      """
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'dunning.waive' FROM role WHERE name IN ('GENERAL_MANAGER', 'SALES_MANAGER');
      """),
    // Whoever sets prices does not agree to those beyond the band.
    Migration(
      "identity-0027-price-approval",
      """
      INSERT INTO role_permission (role_id, permission)
      SELECT id, 'prices.approve' FROM role WHERE name IN ('FINANCE', 'GENERAL_MANAGER');
      """),
  ]

  /// A database that came out of backups, and who has agreed to it.
  private static let restoration: StaticString = """
    CREATE TABLE restoration (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      backup TEXT NOT NULL,
      backup_at INTEGER NOT NULL,
      chosen_at INTEGER,
      reached_at INTEGER NOT NULL,
      records INTEGER NOT NULL,
      left_out INTEGER,
      known_until INTEGER NOT NULL,
      last_sequence INTEGER,
      last_method TEXT,
      last_principal TEXT,
      last_at INTEGER,
      restored_by TEXT NOT NULL,
      restored_at INTEGER NOT NULL,
      reason TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('PENDING', 'APPROVED', 'REJECTED')),
      agreed_by TEXT,
      decided_by TEXT,
      decided_at INTEGER,
      CHECK ((state = 'PENDING') = (decided_by IS NULL)),
      CHECK ((decided_by IS NULL) = (decided_at IS NULL))
    ) STRICT;
    INSERT INTO role_permission (role_id, permission)
    SELECT id, 'operations.read' FROM role WHERE name IN ('ADMINISTRATOR', 'AUDITOR');
    """

  /// Who of the shipped roles is told costs, credit and personal data. Roles that the company has
  /// added are not, until somebody says so.
  private static let fieldPermissions: StaticString = """
    INSERT INTO role_permission (role_id, permission)
    SELECT id, 'cost.read' FROM role WHERE name IN (
      'ADMINISTRATOR', 'AUDITOR', 'FINANCE', 'GENERAL_MANAGER', 'PRODUCTION_PLANNER', 'PURCHASER',
      'SALES_MANAGER');
    INSERT INTO role_permission (role_id, permission)
    SELECT id, 'credit.read' FROM role WHERE name IN (
      'ADMINISTRATOR', 'AUDITOR', 'FINANCE', 'GENERAL_MANAGER', 'SALES_MANAGER');
    INSERT INTO role_permission (role_id, permission)
    SELECT id, 'personal.read' FROM role WHERE name IN (
      'ADMINISTRATOR', 'AUDITOR', 'CUSTOMER_SERVICE', 'FINANCE', 'GENERAL_MANAGER', 'INTEGRATION',
      'SALES', 'SALES_MANAGER', 'TILL', 'WAREHOUSE');
    """

  private static let fourEyes: StaticString = """
    CREATE TABLE delegation (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      delegator_id INTEGER NOT NULL REFERENCES principal (id),
      delegate_id INTEGER NOT NULL REFERENCES principal (id),
      role_id INTEGER NOT NULL REFERENCES role (id),
      begins_at INTEGER NOT NULL,
      ends_at INTEGER NOT NULL CHECK (ends_at > begins_at),
      revoked_at INTEGER,
      CHECK (delegator_id <> delegate_id)
    ) STRICT;
    CREATE INDEX delegation_delegate ON delegation (delegate_id, ends_at);
    CREATE INDEX delegation_delegator ON delegation (delegator_id, ends_at);

    -- Power over who may do what that works once another administrator has agreed.
    CREATE TABLE withheld_grant (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL CHECK (kind = 'ROLE' OR kind = 'KEY' OR kind = 'PERMISSION'),
      principal_id INTEGER REFERENCES principal (id),
      role_id INTEGER REFERENCES role (id),
      key_id INTEGER REFERENCES api_key (id),
      requested_by TEXT NOT NULL,
      requested_at INTEGER NOT NULL,
      decided_by TEXT,
      decided_at INTEGER,
      is_approved INTEGER CHECK (is_approved BETWEEN 0 AND 1),
      CHECK ((decided_by IS NULL) = (is_approved IS NULL))
    ) STRICT;
    CREATE INDEX withheld_grant_open ON withheld_grant (id) WHERE is_approved IS NULL;

    ALTER TABLE api_key ADD COLUMN
      is_withheld INTEGER NOT NULL DEFAULT 0 CHECK (is_withheld BETWEEN 0 AND 1);

    CREATE TABLE duty_conflict (
      first TEXT NOT NULL,
      second TEXT NOT NULL,
      reason TEXT NOT NULL,
      PRIMARY KEY (first, second)
    ) STRICT, WITHOUT ROWID;
    """

  /// What a company begins with and may change.
  private static let shippedDutyConflicts: StaticString = """
    INSERT INTO duty_conflict (first, second, reason) VALUES
      ('identity.write', 'orders.approve', 'Gives itself what it then approves'),
      ('identity.write', 'payments.write', 'Makes up a person and pays it'),
      ('identity.write', 'purchasing.bill', 'Makes up a person and books its bills'),
      ('orders.configure', 'orders.create', 'Sets the limits that its own orders must keep'),
      ('orders.create', 'orders.approve', 'Approves what it sells'),
      ('payments.write', 'finance.configure', 'Takes money and sets the accounts it is booked to'),
      ('payments.write', 'invoices.write', 'Takes money and writes off what it was for'),
      ('prices.write', 'orders.create', 'Sells at prices of its own making'),
      ('purchasing.receive', 'purchasing.bill', 'Takes in what never came and books the bill'),
      ('purchasing.write', 'purchasing.receive', 'Orders goods and says that they came'),
      ('stock.adjust', 'shipments.write', 'Ships goods and counts them away'),
      ('suppliers.write', 'purchasing.bill', 'Makes up a supplier and books its bills'),
      ('suppliers.write', 'purchasing.write', 'Makes up a supplier and orders from it');
    """

  /// What a company begins with and may change. GENERAL_MANAGER is the role of the shipped approval
  /// rules; an auditor reads everything and changes nothing.
  private static let shippedRoles: StaticString = """
    INSERT INTO role (id, name, title, version) VALUES
      (1, 'ADMINISTRATOR', 'Who may do what; settings and master data', 1),
      (2, 'AUDITOR', 'Reads everything, changes nothing', 1),
      (3, 'CUSTOMER_SERVICE', 'Customers, and what becomes of their orders', 1),
      (4, 'FINANCE', 'Invoices, payments, books', 1),
      (5, 'GENERAL_MANAGER', 'Approves what passes the limits of others', 1),
      (6, 'INTEGRATION', 'Web shops and marketplaces', 1),
      (7, 'PRODUCTION_PLANNER', 'Bills of material, work centres, work orders', 1),
      (8, 'PURCHASER', 'Suppliers, requisitions, purchase orders', 1),
      (9, 'SALES', 'Quotes and orders', 1),
      (10, 'SALES_MANAGER', 'Orders, prices and approvals', 1),
      (11, 'TILL', 'A terminal in a shop', 1),
      (12, 'WAREHOUSE', 'Stock, goods in and goods out', 1),
      (13, 'WORKSHOP', 'Reports what was made', 1);

    INSERT INTO role_permission (role_id, permission) VALUES
      (1, 'identity.read'), (1, 'identity.write'), (1, 'audit.verify'), (1, 'events.read'),
      (1, 'tills.read'), (1, 'catalog.read'), (1, 'catalog.write'), (1, 'finance.configure'),
      (1, 'orders.configure'), (1, 'production.configure'), (1, 'production.read'),
      (1, 'prices.read'), (1, 'prices.write'), (1, 'customers.read'), (1, 'customers.write'),
      (1, 'stock.read'), (1, 'stock.write'), (1, 'suppliers.write'), (1, 'purchasing.read'),
      (1, 'orders.read'), (1, 'finance.read'),

      (2, 'identity.read'), (2, 'audit.verify'), (2, 'events.read'), (2, 'tills.read'),
      (2, 'catalog.read'), (2, 'prices.read'), (2, 'customers.read'), (2, 'orders.read'),
      (2, 'finance.read'), (2, 'stock.read'), (2, 'production.read'), (2, 'purchasing.read'),

      (3, 'customers.read'), (3, 'customers.write'), (3, 'orders.read'), (3, 'orders.create'),
      (3, 'orders.cancel'), (3, 'catalog.read'), (3, 'prices.read'), (3, 'stock.read'),

      (4, 'finance.read'), (4, 'finance.configure'), (4, 'payments.write'),
      (4, 'invoices.write'), (4, 'purchasing.bill'), (4, 'purchasing.read'), (4, 'orders.read'),
      (4, 'customers.read'), (4, 'catalog.read'), (4, 'prices.read'), (4, 'stock.read'),

      (5, 'orders.approve'), (5, 'orders.read'), (5, 'orders.cancel'), (5, 'customers.read'),
      (5, 'catalog.read'), (5, 'prices.read'), (5, 'finance.read'), (5, 'stock.read'),
      (5, 'production.read'), (5, 'purchasing.read'), (5, 'events.read'),

      (6, 'catalog.read'), (6, 'prices.read'), (6, 'stock.read'), (6, 'customers.read'),
      (6, 'customers.write'), (6, 'orders.create'), (6, 'orders.confirm'), (6, 'orders.cancel'),
      (6, 'orders.read'), (6, 'payments.write'), (6, 'events.read'),

      (7, 'production.configure'), (7, 'production.plan'), (7, 'production.read'),
      (7, 'production.report'), (7, 'catalog.read'), (7, 'stock.read'), (7, 'orders.read'),
      (7, 'purchasing.read'),

      (8, 'suppliers.write'), (8, 'purchasing.read'), (8, 'purchasing.write'), (8, 'catalog.read'),
      (8, 'stock.read'), (8, 'production.read'),

      (9, 'orders.create'), (9, 'orders.confirm'), (9, 'orders.cancel'), (9, 'orders.read'),
      (9, 'customers.read'), (9, 'customers.write'), (9, 'catalog.read'), (9, 'prices.read'),
      (9, 'stock.read'),

      (10, 'orders.create'), (10, 'orders.confirm'), (10, 'orders.cancel'), (10, 'orders.read'),
      (10, 'orders.approve'), (10, 'orders.configure'), (10, 'customers.read'),
      (10, 'customers.write'), (10, 'catalog.read'), (10, 'prices.read'), (10, 'prices.write'),
      (10, 'stock.read'), (10, 'finance.read'), (10, 'events.read'),

      (11, 'tills.sync'), (11, 'tills.read'), (11, 'catalog.read'), (11, 'prices.read'),
      (11, 'stock.read'), (11, 'customers.read'), (11, 'customers.write'), (11, 'orders.create'),
      (11, 'orders.confirm'), (11, 'orders.read'), (11, 'payments.write'),

      (12, 'stock.read'), (12, 'stock.write'), (12, 'stock.adjust'), (12, 'shipments.write'),
      (12, 'purchasing.receive'), (12, 'purchasing.read'), (12, 'orders.read'),
      (12, 'catalog.read'),

      (13, 'production.read'), (13, 'production.report'), (13, 'catalog.read'),
      (13, 'stock.read');
    """
}
