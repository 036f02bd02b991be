extension FinanceMigrations {
  /// One invoice for several orders. What is owed, paid and credited stays with its parts, of which
  /// each is for one order and has a row in `invoice`; the whole is their sum and has none of it.
  static let consolidatedInvoices: StaticString = """
    CREATE TABLE consolidated_invoice (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL UNIQUE,
      customer_id INTEGER NOT NULL REFERENCES customer (id),
      customer_code TEXT NOT NULL,
      issued_on INTEGER NOT NULL,
      due_on INTEGER NOT NULL CHECK (due_on >= issued_on),
      through_on INTEGER NOT NULL CHECK (through_on <= issued_on),
      currency TEXT NOT NULL,
      parts INTEGER NOT NULL CHECK (parts > 0)
    ) STRICT;
    CREATE INDEX consolidated_invoice_customer ON consolidated_invoice (customer_id, id);

    ALTER TABLE invoice ADD COLUMN consolidated_id INTEGER REFERENCES consolidated_invoice (id);
    CREATE INDEX invoice_consolidated ON invoice (consolidated_id, id)
      WHERE consolidated_id IS NOT NULL;
    ALTER TABLE invoice_line ADD COLUMN shipment_number TEXT;

    -- For whoever asks whose one is.
    CREATE VIEW view_consolidated_invoice_owner AS
      SELECT i.number, c.owner, c.store_code
      FROM consolidated_invoice AS i JOIN view_customer_owner AS c ON c.id = i.customer_id;
    """

  /// What reminders cost, as invoices that are for a letter and for no order.
  static let claims: StaticString = """
    INSERT INTO account (code, name, name_english, type) VALUES
      ('6051.01', '其他业务收入—催收费', 'Reminder fees', 'INCOME'),
      ('6603.03', '财务费用—逾期利息', 'Default interest', 'INCOME');
    ALTER TABLE invoice_line ADD COLUMN claim TEXT
      CHECK (claim = 'REMINDER_FEE' OR claim = 'DEFAULT_INTEREST');

    DROP VIEW view_open_invoice;
    CREATE VIEW view_open_invoice AS
      SELECT id, number, customer_id, customer_code, order_kind, order_number, due_on,
        gross_minor - paid_minor AS open_minor, currency,
        base_gross_minor - base_paid_minor AS base_open_minor,
        COALESCE(base_currency, currency) AS base_currency
      FROM invoice WHERE paid_minor < gross_minor;
    -- What letters claim and is booked, by letter.
    CREATE VIEW view_claim AS
      SELECT i.order_number AS letter_number, i.customer_id, i.currency, l.claim, l.net_minor
      FROM invoice AS i JOIN invoice_line AS l ON l.invoice_id = i.id
      WHERE i.order_kind = 'DUNNING_LETTER';
    """
}
