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
  /// Lines may have promises already, of which some wait.
  var waits = false
  /// Before whom its lines are served who wait as well.
  var priority = 0

  /// Fills `reserved` of the lines. Credit first: it is the cheapest refusal.
  func make(_ order: inout SalesOrder, in tx: Transaction, at now: Moment) throws {
    if !order.isPrepaid {
      try SetExposure(
        customer: customer, document: order.reference, amount: order.gross - received,
        enforceLimit: true
      ).run(in: tx, at: now)
    }
    for (index, product) in products.enumerated() {
      let line = order.lines[index]
      order.lines[index].reserved = try promise(
        line.ordered, of: line, product, of: order,
        OrderDraft.path(line: line.number - 1), in: tx, at: now)
    }
  }

  /// Promises so much of a line, beside what of it is promised already. Returns what is held of
  /// stock. `path` names the line in a refusal.
  func promise(
    _ quantity: Quantity, of line: SalesOrderLine, _ product: Product, of order: SalesOrder,
    _ path: @autoclosure () -> FieldPath, in tx: Transaction, at now: Moment
  ) throws -> Quantity {
    switch line.sourcing {
    case .stock: return try reserve(quantity, line, product, of: order, path(), in: tx, at: now)
    case .make:
      let awaitsDeposit =
        order.depositRequired.minor > 0 && received.minor < order.depositRequired.minor
      try plan(
        quantity, line, product, of: order, path(), hold: awaitsDeposit ? .deposit : nil, in: tx,
        at: now)
      return .zero
    case .service, nil: return .zero
    }
  }

  /// What is there is held; the rest waits and is requested from purchasing.
  private func reserve(
    _ quantity: Quantity, _ line: SalesOrderLine, _ product: Product, of order: SalesOrder,
    _ path: FieldPath, in tx: Transaction, at now: Moment
  ) throws -> Quantity {
    let origin = order.origin(of: line)
    let before = waits ? try Reservations.find(origin, product: product, in: tx)?.waiting : nil
    let reservation = try Reserve(
      product: product, warehouse: warehouse, quantity: quantity, origin: origin,
      priority: priority, shortage: order.shortage, field: path.field("quantity")
    ).run(in: tx, at: now)
    let missing = try reservation.waiting - (before ?? .zero)
    if missing.isPositive {
      _ = try RequestPurchase(
        product: product, quantity: missing, warehouse: warehouse, neededOn: order.requestedOn,
        origin: origin
      ).run(in: tx, at: now)
    }
    return reservation.held
  }

  /// A work order of its own, whose output is promised to this line and to nobody else.
  private func plan(
    _ quantity: Quantity, _ line: SalesOrderLine, _ product: Product, of order: SalesOrder,
    _ path: FieldPath, hold: WorkOrderHold?, in tx: Transaction, at now: Moment
  ) throws {
    let origin = order.origin(of: line)
    let workOrder = try PlanWorkOrder(
      product: product, quantity: quantity, warehouse: warehouse, origin: origin,
      dueOn: order.requestedOn, hold: hold, field: path.field("sku"),
      configuration: line.configuration
    ).run(in: tx, at: now)
    _ = try Reserve(
      product: product, warehouse: warehouse, quantity: quantity, origin: origin,
      priority: priority, peg: workOrder.reference, shortage: .wait
    ).run(in: tx, at: now)
  }
}
