package import MasterData
package import Values

/// Everything that orders refuse, in the order in which it is checked: the shape of the request and
/// what its lines can be sold for, which document it is about and which version of it, the state
/// that it meets and who asks, then the lines it names. Master data, quantities, credit, stock and
/// production refuse with enums of their own.
package enum OrdersRejection: Rejection, Hashable {
  case noLines(field: String)
  case tooManyLines(field: String, count: Int, limit: Int)
  /// Raw materials are for the workshop.
  case notForSale(field: String, sku: String)
  /// Nobody said how it is to be made.
  case configurationMissing(field: String, sku: String)
  /// A kept choice of another product than the line has.
  case choiceOfAnotherProduct(field: String, number: String, sku: String, kept: String)
  case noPrice(field: String, sku: String, customer: String, currency: Currency, day: Day)
  case unknownPromotion(field: String, code: String)
  case unknownCoupon(field: String, code: String)
  /// For another customer, or no longer.
  case couponNotValid(field: String, code: String, customer: String, day: Day)
  /// As many orders as may have used it.
  case couponUsedUp(field: String, code: String)
  /// One coupon is enough for a promotion.
  case couponOfSamePromotion(field: String, code: String, promotion: String)
  /// No charge is known for goods that go there.
  case unknownZone(field: String, zone: String)
  /// Nobody has said what goods weigh or what room they take, and a charge goes by it.
  case measureUnknown(field: String, sku: String, measure: String, charge: String)
  /// A charge stands on an order as a line of a service product.
  case notAService(field: String, sku: String)
  /// A promotion names a product twice.
  case duplicateItem(field: String, sku: String)
  /// Only a set can have a price of its own.
  case notASet(field: String, code: String)
  case tooManyPromotions(field: String, limit: Int)
  /// Nobody is paid for taking goods.
  case discountTooLarge(field: String, discount: Money, total: Money)
  /// More than one document may come to.
  case amountTooLarge(field: String, limit: Money)
  /// Only two different customers are made one.
  case mergesItself(field: String, customer: String)
  case unknownOrder(field: String, number: String)
  case unknownShipment(field: String, number: String)
  /// Orders of one channel have different external ids; `order` has it already; empty
  /// where that is out of scope.
  case externalIDTaken(field: String, channel: Channel, externalID: String, order: String)
  case versionConflict(order: String, expected: Int64, stored: Int64)
  /// Money of one customer is not for the order of another.
  case orderOfAnotherCustomer(field: String, order: String, customer: String)
  case orderStateForbids(order: String, state: OrderState, action: String)
  case noApprovalPending(order: String)
  case approvalPending(order: String, role: String)
  /// Four eyes: whoever created or last changed the order decides nothing about it.
  case creatorMayNotDecide(order: String, actor: String)
  case standInMayNotDecide(order: String, actor: String, creator: String)
  case roleMissing(order: String, role: String)
  case shipmentStateForbids(shipment: String, state: ShipmentState, action: String)
  /// The customer has no credit terms and has not paid yet.
  case paymentOutstanding(order: String, outstanding: Money)
  case unknownLine(field: String, order: String, line: Int)
  /// The same line is named twice in one request.
  case duplicateLine(field: String, line: Int)
  /// A service cannot be shipped.
  case lineIsService(field: String, order: String, line: Int)
  /// Goods are delivered by shipments only.
  case lineIsGoods(field: String, order: String, line: Int)
  /// More than is reserved and not in another shipment, or more than is open.
  case moreThanAvailable(field: String, line: Int, requested: Quantity, available: Quantity)
  case nothingToShip(order: String)
  case nothingToComplete(order: String)
  case nothingToCancel(order: String)
  case nothingToInvoice(order: String)
  /// Its customer asked for one invoice for several orders.
  case invoicedTogether(order: String)
  /// What must be done with the customer first, by documents.
  case customerStillNeeded(
    code: String, orders: Int64, openInvoices: Money, unappliedPayments: Money)
}

