package import Storage

/// Tables of finance. Entries are only ever appended.
package enum FinanceMigrations {
  package static let all: [Migration] = [
    Migration(
      "finance-0001-ledger",
      """
      CREATE TABLE account (
        code TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        name_english TEXT NOT NULL,
        type TEXT NOT NULL CHECK (
          type = 'ASSET' OR type = 'LIABILITY' OR type = 'EQUITY' OR type = 'INCOME' OR
          type = 'EXPENSE')
      ) STRICT;
      INSERT INTO account (code, name, name_english, type) VALUES
        ('1002', '银行存款', 'Bank', 'ASSET'),
        ('1122', '应收账款', 'Accounts receivable', 'ASSET'),
        ('1403', '原材料', 'Raw materials', 'ASSET'),
        ('1405', '库存商品', 'Finished goods', 'ASSET'),
        ('1406', '发出商品', 'Goods dispatched', 'ASSET'),
        ('1901', '待处理财产损溢', 'Inventory differences', 'ASSET'),
        ('2202', '应付账款', 'Accounts payable', 'LIABILITY'),
        ('2202.01', '应付账款—暂估', 'Goods received not invoiced', 'LIABILITY'),
        ('2204', '合同负债', 'Customer deposits', 'LIABILITY'),
        ('2221.01', '应交税费—销项税额', 'Output VAT', 'LIABILITY'),
        ('2221.02', '应交税费—进项税额', 'Input VAT', 'LIABILITY'),
        ('4001', '实收资本', 'Capital', 'EQUITY'),
        ('5001', '生产成本', 'Work in progress', 'ASSET'),
        ('5101', '制造费用—已分配', 'Labour and overhead absorbed', 'EXPENSE'),
        ('6001', '主营业务收入', 'Revenue', 'INCOME'),
        ('6001.02', '主营业务收入—服务', 'Service revenue', 'INCOME'),
        ('6401', '主营业务成本', 'Cost of sales', 'EXPENSE'),
        ('6401.01', '采购价格差异', 'Purchase price variance', 'EXPENSE'),
        ('6401.02', '生产成本差异', 'Production variance', 'EXPENSE'),
        ('6401.03', '废品损失', 'Scrap loss', 'EXPENSE');

      CREATE TABLE account_balance (
        account TEXT NOT NULL REFERENCES account (code),
        currency TEXT NOT NULL,
        debit_minor INTEGER NOT NULL CHECK (debit_minor >= 0),
        credit_minor INTEGER NOT NULL CHECK (credit_minor >= 0),
        PRIMARY KEY (account, currency)
      ) STRICT;

      CREATE TABLE journal_entry (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        posted_on INTEGER NOT NULL,
        posted_at INTEGER NOT NULL,
        event TEXT NOT NULL,
        origin_kind TEXT NOT NULL,
        origin_number TEXT NOT NULL,
        origin_line INTEGER NOT NULL,
        occurrence INTEGER NOT NULL,
        text TEXT NOT NULL,
        -- Nothing is posted twice. The document comes first: its entries are looked up by it.
        UNIQUE (origin_kind, origin_number, origin_line, event, occurrence)
      ) STRICT;
      CREATE INDEX journal_entry_posted_on ON journal_entry (posted_on);

      CREATE TABLE journal_line (
        id INTEGER PRIMARY KEY,
        entry_id INTEGER NOT NULL REFERENCES journal_entry (id),
        line_no INTEGER NOT NULL CHECK (line_no > 0),
        debit_account TEXT NOT NULL REFERENCES account (code),
        credit_account TEXT NOT NULL REFERENCES account (code),
        amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
        currency TEXT NOT NULL,
        party_code TEXT,
        UNIQUE (entry_id, line_no),
        CHECK (debit_account <> credit_account)
      ) STRICT;
      """),
    Migration(
      "finance-0002-credit",
      """
      CREATE TABLE credit_exposure (
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        document_kind TEXT NOT NULL,
        document_number TEXT NOT NULL,
        amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
        currency TEXT NOT NULL,
        PRIMARY KEY (customer_id, document_kind, document_number)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE credit_total (
        customer_id INTEGER PRIMARY KEY REFERENCES customer (id),
        exposure_minor INTEGER NOT NULL CHECK (exposure_minor >= 0)
      ) STRICT;
      """),
    Migration(
      "finance-0003-invoice",
      """
      CREATE TABLE invoice (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        customer_code TEXT NOT NULL,
        order_kind TEXT NOT NULL,
        order_number TEXT NOT NULL,
        issued_on INTEGER NOT NULL,
        due_on INTEGER NOT NULL CHECK (due_on >= issued_on),
        text TEXT NOT NULL,
        net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
        tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
        gross_minor INTEGER NOT NULL CHECK (gross_minor = net_minor + tax_minor),
        paid_minor INTEGER NOT NULL CHECK (paid_minor BETWEEN 0 AND gross_minor),
        currency TEXT NOT NULL
      ) STRICT;
      CREATE INDEX invoice_order ON invoice (order_kind, order_number);
      CREATE INDEX invoice_customer ON invoice (customer_id);
      CREATE INDEX invoice_due ON invoice (customer_id, due_on, id)
        WHERE paid_minor < gross_minor;
      CREATE INDEX invoice_unpaid ON invoice (id) WHERE paid_minor < gross_minor;

      CREATE TABLE invoice_line (
        id INTEGER PRIMARY KEY,
        invoice_id INTEGER NOT NULL REFERENCES invoice (id),
        line_no INTEGER NOT NULL CHECK (line_no > 0),
        order_line INTEGER NOT NULL,
        description TEXT NOT NULL,
        quantity_micros INTEGER NOT NULL,
        unit TEXT NOT NULL,
        net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
        tax_rate_micros INTEGER NOT NULL,
        tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
        is_service INTEGER NOT NULL CHECK (is_service IN (0, 1)),
        UNIQUE (invoice_id, line_no)
      ) STRICT;
      """),
    Migration(
      "finance-0004-payment",
      """
      CREATE TABLE payment (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        customer_code TEXT NOT NULL,
        amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
        currency TEXT NOT NULL,
        method TEXT NOT NULL CHECK (
          method = 'CASH' OR method = 'CARD' OR method = 'BANK_TRANSFER' OR method = 'ALIPAY' OR
          method = 'WECHAT_PAY' OR method = 'OTHER'),
        external_reference TEXT,
        earmark_kind TEXT,
        earmark_number TEXT,
        received_on INTEGER NOT NULL,
        recorded_at INTEGER NOT NULL,
        applied_minor INTEGER NOT NULL CHECK (applied_minor BETWEEN 0 AND amount_minor),
        UNIQUE (method, external_reference),
        CHECK ((earmark_kind IS NULL) = (earmark_number IS NULL))
      ) STRICT;
      CREATE INDEX payment_earmark ON payment (earmark_kind, earmark_number);
      CREATE INDEX payment_free ON payment (customer_id, id)
        WHERE earmark_kind IS NULL AND applied_minor < amount_minor;

      CREATE TABLE payment_application (
        id INTEGER PRIMARY KEY,
        payment_id INTEGER NOT NULL REFERENCES payment (id),
        invoice_id INTEGER NOT NULL REFERENCES invoice (id),
        amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
        currency TEXT NOT NULL,
        applied_on INTEGER NOT NULL,
        applied_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX payment_application_payment ON payment_application (payment_id);
      CREATE INDEX payment_application_invoice ON payment_application (invoice_id);
      """),
    // For reports: what is still to be paid, in the order of the customers.
    Migration(
      "finance-0005-receivable",
      """
      CREATE INDEX invoice_receivable ON invoice (customer_code, due_on)
        WHERE paid_minor < gross_minor;
      CREATE VIEW view_receivable AS
        SELECT number, customer_code, due_on, gross_minor - paid_minor AS open_minor, currency
        FROM invoice WHERE paid_minor < gross_minor;
      """),
    // For whoever asks whose a payment is.
    Migration(
      "finance-0006-payment-owner",
      """
      CREATE INDEX payment_customer ON payment (customer_id, id);
      CREATE VIEW view_payment_owner AS
        SELECT p.number, c.owner, c.store_code
        FROM payment AS p JOIN view_customer_owner AS c ON c.id = p.customer_id;
      """),
    // Credit beside the limit, for a while. Whoever decides is not who asked.
    Migration(
      "finance-0007-credit-grant",
      """
      CREATE TABLE credit_grant (
        id INTEGER PRIMARY KEY,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
        currency TEXT NOT NULL,
        valid_from INTEGER NOT NULL,
        valid_until INTEGER NOT NULL CHECK (valid_until >= valid_from),
        reason TEXT NOT NULL,
        state TEXT NOT NULL CHECK (
          state = 'PENDING' OR state = 'APPROVED' OR state = 'REFUSED' OR state = 'WITHDRAWN'),
        granted_by TEXT NOT NULL,
        decided_by TEXT CHECK (decided_by <> granted_by),
        CHECK ((state = 'PENDING') = (decided_by IS NULL))
      ) STRICT;
      CREATE INDEX credit_grant_customer ON credit_grant (customer_id, id);
      CREATE INDEX credit_grant_day ON credit_grant (customer_id, valid_until)
        WHERE state = 'APPROVED';
      """),
    // What a payment was used for besides invoices counts as applied, too, so that what is left of
    // it stays one difference; `settled_minor` is the sum of those uses.
    Migration(
      "finance-0008-deposit",
      """
      INSERT INTO account (code, name, name_english, type) VALUES
        ('2241', '其他应付款', 'Other payables', 'LIABILITY'),
        ('6301', '营业外收入', 'Compensation income', 'INCOME'),
        ('6711', '营业外支出', 'Compensation paid', 'EXPENSE');

      ALTER TABLE payment ADD COLUMN kind TEXT NOT NULL DEFAULT 'PREPAYMENT'
        CHECK (kind = 'PREPAYMENT' OR kind = 'EARNEST');
      ALTER TABLE payment ADD COLUMN settled_minor INTEGER NOT NULL DEFAULT 0
        CHECK (settled_minor >= 0);
      ALTER TABLE invoice_line ADD COLUMN is_compensation INTEGER NOT NULL DEFAULT 0
        CHECK (is_compensation IN (0, 1));

      CREATE TABLE payment_use (
        id INTEGER PRIMARY KEY,
        payment_id INTEGER NOT NULL REFERENCES payment (id),
        kind TEXT NOT NULL CHECK (kind = 'FORFEITED' OR kind = 'REFUNDED'),
        amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
        currency TEXT NOT NULL,
        used_on INTEGER NOT NULL,
        used_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX payment_use_payment ON payment_use (payment_id);
      """),
    // What is credited of an invoice counts as paid, too, so that what is open of it stays one
    // difference; `credited_minor` is the sum of its credit notes.
    Migration(
      "finance-0009-credit-note",
      """
      INSERT INTO account (code, name, name_english, type) VALUES
        ('6001.03', '主营业务收入—销售退回', 'Sales returns', 'INCOME');

      ALTER TABLE invoice ADD COLUMN credited_minor INTEGER NOT NULL DEFAULT 0
        CHECK (credited_minor >= 0 AND credited_minor <= paid_minor);

      CREATE TABLE credit_note (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        invoice_id INTEGER NOT NULL REFERENCES invoice (id),
        cause_kind TEXT NOT NULL,
        cause_number TEXT NOT NULL,
        issued_on INTEGER NOT NULL,
        issued_at INTEGER NOT NULL,
        text TEXT NOT NULL,
        net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
        tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
        gross_minor INTEGER NOT NULL CHECK (gross_minor = net_minor + tax_minor),
        released_minor INTEGER NOT NULL CHECK (released_minor BETWEEN 0 AND gross_minor),
        currency TEXT NOT NULL
      ) STRICT;
      CREATE INDEX credit_note_invoice ON credit_note (invoice_id);
      CREATE INDEX credit_note_cause ON credit_note (cause_kind, cause_number);

      CREATE TABLE credit_note_line (
        credit_note_id INTEGER NOT NULL REFERENCES credit_note (id),
        line_no INTEGER NOT NULL CHECK (line_no > 0),
        invoice_id INTEGER NOT NULL REFERENCES invoice (id),
        invoice_line_no INTEGER NOT NULL,
        quantity_micros INTEGER NOT NULL CHECK (quantity_micros > 0),
        net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
        tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
        PRIMARY KEY (credit_note_id, line_no)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX credit_note_line_invoice ON credit_note_line (invoice_id, invoice_line_no);

      CREATE TABLE payment_release (
        id INTEGER PRIMARY KEY,
        payment_id INTEGER NOT NULL REFERENCES payment (id),
        invoice_id INTEGER NOT NULL REFERENCES invoice (id),
        amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
        currency TEXT NOT NULL,
        released_on INTEGER NOT NULL,
        released_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX payment_release_payment ON payment_release (payment_id);
      CREATE INDEX payment_release_invoice ON payment_release (invoice_id);
      """),
    // Exposure lies by document: by customer, each order of a commit wrote a page of its own. What
    // is asked by customer is in the sums.
    Migration(
      "finance-0010-exposure-by-document",
      """
      CREATE TABLE credit_exposure_next (
        document_kind TEXT NOT NULL,
        document_number TEXT NOT NULL,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
        currency TEXT NOT NULL,
        PRIMARY KEY (document_kind, document_number)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO credit_exposure_next
        (document_kind, document_number, customer_id, amount_minor, currency)
      SELECT document_kind, document_number, customer_id, amount_minor, currency
      FROM credit_exposure ORDER BY document_kind, document_number;
      DROP TABLE credit_exposure;
      ALTER TABLE credit_exposure_next RENAME TO credit_exposure;

      ALTER TABLE credit_total ADD COLUMN invoiced_minor INTEGER NOT NULL DEFAULT 0
        CHECK (invoiced_minor BETWEEN 0 AND exposure_minor);
      UPDATE credit_total SET invoiced_minor = invoiced.minor
      FROM (
        SELECT customer_id, sum(amount_minor) AS minor FROM credit_exposure
        WHERE document_kind = 'INVOICE' GROUP BY customer_id) AS invoiced
      WHERE invoiced.customer_id = credit_total.customer_id;
      """),
    // What an exchange makes the money of another order is a payment of its own from then on.
    Migration(
      "finance-0011-carried-payment",
      """
      CREATE TABLE payment_use_next (
        id INTEGER PRIMARY KEY,
        payment_id INTEGER NOT NULL REFERENCES payment (id),
        kind TEXT NOT NULL CHECK (
          kind = 'FORFEITED' OR kind = 'REFUNDED' OR kind = 'CARRIED'),
        amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
        currency TEXT NOT NULL,
        used_on INTEGER NOT NULL,
        used_at INTEGER NOT NULL,
        carried_to INTEGER UNIQUE REFERENCES payment (id),
        CHECK ((kind = 'CARRIED') = (carried_to IS NOT NULL)),
        CHECK (carried_to <> payment_id)
      ) STRICT;
      INSERT INTO payment_use_next (id, payment_id, kind, amount_minor, currency, used_on, used_at)
      SELECT id, payment_id, kind, amount_minor, currency, used_on, used_at FROM payment_use;
      DROP TABLE payment_use;
      ALTER TABLE payment_use_next RENAME TO payment_use;
      CREATE INDEX payment_use_payment ON payment_use (payment_id);
      """),
    // What is asked for may be the limit itself, which has no days.
    Migration(
      "finance-0012-credit-kind",
      """
      ALTER TABLE credit_grant ADD COLUMN kind TEXT NOT NULL DEFAULT 'TEMPORARY'
        CHECK (kind = 'TEMPORARY' OR kind = 'LIMIT' OR kind = 'GROUP_LIMIT');
      """),
    Migration("finance-0013-gift-cards", giftCards),
    Migration("finance-0014-points", points),
    Migration("finance-0015-base-amounts", baseAmounts),
    // What invoice the buyer asked for when it was issued; null for nothing in particular.
    Migration(
      "finance-0016-invoice-requirement", "ALTER TABLE invoice ADD COLUMN requirement TEXT;"),
    // For whoever reminds: what is open, also in the currency that it is owed in.
    Migration(
      "finance-0017-open-invoice",
      """
      CREATE VIEW view_open_invoice AS
        SELECT id, number, customer_id, customer_code, order_number, due_on,
          gross_minor - paid_minor AS open_minor, currency,
          base_gross_minor - base_paid_minor AS base_open_minor,
          COALESCE(base_currency, currency) AS base_currency
        FROM invoice WHERE paid_minor < gross_minor;
      CREATE VIEW view_invoice_age AS
        SELECT i.customer_id, i.due_on, i.issued_on,
          COALESCE(i.base_currency, i.currency) AS currency, i.base_gross_minor AS minor
        FROM invoice AS i
        UNION ALL
        SELECT i.customer_id, i.due_on, a.applied_on, COALESCE(i.base_currency, i.currency),
          -a.invoice_base_minor
        FROM payment_application AS a JOIN invoice AS i ON i.id = a.invoice_id
        UNION ALL
        SELECT i.customer_id, i.due_on, r.released_on, COALESCE(i.base_currency, i.currency),
          r.invoice_base_minor
        FROM payment_release AS r JOIN invoice AS i ON i.id = r.invoice_id
        UNION ALL
        SELECT i.customer_id, i.due_on, n.issued_on, COALESCE(i.base_currency, i.currency),
          -n.base_gross_minor - n.base_difference_minor
        FROM credit_note AS n JOIN invoice AS i ON i.id = n.invoice_id;
      """),
    Migration("finance-0018-consolidated-invoices", consolidatedInvoices),
    Migration("finance-0019-claims", claims),
    Migration("finance-0020-temporary-group-limits", temporaryGroupLimits),
    Migration("finance-0021-payouts", payouts),
    Migration("finance-0022-collections", collections),
    Migration("finance-0023-carrier-claims", carrierClaims),
    Migration("finance-0024-shipped-exposure", shippedExposure),
    Migration("finance-0025-dishonoured-payments", dishonouredPayments),
    Migration("finance-0026-instruments", instruments),
    Migration("finance-0027-carrier-claims-payable", carrierClaimsPayable),
    Migration("finance-0028-credit-horizon", creditHorizon),
  ]
}
