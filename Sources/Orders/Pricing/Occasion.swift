import Inventory
import MasterData
import Storage
import Values

/// What lines are looked up for: whether they may be ordered depends on it.
enum Occasion {
  /// Something is sold.
  case sale
  /// An order is written otherwise. What it has it keeps, whatever day it is.
  case change(SalesOrder)
  /// Something is made again for a customer who has it.
  case remake

  /// The order that is replaced.
  var replaced: SalesOrder? {
    if case .change(let order) = self { order } else { nil }
  }

  /// So much of a product is ordered already.
  func kept(of product: Product) throws -> Quantity {
    try replaced?.lines.filter {
      $0.product == product.id && $0.isAlive && $0.charge.isEmpty
    }.map(\.ordered).sum() ?? .zero
  }

  /// Why `total` of a product cannot be ordered from a warehouse on a day; nil when it can. Only
  /// asked about products whose days somebody has said.
  func refusal(
    of product: Product, _ total: Quantity, from warehouseCode: String, on day: Day, field: String,
    in snapshot: Snapshot
  ) throws -> ProductRejection? {
    if case .remake = self {
      return try product.lifecycleRefusal(
        on: day, field: field, isForService: true, in: snapshot)
    }
    let kept = try kept(of: product)
    guard total > kept else { return nil }
    if let refusal = try product.lifecycleRefusal(on: day, field: field, in: snapshot) {
      return refusal
    }
    guard product.isStocked, product.lifecycle?.phase(on: day) == .whileStockLasts,
      let warehouse = try Warehouses.find(code: warehouseCode, in: snapshot)
    else { return nil }
    let free = try Availability.free(product, in: warehouse, in: snapshot)
    let more = try total - kept
    guard more > free else { return nil }
    return .whileStockLasts(
      field: field, sku: product.sku, free: free, asked: more,
      instead: try product.replacements(on: day, in: snapshot))
  }
}
