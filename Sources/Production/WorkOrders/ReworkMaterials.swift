import Inventory
import MasterData
import Purchasing
import Storage
import Values

/// What a rework makes of the material of a work order, component by component: what was taken
/// counts first, then what is reserved or on its way, and the rest is planned like that of a new
/// work order. What nobody needs is given up before anything is asked for.
struct ReworkMaterials {
  /// Of the work order as it is wanted now.
  let plan: PlanWorkOrder
  let bill: BillOfMaterial
  /// SKUs of which what was taken is of no use.
  let spoiled: Set<String>

  /// Quantities as people write them.
  struct Outcome {
    /// Back on the shelves, and at what cost.
    var returned: [String] = []
    var returnedValue: Money
    /// Of no use any more, and what it had cost; that stays in the cost of the work order.
    var spoiled: [String] = []
    var lost: Money
    var verdicts: [SupplyVerdict] = []

    var facts: [Fact] {
      returned.map { Fact("returned", $0) } + [Fact("value", returnedValue)]
        + spoiled.map { Fact("spoiled", $0) } + [Fact("scrap_value", lost)]
    }
  }

  func run(
    on order: inout WorkOrder, in tx: Transaction, at now: Moment
  ) throws -> Outcome {
    let needs = try plan.needs(of: bill, in: tx)
    var left: [ID<Product>: Quantity] = [:]
    for (part, need) in needs { left[part.id] = try left[part.id, default: .zero] + need }
    let zero = Money.zero(order.costs.currency)
    var outcome = Outcome(returnedValue: zero, lost: zero)
    var surplus: [Int: Quantity] = [:]
    var open = order.components.map(\.open)
    for index in order.components.indices {
      let kept = try take(&order.components[index], &left, &outcome)
      surplus[index] = try order.components[index].usable - kept
    }
    for index in order.components.indices where open[index].isPositive {
      open[index] = try keep(
        order.components[index], open[index], of: order, &left, &outcome, in: tx, at: now)
    }
    for index in order.components.indices {
      if let rest = surplus[index], rest.isPositive {
        try giveBack(rest, of: &order, index, &outcome, in: tx, at: now)
      }
      order.components[index].required = try order.components[index].issued + open[index]
      try WorkOrderComponentTable.update(order.components[index], of: order.id, in: tx)
    }
    order.costs.material = try order.costs.material - outcome.returnedValue
    var planned = 1
    for (part, _) in needs {
      guard let rest = left.removeValue(forKey: part.id), rest.isPositive else { continue }
      try plan.add(part, rest, to: &order, level: 1, planned: &planned, in: tx, at: now)
    }
    try WorkOrders.readHeld(into: &order, in: tx)
    return outcome
  }

  /// Of what was taken, what is needed now. More than was required went to waste before.
  private func take(
    _ component: inout WorkOrderComponent, _ left: inout [ID<Product>: Quantity],
    _ outcome: inout Outcome
  ) throws -> Quantity {
    let usable = component.usable
    if component.issued > component.required {
      component.spoiled = try component.issued - usable
      component.required = component.issued
    }
    guard usable.isPositive else { return .zero }
    guard !spoiled.contains(component.sku) else {
      component.spoiled = component.issued
      outcome.spoiled.append("\(usable) \(component.unit) \(component.sku)")
      outcome.lost =
        try outcome.lost + component.cost.allocated(usable, of: component.issued)
      return .zero
    }
    let kept = min(usable, left[component.product] ?? .zero)
    left[component.product] = try (left[component.product] ?? .zero) - kept
    return kept
  }

  /// Of what was still to be taken, what is needed now; the rest is given up. What is made for it
  /// and has not begun is planned anew unless all of it is needed.
  private func keep(
    _ component: WorkOrderComponent, _ open: Quantity, of order: WorkOrder,
    _ left: inout [ID<Product>: Quantity], _ outcome: inout Outcome, in tx: Transaction,
    at now: Moment
  ) throws -> Quantity {
    var kept = min(open, left[component.product] ?? .zero)
    guard kept < open else {
      left[component.product] = try (left[component.product] ?? .zero) - kept
      return kept
    }
    let maker = try component.supply.flatMap { try WorkOrders.find(number: $0, in: tx) }
    if let maker, maker.state.canBecome(.cancelled) { kept = .zero }
    left[component.product] = try (left[component.product] ?? .zero) - kept
    let origin = Origin(.workOrder, order.number, line: component.line)
    let product = try Products.fetch(component.product, in: tx)
    let released = try Reservations.of(origin, in: tx)
    let extra = try open - kept
    try ReleaseReservation(origin: origin, product: product, quantity: extra).run(in: tx, at: now)
    if kept == .zero {
      outcome.verdicts += try CancelSupplyFor(origin: origin, released: released)
        .run(in: tx, at: now)
    } else if let maker {
      outcome.verdicts.append(
        SupplyVerdict(
          maker.reference, .keptAsStock,
          text: "\(maker.number) has begun; \(extra) \(maker.unit) of it go to stock"))
    } else {
      let waiting = try Reservations.find(origin, product: product, in: tx)?.waiting ?? .zero
      outcome.verdicts += try ReduceRequisitions(origin: origin, waiting: waiting).run(in: tx)
    }
    return kept
  }

  /// Back to the shelves, at its share of what it cost: Dr raw material, Cr work in progress.
  private func giveBack(
    _ quantity: Quantity, of order: inout WorkOrder, _ index: Int, _ outcome: inout Outcome,
    in tx: Transaction, at now: Moment
  ) throws {
    let component = order.components[index]
    let value = try component.cost.allocated(quantity, of: component.issued)
    try MoveStock(
      product: try Products.fetch(component.product, in: tx), quantity: quantity,
      from: Locations.production, to: Locations.stock(of: plan.warehouse, in: tx),
      valuation: .given(value), cause: .materialReturn,
      origin: Origin(.workOrder, order.number, line: component.line)
    ).run(in: tx, at: now)
    order.components[index].issued = try component.issued - quantity
    order.components[index].cost = try component.cost - value
    outcome.returned.append("\(quantity) \(component.unit) \(component.sku)")
    outcome.returnedValue = try outcome.returnedValue + value
  }
}

extension WorkOrderComponent {
  /// What was taken and is of use: what was required of it, and not in vain.
  var usable: Quantity { Quantity(micros: min(issued, required).micros - spoiled.micros) }
}
