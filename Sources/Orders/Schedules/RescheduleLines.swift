import Production
import Purchasing
import Storage
import Values

extension SalesOrder {
  /// Wants what is still to come for its lines on the days on which they are wanted now.
  func rescheduleSupply(before: SalesOrder, in tx: Transaction) throws -> [SupplyVerdict] {
    var verdicts: [SupplyVerdict] = []
    for line in lines where line.sourcing != .service && line.open.isPositive {
      guard before.lines.indices.contains(line.number - 1) else { continue }
      let old = before.lines[line.number - 1]
      guard old.schedules != line.schedules || before.requestedOn(of: old) != requestedOn(of: line)
      else { continue }
      verdicts += try rescheduleWork(of: line, in: tx)
      verdicts += try RescheduleDemand(
        origin: origin(of: line),
        needs: { missing in needs(missing, of: line).map { ($0.quantity, $0.day) } }
      ).run(in: tx)
    }
    return verdicts
  }

  /// Work orders make a line as a whole, and are due when the first of it is.
  private func rescheduleWork(
    of line: SalesOrderLine, in tx: Transaction
  ) throws -> [SupplyVerdict] {
    let day = requestedOn(of: line)
    let due = day?.description ?? "as soon as possible"
    var verdicts: [SupplyVerdict] = []
    var numbers = try WorkOrders.ofOrigin(reference, in: tx).filter {
      $0.origin?.line == line.number
    }.map(\.number)[...]
    while let number = numbers.popFirst() {
      guard let work = try WorkOrders.find(number: number, in: tx) else { continue }
      numbers += work.components.compactMap(\.supply)
      verdicts += try RescheduleWork(root: reference, only: number, dueOn: day).run(in: tx).map {
        SupplyVerdict(
          DocumentReference(.workOrder, $0), .rescheduled, text: "\($0) is due \(due)")
      }
      verdicts += try RescheduleRequisitions(document: work.reference, neededOn: day).run(in: tx)
    }
    return verdicts
  }
}