extension OrdersRejection {
  package var kind: RejectionKind {
    switch self {
    case .noLines, .tooManyLines, .duplicateLine, .amountTooLarge, .discountTooLarge,
      .couponOfSamePromotion, .duplicateItem, .notASet, .notAService, .configurationMissing,
      .choiceOfAnotherProduct:
      .invalid
    case .unknownOrder, .unknownShipment, .unknownLine, .unknownPromotion, .unknownCoupon,
      .unknownZone:
      .notFound
    case .externalIDTaken: .alreadyExists
    case .versionConflict: .conflict
    case .creatorMayNotDecide, .standInMayNotDecide, .roleMissing: .denied
    case .measureUnknown, .couponNotValid, .couponUsedUp, .tooManyPromotions, .notForSale, .noPrice,
      .orderStateForbids, .noApprovalPending, .approvalPending,
      .shipmentStateForbids, .lineIsService, .lineIsGoods, .moreThanAvailable, .nothingToShip,
      .nothingToComplete, .nothingToCancel, .nothingToInvoice, .invoicedTogether,
      .paymentOutstanding, .orderOfAnotherCustomer, .customerStillNeeded, .mergesItself:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .noLines: "NO_LINES"
    case .tooManyLines: "TOO_MANY_LINES"
    case .notForSale: "NOT_FOR_SALE"
    case .configurationMissing: "CONFIGURATION_MISSING"
    case .choiceOfAnotherProduct: "CHOICE_OF_ANOTHER_PRODUCT"
    case .noPrice: "NO_PRICE"
    case .unknownPromotion: "UNKNOWN_PROMOTION"
    case .unknownCoupon: "UNKNOWN_COUPON"
    case .couponNotValid: "COUPON_NOT_VALID"
    case .couponUsedUp: "COUPON_USED_UP"
    case .couponOfSamePromotion: "COUPON_OF_SAME_PROMOTION"
    case .unknownZone: "UNKNOWN_ZONE"
    case .measureUnknown: "MEASURE_UNKNOWN"
    case .notAService: "NOT_A_SERVICE"
    case .duplicateItem: "DUPLICATE_ITEM"
    case .notASet: "NOT_A_SET"
    case .tooManyPromotions: "TOO_MANY_PROMOTIONS"
    case .discountTooLarge: "DISCOUNT_TOO_LARGE"
    case .amountTooLarge: "AMOUNT_TOO_LARGE"
    case .mergesItself: "MERGES_ITSELF"
    case .unknownOrder: "UNKNOWN_ORDER"
    case .unknownShipment: "UNKNOWN_SHIPMENT"
    case .externalIDTaken: "EXTERNAL_ID_TAKEN"
    case .versionConflict: "VERSION_CONFLICT"
    case .orderOfAnotherCustomer: "ORDER_OF_ANOTHER_CUSTOMER"
    case .orderStateForbids: "ORDER_STATE_FORBIDS"
    case .noApprovalPending: "NO_APPROVAL_PENDING"
    case .approvalPending: "APPROVAL_PENDING"
    case .creatorMayNotDecide: "CREATOR_MAY_NOT_DECIDE"
    case .standInMayNotDecide: "STAND_IN_MAY_NOT_DECIDE"
    case .roleMissing: "ROLE_MISSING"
    case .shipmentStateForbids: "SHIPMENT_STATE_FORBIDS"
    case .paymentOutstanding: "PAYMENT_OUTSTANDING"
    case .unknownLine: "UNKNOWN_LINE"
    case .duplicateLine: "DUPLICATE_LINE"
    case .lineIsService: "LINE_IS_SERVICE"
    case .lineIsGoods: "LINE_IS_GOODS"
    case .moreThanAvailable: "MORE_THAN_AVAILABLE"
    case .nothingToShip: "NOTHING_TO_SHIP"
    case .nothingToComplete: "NOTHING_TO_COMPLETE"
    case .nothingToCancel: "NOTHING_TO_CANCEL"
    case .nothingToInvoice: "NOTHING_TO_INVOICE"
    case .invoicedTogether: "INVOICED_TOGETHER"
    case .customerStillNeeded: "CUSTOMER_STILL_NEEDED"
    }
  }

