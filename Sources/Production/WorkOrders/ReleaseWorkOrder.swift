import MasterData
package import Storage
package import Values

/// Gives a planned work order to the workshop, once its material is there, its deposit has come and
/// nobody holds what it is for.
package struct ReleaseWorkOrder: Sendable {
  package let number: String
  /// Why it is released although material is missing, at most 200 characters; empty to insist on
  /// the material. Nothing overrides a deposit.
  package let overrideReason: String

  package init(number: String, overrideReason: String = "") {
    self.number = number
    self.overrideReason = overrideReason
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> WorkOrder {
    var check = FieldCheck(.request)
    check.text(overrideReason, "override_reason", required: !overrideReason.isEmpty)
    try check.pass()
    var order = try WorkOrders.require(number: number, in: tx)
    try order.become(.released, to: "be released")
    if let root = order.root, try StoppedWorkTable.contains(root, in: tx) {
      throw ProductionRejection.workStopped(number: number, order: root.number)
    }
    let missing = order.components.filter { $0.missing.isPositive }
    try Rejections.check(order.obstacles(isOverridden: !overrideReason.isEmpty))
    try WorkOrderTable.update(&order, in: tx)
    tx.record(
      order.event(
        "work-order.released",
        missing.isEmpty
          ? []
          : missing.map { Fact("missing", "\($0.missing) \($0.unit) \($0.sku)") }
            + [Fact("override_reason", overrideReason)]))
    return order
  }
}
