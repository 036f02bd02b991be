extension OrdersMigrations {
  /// Orders that are invoiced together with others: what their instructions say, where it can be
  /// looked up. The last part of their row about the invoice says it; behind it may be remarks for
  /// the delivery.
  static let invoicedTogether: StaticString = """
    ALTER TABLE sales_order ADD COLUMN is_invoiced_together INTEGER NOT NULL DEFAULT 0
      CHECK (is_invoiced_together IN (0, 1));
    UPDATE sales_order SET is_invoiced_together = 1
    WHERE (instructions LIKE 'INVOICE\t%' OR instructions LIKE '%\nINVOICE\t%')
      AND (instructions LIKE '%\t1\nDELIVERY\t%'
        OR instructions LIKE '%\t1' AND instructions NOT LIKE '%\nDELIVERY\t%');
    CREATE INDEX sales_order_invoiced_together ON sales_order (customer_code, id)
      WHERE is_invoiced_together = 1 AND state <> 'CLOSED' AND state <> 'CANCELLED';
    """
}
