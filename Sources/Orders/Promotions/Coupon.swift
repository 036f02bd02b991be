import MasterData
package import Values

/// A code that makes an order eligible for a promotion. It is redeemed when an order that got the
/// promotion by it is submitted or placed, once for each order, and is free again when that order
/// is sent back or cancelled as a whole.
package struct Coupon: Hashable, Sendable {
  package let id: ID<Coupon>
  /// Names the coupon for ever.
  package let code: String
  package let promotionCode: String
  /// The only customer who may use it; nil for any.
  package var customerCode: String?
  /// Last day on which it may be used; nil for as long as the promotion runs.
  package var validUntil: Day?
  /// How many orders may use it.
  package var limit: Int
  /// How many orders of one customer may; nil for as many as there are.
  package var customerLimit: Int?
  /// How many orders have used it.
  package let redeemed: Int
}

/// A coupon as a caller wants it to be, named by its code.
package struct CouponDraft: BatchRow {
  package var code: String
  package var promotionCode: String
  package var customerCode: String?
  package var validUntil: Day?
  package var limit: Int
  package var customerLimit: Int?
  package var malformed: [any Rejection]

  package init(
    code: String, promotionCode: String, customerCode: String? = nil, validUntil: Day? = nil,
    limit: Int = 1, customerLimit: Int? = nil, malformed: [any Rejection] = []
  ) {
    self.code = code
    self.promotionCode = promotionCode
    self.customerCode = customerCode
    self.validUntil = validUntil
    self.limit = limit
    self.customerLimit = customerLimit
    self.malformed = malformed
  }

  package static var codeField: String { "code" }

  /// The coupon that this draft makes of `stored` (nil: of nothing).
  func coupon(
    from stored: Coupon?, at path: FieldPath, promotion: Promotion?,
    customerExists: (String) throws -> Bool
  ) throws -> Coupon {
    let customer = customerCode.flatMap { $0.isEmpty ? nil : $0 }
    var check = FieldCheck(path, malformed: malformed)
    check.code(code, "code")
    if promotion == nil {
      check.refuse(
        OrdersRejection.unknownPromotion(field: path.field("promotion_code"), code: promotionCode)
          .ifNamed(promotionCode))
    }
    if let stored, stored.promotionCode != promotionCode {
      check.refuse(
        MasterDataRejection.fixedOnceCreated(
          field: path.field("promotion_code"), code: code, stored: stored.promotionCode,
          given: promotionCode))
    }
    if let customer, try !customerExists(customer) {
      check.refuse(
        MasterDataRejection.unknownCustomer(field: path.field("customer_code"), code: customer))
    }
    // What was given out cannot be taken back.
    check.range(limit, "limit", max(1, stored?.redeemed ?? 0)...1_000_000_000)
    if let customerLimit { check.range(customerLimit, "customer_limit", 1...1_000_000_000) }
    try check.pass()
    return Coupon(
      id: stored?.id ?? ID(0), code: code, promotionCode: promotionCode, customerCode: customer,
      validUntil: validUntil, limit: limit, customerLimit: customerLimit,
      redeemed: stored?.redeemed ?? 0)
  }
}
