package import Inventory
import MasterData
package import Storage
package import Values

/// A quantity of a returned line and what it is good for.
package struct GradedQuantity: Hashable, Sendable {
  /// Of the order.
  package let line: Int
  package let quantity: GivenQuantity
  package let grade: ReturnGrade

  package init(line: Int, quantity: GivenQuantity, grade: ReturnGrade) {
    self.line = line
    self.quantity = quantity
    self.grade = grade
  }
}

/// Says what goods in quarantine are good for: what is as new goes back to the shelves at its cost,
/// where whoever waits for it gets it; what is beyond repair is scrapped, and its cost is a loss;
/// what is to be repaired stays until it is graded again, written down as the policy says.
package struct GradeReturn: Sendable {
  package let number: String
  /// One after the other.
  package let lines: [GradedQuantity]

  package init(number: String, lines: [GradedQuantity]) {
    self.number = number
    self.lines = lines
  }

  package func run(in tx: Transaction, at now: Moment) throws -> CustomerReturn {
    var check = FieldCheck(.request)
    check.range(lines.count, "lines", 1...500)
    try check.pass()
    var found = try Returns.require(number: number, in: tx)
    guard let code = found.warehouseCode else {
      throw ReturnRejection.stateForbids(
        number: number, state: found.state, action: ReturnState.inspected.action)
    }
    let order = try SalesOrders.require(number: found.orderNumber, in: tx)
    let warehouse = try Warehouses.require(code: code, field: "warehouse_code", in: tx)
    for (row, graded) in lines.enumerated() {
      try grade(graded, &found, order, warehouse, FieldPath("lines", row: row), in: tx, at: now)
    }
    found.state = found.derived
    try found.save(in: tx)
    found.record(
      "return.graded",
      lines.map { Fact("line_\($0.line)_\($0.grade.rawValue.lowercased())", $0.quantity.quantity) },
      in: tx)
    let restocked = lines.filter { $0.grade == .asNew }.compactMap {
      order.lines[$0.line - 1].product.map { SupplyPlace($0, code) }
    }
    try RefreshPromises(at: restocked).run(in: tx, at: now)
    return found
  }

  private func grade(
    _ graded: GradedQuantity, _ found: inout CustomerReturn, _ order: SalesOrder,
    _ warehouse: Warehouse, _ path: FieldPath, in tx: Transaction, at now: Moment
  ) throws {
    let index = try found.index(ofLine: graded.line, field: path.field("line_number"))
    let product = try order.lines[graded.line - 1].requireProduct(in: tx)
    var check = FieldCheck(path)
    graded.quantity.check(&check, "quantity", of: product)
    let line = found.lines[index]
    let available =
      graded.grade == .repair
      ? line.ungraded : Quantity(micros: line.ungraded.micros + line.gradeB.micros)
    if graded.quantity.quantity > available {
      check.refuse(
        OrdersRejection.moreThanAvailable(
          field: path.field("quantity"), line: graded.line, requested: graded.quantity.quantity,
          available: available))
    }
    try check.pass()
    let quarantine = try Locations.quarantine(of: warehouse, in: tx)
    guard graded.grade != .repair else {
      let rules = try ReturnPolicies.require(
        version: found.policyVersion, field: "policy_version", in: tx
      ).rules
      let (cost, loss) = try found.lines[index].gradeForRepair(
        graded.quantity.quantity,
        writeDown: line.rule <= rules.count ? rules[line.rule - 1].writeDown : .zero)
      try ReturnTable.update(found.lines[index], of: found.id, in: tx)
      guard loss.minor > 0 else { return }
      return try WriteDown(
        product: product, quantity: graded.quantity.quantity, at: quarantine, cost: cost,
        loss: loss,
        origin: found.origin(of: line), field: path.field("quantity")
      ).run(in: tx, at: now)
    }
    let cost = try found.lines[index].grade(
      graded.quantity.quantity, asNew: graded.grade == .asNew)
    try ReturnTable.update(found.lines[index], of: found.id, in: tx)
    try MoveStock(
      product: product, quantity: graded.quantity.quantity, from: quarantine,
      to: graded.grade == .asNew ? try Locations.stock(of: warehouse, in: tx) : Locations.scrap,
      valuation: .given(cost), cause: graded.grade == .asNew ? .restock : .returnScrap,
      origin: found.origin(of: line), field: path.field("quantity")
    ).run(in: tx, at: now)
  }
}
