import Inventory
import MasterData
import Storage
import Values

/// Plans anew what a work order owes once nothing more will come of it, for whatever reason: it was
/// stopped short, pieces were scrapped, it was called off, or a count found its goods missing. The
/// demand takes what is free; for the rest there is a work order by the bill of today, pegged to
/// the same line. So nothing that was promised is ever without supply, and what is not wanted any
/// more is cancelled where it was asked for, never by leaving the workshop's part undone. What was
/// made as its customer chose is made as it was chosen, and no free stock stands in for it.
struct PlanReplacement {
  /// Nothing more comes of it.
  let order: WorkOrder
  /// What still keeps the goods from being made.
  var hold: WorkOrderHold?

  /// The work order, with the number of what replaces it.
  func run(in tx: Transaction, at now: Moment) throws -> WorkOrder {
    let configuration = try WorkOrderConfigurationTable.find(order.id, in: tx)
    try UnpegReservations(supply: order.reference, takesFreeStock: configuration == nil)
      .run(in: tx, at: now)
    let product = try Products.fetch(order.product, in: tx)
    guard let origin = order.origin,
      let demand = try Reservations.find(origin, product: product, in: tx),
      demand.peg == nil, demand.waiting.isPositive
    else { return order }
    let replacement = try PlanWorkOrder(
      product: product, quantity: demand.waiting,
      warehouse: Warehouses.fetch(order.warehouse, in: tx), origin: origin, dueOn: order.dueOn,
      hold: hold, field: nil, configuration: configuration, root: order.root
    ).run(in: tx, at: now)
    try PegReservation(demand, to: replacement.reference).run(in: tx, at: now)
    if origin.kind == .workOrder {
      try WorkOrderComponentTable.setSupply(replacement.number, of: origin, in: tx)
    }
    var order = order
    order.replacement = replacement.number
    try WorkOrderTable.update(&order, in: tx)
    tx.record(
      order.event(
        "work-order.replaced",
        [Fact("replacement", replacement.number), Fact("quantity", replacement.quantity)]))
    return order
  }
}
