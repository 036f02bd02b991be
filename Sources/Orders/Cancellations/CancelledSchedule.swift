import Inventory
import MasterData
import Storage
import Values

/// So much of a schedule under a line that is to be cancelled.
struct CancelledSchedule: Hashable, Sendable, CustomStringConvertible {
  let line: Int
  let number: Int
  let quantity: Quantity

  var description: String { "\(line):\(number)=\(quantity)" }
}

extension [CancelledSchedule] {
  /// What they come to of each line, in the order of the lines.
  func byLine(_ order: SalesOrder) -> [LineQuantity] {
    Dictionary(grouping: self, by: \.line).sorted { $0.key < $1.key }.map { line, parts in
      let sum = Quantity(micros: parts.reduce(0) { $0 + $1.quantity.micros })
      return LineQuantity(
        line: line, quantity: GivenQuantity(sum, unit: order.lines[line - 1].unit))
    }
  }
}

extension SalesOrder {
  /// What is to be cancelled of schedules that are named: of each what is open and not set apart
  /// for a shipment of its own, or so much of that. Refuses with every violation at once.
  func cancelled(
    _ schedules: [ScheduleQuantity], besides others: Set<Int>, in snapshot: Snapshot
  ) throws -> [CancelledSchedule] {
    var violations: [any Rejection] = []
    var found: [CancelledSchedule] = []
    for (row, request) in schedules.enumerated() {
      var check = FieldCheck(FieldPath("schedules", row: row))
      if !lines.indices.contains(request.line - 1) {
        check.refuse(
          OrdersRejection.unknownLine(
            field: check.path.field("line_number"), order: number, line: request.line))
      } else if others.contains(request.line)
        || found.contains(where: { $0.line == request.line && $0.number == request.schedule })
      {
        check.refuse(
          OrdersRejection.duplicateLine(
            field: check.path.field("line_number"), line: request.line))
      } else if let quantity = try cancelled(request, &check, in: snapshot) {
        found.append(
          CancelledSchedule(line: request.line, number: request.schedule, quantity: quantity))
      }
      violations += check.violations
    }
    try Rejections.check(violations)
    return found
  }

  /// Nil where something is wrong with it, which is noted.
  private func cancelled(
    _ request: ScheduleQuantity, _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> Quantity? {
    let line = lines[request.line - 1]
    guard let schedule = line.schedules.first(where: { $0.number == request.schedule }) else {
      check.refuse(
        ScheduleRejection.unknownSchedule(
          field: check.path.field("schedule_number"), order: number, line: line.number,
          schedule: request.schedule))
      return nil
    }
    let apart = try ShipmentLineTable.setApart(
      ofSchedule: schedule.number, line: line.number, of: id, in: snapshot)
    let available = max(.zero, try schedule.open - apart)
    let given = request.quantity ?? GivenQuantity(available, unit: line.unit)
    guard available.isPositive else {
      check.refuse(
        OrdersRejection.moreThanAvailable(
          field: check.path.field("schedule_number"), line: line.number,
          requested: request.quantity?.quantity ?? schedule.ordered, available: .zero))
      return nil
    }
    guard
      let wanted = given.read(&check, "quantity", of: try line.requireProduct(in: snapshot))
    else { return nil }
    guard wanted <= available else {
      check.refuse(
        OrdersRejection.moreThanAvailable(
          field: check.path.field("quantity"), line: line.number, requested: wanted,
          available: available))
      return nil
    }
    return wanted
  }
}
