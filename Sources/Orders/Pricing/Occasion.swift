import Inventory
import MasterData
import Storage
import Values

/// What lines are looked up for: whether they may be ordered depends on it.
enum Occasion {
  /// Something is sold.
  case sale
  /// Somebody asks what it costs.
  case question
  /// Something is sold before it is there, on the terms of its presale.
  case preorder
  /// An order is written otherwise. What it has it keeps, whatever day it is.
  case change(SalesOrder)
  /// A piece of a showroom is sold, whatever day it is.
  case showroom
  /// Something is made again or repaired for a customer who has it.
  case remake(isFree: Bool)

  /// What is free bears no charge.
  var bearsCharges: Bool {
    if case .remake(isFree: true) = self { false } else { true }
  }

  /// Something has gone there before, and may still go: where the order that is written otherwise
  /// goes, and for goods that were brought once.
  func hasReached(_ zone: String?) -> Bool {
    if case .remake = self { true } else { zone == replaced?.delivery?.zone }
  }

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
    if case .showroom = self { return nil }
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

  /// Refuses what can only be pre-ordered so far. Only asked where there are presales.
  func refusePresales(
    of draft: OrderDraft, on day: Day, _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws {
    var kept: Set<String> = []
    switch self {
    case .preorder, .question, .showroom, .remake: return
    case .sale: break
    case .change(let order):
      guard try PreorderTable.find(order.id, in: snapshot) == nil else { return }
      kept = Set(order.lines.filter(\.isAlive).map(\.sku))
    }
    let releases = try PresaleTable.releases(in: snapshot)
    for (index, line) in draft.lines.enumerated() {
      guard let release = releases[line.sku], release > day, !kept.contains(line.sku) else {
        continue
      }
      check.refuse(
        PreorderRejection.presaleOnly(
          field: OrderDraft.path(line: index).field("sku"), sku: line.sku, releasesOn: release))
    }
  }
}
