import Inventory
package import MasterData
import Purchasing
package import Storage
package import Values

/// What goods cost us, as far as anybody knows today: on average on the shelves, else what the
/// supplier asks who is asked first, else what goes into them and the time that making them takes.
/// What is made for one customer costs what goes into it. In the base currency, rounded once for
/// each part; what was looked up is kept.
package struct CostReader {
  private let base: Currency
  private var known: [ID<Product>: Known] = [:]
  /// What is being asked about now: bills have no circles, but a damaged file may.
  private var asked: Set<ID<Product>> = []

  /// What one product is paid by.
  private enum Known {
    case shelf(value: Money, onHand: Quantity)
    case supplier(UnitPrice)
    case bill(BillOfMaterial)
    case nothing
  }

  package init(in currency: Currency) { base = currency }

  /// Of so many, made as the customer chose them where they are; nil where nobody knows.
  package mutating func cost(
    of product: Product, _ quantity: Quantity, _ configuration: Configuration? = nil,
    in snapshot: Snapshot
  ) throws -> Money? {
    if let configuration {
      let bill = try BillOfMaterial(configuration, of: product, in: snapshot)
      return try cost(of: bill, quantity, in: snapshot)
    }
    switch try known(product, in: snapshot) {
    case .shelf(let value, let onHand): return try value.allocated(quantity, of: onHand)
    case .supplier(let price): return try price.amount(for: quantity)
    case .bill(let bill): return try cost(of: bill, quantity, in: snapshot)
    case .nothing: return nil
    }
  }

  private mutating func known(_ product: Product, in snapshot: Snapshot) throws -> Known {
    if let known = known[product.id] { return known }
    let found: Known
    if let shelves = try Availability.shelves(of: [product.id], in: snapshot)[product.id],
      shelves.onHand.isPositive, shelves.value.currency == base
    {
      found = .shelf(value: shelves.value, onHand: shelves.onHand)
    } else if let price = try SupplierPrices.preferred(for: product, in: snapshot)?.unitPrice,
      price.currency == base
    {
      found = .supplier(price)
    } else if let bill = try BillTable.find(product.id, in: snapshot) {
      found = .bill(bill)
    } else {
      found = .nothing
    }
    known[product.id] = found
    return found
  }

  /// Nil where the cost of anything in it is not known.
  private mutating func cost(
    of bill: BillOfMaterial, _ quantity: Quantity, in snapshot: Snapshot
  ) throws -> Money? {
    let isBill = !bill.components.isEmpty || !bill.operations.isEmpty
    guard isBill, asked.insert(bill.product).inserted else { return nil }
    defer { asked.remove(bill.product) }
    var total = Money.zero(base)
    for component in bill.components {
      let product = try Products.fetch(component.product, in: snapshot)
      let need = try component.need(for: quantity, wholeUnits: product.countsInWholeUnits)
      guard let part = try cost(of: product, need, in: snapshot) else { return nil }
      total = try total + part
    }
    for operation in bill.operations {
      guard let centre = try WorkCentreTable.find(operation.workCentreCode, in: snapshot),
        centre.hourlyRate.currency == base
      else { return nil }
      let minutes = try operation.minutes(for: quantity)
      total = try total + centre.hourlyRate.allocated(minutes, of: Quantity(micros: 60_000_000))
    }
    return total
  }
}
