import MasterData
package import Storage
package import Values

/// Arranges that the goods of a shipment are paid at the door, so that they may leave unpaid.
package struct ArrangeCashOnDelivery: Sendable {
  package let shipmentNumber: String
  package let collector: CashOnDelivery.Collector

  package init(shipmentNumber: String, collector: CashOnDelivery.Collector) {
    self.shipmentNumber = shipmentNumber
    self.collector = collector
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Shipment {
    var shipment = try Shipments.require(
      number: shipmentNumber, field: "shipment_number", in: tx)
    guard shipment.state.isOpen else {
      throw CashOnDeliveryRejection.left(
        field: "shipment_number", shipment: shipment.number, state: shipment.state)
    }
    let order = try SalesOrders.require(number: shipment.orderNumber, in: tx)
    guard order.currency == order.baseCurrency else {
      throw CashOnDeliveryRejection.otherCurrency(
        field: "shipment_number", order: order.number, given: order.currency,
        base: order.baseCurrency)
    }
    if var cash = shipment.cashOnDelivery {
      cash.collector = collector
      try CashOnDeliveryTable.update(cash, of: shipment.id, in: tx)
      shipment.cashOnDelivery = cash
    } else {
      let cash = CashOnDelivery(collector, in: order.currency)
      try CashOnDeliveryTable.insert(cash, of: shipment.id, in: tx)
      shipment.cashOnDelivery = cash
    }
    shipment.tell("shipment.cash-on-delivery", [Fact("collector", collector.rawValue)], in: tx)
    return shipment
  }
}

extension Shipment {
  /// Says what became of it beside its state.
  func tell(_ event: String, _ facts: [Fact], in tx: Transaction) {
    tx.record(
      DomainEvent(
        event, reference, related: DocumentReference(.salesOrder, orderNumber), facts))
  }

  /// Fixes what is to be paid at the door, now that its goods have left: what they cost, and with
  /// the last goods of the order what is open of its services, but never more than is still to be
  /// paid.
  mutating func fixCashOnDelivery(of order: SalesOrder, in tx: Transaction) throws {
    guard var cash = cashOnDelivery else { return }
    let open = try order.stillToPay(but: self, in: tx)
    let gross = try goods(of: order) + order.servicesWithLastGoods()
    let due = min(open.minor, gross.minor).money(open)
    cash.due = due
    cash.owed = due
    try CashOnDeliveryTable.update(cash, of: id, in: tx)
    cashOnDelivery = cash
    tell(
      "shipment.cash-due", [Fact("due", due), Fact("collector", cash.collector.rawValue)], in: tx)
  }

  /// Its goods with tax, as the last that have left of each line.
  private func goods(of order: SalesOrder) throws -> Money {
    try lines.map { line in
      let sold = order.lines[line.orderLine - 1]
      return try sold.amount(from: sold.shipped - line.quantity, upTo: sold.shipped).gross()
    }.sum(order.currency)
  }
}

extension SalesOrder {
  /// What is open of its services with tax, once all its goods have left; nothing before.
  fileprivate func servicesWithLastGoods() throws -> Money {
    let goods = lines.filter { $0.sourcing != .service }
    guard goods.allSatisfy({ $0.open == .zero }) else { return .zero(currency) }
    return try openServices.map { try $0.amount(from: $0.delivered, upTo: $0.wanted).gross() }
      .sum(currency)
  }

  /// What must still come in, without what other shipments on their way are to bring.
  func stillToPay(but shipment: Shipment, in snapshot: Snapshot) throws -> Money {
    let open = try outstanding(in: snapshot)
    let others = try CashOnDeliveryTable.underWay(of: id, but: shipment.id, in: snapshot)
    return max(0, open.minor - others).money(open)
  }
}

extension Int64 {
  /// So many minor units of the currency of another amount.
  fileprivate func money(_ like: Money) -> Money { Money(minor: self, currency: like.currency) }
}
