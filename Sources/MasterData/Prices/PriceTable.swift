import Storage
import Values

/// All SQL of `price`.
enum PriceTable {
  /// A price that fits, with what is needed to explain it.
  struct Offer {
    let unitPrice: UnitPrice
    let listCode: String
    /// 0: the customer's own list, 1: of the customer's class, 2: for everybody.
    let rank: Int
    let minimumQuantity: Quantity
    let validFrom: Day
  }

  /// The best price by the order that `Prices` documents.
  static func best(
    of product: ID<Product>, ownList: String?, customerClass: String, quantity: Quantity,
    on day: Day, in snapshot: Snapshot
  ) throws -> Offer? {
    try snapshot.first(
      """
      SELECT p.unit_price_micros, p.currency, l.code,
        CASE WHEN l.code = ? THEN 0 WHEN l.customer_class = ? THEN 1 ELSE 2 END AS fit,
        p.minimum_quantity_micros, p.valid_from
      FROM price AS p
      JOIN price_list AS l ON l.id = p.price_list_id
      WHERE p.product_id = ? AND p.minimum_quantity_micros <= ?
        AND p.valid_from <= ? AND (p.valid_until IS NULL OR p.valid_until >= ?)
        AND (l.code = ? OR l.customer_class = ? OR l.customer_class IS NULL)
      ORDER BY fit, l.priority DESC, p.minimum_quantity_micros DESC, p.valid_from DESC, l.code
      LIMIT 1
      """, ownList, customerClass, product, quantity, day, day, ownList, customerClass
    ) { row in
      Offer(
        unitPrice: row.unitPrice(0, 1), listCode: row.text(2), rank: row.int(3),
        minimumQuantity: row.quantity(4), validFrom: row.day(5))
    }
  }

  /// The stored price of the same key.
  static func find(_ price: Price, in snapshot: Snapshot) throws -> Price? {
    try snapshot.first(
      """
      SELECT unit_price_micros, currency, valid_until FROM price
      WHERE product_id = ? AND price_list_id = ? AND minimum_quantity_micros = ?
        AND valid_from = ?
      """, price.product, price.list, price.minimumQuantity, price.validFrom
    ) { row in
      Price(
        list: price.list, product: price.product, unitPrice: row.unitPrice(0, 1),
        minimumQuantity: price.minimumQuantity, validFrom: price.validFrom,
        validUntil: row.optionalDay(2))
    }
  }

  /// The period of another price of the same list, product and minimum quantity that shares a day
  /// with `price`.
  static func overlap(
    with price: Price, in snapshot: Snapshot
  ) throws -> (from: Day, until: Day?)? {
    try snapshot.first(
      """
      SELECT valid_from, valid_until FROM price
      WHERE product_id = ? AND price_list_id = ? AND minimum_quantity_micros = ?
        AND valid_from <> ? AND valid_from <= ? AND (valid_until IS NULL OR valid_until >= ?)
      ORDER BY valid_from LIMIT 1
      """, price.product, price.list, price.minimumQuantity, price.validFrom, price.lastDay,
      price.validFrom
    ) { ($0.day(0), $0.optionalDay(1)) }
  }

  static func isEmpty(in snapshot: Snapshot) throws -> Bool {
    try snapshot.first("SELECT 1 FROM price LIMIT 1", map: { _ in true }) == nil
  }

  static func insert(_ price: Price, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO price (product_id, price_list_id, minimum_quantity_micros, valid_from,
        valid_until, unit_price_micros, currency)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, price.product, price.list, price.minimumQuantity, price.validFrom, price.validUntil,
      price.unitPrice.micros, price.unitPrice.currency)
  }

  static func update(_ price: Price, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE price SET valid_until = ?, unit_price_micros = ?, currency = ?
      WHERE product_id = ? AND price_list_id = ? AND minimum_quantity_micros = ?
        AND valid_from = ?
      """, price.validUntil, price.unitPrice.micros, price.unitPrice.currency, price.product,
      price.list, price.minimumQuantity, price.validFrom)
  }
}
