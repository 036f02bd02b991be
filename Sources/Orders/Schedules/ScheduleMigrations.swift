extension OrdersMigrations {
  /// The parts of a line that are wanted on different days, as text of typed rows; null for a line
  /// that is wanted as a whole, which is nearly every one. A shipment may be of a named one.
  static let lineSchedules: StaticString = """
    ALTER TABLE sales_order_line ADD COLUMN schedules TEXT;
    ALTER TABLE sales_order_version_line ADD COLUMN schedules TEXT;
    ALTER TABLE change_request_line ADD COLUMN schedules TEXT;
    ALTER TABLE quote_line ADD COLUMN schedules TEXT;
    ALTER TABLE shipment_line ADD COLUMN schedule_number INTEGER;
    """
}
