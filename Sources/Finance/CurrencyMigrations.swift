extension FinanceMigrations {
  /// What documents in other currencies are worth in that of the books; all that was there was in
  /// it. What a movement is worth may change by itself: then its amount is nothing.
  static let baseAmounts: StaticString = """
    INSERT INTO account (code, name, name_english, type) VALUES
      ('6603.01', '财务费用—汇兑收益', 'Exchange gains', 'INCOME'),
      ('6603.02', '财务费用—汇兑损失', 'Exchange losses', 'EXPENSE');

    CREATE TABLE journal_line_next (
      id INTEGER PRIMARY KEY,
      entry_id INTEGER NOT NULL REFERENCES journal_entry (id),
      line_no INTEGER NOT NULL CHECK (line_no > 0),
      debit_account TEXT NOT NULL REFERENCES account (code),
      credit_account TEXT NOT NULL REFERENCES account (code),
      amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
      currency TEXT NOT NULL,
      base_minor INTEGER NOT NULL CHECK (base_minor >= 0),
      party_code TEXT,
      UNIQUE (entry_id, line_no),
      CHECK (debit_account <> credit_account),
      CHECK (amount_minor > 0 OR base_minor > 0)
    ) STRICT;
    INSERT INTO journal_line_next (id, entry_id, line_no, debit_account, credit_account,
      amount_minor, currency, base_minor, party_code)
    SELECT id, entry_id, line_no, debit_account, credit_account, amount_minor, currency,
      amount_minor, party_code
    FROM journal_line;
    DROP TABLE journal_line;
    ALTER TABLE journal_line_next RENAME TO journal_line;

    ALTER TABLE account_balance ADD COLUMN base_debit_minor INTEGER NOT NULL DEFAULT 0
      CHECK (base_debit_minor >= 0);
    ALTER TABLE account_balance ADD COLUMN base_credit_minor INTEGER NOT NULL DEFAULT 0
      CHECK (base_credit_minor >= 0);
    UPDATE account_balance
    SET base_debit_minor = debit_minor, base_credit_minor = credit_minor;

    -- A rate is null where the currency is that of the books.
    ALTER TABLE invoice ADD COLUMN rate_micros INTEGER CHECK (rate_micros > 0);
    ALTER TABLE invoice ADD COLUMN rate_units INTEGER CHECK (rate_units > 0);
    ALTER TABLE invoice ADD COLUMN base_currency TEXT;
    ALTER TABLE invoice ADD COLUMN base_gross_minor INTEGER NOT NULL DEFAULT 0
      CHECK (base_gross_minor >= 0);
    ALTER TABLE invoice ADD COLUMN base_paid_minor INTEGER NOT NULL DEFAULT 0
      CHECK (base_paid_minor BETWEEN 0 AND base_gross_minor);
    ALTER TABLE invoice ADD COLUMN base_credited_minor INTEGER NOT NULL DEFAULT 0
      CHECK (base_credited_minor >= 0);
    UPDATE invoice SET base_gross_minor = gross_minor, base_paid_minor = paid_minor,
      base_credited_minor = credited_minor;
    ALTER TABLE invoice_line ADD COLUMN base_net_minor INTEGER CHECK (base_net_minor >= 0);
    ALTER TABLE invoice_line ADD COLUMN base_tax_minor INTEGER CHECK (base_tax_minor >= 0);

    ALTER TABLE payment ADD COLUMN rate_micros INTEGER CHECK (rate_micros > 0);
    ALTER TABLE payment ADD COLUMN rate_units INTEGER CHECK (rate_units > 0);
    ALTER TABLE payment ADD COLUMN base_currency TEXT;
    ALTER TABLE payment ADD COLUMN base_amount_minor INTEGER NOT NULL DEFAULT 0
      CHECK (base_amount_minor >= 0);
    ALTER TABLE payment ADD COLUMN base_applied_minor INTEGER NOT NULL DEFAULT 0
      CHECK (base_applied_minor BETWEEN 0 AND base_amount_minor);
    UPDATE payment SET base_amount_minor = amount_minor, base_applied_minor = applied_minor;

    -- What it was worth as money, and as part of the invoice.
    ALTER TABLE payment_application ADD COLUMN payment_base_minor INTEGER NOT NULL DEFAULT 0
      CHECK (payment_base_minor >= 0);
    ALTER TABLE payment_application ADD COLUMN invoice_base_minor INTEGER NOT NULL DEFAULT 0
      CHECK (invoice_base_minor >= 0);
    UPDATE payment_application
    SET payment_base_minor = amount_minor, invoice_base_minor = amount_minor;
    ALTER TABLE payment_release ADD COLUMN payment_base_minor INTEGER NOT NULL DEFAULT 0
      CHECK (payment_base_minor >= 0);
    ALTER TABLE payment_release ADD COLUMN invoice_base_minor INTEGER NOT NULL DEFAULT 0
      CHECK (invoice_base_minor >= 0);
    UPDATE payment_release
    SET payment_base_minor = amount_minor, invoice_base_minor = amount_minor;
    -- What it was worth when it came in, and when it was used.
    ALTER TABLE payment_use ADD COLUMN payment_base_minor INTEGER NOT NULL DEFAULT 0
      CHECK (payment_base_minor >= 0);
    ALTER TABLE payment_use ADD COLUMN used_base_minor INTEGER NOT NULL DEFAULT 0
      CHECK (used_base_minor >= 0);
    UPDATE payment_use SET payment_base_minor = amount_minor, used_base_minor = amount_minor;

    -- `base_difference_minor`: what was left of the invoice in the books alone.
    ALTER TABLE credit_note ADD COLUMN base_gross_minor INTEGER NOT NULL DEFAULT 0
      CHECK (base_gross_minor >= 0);
    ALTER TABLE credit_note ADD COLUMN base_difference_minor INTEGER NOT NULL DEFAULT 0;
    UPDATE credit_note SET base_gross_minor = gross_minor;
    ALTER TABLE credit_note_line ADD COLUMN base_net_minor INTEGER CHECK (base_net_minor >= 0);
    ALTER TABLE credit_note_line ADD COLUMN base_tax_minor INTEGER CHECK (base_tax_minor >= 0);

    DROP VIEW view_receivable;
    CREATE VIEW view_receivable AS
      SELECT number, customer_code, due_on, base_gross_minor - base_paid_minor AS open_minor,
        COALESCE(base_currency, currency) AS currency
      FROM invoice WHERE paid_minor < gross_minor;
    """
}
