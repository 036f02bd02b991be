import Inventory
import MasterData
import Storage
import Values

/// Finds the lines of a purchase order that a receipt or a bill names, each at most once, and notes
/// everything that is wrong with them.
struct OrderLineReading {
  let order: PurchaseOrder
  private(set) var violations: [any Rejection] = []
  private var named: Set<Int> = []

  init(order: PurchaseOrder) { self.order = order }

  /// The position of the line and the quantity; nil when something is wrong. `limit` says whether
  /// it is too much.
  mutating func read(
    _ number: Int, _ given: GivenQuantity, at path: FieldPath, in snapshot: Snapshot,
    limit: (PurchaseOrder.Line, Quantity, FieldPath) -> PurchasingRejection?
  ) throws -> (index: Int, quantity: Quantity)? {
    var check = FieldCheck(path)
    defer { violations += check.violations }
    guard let index = order.lines.firstIndex(where: { $0.number == number }) else {
      check.refuse(
        PurchasingRejection.unknownLine(
          field: path.field("line_number"), order: order.number, line: number))
      return nil
    }
    if !named.insert(number).inserted {
      check.refuse(
        PurchasingRejection.duplicateLine(field: path.field("line_number"), line: number))
    }
    let line = order.lines[index]
    let quantity = given.read(
      &check, "quantity", of: try Products.fetch(line.product, in: snapshot))
    if let quantity, let tooMuch = limit(line, quantity, path) { check.refuse(tooMuch) }
    return check.violations.isEmpty ? quantity.map { (index, $0) } : nil
  }
}
