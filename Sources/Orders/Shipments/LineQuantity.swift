package import Inventory
import MasterData
import Storage
import Values

/// A quantity of one line of an order, as a request names it.
package struct LineQuantity: Hashable, Sendable {
  package let line: Int
  package let quantity: GivenQuantity

  package init(line: Int, quantity: GivenQuantity) {
    self.line = line
    self.quantity = quantity
  }
}

extension SalesOrder {
  /// Checks what a request asks of lines of this order against what each has `available`, all at
  /// once. `refusal` says what is wrong with a line of the wrong kind.
  func check(
    _ requested: [LineQuantity], available: (SalesOrderLine) -> Quantity,
    refusal: (SalesOrderLine, String) -> OrdersRejection?, in snapshot: Snapshot,
    field name: String = "lines"
  ) throws {
    var violations: [any Rejection] = []
    var seen: Set<Int> = []
    for (row, request) in requested.enumerated() {
      var check = FieldCheck(FieldPath(name, row: row))
      let field = check.path.field("line_number")
      if !lines.indices.contains(request.line - 1) {
        check.refuse(
          OrdersRejection.unknownLine(field: field, order: number, line: request.line))
      } else if !seen.insert(request.line).inserted {
        check.refuse(OrdersRejection.duplicateLine(field: field, line: request.line))
      } else if let refusal = refusal(lines[request.line - 1], field) {
        check.refuse(refusal)
      } else {
        let line = lines[request.line - 1]
        request.quantity.check(&check, "quantity", of: try line.requireProduct(in: snapshot))
        let available = available(line)
        if request.quantity.quantity > available {
          check.refuse(
            OrdersRejection.moreThanAvailable(
              field: check.path.field("quantity"), line: line.number,
              requested: request.quantity.quantity, available: available))
        }
      }
      violations += check.violations
    }
    try Rejections.check(violations)
  }
}
