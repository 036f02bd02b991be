import Finance
import MasterData
package import Storage
package import Values

/// Records the time of an operation, at the rate of its work centre: Dr work in progress, Cr labour
/// absorbed.
package struct ReportOperation: Sendable {
  package let number: String
  package let sequence: Int
  /// 0 or more.
  package let minutes: Quantity
  /// The operation is finished; those before it must be.
  package let isDone: Bool

  package init(number: String, sequence: Int, minutes: Quantity, isDone: Bool) {
    self.number = number
    self.sequence = sequence
    self.minutes = minutes
    self.isDone = isDone
  }

  /// A million minutes in one report.
  static let highestMinutes = Quantity(micros: 1_000_000_000_000)

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> WorkOrder {
    var check = FieldCheck(.request)
    check.range(minutes, "minutes_micros", .zero...Self.highestMinutes)
    if minutes == .zero, !isDone {
      check.refuse(ProductionRejection.nothingReported(field: "minutes_micros"))
    }
    try check.pass()
    var order = try WorkOrders.require(number: number, in: tx)
    try order.begin(to: "take time")
    let index = try order.operation(sequence, finishing: isDone)
    let cost = try order.operations[index].report(minutes, done: isDone)
    order.costs.labour = try order.costs.labour + cost
    let operation = order.operations[index]
    try WorkOrderOperationTable.update(operation, of: order.id, in: tx)
    try WorkOrderTable.update(&order, in: tx)
    let report = try TimeReportTable.insert(
      minutes, cost: cost, of: order.id, sequence: sequence, at: now, in: tx)
    if cost.minor > 0 {
      try PostEntry.labourAbsorbed(
        order.demand, occurrence: report.value, amount: cost,
        text: "\(minutes) minutes at \(operation.workCentreCode) for \(number)"
      ).run(in: tx, at: now)
    }
    tx.record(
      order.event(
        "work-order.operation-reported",
        [
          Fact("sequence", sequence), Fact("name", operation.name), Fact("minutes", minutes),
          Fact("cost", cost), Fact("done", isDone),
        ]))
    return order
  }
}
