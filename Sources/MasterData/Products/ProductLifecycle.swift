package import Storage
package import Values

/// The days of a product's life; nil where nobody has said one.
package struct ProductLifecycle: Hashable, Sendable {
  /// First day on which it is shown to customers.
  package var announcedOn: Day?
  /// First and last day on which it can be ordered.
  package var orderableFrom: Day?
  package var orderableUntil: Day?
  /// First day from which on it is sold while stock lasts.
  package var discontinuedOn: Day?
  /// Last day on which anything is done for it, spare parts and repairs included.
  package var servedUntil: Day?
  /// What takes its place; empty for nothing.
  package var successorSKU: String

  package init(
    announcedOn: Day? = nil, orderableFrom: Day? = nil, orderableUntil: Day? = nil,
    discontinuedOn: Day? = nil, servedUntil: Day? = nil, successorSKU: String = ""
  ) {
    self.announcedOn = announcedOn
    self.orderableFrom = orderableFrom
    self.orderableUntil = orderableUntil
    self.discontinuedOn = discontinuedOn
    self.servedUntil = servedUntil
    self.successorSKU = successorSKU
  }

  /// What can be done with the product on a day.
  package enum Phase: Hashable, Sendable {
    case notYetOrderable(from: Day)
    case orderable
    case whileStockLasts
    case noLongerOrderable(last: Day)
    case noLongerServed(last: Day)
  }

  package func phase(on day: Day) -> Phase {
    if let servedUntil, servedUntil < day { return .noLongerServed(last: servedUntil) }
    if let orderableUntil, orderableUntil < day { return .noLongerOrderable(last: orderableUntil) }
    if let first = orderableFrom ?? announcedOn, day < first {
      return .notYetOrderable(from: first)
    }
    if let discontinuedOn, discontinuedOn <= day { return .whileStockLasts }
    return .orderable
  }
}

extension Product {
  /// Why it cannot be ordered on a day; nil when it can, as far as days say. Names what can be had
  /// instead.
  package func lifecycleRefusal(
    on day: Day, field: @autoclosure () -> String, isForService: Bool = false,
    in snapshot: Snapshot
  ) throws -> ProductRejection? {
    guard let phase = lifecycle?.phase(on: day) else { return nil }
    if isForService {
      guard case .noLongerServed = phase else { return nil }
    }
    if phase == .orderable || phase == .whileStockLasts { return nil }
    return .outOfSeason(
      field: field(), sku: sku, phase: phase, instead: try replacements(on: day, in: snapshot))
  }

  /// What can be had instead of it: its successor, then what can stand in for it, offered first in
  /// front.
  package func replacements(on day: Day, in snapshot: Snapshot) throws -> [String] {
    var found = [lifecycle?.successorSKU ?? ""].filter { !$0.isEmpty }
    for substitute in try Substitutes.of(self, on: day, in: snapshot)
    where !found.contains(substitute.substituteSKU) {
      found.append(substitute.substituteSKU)
    }
    return found
  }
}

/// The days of a product as a caller wants them to be.
package struct LifecycleDraft: BatchRow {
  package var sku: String
  package var lifecycle: ProductLifecycle
  package var malformed: [any Rejection]

  package init(sku: String, lifecycle: ProductLifecycle, malformed: [any Rejection] = []) {
    self.sku = sku
    self.lifecycle = lifecycle
    self.malformed = malformed
  }

  package var code: String { sku }
  package static var codeField: String { "sku" }

  /// Successors that are followed until one is the product itself.
  private static let longestLine = 100

  func product(at path: FieldPath, in snapshot: Snapshot) throws -> Product {
    var check = FieldCheck(path, malformed: malformed)
    let product = try Products.find(sku: sku, in: snapshot)
    if product == nil {
      check.refuse(
        MasterDataRejection.unknownProduct(field: path.field("sku"), sku: String(sku.prefix(60)))
          .ifNamed(sku))
    }
    let days: [(Day?, Day?, String)] = [
      (lifecycle.announcedOn, lifecycle.orderableFrom, "orderable_from"),
      (
        lifecycle.orderableFrom ?? lifecycle.announcedOn, lifecycle.orderableUntil,
        "orderable_until"
      ),
      (
        lifecycle.orderableFrom ?? lifecycle.announcedOn, lifecycle.discontinuedOn,
        "discontinued_on"
      ),
      (
        lifecycle.orderableUntil ?? lifecycle.discontinuedOn ?? lifecycle.orderableFrom
          ?? lifecycle.announcedOn, lifecycle.servedUntil, "served_until"
      ),
    ]
    for case (let before?, let after?, let name) in days where after < before {
      check.refuse(
        MasterDataRejection.periodReversed(field: path.field(name), from: before, until: after))
    }
    try checkSuccessor(&check, in: snapshot)
    try check.pass()
    guard let product else { preconditionFailure("a row that passed its checks is complete") }
    return product
  }

  private func checkSuccessor(_ check: inout FieldCheck, in snapshot: Snapshot) throws {
    let field = check.path.field("successor_sku")
    var next = lifecycle.successorSKU
    for step in 0..<Self.longestLine where !next.isEmpty {
      if next == sku {
        return check.refuse(ProductRejection.succeedsItself(field: field, sku: sku))
      }
      guard let successor = try Products.find(sku: next, in: snapshot) else {
        if step == 0 {
          check.refuse(
            MasterDataRejection.unknownProduct(field: field, sku: String(next.prefix(60))))
        }
        return
      }
      next = successor.lifecycle?.successorSKU ?? ""
    }
  }
}

/// Sets the days of products' lives.
package struct UpsertLifecycles: Sendable {
  package let rows: [LifecycleDraft]

  package init(_ rows: [LifecycleDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "lifecycles", in: tx) { draft, path in
      let product = try draft.product(at: path, in: tx)
      let stored = product.lifecycle
      guard draft.lifecycle != stored ?? ProductLifecycle() else { return .unchanged }
      try ProductTable.set(draft.lifecycle, of: product, in: tx)
      return stored == nil ? .created : .updated
    }
  }
}