  package var message: String {
    switch self {
    case .noLines: "An order needs at least one line"
    case .tooManyLines(_, let count, let limit): "\(count) lines are more than the \(limit) allowed"
    case .duplicateLine(_, let line): "Line \(line) is named twice"
    case .unknownPromotion(_, let code): "There is no promotion \(code)"
    case .unknownCoupon(_, let code): "There is no coupon \(code)"
    case .couponNotValid(_, let code, let customer, let day):
      "\(customer) cannot use coupon \(code) on \(day)"
    case .couponUsedUp(_, let code): "Coupon \(code) has been used as often as it may be"
    case .couponOfSamePromotion(_, let code, let promotion):
      "Coupon \(code) is for \(promotion), as another one of this order is"
    case .unknownZone(_, let zone): "No charge is known for deliveries to \(zone)"
    case .measureUnknown(_, let sku, let measure, let charge):
      "\(charge) goes by \(measure), and nobody has said that of \(sku)"
    case .notAService(_, let sku): "\(sku) is not a service"
    case .duplicateItem(_, let sku): "\(sku) is named twice"
    case .notASet(_, let code): "\(code) is not about sets and cannot have a price for one"
    case .tooManyPromotions(_, let limit):
      "More than \(limit) promotions would run or be still to come"
    case .discountTooLarge(_, let discount, let total):
      "A discount of \(discount) is more than the \(total) that is left to pay"
    case .amountTooLarge(_, let limit): "The amount is larger than \(limit)"
    case .mergesItself(_, let customer): "Both codes are those of \(customer)"
    case .unknownOrder(_, let number): "There is no order \(number)"
    case .unknownShipment(_, let number): "There is no shipment \(number)"
    case .unknownLine(_, let order, let line): "Order \(order) has no line \(line)"
    case .externalIDTaken(_, let channel, let externalID, let order):
      "\(channel.rawValue) already has the order '\(externalID)'"
        + (order.isEmpty ? "" : ": it is \(order)")
    case .versionConflict(let order, let expected, let stored):
      "\(order) is at version \(stored); version \(expected) was expected"
    case .standInMayNotDecide(let order, let actor, let creator):
      "\(actor) stands in for \(creator), who created or changed \(order), and may not decide"
    case .creatorMayNotDecide(let order, let actor):
      "\(actor) created or changed \(order); somebody else must decide about it"
    case .roleMissing(let order, let role): "\(order) is decided by the role \(role)"
    case .notForSale(_, let sku): "\(sku) is a raw material and not for sale"
    case .configurationMissing(_, let sku):
      "\(sku) is made as its customer chooses, and nothing is chosen"
    case .choiceOfAnotherProduct(_, let number, let sku, let kept):
      "\(number) is a choice of \(kept), not of \(sku)"
    case .noPrice(_, let sku, let customer, let currency, let day):
      "\(sku) has no price in \(currency) for customer \(customer) on \(day)"
    case .orderStateForbids(let order, let state, let action):
      "\(order) is \(state.rawValue): cannot \(action)"
    case .noApprovalPending(let order): "\(order) waits for nobody's approval"
    case .approvalPending(let order, let role): "\(order) waits for the approval of \(role)"
    case .shipmentStateForbids(let shipment, let state, let action):
      "\(shipment) is \(state.rawValue): cannot \(action)"
    case .lineIsService(_, let order, let line): "Line \(line) of \(order) is a service"
    case .lineIsGoods(_, let order, let line): "Line \(line) of \(order) is goods, not a service"
    case .moreThanAvailable(_, let line, let requested, let available):
      "Line \(line) has \(available) available; \(requested) was asked for"
    case .nothingToShip(let order): "Nothing is reserved for \(order) that is not in a shipment yet"
    case .nothingToComplete(let order): "\(order) has no open service"
    case .nothingToCancel(let order): "Nothing of \(order) is left to cancel"
    case .nothingToInvoice(let order): "Nothing of \(order) is delivered and not invoiced"
    case .invoicedTogether(let order):
      "\(order) is invoiced together with others: its customer asked for a consolidated invoice"
    case .customerStillNeeded(let code, let orders, let invoices, let payments):
      "\(code) has \(orders) open orders, \(invoices) to pay and \(payments) that is not used"
    case .paymentOutstanding(let order, let outstanding):
      "\(order) must be paid before its goods leave: \(outstanding) is outstanding"
    case .orderOfAnotherCustomer(_, let order, let customer):
      "\(order) is not an order of customer \(customer)"
    }
  }

