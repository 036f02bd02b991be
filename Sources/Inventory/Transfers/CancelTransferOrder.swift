import MasterData
package import Storage
package import Values

/// Calls off what has not left yet; what is on the way is still to be taken in.
package struct CancelTransferOrder: Sendable {
  package let number: String
  /// 1–200 characters.
  package let reason: String

  package init(number: String, reason: String) {
    self.number = number
    self.reason = reason
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> TransferOrder {
    var check = FieldCheck(.request)
    check.text(reason, "reason", required: true)
    try check.pass()
    var order = try TransferOrders.require(number: number, field: "number", in: tx)
    let open = order.lines.indices.filter { order.lines[$0].open.isPositive }
    guard !open.isEmpty else { throw TransferRejection.nothingToCancel(order: order.number) }
    for index in open {
      let line = order.lines[index]
      try ReleaseReservation(origin: order.origin(of: line)).run(in: tx, at: now)
      order.lines[index].cancelled = try line.cancelled + line.open
      order.lines[index].held = .zero
      try TransferOrderTable.update(order.lines[index], in: tx)
    }
    try TransferOrderTable.update(&order, in: tx)
    tx.record(
      DomainEvent(
        "transfer-order.cancelled", order.reference,
        [Fact("lines", open.count), Fact("reason", reason)]))
    return order
  }
}
