extension OrdersMigrations {
  /// What was asked for, where it was not in the product's base unit.
  static let askedQuantity: StaticString = """
    ALTER TABLE sales_order_line ADD COLUMN asked_quantity INTEGER;
    ALTER TABLE sales_order_line ADD COLUMN asked_unit TEXT;
    ALTER TABLE quote_line ADD COLUMN asked_quantity INTEGER;
    ALTER TABLE quote_line ADD COLUMN asked_unit TEXT;
    """
}
