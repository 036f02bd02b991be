extension OrdersMigrations {
  /// At which rate orders and offers in another currency than that of the books count there; null
  /// in that one.
  static let currency: StaticString = """
    ALTER TABLE sales_order ADD COLUMN rate_micros INTEGER CHECK (rate_micros > 0);
    ALTER TABLE sales_order ADD COLUMN rate_units INTEGER CHECK (rate_units > 0);
    ALTER TABLE sales_order ADD COLUMN base_currency TEXT;
    ALTER TABLE sales_order ADD COLUMN base_gross_minor INTEGER CHECK (base_gross_minor >= 0);

    ALTER TABLE quote_variant ADD COLUMN rate_micros INTEGER CHECK (rate_micros > 0);
    ALTER TABLE quote_variant ADD COLUMN rate_units INTEGER CHECK (rate_units > 0);
    ALTER TABLE quote_variant ADD COLUMN base_currency TEXT;
    ALTER TABLE quote_variant ADD COLUMN base_gross_minor INTEGER CHECK (base_gross_minor >= 0);

    ALTER TABLE order_refund ADD COLUMN base_currency TEXT;
    ALTER TABLE order_refund ADD COLUMN base_compensation_minor INTEGER
      CHECK (base_compensation_minor >= 0);
    """
}
