extension OrdersMigrations {
  /// Points for lines of products of a class; null for all.
  static let productPriority: StaticString = """
    ALTER TABLE priority_rule ADD COLUMN product_class TEXT;
    """
}
