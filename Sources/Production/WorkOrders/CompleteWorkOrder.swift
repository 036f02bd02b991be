package import Inventory
import MasterData
package import Storage
package import Values

/// Records what came out of a work order. Good goods go to stock at their share of the work in
/// progress and from there to the demand that waits for this work order; more than was wanted is
/// free stock. What was scrapped takes its share to scrap loss. With the last of what was wanted
/// all the cost is gone, and what scrap still owes to the demand is planned anew.
package struct CompleteWorkOrder: Sendable {
  package let number: String
  package let good: GivenQuantity?
  package let scrapped: GivenQuantity?

  /// Both nil: all that is open came out good.
  package init(number: String, good: GivenQuantity? = nil, scrapped: GivenQuantity? = nil) {
    self.number = number
    self.good = good
    self.scrapped = scrapped
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> WorkOrder {
    var order = try WorkOrders.require(number: number, in: tx)
    let product = try Products.fetch(order.product, in: tx)
    let (good, scrapped) = try made(of: order, product)
    guard order.state == .inProgress else {
      throw ProductionRejection.wrongState(
        number: number, state: order.state, action: "give anything out")
    }
    if good.isPositive { try order.checkInspected() }
    let value = try order.costs.take(good: good, scrapped: scrapped, open: order.open)
    order.good = try order.good + good
    order.scrapped = try order.scrapped + scrapped
    if order.open == .zero { try order.become(.completed, to: "be completed") }
    try WorkOrderTable.update(&order, in: tx)
    tx.record(
      order.event(
        order.state == .completed ? "work-order.completed" : "work-order.output-reported",
        [
          Fact("good", good), Fact("scrapped", scrapped), Fact("open", order.open),
          Fact("value", value.good), Fact("scrap_value", value.scrap),
        ]))
    if good.isPositive {
      let warehouse = try Warehouses.fetch(order.warehouse, in: tx)
      try MoveStock(
        product: product, quantity: good, from: Locations.production,
        to: Locations.stock(of: warehouse, in: tx), valuation: .given(value.good),
        cause: .productionOutput, origin: order.demand, supply: order.reference, field: "good"
      ).run(in: tx, at: now)
    }
    if scrapped.isPositive {
      try MoveStock(
        product: product, quantity: scrapped, from: Locations.production, to: Locations.scrap,
        valuation: .given(value.scrap), cause: .scrap, origin: order.demand,
        field: "scrapped"
      ).run(in: tx, at: now)
    }
    return order.state == .completed
      ? try PlanReplacement(order: order).run(in: tx, at: now) : order
  }

  private func made(
    of order: WorkOrder, _ product: Product
  ) throws -> (good: Quantity, scrapped: Quantity) {
    guard good != nil || scrapped != nil else { return (order.open, .zero) }
    var check = FieldCheck(.request)
    Self.check(good, "good", of: product, &check)
    Self.check(scrapped, "scrapped", of: product, &check)
    let made = (good?.quantity ?? .zero, scrapped?.quantity ?? .zero)
    if made == (.zero, .zero) {
      check.refuse(ProductionRejection.nothingCompleted(field: "good"))
    }
    try check.pass()
    return made
  }

  /// 0 or more, in the unit of the product.
  private static func check(
    _ given: GivenQuantity?, _ name: String, of product: Product, _ check: inout FieldCheck
  ) {
    guard let given, given.quantity != .zero else { return }
    if given.quantity.micros < 0 {
      check.refuse(InventoryRejection.quantityNegative(field: name, given: given.quantity))
    }
    given.check(&check, name, of: product)
  }
}