  package var field: String? {
    switch self {
    case .noLines(let field), .tooManyLines(let field, _, _), .duplicateLine(let field, _),
      .unknownPromotion(let field, _), .unknownCoupon(let field, _),
      .couponNotValid(let field, _, _, _), .couponUsedUp(let field, _),
      .couponOfSamePromotion(let field, _, _), .duplicateItem(let field, _),
      .unknownZone(let field, _), .measureUnknown(let field, _, _, _), .notAService(let field, _),
      .notASet(let field, _), .tooManyPromotions(let field, _),
      .discountTooLarge(let field, _, _), .amountTooLarge(let field, _),
      .unknownOrder(let field, _), .mergesItself(let field, _),
      .unknownShipment(let field, _), .unknownLine(let field, _, _),
      .externalIDTaken(let field, _, _, _), .notForSale(let field, _),
      .configurationMissing(let field, _), .noPrice(let field, _, _, _, _),
      .choiceOfAnotherProduct(let field, _, _, _),
      .lineIsService(let field, _, _),
      .lineIsGoods(let field, _, _), .moreThanAvailable(let field, _, _, _),
      .orderOfAnotherCustomer(let field, _, _):
      field
    case .versionConflict: "expected_version"
    case .creatorMayNotDecide, .standInMayNotDecide, .roleMissing, .orderStateForbids,
      .noApprovalPending,
      .approvalPending, .shipmentStateForbids, .nothingToShip, .nothingToComplete,
      .nothingToCancel, .nothingToInvoice, .invoicedTogether, .paymentOutstanding,
      .customerStillNeeded:
      nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .noLines: []
    case .unknownPromotion(_, let code), .unknownCoupon(_, let code), .couponUsedUp(_, let code),
      .notASet(_, let code):
      [Fact("code", code)]
    case .couponNotValid(_, let code, let customer, let day):
      [Fact("code", code), Fact("customer", customer), Fact("day", day)]
    case .couponOfSamePromotion(_, let code, let promotion):
      [Fact("code", code), Fact("promotion", promotion)]
    case .unknownZone(_, let zone): [Fact("zone", zone)]
    case .measureUnknown(_, let sku, let measure, let charge):
      [Fact("sku", sku), Fact("measure", measure), Fact("charge", charge)]
    case .notAService(_, let sku): [Fact("sku", sku)]
    case .duplicateItem(_, let sku): [Fact("sku", sku)]
    case .tooManyPromotions(_, let limit): [Fact("limit", limit)]
    case .discountTooLarge(_, let discount, let total):
      [Fact("discount", discount), Fact("total", total)]
    case .amountTooLarge(_, let limit): [Fact("limit", limit)]
    case .tooManyLines(_, let count, let limit): [Fact("count", count), Fact("limit", limit)]
    case .duplicateLine(_, let line): [Fact("line", line)]
    case .mergesItself(_, let customer): [Fact("customer", customer)]
    case .unknownOrder(_, let number), .unknownShipment(_, let number): [Fact("number", number)]
    case .unknownLine(_, let order, let line), .lineIsService(_, let order, let line),
      .lineIsGoods(_, let order, let line):
      [Fact("order", order), Fact("line", line)]
    case .externalIDTaken(_, let channel, let externalID, let order):
      [
        Fact("channel", channel.rawValue), Fact("external_id", externalID), Fact("order", order),
      ].filter { !$0.value.isEmpty }
    case .versionConflict(let order, let expected, let stored):
      [Fact("order", order), Fact("expected", expected), Fact("stored", stored)]
    case .creatorMayNotDecide(let order, let actor): [Fact("order", order), Fact("actor", actor)]
    case .standInMayNotDecide(let order, let actor, let creator):
      [Fact("order", order), Fact("actor", actor), Fact("creator", creator)]
    case .roleMissing(let order, let role), .approvalPending(let order, let role):
      [Fact("order", order), Fact("role", role)]
    case .notForSale(_, let sku), .configurationMissing(_, let sku): [Fact("sku", sku)]
    case .choiceOfAnotherProduct(_, let number, let sku, let kept):
      [Fact("number", number), Fact("sku", sku), Fact("kept_sku", kept)]
    case .noPrice(_, let sku, let customer, let currency, let day):
      [
        Fact("sku", sku), Fact("customer", customer), Fact("currency", currency),
        Fact("day", day),
      ]
    case .orderStateForbids(let order, let state, let action):
      [Fact("order", order), Fact("state", state.rawValue), Fact("action", action)]
    case .shipmentStateForbids(let shipment, let state, let action):
      [Fact("shipment", shipment), Fact("state", state.rawValue), Fact("action", action)]
    case .moreThanAvailable(_, let line, let requested, let available):
      [Fact("line", line), Fact("requested", requested), Fact("available", available)]
    case .noApprovalPending(let order), .nothingToShip(let order), .nothingToComplete(let order),
      .nothingToCancel(let order), .nothingToInvoice(let order), .invoicedTogether(let order):
      [Fact("order", order)]
    case .customerStillNeeded(let code, let orders, let invoices, let payments):
      [
        Fact("customer", code), Fact("orders", orders), Fact("open_invoices", invoices),
        Fact("unapplied_payments", payments),
      ]
    case .paymentOutstanding(let order, let outstanding):
      [Fact("order", order), Fact("outstanding", outstanding)]
    case .orderOfAnotherCustomer(_, let order, let customer):
      [Fact("order", order), Fact("customer", customer)]
    }
  }
}

// What every document of this room is refused for alike.
extension OrdersRejection {
  /// Refuses a document that somebody else has changed since the caller read it.
  static func checkVersion(
    of document: String, expected: Int64?, stored: Int64
  ) throws(OrdersRejection) {
    guard let expected, expected != stored else { return }
    throw .versionConflict(order: document, expected: expected, stored: stored)
  }

  /// Four eyes: refuses who made the document, and who stands in for them.
  static func checkFourEyes(
    on document: String, madeBy creator: String, decidedBy actor: String,
    standingInFor: Set<String>
  ) throws(OrdersRejection) {
    guard actor != creator else {
      throw .creatorMayNotDecide(order: document, actor: actor)
    }
    guard !standingInFor.contains(creator) else {
      throw .standInMayNotDecide(order: document, actor: actor, creator: creator)
    }
  }
}
