import Inventory
package import MasterData
package import Purchasing
package import Storage
package import Values

/// How what was begun becomes what is wanted now.
package struct ReworkTerms: Hashable, Sendable {
  /// What was done is done again even where it is the same.
  package let repeatsSteps: Bool
  /// SKUs of components of which what was taken is of no use any more.
  package let spoiled: [String]

  package static let least = ReworkTerms()

  package init(repeatsSteps: Bool = false, spoiled: [String] = []) {
    self.repeatsSteps = repeatsSteps
    self.spoiled = spoiled
  }
}

/// Makes of a work order that has begun, and of which nothing has come out, what is wanted now: it
/// stays the same document for the same line. Its bill and routing are from now on those of what is
/// chosen. What was taken counts for what is needed of it, and the rest goes back to the shelves at
/// what it cost; what was worked stays in its cost. Steps that were done are not done again as far
/// as the new ones begin with the same: behind a step that differs the piece is another one.
package struct ReworkWorkOrder: Sendable {
  package let number: String
  /// What is wanted now; nil for what the product's own bill of today says.
  package let configuration: Configuration?
  package let terms: ReworkTerms
  /// Field of the request that gave the terms, for a refusal.
  package let field: String

  package init(
    number: String, _ configuration: Configuration?, _ terms: ReworkTerms = .least,
    field: String = "rework"
  ) {
    self.number = number
    self.configuration = configuration
    self.terms = terms
    self.field = field
  }

  /// What becomes of it, and of the supply that it does not need any more.
  package func run(in tx: Transaction, at now: Moment) throws -> [SupplyVerdict] {
    var order = try WorkOrders.require(number: number, in: tx)
    try order.checkReworkable()
    try checkSpoiled(of: order)
    let plan = PlanWorkOrder(
      product: try Products.fetch(order.product, in: tx), quantity: order.quantity,
      warehouse: try Warehouses.fetch(order.warehouse, in: tx), origin: order.origin,
      dueOn: order.dueOn, hold: nil, field: nil, configuration: configuration, root: order.root)
    let bill = try plan.check(level: 1, planned: 0, in: tx)
    let before = try (order.minutesToCome(), order.expectedCost(in: tx))
    let round = try WorkOrderConfigurationTable.insert(
      rework: configuration, of: order.id, in: tx)
    var steps = try bill.operations.map { try plan.operation($0, in: tx) }
    for index in steps.indices { steps[index].rework = round }
    let replanned = try replan(steps, of: &order, by: plan, in: tx)
    let material = try ReworkMaterials(plan: plan, bill: bill, spoiled: Set(terms.spoiled))
      .run(on: &order, in: tx, at: now)
    // All went back and nothing was worked: it is to be begun anew.
    if !order.isUsed { order.state = .released }
    try WorkOrderTable.update(&order, in: tx)
    tx.record(order.event("work-order.reworked", [Fact("rework", round)] + material.facts))
    let lost = try replanned.lost + material.lost
    return [
      SupplyVerdict(
        order.reference, .reworked, text: text(replanned, material),
        sunkCost: lost.minor > 0 ? lost : nil,
        rework: SupplyVerdict.Rework(
          minutesBefore: before.0, minutesAfter: try order.minutesToCome(),
          costBefore: before.1, costAfter: try order.expectedCost(in: tx)))
    ] + material.verdicts
  }

  private func checkSpoiled(of order: WorkOrder) throws {
    try Rejections.check(
      terms.spoiled.enumerated().compactMap { index, sku in
        order.components.contains { $0.sku == sku && $0.usable.isPositive }
          ? nil
          : ProductionRejection.notAComponent(
            field: "\(field).spoiled_skus[\(index)]", number: number, sku: String(sku.prefix(60)))
      })
  }

  /// What became of the steps.
  private struct Steps {
    var kept = 0
    var dropped = 0
    var added = 0
    /// What was spent on those that count for nothing now.
    var lost: Money
  }

  private func text(_ steps: Steps, _ material: ReworkMaterials.Outcome) -> String {
    func told(_ count: Int, _ rest: String) -> String? {
      count == 0 ? nil : "\(count) \(count == 1 ? "step" : "steps") \(rest)"
    }
    let parts = [
      told(steps.kept, "need not be done again"), told(steps.dropped, "in vain"),
      told(steps.added, "to be done"),
      material.returned.isEmpty
        ? nil : "back to stock: \(material.returned.joined(separator: ", "))",
      material.spoiled.isEmpty
        ? nil : "of no use any more: \(material.spoiled.joined(separator: ", "))",
    ]
    return (["\(number) had begun and goes on as what is wanted now"] + parts.compactMap { $0 })
      .joined(separator: "; ")
  }
}

