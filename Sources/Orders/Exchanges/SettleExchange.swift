import Finance
import MasterData
import Storage
import Values

/// What becomes of the other side of an exchange when its return comes to an end.
enum SettleExchange {
  /// The return is credited: what its order does not need of its money pays what is to be paid for
  /// the new one.
  static func settle(
    _ found: CustomerReturn, of origin: SalesOrder, _ customer: Customer, in tx: Transaction,
    at now: Moment
  ) throws {
    guard let exchange = try ExchangeTable.of(found.id, in: tx) else { return }
    guard var order = try SalesOrders.find(number: exchange.orderNumber, in: tx) else {
      throw MissingRow("exchange", exchange.id.value)
    }
    var amount = Money.zero(order.currency)
    if order.takesMoney {
      let spare = try origin.unneeded(in: tx)
      amount = Money(
        minor: min(spare.minor, try order.outstanding(in: tx).minor), currency: order.currency)
      try CarryPayments(
        of: customer, from: origin.reference, to: order.reference, amount: amount
      ).run(in: tx, at: now)
      try ExchangeTable.set(carried: amount, of: exchange.id, in: tx)
      if amount.minor > 0 {
        try order.take(amount, from: customer, in: tx, at: now)
        try order.settlePoints(in: tx, at: now)
      }
    }
    tx.record(
      DomainEvent(
        "exchange.settled", exchange.reference, related: order.reference,
        [
          Fact("return", found.number), Fact("credited", found.credited), Fact("fee", found.fee),
          Fact("carried", amount),
        ]))
  }

  /// The goods do not come back: the new order goes on by itself.
  static func end(_ found: CustomerReturn, in tx: Transaction) throws {
    guard let exchange = try ExchangeTable.of(found.id, in: tx) else { return }
    tx.record(
      DomainEvent(
        "exchange.ended", exchange.reference,
        related: DocumentReference(.salesOrder, exchange.orderNumber),
        [Fact("return", found.number), Fact("reason", found.decision)]))
  }
}
