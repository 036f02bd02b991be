import Finance
import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Values

/// What a confirmation does besides changing the state: credit is used, stock is reserved, what is
/// made to order goes to the workshop, what is short goes to purchasing. All of it or nothing.
struct Promise {
  let customer: Customer
  let warehouse: Warehouse
  /// Of the lines, in their order.
  let products: [Product]
  /// Received for this order so far.
  let received: Money

  /// Fills `reserved` of the lines. Credit first: it is the cheapest refusal.
  func make(_ order: inout SalesOrder, in tx: Transaction, at now: Moment) throws {
    if !order.isPrepaid {
      try SetExposure(
        customer: customer, document: order.reference, amount: order.gross - received,
        enforceLimit: true
      ).run(in: tx, at: now)
    }
    let awaitsDeposit =
      order.depositRequired.minor > 0 && received.minor < order.depositRequired.minor
    for (index, product) in products.enumerated() {
      let line = order.lines[index]
      switch line.sourcing {
      case .stock:
        order.lines[index].reserved = try reserve(line, product, of: order, in: tx, at: now)
      case .make:
        try plan(line, product, of: order, hold: awaitsDeposit ? .deposit : nil, in: tx, at: now)
      case .service, nil: break
      }
    }
  }

  /// What is there is held; the rest waits and is requested from purchasing.
  private func reserve(
    _ line: SalesOrderLine, _ product: Product, of order: SalesOrder, in tx: Transaction,
    at now: Moment
  ) throws -> Quantity {
    let reservation = try Reserve(
      product: product, warehouse: warehouse, quantity: line.ordered,
      origin: order.origin(of: line), shortage: order.shortage,
      field: OrderDraft.path(line: line.number - 1).field("quantity")
    ).run(in: tx, at: now)
    let missing = reservation.waiting
    if missing.isPositive {
      _ = try RequestPurchase(
        product: product, quantity: missing, warehouse: warehouse, neededOn: order.requestedOn,
        origin: order.origin(of: line)
      ).run(in: tx, at: now)
    }
    return reservation.held
  }

  /// A work order of its own, whose output is promised to this line and to nobody else.
  private func plan(
    _ line: SalesOrderLine, _ product: Product, of order: SalesOrder, hold: WorkOrderHold?,
    in tx: Transaction, at now: Moment
  ) throws {
    let origin = order.origin(of: line)
    let workOrder = try PlanWorkOrder(
      product: product, quantity: line.ordered, warehouse: warehouse, origin: origin,
      dueOn: order.requestedOn, hold: hold,
      field: OrderDraft.path(line: line.number - 1).field("sku"),
      configuration: line.configuration
    ).run(in: tx, at: now)
    _ = try Reserve(
      product: product, warehouse: warehouse, quantity: line.ordered, origin: origin,
      peg: workOrder.reference, shortage: .wait
    ).run(in: tx, at: now)
  }
}
