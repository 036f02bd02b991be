package import MasterData
package import Storage
package import Values

/// Adds or changes coupons by code.
package struct UpsertCoupons: Sendable {
  package let rows: [CouponDraft]

  package init(_ rows: [CouponDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "coupons", in: tx) { draft, path in
      let stored = try CouponTable.find(draft.code, in: tx)
      let coupon = try draft.coupon(
        from: stored, at: path, promotion: PromotionTable.find(draft.promotionCode, in: tx)
      ) { try Customers.find(code: $0, in: tx) != nil }
      guard let stored else {
        try CouponTable.insert(coupon, in: tx)
        return .created
      }
      guard coupon != stored else { return .unchanged }
      try CouponTable.update(coupon, in: tx)
      return .updated
    }
  }
}

/// Questions about coupons.
package enum Coupons {
  /// The coupon that a field of a request names; refuses an unknown one, and one of a customer out
  /// of scope.
  package static func require(
    code: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> Coupon {
    guard let coupon = try CouponTable.find(code, in: snapshot),
      try coupon.customerCode.map({ try Customers.seen(code: $0, in: snapshot) != nil }) ?? true
    else {
      throw OrdersRejection.unknownCoupon(field: field(), code: code).ifNamed(code)
    }
    return coupon
  }

  /// Coupons that one order may bring.
  static let limit = 10

  /// The coupons of a draft, as far as `customer` may use them on `day`; what speaks against one is
  /// added to `check`.
  static func read(
    _ codes: [String], for customer: Customer, on day: Day, agreed: AgreedPrices? = nil,
    _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> [Coupon] {
    guard codes.count <= limit else { return [] }
    var coupons: [Coupon] = []
    let used =
      try agreed.flatMap { codes.isEmpty ? nil : $0.order.id }.map {
        try CouponTable.redeemed(by: $0, in: snapshot)
      } ?? []
    for (row, code) in codes.enumerated() {
      let field = "\(check.path.field("coupon_codes"))[\(row)]"
      guard let coupon = try CouponTable.find(code, in: snapshot) else {
        check.refuse(OrdersRejection.unknownCoupon(field: field, code: code).ifNamed(code))
        continue
      }
      // What an order was given it keeps; what it brought in vain says nothing against it now.
      if let agreed {
        let isKept = used.contains(coupon.id)
        let isUsedUp = try coupon.isUsedUp(for: customer, in: snapshot)
        if isKept || agreed.order.couponCodes.contains(code) {
          if isKept || !isUsedUp { coupons.append(coupon) }
          continue
        }
      }
      let isForAnother = coupon.customerCode.map { $0 != customer.code } ?? false
      if isForAnother || coupon.validUntil.map({ $0 < day }) ?? false {
        check.refuse(
          OrdersRejection.couponNotValid(
            field: field, code: code, customer: customer.code, day: day))
      } else if try coupon.isUsedUp(for: customer, in: snapshot) {
        check.refuse(OrdersRejection.couponUsedUp(field: field, code: code))
      } else if coupons.contains(where: { $0.promotionCode == coupon.promotionCode }) {
        check.refuse(
          OrdersRejection.couponOfSamePromotion(
            field: field, code: code, promotion: coupon.promotionCode))
      } else {
        coupons.append(coupon)
      }
    }
    return coupons
  }
}

extension Coupon {
  fileprivate func isUsedUp(for customer: Customer, in snapshot: Snapshot) throws -> Bool {
    if redeemed >= limit { return true }
    guard let customerLimit else { return false }
    return try CouponTable.redemptions(of: id, by: customer.code, in: snapshot) >= customerLimit
  }
}

extension SalesOrder {
  /// Uses the coupons by which it got its promotions. Refuses when somebody else has used the last
  /// of one meanwhile.
  func redeem(_ coupons: [Coupon], in tx: Transaction) throws {
    for coupon in coupons {
      guard try CouponTable.redeem(coupon.id, for: id, of: customerCode, in: tx) else {
        let row = couponCodes.firstIndex(of: coupon.code) ?? 0
        throw OrdersRejection.couponUsedUp(
          field: "order.coupon_codes[\(row)]", code: coupon.code)
      }
      tx.record(
        DomainEvent(
          "order.coupon-redeemed", reference,
          [Fact("coupon", coupon.code), Fact("promotion", coupon.promotionCode)]))
    }
  }

  /// The same after a change: what it uses on is not used again, and what it does not any more is
  /// free.
  func redeemOnly(_ coupons: [Coupon], in tx: Transaction) throws {
    guard !couponCodes.isEmpty else { return }
    let before = try CouponTable.redeemed(by: id, in: tx)
    for id in before.subtracting(coupons.map(\.id)) {
      try CouponTable.release(id, by: self.id, in: tx)
    }
    try redeem(coupons.filter { !before.contains($0.id) }, in: tx)
  }

  /// Gives its coupons back.
  func releaseCoupons(in tx: Transaction) throws {
    guard !couponCodes.isEmpty else { return }
    try CouponTable.release(id, in: tx)
  }
}
