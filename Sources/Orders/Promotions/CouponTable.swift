import Storage
import Values

/// All SQL of `coupon` and `coupon_redemption`.
enum CouponTable {
  static func find(_ code: String, in snapshot: Snapshot) throws -> Coupon? {
    try snapshot.first(
      """
      SELECT id, code, promotion_code, customer_code, valid_until, usage_limit, customer_limit,
        redeemed
      FROM coupon WHERE code = ?
      """, code
    ) { row in
      Coupon(
        id: row.id(0), code: row.text(1), promotionCode: row.text(2),
        customerCode: row.optionalText(3), validUntil: row.optionalDay(4), limit: row.int(5),
        customerLimit: row.optionalInt(6), redeemed: row.int(7))
    }
  }

  /// How many orders of a customer have used it.
  static func redemptions(
    of coupon: ID<Coupon>, by customer: String, in snapshot: Snapshot
  ) throws -> Int {
    try snapshot.first(
      "SELECT COUNT(*) FROM coupon_redemption WHERE coupon_id = ? AND customer_code = ?", coupon,
      customer
    ) { $0.int(0) } ?? 0
  }

  /// What was one customer's is another's.
  static func give(allOf from: String, to customer: String, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE coupon SET customer_code = ? WHERE customer_code = ?", customer, from)
    try tx.execute(
      "UPDATE coupon_redemption SET customer_code = ? WHERE customer_code = ?", customer, from)
  }

  static func insert(_ coupon: Coupon, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO coupon (code, promotion_code, customer_code, valid_until, usage_limit,
        customer_limit, redeemed)
      VALUES (?, ?, ?, ?, ?, ?, 0)
      """, coupon.code, coupon.promotionCode, coupon.customerCode, coupon.validUntil,
      coupon.limit, coupon.customerLimit)
  }

  static func update(_ coupon: Coupon, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE coupon SET customer_code = ?, valid_until = ?, usage_limit = ?, customer_limit = ?
      WHERE id = ?
      """, coupon.customerCode, coupon.validUntil, coupon.limit, coupon.customerLimit, coupon.id)
  }

  /// Counts one use, if one is left; says whether it did. What makes it impossible that two orders
  /// use the last one.
  static func redeem(
    _ coupon: ID<Coupon>, for order: ID<SalesOrder>, of customer: String, in tx: Transaction
  ) throws -> Bool {
    let isFree =
      try tx.execute(
        """
        UPDATE coupon SET redeemed = redeemed + 1
        WHERE id = ? AND redeemed < usage_limit AND (customer_limit IS NULL OR customer_limit >
          (SELECT COUNT(*) FROM coupon_redemption WHERE coupon_id = ? AND customer_code = ?))
        """, coupon, coupon, customer) == 1
    guard isFree else { return false }
    try tx.execute(
      """
      INSERT INTO coupon_redemption (coupon_id, sales_order_id, customer_code) VALUES (?, ?, ?)
      """, coupon, order, customer)
    return true
  }

  /// Those that an order has used.
  static func redeemed(
    by order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> Set<ID<Coupon>> {
    Set(
      try snapshot.all(
        "SELECT coupon_id FROM coupon_redemption WHERE sales_order_id = ? LIMIT 100", order
      ) { $0.id(0) })
  }

  /// Gives back one that an order has used.
  static func release(
    _ coupon: ID<Coupon>, by order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute("UPDATE coupon SET redeemed = redeemed - 1 WHERE id = ?", coupon)
    try tx.execute(
      "DELETE FROM coupon_redemption WHERE sales_order_id = ? AND coupon_id = ?", order, coupon)
  }

  /// Gives back what an order has used.
  static func release(_ order: ID<SalesOrder>, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE coupon SET redeemed = redeemed - 1
      WHERE id IN (SELECT coupon_id FROM coupon_redemption WHERE sales_order_id = ?)
      """, order)
    try tx.execute("DELETE FROM coupon_redemption WHERE sales_order_id = ?", order)
  }
}
