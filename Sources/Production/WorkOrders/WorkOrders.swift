package import Inventory
package import MasterData
package import Storage
package import Values

/// Questions about work orders. What comes back is whole, with components, reservations and
/// operations.
package enum WorkOrders {
  package static func find(number: String, in snapshot: Snapshot) throws -> WorkOrder? {
    try WorkOrderTable.find(number, in: snapshot).map { try whole($0, in: snapshot) }
  }

  /// The work order that a field of a request names; refuses an unknown one, and one out of scope.
  package static func require(
    number: String, field: @autoclosure () -> String = "number", in snapshot: Snapshot
  ) throws -> WorkOrder {
    guard let order = try WorkOrderTable.seen(number, in: snapshot) else {
      throw ProductionRejection.unknownWorkOrder(
        field: field(), number: String(number.prefix(60))
      ).ifNamed(number)
    }
    return try whole(order, in: snapshot)
  }

  /// Those that were planned for the lines of a document itself, cancelled ones included; the
  /// oldest first.
  package static func ofOrigin(
    _ document: DocumentReference, in snapshot: Snapshot
  ) throws -> [WorkOrder] {
    try WorkOrderTable.of(Origin(document.kind, document.number), in: snapshot)
      .map { try whole($0, in: snapshot) }
  }

  /// Of a product for a warehouse, made for nobody in particular, of which something is still to
  /// come; the oldest first.
  package static func forStock(
    _ product: ID<Product>, in warehouse: ID<Warehouse>, limit: Int, in snapshot: Snapshot
  ) throws -> [WorkOrder] {
    try WorkOrderTable.forStock(product, warehouse, limit: limit, in: snapshot)
      .map { try whole($0, in: snapshot) }
  }

  /// What is still to come of products that are made for nobody in particular, for all warehouses
  /// together; products of which nothing comes are absent.
  package static func coming(
    of products: [ID<Product>], in snapshot: Snapshot
  ) throws -> [ID<Product>: Quantity] {
    try WorkOrderTable.coming(of: products, in: snapshot)
  }

  /// The newest first, from the one before `id` on (nil: from the newest); `state` nil means any.
  /// With `root` only those on the timeline of that document, on all levels.
  package static func list(
    _ state: WorkOrderState? = nil, root: DocumentReference? = nil, before id: ID<WorkOrder>? = nil,
    limit: Int, in snapshot: Snapshot
  ) throws -> [WorkOrder] {
    let last = id ?? ID(.max)
    let found =
      if let root {
        try WorkOrderTable.list(root: root, state, before: last, limit: limit, in: snapshot)
      } else if let state {
        try WorkOrderTable.list(state, before: last, limit: limit, in: snapshot)
      } else {
        try WorkOrderTable.list(before: last, limit: limit, in: snapshot)
      }
    return try found.map { try whole($0, in: snapshot) }
  }

  /// Whether the demand waits for a work order of which something is still to come. That one
  /// answers for all of it: what it leaves open at its end is planned anew.
  package static func supplies(_ demand: Reservation, in snapshot: Snapshot) throws -> Bool {
    guard let peg = demand.peg, peg.kind == .workOrder,
      let order = try WorkOrderTable.find(peg.number, in: snapshot)
    else { return false }
    return order.isPegged && order.origin == demand.origin && order.product == demand.product
      && order.state.yields
  }

  /// What its customer chose; nil for a work order by the product's own bill.
  package static func configuration(
    of order: WorkOrder, in snapshot: Snapshot
  ) throws -> Configuration? {
    try WorkOrderConfigurationTable.find(order.id, in: snapshot)
  }

  static func whole(_ order: WorkOrder, in snapshot: Snapshot) throws -> WorkOrder {
    var order = order
    let currency = order.costs.currency
    order.components = try WorkOrderComponentTable.of(order.id, currency: currency, in: snapshot)
    order.operations = try WorkOrderOperationTable.of(order.id, currency: currency, in: snapshot)
    try readHeld(into: &order, in: snapshot)
    return order
  }

  /// Reads anew what is reserved for it.
  static func readHeld(into order: inout WorkOrder, in snapshot: Snapshot) throws {
    guard !order.state.isOver else { return }
    let held = try Reservations.of(order.demand, in: snapshot)
    for index in order.components.indices {
      order.components[index].held =
        held.first { $0.origin.line == order.components[index].line }?.held ?? .zero
    }
  }
}
