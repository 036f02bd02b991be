extension FinanceMigrations {
  /// What of an order's exposure has left. Nothing is known of it here; Orders fills it.
  static let shippedExposure: StaticString = """
    ALTER TABLE credit_exposure ADD COLUMN shipped_minor INTEGER NOT NULL DEFAULT 0
      CHECK (shipped_minor BETWEEN 0 AND amount_minor);
    ALTER TABLE credit_total ADD COLUMN shipped_minor INTEGER NOT NULL DEFAULT 0
      CHECK (shipped_minor >= 0);
    """
}
