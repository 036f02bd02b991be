extension OrdersMigrations {
  /// What becomes of work that has begun for what a requested change takes away.
  static let begunWork: StaticString = """
    ALTER TABLE change_request_line ADD COLUMN begun_work TEXT NOT NULL DEFAULT 'KEPT_AS_STOCK';
    """
}
