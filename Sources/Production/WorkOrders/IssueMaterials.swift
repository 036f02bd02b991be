package import Inventory
import MasterData
package import Storage
package import Values

/// Takes material off the shelves into a work order, at what it cost: Dr work in progress, Cr raw
/// material. It takes what is held for the work order; once all that was required is there, more
/// may be taken from free stock, since a workshop spoils more than its bill foresaw.
package struct IssueMaterials: Sendable {
  package struct Line: Hashable, Sendable {
    package let sku: String
    package let quantity: GivenQuantity

    package init(sku: String, quantity: GivenQuantity) {
      self.sku = sku
      self.quantity = quantity
    }
  }

  package let number: String
  /// Empty: all that is held.
  package let components: [Line]

  package init(number: String, components: [Line] = []) {
    self.number = number
    self.components = components
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> WorkOrder {
    guard components.count <= BillDraft.componentLimit else {
      throw MasterDataRejection.tooManyRows(
        field: "components", count: components.count, limit: BillDraft.componentLimit)
    }
    var order = try WorkOrders.require(number: number, in: tx)
    try order.begin(to: "take material")
    let takes = try components.isEmpty ? allHeld(of: order) : asked(of: order, in: tx)
    guard !takes.isEmpty else { throw ProductionRejection.nothingToIssue(number: number) }
    var value = Money.zero(order.costs.currency)
    for take in takes {
      value = try value + take.run(on: &order.components[take.index], of: order, in: tx, at: now)
    }
    order.costs.material = try order.costs.material + value
    for index in Set(takes.map(\.index)).sorted() {
      try WorkOrderComponentTable.update(order.components[index], of: order.id, in: tx)
    }
    try WorkOrderTable.update(&order, in: tx)
    let facts = takes.map { take in
      let component = order.components[take.index]
      return Fact("component", "\(take.quantity) \(component.unit) \(component.sku)")
    }
    tx.record(order.event("work-order.material-issued", facts + [Fact("value", value)]))
    return order
  }

  private func allHeld(of order: WorkOrder) -> [MaterialTake] {
    order.components.indices.filter { order.components[$0].held.isPositive }.map {
      MaterialTake(index: $0, quantity: order.components[$0].held, isHeld: true)
    }
  }

  /// What was asked for, spread over the lines of its component; everything that is wrong with it
  /// at once.
  private func asked(of order: WorkOrder, in tx: Transaction) throws -> [MaterialTake] {
    var check = FieldCheck(.request)
    var left = order.components.map(\.held)
    var takes: [MaterialTake] = []
    for (row, asked) in components.enumerated() {
      let path = FieldPath("components", row: row)
      let lines = order.components.indices.filter { order.components[$0].sku == asked.sku }
      guard let first = lines.first else {
        check.refuse(
          ProductionRejection.notAComponent(
            field: path.field("sku"), number: number, sku: String(asked.sku.prefix(60))))
        continue
      }
      let product = try Products.fetch(order.components[first].product, in: tx)
      let name = "\(path).quantity"
      asked.quantity.check(&check, name, of: product)
      guard asked.quantity.quantity.isPositive else { continue }
      var rest = asked.quantity.quantity
      for index in lines {
        let part = min(rest, left[index])
        guard part.isPositive else { continue }
        left[index] = try left[index] - part
        rest = try rest - part
        takes.append(MaterialTake(index: index, quantity: part, isHeld: true))
      }
      guard rest.isPositive else { continue }
      try checkExtra(rest, asked, product, lines, of: order, name, &check, in: tx)
      takes.append(MaterialTake(index: lines[lines.count - 1], quantity: rest, isHeld: false))
    }
    try check.pass()
    return takes
  }

  /// More than is held: only when nothing of the requirement waits, and only from free stock.
  private func checkExtra(
    _ extra: Quantity, _ asked: Line, _ product: Product, _ lines: [Int], of order: WorkOrder,
    _ name: String, _ check: inout FieldCheck, in tx: Transaction
  ) throws {
    let held = try lines.map { order.components[$0].held }.sum()
    guard lines.allSatisfy({ order.components[$0].missing == .zero }) else {
      return check.refuse(
        ProductionRejection.componentNotHeld(
          field: name, number: number, sku: asked.sku, held: held,
          requested: asked.quantity.quantity))
    }
    let warehouse = try Warehouses.fetch(order.warehouse, in: tx)
    let free = try Availability.free(product, in: warehouse, in: tx)
    if free < extra {
      check.refuse(
        InventoryRejection.insufficientStock(
          field: name, sku: asked.sku, available: try held + free,
          requested: asked.quantity.quantity))
    }
  }
}

/// One movement of material into a work order.
struct MaterialTake {
  /// Position of the component.
  let index: Int
  let quantity: Quantity
  /// It is reserved for the work order; otherwise it comes from free stock.
  let isHeld: Bool

  /// What it cost.
  func run(
    on component: inout WorkOrderComponent, of order: WorkOrder, in tx: Transaction, at now: Moment
  ) throws -> Money {
    let product = try Products.fetch(component.product, in: tx)
    let origin = Origin(.workOrder, order.number, line: component.line)
    let move: StockMove
    if isHeld {
      move = try ShipReserved(
        origin: origin, product: product, quantity: quantity, to: Locations.production,
        cause: .materialIssue
      ).run(in: tx, at: now)
      component.held = try component.held - quantity
    } else {
      let warehouse = try Warehouses.fetch(order.warehouse, in: tx)
      move = try MoveStock(
        product: product, quantity: quantity, from: Locations.stock(of: warehouse, in: tx),
        to: Locations.production, cause: .materialIssue, origin: origin
      ).run(in: tx, at: now)
    }
    component.issued = try component.issued + quantity
    component.cost = try component.cost + move.value
    return move.value
  }
}
