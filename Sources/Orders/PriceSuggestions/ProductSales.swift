import MasterData
import Storage
import Values

/// What was ordered of products on some days, and not cancelled: by whomever, at whatever price, as
/// lines that somebody chose and not those of charges. Orders count on the day that they were made,
/// since that is when somebody looked at the price.
enum ProductSales {
  /// Of all products together; one pass over the orders of those days.
  static func units(
    from first: Day, until last: Day, in snapshot: Snapshot
  ) throws -> [ID<Product>: Quantity] {
    var found: [ID<Product>: Quantity] = [:]
    try snapshot.forEach(
      """
      SELECT l.product_id, sum(l.ordered - l.cancelled)
      FROM sales_order AS o JOIN sales_order_line AS l ON l.sales_order_id = o.id
      WHERE o.created_on >= ? AND o.created_on <= ? AND o.state <> 'DRAFT'
        AND o.state <> 'CANCELLED' AND l.charge = '' AND l.product_id IS NOT NULL
      GROUP BY l.product_id
      """, first, last
    ) { found[$0.id(0)] = $0.quantity(1) }
    return found
  }

  /// A line, or many of one day with one rate of exchange.
  struct Sale {
    let product: ID<Product>
    let day: Day
    let units: Quantity
    /// Without tax, of all that was ordered of `whole`.
    let net: Money
    let whole: Quantity
    let rate: ExchangeRate?

    /// In the currency of the books.
    func revenue() throws(ArithmeticError) -> Money {
      let kept = units == whole ? net : try net.allocated(units, of: whole)
      return try rate?.base(of: kept) ?? kept
    }
  }

  /// Of some products by the day, each with what it came to.
  static func sales(
    of products: [ID<Product>], from first: Day, until last: Day, in snapshot: Snapshot
  ) throws -> [Sale] {
    try snapshot.all(
      """
      SELECT l.product_id, o.created_on, sum(l.ordered - l.cancelled), sum(l.net_minor),
        o.currency, sum(l.ordered), o.rate_micros, o.rate_units, o.base_currency
      FROM sales_order AS o JOIN sales_order_line AS l ON l.sales_order_id = o.id
      WHERE o.created_on >= ? AND o.created_on <= ? AND o.state <> 'DRAFT'
        AND o.state <> 'CANCELLED' AND l.charge = ''
        AND l.product_id IN (SELECT value FROM json_each(?))
      GROUP BY l.product_id, o.created_on, o.currency, o.rate_micros, o.rate_units,
        o.base_currency, CASE WHEN l.cancelled = 0 THEN 0 ELSE o.id END,
        CASE WHEN l.cancelled = 0 THEN 0 ELSE l.line_number END
      """, first, last, ValueList(products)
    ) { row in
      Sale(
        product: row.id(0), day: row.day(1), units: row.quantity(2), net: row.money(3, 4),
        whole: row.quantity(5), rate: row.exchangeRate(6, 7, 8, of: 4))
    }
  }
}
