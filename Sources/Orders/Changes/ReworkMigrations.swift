extension OrdersMigrations {
  /// How what was begun becomes what a requested change asks for.
  static let rework: StaticString = """
    ALTER TABLE change_request_line ADD COLUMN rework TEXT NOT NULL DEFAULT '';
    """
}
