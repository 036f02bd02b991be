import Inventory
import MasterData
package import Storage
package import Values

/// What became of a scheduled delivery that is due.
package struct CallOff: Hashable, Sendable {
  package let blanketNumber: String
  package let dueOn: Day
  /// Nil where it was refused.
  package let orderNumber: String?
  /// Why; nil where it was not.
  package let refusal: String?
  package let message: String
}

/// Places an order for each scheduled delivery that is due soon: at the agreed price, and promised
/// like any other. One that is refused stays scheduled.
package struct CallOffDeliveries: Sendable {
  /// Nil for all blanket orders in scope.
  package let number: String?
  package let daysAhead: Int
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(
    number: String? = nil, daysAhead: Int, by actor: String, roles: Set<String> = []
  ) {
    self.number = number
    self.daysAhead = daysAhead
    self.actor = actor
    self.roles = roles
  }

  static let limit = 200

  package func run(in tx: Transaction, at now: Moment) throws -> [CallOff] {
    var check = FieldCheck(.request)
    check.range(daysAhead, "days_ahead", 0...366)
    try check.pass()
    let blanket = try number.map { try Blankets.require(number: $0, in: tx) }
    let due = try DeliveryScheduleTable.due(
      until: now.day.adding(days: daysAhead), of: blanket?.id, limit: Self.limit, in: tx)
    return try due.map { row in
      do {
        let order = try tx.attempt { try place(row, in: tx, at: now) }
        return CallOff(
          blanketNumber: row.blanketNumber, dueOn: row.delivery.dueOn, orderNumber: order.number,
          refusal: nil, message: "")
      } catch let several as Rejections {
        return row.refused(by: several.all[0])
      } catch let one as any Rejection {
        return row.refused(by: one)
      }
    }
  }

  private func place(
    _ row: DeliveryScheduleTable.Due, in tx: Transaction, at now: Moment
  ) throws -> SalesOrder {
    let draft = OrderDraft(
      channel: row.terms.channel, customerCode: row.customerCode,
      warehouseCode: row.terms.warehouseCode,
      lines: row.delivery.parts.map {
        OrderDraft.Line(sku: $0.sku, quantity: GivenQuantity($0.quantity, unit: $0.unit))
      }, requestedOn: max(now.day, row.delivery.dueOn),
      delivery: row.terms.addressID.map { Delivery(addressID: $0) },
      blanketNumber: row.blanketNumber)
    let order = try PlaceOrder(draft, by: actor, roles: roles).run(in: tx, at: now)
    try DeliveryScheduleTable.set(order: order.id, of: row.delivery.id, in: tx)
    return order
  }
}

extension DeliveryScheduleTable.Due {
  fileprivate func refused(by refusal: any Rejection) -> CallOff {
    CallOff(
      blanketNumber: blanketNumber, dueOn: delivery.dueOn, orderNumber: nil,
      refusal: refusal.reason, message: refusal.message)
  }
}
