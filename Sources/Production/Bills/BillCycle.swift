import MasterData
import Storage
import Values

/// Looks for a way from the components of a new bill back to its product: something cannot be made
/// of itself.
struct BillCycle {
  let bill: BillOfMaterial
  /// The refused field.
  let field: String
  private var visited: Set<ID<Product>> = []

  init(of bill: BillOfMaterial, field: String) {
    self.bill = bill
    self.field = field
  }

  /// Throws the skus from the product down to itself, if there is such a way. Every product is
  /// looked at once, however many ways lead to it.
  mutating func refuse(in snapshot: Snapshot) throws {
    guard let path = try path(through: bill.components, level: 1, in: snapshot) else { return }
    throw ProductionRejection.billCycle(field: field, path: [bill.sku] + path)
  }

  private mutating func path(
    through components: [BillOfMaterial.Component], level: Int, in snapshot: Snapshot
  ) throws -> [String]? {
    guard level <= WorkOrder.levelLimit else {
      throw ProductionRejection.tooManyLevels(
        field: field, sku: bill.sku, limit: WorkOrder.levelLimit)
    }
    for component in components {
      if component.product == bill.product { return [component.sku] }
      guard visited.insert(component.product).inserted else { continue }
      let below = try BillTable.components(of: component.product, in: snapshot)
      if below.isEmpty { continue }
      if let rest = try path(through: below, level: level + 1, in: snapshot) {
        return [component.sku] + rest
      }
    }
    return nil
  }
}
