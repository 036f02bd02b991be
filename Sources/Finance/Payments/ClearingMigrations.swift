extension FinanceMigrations {
  /// Cheques and bank acceptances: `method` knows none of them, and where they stand. What is held
  /// counts in the credit in use.
  static let instruments: StaticString = """
    INSERT INTO account (code, name, name_english, type) VALUES
      ('1121', '应收票据', 'Bills receivable', 'ASSET');

    ALTER TABLE payment ADD COLUMN instrument TEXT
      CHECK (instrument = 'CHEQUE' OR instrument = 'BANK_ACCEPTANCE');
    ALTER TABLE payment ADD COLUMN clearing TEXT
      CHECK (clearing = 'HELD' OR clearing = 'CLEARED' OR clearing = 'DISHONOURED')
      CHECK (clearing IS NULL OR instrument IS NOT NULL);
    CREATE INDEX payment_held ON payment (earmark_kind, earmark_number) WHERE clearing = 'HELD';

    ALTER TABLE credit_total ADD COLUMN uncleared_minor INTEGER NOT NULL DEFAULT 0
      CHECK (uncleared_minor >= 0);
    """
}
