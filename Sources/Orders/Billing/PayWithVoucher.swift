package import Finance
import MasterData
package import Storage
package import Values

/// Pays an order with a gift card, in part or in full; what is left stays on the card.
package struct PayWithGiftCard: Sendable {
  package let card: GiftCard
  package let orderNumber: String
  /// Nil: as much as is still to be paid, and is on the card.
  package let amount: Money?

  package init(_ card: GiftCard, orderNumber: String, amount: Money?) {
    self.card = card
    self.orderNumber = orderNumber
    self.amount = amount
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Payment {
    var order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    try order.expect(.receivePayment, in: tx)
    let open = try order.openForVoucher(in: tx)
    let available = card.available(on: now.day)
    try order.expect(available.currency, field: "code")
    let whole = Money(minor: min(open.minor, available.minor), currency: open.currency)
    // A card that pays nothing says why by itself.
    let paid = amount ?? (whole.minor > 0 ? whole : open)
    try order.check(paid, open, field: "amount", in: tx)
    let customer = try order.customer(in: tx)
    let payment = try RedeemGiftCard(card, of: customer, for: order.reference, amount: paid)
      .run(in: tx, at: now)
    try order.take(paid, from: customer, in: tx, at: now)
    return payment
  }
}

/// Pays an order with points of its customer.
package struct PayWithPoints: Sendable {
  package let orderNumber: String
  package let points: Int64

  package init(orderNumber: String, points: Int64) {
    self.orderNumber = orderNumber
    self.points = points
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Payment {
    var order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    try order.expect(.receivePayment, in: tx)
    let customer = try order.customer(in: tx)
    let redeem = RedeemPoints(of: customer, for: order.reference, points: points)
    let paid = try redeem.amount(in: tx, at: now)
    try order.check(paid, try order.openForVoucher(in: tx), field: "points", in: tx)
    let payment = try redeem.run(in: tx, at: now)
    try order.take(paid, from: customer, in: tx, at: now)
    try order.settlePoints(in: tx, at: now)
    return payment
  }
}

extension SalesOrder {
  /// What a card or points may pay of it: nobody gets money back for what was never needed.
  fileprivate func openForVoucher(in tx: Transaction) throws -> Money {
    let open = try outstanding(in: tx)
    guard open.minor > 0 else { throw GiftCardRejection.nothingOpen(document: reference) }
    return open
  }

  /// Cards and points are in the currency of the books.
  fileprivate func expect(_ given: Currency, field: String) throws {
    guard given == currency else {
      throw CurrencyRejection.otherThanDocument(
        field: field, given: given, document: number, expected: currency)
    }
  }

  fileprivate func check(
    _ paid: Money, _ open: Money, field: String, in tx: Transaction
  ) throws {
    var check = FieldCheck(.request)
    if paid.minor <= 0 {
      check.refuse(FinanceRejection.amountNotPositive(field: field, given: paid))
    }
    try check.pass()
    try expect(paid.currency, field: field)
    guard paid.minor <= open.minor else {
      throw GiftCardRejection.moreThanOpen(
        field: field, document: reference, requested: paid, open: open)
    }
  }
}