extension ReworkWorkOrder {
  /// Keeps the steps with which the new ones begin, drops what else was reported and plans the
  /// rest behind it.
  private func replan(
    _ wanted: [WorkOrderOperation], of order: inout WorkOrder,
    by plan: PlanWorkOrder, in tx: Transaction
  ) throws -> Steps {
    let kept = terms.repeatsSteps ? 0 : order.stepsKept(by: wanted)
    let current = order.operations.filter { !$0.isDropped }
    let held = Set(current.prefix(kept).map(\.sequence))
    var steps = Steps(kept: kept, lost: .zero(order.costs.currency))
    for step in current where !held.contains(step.sequence) && !step.isReported {
      try WorkOrderOperationTable.remove(step.sequence, of: order.id, in: tx)
      order.operations.removeAll { $0.sequence == step.sequence }
    }
    for index in order.operations.indices {
      guard !order.operations[index].isDropped,
        !held.contains(order.operations[index].sequence)
      else { continue }
      order.operations[index].isDropped = true
      try WorkOrderOperationTable.update(order.operations[index], of: order.id, in: tx)
      steps.dropped += 1
      steps.lost = try steps.lost + order.operations[index].cost
    }
    let last = order.operations.map(\.sequence).max() ?? 0
    for var step in wanted.dropFirst(kept) {
      step.sequence += last
      try plan.add(step, to: &order, in: tx)
      steps.added += 1
    }
    return steps
  }
}

extension WorkOrder {
  fileprivate func checkReworkable() throws(ProductionRejection) {
    guard good == .zero, scrapped == .zero else { throw .outputReported(number: number) }
    guard state == .inProgress else {
      throw .wrongState(number: number, state: state, action: "be reworked")
    }
  }

  /// Of its steps so many as the wanted ones begin with and that were begun, all but the last of
  /// them done.
  fileprivate func stepsKept(by wanted: [WorkOrderOperation]) -> Int {
    var count = 0
    for (step, other) in zip(operations.filter { !$0.isDropped }, wanted) {
      guard step.isReported, step.isSame(as: other) else { break }
      count += 1
      guard step.isDone else { break }
    }
    return count
  }

  /// Something was taken, or reported.
  fileprivate var isUsed: Bool {
    components.contains { $0.issued.isPositive } || operations.contains(where: \.isReported)
  }

  /// Planned and not yet worked.
  fileprivate func minutesToCome() throws(ArithmeticError) -> Quantity {
    var sum = Quantity.zero
    for operation in operations { sum = try sum + operation.minutesToCome }
    return sum
  }

  /// What it will have cost in all, by what is known today; nil where nobody knows.
  fileprivate func expectedCost(in snapshot: Snapshot) throws -> Money? {
    var reader = CostReader(in: costs.currency)
    var total = try costs.incurred()
    for component in components where component.open.isPositive {
      let product = try Products.fetch(component.product, in: snapshot)
      guard let part = try reader.cost(of: product, component.open, in: snapshot) else {
        return nil
      }
      total = try total + part
    }
    for operation in operations {
      total =
        try total
        + operation.hourlyRate.allocated(operation.minutesToCome, of: WorkOrderOperation.hour)
    }
    return total
  }
}
