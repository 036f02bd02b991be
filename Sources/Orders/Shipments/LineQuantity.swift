import MasterData
import Storage
package import Values

/// A quantity of one line of an order, as a request names it.
package struct LineQuantity: Hashable, Sendable {
  package let line: Int
  package let quantity: Quantity
  /// The line's unit; empty means the same.
  package let unit: String

  package init(line: Int, quantity: Quantity, unit: String = "") {
    self.line = line
    self.quantity = quantity
    self.unit = unit
  }
}

extension SalesOrder {
  /// Checks what a request asks of lines of this order against what each has `available`, all at
  /// once. Pieces stay whole. `refusal` says what is wrong with a line of the wrong kind.
  func check(
    _ requested: [LineQuantity], available: (SalesOrderLine) -> Quantity,
    refusal: (SalesOrderLine, String) -> OrdersRejection?, in snapshot: Snapshot
  ) throws {
    var found: [any Rejection] = []
    var seen: Set<Int> = []
    for (row, request) in requested.enumerated() {
      let field = "lines[\(row)]"
      guard lines.indices.contains(request.line - 1) else {
        found.append(
          OrdersRejection.unknownLine(
            field: field + ".line_number", order: number, line: request.line))
        continue
      }
      let line = lines[request.line - 1]
      if !seen.insert(request.line).inserted {
        found.append(
          OrdersRejection.lineRepeated(field: field + ".line_number", line: request.line))
      } else if let refusal = refusal(line, field + ".line_number") {
        found.append(refusal)
      } else if let violation = line.violation(
        of: request, available: available(line), field: field + ".quantity",
        isWhole: try line.requireProduct(in: snapshot).countsInWholeUnits)
      {
        found.append(violation)
      }
    }
    try Rejections.check(found)
  }
}

extension SalesOrderLine {
  fileprivate func violation(
    of request: LineQuantity, available: Quantity, field: String, isWhole: Bool
  ) -> OrdersRejection? {
    if !request.quantity.isPositive || request.quantity > OrderDraft.quantityLimit {
      return .quantityOutOfRange(
        field: field, given: request.quantity, limit: OrderDraft.quantityLimit)
    }
    if !request.unit.isEmpty, request.unit != unit {
      return .unitMismatch(field: field, given: request.unit, unit: unit)
    }
    if isWhole, request.quantity.micros % Quantity.one.micros != 0 {
      return .quantityNotWhole(field: field, given: request.quantity, unit: unit)
    }
    guard request.quantity <= available else {
      return .moreThanAvailable(
        field: field, line: number, requested: request.quantity, available: available)
    }
    return nil
  }
}
