package import Inventory
import MasterData
package import Storage
package import Values

/// Takes goods of an order back for others: a return and an order of the same customer in one
/// command, each by its own rules. What the return's credit sets free pays the new order
/// (`CreditReturn`).
package struct CreateExchange: Sendable {
  package let orderNumber: String
  /// What comes back.
  package let returned: [ReturnRequestLine]
  /// What the customer says; stands on both documents.
  package let note: String
  /// What goes out.
  package let wanted: [OrderDraft.Line]
  package let requestedOn: Day?
  package let shortage: ShortageRule
  /// The customer fetches it; otherwise it is brought as the first order was, if that was.
  package let isCollected: Bool
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(
    orderNumber: String, returned: [ReturnRequestLine], note: String = "",
    wanted: [OrderDraft.Line], requestedOn: Day? = nil, shortage: ShortageRule = .wait,
    isCollected: Bool = false, by actor: String, roles: Set<String> = []
  ) {
    self.orderNumber = orderNumber
    self.returned = returned
    self.note = note
    self.wanted = wanted
    self.requestedOn = requestedOn
    self.shortage = shortage
    self.isCollected = isCollected
    self.actor = actor
    self.roles = roles
  }

  package struct Outcome: Sendable {
    package let exchange: Exchange
    package let customerReturn: CustomerReturn
    package let order: SalesOrder
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    let found = try RequestReturn(
      orderNumber: orderNumber, lines: returned, note: note, by: actor
    ).run(in: tx, at: now)
    let origin = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    let draft = OrderDraft(
      channel: origin.channel, customerCode: origin.customerCode,
      warehouseCode: origin.warehouseCode, lines: wanted, requestedOn: requestedOn,
      shortage: shortage, note: note, delivery: isCollected ? nil : origin.delivery,
      currency: origin.currency,
      instructions: isCollected
        ? nil : OrderInstructions(delivery: origin.instructions?.delivery))
    let order = try PlaceOrder(draft, by: actor, roles: roles).run(in: tx, at: now)
    let number = try DocumentNumbers.next(.exchange, on: now.day, in: tx)
    try ExchangeTable.insert(
      number: number, found, order, origin: origin, by: actor, at: now, in: tx)
    guard let exchange = try ExchangeTable.of(found.id, in: tx) else {
      throw MissingRow("exchange", found.id.value)
    }
    tx.record(
      DomainEvent(
        "exchange.created", exchange.reference, related: origin.reference,
        [
          Fact("return", found.number), Fact("order", order.number),
          Fact("ordered", order.gross), Fact("actor", actor),
        ]))
    return Outcome(exchange: exchange, customerReturn: found, order: order)
  }
}
