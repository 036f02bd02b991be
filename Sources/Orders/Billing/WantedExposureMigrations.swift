extension OrdersMigrations {
  /// What of an order's exposure has not left is wanted on the day of the order. Orders with parts
  /// that are wanted on days of their own count as a whole until they move.
  static let wantedExposure: StaticString = """
    UPDATE credit_exposure SET wanted_until = o.requested_on,
      wanted = o.requested_on || char(9) || (amount_minor - shipped_minor)
    FROM sales_order AS o
    WHERE document_kind = 'SALES_ORDER' AND document_number = o.number
      AND o.requested_on IS NOT NULL AND amount_minor > shipped_minor
      AND NOT EXISTS (
        SELECT 1 FROM sales_order_line AS l
        WHERE l.sales_order_id = o.id AND (l.schedules IS NOT NULL OR l.drop_shipped = 1));
    """
}
