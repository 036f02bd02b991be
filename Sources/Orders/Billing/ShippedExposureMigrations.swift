extension OrdersMigrations {
  /// What has left of orders that are under way and is not invoiced, in the base currency, counts
  /// as such in their exposure: cumulative shares of lines, as they are invoiced. Where the numbers
  /// are too large for the database's arithmetic they are a cent off until the order moves.
  static let shippedExposure: StaticString = """
    UPDATE credit_exposure SET shipped_minor = min(amount_minor, gone.minor)
    FROM (
      SELECT o.number,
        CASE WHEN o.base_currency IS NULL THEN sum(part.minor) ELSE
          CAST((2 * sum(part.minor) * o.rate_micros
              * CASE WHEN o.base_currency IN ('JPY', 'KRW', 'VND') THEN 1 ELSE 100 END
              + o.rate_units * 1000000
                * CASE WHEN o.currency IN ('JPY', 'KRW', 'VND') THEN 1 ELSE 100 END)
            / (2 * o.rate_units * 1000000
              * CASE WHEN o.currency IN ('JPY', 'KRW', 'VND') THEN 1 ELSE 100 END) AS INTEGER)
        END AS minor
      FROM (
        SELECT l.sales_order_id AS id, CAST(
            (2 * l.net_minor * l.shipped + l.ordered) / (2 * l.ordered)
            - (2 * l.net_minor * l.invoiced + l.ordered) / (2 * l.ordered)
            + (2 * l.tax_minor * l.shipped + l.ordered) / (2 * l.ordered)
            - (2 * l.tax_minor * l.invoiced + l.ordered) / (2 * l.ordered) AS INTEGER) AS minor
        FROM sales_order_line AS l WHERE l.shipped > l.invoiced
      ) AS part
      JOIN sales_order AS o ON o.id = part.id
      GROUP BY o.id
    ) AS gone
    WHERE document_kind = 'SALES_ORDER' AND document_number = gone.number AND gone.minor > 0;
    UPDATE credit_total SET shipped_minor = gone.minor
    FROM (
      SELECT customer_id, sum(shipped_minor) AS minor FROM credit_exposure
      WHERE shipped_minor > 0 GROUP BY customer_id
    ) AS gone
    WHERE gone.customer_id = credit_total.customer_id;
    """
}
