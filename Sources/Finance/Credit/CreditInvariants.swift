import Storage
import Values

/// Credit in use is the sum of its documents, and an invoice exposes us to what is open of it.
enum CreditInvariants {
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try wrongTotals(in: snapshot) + wrongInvoices(in: snapshot)
      + ClearingInvariants.violations(in: snapshot)
  }

  private static func wrongTotals(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH side AS (
        SELECT customer_id, exposure_minor - invoiced_minor - uncleared_minor AS total,
          0 AS documents, 'ORDERS' AS part
        FROM credit_total
        UNION ALL
        SELECT customer_id, uncleared_minor, 0, 'UNCLEARED' FROM credit_total
        UNION ALL
        SELECT customer_id, invoiced_minor, 0, 'INVOICES' FROM credit_total
        UNION ALL
        SELECT customer_id, shipped_minor, 0, 'SHIPPED' FROM credit_total
        UNION ALL
        SELECT customer_id, 0, amount_minor,
          CASE document_kind WHEN 'INVOICE' THEN 'INVOICES' WHEN 'PAYMENT' THEN 'UNCLEARED'
            ELSE 'ORDERS' END
        FROM credit_exposure
        UNION ALL
        SELECT customer_id, 0, shipped_minor, 'SHIPPED' FROM credit_exposure
      )
      SELECT c.code, SUM(s.total), SUM(s.documents), c.currency
      FROM side AS s JOIN customer AS c ON c.id = s.customer_id
      GROUP BY c.code, c.currency, s.part HAVING SUM(s.total) <> SUM(s.documents)
      ORDER BY c.code
      """
    ) { row in
      InvariantViolation(
        "finance.exposure-is-sum-of-documents",
        "The credit in use is not the sum of the customer's documents",
        [
          Fact("customer", row.text(0)), Fact("total", row.money(1, 3)),
          Fact("documents", row.money(2, 3)),
        ])
    }
  }

  private static func wrongInvoices(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH side AS (
        SELECT customer_id, number, COALESCE(base_currency, currency) AS currency,
          base_gross_minor - base_paid_minor AS open, 0 AS exposed
        FROM invoice
        UNION ALL
        SELECT customer_id, document_number, currency, 0, amount_minor
        FROM credit_exposure WHERE document_kind = 'INVOICE'
      )
      SELECT number, currency, SUM(open), SUM(exposed) FROM side
      GROUP BY customer_id, number, currency HAVING SUM(open) <> SUM(exposed) ORDER BY number
      """
    ) { row in
      InvariantViolation(
        "finance.invoice-exposure-is-open-amount",
        "An invoice does not use as much credit as is open of it",
        [
          Fact("invoice", row.text(0)), Fact("open", row.money(2, 1)),
          Fact("exposed", row.money(3, 1)),
        ])
    }
  }
}
