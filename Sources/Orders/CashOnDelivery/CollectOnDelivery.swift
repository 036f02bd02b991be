package import Finance
import MasterData
package import Storage
package import Values

/// Records what was collected for a shipment that is delivered, where the proof did not say it.
package struct RecordCollection: Sendable {
  package let shipmentNumber: String
  package let collected: [CollectedCash]

  package init(shipmentNumber: String, collected: [CollectedCash]) {
    self.shipmentNumber = shipmentNumber
    self.collected = collected
  }

  package func run(
    in tx: Transaction, at now: Moment
  ) throws -> (shipment: Shipment, payments: [Payment]) {
    var shipment = try Shipments.require(
      number: shipmentNumber, field: "shipment_number", in: tx)
    var check = FieldCheck(.request)
    check.range(collected.count, "collected", 1...20)
    try check.pass()
    guard shipment.state == .delivered else {
      throw CashOnDeliveryRejection.notDelivered(
        field: "shipment_number", shipment: shipment.number, state: shipment.state)
    }
    let payments = try shipment.collect(collected, on: now.day, in: tx, at: now)
    return (shipment, payments)
  }
}

extension Shipment {
  /// What is owed since the door: without what was `refused` of its lines, whose goods come back,
  /// and without what has come in some other way since it left.
  mutating func meetDoor(refused: [Int: Quantity] = [:], in tx: Transaction) throws {
    guard var cash = cashOnDelivery, let due = cash.due else { return }
    let order = try SalesOrders.require(number: orderNumber, in: tx)
    let back = try refused.map { line, quantity in
      let sold = order.lines[line - 1]
      return try sold.amount(from: sold.delivered - quantity, upTo: sold.delivered).gross()
    }.sum(due.currency)
    let rest = min(
      due.minor, try order.stillToPay(but: self, in: tx).minor + cash.collected.minor)
    let owed = Money(
      minor: max(cash.collected.minor, rest - back.minor, 0), currency: due.currency)
    guard owed != cash.owed else { return }
    cash.owed = owed
    try CashOnDeliveryTable.update(cash, of: id, in: tx)
    cashOnDelivery = cash
    tell("shipment.cash-owed", [Fact("due", due), Fact("owed", owed)], in: tx)
  }

  /// Takes money that was collected at the door: it pays the order as any other. Refuses more than
  /// is owed. `field` names the amounts in the request.
  mutating func collect(
    _ collected: [CollectedCash], on day: Day, field: String = "collected", in tx: Transaction,
    at now: Moment
  ) throws -> [Payment] {
    guard !collected.isEmpty else { return [] }
    guard var cash = cashOnDelivery, cash.due != nil else {
      throw CashOnDeliveryRejection.notArranged(field: field, shipment: number)
    }
    try cash.check(collected, field: field, of: self, in: tx)
    var order = try SalesOrders.require(number: orderNumber, in: tx)
    let customer = try order.customer(in: tx)
    var payments: [Payment] = []
    for (row, part) in collected.enumerated() {
      let path = FieldPath(field, row: row)
      let names = ["amount", "method", "external_reference"]
      let payment = try RelocatedRejection.relocating(
        Dictionary(uniqueKeysWithValues: names.map { ($0, path.field($0)) })
      ) {
        try ReceivePayment(
          customer: customer, amount: part.amount, method: part.method,
          externalReference: part.reference, earmark: order.reference, receivedOn: day,
          isWithCarrier: cash.collector == .carrier
        ).run(in: tx, at: now)
      }
      cash.collected = try cash.collected + payment.amount
      try CashOnDeliveryTable.insert(payment: payment.number, payment.amount, of: id, in: tx)
      try order.take(payment.amount, from: customer, in: tx, at: now)
      payments.append(payment)
    }
    try CashOnDeliveryTable.update(cash, of: id, in: tx)
    cashOnDelivery = cash
    tell(
      "shipment.cash-collected",
      [
        Fact("payments", payments.map(\.number).joined(separator: ", ")),
        Fact("collected", cash.collected), Fact("owed", cash.owed),
        Fact("collector", cash.collector.rawValue),
      ], in: tx)
    return payments
  }
}

extension CashOnDelivery {
  /// Each amount above zero and in the currency of the books, and together no more than is owed and
  /// not paid in some other way.
  fileprivate func check(
    _ collected: [CollectedCash], field: String, of shipment: Shipment, in snapshot: Snapshot
  ) throws {
    var check = FieldCheck(.request)
    check.range(collected.count, field, 0...20)
    var total = Money.zero(owed.currency)
    for (row, part) in collected.prefix(20).enumerated() {
      let name = "\(field)[\(row)].amount"
      check.amount(part.amount, name, base: owed.currency)
      if part.amount.minor <= 0 {
        check.refuse(FinanceRejection.amountNotPositive(field: name, given: part.amount))
      }
      guard check.violations.isEmpty else { continue }
      total = try total + part.amount
    }
    try check.pass()
    let order = try SalesOrders.require(number: shipment.orderNumber, in: snapshot)
    let open = Money(
      minor: min(uncollected.minor, try order.outstanding(in: snapshot).minor),
      currency: owed.currency)
    guard total.minor <= open.minor else {
      throw CashOnDeliveryRejection.moreThanOwed(
        field: field, shipment: shipment.number, given: total, open: open)
    }
  }
}
