import Finance
import Inventory
import MasterData
package import Production
import Purchasing
package import Storage
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
  /// Nobody is to owe anything: it is only asked when goods come.
  var isQuestion = false
  /// What is short waits, whatever the order says.
  var isPatient = false
  /// What alone is to serve it: goods of no other supply stand in, and none is asked for.
  var peg: DocumentReference?
  /// Before whom its lines are served who wait as well; nil for what the policy says of each.
  var priority: Int?

  /// Fills `reserved` of the lines. Credit first: it is the cheapest refusal.
  func make(_ order: inout SalesOrder, in tx: Transaction, at now: Moment) throws {
    if !order.isPrepaid, !isQuestion {
      let amount = try order.base(of: order.gross - received)
      try SetExposure(
        customer: customer, document: order.reference, amount: amount,
        wanted: try order.wantedParts(of: amount), enforceLimit: true
      ).run(in: tx, at: now)
    }
    for (index, product) in products.enumerated() {
      let line = order.lines[index]
      order.lines[index].reserved = try promise(
        line.ordered, of: line, product, of: order,
        OrderDraft.path(line: line.number - 1), in: tx, at: now)
    }
    // Nearly every order has all it wants on the shelf, and is promised at once.
    guard peg == nil, order.waitingLines.contains(where: { _ in true }) else { return }
    for promise in try order.promiseWaiting(in: tx, at: now) {
      order.lines[promise.line - 1].promisedOn = promise.promisedOn
      order.lines[promise.line - 1].expectedOn = promise.readyOn
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
      priority: priority
        ?? AllocationPolicies.score(line, of: order, for: customer, isNew: !waits, in: tx),
      peg: peg, shortage: isPatient || peg != nil ? .wait : order.shortage,
      field: path.field("quantity")
    ).run(in: tx, at: now)
    let missing = try reservation.waiting - (before ?? .zero)
    if missing.isPositive, peg == nil {
      for need in order.needs(missing, of: line) {
        _ = try RequestPurchase(
          product: product, quantity: need.quantity, warehouse: warehouse, neededOn: need.day,
          origin: origin
        ).run(in: tx, at: now)
      }
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
      dueOn: order.requestedOn(of: line), hold: hold, field: path.field("sku"),
      configuration: line.configuration
    ).run(in: tx, at: now)
    _ = try Reserve(
      product: product, warehouse: warehouse, quantity: quantity, origin: origin,
      peg: workOrder.reference, shortage: .wait
    ).run(in: tx, at: now)
  }
}

extension SalesOrder {
  /// The lines that do not hold all that is open of them.
  var waitingLines: some Sequence<SalesOrderLine> {
    lines.lazy.filter { $0.isServedFromStock && $0.reserved < $0.open }
  }

  /// Promises the lines that wait, and those of others whose turn or whose goods come otherwise
  /// because of them. Who waits last, for what comes last, changes nobody's day. Returns what
  /// those are told that wait.
  @discardableResult
  func promiseWaiting(in tx: Transaction, at now: Moment) throws -> [LinePromise] {
    var outlook = SupplyOutlook(on: now.day)
    var told: [LinePromise] = []
    try recordPromises(&outlook, isTold: true, in: tx, at: now) { told.append($0) }
    let disturbing = try waitingLines.filter { line in
      try Reservations.of(origin(of: line), in: tx).contains { demand in
        guard demand.peg == nil, demand.waiting.isPositive else { return false }
        return try !Reservations.isLast(demand, in: tx) || outlook.isOvertaking(demand, in: tx)
      }
    }
    guard !disturbing.isEmpty else { return told }
    try RefreshPromises(at: disturbing.compactMap { place(of: $0) }).run(in: tx, at: now)
    return told
  }

  func place(of line: SalesOrderLine) -> SupplyPlace? {
    line.product.map { SupplyPlace($0, warehouseCode) }
  }

  /// Everything whose supply ends or begins with the order's: the goods of its lines, and what its
  /// work orders make and take, on all levels.
  func supplyPlaces(in snapshot: Snapshot) throws -> Set<SupplyPlace> {
    var places = Set(lines.filter { $0.sourcing != .service }.compactMap { place(of: $0) })
    guard lines.contains(where: { $0.sourcing == .make }) else { return places }
    for work in try WorkOrders.ofOrigin(reference, in: snapshot) {
      try places.formUnion(SupplyPlace.of(work, in: snapshot))
    }
    return places
  }
}

extension SupplyPlace {
  /// What a work order makes and takes, and those that make it for it.
  package static func of(
    _ work: WorkOrder, in snapshot: Snapshot
  ) throws -> Set<SupplyPlace> {
    var places: Set = [SupplyPlace(work.product, work.warehouseCode)]
    for component in work.components {
      places.insert(SupplyPlace(component.product, work.warehouseCode))
      guard let supply = component.supply,
        let child = try WorkOrders.find(number: supply, in: snapshot)
      else { continue }
      try places.formUnion(of(child, in: snapshot))
    }
    return places
  }
}
