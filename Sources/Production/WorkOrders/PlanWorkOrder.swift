import Inventory
package import MasterData
import Purchasing
package import Storage
package import Values

/// Plans a work order with everything that must be made or bought beneath it. A component with a
/// bill of its own is taken from free stock as far as there is any, and the rest is made by a work
/// order pegged to this one; any other component is reserved, and what is missing is asked to be
/// bought (DOMAIN 5.11: netted at every level).
package struct PlanWorkOrder: Sendable {
  package let product: Product
  package let quantity: Quantity
  package let warehouse: Warehouse
  /// The line that waits for the output; nil for stock.
  package let origin: Origin?
  /// Nil: as soon as possible.
  package let dueOn: Day?
  /// Keeps this work order and all beneath it from being released.
  package let hold: WorkOrderHold?
  /// Field of the request that asked for the product, for a refusal.
  package let field: String?
  /// What the customer chose of the product: its bill takes the place of the product's own.
  package let configuration: Configuration?
  let root: DocumentReference?

  package init(
    product: Product, quantity: Quantity, warehouse: Warehouse, origin: Origin?,
    dueOn: Day? = nil, hold: WorkOrderHold? = nil, field: String? = nil,
    configuration: Configuration? = nil
  ) {
    self.init(
      product: product, quantity: quantity, warehouse: warehouse, origin: origin, dueOn: dueOn,
      hold: hold, field: field, configuration: configuration, root: origin?.document)
  }

  /// For what hangs below `root` and not below its origin alone.
  init(
    product: Product, quantity: Quantity, warehouse: Warehouse, origin: Origin?, dueOn: Day?,
    hold: WorkOrderHold?, field: String?, configuration: Configuration?,
    root: DocumentReference?
  ) {
    self.product = product
    self.quantity = quantity
    self.warehouse = warehouse
    self.origin = origin
    self.dueOn = dueOn
    self.hold = hold
    self.field = field
    self.configuration = configuration
    self.root = root
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> WorkOrder {
    var planned = 0
    return try plan(level: 1, planned: &planned, in: tx, at: now)
  }

  /// `planned` counts the work orders of this command.
  private func plan(
    level: Int, planned: inout Int, in tx: Transaction, at now: Moment
  ) throws -> WorkOrder {
    let bill = try check(level: level, planned: planned, in: tx)
    planned += 1
    let number = try DocumentNumbers.next(.workOrder, on: now.day, in: tx)
    let currency = try Companies.current(in: tx).baseCurrency
    var order = try WorkOrderTable.insert(self, number: number, currency: currency, at: now, in: tx)
    if let configuration {
      try WorkOrderConfigurationTable.insert(configuration, of: order.id, in: tx)
    }
    tx.record(order.event("work-order.planned", facts))
    for step in bill.operations { try add(operation(step, in: tx), to: &order, in: tx) }
    for (part, need) in try needs(of: bill, in: tx) {
      try add(part, need, to: &order, level: level, planned: &planned, in: tx, at: now)
    }
    return order
  }

  /// What it takes of each component, in the order of the bill.
  func needs(
    of bill: BillOfMaterial, in snapshot: Snapshot
  ) throws -> [(part: Product, need: Quantity)] {
    try bill.components.map { component in
      let part = try Products.fetch(component.product, in: snapshot)
      let need = try counted(part.sku) { () throws(ArithmeticError) in
        try component.need(for: quantity, wholeUnits: part.countsInWholeUnits)
      }
      return (part, need)
    }
  }

  /// A component of a work order, new or not, with all that must be made or bought for it.
  func add(
    _ part: Product, _ need: Quantity, to order: inout WorkOrder, level: Int, planned: inout Int,
    in tx: Transaction, at now: Moment
  ) throws {
    if try BillTable.exists(for: part.id, in: tx) {
      try make(part, need, for: &order, level: level, planned: &planned, in: tx, at: now)
    } else {
      try buy(part, need, for: &order, in: tx, at: now)
    }
  }

  private var facts: [Fact] {
    var facts = [Fact("quantity", quantity), Fact("warehouse", warehouse.code)]
    if let origin { facts.append(Fact("for", origin)) }
    if let dueOn { facts.append(Fact("due_on", dueOn)) }
    if let hold { facts.append(Fact("hold", hold.rawValue)) }
    if let configuration { facts.append(Fact("model_version", configuration.version)) }
    return facts
  }

  /// The bill by which it is made.
  func check(level: Int, planned: Int, in tx: Transaction) throws -> BillOfMaterial {
    guard product.isStocked else {
      throw InventoryRejection.serviceHasNoStock(field: field, sku: product.sku)
    }
    guard quantity.isPositive else {
      throw InventoryRejection.quantityNotPositive(field: field, given: quantity)
    }
    if product.countsInWholeUnits, quantity.micros % Quantity.one.micros != 0 {
      throw InventoryRejection.fractionOfUnit(
        field: field, sku: product.sku, unit: product.unit, given: quantity)
    }
    guard level <= WorkOrder.levelLimit else {
      throw ProductionRejection.tooManyLevels(
        field: field, sku: product.sku, limit: WorkOrder.levelLimit)
    }
    guard
      let bill = try configuration.map({ try BillOfMaterial($0, of: product, in: tx) })
        ?? BillTable.find(product.id, in: tx)
    else {
      throw ProductionRejection.noBillOfMaterial(field: field, sku: product.sku)
    }
    guard planned < WorkOrder.planLimit else {
      throw ProductionRejection.planTooLarge(
        field: field, sku: product.sku, limit: WorkOrder.planLimit)
    }
    _ = try counted(product.sku) { () throws(ArithmeticError) in quantity }
    return bill
  }

  /// A step as it would be planned now.
  func operation(
    _ step: BillOfMaterial.Operation, in snapshot: Snapshot
  ) throws -> WorkOrderOperation {
    guard let centre = try WorkCentreTable.find(step.workCentreCode, in: snapshot) else {
      throw MissingRow("work_centre", step.workCentre.value)
    }
    let minutes = try counted(product.sku) { () throws(ArithmeticError) in
      try step.minutes(for: quantity)
    }
    return WorkOrderOperation(
      sequence: step.sequence, name: step.name, workCentreCode: centre.code,
      hourlyRate: centre.hourlyRate, plannedMinutes: minutes, reportedMinutes: .zero,
      cost: .zero(centre.hourlyRate.currency), isDone: false,
      isInspection: centre.inspects)
  }

  func add(
    _ operation: WorkOrderOperation, to order: inout WorkOrder, in tx: Transaction
  ) throws {
    try WorkOrderOperationTable.insert(operation, of: order.id, in: tx)
    order.operations.append(operation)
  }

  /// From free stock as far as there is any; the rest by a work order whose output is promised to
  /// this one.
  private func make(
    _ part: Product, _ need: Quantity, for order: inout WorkOrder, level: Int,
    planned: inout Int, in tx: Transaction, at now: Moment
  ) throws {
    let fromStock = min(need, try Availability.free(part, in: warehouse, in: tx))
    if fromStock.isPositive {
      try reserve(part, fromStock, for: &order, in: tx, at: now)
    }
    let rest = try need - fromStock
    guard rest.isPositive else { return }
    let child = try PlanWorkOrder(
      product: part, quantity: rest, warehouse: warehouse, origin: order.nextLine, dueOn: dueOn,
      hold: hold, field: field, configuration: nil, root: root ?? order.reference
    ).plan(level: level + 1, planned: &planned, in: tx, at: now)
    try reserve(part, rest, peg: child.reference, for: &order, in: tx, at: now)
  }

  /// Reserved, and what is missing asked to be bought.
  private func buy(
    _ part: Product, _ need: Quantity, for order: inout WorkOrder, in tx: Transaction,
    at now: Moment
  ) throws {
    let line = order.nextLine
    let missing = try reserve(part, need, for: &order, in: tx, at: now)
    guard missing.isPositive else { return }
    try RequestPurchase(
      product: part, quantity: missing, warehouse: warehouse, neededOn: dueOn, origin: line,
      root: root
    ).run(in: tx, at: now)
  }

  /// What of it waits.
  @discardableResult
  private func reserve(
    _ part: Product, _ need: Quantity, peg: DocumentReference? = nil, for order: inout WorkOrder,
    in tx: Transaction, at now: Moment
  ) throws -> Quantity {
    let reservation = try Reserve(
      product: part, warehouse: warehouse, quantity: need, origin: order.nextLine, peg: peg,
      shortage: .wait, root: root
    ).run(in: tx, at: now)
    let component = WorkOrderComponent(
      line: order.nextLine.line, product: part.id, sku: part.sku, unit: part.unit,
      required: need, issued: .zero, cost: .zero(order.costs.currency), supply: peg?.number,
      held: reservation.held)
    try WorkOrderComponentTable.insert(component, of: order.id, in: tx)
    order.components.append(component)
    return reservation.waiting
  }

  /// Bills are limited line by line, and their product over many levels is not.
  private func counted(
    _ sku: String, _ need: () throws(ArithmeticError) -> Quantity
  ) throws(ProductionRejection) -> Quantity {
    guard let need = try? need(), need <= GivenQuantity.highest else {
      throw .needTooLarge(field: field, sku: sku)
    }
    return need
  }
}

extension WorkOrder {
  /// The component that is planned next.
  fileprivate var nextLine: Origin {
    Origin(.workOrder, number, line: components.count + 1)
  }
}
