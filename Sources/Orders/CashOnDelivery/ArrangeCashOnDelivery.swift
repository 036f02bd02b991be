import MasterData
package import Storage
package import Values

/// Arranges that goods are paid at the door, so that they may leave unpaid: those of a shipment, or
/// all that have not left of an order.
package struct ArrangeCashOnDelivery: Sendable {
  package enum Subject: Hashable, Sendable {
    case shipment(String)
    case order(String)
  }

  package let subject: Subject
  package let collector: CashOnDelivery.Collector

  package init(_ subject: Subject, collector: CashOnDelivery.Collector) {
    self.subject = subject
    self.collector = collector
  }

  package init(shipmentNumber: String, collector: CashOnDelivery.Collector) {
    self.init(.shipment(shipmentNumber), collector: collector)
  }

  /// The shipments that are paid at the door by it, and their order.
  package func run(
    in tx: Transaction, at now: Moment
  ) throws -> (shipments: [Shipment], order: SalesOrder) {
    switch subject {
    case .shipment(let number):
      let found = try Shipments.require(number: number, field: "shipment_number", in: tx)
      guard found.state.isOpen else {
        throw CashOnDeliveryRejection.left(
          field: "shipment_number", shipment: found.number, state: found.state)
      }
      let order = try SalesOrders.require(number: found.orderNumber, in: tx)
      return (try arrange([found], of: order, field: "shipment_number", in: tx), order)
    case .order(let number):
      var order = try SalesOrders.require(number: number, field: "order_number", in: tx)
      try order.expect(
        "pay it at the door", in: [.draft, .submitted, .confirmed, .partlyShipped])
      let open = try Shipments.ofOrder(order, in: tx).filter(\.state.isOpen)
      let shipments = try arrange(open, of: order, field: "order_number", in: tx)
      try SalesOrderTable.set(cashOnDelivery: collector, of: order.id, in: tx)
      order.cashOnDelivery = collector
      order.version += 1
      tx.record(
        DomainEvent(
          "order.cash-on-delivery", order.reference, [Fact("collector", collector.rawValue)]))
      return (shipments, order)
    }
  }

  private func arrange(
    _ open: [Shipment], of order: SalesOrder, field: String, in tx: Transaction
  ) throws -> [Shipment] {
    let base = try Companies.current(in: tx).baseCurrency
    guard order.currency == base else {
      throw CashOnDeliveryRejection.otherCurrency(
        field: field, order: order.number, given: order.currency, base: base)
    }
    return try open.map { shipment in
      var shipment = shipment
      try shipment.arrangeCash(collector, in: order.currency, in: tx)
      return shipment
    }
  }
}

extension Shipment {
  mutating func arrangeCash(
    _ collector: CashOnDelivery.Collector, in currency: Currency, in tx: Transaction
  ) throws {
    if var cash = cashOnDelivery {
      cash.collector = collector
      try CashOnDeliveryTable.update(cash, of: id, in: tx)
      cashOnDelivery = cash
    } else {
      let cash = CashOnDelivery(collector, in: currency)
      try CashOnDeliveryTable.insert(cash, of: id, in: tx)
      cashOnDelivery = cash
    }
    tell("shipment.cash-on-delivery", [Fact("collector", collector.rawValue)], in: tx)
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
